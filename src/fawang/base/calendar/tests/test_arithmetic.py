"""The prefix arrays say what a loop over days says, for every day and for any input."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fawang.base.calendar.reckoning import reckon
from fawang.base.calendar.tests.factories import calendar, naive_end
from fawang.base.calendar.values import Family, Limit, Pause, Unit

DAYS = st.dates(date(2023, 1, 1), date(2026, 6, 30))
COUNTS = st.integers(1, 90)
MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2024, 6, 30), timezones=st.just(UTC))
LENGTHS = {
    Unit.MINUTE: 2000,
    Unit.HOUR: 200,
    Unit.WORK_HOUR: 80,
    Unit.HALF_DAY: 40,
    Unit.WD: 60,
    Unit.CD: 90,
    Unit.MONTH: 4,
}
LIMITS = st.sampled_from(sorted(LENGTHS)).flatmap(lambda u: st.builds(Limit, st.integers(1, LENGTHS[u]), st.just(u)))


@st.composite
def pauses(draw, moments=MOMENTS):
    begin = draw(moments)
    return Pause(begin, begin + timedelta(minutes=draw(st.integers(0, 60 * 24 * 20))))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_is_what_the_announcement_says(year):
    known, day = calendar(), date(year, 1, 1)
    while day.year == year:
        assert known.is_working(day) is chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_all_announced_years_agree():
    known, day = calendar(2004, 2026), date(2004, 1, 1)
    while day <= date(2026, 12, 31):
        assert known.is_working(day) is chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@given(DAYS, COUNTS)
def test_adding_working_days_is_what_the_loop_does(day, count):
    assert calendar().add_working_days(day, count) == naive_end(calendar(), day, count)


@given(DAYS, DAYS)
def test_counting_working_days_is_what_the_loop_does(first, last):
    known = calendar()
    low, high = sorted((first, last))
    counted = sum(known.is_working(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert known.working_days_between(first, last) == (counted if first <= last else -counted)


@given(DAYS, COUNTS)
def test_counting_undoes_adding(day, count):
    known = calendar()
    assert known.working_days_between(day, known.add_working_days(day, count)) == count


@given(DAYS, DAYS, COUNTS, COUNTS)
def test_adding_working_days_is_monotone(first, second, less, more):
    known = calendar()
    if first <= second and less <= more:
        assert known.add_working_days(first, less) <= known.add_working_days(second, more)


@settings(deadline=None)
@given(MOMENTS, LIMITS, st.lists(pauses(), max_size=4), pauses())
def test_pausing_and_resuming_never_shortens(start, limit, before, another):
    less = reckon(calendar(), start=start, limit=limit, pauses=before)
    more = reckon(calendar(), start=start, limit=limit, pauses=[*before, another])
    assert more.due_at >= less.due_at


@settings(deadline=None)
@given(MOMENTS, LIMITS, st.lists(pauses(), max_size=4))
def test_a_pause_given_twice_or_cut_in_two_counts_once(start, limit, given_pauses):
    cut = [
        part
        for one in given_pauses
        for middle in [one.begin + (one.end - one.begin) / 2]
        for part in (Pause(one.begin, middle), Pause(middle, one.end))
    ]
    whole = reckon(calendar(), start=start, limit=limit, pauses=given_pauses)
    assert reckon(calendar(), start=start, limit=limit, pauses=[*given_pauses, *given_pauses]).due_at == whole.due_at
    assert reckon(calendar(), start=start, limit=limit, pauses=cut).due_at == whole.due_at


@settings(deadline=None)
@given(MOMENTS, LIMITS, st.integers(1, 30))
def test_an_extension_never_shortens_and_the_end_comes_after_the_start(start, limit, more):
    plain = reckon(calendar(), start=start, limit=limit)
    longer = reckon(calendar(), start=start, limit=limit, extensions=[Limit(more, limit.unit)])
    assert start < plain.due_at < longer.due_at or (
        limit.family is Family.CALENDAR and start < plain.due_at <= longer.due_at
    )


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 60))
def test_office_time_is_what_counting_minutes_gives(start, hours):
    known = calendar()
    start = start.replace(second=0, microsecond=0)
    left, moment = hours * 60, start + timedelta(hours=8)
    while left:
        minute = moment.hour * 60 + moment.minute
        if known.is_working(moment.date()):
            if 540 <= minute < 720 or 810 <= minute < 1050:
                step = min(left, (720 if minute < 720 else 1050) - minute)
                left -= step
                moment += timedelta(minutes=step)
                continue
            following = 540 if minute < 540 else 810 if minute < 810 else 1440
        else:
            following = 1440
        moment += timedelta(minutes=following - minute)
    assert reckon(known, start=start, limit=Limit(hours, Unit.WORK_HOUR)).due_at == moment - timedelta(hours=8)
