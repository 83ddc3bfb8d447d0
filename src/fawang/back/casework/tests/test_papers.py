"""Papers to print: what they say, who made them, who may read them; and an order whose line was taken out."""

from datetime import timedelta

import pytest

from fawang.back.casework import papers, selectors, services
from fawang.back.casework.errors import NoSuchPaper
from fawang.back.casework.values import Paper, Words
from fawang.base.catalogue import rules
from fawang.base.catalogue.errors import LineGone
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services as people
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as work
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.models import Clock
from fawang.base.workorders.tests.factories import QUESTION, SYSTEM, do, drive, file, filing
from fawang.kernel import clock
from fawang.kernel.outbox.models import Effect
from fawang.kernel.outbox.services import drain


def offered(actor, number):
    return selectors.of_order(orders.get(actor, number), orders.timeline(actor, number))


def opinion(world):
    number = file(world, service="CONSULT_MESSAGE", answers=QUESTION)
    do(SYSTEM, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("firm"))
    do(world.lawyer, number, "sign")
    do(world.lawyer, number, "take")
    do(world.lawyer, number, "accept")
    do(world.lawyer, number, "note_contact", reached=True, text="核对")
    do(world.lawyer, number, "give_opinion", facts="欠薪三个月", text="可以申请仲裁", articles="《劳动合同法》第八十二条",
       path="arbitration", evidence="工资条", limitation="一年")  # fmt: skip
    return number


def test_the_opinion_sheet_has_everything_and_the_lawyers_name_and_licence(world):
    number = opinion(world)
    [paper] = offered(world.citizen, number)
    assert paper.title.zh == "法律咨询意见书"
    sheet = selectors.sheet(world.citizen, number, paper.sequence)
    [row] = [r for r in organisations.handlers(world.firm) if r.account_id == world.lawyer.account_id]
    licence = organisations.practitioners([row.id])[row.id].licence_no
    assert (sheet.by, sheet.licence_no, sheet.kind) == (row.name, licence, "专职律师")
    assert len(licence) == 17
    assert (sheet.unit, sheet.number, sheet.story) == ("示例律所", number, QUESTION["story"])
    assert [q.id for q, _ in sheet.rows] == ["facts", "text", "articles", "path", "evidence", "limitation"]
    said = " ".join(note.zh for note in sheet.notes)
    assert all(words in said for words in ("供您参考", "施行的文本为准", "时效", "法律援助", "不收费", "保密"))
    assert all(note.en for note in sheet.notes)


def test_a_lawyer_who_left_since_still_stands_on_the_sheet(world):
    number = opinion(world)
    [paper] = offered(world.citizen, number)
    before = selectors.sheet(world.citizen, number, paper.sequence)
    [row] = [r for r in organisations.handlers(world.firm) if r.account_id == world.lawyer.account_id]
    clock.advance(timedelta(days=30))
    people.record_leave(SYSTEM, practitioner_id=row.id, begin=clock.today(), end=clock.today())
    assert selectors.sheet(world.citizen, number, paper.sequence) == before


def test_the_agreement_is_a_paper_to_sign_and_the_oral_one_a_register(world):
    number = drive(world, file(world), "session")
    terms = {
        "party_a": "王示例",
        "party_b": "李示例",
        "facts": "漏水",
        "text": "修好",
        "perform_by": "2026-10-20",
        "signed_on": "2026-09-28",
    }
    do(world.mediator, number, "reach_agreement", form="written", **terms)
    [paper] = offered(world.citizen, number)
    sheet = selectors.sheet(world.citizen, number, paper.sequence)
    assert sheet.title.zh == "人民调解协议书"
    assert [sign.zh[:4] for sign in sheet.signs] == ["甲方（签", "乙方（签", "其他当事", "人民调解", "人民调解"]
    assert "三十日" in " ".join(note.zh for note in sheet.notes)
    oral = drive(world, file(world), "session")
    do(world.mediator, oral, "reach_agreement", form="oral", **terms)
    assert [p.title.zh for p in offered(world.citizen, oral)] == ["人民调解口头协议登记表"]


def test_only_who_sees_the_order_reads_its_papers_and_other_steps_have_none(world):
    number = opinion(world)
    [paper] = offered(world.citizen, number)
    for stranger in (world.other_citizen, world.mediator, world.far_clerk):
        with pytest.raises(NoSuchOrder):
            selectors.sheet(stranger, number, paper.sequence)
    assert selectors.sheet(world.supervisor, number, paper.sequence).number == number
    for sequence in (1, paper.sequence - 1, 999_999, 0):
        with pytest.raises(NoSuchPaper):
            selectors.sheet(world.citizen, number, sequence)


