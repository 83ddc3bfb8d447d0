"""Mediation besides the ordinary one: special fields, authorities, commerce; and confirmation by a court (ME, JC)."""

import pytest

from fawang.back.casework import selectors as papers
from fawang.back.casework.tests.offices import at, clock_of, day, example, finish, make_office, state, to_handler
from fawang.base.calendar import services as calendar
from fawang.base.catalogue import loader
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import WrongState
from fawang.base.workorders.tests.factories import SYSTEM, do, file
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule

TIMES = {
    "MEDIATION_PEOPLE": {"ME-02": (1, "MONTH")},
    "MEDIATION_MEDICAL": {"ME-03": (30, "WD")},
    "MEDIATION_TRAFFIC": {"ME-02": (1, "MONTH"), "ME-08": (3, "CD")},
    "MEDIATION_LABOUR": {"ME-05": (15, "CD")},
    "MEDIATION_PROPERTY": {"ME-02": (1, "MONTH")},
    "MEDIATION_CONSUMER": {"ME-02": (1, "MONTH")},
    "MEDIATION_IP": {"ME-02": (1, "MONTH")},
    "MEDIATION_ONLINE": {"ME-02": (1, "MONTH")},
    "MEDIATION_ADMIN": {},
    "MEDIATION_ADMIN_HEALTH": {"ME-01": (5, "WD"), "ME-04": (30, "WD")},
    "MEDIATION_ADMIN_TRAFFIC": {"ME-07": (10, "CD")},
    "MEDIATION_COMMERCIAL": {},
    "JUDICIAL_CONFIRMATION": {},
}


@pytest.fixture
def office(world):
    calendar.load_provisional(SYSTEM, 2028)  # two years to ask for enforcement
    return make_office("mediation", "MEDIATION_COMMITTEE", "MEDIATOR")


def accepted(world, office, code, **data):
    number = to_handler(world, office, file(world, service=code, answers=example(loader.read().items[code])))
    do(office.handler, number, "accept", **data)
    return number


def in_session(world, office, code, **data):
    number = accepted(world, office, code, **data)
    do(office.handler, number, "ask_will", agrees=True, text="愿意")
    do(office.handler, number, "hold_session", held_on=clock.today().isoformat(), place="视频", internal="谈")
    return number


def agreement(**changes):
    today = clock.today().isoformat()
    return {"form": "written", "party_a": "王示例", "party_b": "李示例", "facts": "欠款", "text": "三日内付清",
            "perform_by": today, "signed_on": today, **changes}  # fmt: skip


def test_every_service_has_the_time_that_its_law_sets():
    items = {code: item for code, item in loader.read().items.items() if item.line == "mediation"}
    found = {
        code: {limit.id: (limit.span.value, limit.span.unit) for limit in item.limits} for code, item in items.items()
    }
    assert found == TIMES
    assert {code for code, item in items.items() if item.fee and item.fee.kind != "free"} == {"MEDIATION_COMMERCIAL"}


def test_a_medical_dispute_has_thirty_working_days_and_no_month(world, office):
    number = accepted(world, office, "MEDIATION_MEDICAL")
    assert (clock_of(number, "ME-02"), clock_of(number, "ME-03").due_at) == (None, at(11, 14, 0))
    do(office.handler, number, "suspend", reason="SP03", text="医疗损害鉴定")
    assert clock_of(number, "ME-03").state == "PAUSED"


def test_a_labour_dispute_counts_from_the_application_and_a_failed_traffic_one_opens_three_days(world, office):
    labour = accepted(world, office, "MEDIATION_LABOUR")
    assert clock_of(labour, "ME-05").due_at == at(10, 14, 0)
    traffic = in_session(world, office, "MEDIATION_TRAFFIC")
    do(office.handler, traffic, "end_mediation", why="no_agreement", text="3日内可以请交警调解")
    finish(office, traffic, "NOT_AGREED")
    running = clock_of(traffic, "ME-08")
    assert (running.state, running.duty, running.due_at) == (
        "RUNNING",
        "citizen",
        at(10, 9, 0),
    )  # 1 October is a holiday


def test_traffic_police_count_from_the_day_that_the_loss_was_fixed(world, office):
    number = accepted(world, office, "MEDIATION_ADMIN_TRAFFIC", counts_from=day(9, 21))
    assert clock_of(number, "ME-07").due_at == at(10, 9, 0)


