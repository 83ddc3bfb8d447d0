from datetime import date, timedelta

import pytest

from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import errors, selectors, services
from fawang.base.organisations.licences import check_licence
from fawang.base.organisations.tests import factories
from fawang.base.organisations.values import OpenHours
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotLoggedIn, NotPermitted, RefusedByState
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import VISITOR

SYSTEM = factories.SYSTEM
COUNTY_ADMIN = identities.staff("JUSTICE_ADMIN_COUNTY", unit_id=999, area="510107")


def test_an_institution_is_registered_and_announced():
    pk = services.register_institution(
        COUNTY_ADMIN,
        factories.institution_data(
            type="LAW_FIRM",
            name="四川示例律师事务所",
            uscc=identities.uscc(prefix="31"),
            phones=("028-12345678",),
            hours=(OpenHours((1, 2), "09:00", "17:00"),),
            lng=104.04,
            lat=30.64,
        ),
    )
    found = selectors.institution(pk)
    assert found.may_work
    assert found.hours == (OpenHours((1, 2), "09:00", "17:00"),)
    assert selectors.institution_by_token(found.token) == found
    assert [e.name for e in events.stream(f"institution:{pk}")] == ["organisations.institution_registered.v1"]


def test_every_wrong_field_of_an_institution_gets_its_sentence():
    with pytest.raises(Invalid) as refusal:
        factories.make_institution(
            type="LAW_FIRM",
            name="",
            level="MOON",
            uscc=identities.uscc(prefix="91"),
            phones=("1",),
            hours=(OpenHours((1,), "17:00", "09:00"),),
            lines=("坏 代码",),
            lng=1.0,
            capacity=-1,
            parent_id=987654,
            division_code="999999",
        )
    assert set(refusal.value.fields) == {
        "name", "level", "uscc", "phones", "hours", "lines", "lng", "capacity", "parent", "division_code",
    }  # fmt: skip
    with pytest.raises(Invalid):
        factories.make_institution(type="CASINO")


def test_a_credit_code_is_registered_once():
    code = identities.uscc(prefix="31")
    factories.make_institution(type="LAW_FIRM", uscc=code)
    with pytest.raises(errors.AlreadyRegistered):
        factories.make_institution(type="LAW_FIRM", uscc=code)


def test_an_area_ends_at_its_border():
    elsewhere = factories.make_institution(division_code="513221")
    with pytest.raises(NotFound):
        services.register_institution(COUNTY_ADMIN, factories.institution_data(division_code="513221"))
    for act in (
        lambda pk: services.change_status(COUNTY_ADMIN, pk, status="SUSPENDED", reason="停业整顿"),
        lambda pk: services.set_lines(COUNTY_ADMIN, pk, lines=("notary",)),
        lambda pk: services.add_window(COUNTY_ADMIN, pk, name="1号窗口"),
        lambda pk: services.record_penalty(COUNTY_ADMIN, pk, body="司法局", kind="警告", text="示例"),
        lambda pk: services.register_practitioner(COUNTY_ADMIN, institution_id=pk, name="王五", kind="MEDIATOR"),
    ):
        for pk in (elsewhere, 987654):
            with pytest.raises(NotFound):
                act(pk)


def test_citizens_and_visitors_change_nothing():
    pk = factories.make_institution()
    citizen = identities.citizen(identities.make_account())
    with pytest.raises(NotPermitted):
        services.change_status(citizen, pk, status="CLOSED", reason="x")
    with pytest.raises(NotLoggedIn):
        services.change_status(VISITOR, pk, status="CLOSED", reason="x")
    with pytest.raises(NotPermitted):
        services.create_key(citizen, institution_id=pk, name="x", roles=("HANDLER",))


