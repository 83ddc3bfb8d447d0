"""The people of an institution: who is on its roll, with which licence, in which hours, and who is away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fawang.base.meetings import selectors as meetings
from fawang.base.meetings.values import BookableValue, Kind
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.values import InstitutionValue, PractitionerData, PractitionerRecord
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.administration import choices
from fawang.front.workbench.administration.fields import Field, Form, is_only_looking
from fawang.front.workbench.administration.institutions import tabs
from fawang.front.workbench.administration.windows import BOOK, change_booking, hours_form, open_for_booking
from fawang.kernel import clock
from fawang.kernel.errors import FawangError, NotFound
from fawang.kernel.policy import VISITOR

PEOPLE = "organisations.manage_people"


def _leave_fields(people: list[PractitionerRecord]) -> tuple[Field, ...]:
    names = tuple((row.person.token, row.person.name) for row in people if row.person.is_active)
    who = (Field("person", _("谁"), "select", is_required=True, choices=names),) if len(people) != 1 else ()
    return (
        *who,
        Field("begin", _("从哪天"), "date", is_required=True),
        Field("end", _("到哪天（含）"), "date", is_required=True),
        Field("reason", _("原因"), most=100),
    )


def _unit(request: HttpRequest, token: str) -> InstitutionValue:
    """The institution of the address, or the actor's own."""
    actor = actor_of(request)
    if token:
        return organisations.institution_by_token(token)
    if actor.unit_id is None:
        raise NotFound
    return organisations.institution(actor.unit_id)


def _listing(request: HttpRequest, place: InstitutionValue, form: Form | None = None) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    people = organisations.roll(actor, place.id)
    leaves = organisations.leaves(actor, place.id)
    away = {leave.practitioner_id for leave in leaves if leave.begin <= today <= leave.end}
    rows = [
        (row, row.person.id in away, row.person.licence_valid_to is not None and row.person.licence_valid_to < today)
        for row in people
    ]
    form = form or Form(_leave_fields(people), {})
    context = {**tabs(actor, place, "people"), "rows": rows, "leaves": leaves, "form": form}
    return render(request, "workbench/people.html", context, status=form.status)


@requires(PEOPLE)
def listing(request: HttpRequest, token: str = "") -> HttpResponse:
    """Everybody on the roll, who is away, and the days to come."""
    return _listing(request, _unit(request, token))


@requires(PEOPLE)
def record_leave(request: HttpRequest, token: str = "") -> HttpResponse:
    """Record days on which somebody gets no work."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor, place = actor_of(request), _unit(request, token)
    people = organisations.roll(actor, place.id)
    form = Form(_leave_fields(people), {}, request.POST)
    wanted = request.POST.get("person", "")
    record = next((row for row in people if wanted == row.person.token or len(people) == 1), None)
    try:
        if record is None:
            form.errors["person"] = _("请选择人员。")
        _keep_leave(request, form, record)
    except FawangError as refusal:
        form.refuse(refusal)
        return _listing(request, place, form)
    return HttpResponseRedirect(_back(request, place.token))


def _keep_leave(request: HttpRequest, form: Form, record: PractitionerRecord | None) -> None:
    begin, end = form.day("begin", is_required=True), form.day("end", is_required=True)
    form.must_be_right()
    if record is None or begin is None or end is None:
        raise NotFound
    services.record_leave(
        actor_of(request), practitioner_id=record.person.id, begin=begin, end=end, reason=form.text("reason")
    )
    messages.success(request, _("已登记请假，这几天不会再分派工单。"))


@requires(PEOPLE)
def cancel_leave(request: HttpRequest, leave_id: int) -> HttpResponse:
    """Take a leave back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    services.cancel_leave(actor_of(request), leave_id)
    messages.success(request, _("已取消请假。"))
    return HttpResponseRedirect(_back(request, request.POST.get("unit", "")))


def _back(request: HttpRequest, unit: str) -> str:
    """The person's, the unit's or one's own unit's page that a small form was on."""
    person = request.POST.get("on", "")
    if person.isalnum() and person.isascii():
        return reverse("workbench:person", args=[person])
    if unit.isalnum() and unit.isascii():
        return reverse("workbench:unit-people", args=[unit])
    return reverse("workbench:people")


# --- one person ------------------------------------------------------------------------------------------------------
def _fields(record: PractitionerRecord | None, accounts: tuple[tuple[str, str], ...]) -> tuple[Field, ...]:
    domains, languages = (record.person.domains, record.person.languages) if record else ((), ())
    return (
        Field("name", _("姓名"), "name", is_required=True, most=100, section=_("人员和执业证")),
        Field("kind", _("人员类别"), "select", is_required=True, choices=choices.kinds()),
        Field("licence_no", _("执业证号"), hint=_("律师、公证员、司法鉴定人、基层法律服务工作者必须填写。"), most=40),
        Field("licensed_on", _("首次执业日期"), "date"),
        Field("licence_valid_to", _("执业证有效期到哪天"), "date", _("长期有效的不填。")),
        Field(
            "account", _("登录账号"), "select", _("有账号、又有“承办人”角色的人，才能在网上办案。"), choices=accounts
        ),
        Field("domains", _("擅长的领域"), "choices", choices=choices.domains(*domains), section=_("业务与承接能力")),
        Field("languages", _("服务语言"), "choices", choices=choices.languages(*languages)),
        Field("capacity", _("同时最多承办多少件"), "number", _("0 表示没有说明上限。")),
    )  # fmt: skip


