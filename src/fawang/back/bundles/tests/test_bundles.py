"""Every bundle of the release, filed with its worked examples: as many orders as were chosen, each of its own service."""

from datetime import datetime, time

from fawang.base.catalogue import loader
from fawang.base.identity.tests import factories as identities
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import NOON, build, filing
from fawang.kernel import clock
from fawang.kernel.policy import system

SYSTEM = system("test")


def test_every_bundle_comes_apart_into_what_was_chosen(db, tmp_path, settings):
    settings.FAWANG_IS_DEMONSTRATION = True
    definitions = loader.read()
    bundles = [item for item in definitions.items.values() if item.is_bundle]
    assert len(bundles) + len(definitions.left_out) == 8
    with clock.at(NOON):
        world = build(tmp_path)
    party = {"PERSON": world.citizen.party_id, "ORG": identities.make_org()}
    for bundle in bundles:
        for example in bundle.examples:
            if example.expect.refused is not None:
                continue
            wanted = filing(
                world.clerk, service=bundle.code, answers=dict(example.answers), channel="21", is_registered=True,
                applicant_id=party[example.applicant], applicant_kind=example.applicant,
            )  # fmt: skip
            with clock.at(datetime.combine(example.on, time(12), tzinfo=clock.SHANGHAI)):
                outcome = services.file(actor=world.clerk, filing=wanted)
            assert outcome.state == "SPLIT", bundle.code
            made = [orders.get(SYSTEM, number) for number in outcome.extra["parts"]]
            assert len(made) == len(example.answers["wants"]), bundle.code
            assert len({order.service_code for order in made}) == len(made)
            assert {order.applicant_id for order in made} == {party[example.applicant]}
    assert not Order.objects.filter(state="NEW").exists()


def test_each_thing_that_can_be_wanted_is_a_part():
    """No choice leads to nothing, and no part can be reached by no choice."""
    for item in loader.read().items.values():
        if item.is_bundle:
            values = [option.value for option in item.question("wants").options]
            assert [part.when for part in item.parts] and len(values) == len(item.parts), item.code
            assert {f'"{value}" in wants' for value in values} == {part.when for part in item.parts}, item.code
