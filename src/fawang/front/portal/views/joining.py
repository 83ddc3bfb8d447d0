"""Joining: an institution asks to be put on the register, and follows what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.values import INSTITUTION_TYPES, JOINABLE, InstitutionData
from fawang.front.frame import questions
from fawang.front.frame.doors import actor_of, requires
from fawang.front.portal import directory
from fawang.kernel.errors import FawangError, Invalid

_JOIN = "organisations.apply_to_join"
_TEXTS = ("name", "type", "uscc", "licence_no", "address", "phones", "contact", "scope")


@require_http_methods(["GET", "POST"])
@requires(_JOIN)
def join(request: HttpRequest) -> HttpResponse:
    """The form, and what was asked for before."""
    if request.method != "POST":
        return _page(request)
    typed: dict[str, Any] = {name: request.POST.get(name, "").strip()[:500] for name in _TEXTS}
    typed |= {"division": directory.division_of(request.POST), "lines": request.POST.getlist("lines")}
    if questions.is_narrowing(request.POST):
        return _page(request, typed=typed)
    try:
        services.apply_to_join(actor_of(request), _data(typed), contact=typed["contact"])
    except FawangError as refusal:
        fields = dict(refusal.fields) if isinstance(refusal, Invalid) else {}
        if "division_code" in fields:
            fields[directory.AREA] = fields.pop("division_code")
        told = {"typed": typed, "errors": fields, "error": "" if fields else refusal.text}
        return _page(request, refusal.status, **told)
    toasts.success(request, _("已提交。审核结果会显示在这一页。"))
    return HttpResponseRedirect(reverse("portal:join"))


def _data(typed: dict[str, Any]) -> InstitutionData:
    division = typed["division"]
    level = divisions.get(division).level.value if divisions.exists(division) else "COUNTY"
    known = {code for code, _words in directory.choices()["line"]}
    words = typed["phones"].translate(str.maketrans("，、；;", ",,,,")).split(",")
    return InstitutionData(
        type=typed["type"], name=typed["name"], level=level, division_code=division, uscc=typed["uscc"],
        licence_no=typed["licence_no"], address=typed["address"],
        phones=tuple(word.strip() for word in words if word.strip()),
        lines=tuple(code for code in typed["lines"] if code and code in known),
        scope=tuple(line.strip() for line in typed["scope"].splitlines() if line.strip()),
    )  # fmt: skip


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    typed = more.get("typed", {})
    context = {
        "mine": organisations.my_applications(actor_of(request)),
        "types": [(code, INSTITUTION_TYPES[code][0]) for code in JOINABLE],
        "lines": [row for row in directory.choices()["line"] if row[0]],
        "area": directory.area_field(typed.get("division", "")), "typed": typed,
    }  # fmt: skip
    return render(request, "portal/directory/join.html", {**context, **more}, status=status)


@require_POST
@requires(_JOIN)
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take an application back while it waits."""
    services.withdraw_application(actor_of(request), request.POST.get("token", "")[:40])
    toasts.success(request, _("已撤回。"))
    return HttpResponseRedirect(reverse("portal:join"))
