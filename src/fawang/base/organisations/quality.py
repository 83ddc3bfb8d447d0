"""What is missing or wrong in the register, for those who keep it: each count opens its list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fawang.base.divisions.values import prefix
from fawang.base.organisations.finding import after_key
from fawang.base.organisations.models import Institution, Practitioner, ServedLine
from fawang.base.organisations.services.institutions import MANAGE
from fawang.base.organisations.showing import institution_value
from fawang.base.organisations.values import Page, Status
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor, Scope, require

SOON = timedelta(days=60)
Rows = QuerySet[Institution]


def _there() -> Q:
    return Q(left_on__isnull=True) | Q(left_on__gt=clock.today())


def _people() -> QuerySet[Practitioner]:
    return Practitioner.objects.filter(_there(), institution=OuterRef("pk"))


def _expired(rows: Rows) -> Rows:
    return rows.filter(licence_valid_to__lt=clock.today())


def _expiring(rows: Rows) -> Rows:
    return rows.filter(licence_valid_to__gte=clock.today(), licence_valid_to__lte=clock.today() + SOON)


def _without_people(rows: Rows) -> Rows:
    return rows.filter(Exists(ServedLine.objects.filter(institution=OuterRef("pk")))).exclude(Exists(_people()))


def _of_one_name(rows: Rows) -> Rows:
    others = Institution.objects.exclude(pk=OuterRef("pk")).exclude(status=Status.CLOSED)
    return rows.filter(Exists(others.filter(name=OuterRef("name"), division_code=OuterRef("division_code"))))


def _with_expired_people(rows: Rows) -> Rows:
    return rows.filter(Exists(_people().filter(licence_valid_to__lt=clock.today())))


# what is looked for: the sentence, what to do about it, and which rows it is true of
CHECKS: dict[str, tuple[str | Promise, str | Promise, Callable[[Rows], Rows]]] = {
    "no_coordinates": (
        _("没有坐标"),
        _("补上经纬度，群众才能看到有多远、怎么去。"),
        lambda rows: rows.filter(Q(lng__isnull=True) | Q(lat__isnull=True)),
    ),
    "licence_expired": (_("许可已过期"), _("已不再推荐，也不再派单。请核对后延续或变更状态。"), _expired),
    "licence_soon": (_("许可六十天内到期"), _("提醒机构办理延续。"), _expiring),
    "people_expired": (_("有人员的执业证已过期"), _("请核对这些人员是否还在执业。"), _with_expired_people),
    "no_hours": (_("没有开放时间"), _("补上之后，才能出现在“现在开放”里。"), lambda rows: rows.filter(hours=[])),
    "no_phone": (_("没有电话"), _("补上对外公开的电话。"), lambda rows: rows.filter(phones=[])),
    "no_people": (_("承接业务但没有人员"), _("登记人员，否则派去的工单没有人办。"), _without_people),
    "same_name": (_("同一地区有同名机构"), _("看看是不是重复登记。重复的请注销一个。"), _of_one_name),
}


def _rows(actor: Actor) -> Rows:
    """The institutions that the actor keeps, without those that are over."""
    scopes, rows = require(actor, MANAGE), Institution.objects.exclude(status__in=[Status.REVOKED, Status.CLOSED])
    if Scope.ALL in scopes:
        return rows
    if Scope.AREA not in scopes or actor.unit_id is None:
        return rows.none()
    return rows.filter(division_code__startswith=prefix(actor.area))


def quality(actor: Actor) -> dict[str, int]:
    """How many institutions of the actor's area each check is true of; `all` counts the institutions."""
    rows = _rows(actor)
    return {"all": rows.count()} | {code: check(rows).count() for code, (_words, _do, check) in CHECKS.items()}


def quality_list(actor: Actor, what: str, *, after: str = "", limit: int = 30) -> Page:
    """The institutions that a check is true of, by pinyin. Raises NotFound for an unknown check."""
    if what not in CHECKS:
        raise NotFound
    rows = CHECKS[what][2](_rows(actor)).order_by("pinyin", "pk")
    if place := after_key(after):
        rows = rows.filter(Q(pinyin__gt=place[0]) | Q(pinyin=place[0], pk__gt=place[1]))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Page(tuple(institution_value(row) for row in found[:limit]), f"{last.pinyin}-{last.pk}" if last else "")