def test_two_papers_for_the_same_answers_are_an_error_at_start_up(monkeypatch):
    monkeypatch.setattr(papers, "_papers", list(papers._papers))
    twin = Paper(line="consultation", action="give_opinion", title=Words("另一份", "Another"))
    with pytest.raises(ValueError, match="two papers"):
        services.offer_paper(twin)
    offered_before = list(papers._papers)
    for paper in offered_before:
        services.offer_paper(paper)  # the same once more is nothing new
    assert papers._papers == offered_before


# --- a line that was taken out -----------------------------------------------------------------------------------
@pytest.fixture
def without_mediation(world, monkeypatch):
    """The rules, days and papers of mediation are not there any more, as after deleting its folder."""

    def take_out():
        gone = {name: rule for name, rule in rules._guards.items() if not name.startswith("mediation.")}
        monkeypatch.setattr(rules, "_guards", gone)
        monkeypatch.setattr(papers, "_papers", [p for p in papers._papers if p.line != "mediation"])

    return take_out


def test_an_order_whose_line_is_gone_is_readable_and_says_why_it_cannot_be_moved(world, without_mediation):
    number = drive(world, file(world), "agreed")
    before = orders.timeline(world.citizen, number)
    without_mediation()
    for actor in (world.citizen, world.mediator, world.dispatcher):
        view = orders.get(actor, number)
        assert (view.state, view.answers["story"], view.is_frozen) == ("HANDLING", "楼上漏水三个月没人管", True)
        assert "不再" in view.people_zh or "已不在" in view.people_zh
        assert "no longer" in view.people_en
        assert orders.actions(actor, number) == []
        assert orders.clocks(actor, number)
        assert number in {
            row.number
            for row in (*orders.mine(actor).rows, *orders.queue(actor, name="area").rows, *orders.queue(actor).rows)
        }
    assert [step.data for step in orders.timeline(world.citizen, number)] == [step.data for step in before]
    assert offered(world.citizen, number) == []
    for actor, action in ((world.mediator, "note"), (world.citizen, "withdraw"), (world.supervisor, "supervise")):
        with pytest.raises(LineGone) as refusal:
            do(actor, number, action, text="x", level="1")
        assert "12348" in refusal.value.text
    with pytest.raises(NoSuchOrder):  # a stranger learns nothing
        do(world.other_citizen, number, "withdraw")


def test_nothing_new_begins_in_a_line_that_is_gone(world, without_mediation):
    number = file(world, service="CONSULT_MESSAGE", answers=QUESTION)
    do(SYSTEM, number, "queue")
    draft = work.start_draft(actor=world.citizen, filing=filing(world.citizen)).draft
    without_mediation()
    for attempt in (
        lambda: file(world), lambda: work.start_draft(actor=world.citizen, filing=filing(world.citizen)),
        lambda: work.submit_draft(actor=world.citizen, draft=draft),
        lambda: do(world.dispatcher, number, "reclassify", service_code="MEDIATION_PEOPLE", reason="调解"),
        lambda: do(world.dispatcher, number, "split", parts="CONSULT_MESSAGE\nMEDIATION_PEOPLE", reason="两件"),
    ):  # fmt: skip
        with pytest.raises(LineGone):
            attempt()
    assert orders.get(world.citizen, draft).answers["story"]
    assert orders.get(world.dispatcher, number).state == "TO_DISPATCH"


def test_background_work_leaves_them_alone_and_goes_on_with_the_rest(world, without_mediation):
    from fawang.base.calendar import services as calendar

    frozen, alive = drive(world, file(world), "HANDLING"), file(world, service="CONSULT_MESSAGE", answers=QUESTION)
    waiting, told = drive(world, file(world), "TO_DISPATCH"), drive(world, file(world), "DONE")
    without_mediation()
    calendar.set_day(SYSTEM, (clock.now() + timedelta(days=1)).date(), False, "临时放假", "省政府通知")
    for _ in range(3):
        drain()
        clock.advance(timedelta(seconds=6))
    moved = Clock.objects.get(order__number=alive, limit_id="CO-05")
    assert moved.entries.filter(kind="RECALCULATE").exists()
    clock.advance(timedelta(days=40))
    for _ in range(3):
        drain()
    from fawang.base.workorders import tasks

    tasks.archive()
    tasks.lapse_offers()
    assert work.place_now(order_id=orders.get(SYSTEM, waiting).id, plan=lambda order: [("dispatch", {})]) is None
    assert not Effect.objects.filter(done_at__isnull=True, attempts__gt=0).exists()
    assert {n: orders.get(SYSTEM, n).state for n in (frozen, waiting, told)} == {
        frozen: "HANDLING", waiting: "TO_DISPATCH", told: "DONE",
    }  # fmt: skip
