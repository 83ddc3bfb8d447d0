from datetime import date

import pytest

from fawang.base.calendar.values import DayKind
from fawang.base.meetings import opening
from fawang.base.meetings.errors import OpeningWrong

WEEK = {"1": [["09:00", "12:00"], ["13:30", "17:00"]], "5": [["09:00", "11:00"]], "6": [["10:00", "12:00"]]}
MONDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 9, day) for day in (21, 25, 26, 27))


def open_on(day, kind, pattern=WEEK, holidays=False):
    return opening.stretches_of(pattern, day, kind, works_on_holidays=holidays)


def test_several_stretches_with_a_lunch_break_and_no_slot_over_the_end():
    found = opening.times(MONDAY, WEEK["1"], slot_minutes=45, buffer_minutes=15)
    assert [f"{start:%H:%M}-{end:%H:%M}" for start, end in found] == [
        "09:00-09:45",
        "10:00-10:45",
        "11:00-11:45",
        "13:30-14:15",
        "14:30-15:15",
        "15:30-16:15",
    ]


def test_a_holiday_is_closed_unless_the_desk_works_on_holidays():
    assert open_on(MONDAY, DayKind.HOLIDAY) == []
    assert open_on(MONDAY, DayKind.HOLIDAY, holidays=True) == WEEK["1"]


def test_a_weekend_is_open_only_with_hours_of_its_own():
    assert open_on(SATURDAY, DayKind.WEEKEND) == WEEK["6"]
    assert open_on(SUNDAY, DayKind.WEEKEND) == []


def test_a_make_up_sunday_has_monday_s_hours_unless_the_pattern_says_otherwise():
    assert open_on(SUNDAY, DayKind.MAKE_UP) == WEEK["1"]
    assert open_on(SUNDAY, DayKind.MAKE_UP, {**WEEK, "makeup": [["09:00", "10:00"]]}) == [["09:00", "10:00"]]


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        {"1": []},
        {"8": [["09:00", "12:00"]]},
        {"1": [["09:00", "09:20"]]},
        {"1": [["09:00", "12:00"], ["11:00", "13:00"]]},
        {"1": [["12:00", "09:00"]]},
        {"1": [["9:00", "12:00"]]},
        {"1": [["09:00", "25:00"]]},
        {"1": [["09:75", "12:00"]]},
        {"1": [["09:00"]]},
        {"1": [["09:00", 12]]},
    ],
)
def test_a_pattern_that_cannot_be_is_refused(pattern):
    with pytest.raises(OpeningWrong):
        opening.check(pattern, 30)
