"""The rules T1-T10 of the time limits, and how clocks have failed elsewhere."""

from datetime import UTC, date

import pytest

from fawang.base.calendar.errors import CalendarMissing, HoursUnknown, MixedUnits
from fawang.base.calendar.reckoning import is_in_time, reckon
from fawang.base.calendar.snapshot import Calendar, Hours
from fawang.base.calendar.tests.factories import at, calendar, limit, pause
from fawang.base.calendar.values import Family, Limit, Pause, Unit


def due(start, length, *, pauses=(), extensions=(), hours=None, known=None):
    """The due moment on Asia/Shanghai's clock, as text."""
    reckoned = reckon(
        known or calendar(),
        start=at(start),
        limit=limit(length),
        pauses=[pause(*one) for one in pauses],
        extensions=[limit(one) for one in extensions],
        hours=hours,
    )
    assert reckoned.due_at is None or reckoned.due_at.tzinfo is UTC
    if reckoned.due_at is None:
        return None
    return reckoned.due_at.astimezone(at("2026-01-01").tzinfo).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        # T1: the day of the event is not counted, at whatever hour it happens
        ("2026-03-02 00:00", "1 WD", "2026-03-04 00:00"),
        ("2026-03-02 23:59", "1 WD", "2026-03-04 00:00"),
        ("2026-03-02 10:00", "3 CD", "2026-03-06 00:00"),
        # T2: the corresponding day, or the month's last
        ("2026-03-16 10:00", "1 MONTH", "2026-04-17 00:00"),
        ("2023-12-31 10:00", "2 MONTH", "2024-03-01 00:00"),
        ("2024-12-31 10:00", "2 MONTH", "2025-03-01 00:00"),
        ("2024-02-29 10:00", "1 YEAR", "2025-03-01 00:00"),
        # T3: a last day off moves to the next working day; a make-up Saturday is one
        ("2026-09-28 10:00", "5 CD", "2026-10-09 00:00"),
        ("2026-10-03 10:00", "7 CD", "2026-10-11 00:00"),
        ("2026-09-01 10:00", "1 MONTH", "2026-10-09 00:00"),
        # T4: holidays and weekends are not counted, make-up days are
        ("2026-09-28 10:00", "5 WD", "2026-10-11 00:00"),
        ("2026-09-18 18:00", "1 WD", "2026-09-21 00:00"),
        # T9: outside office hours the submission counts from its time; day 1 is the next working day
        ("2026-03-06 23:30", "1 WD", "2026-03-10 00:00"),
        ("2026-03-07 09:00", "1 WD", "2026-03-10 00:00"),
        # hours and minutes are wall time
        ("2026-10-01 22:15", "24 HOUR", "2026-10-02 22:15"),
        ("2026-10-01 23:50", "30 MINUTE", "2026-10-02 00:20"),
    ],
)
def test_the_rules(start, length, expected):
    assert due(start, length) == expected


def test_the_end_is_exclusive():
    reckoned = reckon(calendar(), start=at("2026-03-02 10:00"), limit=limit("1 WD"))
    assert reckoned.last_day == date(2026, 3, 3)
    assert is_in_time(reckoned.due_at, arrived_at=at("2026-03-03 23:59:59"))
    assert not is_in_time(reckoned.due_at, arrived_at=at("2026-03-04 00:00"))


def test_t5_what_was_posted_before_the_end_is_in_time():
    assert is_in_time(at("2026-03-04"), arrived_at=at("2026-03-06 09:00"), posted_at=at("2026-03-03 17:00"))
    assert not is_in_time(at("2026-03-04"), arrived_at=at("2026-03-06 09:00"), posted_at=at("2026-03-04 09:00"))


