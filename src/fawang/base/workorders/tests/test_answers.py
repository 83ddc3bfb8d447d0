"""What becomes of answers: forms that change under a draft, corrections, where answers came from."""

import pytest

from fawang.base.catalogue import forms
from fawang.base.documents import services as documents
from fawang.base.documents.tests.factories import upload
from fawang.base.workorders import selectors, services
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests import factories
from fawang.base.workorders.tests import forms as changing
from fawang.base.workorders.values import Filing
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.events.models import Body


@pytest.fixture
def folder(world, tmp_path):
    """The service in its first version, and where its files lie."""
    changing.publish(tmp_path / "own", 1, changing.FIRST)
    return tmp_path / "own"


def test_a_draft_stays_with_its_version_and_can_still_be_sent(world, folder):
    draft = changing.begin(world.citizen)
    changing.publish(folder, 2, changing.SECOND)
    assert services.bring_forward(actor=world.citizen, draft=draft) is None
    services.perform(actor=world.citizen, order=draft, action="fill", data={"answers": {"colour": "蓝"}})
    number = services.submit_draft(actor=world.citizen, draft=draft).number
    view = selectors.get(world.citizen, number)
    assert (view.item_version, view.answers["colour"], view.answers["size"]) == (1, "蓝", "很大")


def test_a_draft_moves_when_publishing_says_so_and_nothing_it_held_is_lost(world, folder):
    draft = changing.begin(world.citizen)
    changing.publish(folder, 2, changing.SECOND, drafts="move")
    outcome = services.bring_forward(actor=world.citizen, draft=draft)
    assert outcome.state == "DRAFT"
    assert services.bring_forward(actor=world.citizen, draft=draft) is None
    view = selectors.get(world.citizen, draft)
    assert view.item_version == 2
    assert view.answers == {"story": "漏水", "phone": "13900001234", "area": "510107"}
    aside = {one.question.id: one for one in selectors.set_aside(world.citizen, draft)}
    assert {name: (one.value, one.is_asked) for name, one in aside.items()} == {
        "size": ("很大", True), "colour": ("红", False),
    }  # fmt: skip
    assert aside["size"].question.zh == "多大"
    services.perform(actor=world.citizen, order=draft, action="fill", data={"answers": {"size": "80"}})
    assert [one.question.id for one in selectors.set_aside(world.citizen, draft)] == ["colour"]
    with pytest.raises(Invalid) as missing:
        services.submit_draft(actor=world.citizen, draft=draft)
    assert set(missing.value.fields) == {"since"}
    services.perform(actor=world.citizen, order=draft, action="fill", data={"answers": {"since": "2026-01-05"}})
    number = services.submit_draft(actor=world.citizen, draft=draft).number
    assert selectors.get(world.citizen, number).answers["size"] == 80


def test_the_newest_version_that_takes_drafts_gets_them_also_from_two_versions_ago(world, folder):
    draft = changing.begin(world.citizen)
    changing.publish(folder, 2, changing.SECOND)
    changing.publish(folder, 3, changing.SECOND, drafts="move")
    changing.publish(folder, 4, changing.FIRST)
    services.bring_forward(actor=world.citizen, draft=draft)
    assert selectors.get(world.citizen, draft).item_version == 3


def test_a_sealed_answer_stays_sealed_when_it_is_set_aside_and_another_person_moves_nothing(world, folder):
    draft = changing.begin(world.citizen)
    changing.publish(folder, 2, changing.SECOND.replace("type: phone", "type: email"), drafts="move")
    with pytest.raises(NoSuchOrder):
        services.bring_forward(actor=world.other_citizen, draft=draft)
    services.bring_forward(actor=world.citizen, draft=draft)
    aside = {one.question.id: one.value for one in selectors.set_aside(world.citizen, draft)}
    assert aside["phone"] == "13900001234"
    assert not Body.objects.filter(data__contains="13900001234").exists()


def test_a_filed_order_is_left_where_it_was(world, folder):
    draft = changing.begin(world.citizen)
    services.submit_draft(actor=world.citizen, draft=draft)
    changing.publish(folder, 2, changing.SECOND, drafts="move")
    assert services.bring_forward(actor=world.citizen, draft=draft) is None
    assert selectors.get(world.citizen, draft).item_version == 1


