"""Loading, correcting, telling - on a real database."""

import json
import threading
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from fawang.base.calendar import announced, selectors, services
from fawang.base.calendar.errors import AlreadyOfficial, CalendarMissing, NotAnnounced
from fawang.base.calendar.models import CalendarDay, CalendarYear
from fawang.base.calendar.tests.factories import ACTOR, at, limit
from fawang.base.calendar.values import DayKind
from fawang.kernel.errors import Invalid, NotLoggedIn, NotPermitted
from fawang.kernel.events import selectors as events
from fawang.kernel.outbox.models import Effect
from fawang.kernel.policy import VISITOR, Actor

pytestmark = pytest.mark.django_db


def told():
    return [json.loads(effect.payload)["revision"] for effect in Effect.objects.filter(kind="calendar.changed")]


def test_an_empty_calendar_refuses_instead_of_guessing():
    with pytest.raises(CalendarMissing) as refused:
        selectors.reckon(start=at("2026-03-02 10:00"), limit=limit("5 WD"))
    assert refused.value.year == 2026
    assert selectors.revision() == 0


def test_official_years_are_loaded_and_told():
    loaded = services.load_official(ACTOR, [2026, 2025])
    assert loaded.years == (2025, 2026)
    assert loaded.revision == selectors.revision() == 1
    assert told() == [1]
    assert [(f.name, f.data["year"], f.data["status"]) for f in events.stream("calendar")] == [
        ("calendar.year_loaded.v1", 2025, "OFFICIAL"),
        ("calendar.year_loaded.v1", 2026, "OFFICIAL"),
    ]
    assert selectors.is_working(date(2026, 10, 10))
    assert not selectors.is_working(date(2026, 10, 1))
    assert not CalendarDay.objects.filter(date=date(2026, 10, 3)).exists(), "a Saturday off is nothing to store"


def test_loading_again_changes_nothing_and_tells_nobody():
    services.load_official(ACTOR, [2026])
    assert services.load_official(ACTOR, [2026]).changed == ()
    assert told() == [1]
    assert len(events.stream("calendar")) == 1


def test_a_year_nobody_announced_is_refused():
    with pytest.raises(NotAnnounced) as refused:
        services.load_official(ACTOR, [2026, 2090])
    assert "2090" in refused.value.text
    assert not CalendarYear.objects.exists()
    with pytest.raises(NotAnnounced):
        services.load_provisional(ACTOR, 1990)


def test_a_provisional_year_has_the_statutory_holidays_and_no_make_up_days():
    services.load_provisional(ACTOR, 2027)
    assert not CalendarDay.objects.filter(is_working=True).exists()
    assert not selectors.is_working(date(2027, 2, 8))
    (year,) = selectors.years()
    assert (year.year, year.status.value) == (2027, "PROVISIONAL")
    assert services.load_provisional(ACTOR, 2027).changed == ()
    assert told() == [1]


def test_an_official_year_is_not_replaced_by_a_computed_one():
    services.load_official(ACTOR, [2026])
    with pytest.raises(AlreadyOfficial):
        services.load_provisional(ACTOR, 2026)


def test_the_announcement_changes_the_answer_that_named_the_provisional_year():
    services.load_official(ACTOR, [2025])
    services.load_provisional(ACTOR, 2026)
    question = {"start": at("2025-12-29 10:00"), "limit": limit("3 WD")}
    before = selectors.reckon(**question)
    assert before.provisional_years == (2026,)
    assert "2026年的放假安排还没有公布" in selectors.explain(before, "zh")
    # 1 January is statutory; Friday 2 January off and Sunday 4 January at work come only with the announcement
    loaded = services.load_official(ACTOR, [2026])
    assert {date(2026, 1, 2), date(2026, 1, 4)} <= set(loaded.changed)
    after = selectors.reckon(**question)
    assert after.provisional_years == ()
    assert (before.last_day, after.last_day) == (date(2026, 1, 2), date(2026, 1, 4))
    assert after.revision > before.revision
    assert told() == [1, 2, 3]
    assert events.stream("calendar")[-1].data["was"] == "PROVISIONAL"


