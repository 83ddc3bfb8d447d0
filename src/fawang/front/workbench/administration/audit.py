"""The record for the audit administrator: who logged in, looked at what, and changed which account, role or key."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fawang.base.identity import selectors as identity
from fawang.base.identity import services
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import ROLES, STATUS_NAMES
from fawang.front.frame import session
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel import clock, ids
from fawang.kernel.events.values import Recorded

Words = str | Promise
# what can be looked for, and the events under it with their words
KINDS: dict[str, tuple[Words, dict[str, Words]]] = {
    "log_ins": (gettext_lazy("登录"), {
        "identity.logged_in.v1": gettext_lazy("登录"),
        "identity.log_in_failed.v1": gettext_lazy("登录失败"),
        "identity.log_in_locked.v1": gettext_lazy("多次失败，暂时锁定"),
        "identity.logged_out.v1": gettext_lazy("退出"),
    }),
    "unmaskings": (gettext_lazy("查看隐藏信息"), {
        "identity.field_unmasked.v1": gettext_lazy("查看隐藏信息"),
        "identity.verified.v1": gettext_lazy("实名核验"),
    }),
    "roles": (gettext_lazy("角色变动"), {
        "organisations.membership_added.v1": gettext_lazy("授予角色"),
        "organisations.membership_ended.v1": gettext_lazy("收回角色"),
    }),
    "accounts": (gettext_lazy("账号变动"), {
        "identity.account_created.v1": gettext_lazy("建立账号"),
        "identity.account_closed.v1": gettext_lazy("停用账号"),
        "identity.account_reopened.v1": gettext_lazy("重新启用账号"),
        "identity.account_unlocked.v1": gettext_lazy("解除锁定"),
        "identity.password_reset.v1": gettext_lazy("发放一次性密码"),
        "identity.password_changed.v1": gettext_lazy("本人更改密码"),
        "identity.totp_reset.v1": gettext_lazy("重置验证器"),
        "identity.totp_changed.v1": gettext_lazy("本人更换验证器"),
    }),
    "keys": (gettext_lazy("接口密钥"), {
        "organisations.key_created.v1": gettext_lazy("签发密钥"),
        "organisations.key_revoked.v1": gettext_lazy("吊销密钥"),
    }),
    "institutions": (gettext_lazy("机构和人员"), {
        "organisations.institution_registered.v1": gettext_lazy("登记机构"),
        "organisations.institution_changed.v1": gettext_lazy("修改机构"),
        "organisations.status_changed.v1": gettext_lazy("变更机构状态"),
        "organisations.lines_changed.v1": gettext_lazy("修改承接业务"),
        "organisations.penalty_recorded.v1": gettext_lazy("记录处罚"),
        "organisations.window_opened.v1": gettext_lazy("登记窗口"),
        "organisations.window_changed.v1": gettext_lazy("修改窗口"),
        "organisations.practitioner_registered.v1": gettext_lazy("登记人员"),
        "organisations.practitioner_changed.v1": gettext_lazy("修改人员"),
        "organisations.practitioner_left.v1": gettext_lazy("人员离开"),
    }),
    "calendar": (gettext_lazy("工作日历"), {
        "calendar.year_loaded.v1": gettext_lazy("载入年份"),
        "calendar.day_changed.v1": gettext_lazy("设置一天"),
        "calendar.hours_changed.v1": gettext_lazy("修改办公时间"),
    }),
    "audit": (gettext_lazy("查阅审计记录"), {"identity.log_read.v1": gettext_lazy("查阅审计记录")}),
}  # fmt: skip
EVENT_NAMES: dict[str, Words] = {name: words for _title, names in KINDS.values() for name, words in names.items()}


def names_of(kind: str) -> list[str]:
    """The events of a kind, or of one event's name; all of them for anything else, without readings of the record."""
    if kind in KINDS:
        return list(KINDS[kind][1])
    if kind in EVENT_NAMES:
        return [kind]
    return [name for code, (_title, names) in KINDS.items() if code != "audit" for name in names]


