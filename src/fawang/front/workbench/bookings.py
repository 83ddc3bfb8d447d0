"""An institution's calendar: who comes when, by day and week, which desks are closed, closing one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fawang.base.identity import selectors as identity
from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.errors import SpanWrong
from fawang.base.meetings.values import BookableValue, BookingView, ClosureKind
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel import clock
from fawang.kernel.errors import FawangError, NotFound
from fawang.kernel.policy import Actor

_WEEK = 7


def unit_of(actor: Actor, token: str, permission: str = "meetings.receive") -> InstitutionValue:
    """The institution, if the actor holds the permission there. Raises NotFound."""
    place = organisations.institution_by_token(token)
    if not organisations.reaches(actor, permission, place):
        raise NotFound
    return place


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.today()


@requires("meetings.receive")
def own(request: HttpRequest) -> HttpResponse:
    """The calendar of one's own institution."""
    unit = actor_of(request).unit_id
    if unit is None:
        raise NotFound
    return HttpResponseRedirect(reverse("workbench:bookings", args=[organisations.institution(unit).token]))


def named(rows: list[BookingView]) -> list[tuple[BookingView, str]]:
    """Bookings with the masked names of who comes."""
    names = identity.masked_names({one.party_id for one in rows if one.party_id})
    return [(one, names.get(one.party_id or 0, "")) for one in rows]


@requires("meetings.receive")
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A day or a week of an institution: bookings, closures, what is free."""
    actor = actor_of(request)
    place, day = unit_of(actor, token), _day(request.GET.get("day", ""))
    is_week = request.GET.get("view") == "week"
    first = day - timedelta(days=day.weekday()) if is_week else day
    days = _WEEK if is_week else 1
    rows = named(meetings.day_list(actor, place.id, first, days=days))
    desks = meetings.bookables(actor, place.id)
    context = {
        "place": place, "day": day, "is_week": is_week, "first": first, "last": first + timedelta(days=days - 1),
        "before": first - timedelta(days=days), "after": first + timedelta(days=days), "today": clock.today(),
        "rows": rows, "week": _week(rows, desks, first) if is_week else [],
        "dates": [first + timedelta(days=number) for number in range(days)],
        "desks": _desks(actor, place, desks, first) if not is_week else [],
        "closures": meetings.closures(actor, place.id, since=first, days=days),
        "displaced": named(meetings.displaced(actor, place.id)),
        "waiting": meetings.waiting_count(actor, place.id),
        "may_close": organisations.reaches(actor, "meetings.close", place),
        "may_book": organisations.reaches(actor, "meetings.book", place),
    }  # fmt: skip
    return render(request, "workbench/bookings/calendar.html", context)


def _week(rows: list[tuple[BookingView, str]], desks: list[BookableValue], first: date) -> list[tuple[str, list[Any]]]:
    """A row for each desk: what is booked on each day."""
    names = {one.id: one.name for one in desks} | {one.bookable_id: one.bookable_name for one, _name in rows}
    found: dict[int, list[list[Any]]] = {desk: [[] for _ in range(_WEEK)] for desk in names}
    for one, name in rows:
        found[one.bookable_id][(clock.local(one.start).date() - first).days].append((one, name))
    return [(names[desk], columns) for desk, columns in found.items()]


def _desks(actor: Actor, place: InstitutionValue, desks: list[BookableValue], day: date) -> list[tuple[Any, int]]:
    free: dict[int, int] = {}
    for slot in meetings.free_slots(actor, institution_id=place.id, from_date=day, days=1):
        free[slot.bookable_id] = free.get(slot.bookable_id, 0) + slot.left
    return [(one, free.get(one.id, 0)) for one in desks]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return None


@requires("meetings.close")
def close(request: HttpRequest, token: str) -> HttpResponse:
    """Close a desk for hours or days; everybody inside is told, listed, and offered other times."""
    actor = actor_of(request)
    place, error = unit_of(actor, token, "meetings.close"), ""
    typed = {name: request.POST.get(name, "") for name in ("desk", "begin", "end", "kind")}
    if request.method == "POST":
        try:
            begin, end = _moment(typed["begin"]), _moment(typed["end"])
            if begin is None or end is None:
                raise SpanWrong
            _closure, inside = services.close(
                actor=actor, bookable_id=meetings.bookable_id(typed["desk"]), begin=begin, end=end, kind=typed["kind"]
            )
            messages.success(request, _("已停办。"))
            if inside:
                messages.warning(request, _told(len(inside)))
            day = f"{begin:%Y-%m-%d}"
            return HttpResponseRedirect(reverse("workbench:bookings", args=[token]) + f"?day={day}#displaced")
        except FawangError as refused:
            error = refused.text
    context = {
        "place": place, "desks": meetings.bookables(actor, place.id), "kinds": ClosureKind.choices, "typed": typed,
        "error": error,
    }  # fmt: skip
    return render(request, "workbench/bookings/close.html", context, status=422 if error else 200)


def _told(count: int) -> str:
    sentence = ngettext(
        "这段时间里有 %(count)d 个预约，已经通知当事人改期，没有改的列在下面。",
        "这段时间里有 %(count)d 个预约，已经通知当事人改期，没有改的列在下面。",
        count,
    )
    return sentence % {"count": count}


@requires("meetings.close")
def lift(request: HttpRequest, token: str, closure_id: int) -> HttpResponse:
    """Open a closed desk again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = actor_of(request)
    place = unit_of(actor, token, "meetings.close")
    services.lift_closure(actor=actor, closure_id=closure_id)
    messages.success(request, _("已恢复办理。"))
    return HttpResponseRedirect(reverse("workbench:bookings", args=[place.token]))
