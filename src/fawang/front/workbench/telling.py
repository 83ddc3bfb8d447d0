"""The course of an order in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.workorders import selectors
from fawang.base.workorders.values import OrderView, Step

KEEPING = "fill"
KINDS = {
    "handler": _("承办人"),
    "registrar": _("登记人"),
    "system": _("系统"),
    "partner": _("协同单位"),
}
MAIN = frozenset(
    {"submit", "dispatch", "sign", "accept", "complete", "approve", "close", "refuse", "terminate", "withdraw"}
)
WARN = frozenset({"urge", "supervise", "note_breach", "ask_return", "send_back", "rectify", "report_danger"})
# texts first, then what is better said with its label
TEXTS = (
    "text",
    "items",
    "reply",
    "result_text",
    "problem",
    "demand",
    "cause",
    "measures",
    "internal",
    "note",
    "why_zh",
)
TABLES = {
    "ask_return": "return_reason", "ask_transfer": "return_reason", "decline_offer": "return_reason",
    "refuse": "reject_reason", "suspend": "suspend_reason", "close": "close_reason",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A step with the words that go with it."""

    step: Step
    who: Any
    lines: tuple[str, ...]
    is_main: bool
    is_warning: bool


def language() -> str:
    """The page's language."""
    return get_language() or ""


def _lines(step: Step) -> tuple[str, ...]:
    data, english = step.data, language().startswith("en")
    found = []
    if data.get("reason"):
        table = TABLES.get(step.action)
        found.append(catalogue.row(table, str(data["reason"])).say(language()) if table else str(data["reason"]))
    if data.get("whose"):
        found.append(str(data["whose"]))
    if data.get("grade"):
        found.append(catalogue.row("rating", str(data["grade"])).say(language()))
    if data.get("limit"):
        found.append(str(data["limit"]))
    for name in TEXTS:
        wanted = "why_en" if name == "why_zh" and english and data.get("why_en") else name
        if isinstance(data.get(wanted), str) and data[wanted].strip():
            found.append(data[wanted].strip())
    return tuple(found)


def steps(actor: Any, order: OrderView) -> list[Told]:  # noqa: ANN401 - a kernel Actor
    """The timeline, newest first."""
    rows = list(reversed(selectors.timeline(actor, order.number or order.draft)))
    # an application kept page by page is told once, by its last page
    kept = [step for at, step in enumerate(rows) if not (at and step.action == rows[at - 1].action == KEEPING)]
    return [
        Told(step, KINDS.get(step.actor_kind, ""), _lines(step), step.action in MAIN, step.action in WARN)
        for step in kept
    ]
