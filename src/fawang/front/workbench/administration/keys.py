"""Partners' keys: issue one (shown this once), list them, revoke them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.values import ROLES
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.administration import choices
from fawang.front.workbench.administration.fields import Field, Form
from fawang.kernel import ids
from fawang.kernel.errors import FawangError

KEYS = "organisations.manage_keys"


def _fields() -> tuple[Field, ...]:
    return (
        Field("unit", _("给哪个机构"), is_required=True, hint=_("填写已登记机构的全称或简称。"), most=100),
        Field("name", _("用途"), is_required=True, hint=_("例如“12345 平台转办”。"), most=60),
        Field("roles", _("以什么角色办理"), "choices", is_required=True, choices=choices.key_roles()),
        Field("valid_to", _("到哪天为止"), "date", _("不填就一直有效，直到吊销。")),
    )


def _page(request: HttpRequest, form: Form | None = None, **more: object) -> HttpResponse:
    number = ids.row_number(request.GET.get("before", "")) or 0
    page = organisations.all_keys(actor_of(request), before=number)
    rows = [(key, [ROLES[role] for role in key.roles if role in ROLES]) for key in page.rows]
    form = form or Form(_fields(), {"unit": request.GET.get("unit", "")})
    context = {"rows": rows, "next": page.next, "has_previous": bool(number), "form": form, **more}
    return render(request, "workbench/partner_keys.html", context, status=form.status)


@requires(KEYS)
def listing(request: HttpRequest) -> HttpResponse:
    """All keys, newest first; a new one is shown once, on the answer to its form."""
    if request.method != "POST":
        return _page(request)
    form = Form(_fields(), {}, request.POST)
    try:
        place = organisations.institution_named(form.text("unit"))
        if place is None:
            form.errors["unit"] = _("没有叫这个名称的机构，或不止一个。请核对。")
        until = form.day("valid_to")
        form.must_be_right()
        plain = services.create_key(
            actor_of(request), institution_id=place.id if place else 0, name=form.text("name"),
            roles=form.many("roles"), valid_to=until,
        )  # fmt: skip
    except FawangError as refusal:
        form.refuse(refusal)
        return _page(request, form)
    return render(request, "workbench/key_issued.html", {"plain": plain, "place": place, "name": form.text("name")})


@requires(KEYS)
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """The key works no more from the next request on."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        services.revoke_key(actor_of(request), key_id, reason=request.POST.get("reason", ""))
    except FawangError as refusal:
        form = Form(_fields(), {})
        form.refuse(refusal)
        return _page(request, form, wrong_key=key_id)
    messages.success(request, _("已吊销，下一次调用起失效。"))
    return HttpResponseRedirect(reverse("workbench:partner-keys"))
