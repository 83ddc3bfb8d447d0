"""Why a limit ends when it does, in one plain sentence, in Chinese or English."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fawang.base.calendar.values import Family, Limit, Reckoned, Step, Unit
from fawang.kernel import clock

_MOST_DIFFERENCES = 6
_MINUTE = 60_000_000
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def code_of(language: str) -> str:
    """The installation's code of a language given as zh, zh-hans, en, en-gb …"""
    return "en" if language.lower().startswith("en") else "zh-hans"


class _Words:
    """Dates and amounts in one language; the year is said only where it is not the one said before."""

    def __init__(self, language: str) -> None:
        self.is_english = language == "en"
        self.year = 0

    def day(self, day: date, *, full: bool = False) -> str:
        says_year = full or day.year != self.year
        self.year = day.year
        if self.is_english:
            return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if says_year else "")
        return (f"{day.year}年" if says_year else "") + f"{day.month}月{day.day}日"

    def span(self, first: date, last: date) -> str:
        if first == last:
            return self.day(first)
        if self.is_english:
            if (first.year, first.month) == (last.year, last.month):
                return f"{first.day}-{self.day(last)}"
            begin = self.day(first)
            return f"{begin} to {self.day(last)}"
        begin = self.day(first)
        is_same_month = (first.year, first.month) == (last.year, last.month)
        return begin + "至" + (f"{last.day}日" if is_same_month else self.day(last))

    def moment(self, at: datetime, *, full: bool = False) -> str:
        local = clock.local(at)
        clock_time = f"{local:%H:%M:%S}" if local.second or local.microsecond else f"{local:%H:%M}"
        text = self.day(local.date(), full=full)
        return f"{clock_time} on {text}" if self.is_english else f"{text}{clock_time}"

    def weekday(self, day: date) -> str:
        return _WEEKDAYS_EN[day.weekday()] if self.is_english else f"周{_WEEKDAYS_ZH[day.weekday()]}"


def _length(limit: Limit) -> str:
    """A limit as an amount: 5 working days."""
    count, data = limit.value, {"count": limit.value}
    match limit.unit:
        case Unit.MINUTE:
            return ngettext("%(count)s分钟", "%(count)s分钟", count) % data
        case Unit.HOUR:
            return ngettext("%(count)s小时", "%(count)s小时", count) % data
        case Unit.WORK_HOUR:
            return ngettext("%(count)s个办公小时", "%(count)s个办公小时", count) % data
        case Unit.HALF_DAY:
            return ngettext("%(count)s个半天", "%(count)s个半天", count) % data
        case Unit.WD:
            return ngettext("%(count)s个工作日", "%(count)s个工作日", count) % data
        case Unit.CD:
            return ngettext("%(count)s天", "%(count)s天", count) % data
        case Unit.MONTH:
            return ngettext("%(count)s个月", "%(count)s个月", count) % data
        case Unit.YEAR:
            return ngettext("%(count)s年", "%(count)s年", count) % data


