"""An institution's windows, rooms and online desks: what there is, and when it can be booked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services as booking
from fawang.base.meetings.values import BookableValue, BookingView, Kind
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.values import InstitutionValue, WindowValue
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.administration import choices, hours
from fawang.front.workbench.administration.fields import Field, Form, is_only_looking
from fawang.front.workbench.administration.institutions import MANAGE, tabs
from fawang.front.workbench.lines import line_name
from fawang.kernel import clock
from fawang.kernel.errors import FawangError, NotFound
from fawang.kernel.policy import VISITOR

BOOK = "meetings.manage"
_ROOMS = (Kind.ROOM, Kind.ONLINE)


def _window_fields(window: WindowValue | None) -> tuple[Field, ...]:
    return (
        Field("name", _("窗口名称"), is_required=True, most=60, hint=_("例如“2 号法律咨询窗口”。")),
        Field("lines", _("办理的业务"), "choices", choices=choices.lines(*(window.lines if window else ()))),
        Field("is_accessible", _("无障碍（低位柜台、轮椅可到）"), "yes_no", is_required=True),
        *((Field("is_open", _("正在使用"), "yes_no", is_required=True),) if window else ()),
    )


def _opening_fields(*, is_new: bool, asks_kind: bool = False) -> tuple[Field, ...]:
    kinds = tuple((kind.value, kind.label) for kind in _ROOMS)
    first = (
        Field("kind", _("是什么"), "choice", is_required=True, choices=kinds),
        Field("name", _("名称"), is_required=True, most=60, hint=_("例如“调解室一”“在线调解室”。")),
        Field("name_en", _("英文名称"), most=120),
    )  # fmt: skip
    hours_ = (
        Field("opening", _("可以预约的时间"), "hours", _("上午、下午分开填。法定节假日不开放；周末要开放就选上周末。")),
        Field("slot_minutes", _("每次多少分钟"), "number", _("5 到 480。"), is_required=True),
        Field("seats", _("同一时间接待几位"), "number", _("1 到 500。"), is_required=True),
    )
    more = (
        Field("buffer_minutes", _("两次之间隔几分钟"), "number", _("0 到 240。")),
        Field("notice_minutes", _("最晚提前多少分钟预约"), "number", _("0 到 43200（30 天）。")),
        Field("horizon_days", _("最早提前多少天预约"), "number", _("1 到 180。")),
        Field("works_on_holidays", _("法定节假日也开放"), "yes_no", is_required=True),
    )
    return (*(first if asks_kind else ()), *hours_, *(more if is_new else ()))


_OFFICE = {str(day): [["09:00", "12:00"], ["13:30", "17:00"]] for day in range(1, 6)}
_NEW: dict[str, Any] = {
    "opening": hours.of_pattern(_OFFICE), "slot_minutes": 30, "seats": 1, "buffer_minutes": 0, "notice_minutes": 60,
    "horizon_days": 30, "works_on_holidays": "no", "kind": "ROOM",
}  # fmt: skip


def _stored(bookable: BookableValue) -> dict[str, Any]:
    return {
        "opening": hours.of_pattern(bookable.opening),
        "slot_minutes": bookable.slot_minutes,
        "seats": bookable.seats,
    }


def open_for_booking(request: HttpRequest, form: Form, place: InstitutionValue, **what: Any) -> None:
    """Open something for booking with the hours of the form. Raises what `open_bookable` raises."""
    rows = form.stretches("opening")
    names = ("slot_minutes", "seats", "buffer_minutes", "notice_minutes", "horizon_days")
    slot, seats, buffer, notice, horizon = (form.number(name, default=_NEW[name]) for name in names)
    form.must_be_right()
    booking.open_bookable(
        actor=actor_of(request), institution_id=place.id, opening_hours=hours.as_pattern(rows),
        works_on_holidays=form.is_yes("works_on_holidays"), slot_minutes=slot, seats=seats, buffer_minutes=buffer,
        notice_minutes=notice, horizon_days=horizon, **what,
    )  # fmt: skip
    messages.success(request, _("已开放预约。"))


def change_booking(request: HttpRequest, form: Form, bookable: BookableValue) -> None:
    """Keep the hours of the form, and say which bookings no longer fit. Raises what `change_bookable` raises."""
    rows, is_open = form.stretches("opening"), request.POST.get("act") != "stop"
    slot, seats = form.number("slot_minutes", default=30), form.number("seats", default=1)
    form.must_be_right()
    left_over = booking.change_bookable(
        actor=actor_of(request), bookable_id=bookable.id, opening_hours=hours.as_pattern(rows), slot_minutes=slot,
        seats=seats, is_open=is_open,
    )  # fmt: skip
    messages.success(request, _("预约时间已保存。") if is_open else _("已停止预约。"))
    if left_over:
        messages.warning(request, _told(left_over))


def _told(left_over: list[BookingView]) -> str:
    times = [clock.local(one.start).strftime("%Y-%m-%d %H:%M") for one in left_over[:5]]
    count = len(left_over)
    sentence = ngettext(
        "有 %(count)d 个预约不在新的时间里，请联系当事人改期：%(times)s",
        "有 %(count)d 个预约不在新的时间里，请联系当事人改期：%(times)s",
        count,
    )
    return sentence % {"count": count, "times": _("、").join(times)}


@requires("workbench.see_register")
def listing(request: HttpRequest, token: str) -> HttpResponse:
    """The windows, rooms and desks of an institution, with their hours."""
    actor, place = actor_of(request), organisations.institution_by_token(token)
    windows = [
        (window, [line_name(line) for line in window.lines], _hours(meetings.bookable_of_window(VISITOR, window.id)))
        for window in organisations.windows(place.id, only_open=False)
    ]
    rooms = [(one, _hours(one)) for one in meetings.bookables(VISITOR, place.id) if one.kind in _ROOMS]
    context = {
        **tabs(actor, place, "windows"), "windows": windows, "rooms": rooms, "kinds": dict(Kind.choices),
        "may_add": organisations.reaches(actor, MANAGE, place), "may_book": organisations.reaches(actor, BOOK, place),
    }  # fmt: skip
    return render(request, "workbench/windows.html", context)


def _hours(bookable: BookableValue | None) -> list[tuple[str, str]]:
    return hours.words(hours.of_pattern(bookable.opening)) if bookable is not None and bookable.is_open else []


def _page(request: HttpRequest, place: InstitutionValue, **context: object) -> HttpResponse:
    forms = [form for form in context.values() if isinstance(form, Form)]
    wrong = next((form for form in forms if form.status != 200), None)
    shown = {**tabs(actor_of(request), place, "windows"), "wrong": wrong, **context}
    return render(request, "workbench/window.html", shown, status=wrong.status if wrong else 200)


@requires(MANAGE)
def new_window(request: HttpRequest, token: str) -> HttpResponse:
    """Open a window."""
    place = organisations.institution_by_token(token)
    form = Form(_window_fields(None), {"is_accessible": "yes"}, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            services.add_window(
                actor_of(request), place.id, name=form.text("name"), lines=form.many("lines"),
                is_accessible=form.is_yes("is_accessible"),
            )  # fmt: skip
            messages.success(request, _("已登记窗口。接下来可以设置预约时间。"))
            return HttpResponseRedirect(reverse("workbench:windows", args=[token]))
        except FawangError as refusal:
            form.refuse(refusal)
    return _page(request, place, window_form=form)


def _about(request: HttpRequest, token: str) -> tuple[WindowValue, InstitutionValue, BookableValue | None]:
    found = organisations.window_by_token(token)
    return found, organisations.institution(found.institution_id), meetings.bookable_of_window(VISITOR, found.id)


def _window_page(request: HttpRequest, token: str, **forms: Form) -> HttpResponse:
    actor, (found, place, bookable) = actor_of(request), _about(request, token)
    may_change, may_book = (organisations.reaches(actor, permission, place) for permission in (MANAGE, BOOK))
    if not (may_change or may_book):
        raise NotFound
    values = {
        "name": found.name, "lines": list(found.lines), "is_accessible": found.is_accessible, "is_open": found.is_open,
    }  # fmt: skip
    shown = {
        "window_form": forms.get("window_form") or Form(_window_fields(found), values) if may_change else None,
        "hours_form": forms.get("hours_form") or hours_form(bookable) if may_book else None,
    }
    return _page(request, place, window=found, bookable=bookable, **shown)


def hours_form(bookable: BookableValue | None, post: QueryDict | None = None) -> Form:
    """The hours of something that can be booked, or those of an office for something that cannot yet."""
    return Form(_opening_fields(is_new=bookable is None), _stored(bookable) if bookable else _NEW, post)


@requires("workbench.see_register")
def window(request: HttpRequest, token: str) -> HttpResponse:
    """One window: its name and use, and when it can be booked. Each part for whoever may change it."""
    return _window_page(request, token)


@requires(MANAGE)
def change_window(request: HttpRequest, token: str) -> HttpResponse:
    """Rename a window, say what it is for, close it or open it again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found, _place, _bookable = _about(request, token)
    form = Form(_window_fields(found), {}, request.POST)
    try:
        services.change_window(
            actor_of(request), found.id, name=form.text("name"), lines=form.many("lines"),
            is_accessible=form.is_yes("is_accessible"), is_open=form.is_yes("is_open"),
        )  # fmt: skip
    except FawangError as refusal:
        form.refuse(refusal)
        return _window_page(request, token, window_form=form)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("workbench:window", args=[token]))