@pytest.mark.parametrize(
    ("start", "length", "pauses", "expected"),
    [
        # suspending moves the date (Open Zaak #747): whole working days P < d <= R
        ("2026-03-02 10:00", "5 WD", [("2026-03-04 09:00", "2026-03-06 09:00")], "2026-03-12 00:00"),
        ("2026-03-02 10:00", "5 WD", [("2026-03-04 09:00", "2026-03-04 17:00")], "2026-03-10 00:00"),
        # a pause on Friday evening, resumed on a make-up Saturday
        ("2026-10-08 10:00", "2 WD", [("2026-10-09 18:30", "2026-10-10 10:00")], "2026-10-13 00:00"),
        ("2026-10-09 16:30", "2 WORK_HOUR", [("2026-10-09 18:30", "2026-10-10 10:00")], "2026-10-10 11:00"),
        # the same on an ordinary weekend costs nothing
        ("2026-03-05 10:00", "2 WD", [("2026-03-06 18:30", "2026-03-07 10:00")], "2026-03-10 00:00"),
        # twice; overlapping; nested; touching: nothing counts twice
        ("2026-03-02 10:00", "5 WD",
         [("2026-03-03 09:00", "2026-03-04 09:00"), ("2026-03-05 09:00", "2026-03-06 09:00")], "2026-03-12 00:00"),
        ("2026-03-02 10:00", "5 WD",
         [("2026-03-03 09:00", "2026-03-05 09:00"), ("2026-03-04 09:00", "2026-03-06 09:00")], "2026-03-13 00:00"),
        ("2026-03-02 10:00", "5 WD",
         [("2026-03-03 09:00", "2026-03-06 09:00"), ("2026-03-04 09:00", "2026-03-05 09:00")], "2026-03-13 00:00"),
        ("2026-03-02 10:00", "24 HOUR",
         [("2026-03-02 12:00", "2026-03-02 13:00"), ("2026-03-02 13:00", "2026-03-02 14:00")], "2026-03-03 12:00"),
        # calendar days freeze in days R - P, then T3
        ("2026-03-02 10:00", "7 CD", [("2026-03-04 23:00", "2026-03-06 01:00")], "2026-03-12 00:00"),
        ("2026-09-25 10:00", "5 CD", [("2026-09-28 10:00", "2026-09-30 10:00")], "2026-10-09 00:00"),
        ("2026-03-31 10:00", "1 MONTH", [("2026-04-10 10:00", "2026-04-20 10:00")], "2026-05-12 00:00"),
        # a pause before the start or after the end changes nothing; one that spans the start counts from the start
        ("2026-03-04 10:00", "2 WD", [("2026-03-01 09:00", "2026-03-03 09:00")], "2026-03-07 00:00"),
        ("2026-03-04 10:00", "2 WD", [("2026-03-09 09:00", "2026-03-20 09:00")], "2026-03-07 00:00"),
        ("2026-03-04 10:00", "2 WD", [("2026-03-02 09:00", "2026-03-05 09:00")], "2026-03-10 00:00"),
        # on the last day it still counts
        ("2026-03-02 10:00", "2 WD", [("2026-03-04 23:00", "2026-03-05 09:00")], "2026-03-06 00:00"),
    ],
)  # fmt: skip
def test_t6_pauses(start, length, pauses, expected):
    assert due(start, length, pauses=pauses) == expected


@pytest.mark.parametrize(
    ("length", "amount", "family"),
    [
        ("5 WD", 3, Family.WORKING),
        ("7 CD", 5, Family.CALENDAR),
        ("1 MONTH", 29, Family.CALENDAR),
        ("48 HOUR", 1 * 3600 * 1_000_000, Family.WALL),
        ("18 WORK_HOUR", (18 - 6 - 7) * 3600 * 1_000_000, Family.OFFICE),
    ],
)
def test_an_open_pause_has_no_due_date_but_says_what_remains(length, amount, family):
    reckoned = reckon(calendar(), start=at("2026-03-02 10:00"), limit=limit(length), pauses=[pause("2026-03-04 09:00")])
    assert reckoned.due_at is None
    assert reckoned.remains.family is family
    assert reckoned.remains.amount == amount


