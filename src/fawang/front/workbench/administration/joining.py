"""Applications of institutions to join or to have their record changed; and an institution's own record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.values import ApplicationValue
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.administration import choices
from fawang.front.workbench.administration.fields import is_only_looking
from fawang.front.workbench.administration.institution_form import data_of, form_of, labels
from fawang.front.workbench.administration.institutions import MANAGE
from fawang.kernel.errors import FawangError, Invalid, NotFound

OWN = "organisations.keep_own_record"


@requires(MANAGE)
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for a decision in one's area, oldest first."""
    rows = [(one, _area(one)) for one in organisations.waiting_applications(actor_of(request))]
    return render(request, "workbench/joining.html", {"rows": rows})


def _area(one: ApplicationValue) -> str:
    known = divisions.exists(one.division_code)
    return divisions.full_name(one.division_code, get_language() or "") if known else one.division_code


@requires(MANAGE)
def page(request: HttpRequest, token: str) -> HttpResponse:
    """One application: what is asked for, and the two answers."""
    if request.method != "POST":
        return _page(request, token)
    actor, typed = actor_of(request), request.POST
    try:
        if typed.get("answer") == "approve":
            issued = services.approve_application(actor, token, username=typed.get("username", "").strip())
            if issued is not None:
                return render(
                    request, "workbench/issued.html", {"issued": issued, "back": reverse("workbench:joining")}
                )
            messages.success(request, _("已通过，名册已更新。"))
        else:
            services.refuse_application(actor, token, reason=typed.get("reason", ""))
            messages.success(request, _("已退回，申请人会看到原因。"))
    except FawangError as refusal:
        if isinstance(refusal, NotFound):
            raise
        fields = dict(refusal.fields) if isinstance(refusal, Invalid) else {}
        told = {"errors": fields, "error": "" if fields else refusal.text, "typed": typed}
        return _page(request, token, refusal.status, **told)
    return HttpResponseRedirect(reverse("workbench:joining"))


def _page(request: HttpRequest, token: str, status: int = 200, **more: Any) -> HttpResponse:
    one = organisations.application(actor_of(request), token)
    names = labels()
    context = {
        "one": one, "area": _area(one),
        "rows": [(names.get(name, name), _words(name, old), _words(name, new)) for name, old, new in one.rows],
    }  # fmt: skip
    return render(request, "workbench/application.html", {**context, **more}, status=status)


def _words(name: str, value: str) -> str:
    """Lines and fields of law in words; the rest is in words already."""
    if name not in {"lines", "domains"} or not value:
        return value
    codes = value.split("，")
    known = dict(choices.lines(*codes) if name == "lines" else choices.domains(*codes))
    return _("、").join(str(known[code]) for code in codes)


@requires(OWN)
def own_record(request: HttpRequest) -> HttpResponse:
    """An institution's administrator puts its record right: some of it at once, the rest after approval."""
    actor = actor_of(request)
    place = organisations.institution(actor.unit_id or 0)
    form = form_of(place, request.POST if request.method == "POST" else None)
    waiting = [one for one in organisations.my_applications(actor, institution_id=place.id) if one.status == "WAITING"]
    if request.method == "POST" and not is_only_looking(request.POST):
        try:
            at_once, asked = services.propose_change(actor, place.id, data_of(form, root=place.division_code))
        except FawangError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _own_words(at_once, asked))
            return HttpResponseRedirect(reverse("workbench:institution", args=[place.token]))
    context = {"form": form, "place": place, "waiting": waiting, "is_own": True}
    return render(request, "workbench/institution_form.html", context, status=form.status)


def _own_words(at_once: list[str], asked: list[str]) -> str:
    if asked and at_once:
        return _("电话、地址、开放时间等的改动已经生效；其余的已提交主管司法行政机关审核。")
    if asked:
        return _("已提交主管司法行政机关审核，通过后生效。")
    return _("已保存。") if at_once else _("没有改动。")
