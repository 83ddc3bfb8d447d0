"""Permits: the table of 13 groups, and a permit from the application to the certificate (services.md §8; PE)."""

from collections import Counter
from datetime import timedelta

import pytest

from fawang.back.casework.tests.offices import at, clock_of, day, example, finish, make_office, state, to_handler
from fawang.base.catalogue import loader
from fawang.base.workorders import selectors
from fawang.base.workorders.errors import KindNotServed, NotYours, WrongState
from fawang.base.workorders.tests.factories import do, file
from fawang.kernel import clock
from fawang.kernel.errors import Invalid

# services.md §8: sub-items of each item
TABLE = {1: 15, 2: 10, 3: 5, 4: 3, 5: 4, 6: 3, 7: 3, 8: 3, 9: 3, 10: 3, 11: 4, 12: 4, 13: 3}


def permits():
    return {code: item for code, item in loader.read().items.items() if item.line == "licensing"}


@pytest.fixture
def office(world):
    return make_office("licensing", "JUSTICE_OFFICE", "LEGAL_HELPER")


def filed(world, office, code="PERMIT_P02_01"):
    return to_handler(world, office, file(world, service=code, answers=example(permits()[code])))


def accepted(world, office, code="PERMIT_P02_01"):
    number = filed(world, office, code)
    do(office.handler, number, "accept", accepted_on=day(9, 28))
    return number


GRANT = {"by": "示例省司法厅", "decided_on": day(10, 20), "text": "准予"}


# --- the table ---------------------------------------------------------------------------------------------------
def test_thirteen_groups_and_sixty_three_permits():
    codes = sorted(permits())
    assert codes == [f"PERMIT_P{group:02}_{n:02}" for group, many in TABLE.items() for n in range(1, many + 1)]
    assert len(codes) == 63
    groups = Counter(item.group_zh for item in permits().values())
    assert len(groups) == 13
    by_group = {}
    for code, item in permits().items():
        by_group.setdefault(int(code[8:10]), set()).add(item.group_zh)
    assert {group: len(names) for group, names in by_group.items()} == dict.fromkeys(TABLE, 1)
    assert len({item.zh for item in permits().values()}) == 63


def test_every_permit_is_free_an_authoritys_power_shown_as_an_example_and_not_taken_by_telephone():
    for code, item in permits().items():
        assert (item.fee.kind, item.category, item.is_example, item.domain) == ("free", "ADMIN_POWER", True, "D30"), (
            code
        )
        assert any("numbering" in words for words in item.uncertain), code
        assert not {"11", "12", "13", "*"} & set(item.channels), code
        assert {rule.answer for rule in item.eligibility} & {"yes"}, code
        assert item.materials and len(item.aliases) >= 8, code


def test_each_permit_has_the_time_of_its_own_law():
    def limits(code):
        return {limit.id for limit in permits()[code].limits}

    assert limits("PERMIT_P01_01") == limits("PERMIT_P02_01") == {"PE-08", "PE-08-P"}
    assert limits("PERMIT_P05_01") == limits("PERMIT_P06_01") == {"PE-10", "PE-10-M"}
    assert limits("PERMIT_P01_10") == limits("PERMIT_P02_09") == {"PE-11", "PE-11-P"}
    assert limits("PERMIT_P10_01") == {"PE-04"}
    assert limits("PERMIT_P11_03") == {"PE-02"}
    # what is only reported is not decided
    assert limits("PERMIT_P01_09") == limits("PERMIT_P01_11") == limits("PERMIT_P05_03") == set()


# --- the course --------------------------------------------------------------------------------------------------
def test_a_lawyers_licence_goes_over_city_and_province_to_the_certificate(world, office):
    number = accepted(world, office)
    assert clock_of(number, "PE-01").state == "MET"
    assert clock_of(number, "PE-08").due_at == at(10, 31, 0)  # twenty working days over the holiday
    clock.move_to(at(10, 20))
    do(office.handler, number, "review", opinion="fits", to="示例省司法厅", received_on=day(10, 20))
    assert (clock_of(number, "PE-08").state, clock_of(number, "PE-08-P").due_at) == ("MET", at(11, 4, 0))
    with pytest.raises(NotYours):
        do(office.handler, number, "grant", **GRANT)  # who examines does not decide
    do(office.decider, number, "grant", **GRANT)
    assert clock_of(number, "PE-05").due_at == at(11, 4, 0)
    with pytest.raises(WrongState):
        do(office.handler, number, "complete", result="GRANTED", text="没有发证")
    do(office.handler, number, "issue_certificate", licence_no="15101202610000001", issued_on=day(10, 20))
    finish(office, number, "GRANTED")
    assert state(number) == ("DONE", "ISSUED")


