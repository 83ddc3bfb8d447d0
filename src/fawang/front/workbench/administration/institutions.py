"""The register of institutions: find, register, put right, open and close."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.selectors import Wanted
from fawang.base.organisations.values import STATUS_MOVES, STATUS_NAMES, InstitutionValue, Status
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.workbench.administration import choices, hours
from fawang.front.workbench.administration.fields import Field, Form, is_only_looking
from fawang.front.workbench.administration.institution_form import data_of, form_of
from fawang.front.workbench.lines import line_name
from fawang.kernel import clock
from fawang.kernel.errors import FawangError
from fawang.kernel.policy import Actor

MANAGE = "organisations.manage_institutions"
PAGE_SIZE = 30
_AREA = Field("area", "", "division")


def wanted_of(request: HttpRequest) -> Wanted:
    """The filters in the address; what is no code counts as none."""
    query = request.GET
    known: dict[str, Any] = {"text": query.get("text", "").strip()[:60]}
    for name, rows in (("type", choices.types()), ("level", choices.levels()), ("status", choices.statuses())):
        if query.get(name, "") in {code for code, _words in rows}:
            known["types" if name == "type" else name] = [query[name]] if name == "type" else query[name]
    if query.get("line", "") in {code for code, _words in choices.lines()}:
        known["line"] = query["line"]
    code = Form((_AREA,), {}, query).text("area")
    if code and divisions.exists(code):
        known["division"] = code
    return cast("Wanted", {name: value for name, value in known.items() if value})


@requires("workbench.see_register")
def listing(request: HttpRequest) -> HttpResponse:
    """Institutions by pinyin, narrowed by type, level, place, line, status and words."""
    actor, wanted = actor_of(request), wanted_of(request)
    page = organisations.institutions(**wanted, after=request.GET.get("after", ""), limit=PAGE_SIZE)
    language, today = get_language() or "", clock.today()
    rows = [(one, divisions.full_name(one.division_code, language), is_over(one, today)) for one in page.rows]
    area = Form((_AREA,), {"area": wanted.get("division", "")}).rows[0]
    context = {
        "rows": rows, "count": organisations.count_institutions(**wanted), "next": page.next, "area": area,
        "is_filtered": bool(wanted), "has_previous": bool(request.GET.get("after")), "text": wanted.get("text", ""),
        "types": choices.types(), "levels": choices.levels(), "lines": choices.lines(), "statuses": choices.statuses(),
        "chosen": request.GET, "may_register": may_enter(actor, MANAGE),
    }  # fmt: skip
    return render(request, "workbench/institutions.html", context)


def is_over(one: InstitutionValue, today: Any) -> bool:
    """Whether its licence has run out."""
    return one.licence_valid_to is not None and one.licence_valid_to < today


def tabs(actor: Actor, place: InstitutionValue, current: str) -> dict[str, Any]:
    """What every page about one institution shows above: its name, its pages that the actor may open."""
    pages = (
        ("overview", _("概况"), "workbench:institution", ""),
        ("windows", _("窗口与预约"), "workbench:windows", ""),
        ("people", _("人员"), "workbench:unit-people", "organisations.manage_people"),
        ("accounts", _("账号与角色"), "workbench:unit-accounts", "organisations.see_members"),
    )
    shown = [
        (words, reverse(url, args=[place.token]), code == current)
        for code, words, url, permission in pages
        if not permission or organisations.reaches(actor, permission, place)
    ]
    return {"place": place, "tabs": shown}


def _page(request: HttpRequest, place: InstitutionValue, status: int = 200, **more: object) -> HttpResponse:
    actor, language = actor_of(request), get_language() or ""
    moves = STATUS_MOVES[Status(place.status)] if organisations.reaches(actor, MANAGE, place) else ()
    context = {
        **tabs(actor, place, "overview"),
        "area": divisions.full_name(place.division_code, language),
        "level": dict(choices.levels())[place.level],
        "parent": organisations.institution(place.parent_id) if place.parent_id else None,
        "hours": hours.words(hours.of_open_hours(place.hours)),
        "lines": [line_name(line) for line in place.lines],
        "domains": [words for code, words in choices.domains(*place.domains) if code in place.domains],
        "languages": [words for code, words in choices.languages(*place.languages) if code in place.languages],
        "is_over": is_over(place, clock.today()),
        "may_change": organisations.reaches(actor, MANAGE, place),
        "may_keep": organisations.reaches(actor, "organisations.keep_own_record", place),
        "moves": [(move.value, STATUS_NAMES[move]) for move in moves],
    }
    return render(request, "workbench/institution.html", {**context, **more}, status=status)


@requires("workbench.see_register")
def page(request: HttpRequest, token: str) -> HttpResponse:
    """One institution: its record, and what may be changed."""
    return _page(request, organisations.institution_by_token(token))


def _form_page(request: HttpRequest, form: Form, place: InstitutionValue | None) -> HttpResponse:
    mark = request.POST.get("mark") or (place.mark if place else "")
    context: dict[str, Any] = {"form": form, "mark": mark}
    if place is not None:
        context |= tabs(actor_of(request), place, "")
    return render(request, "workbench/institution_form.html", context, status=form.status)


@requires(MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Register an institution."""
    form = form_of(None, request.POST if request.method == "POST" else None)
    if request.method != "POST" or is_only_looking(request.POST):
        return _form_page(request, form, None)
    try:
        made = services.register_institution(actor_of(request), data_of(form, root=settings.FAWANG_PROVINCE))
    except FawangError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, None)
    messages.success(request, _("已登记。接下来可以登记窗口、人员和账号。"))
    return HttpResponseRedirect(reverse("workbench:institution", args=[organisations.institution(made).token]))


@requires(MANAGE)
def edit(request: HttpRequest, token: str) -> HttpResponse:
    """Put an institution's record right."""
    place = organisations.institution_by_token(token)
    form = form_of(place, request.POST if request.method == "POST" else None)
    if request.method != "POST" or is_only_looking(request.POST):
        return _form_page(request, form, place)
    try:
        data = data_of(form, root=settings.FAWANG_PROVINCE)
        changed = services.change_institution(actor_of(request), place.id, data, mark=request.POST.get("mark", ""))
    except FawangError as refusal:
        form.refuse(refusal)
        return _form_page(request, form, place)
    messages.success(request, _("已保存。") if changed else _("没有改动。"))
    return HttpResponseRedirect(reverse("workbench:institution", args=[token]))


@requires(MANAGE)
def set_status(request: HttpRequest, token: str) -> HttpResponse:
    """Suspend, resume, revoke or close, with the reason that everybody may read."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    place = organisations.institution_by_token(token)
    status, reason = request.POST.get("status", ""), request.POST.get("reason", "")
    try:
        services.change_status(actor_of(request), place.id, status=status, reason=reason)
    except FawangError as refusal:
        form = Form((), {})
        form.refuse(refusal)
        return _page(request, place, form.status, errors=form.errors, error=form.sentence, typed=request.POST)
    messages.success(request, _("状态已变更，立即生效，并向社会公开。"))
    return HttpResponseRedirect(reverse("workbench:institution", args=[token]))
