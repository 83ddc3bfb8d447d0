"""For each role the same set of orders comes from one order, lists, queues, search, counts, links and the timeline."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fawang.base.workorders import reach, seeing, selectors, services
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.models import Link, Order, Participant
from fawang.base.workorders.tests import factories
from fawang.base.workorders.tests.factories import do, drive, file, filing
from fawang.kernel import clock, policy
from fawang.kernel.errors import Invalid
from fawang.kernel.policy import Actor, system

QUEUES = (
    "mine",
    "unit",
    "area",
    "dispatch",
    "desk",
    "offered",
    "callback",
    "late",
    "soon",
    "urged",
    "supervised",
    "rated",
)
ROLES = (
    "CITIZEN", "PROXY", "RECEPTIONIST", "DUTY_LAWYER", "DISPATCHER", "INSTITUTION_ADMIN", "HANDLER", "REVIEWER", "APPROVER",
    "SUPERVISOR", "CALLBACK_AGENT", "JUSTICE_ADMIN_COUNTY", "AUDIT_ADMIN", "PARTNER_POLICE",
)  # fmt: skip
STATES = (
    "DRAFT",
    "SUBMITTED",
    "TO_DISPATCH",
    "DISPATCHED",
    "SIGNED",
    "HANDLING",
    "CALLBACK",
    "DONE",
    "CLOSED",
    "WITHDRAWN",
)
AREAS = {"510107": ("510000", "510100", "510107"), "510117": ("510000", "510100", "510117")}
UNITS = ("committee", "city_committee", "firm", "centre")

orders = st.fixed_dictionaries(
    {
        "state": st.sampled_from(STATES), "area": st.sampled_from(sorted(AREAS)), "secrecy": st.sampled_from(["NORMAL", "RESTRICTED"]),
        "unit": st.sampled_from([None, *UNITS]), "handler": st.integers(0, 3), "offered": st.sampled_from([None, *UNITS]),
        "stands": st.booleans(), "desk": st.sampled_from([None, *UNITS]), "registrar": st.integers(0, 3),
        "registrar_unit": st.sampled_from([None, *UNITS]), "applicant": st.integers(0, 2), "proposed": st.integers(0, 3),
        "part": st.sampled_from([None, "CO_UNIT", "CO_UNIT_DONE", "AGENT", "FOLLOWER", "OPPOSITE"]),
        "level": st.integers(0, 2), "grade": st.sampled_from([None, 1, 5]), "urged": st.booleans(),
    }
)  # fmt: skip
actors = st.fixed_dictionaries(
    {
        "roles": st.frozensets(st.sampled_from(ROLES), min_size=1, max_size=2), "account": st.integers(0, 3),
        "unit": st.sampled_from([None, *UNITS]), "area": st.sampled_from(["", "51", "5101", "510107", "510117", "52"]),
        "party": st.integers(0, 2),
    }
)  # fmt: skip


def make_order(world, template, parties, accounts, row):
    """A row of the world, written straight (tests only)."""
    province, city, county = AREAS[row["area"]]
    order = Order(
        draft_token=f"{'x' * 12}{Order.objects.count():05d}".replace("0", "a"), service_code="MEDIATION_PEOPLE",
        line="mediation", item_version_id=template.item_version_id, channel="01", demand_type="MEDIATE", title="t",
        area=row["area"], province=province, city=city, county=county, state=row["state"], secrecy=row["secrecy"],
        is_open=row["state"] not in {"CLOSED", "WITHDRAWN"}, created_at=clock.now(), version=1,
        unit_id=world.units.get(row["unit"]), handler_id=accounts[row["handler"]] if row["handler"] else None,
        offered_unit_id=world.units.get(row["offered"]), desk_unit_id=world.units.get(row["desk"]),
        offered_until=clock.now() + timedelta(hours=1 if row["stands"] else -1),
        registrar=f"account:{accounts[row['registrar']]}" if row["registrar"] else "",
        registrar_unit_id=world.units.get(row["registrar_unit"]), supervision_level=row["level"], grade=row["grade"],
        urge_is_open=row["urged"], applicant_id=parties[row["applicant"]],
        proposed_by=f"account:{accounts[row['proposed']]}" if row["proposed"] else "",
    )  # fmt: skip
    order.save()
    order.number = f"PLS2026092851010701{order.pk % 1_000_000:06d}0" if row["state"] != "DRAFT" else None
    order.save()
    if row["part"]:
        is_unit = row["part"].startswith("CO_UNIT")
        Participant.objects.create(
            order=order, part=row["part"].removesuffix("_DONE"), has_answered=row["part"].endswith("DONE"),
            unit_id=world.units["firm"] if is_unit else None, party_id=None if is_unit else parties[0], since=clock.now(),
        )  # fmt: skip
    return order


def make_actor(world, parties, accounts, row):
    """An actor with any mixture of roles."""
    party = parties[row["party"] - 1] if row["party"] else None
    account = accounts[row["account"]] if row["account"] else None
    return Actor(
        ref=f"account:{account}" if account else "visitor", roles=row["roles"], account_id=account, party_id=party,
        unit_id=world.units.get(row["unit"]), area=row["area"],
    )  # fmt: skip


def found_one_by_one(actor):
    """What `get` opens, of all there is."""
    opened = set()
    for order in Order.objects.all():
        reference = order.number or order.draft_token
        try:
            view = selectors.get(actor, reference)
        except NoSuchOrder:
            with pytest.raises(NoSuchOrder):
                selectors.timeline(actor, reference)
            with pytest.raises(NoSuchOrder):
                selectors.actions(actor, reference)
        else:
            assert view.relations
            opened.add(order.pk)
    return opened


def keys(page):
    return {int(row.key) for row in page.rows}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(orders, min_size=4, max_size=9), people=st.lists(actors, min_size=2, max_size=4))
def test_in_every_world_one_order_and_all_lists_agree(world, rows, people):
    parties = [world.citizen.party_id, world.other_citizen.party_id]
    accounts = [None, world.mediator.account_id, world.reviewer.account_id, world.clerk.account_id]
    Participant.objects.all().delete()
    Link.objects.all().delete()
    Order.objects.all().delete()
    template = SimpleNamespace(item_version_id=factories.catalogue_version())
    made = [make_order(world, template, [*parties, None], accounts, row) for row in rows]
    for other in made[1:]:
        Link.objects.create(order=made[0], other=other, kind="RELATED", at=clock.now())
    for row in people:
        actor = make_actor(world, parties, accounts, row)
        seen = found_one_by_one(actor)
        assert set(selectors.visible(actor).values_list("pk", flat=True)) == seen
        for name in QUEUES:
            page = selectors.queue(actor, name=name)
            assert keys(page) <= seen, (name, actor)
            assert page.count == len(page.rows)
            assert sum(n for _, n in selectors.tally(actor, name=name, by="state")) == page.count
            assert not {r.state for r in page.rows} & {"DRAFT"}
        assert keys(selectors.mine(actor)) <= seen
        for party in parties:
            theirs = {o.pk for o in made if o.applicant_id == party}
            assert keys(selectors.of_party(actor, party)) == seen & theirs
        if made[0].pk in seen:
            linked = {number for _, number in selectors.links(actor, made[0].number or made[0].draft_token)}
            assert linked == {o.number for o in made[1:] if o.pk in seen and o.number}
        for order in made:
            if order.number:
                assert seeing.sees_order(actor, order.number) == (order.pk in seen)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(orders, min_size=5, max_size=9),
    role=st.sampled_from(["DISPATCHER", "SUPERVISOR", "JUSTICE_ADMIN_COUNTY"]),
)
def test_those_who_answer_for_an_area_have_all_of_it_in_their_queue(world, rows, role):
    Participant.objects.all().delete()
    Order.objects.all().delete()
    template = SimpleNamespace(item_version_id=factories.catalogue_version())
    accounts = [None, world.mediator.account_id, world.reviewer.account_id, world.clerk.account_id]
    made = [make_order(world, template, [world.citizen.party_id, None, None], accounts, row) for row in rows]
    actor = Actor(
        ref="account:99", roles=frozenset({role}), account_id=99, unit_id=world.units["province"], area="510107"
    )
    wanted = {o.pk for o in made if o.area == "510107" and o.is_open and o.state != "DRAFT"}
    assert keys(selectors.queue(actor, name="area")) == wanted


def test_a_draft_is_its_writers_alone(world):
    draft = services.start_draft(
        actor=world.citizen, filing=filing(world.citizen, answers={"area": "510107", "story": "秘密"})
    )
    assert selectors.get(world.citizen, draft.draft).answers["story"] == "秘密"
    for person in (world.clerk, world.dispatcher, world.supervisor, world.justice, world.other_citizen):
        with pytest.raises(NoSuchOrder):
            selectors.get(person, draft.draft)
        with pytest.raises(NoSuchOrder):
            do(person, draft.draft, "cancel")
        assert not selectors.visible(person).exists()
        assert selectors.of_party(person, world.citizen.party_id).rows == ()


def test_who_may_not_read_a_restricted_order_may_not_act_on_it_either(world):
    number = file(world, sensitive_flags=("VIOLENCE",))
    for action in ("note", "withdraw", "urge", "queue"):
        with pytest.raises(NoSuchOrder):
            do(world.clerk, number, action, text="x")
    drive(world, number, "SIGNED")
    with pytest.raises(NoSuchOrder):
        do(world.second_mediator, number, "take")
    do(world.liaison, number, "assign", handler=world.handler_token())
    assert selectors.get(world.mediator, number).secrecy == "RESTRICTED"
    assert selectors.queue(world.second_mediator, name="unit").rows == ()


def test_an_offer_that_lapsed_or_an_order_that_moved_on_is_nobodys_to_see(world):
    number = drive(world, file(world), "TO_DISPATCH")
    do(world.dispatcher, number, "offer", unit=world.token("city_committee"), minutes=30)
    assert keys(selectors.queue(world.city_liaison, name="offered"))
    assert not selectors.visible(world.city_mediator).exists()
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert not selectors.visible(world.city_liaison).exists()
        assert selectors.queue(world.city_liaison, name="offered").rows == ()
    do(world.citizen, number, "withdraw")
    assert not selectors.visible(world.city_liaison).exists()


def test_linking_and_merging_tell_nothing_about_orders_out_of_sight(world):
    mine = drive(world, file(world), "ASSIGNED")
    elsewhere = file(world, actor=world.other_citizen, answers={**factories.ANSWERS, "area": "510117"})
    with pytest.raises(Invalid) as hidden:
        do(world.mediator, mine, "link", other=elsewhere, kind="RELATED")
    with pytest.raises(Invalid) as absent:
        do(world.mediator, mine, "link", other="PLS20260101510107019999990", kind="RELATED")
    assert hidden.value.fields == absent.value.fields
    far = file(world, answers={**factories.ANSWERS, "area": "510117"})
    near = file(world)
    here = Actor(
        ref="account:77", roles=frozenset({"DISPATCHER"}), account_id=77, unit_id=world.units["centre"], area="510107"
    )
    with pytest.raises(Invalid) as refusal:
        do(here, near, "merge", into=far, reason="同一事")
    assert set(refusal.value.fields) == {"into"}


def test_a_person_cannot_file_in_anothers_name_by_saying_it_was_registered(world):
    for changes in ({"applicant_id": world.citizen.party_id}, {"applicant_id": None}):
        wanted = filing(world.other_citizen, is_registered=True, **changes)
        with pytest.raises(NoSuchOrder):
            services.file(actor=world.other_citizen, filing=wanted)
        with pytest.raises(NoSuchOrder):
            services.start_draft(actor=world.other_citizen, filing=wanted)


def test_the_agent_follows_every_part_of_a_split_order(world):
    number = services.file(
        actor=world.citizen, filing=filing(world.citizen, on_behalf_by=world.other_citizen.party_id)
    ).number
    drive(world, number, "TO_DISPATCH")
    parts = do(world.dispatcher, number, "split", parts="MEDIATION_PEOPLE\nCONSULT_MESSAGE", reason="两件事").extra[
        "parts"
    ]
    for part in parts:
        assert "applicant" in selectors.get(world.other_citizen, part).relations


@pytest.mark.parametrize("reference", ["PLS\0", "PLS1", "a\0b", "x" * 500, "", "\ud800", "PLS２０２６", "'; --", "%"])
def test_a_reference_that_can_be_no_order_finds_none_on_any_database(world, reference):
    for call in (
        lambda: selectors.get(world.dispatcher, reference),
        lambda: services.perform(actor=world.dispatcher, order=reference, action="note"),
        lambda: selectors.by_code(reference, "AAAAAAAA", "1234"),
    ):
        with pytest.raises(NoSuchOrder):
            call()
    assert not seeing.sees_order(world.dispatcher, reference)


def test_every_role_of_the_table_is_known_to_reach_and_relations():
    granted = {row.role for row in policy.table() if row.permission in {"workorders.work", "workorders.see_own"}}
    assert granted - {"SYSTEM"} <= {*ROLES, "ORG_USER", "ORG_AGENT", *reach.policy.JUSTICE, *reach.policy.PARTNERS}
    assert selectors.visible(system("x")).query.where.children == []