def test_a_day_set_by_hand_survives_a_load_unless_told_otherwise():
    services.load_official(ACTOR, [2026])
    services.set_day(ACTOR, date(2026, 5, 20), False, "临时放假", "省政府通知")
    assert services.load_official(ACTOR, [2026]).kept == (date(2026, 5, 20),)
    assert not selectors.is_working(date(2026, 5, 20))
    loaded = services.load_official(ACTOR, [2026], replace_by_hand=True)
    assert loaded.changed == (date(2026, 5, 20),)
    assert selectors.is_working(date(2026, 5, 20))


def test_a_day_set_by_hand_is_recorded_with_its_reason():
    services.load_official(ACTOR, [2026])
    revision = services.set_day(ACTOR, date(2026, 3, 7), True, "调休", " 国办发明电 ")
    fact = events.stream("calendar")[-1]
    assert fact.name == "calendar.day_changed.v1"
    assert fact.data == {
        "day": "2026-03-07",
        "is_working": True,
        "was_working": False,
        "name": "调休",
        "reason": "国办发明电",
        "revision": revision,
    }
    assert services.set_day(ACTOR, date(2026, 3, 7), True, "调休", "国办发明电") == revision
    assert told() == [1, 2]


def test_a_day_needs_a_reason_and_a_loaded_year():
    services.load_official(ACTOR, [2026])
    for reason in ("", " \x00 ", "长" * 201):
        with pytest.raises(Invalid):
            services.set_day(ACTOR, date(2026, 3, 7), True, "调休", reason)
    with pytest.raises(CalendarMissing):
        services.set_day(ACTOR, date(2031, 3, 7), True, "调休", "通知")


def test_an_announcement_reaches_back_into_december():
    services.load_official(ACTOR, [2025])
    CalendarDay.objects.create(date=date(2025, 12, 31), is_working=False, basis=CalendarDay.Basis.ANNOUNCED)
    assert date(2025, 12, 31) in services.load_official(ACTOR, [2026]).changed


@pytest.mark.parametrize("role", ["HANDLER", "DISPATCHER", "JUSTICE_ADMIN_COUNTY", "CITIZEN"])
def test_only_those_who_may_change_the_calendar(role):
    person = Actor(ref="account:1", account_id=1, roles=frozenset({role}))
    for actor, refusal in ((VISITOR, NotLoggedIn), (person, NotPermitted)):
        for act in (
            lambda who: services.load_official(who, [2026]),
            lambda who: services.load_provisional(who, 2027),
            lambda who: services.set_day(who, date(2026, 1, 1), True, "", "x"),
            lambda who: services.set_hours(who, "default", name="默认", week={0: [(540, 720)]}),
        ):
            with pytest.raises(refusal):
                act(actor)
    assert selectors.revision() == 0


def test_office_hours_are_set_by_name_and_told():
    services.load_official(ACTOR, [2026])
    start = at("2026-03-02 10:00")
    usual = selectors.reckon(start=start, limit=limit("3 WORK_HOUR"))
    services.set_hours(ACTOR, "default", name="夏令", week={day: [(480, 720), (900, 1080)] for day in range(5)})
    services.set_hours(ACTOR, "window", name="窗口", week={day: [(600, 660)] for day in range(5)})
    assert usual.due_at == at("2026-03-02 14:30")
    assert selectors.reckon(start=start, limit=limit("3 WORK_HOUR")).due_at == at("2026-03-02 16:00")
    assert selectors.reckon(start=start, limit=limit("1 WORK_HOUR"), hours="window").due_at == at("2026-03-02 11:00")
    assert [hours.code for hours in selectors.schedules()] == ["default", "window"]
    assert events.stream("calendar")[-1].name == "calendar.hours_changed.v1"
    assert told() == [1, 2, 3]