def _amount(amount: int, family: Family) -> str:
    """What a pause added or left over."""
    if family is Family.WORKING:
        return ngettext("%(count)s个工作日", "%(count)s个工作日", amount) % {"count": amount}
    if family is Family.CALENDAR:
        return ngettext("%(count)s天", "%(count)s天", amount) % {"count": amount}
    if family is Family.HALVES:
        return ngettext("%(count)s个半天", "%(count)s个半天", amount) % {"count": amount}
    hours, minutes = divmod(amount // _MINUTE, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s小时", "%(count)s小时", hours) % {"count": hours})
    if minutes or not hours:
        parts.append(ngettext("%(count)s分钟", "%(count)s分钟", minutes) % {"count": minutes})
    return (" " if translation.get_language() == "en" else "").join(parts)


def _opening(reckoned: Reckoned, words: _Words) -> str:
    """From when what is counted."""
    limit, start = reckoned.limit, reckoned.start
    data: dict[str, str | int] = {"count": limit.value, "length": _length(limit)}
    match limit.family:
        case Family.WORKING:
            data["start"] = words.day(clock.local(start).date(), full=True)
            return _("从%(start)s起第%(count)s个工作日(当天不算)") % data
        case Family.CALENDAR:
            data["start"] = words.day(clock.local(start).date(), full=True)
            if limit.unit is Unit.CD:
                return _("从%(start)s起第%(count)s天(当天不算)") % data
            return _("从%(start)s起满%(length)s") % data
        case Family.HALVES:
            data["start"] = words.moment(start, full=True)
            return _("从%(start)s起第%(count)s个半天(所在的半天不算)") % data
        case Family.OFFICE:
            data["start"] = words.moment(start, full=True)
            return _("从%(start)s起满%(length)s(下班、午休和休息日不算)") % data
        case Family.WALL:
            data["start"] = words.moment(start, full=True)
            return _("从%(start)s起满%(length)s") % data


def _step(step: Step, reckoned: Reckoned, words: _Words) -> str:
    """One step in words; empty for those that the opening or the ending says."""
    data = step.data
    match step.kind:
        case "extension":
            return _("延长%(length)s") % {"length": _length(Limit(int(data["value"]), Unit(str(data["unit"]))))}
        case "pause":
            begin = words.moment(datetime.fromisoformat(str(data["begin"])))
            end = words.moment(datetime.fromisoformat(str(data["end"])))
            added = _amount(int(data["added"]), reckoned.limit.family)
            return _("%(begin)s至%(end)s暂停，顺延%(added)s") % {"begin": begin, "end": end, "added": added}
        case "paused":
            begin = words.moment(datetime.fromisoformat(str(data["begin"])))
            remains = _amount(int(data["remains"]), reckoned.limit.family)
            return _("%(begin)s起暂停，还剩%(remains)s") % {"begin": begin, "remains": remains}
        case "holiday":
            span = words.span(date.fromisoformat(str(data["from"])), date.fromisoformat(str(data["to"])))
            return _("%(span)s放假不计") % {"span": span}
        case "make_up":
            day = date.fromisoformat(str(data["day"]))
            return _("%(day)s(%(weekday)s)调休上班计入") % {"day": words.day(day), "weekday": words.weekday(day)}
        case "moved":
            first, last = date.fromisoformat(str(data["from"])), date.fromisoformat(str(data["to"]))
            return _("最后一天%(first)s是休息日，顺延到下一个工作日%(last)s") % {
                "first": words.day(first),
                "last": words.day(last),
            }
        case "provisional":
            return _("%(year)s年的放假安排还没有公布，暂按法定节假日推算，公布后会重新计算并告知") % {
                "year": data["year"]
            }
        case _:
            return ""


def _ending(reckoned: Reckoned, words: _Words) -> str:
    if reckoned.due_at is None:
        return _("恢复以后才能算出到哪一天为止。")
    if reckoned.last_day is not None:
        return _("所以到%(day)s24时为止。") % {"day": words.day(reckoned.last_day, full=True)}
    return _("所以到%(moment)s为止。") % {"moment": words.moment(reckoned.due_at, full=True)}


def lines(reckoned: Reckoned, language: str) -> list[str]:
    """The steps of a reckoning, each in words: opening, what was added or left out, and the end."""
    code = code_of(language)
    with translation.override(code):
        words = _Words(code)
        said = [_opening(reckoned, words)]
        steps = reckoned.steps
        differing = [step for step in steps if step.kind in {"holiday", "make_up"}]
        for step in steps:
            if step in differing[_MOST_DIFFERENCES:]:
                continue
            text = _step(step, reckoned, words)
            if text:
                said.append(text)
            if step in differing and step is differing[min(len(differing), _MOST_DIFFERENCES) - 1]:
                more = len(differing) - _MOST_DIFFERENCES
                if more > 0:
                    said.append(
                        ngettext("另有%(count)s处放假或调休", "另有%(count)s处放假或调休", more) % {"count": more}
                    )
        return [*said, _ending(reckoned, words)]


def sentence(reckoned: Reckoned, language: str) -> str:
    """Why the limit ends when it does, in one sentence (`language` begins with zh or en)."""
    parts = lines(reckoned, language)
    if code_of(language) == "en":
        return "; ".join(parts[:-1]) + "; " + parts[-1]
    return "；".join(parts[:-1]) + "，" + parts[-1]