def _accounts(request: HttpRequest, place: InstitutionValue, record: PractitionerRecord | None) -> dict[str, int]:
    """The accounts of the institution's members, by user name; the person's own is among them even when it is over."""
    actor = actor_of(request)
    rows = (
        organisations.members(actor, place.id)
        if organisations.reaches(actor, "organisations.see_members", place)
        else []
    )
    found = {row.username: row.account_id for row in rows if row.is_active and row.account_is_active}
    if record is not None and record.account_id is not None:
        found[record.username] = record.account_id
    return found


def _form(
    request: HttpRequest, place: InstitutionValue, record: PractitionerRecord | None, post: QueryDict | None
) -> tuple[Form, dict[str, int]]:
    accounts = _accounts(request, place, record)
    fields = _fields(record, tuple((name, name) for name in sorted(accounts)))
    return Form(fields, _values(record) if record else {"languages": ["zh"]}, post), accounts


def _values(record: PractitionerRecord) -> dict[str, Any]:
    person = record.person
    return {
        "name": person.name, "kind": person.kind, "licence_no": person.licence_no,
        "licensed_on": record.licensed_on.isoformat() if record.licensed_on else "",
        "licence_valid_to": person.licence_valid_to.isoformat() if person.licence_valid_to else "",
        "account": record.username, "domains": list(person.domains), "languages": list(person.languages),
        "capacity": record.capacity,
    }  # fmt: skip


def _data(form: Form, accounts: dict[str, int]) -> PractitionerData:
    if form.text("account") and form.text("account") not in accounts:
        form.errors["account"] = _("请从列表中选择。")
    data = PractitionerData(
        name=form.text("name"),
        kind=form.text("kind"),
        licence_no=form.text("licence_no"),
        licensed_on=form.day("licensed_on"),
        licence_valid_to=form.day("licence_valid_to"),
        account_id=accounts.get(form.text("account")),
        domains=form.many("domains"),
        languages=form.many("languages"),
        capacity=form.number("capacity"),
    )
    form.must_be_right()
    return data


@requires(PEOPLE)
def new(request: HttpRequest, token: str) -> HttpResponse:
    """Put somebody on the roll."""
    place = organisations.institution_by_token(token)
    form, accounts = _form(request, place, None, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            data = _data(form, accounts)
            services.register_practitioner(actor_of(request), institution_id=place.id, **vars(data))
            messages.success(request, _("已登记人员。"))
            return HttpResponseRedirect(reverse("workbench:unit-people", args=[token]))
        except FawangError as refusal:
            form.refuse(refusal)
    context = {**tabs(actor_of(request), place, "people"), "form": form}
    return render(request, "workbench/person.html", context, status=form.status)


def _bookable(record: PractitionerRecord) -> BookableValue | None:
    """What can be booked of the person, where it is open."""
    rows = meetings.bookables(VISITOR, record.person.institution_id)
    return next((row for row in rows if row.kind == Kind.PERSON and row.practitioner_id == record.person.id), None)


def _person_page(request: HttpRequest, record: PractitionerRecord, **forms: Form) -> HttpResponse:
    actor, place = actor_of(request), organisations.institution(record.person.institution_id)
    bookable = _bookable(record)
    leaves = [row for row in organisations.leaves(actor, place.id) if row.practitioner_id == record.person.id]
    form = forms.get("form") or _form(request, place, record, None)[0]
    times = forms.get("times") or hours_form(bookable)
    wrong = next((one for one in forms.values() if one.status != 200), None)
    context = {
        **tabs(actor, place, "people"), "record": record, "form": form, "wrong": wrong, "leaves": leaves,
        "bookable": bookable, "times": times if organisations.reaches(actor, BOOK, place) else None,
        "leave_form": Form(_leave_fields([record]), {}),
    }  # fmt: skip
    return render(request, "workbench/person.html", context, status=wrong.status if wrong else 200)


@requires(PEOPLE)
def person(request: HttpRequest, token: str) -> HttpResponse:
    """One person: their record, their days off, their hours."""
    record = organisations.practitioner_record(actor_of(request), token)
    if request.method != "POST":
        return _person_page(request, record)
    place = organisations.institution(record.person.institution_id)
    form, accounts = _form(request, place, record, request.POST)
    try:
        services.change_practitioner(actor_of(request), record.person.id, _data(form, accounts))
    except FawangError as refusal:
        form.refuse(refusal)
        return _person_page(request, record, form=form)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("workbench:person", args=[token]))


@requires(BOOK)
def person_hours(request: HttpRequest, token: str) -> HttpResponse:
    """When a person can be booked."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    record = organisations.practitioner_record(actor_of(request), token)
    place, bookable = organisations.institution(record.person.institution_id), _bookable(record)
    times = hours_form(bookable, request.POST)
    if is_only_looking(request.POST):
        return _person_page(request, record, times=times)
    try:
        if bookable is None:
            open_for_booking(
                request, times, place, kind="PERSON", name=record.person.name[:60], practitioner_id=record.person.id
            )
        else:
            change_booking(request, times, bookable)
    except FawangError as refusal:
        times.refuse(refusal)
        return _person_page(request, record, times=times)
    return HttpResponseRedirect(reverse("workbench:person", args=[token]))


@requires(PEOPLE)
def leave_unit(request: HttpRequest, token: str) -> HttpResponse:
    """The person leaves the institution today."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    record = organisations.practitioner_record(actor_of(request), token)
    services.end_practice(actor_of(request), record.person.id)
    messages.success(request, _("已办理离开，不再分派工单，执业证可以在别处登记。账号角色请到“账号与角色”里收回。"))
    unit = organisations.institution(record.person.institution_id).token
    return HttpResponseRedirect(reverse("workbench:unit-people", args=[unit]))