def test_an_open_pause_after_the_end_does_not_revive_the_clock():
    assert due("2026-03-02 10:00", "2 WD", pauses=[("2026-03-05 00:00",)]) == "2026-03-05 00:00"


def test_what_remains_is_what_is_left_after_resuming():
    start, begin, end = at("2026-09-21 10:00"), at("2026-09-24 15:00"), at("2026-10-10 09:00")
    open_pause = reckon(calendar(), start=start, limit=limit("10 WD"), pauses=[Pause(begin)])
    resumed = reckon(calendar(), start=start, limit=limit("10 WD"), pauses=[Pause(begin, end)])
    again = reckon(calendar(), start=end, limit=Limit(open_pause.remains.amount, Unit.WD))
    assert resumed.due_at == again.due_at


@pytest.mark.parametrize(
    ("start", "length", "extensions", "expected"),
    [
        ("2026-03-02 10:00", "5 WD", ["5 WD"], "2026-03-17 00:00"),
        ("2026-03-02 10:00", "60 CD", ["30 CD"], "2026-06-02 00:00"),
        ("2025-12-31 10:00", "1 MONTH", ["1 MONTH"], "2026-03-01 00:00"),
        ("2026-03-02 10:00", "1 HOUR", ["30 MINUTE"], "2026-03-02 11:30"),
        # the extension lengthens the limit itself: a day off in between does not lengthen it too
        ("2026-09-30 10:00", "3 CD", ["10 CD"], "2026-10-14 00:00"),
    ],
)
def test_extensions(start, length, extensions, expected):
    assert due(start, length, extensions=extensions) == expected


def test_an_extension_of_another_family_is_refused():
    for other in ("5 CD", "5 WORK_HOUR", "5 HALF_DAY"):
        with pytest.raises(MixedUnits):
            due("2026-03-02 10:00", "5 WD", extensions=[other])


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ("2026-03-02 10:00", "1 WORK_HOUR", "2026-03-02 11:00"),
        ("2026-03-02 11:30", "1 WORK_HOUR", "2026-03-02 14:00"),  # over lunch
        ("2026-03-02 12:40", "1 WORK_HOUR", "2026-03-02 14:30"),  # begun at lunch
        ("2026-03-02 03:00", "1 WORK_HOUR", "2026-03-02 10:00"),  # at night: from arrival, work from opening
        ("2026-03-02 22:00", "1 WORK_HOUR", "2026-03-03 10:00"),
        ("2026-03-06 17:00", "1 WORK_HOUR", "2026-03-09 09:30"),  # over a weekend
        ("2026-10-09 17:00", "1 WORK_HOUR", "2026-10-10 09:30"),  # into a make-up Saturday
        ("2026-09-30 17:00", "1 WORK_HOUR", "2026-10-08 09:30"),  # over the holidays
        ("2026-03-02 10:00", "6 WORK_HOUR", "2026-03-02 17:30"),  # ends at closing time, not at the next opening
        ("2026-03-02 10:00", "14 WORK_HOUR", "2026-03-04 10:00"),  # 6 hours, 7 the next day, and one
        ("2026-03-02 10:00:30", "1 WORK_HOUR", "2026-03-02 11:00:30"),
    ],
)
def test_office_hours(start, length, expected):
    assert due(start, length) == expected


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ("2026-03-02 10:00", "1 HALF_DAY", "2026-03-02 17:30"),
        ("2026-03-02 12:30", "1 HALF_DAY", "2026-03-02 17:30"),
        ("2026-03-02 15:00", "1 HALF_DAY", "2026-03-03 12:00"),
        ("2026-03-02 20:00", "1 HALF_DAY", "2026-03-03 12:00"),
        ("2026-03-02 06:00", "1 HALF_DAY", "2026-03-02 12:00"),
        ("2026-03-02 10:00", "3 HALF_DAY", "2026-03-03 17:30"),
        ("2026-10-09 15:00", "2 HALF_DAY", "2026-10-10 17:30"),
    ],
)
def test_half_days(start, length, expected):
    assert due(start, length) == expected