@pytest.mark.parametrize(
    ("code", "kind", "title"),
    [("MEDIATION_COMMERCIAL", "commercial", "商事调解协议"), ("MEDIATION_ADMIN", "admin", "行政调解协议书")],
)
def test_the_paper_says_which_law_stands_behind_it(world, office, code, kind, title):
    number = in_session(world, office, code)
    for wrong, field in (({}, "kind"), ({"kind": "people"}, "kind"), ({"kind": kind, "form": "oral"}, "form")):
        with pytest.raises(Invalid) as refusal:
            do(office.handler, number, "reach_agreement", **agreement(**wrong))
        assert set(refusal.value.fields) == {field}
    do(office.handler, number, "reach_agreement", **agreement(kind=kind))
    steps = selectors.timeline(world.citizen, number)
    [paper] = papers.of_order(selectors.get(world.citizen, number), steps)
    assert paper.title.zh == title
    sheet = papers.sheet(world.citizen, number, paper.sequence)
    assert "人民调解法" not in str(sheet.notes)


def test_peoples_mediation_does_not_become_commercial(world, office):
    number = in_session(world, office, "MEDIATION_PROPERTY")
    with pytest.raises(Invalid):
        do(office.handler, number, "reach_agreement", **agreement(kind="commercial"))
    do(office.handler, number, "reach_agreement", **agreement(form="oral"))


# --- judicial confirmation ---------------------------------------------------------------------------------------
def test_a_joint_application_is_prepared_handed_to_the_court_and_followed_to_the_ruling(world, office):
    number = accepted(world, office, "JUDICIAL_CONFIRMATION", signed_on=day(9, 18), confirmable=True)
    assert (clock_of(number, "JC-01").due_at, clock_of(number, "JC-01").duty) == (at(10, 20, 0), "citizen")  # a Sunday
    court = "示例区人民法院"
    with pytest.raises(WrongState):
        do(office.handler, number, "hand_to_court", applied_on=day(9, 28), court=court, way="paper")
    do(office.handler, number, "confirm_both", confirmed_on=day(9, 28), court=court, text="法院会询问双方")
    do(office.handler, number, "hand_to_court", applied_on=day(9, 28), court=court, way="online")
    assert clock_of(number, "JC-01").state == "MET"
    do(office.handler, number, "record_court_acceptance", case_no="示例诉前调确1号", accepted_on=day(9, 28))
    ruled = {"ruling": "confirmed", "received_on": day(9, 28), "perform_by": day(10, 31), "text": "不履行可以申请执行"}
    do(office.handler, number, "record_ruling", **ruled)
    assert clock_of(number, "JC-04").due_at == at(10, 14, 0)
    finish(office, number, "ISSUED")
    do(world.supervisor, number, "close")
    assert {clock_of(number, limit).state for limit in ("JC-04", "JC-06")} == {"RUNNING"}
    do(world.citizen, number, "record_enforcement", performed_on=day(9, 28))
    assert (state(number), clock_of(number, "JC-06").state) == (("CLOSED", "ENFORCED"), "MET")


def test_after_thirty_days_and_for_status_or_title_nothing_is_handed_to_the_court(world, office):
    late = accepted(world, office, "JUDICIAL_CONFIRMATION", signed_on=day(8, 20), confirmable=True)
    title = accepted(world, office, "JUDICIAL_CONFIRMATION", signed_on=day(9, 18), confirmable=False)
    for number, words in ((late, "三十日"), (title, "不能申请司法确认")):
        do(office.handler, number, "confirm_both", confirmed_on=day(9, 28), court="示例法院", text="说明")
        with pytest.raises(RefusedByRule) as refusal:
            do(office.handler, number, "hand_to_court", applied_on=day(9, 28), court="示例法院", way="paper")
        assert words in refusal.value.text


def test_a_dismissed_application_leaves_no_right_to_enforce(world, office):
    number = accepted(world, office, "JUDICIAL_CONFIRMATION", signed_on=day(9, 18), confirmable=True)
    do(office.handler, number, "confirm_both", confirmed_on=day(9, 28), court="示例法院", text="说明")
    do(office.handler, number, "hand_to_court", applied_on=day(9, 28), court="示例法院", way="paper")
    do(
        office.handler,
        number,
        "record_ruling",
        ruling="dismissed",
        received_on=day(9, 28),
        perform_by=day(10, 31),
        text="可以起诉",
    )
    assert (clock_of(number, "JC-04"), clock_of(number, "JC-06")) == (None, None)
