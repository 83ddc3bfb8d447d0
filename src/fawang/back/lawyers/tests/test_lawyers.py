"""Engaging a lawyer from the request to the result, and a defence lawyer's meeting that nobody records."""

from datetime import datetime, timedelta

import pytest

from fawang.base.catalogue import loader
from fawang.base.catalogue import selectors as catalogue
from fawang.base.notifications.models import Message
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import MustBeOneself, NotYours, WrongState
from fawang.base.workorders.models import Clock
from fawang.base.workorders.tests.factories import SYSTEM, do, file
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.outbox.services import drain

SUIT = {
    "kind": "civil", "side": "claimant", "domain": "D05", "story": "货款一直拖着不付",
    "opponents": [{"name": "示例贸易公司", "part": "opponent"}], "amount": "120000", "area": "510107",
}  # fmt: skip
MEETING = {
    "lawyer_licence": "15101201510000001", "firm_name": "示例律师事务所", "role": "aid", "client_name": "金示例",
    "detention_house": "示例看守所", "stage": "investigation", "wanted_at": "2026-09-29T10:00", "area": "510107",
}  # fmt: skip
CLEAR = {"internal_conflict": "none", "text": "明天上午带合同来谈"}
CONTRACT = {
    "contract_no": "示例民代1号", "signed_on": "2026-09-28", "text": "一审代理，一般授权", "fee_way": "fixed", "fee": "8000",
    "lawyer": "孙示例", "licence_no": "15101201510000001",
}  # fmt: skip


def at(month, day, hour=10):
    return datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI)


def state(number):
    view = selectors.get(SYSTEM, number)
    return view.state, view.inner


def clock_of(number, limit):
    return Clock.objects.filter(order__number=number, limit_id=limit).latest("id")


def told(number):
    drain()
    return set(Message.objects.filter(order_ref=number).values_list("template", flat=True))


def accepted(bar, unit="law_firm", service="LAWYER_REPRESENTATION", answers=SUIT, **more):
    number = file(bar, service=service, answers=answers, **more)
    do(SYSTEM, number, "queue")
    do(bar.dispatcher, number, "dispatch", unit=bar.token(unit))
    do(bar.people[f"{unit}_head"], number, "sign")
    do(bar.people[f"{unit}_head"], number, "assign", handler=bar.handler_token(unit, f"{unit}_desk"))
    do(bar.people[f"{unit}_desk"], number, "accept")
    return number


def test_a_mandate_from_the_conflict_check_to_the_result(bar):
    number = accepted(bar)
    for action, data in (("record_contract", CONTRACT), ("report_work", {"text": "x"})):
        with pytest.raises(WrongState):
            do(bar.law_firm_desk, number, action, **data)
    do(bar.law_firm_desk, number, "clear_conflict", **CLEAR)
    do(bar.law_firm_desk, number, "record_contract", **CONTRACT)
    do(bar.law_firm_desk, number, "report_work", text="已立案", next_on="2026-11-20")
    do(bar.law_firm_desk, number, "note_contact", reached=True, text="电话")
    with pytest.raises(WrongState):
        do(bar.law_firm_desk, number, "complete", result="GRANTED", text="还没办完")
    do(bar.law_firm_desk, number, "finish_work", finished_on="2026-09-28", text="对方付清，撤诉")
    do(bar.law_firm_desk, number, "complete", result="AGREED", text="对方付清货款")
    do(bar.law_firm_second, number, "approve")
    assert state(number) == ("DONE", "FINISHED")
    steps = {step.action: step.data for step in selectors.timeline(bar.citizen, number)}
    assert (steps["record_contract"]["fee"], steps["record_contract"]["fee_way"]) == (800_000, "fixed")
    assert "internal_conflict" not in steps["clear_conflict"]
    assert {"progress_reported", "result_delivered"} <= told(number)


def test_no_firm_serves_both_sides(bar):
    number = accepted(bar)
    with pytest.raises(RefusedByRule):
        do(bar.law_firm_desk, number, "clear_conflict", **{**CLEAR, "internal_conflict": "found"})
    do(bar.law_firm_desk, number, "decline_mandate", ground="conflict", text="可以找别的律所，或者申请法律援助")
    do(bar.law_firm_desk, number, "note_contact", reached=True, text="电话")
    do(bar.law_firm_desk, number, "complete", result="REFERRED", text="已说明可以找别的律所")


