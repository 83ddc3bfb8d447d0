"""Accounts and roles in one institution: who has which, new colleagues, giving and ending roles."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.identity import services as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.values import UNIT_ROLES, InstitutionValue, MembershipValue
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.workbench.administration import choices
from fawang.front.workbench.administration.fields import Field, Form
from fawang.front.workbench.administration.institutions import tabs
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.policy import Actor

MEMBERS = "organisations.see_members"
ROLES = "organisations.manage_roles"
PEOPLE = "organisations.manage_people"
NEW = "new_"


def _rights(actor: Actor, place: InstitutionValue) -> dict[str, bool]:
    """What of this page the actor may use: any role, ordinary roles, making colleagues, issuing passwords."""
    gives_any = may_enter(actor, ROLES)
    has_people = organisations.reaches(actor, PEOPLE, place)
    return {
        "may_give": gives_any or has_people,
        "gives_any": gives_any,
        "may_add": has_people and may_enter(actor, "identity.manage_accounts"),
        "sees_accounts": may_enter(actor, "identity.see_accounts"),
    }


def _give_fields(actor: Actor, place: InstitutionValue, members: list[MembershipValue]) -> tuple[Field, ...]:
    names = {row.username: f"{row.account_name} · {row.username}" for row in members if row.account_is_active}
    who = (
        Field("username", _("用户名"), is_required=True, hint=_("账号由系统管理员建立。"), most=64)
        if may_enter(actor, "identity.see_accounts")
        else Field("username", _("谁"), "select", is_required=True, choices=tuple(sorted(names.items())))
    )
    return (
        who,
        Field("role", _("角色"), "select", is_required=True, choices=choices.roles(is_any=may_enter(actor, ROLES))),
        Field("valid_to", _("到哪天为止"), "date", _("不填就一直有效，直到收回。")),
    )


def _colleague_fields() -> tuple[Field, ...]:
    return (
        Field("username", _("用户名"), is_required=True, hint=_("小写字母开头，可用小写字母、数字和 . _ -。"), most=64),
        Field("display_name", _("姓名"), "name", is_required=True, most=100),
        Field("phone", _("手机号"), "phone"),
        Field("role", _("角色"), "select", is_required=True, choices=choices.roles(is_any=False)),
    )


def _page(request: HttpRequest, place: InstitutionValue, **forms: Form) -> HttpResponse:
    actor = actor_of(request)
    members = organisations.members(actor, place.id)
    rights = _rights(actor, place)
    by_account = sorted(members, key=lambda row: (row.is_ended, row.username, row.id))
    people = [
        (rows[0], rows, all(row.role in UNIT_ROLES for row in rows))
        for _name, found in groupby(sorted(by_account, key=lambda row: row.username), key=lambda row: row.username)
        if (rows := [row for row in found if not row.is_ended])
    ]
    wrong = next((form for form in forms.values() if form.status != 200), None)
    context: dict[str, Any] = {
        **tabs(actor, place, "accounts"), **rights, "people": people, "wrong": wrong,
        "ended": [row for row in members if row.is_ended][-20:],
        "give": forms.get("give") or Form(_give_fields(actor, place, members), {}),
        "colleague": forms.get("colleague") or Form(_colleague_fields(), {"role": "HANDLER"}, prefix=NEW),
    }  # fmt: skip
    return render(request, "workbench/unit_accounts.html", context, status=wrong.status if wrong else 200)


@requires(MEMBERS)
def listing(request: HttpRequest, token: str) -> HttpResponse:
    """Who has which roles here; giving a role to an account that exists."""
    actor, place = actor_of(request), organisations.institution_by_token(token)
    if request.method != "POST":
        return _page(request, place)
    form = Form(_give_fields(actor, place, organisations.members(actor, place.id)), {}, request.POST)
    try:
        account_id = organisations.account_in(actor, place.id, form.text("username"))
        if account_id is None:
            form.errors["username"] = _("没有这个用户名，请核对。")
        until = form.day("valid_to")
        form.must_be_right()
        services.add_membership(
            actor, account_id=account_id or 0, institution_id=place.id, role=form.text("role"), valid_to=until
        )
    except FawangError as refusal:
        form.refuse(refusal)
        return _page(request, place, give=form)
    messages.success(request, _("已授予角色，下一次操作起生效。"))
    return HttpResponseRedirect(request.path)


@requires(PEOPLE)
def add_colleague(request: HttpRequest, token: str) -> HttpResponse:
    """A new account with its first role here; its one-time password is shown this once."""
    actor, place = actor_of(request), organisations.institution_by_token(token)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("workbench:unit-accounts", args=[token]))
    form = Form(_colleague_fields(), {}, request.POST, prefix=NEW)
    try:
        issued = services.add_colleague(
            actor, institution_id=place.id, username=form.text("username"), display_name=form.text("display_name"),
            phone=form.text("phone"), role=form.text("role"),
        )  # fmt: skip
    except FawangError as refusal:
        form.refuse(refusal)
        return _page(request, place, colleague=form)
    back = reverse("workbench:unit-accounts", args=[token])
    return render(request, "workbench/issued.html", {"issued": issued, "back": back, "is_new": True})


@requires(MEMBERS)
def end_role(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End a role now, for a reason that is kept."""
    actor = actor_of(request)
    row = organisations.membership(actor, membership_id)
    back = reverse("workbench:unit-accounts", args=[organisations.institution(row.institution_id).token])
    form = Form((Field("reason", _("为什么收回"), is_required=True, most=200),), {}, request.POST or None)
    if request.method == "POST":
        try:
            if not form.text("reason"):
                raise Invalid({"reason": _("请写明收回的原因。")})
            services.end_membership(actor, row.id, reason=form.text("reason"))
            messages.success(request, _("已收回角色，立即生效。"))
            return HttpResponseRedirect(back)
        except FawangError as refusal:
            form.refuse(refusal)
    context = {"row": row, "form": form, "back": back}
    return render(request, "workbench/end_role.html", context, status=form.status)


@requires(PEOPLE)
def issue_password(request: HttpRequest, token: str, account_id: int) -> HttpResponse:
    """A new one-time password for one of the institution's ordinary people."""
    back = reverse("workbench:unit-accounts", args=[token])
    if request.method != "POST":
        return HttpResponseRedirect(back)
    issued = identity.reset_password(actor_of(request), account_id)
    return render(request, "workbench/issued.html", {"issued": issued, "back": back, "is_new": False})