@requires(BOOK)
def change_hours(request: HttpRequest, token: str) -> HttpResponse:
    """Open a window for booking, change its hours, or stop."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found, place, bookable = _about(request, token)
    form = hours_form(bookable, request.POST)
    if is_only_looking(request.POST):
        return _window_page(request, token, hours_form=form)
    try:
        if bookable is None:
            open_for_booking(request, form, place, kind="WINDOW", name=found.name, window_id=found.id)
        else:
            change_booking(request, form, bookable)
    except FawangError as refusal:
        form.refuse(refusal)
        return _window_page(request, token, hours_form=form)
    return HttpResponseRedirect(reverse("workbench:window", args=[token]))


@requires(BOOK)
def new_room(request: HttpRequest, token: str) -> HttpResponse:
    """Open a room or an online desk for booking."""
    place = organisations.institution_by_token(token)
    fields = _opening_fields(is_new=True, asks_kind=True)
    form = Form(fields, _NEW, request.POST if request.method == "POST" else None)
    if request.method == "POST" and not is_only_looking(request.POST):
        try:
            kind = form.text("kind") if form.text("kind") in _ROOMS else ""
            open_for_booking(request, form, place, kind=kind, name=form.text("name"), name_en=form.text("name_en"))
            return HttpResponseRedirect(reverse("workbench:windows", args=[token]))
        except FawangError as refusal:
            form.refuse(refusal)
    return _page(request, place, hours_form=form, is_room=True)


@requires(BOOK)
def room(request: HttpRequest, token: str, bookable_token: str) -> HttpResponse:
    """Change the hours of a room or an online desk, or stop taking bookings for it."""
    actor, place = actor_of(request), organisations.institution_by_token(token)
    found = next((one for one in meetings.bookables(VISITOR, place.id) if one.token == bookable_token), None)
    if found is None or not organisations.reaches(actor, BOOK, place):
        raise NotFound
    form = Form(_opening_fields(is_new=False), _stored(found), request.POST if request.method == "POST" else None)
    if request.method == "POST" and not is_only_looking(request.POST):
        try:
            change_booking(request, form, found)
            return HttpResponseRedirect(reverse("workbench:windows", args=[token]))
        except FawangError as refusal:
            form.refuse(refusal)
    return _page(request, place, hours_form=form, bookable=found, is_room=True)
