"""The questions of a service as people meet them: one frame of a phone for each page, read only."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from fawang.base.catalogue.schema import Check, Question, ServiceItem
from fawang.front.frame import questions
from fawang.front.frame.doors import requires
from fawang.front.frame.questions import Shown
from fawang.front.workbench.offers import words
from fawang.front.workbench.offers.listing import SEE
from fawang.front.workbench.offers.sheet import Rule, around, rule_of, viewed


@dataclass(frozen=True)
class Page:
    """One page of the form: its place among all, the question ready for its template, and its rules in words."""

    number: int
    question: Question
    shown: Shown
    kind: words.Words
    show: Rule | None
    require: Rule | None
    checks: tuple[tuple[Rule | None, Check], ...]


def pages_of(item: ServiceItem) -> list[Page]:
    """The pages in their order; papers have a page of their own, computed answers have none."""
    asked = [question for question in item.questions if not (question.material or question.compute)]
    return [
        Page(
            number=number,
            question=question,
            shown=questions.present(question, None, language=get_language() or ""),
            kind=words.TYPES[str(question.type)],
            show=rule_of(question.show, item),
            require=rule_of(question.require, item),
            checks=tuple((rule_of(check.rule, item), check) for check in question.checks),
        )
        for number, question in enumerate(asked, start=1)
    ]


@requires(SEE)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """All question pages, and what is computed instead of asked."""
    one, shown = viewed(request, code)
    computed = [
        (q, rule_of(q.compute, shown.item), rule_of(q.show, shown.item)) for q in shown.item.questions if q.compute
    ]
    context = {
        **around(request, one, shown, "service-questions"), "pages": pages_of(shown.item), "computed": computed,
        "papers": sum(bool(question.material) for question in shown.item.questions),
    }  # fmt: skip
    return render(request, "workbench/offers/questions.html", context)