@pytest.mark.parametrize(("changes", "field"), [({"fee": ""}, "fee"), ({"fee_way": "free"}, "fee")])
def test_a_contract_names_the_fee_it_sets(bar, changes, field):
    number = accepted(bar)
    do(bar.law_firm_desk, number, "clear_conflict", **CLEAR)
    with pytest.raises(Invalid) as wrong:
        do(bar.law_firm_desk, number, "record_contract", **{**CONTRACT, **changes})
    assert set(wrong.value.fields) == {field}
    do(bar.law_firm_desk, number, "record_contract", **{**CONTRACT, "fee_way": "share", "fee": ""})


def test_a_complaint_goes_to_the_justice_department_also_after_the_archive(bar):
    number = accepted(bar)
    do(bar.law_firm_desk, number, "decline_mandate", ground="terms", text="费用没谈成")
    do(bar.law_firm_desk, number, "note_contact", reached=True, text="电话")
    do(bar.law_firm_desk, number, "complete", result="EXPLAINED", text="没有委托")
    do(bar.law_firm_second, number, "approve")
    do(bar.supervisor, number, "close")
    with pytest.raises(RefusedByRule):
        do(bar.justice, number, "answer_complaint", text="x", remedy="x")
    do(bar.citizen, number, "complain", text="开口就要两万")
    assert (clock_of(number, "CP-03").state, clock_of(number, "CP-03").due_at) == (
        "RUNNING", at(11, 27, 0) + timedelta(days=1),
    )  # fmt: skip
    for actor in (bar.law_firm_head, bar.law_firm_desk):
        with pytest.raises(NotYours):
            do(actor, number, "answer_complaint", text="x", remedy="x")
    do(bar.justice, number, "answer_complaint", text="已责令改正", remedy="可以申请行政复议")
    assert clock_of(number, "CP-03").state == "MET"
    assert "已责令改正" in str(selectors.timeline(bar.citizen, number))


# --- meetings with detainees (刑事诉讼法 art. 39) -------------------------------------------------------------------------
def test_a_meeting_is_arranged_within_48_hours_and_counts_anew_after_a_missing_paper(bar):
    number = accepted(bar, "detention", "LAWYER_MEETING", MEETING)
    assert clock_of(number, "LW-01").due_at == at(9, 30)
    do(bar.detention_desk, number, "request_supplement", items="法律援助公函")
    assert clock_of(number, "LW-01").state == "WAITING"
    clock.move_to(at(9, 29, 15))
    do(bar.citizen, number, "reply_supplement", reply="已补上")
    assert clock_of(number, "LW-01").due_at == at(10, 1, 15)
    do(bar.detention_desk, number, "confirm_papers")
    with pytest.raises(Invalid) as wrong:
        do(
            bar.detention_desk,
            number,
            "arrange_meeting",
            start="2026-09-29T14:00+08:00",
            place="第一会见点",
            text="带三证",
        )
    assert set(wrong.value.fields) == {"start"}
    do(
        bar.detention_desk,
        number,
        "arrange_meeting",
        start="2026-09-30T14:00+08:00",
        place="第一会见点",
        text="带三证原件",
    )
    assert clock_of(number, "LW-01").state == "MET"
    clock.move_to(at(9, 30, 17))
    do(bar.detention_desk, number, "record_held", held_on="2026-09-30")
    do(bar.detention_desk, number, "note_contact", reached=True, text="到场")
    do(bar.detention_desk, number, "complete", result="ISSUED", text="已会见")
    assert state(number) == ("DONE", "HELD")


def test_of_a_meeting_nothing_is_kept_but_when_and_where():
    """The meeting may not be monitored: no action of the process has room for what was said."""
    process = loader.read().processes["lawyer_meeting"]
    envelope = {action.code for action in loader.read().processes["envelope"].actions}
    asked = {a.code: {q.id for q in a.form} for a in process.actions if a.code not in envelope}
    assert asked["record_held"] == {"held_on"}
    held = [a for a in process.actions if a.code not in envelope and "HELD" in a.inner_from]
    assert held == []


def test_only_the_lawyer_books_a_meeting(bar):
    with pytest.raises(MustBeOneself):
        file(bar, service="LAWYER_MEETING", answers=MEETING, on_behalf_by=bar.citizen.party_id)


def test_a_detained_relative_is_urgent_and_the_fee_is_the_firms(bar):
    answers = {
        "relation": "relative", "person_name": "孔示例", "charge": "不清楚", "stage": "investigation",
        "authority": "示例公安分局", "custody": "示例看守所", "area": "510107",
    }  # fmt: skip
    number = file(bar, service="LAWYER_DEFENCE", answers=answers)
    assert selectors.get(bar.citizen, number).urgency == "U2"
    fees = {p.code: p.item.fee.kind for p in catalogue.items(line="lawyers")}
    assert {code for code, kind in fees.items() if kind == "agreed"} == set(fees) - {"LAWYER_MEETING"}
