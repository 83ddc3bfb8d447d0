"""Screeners at work: which question comes next, what the answers mean, which periods run and until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from fawang.base.calendar import selectors as calendar
from fawang.base.calendar.errors import CalendarMissing
from fawang.base.calendar.values import Limit, Unit
from fawang.base.catalogue import forms
from fawang.base.catalogue.forms import Facts, Flow
from fawang.base.catalogue.schema import Finding, Question, Screener, ServiceItem, Span, Term
from fawang.kernel import clock

NEAR_DAYS = 30


class Standing(StrEnum):
    """How a period stands today. PAST never means lost: interruption and suspension are for a lawyer to see."""

    OPEN = "OPEN"
    NEAR = "NEAR"
    PAST = "PAST"


@dataclass(frozen=True)
class Running:
    """A period with its last day. `is_capped`: the longest time ends it; `is_nominal`: no calendar is loaded for that
    year, so a holiday at its end is not counted."""

    term: Term
    since: date
    last_day: date
    standing: Standing
    days_left: int
    is_capped: bool
    is_nominal: bool


@dataclass(frozen=True)
class Screening:
    """Where somebody is in a screener: the next question, or what came out."""

    screener: Screener
    answers: dict[str, Any]
    asked: tuple[Question, ...]
    following: Question | None
    findings: tuple[Finding, ...]
    terms: tuple[Running, ...]

    @property
    def services(self) -> list[str]:
        """Codes of the services that the findings name, each once, in their order."""
        return list(dict.fromkeys(code for finding in self.findings for code in finding.services))


def screen(
    screener: Screener, answers: Mapping[str, Any], *, today: date | None = None, is_nominal: bool = False
) -> Screening:
    """What cleaned answers lead to. Findings and periods come when nothing is left to ask. `is_nominal`: periods are
    reckoned without the calendar of holidays."""
    day = today or clock.today()
    facts = Facts(today=day)
    flow, shown = forms.walked(screener.questions, answers, facts), forms.asked(screener.questions, answers, facts)
    following = next((q for q in shown if q.id not in flow.answers), None)
    if following is not None:
        return Screening(screener, dict(flow.answers), tuple(shown), following, (), ())
    findings = tuple(finding for finding in screener.findings if flow.is_true(finding.when))
    last_day = _nominal if is_nominal else _last_day
    run = [_running(term, flow, day, last_day) for term in screener.terms if flow.is_true(term.when)]
    return Screening(
        screener, dict(flow.answers), tuple(shown), None, findings, tuple(one for one in run if one is not None)
    )


def _running(
    term: Term, flow: Flow, today: date, last_day: Callable[[date, Span], tuple[date, bool]]
) -> Running | None:
    """The period with its last day; None while the day it runs from is not known."""
    since = _day(flow.value(term.since))
    if since is None:
        return None
    last, is_nominal = last_day(since, term.span)
    longest = _day(flow.value(term.cap_since)) if term.cap_since else None
    is_capped = False
    if longest is not None and term.cap is not None:
        end, end_is_nominal = last_day(longest, term.cap)
        if end < last:
            last, is_nominal, is_capped = end, end_is_nominal, True
    left = (last - today).days
    standing = Standing.PAST if left < 0 else Standing.NEAR if left <= NEAR_DAYS else Standing.OPEN
    return Running(term, since, last, standing, left, is_capped, is_nominal)


def _day(value: Any) -> date | None:  # noqa: ANN401 - whatever an expression gives
    return value.astimezone(clock.SHANGHAI).date() if isinstance(value, datetime) else None


def _last_day(since: date, span: Span) -> tuple[date, bool]:
    """The last day of a span (T1–T3, 民法典 arts. 201–203), and whether holidays could not be looked at."""
    start = datetime.combine(since, time(12), tzinfo=clock.SHANGHAI)
    try:
        found = calendar.reckon(start=start, limit=Limit(span.value, Unit(span.unit)))
    except CalendarMissing:
        return _nominal(since, span)
    return (found.last_day, False) if found.last_day else _nominal(since, span)


def _nominal(since: date, span: Span) -> tuple[date, bool]:
    if span.unit in {"MONTH", "YEAR"}:
        return calendar.months(since, span.value * (12 if span.unit == "YEAR" else 1)), True
    return since + timedelta(days=span.value), True


def carried(screening: Screening, item: ServiceItem) -> dict[str, Any]:
    """What the answers already tell a service, raw: by expression, and where both ask the same question of the bank.
    What the service would refuse is left out, so that it is asked."""
    flow = forms.walked(screening.screener.questions, screening.answers)
    by_bank = {q.bank: screening.answers[q.id] for q in screening.asked if q.bank and q.id in screening.answers}
    known: dict[str, Any] = {}
    for question in item.questions:
        if question.id in screening.screener.carries:
            value = flow.value(screening.screener.carries[question.id])
            known[question.id] = (
                value.astimezone(clock.SHANGHAI).date().isoformat() if isinstance(value, datetime) else value
            )
        elif question.bank in by_bank:
            known[question.id] = by_bank[question.bank]
    return taken(item.questions, known)


def taken(questions: Sequence[Question], known: Mapping[str, Any]) -> dict[str, Any]:
    """Of what is known, what the questions take, in stored form."""
    given = {name: value for name, value in known.items() if value is not None}
    return {name: value for name, value in forms.carried(questions, given)[0].items() if name in given}
