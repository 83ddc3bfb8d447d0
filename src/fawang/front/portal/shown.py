"""An order in the applicant's words: where it is, who has it, what comes next, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fawang.base.catalogue import assessment
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.assessment import Assessment
from fawang.base.catalogue.schema import Eligibility, Question, QuestionType, ServiceItem
from fawang.base.workorders.values import ClockView, OrderRow, OrderView, Step
from fawang.front.frame import answers
from fawang.kernel import clock
from fawang.kernel.errors import FawangError

# where it is, with the unit named; other states say it in the words of the process table
_AT_A_UNIT: dict[str, str | Promise] = {
    "DISPATCHED": gettext_lazy("已派给%(unit)s，等它签收。"),
    "SIGNED": gettext_lazy("%(unit)s已签收，正在安排承办人。"),
    "ASSIGNED": gettext_lazy("%(unit)s已安排承办人，正在审查是否受理。"),
    "HANDLING": gettext_lazy("%(unit)s正在办理。"),
    "DONE_REVIEW": gettext_lazy("%(unit)s已拟好结果，第二个人正在核对。"),
    "DONE": gettext_lazy("%(unit)s已经办结。请查看结果，也请您评价。"),
    "RECTIFYING": gettext_lazy("%(unit)s正在整改。"),
}
_NEXT: dict[str, str | Promise] = {
    "DRAFT": gettext_lazy("您填好并提交。"),
    "SUBMITTED": gettext_lazy("为您选择承办单位，派出后会告诉您。"),
    "CORRECTING": gettext_lazy("请您补充或改正，补好后继续办理。"),
    "TO_DISPATCH": gettext_lazy("选好承办单位后派出，并告诉您。"),
    "REOPENED": gettext_lazy("重新选择承办单位，并告诉您。"),
    "DISPATCHED": gettext_lazy("承办单位签收，然后安排承办人。"),
    "RETURN_ASKED": gettext_lazy("调度中心决定由谁办，并告诉您。"),
    "SIGNED": gettext_lazy("安排承办人，然后联系您。"),
    "ASSIGNED": gettext_lazy("承办人联系您，决定是否受理。"),
    "TRANSFER_ASKED": gettext_lazy("单位决定由谁接着办。"),
    "HANDLING": gettext_lazy("办出结果，由另一个人核对后告诉您。"),
    "CO_HANDLING": gettext_lazy("各单位办完后，由主办单位告诉您结果。"),
    "SUSPENDED": gettext_lazy("原因消除后继续办理。"),
    "EXT_ASKED": gettext_lazy("决定是否延长期限，并告诉您。"),
    "DONE_REVIEW": gettext_lazy("核对通过后告诉您结果。"),
    "REDO": gettext_lazy("重新办理，再告诉您结果。"),
    "DONE": gettext_lazy("请您评价；也可能有人打电话回访。"),
    "CALLBACK": gettext_lazy("请接听回访电话，说说是否满意。"),
    "RECTIFYING": gettext_lazy("整改完会再回访您。"),
}
_REASONS = {"refuse": "reject_reason", "suspend": "suspend_reason", "close": "close_reason"}
# what a happening says in words of its own, or not at all
_SAID = {"items", "text", "reply", "remedy", "reason", "grade", "result", "start", "days", "reached", "file"}
_TEXTS = {QuestionType.TEXT, QuestionType.LONG_TEXT, QuestionType.NAME}
_STAGES = {"draft": 0, "intake": 1, "dispatch": 1, "unit": 2, "handling": 3, "result": 4}
_UNSAID = {"draft", "queue"}
_STOPPED = {"REJECTED", "WITHDRAWN", "MERGED", "SPLIT", "TERMINATED", "CANCELLED"}


@dataclass(frozen=True)
class TrackerStep:
    """One step of the picture; `mark` is done, current, stopped or empty."""

    title: str
    at: datetime | None
    mark: str


@dataclass(frozen=True)
class Happening:
    """An entry of the timeline with its lines of text."""

    title: str
    at: datetime
    lines: tuple[str, ...]
    is_mine: bool


def is_english() -> bool:
    """Whether the page speaks English."""
    return (get_language() or "").startswith("en")


def say(zh: str, en: str) -> str:
    """The one that the page speaks."""
    return en if is_english() else zh


def where(view: OrderView, unit: str) -> str:
    """Where it is, in one sentence."""
    sentence = _AT_A_UNIT.get(view.state)
    if sentence is not None and unit:
        return str(sentence) % {"unit": unit}
    return say(view.people_zh, view.people_en)


@dataclass(frozen=True)
class Verdict:
    """What the rules say in words: the answer, the reasons with their articles, and what it costs."""

    answer: str
    reasons: tuple[Eligibility, ...]
    fee: int | None
    fee_kind: str


def verdict(item: ServiceItem, found: Assessment) -> Verdict:
    """The assessment in words for the person."""
    return Verdict(found.verdict, tuple(assessment.reasons(item, found)), found.fee, found.fee_kind)


@dataclass(frozen=True)
class PartRow:
    """One of the orders that a bundle became, as its tracker shows it."""

    number: str
    service: str
    unit: str
    state: str
    due_at: datetime | None
    due_is_provisional: bool


def parts(rows: list[OrderRow]) -> list[PartRow]:
    """The orders of a bundle with the names of their services."""
    names = {row.service_code: catalogue.item(row.service_code).item for row in rows}
    return [
        PartRow(
            row.number, names[row.service_code].say(get_language() or ""), row.unit, row.state, row.due_at,
            row.due_is_provisional,
        )
        for row in rows
    ]  # fmt: skip


def takes_demands(item: ServiceItem) -> bool:
    """Whether a demand for this service is taken here now: open, in force, and confirmed (or a demonstration)."""
    try:
        catalogue.item(item.code, must_be_open=True)
    except FawangError:
        return False
    return True


def what_next(view: OrderView) -> str:
    """What happens next; empty when it has ended."""
    return str(_NEXT.get(view.state, ""))


def open_clocks(clocks: list[ClockView]) -> list[ClockView]:
    """The clocks that run or stand still, the next due first."""
    found = [clock for clock in clocks if clock.state in {"RUNNING", "PAUSED"} and clock.due_at is not None]
    return sorted(found, key=lambda row: row.due_at or row.started_at)


def tracker(view: OrderView) -> list[TrackerStep]:
    """The picture: five steps from the application to the result."""
    titles = (_("您提交"), _("受理和派单"), _("承办单位签收"), _("办理"), _("告诉您结果"))
    moments = (view.submitted_at, view.dispatched_at, view.signed_at, view.completed_at, view.told_at)
    at = _position(view)
    steps = []
    for position, (title, moment) in enumerate(zip(titles, moments, strict=True)):
        is_behind = position < at
        mark = "done" if is_behind else "current" if position == at else ""
        if view.state in _STOPPED and position == at:
            mark = "stopped"
            title = say(view.state_zh, view.state_en)
            moment = view.closed_at
        steps.append(TrackerStep(title, moment if is_behind or position == at else None, mark))
        if mark == "stopped":
            break
    return steps


def _position(view: OrderView) -> int:
    if view.state == "CLOSED":
        return 5
    if view.state not in _STOPPED:
        return _STAGES.get(view.stage, 1)
    reached = (view.submitted_at, view.dispatched_at, view.signed_at, view.completed_at)
    return max(1, sum(moment is not None for moment in reached))


def happenings(steps: list[Step]) -> list[Happening]:
    """The timeline, newest first, without the steps that mean nothing to the applicant."""
    return [happening(step) for step in reversed(steps) if step.action not in _UNSAID]


def _answered(question: Question, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A line's own question with its answer, as plain text."""
    language = get_language() or ""
    said = str(value) if question.type in _TEXTS else answers.show(question, value, language=language)
    return _("%(question)s：%(answer)s") % {"question": answers.label(question, language), "answer": said}


def happening(step: Step) -> Happening:
    """A step of the timeline in words, internal codes replaced by their names."""
    data, lines = step.data, []
    language = get_language() or ""
    for name in ("items", "text", "reply", "remedy"):
        if data.get(name):
            lines.append(str(data[name]))
    if data.get("reason"):
        table = _REASONS.get(step.action)
        reason = str(data["reason"])
        lines.insert(0, catalogue.row(table, reason).say(language) if table else reason)
    if data.get("grade"):
        lines.insert(0, catalogue.row("rating", str(data["grade"])).say(language))
    if data.get("result"):
        lines.insert(0, catalogue.row("result", str(data["result"])).say(language))
    if data.get("start"):
        moment = datetime.fromisoformat(str(data["start"]))
        lines.append(date_format(clock.local(moment) if moment.tzinfo else moment, "DATETIME_FORMAT"))
    if data.get("days"):
        lines.append(_("请在 %(days)s 天内补齐。") % {"days": data["days"]})
    lines += [_answered(question, data[question.id]) for question in step.asked if question.id not in _SAID]
    return Happening(say(step.zh, step.en), step.at, tuple(lines), step.actor_kind == "person")
