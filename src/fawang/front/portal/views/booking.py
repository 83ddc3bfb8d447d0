"""Booking a time: what, when, check, done."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.meetings.errors import AlreadyBooked, AlreadyWaiting, FullyBooked
from fawang.base.meetings.values import BookableValue, BookingView, DayOffer, FreeSlot
from fawang.base.organisations import selectors as organisations
from fawang.front.frame import answers
from fawang.front.frame.doors import actor_of, requires
from fawang.front.frame.refusals import login_url
from fawang.front.portal import booking
from fawang.front.portal.booking import Chosen
from fawang.kernel import clock, policy
from fawang.kernel.errors import FawangError, NotFound, NotLoggedIn
from fawang.kernel.policy import Actor


@require_GET
@requires("portal.see")
def where(request: HttpRequest) -> HttpResponse:
    """Where to go: places that take bookings, found by name."""
    text = request.GET.get("q", "").strip()[:60]
    booking.service(request.GET.get("service", ""))
    context = {"q": text, "rows": booking.places(actor_of(request), text), "service": request.GET.get("service", "")}
    return render(request, "portal/booking/where.html", context)


def _chosen(request: HttpRequest, token: str) -> Chosen:
    return booking.chosen(actor_of(request), token, {name: request.GET.get(name, "") for name in request.GET})


@require_GET
@requires("portal.see")
def book(request: HttpRequest, token: str) -> HttpResponse:
    """What to book at a place; then its days and free times."""
    actor, here = actor_of(request), _chosen(request, token)
    if here.what is None and not here.is_any:
        rows = booking.offered(actor, here.place, here.item)
        if len(rows) == 1:
            return redirect(here.address("book", **{"with": rows[0][0].token}))
        has_windows = sum(one.kind == "WINDOW" for one, _fits in rows) > 1
        options = [(one, fits, here.address("book", **{"with": one.token})) for one, fits in rows]
        any_window = here.address("book", **{"with": booking.ANY}) if has_windows else ""
        return render(request, "portal/booking/what.html", {"here": here, "options": options, "any_window": any_window})
    offers = booking.days(actor, here)
    return render(request, "portal/booking/times.html", {**_times(here, offers), "here": here})


def _times(here: Chosen, offers: list[DayOffer]) -> dict[str, object]:
    first = booking.first_free(offers)
    days = [(day, [(slot, _check(here, slot)) for slot in day.slots]) for day in offers]
    return {
        "days": days, "first": (first, _check(here, first)) if first else None, "count": booking.DAYS,
        "wait": here.address("book-wait") if here.what is not None and offers and first is None else "",
        "what_else": here.address("book", **{"with": ""}),
        "full_days": [day.day for day in offers if day.is_full], "wait_at": here.address("book-wait"),
        "may_wait": here.what is not None,
    }  # fmt: skip


def _check(here: Chosen, slot: FreeSlot) -> str:
    return here.address("book-check", **{"with": slot.bookable_token, "at": booking.wall(slot.start)})


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Everything once more, and who comes; logging in comes back here with what was chosen."""
    actor, here = actor_of(request), _chosen(request, token)
    if here.what is None or here.start is None:
        return redirect(here.address("book"))
    error = None
    if request.method == "POST":
        try:
            return redirect("portal:booking", token=_book(actor, here, request.POST.get("purpose", "")).token)
        except NotLoggedIn:
            raise
        except FawangError as refused:
            error = refused
    day = clock.local(here.start).date()
    is_free = error is None and any(
        slot.start == here.start for slot in meetings.free_slots(actor, bookable_id=here.what.id, from_date=day, days=1)
    )
    others = [] if is_free else meetings.next_free(actor, here.what.id)
    context = {
        "here": here, "end": here.start + timedelta(minutes=here.what.slot_minutes),
        "purpose": request.POST.get("purpose", _purpose(here)), "error": error.text if error else "",
        "next": [(slot, _check(here, slot)) for slot in others if slot.start != here.start], "is_free": is_free,
        "login": login_url(request, "citizen", request.get_full_path()) if actor.is_anonymous else "",
        "may_book": bool(policy.scopes(actor, "portal.apply")), "back": here.address("book"),
    }  # fmt: skip
    return render(request, "portal/booking/check.html", context, status=error.status if error else 200)


def _purpose(here: Chosen) -> str:
    return answers.in_language(here.item, "", get_language() or "")[:200] if here.item else ""


def _book(actor: Actor, here: Chosen, purpose: str) -> BookingView:
    policy.require(actor, "portal.apply")
    if here.what is None or here.start is None:
        raise NotFound
    try:
        return services.book(
            actor=actor, bookable_id=here.what.id, start=here.start, purpose=purpose,
            service_code=here.item.code if here.item else "",
        )  # fmt: skip
    except (AlreadyBooked, FullyBooked):
        # a double click, or going back and sending again: the first one is shown
        for one in meetings.my_bookings(actor):
            if one.bookable_id == here.what.id and one.start == here.start:
                return one
        raise


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def wait(request: HttpRequest, token: str) -> HttpResponse:
    """Wait for the first free time in a span of days."""
    actor, here, error = actor_of(request), _chosen(request, token), None
    if here.what is None:
        return redirect(here.address("book"))
    typed = {name: request.POST.get(name) or request.GET.get(name, "") for name in ("first", "last")}
    if request.method == "POST":
        if actor.is_anonymous:
            raise NotLoggedIn
        try:
            return redirect("portal:wait", token=_join(actor, here, here.what, typed))
        except FawangError as refused:
            error = refused
    context = {
        "here": here, "typed": typed, "error": error.text if error else "", "back": here.address("book"),
        "full": [day.day for day in meetings.days_of(actor, here.what.id, days=booking.DAYS) if day.is_full],
        "login": login_url(request, "citizen", request.get_full_path()) if actor.is_anonymous else "",
        "may_book": bool(policy.scopes(actor, "portal.apply")),
    }  # fmt: skip
    return render(request, "portal/booking/wait_join.html", context, status=error.status if error else 200)


def _join(actor: Actor, here: Chosen, what: BookableValue, typed: dict[str, str]) -> str:
    """The token of one's place in the line; after a double click the one that one has."""
    policy.require(actor, "portal.apply")
    first = booking.day_of(typed["first"]) or clock.today()
    try:
        return services.join_waiting(
            actor=actor, bookable_id=what.id, first_day=first, last_day=booking.day_of(typed["last"]) or first,
            purpose=_purpose(here), service_code=here.item.code if here.item else "",
        ).token  # fmt: skip
    except AlreadyWaiting:
        for one in meetings.my_waits(actor):
            if one.bookable_token == what.token:
                return one.token
        raise


@require_http_methods(["GET", "POST"])
@requires("portal.see_matters")
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """One's place on a waiting list; what is offered is taken or left with one tap."""
    actor, error = actor_of(request), None
    found = meetings.wait(actor, token)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "take":
                return redirect("portal:booking", token=services.accept_offer(actor=actor, token=token).token)
            services.leave_waiting(actor=actor, token=token)
            toasts.success(request, _("已退出等候。"))
            return redirect(reverse("portal:bookings"))
        except FawangError as refused:
            error, found = refused, meetings.wait(actor, token)
    place = organisations.institution(found.institution_id)
    context = {"wait": found, "place": place, "error": error.text if error else ""}
    return render(request, "portal/booking/wait.html", context, status=error.status if error else 200)
