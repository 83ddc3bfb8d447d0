"""What can go wrong with dates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import FawangError, NotFound, RefusedByRule, RefusedByState


class CalendarMissing(FawangError):
    """A year the answer needs is not loaded. Nothing is guessed. `data["year"]` names it."""

    code = "calendar.missing"
    status = 503
    is_worth_a_retry = True
    message = _(
        "还没有 %(year)s 年的工作日历，不能计算期限。请管理员运行 fawang calendar load %(year)s；"
        "国务院还没有公布的，先运行 fawang calendar provisional %(year)s。"
    )

    def __init__(self, year: int) -> None:
        super().__init__(year=year)
        self.year = year


class NotAnnounced(RefusedByRule):
    """The installed data does not have the official calendar of that year."""

    code = "calendar.not_announced"
    message = _(
        "现有数据里没有 %(year)s 年的官方放假安排。请更新 chinesecalendar 后再加载，"
        "或先运行 fawang calendar provisional %(year)s。"
    )


class AlreadyOfficial(RefusedByState):
    """A provisional year would replace an official one."""

    code = "calendar.already_official"
    message = _("%(year)s 年已有国务院公布的日历，不需要推算。个别日期有变动的，请改那一天。")


class MixedUnits(RefusedByRule):
    """An extension is counted in another kind of unit than its limit (working days and hours, for example)."""

    code = "calendar.mixed_units"
    message = _("延长的期限和原期限计算单位不同(%(limit)s 与 %(extension)s),请改用同一类单位。")


class HoursUnknown(NotFound):
    """No office hours of that name."""

    code = "calendar.hours_unknown"
    message = _("没有名为 %(hours)s 的办公时间。请先设置，或使用默认办公时间。")