@pytest.mark.parametrize(
    "week",
    [
        {},
        {1: [(540, 720)]},
        {0: [(720, 540)]},
        {0: [(540, 720), (700, 800)]},
        {0: [(540, 1441)]},
        {0: [(1, 2)], 7: [(1, 2)]},
    ],
)
def test_office_hours_that_cannot_be_are_refused(week):
    with pytest.raises(Invalid):
        services.set_hours(ACTOR, "window", name="窗口", week=week)


def test_the_snapshot_is_read_once_and_then_costs_one_query(django_assert_num_queries):
    services.load_official(ACTOR, [2026])
    held = selectors.current()
    with django_assert_num_queries(1):
        assert selectors.current() is held
    with django_assert_num_queries(0):
        selectors.reckon(start=at("2026-03-02 10:00"), limit=limit("5 WD"), calendar=held)
    services.set_day(ACTOR, date(2026, 3, 3), False, "", "通知")
    assert held.is_working(date(2026, 3, 3)), "a snapshot in hand never changes"
    assert not selectors.current().is_working(date(2026, 3, 3))


def test_a_change_rolled_back_leaves_no_trace_in_the_snapshot():
    services.load_official(ACTOR, [2026])
    with transaction.atomic():
        services.set_day(ACTOR, date(2026, 3, 3), False, "", "通知")
        assert not selectors.is_working(date(2026, 3, 3))
        transaction.set_rollback(True)
    assert selectors.is_working(date(2026, 3, 3))
    services.set_day(ACTOR, date(2026, 3, 4), False, "", "通知")
    assert selectors.is_working(date(2026, 3, 3)), "the same revision number, another state"


def test_months_and_days_for_showing():
    services.load_official(ACTOR, [2026])
    october = selectors.month(2026, 10)
    assert len(october) == 31
    assert (october[0].kind, october[0].name, october[0].name_en) == (DayKind.HOLIDAY, "国庆节", "National Day")
    assert (october[2].kind, october[9].kind, october[8].kind) == (DayKind.WEEKEND, DayKind.MAKE_UP, DayKind.WORKING)
    assert october[9].is_working
    assert selectors.months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert selectors.next_working_day(date(2026, 9, 30)) == date(2026, 10, 8)
    assert selectors.next_working_day(date(2026, 9, 30), or_same=True) == date(2026, 9, 30)
    assert selectors.working_days_between(date(2026, 9, 28), date(2026, 10, 10)) == 5


def test_a_load_costs_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        services.load_official(ACTOR, [2026])


def test_every_announced_year_can_be_loaded():
    services.load_official(ACTOR, announced.official_years())
    assert [year.year for year in selectors.years()] == list(range(2004, 2027))


def test_the_commands(capsys):
    call_command("calendar", "load", "2025", "2026")
    call_command("calendar", "provisional", "2027")
    call_command("calendar", "set", "2026-10-10", "--working", "--name", "国庆节调休", "--reason", "国办发明电")
    call_command("calendar", "show", "2026")
    shown = capsys.readouterr().out
    assert "2026 OFFICIAL" in shown
    assert "2026-10-10 Sat MAKE_UP  国庆节调休 国办发明电" in shown
    for wrong in (["load", "2090"], ["provisional", "2026"], ["show", "2019"]):
        with pytest.raises(CommandError):
            call_command("calendar", *wrong)


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_both_happen_one_after_the_other():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory has no second connection that waits")
    services.load_official(ACTOR, [2026])
    together, refused = threading.Barrier(2), []

    def change(day):
        try:
            together.wait()
            services.set_day(ACTOR, day, False, "", "通知")
        except DatabaseError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(date(2026, 3, day),)) for day in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert selectors.revision() == 3
    assert not selectors.is_working(date(2026, 3, 3))
    assert not selectors.is_working(date(2026, 3, 4))
    assert sorted(told()) == [1, 2, 3]
