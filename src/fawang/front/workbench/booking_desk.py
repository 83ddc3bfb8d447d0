"""Booking for somebody at the desk; moving, cancelling, lifting the limit for them."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.identity import services as identities
from fawang.base.identity.values import PartyData
from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.values import BookingView, DayOffer
from fawang.base.organisations import selectors as organisations
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.bookings import named, unit_of
from fawang.kernel import clock
from fawang.kernel.errors import FawangError, Invalid, NotFound
from fawang.kernel.policy import Actor

_DAYS = 14


def _start(text: str) -> tuple[int, datetime]:
    """A button's `bookable|start`. Raises NotFound."""
    token, _bar, start = text.partition("|")
    try:
        found = datetime.fromisoformat(start)
    except ValueError:
        raise NotFound from None
    return meetings.bookable_id(token), found if found.tzinfo else found.replace(tzinfo=clock.SHANGHAI)


@requires("meetings.book")
def new(request: HttpRequest, token: str) -> HttpResponse:
    """Book for somebody who called or came: who, then a free time."""
    actor = actor_of(request)
    place = unit_of(actor, token, "meetings.book")
    desks = meetings.bookables(actor, place.id)
    desk = next((one for one in desks if one.token == request.GET.get("with", "")), None)
    typed = {name: request.POST.get(name, "").strip() for name in ("name", "phone", "purpose")}
    error, fields = "", {}
    if request.method == "POST" and desk is not None:
        try:
            done = _book(actor, request.POST.get("slot", ""), typed)
            day = f"{clock.local(done.start):%Y-%m-%d}"
            messages.success(request, _("已约好，当事人会收到短信。"))
            return HttpResponseRedirect(reverse("workbench:bookings", args=[token]) + f"?day={day}")
        except FawangError as refused:
            fields = dict(refused.fields) if isinstance(refused, Invalid) else {}
            error = "" if fields else refused.text
    context = {
        "place": place, "desks": desks, "desk": desk, "typed": typed, "error": error, "errors": fields,
        "days": _days(actor, desk.id) if desk else [],
    }  # fmt: skip
    return render(request, "workbench/bookings/new.html", context, status=422 if error or fields else 200)


def _days(actor: Actor, bookable_id: int) -> list[DayOffer]:
    return [day for day in meetings.days_of(actor, bookable_id, days=_DAYS) if day.slots]


def _book(actor: Actor, slot: str, typed: dict[str, str]) -> BookingView:
    bookable_id, start = _start(slot)
    if not typed["name"] or not typed["phone"]:
        raise Invalid({name: _("请填写") for name in ("name", "phone") if not typed[name]})
    party = identities.take_party(actor, PartyData(name=typed["name"], phone=typed["phone"]))
    return services.book(actor=actor, bookable_id=bookable_id, start=start, party_id=party.id, purpose=typed["purpose"])


@requires("meetings.receive")
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """One booking at the desk: move it, cancel it, lift the limit of who missed several."""
    actor, error = actor_of(request), ""
    found = meetings.booking(actor, token)
    place = organisations.institution(found.institution_id)
    if not organisations.reaches(actor, "meetings.receive", place):
        raise NotFound
    if request.method == "POST":
        try:
            messages.success(request, _done(request, actor, found))
            return HttpResponseRedirect(reverse("workbench:booking", args=[token]))
        except FawangError as refused:
            error = refused.text
    missed = meetings.missed_of(found.party_id) if found.party_id else 0
    context = {
        "place": place, "booking": found, "name": named([found])[0][1], "error": error, "missed": missed,
        "days": _days(actor, found.bookable_id) if found.state == "BOOKED" else [],
        "may_book": organisations.reaches(actor, "meetings.book", place), "today": _today(found),
    }  # fmt: skip
    return render(request, "workbench/bookings/booking.html", context, status=422 if error else 200)


def _today(found: BookingView) -> date:
    return clock.local(found.start).date()


def _done(request: HttpRequest, actor: Actor, found: BookingView) -> str:
    what, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()
    if what == "lift":
        services.lift_limit(actor=actor, token=found.token, reason=request.POST.get("why", ""))
        return _("已恢复自己预约，原因已记下。")
    if what == "cancel":
        if not reason:
            raise Invalid({"reason": Invalid.message})
        services.cancel(actor=actor, token=found.token, reason=reason)
        return _("已取消，当事人会收到消息。")
    bookable_id, start = _start(request.POST.get("slot", ""))
    services.rebook(actor=actor, token=found.token, start=start, bookable_id=bookable_id)
    return _("已改期，当事人会收到消息。")