def test_status_moves_only_along_its_ways_and_says_why():
    pk = factories.make_institution()
    with pytest.raises(Invalid):
        services.change_status(COUNTY_ADMIN, pk, status="SUSPENDED", reason=" ")
    with pytest.raises(Invalid):
        services.change_status(COUNTY_ADMIN, pk, status="ASLEEP", reason="x")
    services.change_status(COUNTY_ADMIN, pk, status="SUSPENDED", reason="停业整顿")
    assert (selectors.institution(pk).status, selectors.institution(pk).status_reason) == ("SUSPENDED", "停业整顿")
    services.change_status(COUNTY_ADMIN, pk, status="ACTIVE", reason="整顿合格")
    services.change_status(COUNTY_ADMIN, pk, status="REVOKED", reason="吊销")
    with pytest.raises(RefusedByState):
        services.change_status(COUNTY_ADMIN, pk, status="ACTIVE", reason="x")
    with pytest.raises(RefusedByState):
        services.change_status(COUNTY_ADMIN, pk, status="REVOKED", reason="x")


def test_the_public_roll_shows_status_and_penalties_and_is_searched_by_name_and_pinyin():
    firm = factories.make_institution(type="LAW_FIRM", name="四川明法律师事务所", lines=("consultation",))
    other = factories.make_institution(name="汶川县调解委员会", division_code="513221")
    services.change_status(SYSTEM, firm, status="SUSPENDED", reason="停业整顿")
    services.record_penalty(SYSTEM, firm, body="武侯区司法局", kind="警告", text="未按规定收费")
    for text in ("明法", "mingfa", "MingFa", "四川 律师"):
        [row] = selectors.institutions(text=text).rows
        assert (row.id, row.status, row.penalties[0]["kind"]) == (firm, "SUSPENDED", "警告")
    assert [row.id for row in selectors.institutions(division="513200").rows] == [other]
    assert [row.id for row in selectors.institutions(types=["LAW_FIRM"]).rows] == [firm]
    assert [row.id for row in selectors.institutions(line="mediation").rows] == [other]
    assert firm not in [row.id for row in selectors.institutions(only_active=True).rows]
    assert not selectors.institutions(text="%").rows
    assert not selectors.institutions(text="a\x00").rows
    assert set(selectors.institutions_by_id([firm, other, 987654])) == {firm, other}


def test_pages_give_every_row_once_in_pinyin_order():
    ids = {factories.make_institution(name=f"{name}调解委员会") for name in "赵钱孙李周吴郑"}
    seen, after = [], ""
    while True:
        page = selectors.institutions(after=after, limit=2)
        seen += page.rows
        after = page.next
        if not after:
            break
    assert [row.id for row in seen] == [row.id for row in selectors.institutions(limit=100).rows]
    assert {row.id for row in seen} == ids
    assert [row.name[0] for row in seen] == ["李", "钱", "孙", "吴", "赵", "郑", "周"]


def test_candidates_come_nearest_first_in_one_statement(django_assert_num_queries):
    province = factories.make_institution(division_code="510000", level="PROVINCE")
    county = factories.make_institution()
    suspended = factories.make_institution()
    services.change_status(SYSTEM, suspended, status="SUSPENDED", reason="停业整顿")
    factories.make_institution(lines=("notary",))
    factories.make_institution(division_code="513221")
    with django_assert_num_queries(1):
        found = selectors.candidates("mediation", ["510107", "510100", "510000"])
    assert [(row.id, row.distance) for row in found] == [(county, 0), (province, 2)]
    services.set_lines(SYSTEM, county, lines=("notary",), capacity=3)
    assert [row.id for row in selectors.candidates("mediation", ["510107", "510000"])] == [province]
    assert selectors.candidates("mediation", []) == []


def test_windows_have_one_name_each():
    pk = factories.make_institution(type="PLS_CENTRE")
    window = services.add_window(SYSTEM, pk, name="1号窗口", lines=("mediation",))
    assert [w.id for w in selectors.windows(pk)] == [window]
    assert selectors.window(window).name == "1号窗口"
    for name in ("1号窗口", ""):
        with pytest.raises(Invalid):
            services.add_window(SYSTEM, pk, name=name)
    with pytest.raises(NotFound):
        selectors.window(987654)