def test_a_correction_keeps_what_was_who_and_why_and_changes_only_that(world):
    number = factories.file(world)
    before = selectors.get(world.citizen, number).answers
    data = {"answers": {"story": "楼上漏水四个月", "other_phone": "13900005678"}, "reason": "写错了"}
    services.perform(actor=world.citizen, order=number, action="amend", data=data)
    after = selectors.get(world.citizen, number)
    assert after.answers == {**before, **data["answers"]}
    assert after.description == "楼上漏水四个月"
    rows = selectors.changes(world.citizen, number)
    assert [(r.name, r.before, r.after, r.reason, r.is_applicant) for r in rows] == [
        ("story", before["story"], "楼上漏水四个月", "写错了", True),
        ("other_phone", "13900001234", "13900005678", "写错了", True),
    ]
    assert rows[0].question.id == "story"
    assert not Body.objects.filter(data__contains="13900005678").exists()
    with pytest.raises(NoSuchOrder):
        selectors.changes(world.other_citizen, number)


def test_a_correction_is_refused_where_it_must_be(world):
    number = factories.file(world)

    def amend(actor, **answers):
        services.perform(actor=actor, order=number, action="amend", data={"answers": answers})

    for answers, names in (
        ({"area": "510104"}, {"area"}), ({"story": ""}, {"story"}), ({"no_such": "x"}, {"no_such"}),
        ({"amount": "viel"}, {"amount"}), ({"claim": factories.ANSWERS["claim"]}, {"claim"}), ({}, {"answers"}),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            amend(world.citizen, **answers)
        assert set(refused.value.fields) == names, answers
    factories.drive(world, number, "HANDLING")
    with pytest.raises(RefusedByRule):
        amend(world.citizen, claim="只要修好")
    assert selectors.changes(world.citizen, number) == []
    factories.do(world.mediator, number, "request_supplement", items="请写清楚")
    amend(world.citizen, claim="只要修好")
    assert selectors.get(world.citizen, number).answers["claim"] == "只要修好"


def test_what_reclassifying_takes_away_is_in_the_log(world):
    number = factories.file(world)
    factories.do(world.dispatcher, number, "reclassify", service_code="CONSULT_MESSAGE", reason="只是咨询")
    rows = {row.name: row for row in selectors.changes(world.dispatcher, number)}
    assert rows["claim"].before == "修好并赔偿"
    assert rows["claim"].after is None
    assert rows["claim"].question.id == "claim"
    assert not rows["claim"].is_applicant


def _draft(world):
    filing = Filing("MEDIATION_PEOPLE", {}, "", "01", world.citizen.party_id, applicant_level=world.citizen.level)
    return services.start_draft(actor=world.citizen, filing=filing).draft


def test_an_answer_taken_over_from_an_earlier_order_says_from_which(world):
    first = factories.file(world)
    draft = _draft(world)
    data = {"answers": {**factories.ANSWERS}, "reused": ["applicant_name", "no_such"]}
    services.perform(actor=world.citizen, order=draft, action="fill", data=data)
    number = services.submit_draft(actor=world.citizen, draft=draft).number
    rows = selectors.changes(world.citizen, number)
    assert [(row.name, row.after, row.source_number) for row in rows] == [("applicant_name", "王示例", first)]


def test_a_source_that_does_not_fit_is_not_believed_and_a_paper_is_named(world):
    factories.file(world)
    draft = _draft(world)
    fill = {"answers": {**factories.ANSWERS, "applicant_name": "别的名字"}, "reused": ["applicant_name"]}
    services.perform(actor=world.citizen, order=draft, action="fill", data=fill)
    paper = documents.store(world.citizen, upload("身份证.jpg"), draft)
    read = {"answers": {"applicant_name": "王示例"}, "read_from": paper.token}
    services.perform(actor=world.citizen, order=draft, action="fill", data=read)
    read = {"answers": {"claim": "修好"}, "read_from": "z" * 22}
    services.perform(actor=world.citizen, order=draft, action="fill", data=read)
    number = services.submit_draft(actor=world.citizen, draft=draft).number
    rows = selectors.changes(world.citizen, number)
    assert [(row.name, row.source_number, row.source_file) for row in rows] == [("applicant_name", "", "身份证.jpg")]


def test_a_file_of_somebody_else_is_no_answer(world):
    theirs = documents.store(world.other_citizen, upload("别人.jpg")).token
    draft = _draft(world)
    for token in (theirs, "z" * 22):
        with pytest.raises(Invalid) as refused:
            services.perform(actor=world.citizen, order=draft, action="fill", data={"answers": {"file": token}})
        assert set(refused.value.fields) == {"file"}
        with pytest.raises(Invalid):
            factories.file(world, answers={**factories.ANSWERS, "file": token})
    number = factories.drive(world, factories.file(world), "HANDLING")
    factories.do(world.mediator, number, "request_supplement", items="请补")
    with pytest.raises(Invalid) as refused:
        factories.do(world.citizen, number, "reply_supplement", reply="给", file=theirs)
    assert set(refused.value.fields) == {"file"}
    assert forms.opened(Order.objects.get(number=number).answers).get("file") is None