def _midnight(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=clock.SHANGHAI)
    except ValueError:
        return None


@requires("identity.read_log_ins")
def page(request: HttpRequest) -> HttpResponse:
    """A page of the record, narrowed by kind, person and time. That it was looked at is recorded as well."""
    actor, query = actor_of(request), request.GET
    kind, username = query.get("kind", ""), query.get("who", "").strip()[:64]
    account = identity.account_by_username(actor, username) if username else None
    since, until = _midnight(query.get("since", "")), _midnight(query.get("until", ""))
    number = ids.row_number(query.get("before", "")) or 0
    found = services.read_log(
        actor, names=names_of(kind) if account or not username else [], kind=kind[:40],
        account_id=account.pk if account else None, since=since, until=until + timedelta(days=1) if until else None,
        before=number, ip=session.address_of(request),
    )  # fmt: skip
    context = {
        "page": found, "rows": told(found.rows), "kinds": [(code, title) for code, (title, _names) in KINDS.items()],
        "kind": kind if kind in KINDS else "", "who": username, "since": query.get("since", "") if since else "",
        "until": query.get("until", "") if until else "", "has_previous": bool(number),
        "nobody": bool(username) and account is None, "is_filtered": bool(kind or username or since or until),
    }  # fmt: skip
    return render(request, "workbench/audit.html", context)


def told(rows: tuple[Recorded, ...]) -> list[tuple[Recorded, Words, str, str, str]]:
    """Each row with what happened, who did it, to whom or what, and the particulars, in words."""
    refs = {row.actor for row in rows} | {row.stream for row in rows}
    accounts = {_number(ref) for ref in refs if ref.startswith("account:")}
    accounts |= {int(data["account"]) for row in rows if isinstance((data := row.data or {}).get("account"), int)}
    people = identity.account_names({pk for pk in accounts if pk})
    places = organisations.names({_number(ref) for ref in refs if ref.startswith("institution:")})
    parties = identity.masked_names({_number(ref) for ref in refs if ref.startswith("party:")})
    names = {f"account:{pk}": name for pk, name in people.items()}
    names |= {f"institution:{pk}": name for pk, name in places.items()}
    names |= {f"party:{pk}": name for pk, name in parties.items()}
    return [
        (row, EVENT_NAMES.get(row.name, row.name), _named(row.actor, names), _subject(row, names), _particulars(row))
        for row in rows
    ]


def _number(ref: str) -> int:
    return ids.row_number(ref.partition(":")[2]) or 0


def _named(ref: str, names: dict[str, str]) -> str:
    if ref == "visitor":
        return _("未登录")
    if ref.startswith("system:"):
        return _("系统（%(part)s）") % {"part": ref.partition(":")[2]}
    if ref.startswith("log_in:"):
        return _("未知账号")
    return names.get(ref) or ref


def _subject(row: Recorded, names: dict[str, str]) -> str:
    account = (row.data or {}).get("account")
    whom = names.get(f"account:{account}", "") if isinstance(account, int) else ""
    where = _named(row.stream, names) if row.stream != row.actor else ""
    return _("，").join(part for part in (whom, where) if part)


def _particulars(row: Recorded) -> str:
    data: dict[str, Any] = row.data or {}
    parts = [str(ROLES[role]) for role in (data.get("role"), *data.get("roles", ())) if role in ROLES]
    parts += [str(STATUS_NAMES[data["to"]])] if data.get("to") in STATUS_NAMES else []
    parts += [str(data[name]) for name in ("prefix", "day", "year", "name", "reason", "network") if data.get(name)]
    if row.name == "identity.log_read.v1":
        parts += [str(KINDS[data["kind"]][0])] if data.get("kind") in KINDS else []
    return _("，").join(parts)