@pytest.mark.parametrize(
    ("kind", "number", "is_legacy"),
    [
        ("LAWYER_FT", "15101201510123456", False),
        ("LAWYER_PT", "220101123456", True),
        ("LAWYER_PUBLIC", "22010112345678", True),
        ("LAWYER_INTERN", "23012405123456", False),
        ("NOTARY", "51010012", False),
        ("FORENSIC_EXPERT", "510105123456", False),
        ("FORENSIC_EXPERT", "5101051234", True),
        ("BASIC_LEGAL_WORKER", "35101123456", False),
        ("MEDIATOR", "川调字第0001号", False),
        ("MEDIATOR", "", False),
    ],
)
def test_licence_numbers_of_every_form_are_known(kind, number, is_legacy):
    assert check_licence(kind, number) == (number, is_legacy)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("LAWYER_FT", "25101201510123456"),
        ("LAWYER_FT", "1510120151012345"),
        ("LAWYER_FT", ""),
        ("LAWYER_INTERN", "1"),
        ("NOTARY", "abc"),
        ("MEDIATOR", "<x>"),
    ],
)
def test_impossible_licence_numbers_are_refused(kind, number):
    with pytest.raises(ValueError):
        check_licence(kind, number)


def test_a_lawyer_practises_in_one_firm_until_leaving_it():
    first, second = factories.make_institution(), factories.make_institution()
    number = factories.licence()
    lawyer = factories.make_practitioner(first, kind="LAWYER_FT", licence_no=number)
    with pytest.raises(errors.AlreadyRegistered):
        factories.make_practitioner(second, kind="LAWYER_FT", licence_no=number)
    services.end_practice(SYSTEM, lawyer)
    with pytest.raises(RefusedByState):
        services.end_practice(SYSTEM, lawyer)
    assert selectors.people(first) == []
    moved = factories.make_practitioner(second, kind="LAWYER_FT", licence_no=number)
    assert selectors.practitioners([moved])[moved].institution_id == second


def test_people_are_checked_when_they_are_registered():
    pk = factories.make_institution()
    with pytest.raises(Invalid) as refusal:
        factories.make_practitioner(pk, kind="LAWYER_FT", name="", licence_no="1", account_id=987654, capacity=-1)
    assert set(refusal.value.fields) == {"name", "licence_no", "account", "capacity"}
    with pytest.raises(Invalid):
        factories.make_practitioner(pk, kind="WIZARD")


def test_nobody_on_leave_unlicensed_or_gone_is_given_work():
    pk = factories.make_institution()
    today = clock.today()
    here = factories.make_practitioner(pk, name="甲在岗")
    away = factories.make_practitioner(pk, name="乙请假")
    factories.make_practitioner(pk, name="丙过期", licence_valid_to=today - timedelta(days=1))
    gone = factories.make_practitioner(pk, name="丁离职")
    services.end_practice(SYSTEM, gone)
    leave = services.record_leave(SYSTEM, practitioner_id=away, begin=today, end=today, reason="年假")
    assert [row.id for row in selectors.handlers(pk)] == [here]
    assert selectors.on_leave(away, today)
    tomorrow = today + timedelta(days=1)
    assert not selectors.on_leave(away, tomorrow)
    assert {row.id for row in selectors.handlers(pk, on=tomorrow)} == {here, away}
    services.cancel_leave(SYSTEM, leave)
    assert {row.id for row in selectors.handlers(pk)} == {here, away}
    with pytest.raises(RefusedByState):
        services.cancel_leave(SYSTEM, leave)


def test_leave_is_recorded_by_who_manages_the_people_there():
    pk, other = factories.make_institution(), factories.make_institution(division_code="513221")
    person = factories.make_practitioner(pk)
    _account, admin = factories.make_staff("INSTITUTION_ADMIN", pk)
    _account, stranger = factories.make_staff("INSTITUTION_ADMIN", other)
    day = date(2026, 5, 1)
    assert services.record_leave(admin, practitioner_id=person, begin=day, end=day)
    with pytest.raises(NotFound):
        services.record_leave(stranger, practitioner_id=person, begin=day, end=day)
    with pytest.raises(NotFound):
        services.record_leave(admin, practitioner_id=987654, begin=day, end=day)
    with pytest.raises(Invalid):
        services.record_leave(admin, practitioner_id=person, begin=day, end=day - timedelta(days=1))
    _account, handler = factories.make_staff("HANDLER", pk)
    with pytest.raises(NotPermitted):
        services.record_leave(handler, practitioner_id=person, begin=day, end=day)
