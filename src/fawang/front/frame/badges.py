"""States and due times as badges: always a word, an icon and a colour, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fawang.front.frame.icons import draw
from fawang.kernel import clock


@dataclass(frozen=True)
class _Look:
    tone: str
    icon: str
    words: str | Promise


LEVELS: dict[str, _Look] = {
    "GREEN": _Look("ok", "circle-check", gettext_lazy("正常")),
    "BLUE": _Look("info", "clock", gettext_lazy("过半")),
    "YELLOW": _Look("notice", "hourglass", gettext_lazy("临近")),
    "ORANGE": _Look("warn", "alert-triangle", gettext_lazy("紧急")),
    "RED": _Look("danger", "alert-octagon", gettext_lazy("超期")),
}
# words of the states of the envelope (work-order standard §4); a room registers others with `register_state`
STATES: dict[str, _Look] = {
    "DRAFT": _Look("plain", "pencil", gettext_lazy("草稿")),
    "SUBMITTED": _Look("info", "send", gettext_lazy("待受理")),
    "CORRECTING": _Look("notice", "edit", gettext_lazy("待补正")),
    "DIRECT_DONE": _Look("ok", "circle-check", gettext_lazy("即时办结")),
    "TO_DISPATCH": _Look("info", "route", gettext_lazy("待派单")),
    "DISPATCHED": _Look("info", "send", gettext_lazy("待签收")),
    "RETURN_ASKED": _Look("notice", "arrow-back-up", gettext_lazy("申请退回")),
    "SIGNED": _Look("info", "check", gettext_lazy("已签收")),
    "ASSIGNED": _Look("info", "user-check", gettext_lazy("已分派")),
    "TRANSFER_ASKED": _Look("notice", "transfer", gettext_lazy("申请转办")),
    "HANDLING": _Look("info", "circle-dashed", gettext_lazy("办理中")),
    "CO_HANDLING": _Look("info", "users", gettext_lazy("协办")),
    "SUSPENDED": _Look("plain", "player-pause", gettext_lazy("中止")),
    "EXT_ASKED": _Look("notice", "calendar-event", gettext_lazy("申请延期")),
    "DONE_REVIEW": _Look("info", "eye", gettext_lazy("办结待审")),
    "DONE": _Look("ok", "circle-check", gettext_lazy("已办结")),
    "CALLBACK": _Look("info", "phone-call", gettext_lazy("回访中")),
    "REDO": _Look("warn", "refresh", gettext_lazy("重办")),
    "RATING": _Look("info", "star", gettext_lazy("待评价")),
    "RECTIFYING": _Look("warn", "clipboard-check", gettext_lazy("整改中")),
    "CLOSED": _Look("plain", "file-check", gettext_lazy("已归档")),
    "REOPENED": _Look("notice", "refresh", gettext_lazy("重启")),
    "REJECTED": _Look("plain", "circle-x", gettext_lazy("不予受理")),
    "WITHDRAWN": _Look("plain", "arrow-back-up", gettext_lazy("已撤回")),
    "CANCELLED": _Look("plain", "x", gettext_lazy("已取消")),
    "MERGED": _Look("plain", "link", gettext_lazy("已合并")),
    "SPLIT": _Look("plain", "subtask", gettext_lazy("已拆分")),
    "TERMINATED": _Look("plain", "player-stop", gettext_lazy("已终止")),
}


def register_state(code: str, words: str | Promise, tone: str = "info", icon: str = "point") -> None:
    """Name a state of another room. `tone` is plain, info, ok, notice, warn or danger."""
    STATES[code] = _Look(tone, icon, words)


def badge(words: str, tone: str = "plain", icon: str = "") -> SafeString:
    """A badge with a word and, where given, an icon."""
    drawing = draw(icon) if icon else ""
    return format_html('<span class="badge badge--{}">{}<span>{}</span></span>', tone, drawing, words)


def state(code: str, words: str = "") -> SafeString:
    """A state's badge; an unknown code is shown as it is."""
    look = STATES.get(code, _Look("plain", "point", code))
    return badge(words or str(look.words), look.tone, look.icon)


def reckon_level(left: timedelta) -> str:
    """The alarm level by what is left (time-limits.md): overdue red, ≤1 day orange, ≤2 days yellow, else green."""
    if left < timedelta(0):
        return "RED"
    if left <= timedelta(days=1):
        return "ORANGE"
    return "YELLOW" if left <= timedelta(days=2) else "GREEN"


def span(seconds: float) -> str:
    """A length of time in the largest fitting unit, rounded down: days, hours, minutes."""
    minutes = int(abs(seconds) // 60)
    if minutes >= 24 * 60:
        return ngettext("%(n)s天", "%(n)s天", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 60:
        return ngettext("%(n)s小时", "%(n)s小时", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s分钟", "%(n)s分钟", max(minutes, 1)) % {"n": max(minutes, 1)}


def due(due_at: datetime | None, *, is_provisional: bool = False, level: str = "") -> SafeString:
    """`还有3天` or `已超期2天` with its level; the exact moment is in the `datetime` attribute and the title."""
    if due_at is None:
        return badge(_("未设时限"), "plain", "clock")
    left = due_at - clock.now()
    name = level if level in LEVELS else reckon_level(left)
    look = LEVELS[name]
    is_late = left < timedelta(0)
    words = (_("已超期%(span)s") if is_late else _("还有%(span)s")) % {"span": span(left.total_seconds())}
    moment = clock.local(due_at)
    note = format_html('<span class="due__note">{}</span>', _("暂定")) if is_provisional else ""
    return format_html(
        '<time class="due" datetime="{}" title="{}">{}{}</time>',
        moment.isoformat(timespec="minutes"),
        date_format(moment, "DATETIME_FORMAT"),
        badge(words if is_late else f"{look.words} · {words}", look.tone, look.icon),
        note,
    )