def test_half_days_freeze_in_whole_half_days():
    assert due("2026-03-02 10:00", "2 HALF_DAY", pauses=[("2026-03-02 15:00", "2026-03-03 10:00")]) == (
        "2026-03-03 17:30"
    )


def window(*week) -> Calendar:
    base = calendar()
    hours = {"window": Hours("window", tuple(week))}
    return Calendar(revision=1, years=base.years, days=base.days, hours=hours)


def test_several_stretches_and_other_hours_on_friday():
    usual = ((480, 600), (660, 720), (840, 1080))
    known = window(usual, usual, usual, usual, ((480, 720),), (), ())
    assert due("2026-03-02 09:30", "2 WORK_HOUR", hours="window", known=known) == "2026-03-02 14:30"
    assert due("2026-03-06 11:30", "1 WORK_HOUR", hours="window", known=known) == "2026-03-09 08:30"
    assert due("2026-03-06 07:00", "1 HALF_DAY", hours="window", known=known) == "2026-03-06 10:00"
    # a make-up Saturday without hours of its own has Monday's
    assert due("2026-10-10 09:30", "2 WORK_HOUR", hours="window", known=known) == "2026-10-10 14:30"


def test_a_schedule_nobody_set_is_refused():
    with pytest.raises(HoursUnknown):
        due("2026-03-02 10:00", "1 WORK_HOUR", hours="nowhere")


@pytest.mark.parametrize("length", ["5 WD", "30 CD", "1 MONTH", "9 WORK_HOUR", "3 HALF_DAY"])
def test_a_missing_year_is_refused_and_named(length):
    with pytest.raises(CalendarMissing) as refused:
        due("2027-12-30 16:00", length)
    assert refused.value.year == 2028
    assert "fawang calendar load 2028" in refused.value.text


def test_a_gap_between_years_is_refused():
    known = calendar(2023, 2024, provisional=(2026,))
    with pytest.raises(CalendarMissing) as refused:
        due("2024-12-30 10:00", "5 WD", known=known)
    assert refused.value.year == 2025
    with pytest.raises(CalendarMissing):
        due("2024-12-26 10:00", "5 WD", known=known, pauses=[("2024-12-30 10:00", "2026-01-05 10:00")])
    with pytest.raises(CalendarMissing):
        known.working_days_between(date(2024, 12, 1), date(2026, 2, 1))


def test_wall_time_needs_no_calendar():
    assert due("2031-05-01 10:00", "24 HOUR") == "2031-05-02 10:00"


@pytest.mark.parametrize(
    ("start", "length", "years"),
    [
        ("2026-12-30 10:00", "1 WD", ()),
        ("2026-12-30 10:00", "5 WD", (2027,)),
        ("2026-12-31 10:00", "1 WD", (2027,)),
        ("2026-12-20 10:00", "30 CD", (2027,)),
        ("2026-12-20 10:00", "3 CD", ()),
        ("2026-12-31 16:00", "4 WORK_HOUR", (2027,)),
        ("2026-12-31 16:00", "24 HOUR", ()),
    ],
)
def test_an_answer_names_the_provisional_years_it_rests_on(start, length, years):
    reckoned = reckon(calendar(), start=at(start), limit=limit(length))
    assert reckoned.provisional_years == years
    assert reckoned.is_provisional is bool(years)
    assert reckoned.revision == 7


@pytest.mark.parametrize(
    "make",
    [
        lambda: Limit(0, Unit.WD),
        lambda: Pause(at("2026-01-02"), at("2026-01-01")),
        lambda: Pause(at("2026-01-02").replace(tzinfo=None)),
        lambda: reckon(calendar(), start=at("2026-01-02").replace(tzinfo=None), limit=limit("1 WD")),
        lambda: calendar().add_working_days(date(2026, 1, 1), 0),
    ],
)
def test_nonsense_is_refused(make):
    with pytest.raises(ValueError):
        make()
