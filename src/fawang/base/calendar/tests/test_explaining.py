import pytest

from fawang.base.calendar.reckoning import reckon
from fawang.base.calendar.selectors import explain, steps_text
from fawang.base.calendar.tests.factories import at, calendar, limit, pause


def why(start, length, language, *, pauses=(), extensions=()):
    reckoned = reckon(
        calendar(),
        start=at(start),
        limit=limit(length),
        pauses=[pause(*one) for one in pauses],
        extensions=[limit(one) for one in extensions],
    )
    return explain(reckoned, language)


def test_working_days_over_the_holidays_in_chinese():
    assert why("2026-09-28 10:00", "5 WD", "zh") == (
        "从2026年9月28日起第5个工作日(当天不算)；10月1日至7日放假不计；10月10日(周六)调休上班计入，所以到2026年10月10日24时为止。"
    )


def test_working_days_over_the_holidays_in_english():
    assert why("2026-09-28 10:00", "5 WD", "en") == (
        "Working day 5 after 28 September 2026 (that day itself does not count); "
        "1-7 October: public holiday, not counted; Saturday 10 October: make-up working day, counted; "
        "so it ends at 24:00 on 10 October 2026."
    )


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        (
            {"start": "2026-09-28 10:00", "length": "5 CD"},
            "最后一天10月3日是休息日，顺延到下一个工作日10月8日",
            "the last day, 3 October, is a day off, so it moves to the next working day, 8 October",
        ),
        (
            {"start": "2026-03-02 10:00", "length": "5 WD", "pauses": [("2026-03-04 09:00", "2026-03-06 09:30")]},
            "3月4日09:00至3月6日09:30暂停，顺延2个工作日",
            "paused from 09:00 on 4 March to 09:30 on 6 March, which adds 2 working days",
        ),
        (
            {"start": "2026-03-02 10:00", "length": "2 WD", "extensions": ["1 WD"]},
            "延长1个工作日",
            "extended by 1 working day;",
        ),
        (
            {"start": "2026-12-30 10:00", "length": "5 WD"},
            "2027年的放假安排还没有公布，暂按法定节假日推算，公布后会重新计算并告知",
            "the holidays of 2027 are not announced yet",
        ),
        (
            {"start": "2026-03-02 10:00", "length": "5 WD", "pauses": [("2026-03-04 09:00",)]},
            "3月4日09:00起暂停，还剩3个工作日，恢复以后才能算出到哪一天为止。",
            "paused since 09:00 on 4 March with 3 working days left; when it ends can be said once it is resumed.",
        ),
        (
            {"start": "2026-03-02 10:00", "length": "48 HOUR", "pauses": [("2026-03-02 12:00", "2026-03-02 13:05")]},
            "从2026年3月2日10:00起满48小时；3月2日12:00至3月2日13:05暂停，顺延1小时5分钟，所以到2026年3月4日11:05为止。",
            "paused from 12:00 on 2 March to 13:05 on 2 March, which adds 1 hour 5 minutes",
        ),
        ({"start": "2026-03-02 10:00", "length": "1 MONTH"}, "从2026年3月2日起满1个月", "1 month from 2 March 2026"),
        (
            {"start": "2026-03-02 10:00", "length": "4 WORK_HOUR"},
            "起满4个办公小时(下班、午休和休息日不算)",
            "4 office hours",
        ),
        ({"start": "2026-03-02 10:00", "length": "3 HALF_DAY"}, "第3个半天(所在的半天不算)", "Half day 3 after"),
        ({"start": "2024-01-31 10:00", "length": "240 WD"}, "另有9处放假或调休", "and 9 more holidays or make-up days"),
    ],
)
def test_every_reason_is_said_in_both_languages(arguments, chinese, english):
    assert chinese in why(**arguments, language="zh")
    assert english in why(**arguments, language="en-gb")


def test_steps_come_without_language_and_as_lines():
    reckoned = reckon(calendar(), start=at("2026-09-28 10:00"), limit=limit("5 WD"))
    assert [step.kind for step in reckoned.steps] == ["start", "limit", "holiday", "make_up", "due"]
    assert len(steps_text(reckoned, "zh")) == 4
