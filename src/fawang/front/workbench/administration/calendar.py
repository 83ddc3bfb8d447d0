"""The calendar of working days: which years there are, what is special in them, and what a change moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fawang.base.calendar import events as calendar_events
from fawang.base.calendar import selectors, services
from fawang.base.calendar.values import DayKind, DayValue, YearStatus
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.administration.fields import Field, Form
from fawang.kernel import clock, ids
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.events import selectors as events
from fawang.kernel.events.values import Recorded

CHANGE = "calendar.change"
# the engine's word for clocks that a changed calendar moved
MOVED = "workorders.due_moved.v1"
YEARS_AHEAD = 3
SHOWN_CHANGES = 8
COUNTED_TO = 1_000
STATUS_NAMES: dict[str, str | Promise] = {
    YearStatus.OFFICIAL: gettext_lazy("国务院已公布"),
    YearStatus.PROVISIONAL: gettext_lazy("推算，等公布"),
    "": gettext_lazy("还没有"),
}
DAY_NAMES: dict[DayKind, str | Promise] = {
    DayKind.HOLIDAY: gettext_lazy("放假"),
    DayKind.MAKE_UP: gettext_lazy("调休上班"),
}


@dataclass(frozen=True)
class Year:
    """A year as the list shows it; `can_load` when the announcement is here, `can_compute` when it is not; what is
    loaded `can_reload`: an update of the program may bring a changed announcement."""

    year: int
    status: str
    words: str | Promise
    source: str
    can_load: bool
    can_compute: bool
    can_reload: bool


@dataclass(frozen=True)
class Change:
    """One change of the calendar, and how many limits of how many orders it moved."""

    at: Any
    what: str
    reason: str
    revision: int
    orders: str
    clocks: str


def years() -> list[Year]:
    """Every year that is there, that could be loaded, or that limits soon run into."""
    known = {row.year: row for row in selectors.years()}
    announced, today = set(selectors.announced_years()), clock.today().year
    wanted = sorted(
        set(known) | {year for year in announced if year >= today - 1} | set(range(today, today + YEARS_AHEAD))
    )
    return [
        Year(
            year=year,
            status=known[year].status if year in known else "",
            words=STATUS_NAMES[known[year].status if year in known else ""],
            source=known[year].source if year in known else "",
            can_load=year in announced and (year not in known or known[year].status != YearStatus.OFFICIAL),
            can_compute=year not in announced and year not in known,
            can_reload=year in announced and year in known and year >= today,
        )
        for year in wanted
    ]


def days_of(year: int) -> list[DayValue]:
    """Every day of a loaded year."""
    snapshot = selectors.current()
    return [day for month in range(1, 13) for day in snapshot.month(year, month)]


def changes() -> list[Change]:
    """The latest changes with what they moved."""
    rows = events.stream(calendar_events.STREAM)[-SHOWN_CHANGES:]
    return [_change(row) for row in reversed(rows)]


def _change(row: Recorded) -> Change:
    data = row.data or {}
    revision = int(data.get("revision", 0))
    moved = events.search(
        names=[MOVED],
        mentioning=("revision", revision),
        since=row.at,
        until=row.at + timedelta(days=1),
        limit=COUNTED_TO,
    ).rows
    clocks = sum(len((one.data or {}).get("clocks", ())) for one in moved)
    more = "+" if len(moved) >= COUNTED_TO else ""
    reason = str(data.get("reason", ""))
    return Change(row.at, _what(row.name, data), reason, revision, f"{len(moved):,}{more}", f"{clocks:,}{more}")


def _what(name: str, data: dict[str, Any]) -> str:
    if name == calendar_events.DAY_CHANGED:
        said = _("%(day)s 改为上班") if data.get("is_working") else _("%(day)s 改为休息")
        return said % {"day": data.get("day", "")}
    if name == calendar_events.YEAR_LOADED:
        said = _("载入 %(year)s 年，%(count)d 天有变化")
        return said % {"year": data.get("year"), "count": len(data.get("changed", ()))}
    return _("办公时间有变化")


def _fields() -> tuple[Field, ...]:
    kinds = (("working", _("上班")), ("off", _("休息")))
    return (
        Field("date", _("哪一天"), "date", is_required=True),
        Field("is_working", _("这一天"), "choice", is_required=True, choices=kinds),
        Field("name", _("名称"), hint=_("例如“国庆节调休”。"), most=40),
        Field(
            "reason", _("依据"), is_required=True, hint=_("写明公布的通知，例如“国办发明电〔2026〕7 号”。"), most=200
        ),
    )


def _page(request: HttpRequest, form: Form | None = None, error: str = "") -> HttpResponse:
    all_years = years()
    asked = ids.row_number(request.GET.get("year", "")) or 0
    loaded = [row.year for row in all_years if row.status]
    year = asked if asked in loaded else clock.today().year
    every = days_of(year) if year in loaded else []
    english = (get_language() or "").startswith("en")
    form = form or Form(_fields(), {})
    context = {
        "years": all_years, "year": year, "is_loaded": year in loaded, "form": form, "sentence": error or form.sentence,
        "days": [
            (day, DAY_NAMES[day.kind], day.name_en if english and day.name_en else day.name)
            for day in every
            if day.kind in DAY_NAMES
        ],
        "working": sum(day.is_working for day in every),
        "changes": changes(),
    }  # fmt: skip
    return render(request, "workbench/calendar.html", context, status=422 if error else form.status)


@requires(CHANGE)
def page(request: HttpRequest) -> HttpResponse:
    """Years, the special days of one of them, and the latest changes."""
    return _page(request)


@requires(CHANGE)
def load(request: HttpRequest) -> HttpResponse:
    """Load an announced year, or compute one that is not announced yet."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor, year = actor_of(request), (ids.row_number(request.POST.get("year", "")) or 0)
    try:
        if request.POST.get("act") == "compute":
            loaded = services.load_provisional(actor, year)
        else:
            loaded = services.load_official(actor, [year], replace_by_hand=request.POST.get("replace") == "yes")
    except FawangError as refusal:
        return _page(request, error=refusal.text)
    said = _("已载入 %(year)d 年，%(count)d 天有变化。在办工单的时限几秒内重新计算。")
    messages.success(request, said % {"year": year, "count": len(loaded.changed)})
    if loaded.kept:
        days = _("、").join(day.isoformat() for day in loaded.kept)
        messages.info(request, _("手工设置的日子没有改：%(days)s") % {"days": days})
    return HttpResponseRedirect(f"{reverse('workbench:calendar')}?year={year}")


@requires(CHANGE)
def set_day(request: HttpRequest) -> HttpResponse:
    """Say by hand whether people work on a day, and on what announcement that rests."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = Form(_fields(), {}, request.POST)
    try:
        day = form.day("date", is_required=True)
        if form.text("is_working") not in {"working", "off"}:
            form.errors["is_working"] = _("请选择这一天上班还是休息。")
        form.must_be_right()
        is_working = form.text("is_working") == "working"
        services.set_day(actor_of(request), day or date.min, is_working, form.text("name"), form.text("reason"))
    except FawangError as refusal:
        form.refuse(refusal)
        if not isinstance(refusal, Invalid):
            form.status = 422
        return _page(request, form)
    messages.success(request, _("已设置。在办工单的时限几秒内重新计算，移动了的会通知当事人和承办人。"))
    return HttpResponseRedirect(f"{reverse('workbench:calendar')}?year={day.year if day else ''}")
