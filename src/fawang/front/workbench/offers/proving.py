"""The worked examples of a service: what goes in, what comes out, and whether it is what the example says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import assessment, standing
from fawang.base.catalogue.assessment import Need
from fawang.base.catalogue.schema import Eligibility, Question
from fawang.base.catalogue.values import Mismatch, Outcome, Published
from fawang.front.frame.answers import in_language
from fawang.front.frame.doors import requires
from fawang.front.workbench.lines import line_name
from fawang.front.workbench.offers import words
from fawang.front.workbench.offers.listing import SEE
from fawang.front.workbench.offers.sheet import COMMON, around, viewed
from fawang.kernel import money


@dataclass(frozen=True)
class Told:
    """A worked example in words."""

    outcome: Outcome
    applicant: str | Promise
    answers: tuple[tuple[Question, Any], ...]
    refused: tuple[tuple[str, str], ...]
    verdict: str | Promise
    reasons: tuple[Eligibility, ...]
    needs: tuple[Need, ...]
    limits: tuple[str, ...]
    fee: str
    parts: tuple[str, ...]
    wrong: tuple[str, ...]


def told(shown: Published, outcome: Outcome) -> Told:
    """One example with its result."""
    item, found = shown.item, outcome.assessment
    names = {limit.id: limit.say(_language()) for limit in [*shown.process.limits, *item.limits]}
    limits = outcome.example.expect.limits or [name for name in outcome.limits if not name.startswith(COMMON)]
    asked = {question.id: question for question in item.questions}
    return Told(
        outcome=outcome,
        applicant=words.APPLICANTS[outcome.example.applicant],
        answers=tuple((asked[name], value) for name, value in outcome.answers.items() if name in asked),
        refused=tuple((_label(asked.get(name), name), str(why)) for name, why in outcome.refused.items()),
        verdict=words.VERDICTS[found.verdict] if found else "",
        reasons=tuple(assessment.reasons(item, found)) if found else (),
        needs=tuple(assessment.needs(item, found)) if found else (),
        limits=tuple(names.get(name, name) for name in limits),
        fee=_fee(found.fee, found.fee_kind) if found else "",
        parts=tuple(in_language(standing.standing(code).item, "", _language()) for code in outcome.parts),
        wrong=tuple(wrong(shown, one) for one in outcome.mismatches),
    )


def _language() -> str:
    return get_language() or ""


def _label(question: Question | None, name: str) -> str:
    return in_language(question, "", _language()) if question else name


def _fee(fen: int | None, kind: str) -> str:
    if kind == "computed" and fen is not None:
        return money.show(fen)
    return str(words.FEES[kind]) if kind else _("没有说明")


def wrong(shown: Published, one: Mismatch) -> str:
    """What came out otherwise, in a sentence."""
    if one.what == "chosen":
        return _("套餐里一项也没有选中")
    if one.what in {"answer", "part"}:
        about = _label(shown.item.question(one.about), one.about) if one.what == "answer" else one.about
        return _("“%(about)s”的回答被退回：%(why)s") % {"about": about, "why": one.found}
    what = words.EXPECTED[one.what]
    if one.what == "limits":
        return _("%(what)s：没有%(missing)s") % {"what": what, "missing": _("、").join(one.found)}
    said = {"what": what, "wanted": _value(one.what, one.wanted, shown), "found": _value(one.what, one.found, shown)}
    return _("%(what)s：应是%(wanted)s，算出来是%(found)s") % said


def _value(what: str, value: Any, shown: Published) -> str:  # noqa: ANN401 - whatever an example expects
    if what == "eligible":
        return f"“{words.VERDICTS.get(str(value), value)}”"
    if what == "fee":
        return money.show(value) if isinstance(value, int) else _("算不出来")
    if what == "line":
        return f"“{line_name(str(value))}”"
    if isinstance(value, list):
        items = shown.item
        named: dict[str, Any] = {m.id: m for m in items.materials} if what == "materials" else {}
        named |= {q.id: q for q in items.questions} if what in {"asked", "refused"} else {}
        return _("、").join(f"“{in_language(named.get(one), '', _language()) or one}”" for one in value) or _("没有")
    return str(value)


@requires(SEE)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """All worked examples, run now."""
    one, shown = viewed(request, code)
    rows = [told(shown, outcome) for outcome in standing.outcomes(shown, language=_language())]
    failing = [row.outcome.example.name for row in rows if not row.outcome.is_passed]
    context = {
        **around(request, one, shown, "service-examples"), "rows": rows, "failing": failing,
        "holder": line_name(shown.item.line),
    }  # fmt: skip
    return render(request, "workbench/offers/examples.html", context)
