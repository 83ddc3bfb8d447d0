"""My bookings: the list, one of them, moving and cancelling it, its file for a calendar; and a number in a hall."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services
from fawang.base.organisations import selectors as organisations
from fawang.front.frame import qr
from fawang.front.frame.doors import actor_of, requires
from fawang.front.portal import booking
from fawang.kernel.errors import FawangError

REASONS = (
    ("busy", gettext_lazy("有别的事")),
    ("solved", gettext_lazy("问题已经解决")),
    ("other_place", gettext_lazy("去别处办")),
    ("other", gettext_lazy("别的原因")),
)


@require_GET
@requires("portal.see_matters")
def bookings(request: HttpRequest) -> HttpResponse:
    """My bookings that are to come, what I wait for, and what is over."""
    actor = actor_of(request)
    rows, past = meetings.my_bookings(actor), meetings.past_bookings(actor)
    waits = meetings.my_waits(actor)
    names = organisations.names([one.institution_id for one in [*rows, *past]] + [one.institution_id for one in waits])
    context = {
        "rows": [(one, names.get(one.institution_id, "")) for one in rows],
        "past": [(one, names.get(one.institution_id, "")) for one in past],
        "waits": [(one, names.get(one.institution_id, "")) for one in waits],
    }  # fmt: skip
    return render(request, "portal/booking/list.html", context)


@require_GET
@requires("portal.see_matters")
def page(request: HttpRequest, token: str) -> HttpResponse:
    """One booking: when, where, the code to say, the file for the calendar."""
    actor = actor_of(request)
    found = meetings.booking(actor, token)
    place = organisations.institution(found.institution_id)
    context = {
        "booking": found, "place": place, "picture": qr.data_uri(found.claim_code) if found.claim_code else "",
        "changes_left": meetings.changes_left(found),
        "again": reverse("portal:book", args=[place.token]),
        "other": meetings.next_free(actor, found.bookable_id) if found.is_displaced else [],
    }  # fmt: skip
    return render(request, "portal/booking/booking.html", context)


@require_http_methods(["GET", "POST"])
@requires("portal.see_matters")
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Another time for a booking, at the same desk or another of the place."""
    actor, error = actor_of(request), None
    found = meetings.booking(actor, token)
    place = organisations.institution(found.institution_id)
    what = request.GET.get("with") or found.bookable_token
    here = booking.chosen(actor, place.token, {"with": what})
    if request.method == "POST":
        bookable, _bar, at = request.POST.get("slot", "").partition("|")
        try:
            start = booking.moment_of(at)
            services.rebook(
                actor=actor, token=token, start=start or found.start,
                bookable_id=meetings.bookable_id(bookable) if bookable else None,
            )  # fmt: skip
            toasts.success(request, _("已经改好了。日历里的旧时间，请用新的日历文件更新。"))
            return redirect("portal:booking", token=token)
        except FawangError as refused:
            error = refused
    context = {
        "booking": found, "place": place, "here": here, "days": booking.days(actor, here),
        "others": [one for one in meetings.bookables(actor, place.id) if one.token != what],
        "changes_left": meetings.changes_left(found), "error": error.text if error else "",
    }  # fmt: skip
    return render(request, "portal/booking/move.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@requires("portal.see_matters")
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel a booking, saying why; the time goes to somebody who waits."""
    actor, error = actor_of(request), None
    found = meetings.booking(actor, token)
    if request.method == "POST":
        try:
            services.cancel(actor=actor, token=token, reason=request.POST.get("reason", ""))
            toasts.success(request, _("预约已取消，谢谢您提前告诉我们。"))
            return redirect("portal:booking", token=token)
        except FawangError as refused:
            if meetings.booking(actor, token).state == "CANCELLED":
                return redirect("portal:booking", token=token)
            error = refused
    context = {"booking": found, "reasons": REASONS, "error": error.text if error else ""}
    return render(request, "portal/booking/cancel.html", context, status=error.status if error else 200)


@require_GET
@requires("portal.see_matters")
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The booking as a file for the calendar of a phone."""
    actor = actor_of(request)
    place = organisations.institution(meetings.booking(actor, token).institution_id)
    site = settings.FAWANG_SITE_URL.rstrip("/")
    text = meetings.calendar_file(
        actor, token, place=place.name, address=place.address, host=site.partition("://")[2].partition(":")[0],
        url=site + reverse("portal:booking", args=[token]),
    )  # fmt: skip
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="booking.ics"'
    return response


@require_http_methods(["GET", "POST"])
@requires("meetings.take_ticket")
def queue(request: HttpRequest, token: str) -> HttpResponse:
    """A number in a hall, by its secret address: how many are before, how long, which window. It refreshes itself."""
    if request.method == "POST":
        services.leave_queue(token=token)
        return redirect("portal:queue", token=token)
    found = meetings.ticket(token)
    place = organisations.institution(found.institution_id)
    template = "portal/booking/queue_now.html" if request.headers.get("HX-Request") else "portal/booking/queue.html"
    response = render(request, template, {"ticket": found, "place": place})
    response.headers["Cache-Control"] = "no-store"
    return response