def test_without_a_list_of_corrections_in_five_days_it_was_accepted_when_received(world, office):
    number = filed(world, office)
    due = clock_of(number, "PE-01").due_at
    clock.move_to(due + timedelta(days=1))
    with pytest.raises(Invalid) as wrong:
        do(office.handler, number, "accept", accepted_on=clock.today().isoformat())
    assert set(wrong.value.fields) == {"accepted_on"}
    with pytest.raises(Invalid):
        do(office.handler, number, "accept", accepted_on=day(9, 27))
    do(office.handler, number, "accept", accepted_on=day(9, 28))
    assert clock_of(number, "PE-08").started_at == at(9, 28, 0)


def test_after_a_correction_the_days_begin_anew(world, office):
    item = permits()["PERMIT_P13_01"]
    number = file(world, service=item.code, answers=example(item))
    do(world.clerk, number, "request_correction", items="实习鉴定")
    assert clock_of(number, "PE-01").state == "WAITING"
    clock.move_to(at(10, 12))
    do(world.citizen, number, "reply_correction", reply="附后")
    to_handler(world, office, number)
    with pytest.raises(Invalid):
        do(office.handler, number, "accept", accepted_on=day(9, 28))
    do(office.handler, number, "accept", accepted_on=day(10, 12))
    assert clock_of(number, "PE-02").started_at == at(10, 12, 0)


def test_a_hearing_is_asked_for_in_five_days_told_seven_days_before_and_does_not_count(world, office):
    number = accepted(world, office, "PERMIT_P13_01")
    do(office.handler, number, "offer_hearing", notified_on=day(9, 28), text="可能不予许可")
    assert clock_of(number, "PE-06").due_at == at(10, 11, 0)
    do(world.citizen, number, "ask_hearing", text="请求听证")
    assert (clock_of(number, "PE-06").state, clock_of(number, "PE-06-H").state) == ("MET", "RUNNING")
    do(office.handler, number, "suspend", reason="SP08", text="组织听证")
    assert clock_of(number, "PE-02").state == "PAUSED"
    clock.move_to(at(10, 20))
    hearing = {"held_on": day(10, 20), "chair": "丙示例", "internal": "听证笔录"}
    with pytest.raises(Invalid):
        do(office.handler, number, "record_hearing", notified_on=day(10, 14), **hearing)
    do(office.handler, number, "record_hearing", notified_on=day(10, 13), **hearing)
    assert "听证笔录" not in str(selectors.timeline(world.citizen, number))
    do(office.handler, number, "resume")
    assert clock_of(number, "PE-02").state == "RUNNING"
    do(
        office.decider,
        number,
        "deny",
        by="示例市司法局",
        decided_on=day(10, 20),
        text="没有资格证",
        remedy="60日内申请复议",
    )
    finish(office, number, "REFUSED")
    assert "60日内申请复议" in str(selectors.timeline(world.citizen, number))


def test_a_check_on_site_needs_two_officers(world, office):
    number = accepted(world, office)
    check = {"checked_on": day(9, 28), "internal": "属实"}
    with pytest.raises(Invalid):
        do(office.handler, number, "check_on_site", first="甲示例", second="甲示例", **check)
    do(office.handler, number, "check_on_site", first="甲示例", second="乙示例", **check)


def test_a_person_does_not_file_what_only_a_firm_or_an_authority_can(world):
    for code in ("PERMIT_P01_05", "PERMIT_P09_01"):
        channel = permits()[code].channels[0]
        with pytest.raises(KindNotServed):
            file(world, service=code, answers=example(permits()[code]), channel=channel)
    with pytest.raises(KindNotServed):
        file(world, service="PERMIT_P02_01", answers=example(permits()["PERMIT_P02_01"]), channel="11")
