"""Worked examples inside definitions: they run at each check, and a service whose example fails is not published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override

from fawang.base.catalogue import assessment, bundles, forms, screening
from fawang.base.catalogue.assessment import Assessment
from fawang.base.catalogue.forms import Facts
from fawang.base.catalogue.forms.cleaners import trusting_places
from fawang.base.catalogue.schema import Example, Expected, Process, ScreenedExample, Screener, ServiceItem
from fawang.base.catalogue.values import Mismatch, Outcome
from fawang.kernel import clock
from fawang.kernel.errors import Invalid


def failures(
    item: ServiceItem, process: Process, example: Example, *, today: date, items: Mapping[str, ServiceItem]
) -> list[str]:
    """What came out otherwise than the example says; [] when it holds."""
    return [str(one) for one in outcome(item, process, example, today=today, items=items).mismatches]


def outcome(
    item: ServiceItem, process: Process, example: Example, *, today: date, items: Mapping[str, ServiceItem],
    language: str = "en",
) -> Outcome:  # fmt: skip
    """Run an example as on its day. Of a bundle the parts that are chosen take their answers too (`items` by code)."""
    day = example.filed_on or today
    facts = Facts(example.applicant, example.on_behalf, day)
    # answers are checked as on that day: what lies after it is the future
    noon = datetime.combine(day, time(12), tzinfo=clock.SHANGHAI)
    with override(language), trusting_places(), clock.at(noon):
        try:
            answers = forms.opened(forms.clean(item.questions, example.answers, facts=facts))
        except Invalid as wrong:
            return _refused(example, {name: str(words) for name, words in wrong.fields.items()})
        if example.expect.refused is not None:
            return Outcome(example, tuple(_differs("refused", sorted(example.expect.refused), [])), answers)
        return _found(item, process, example, answers, facts, items)


def screened(screener: Screener, example: ScreenedExample) -> list[str]:
    """What came out of a screener otherwise than its example says; periods without the calendar of holidays."""
    noon = datetime.combine(example.asked_on, time(12), tzinfo=clock.SHANGHAI)
    with override("en"), trusting_places(), clock.at(noon):
        try:
            answers = forms.opened(forms.clean(screener.questions, example.answers))
        except Invalid as wrong:
            return [f"{name}: {words}" for name, words in wrong.fields.items()]
        found = screening.screen(screener, answers, today=example.asked_on, is_nominal=True)
    got = {
        "asked": [question.id for question in found.asked],
        "findings": [finding.id for finding in found.findings],
        "terms": {one.term.id: one.last_day for one in found.terms},
    }
    wanted = example.expect.model_dump(exclude_none=True)
    return [f"{name} is {got[name]}, not {value}" for name, value in wanted.items() if got[name] != value]


def _refused(example: Example, refused: Mapping[str, str | Promise]) -> Outcome:
    if example.expect.refused is None:
        wrong = [Mismatch("answer", None, words, name) for name, words in refused.items()]
    else:
        wrong = _differs("refused", sorted(example.expect.refused), sorted(refused))
    return Outcome(example, tuple(wrong), dict(example.answers), dict(refused))


def _found(
    item: ServiceItem, process: Process, example: Example, answers: dict[str, Any], facts: Facts,
    items: Mapping[str, ServiceItem],
) -> Outcome:  # fmt: skip
    found = assessment.assess(item, answers, facts)
    limits = tuple(limit.id for limit in [*process.limits, *item.limits])
    asked = tuple(q.id for q in forms.asked(item.questions, answers, facts) if not q.material)
    parts, wrong = _parts(item, answers, facts, items)
    wrong += _compare(example.expect, found, limits, asked, item.line)
    return Outcome(example, tuple(wrong), answers, {}, found, asked, limits, parts)


def _parts(
    bundle: ServiceItem, answers: dict[str, Any], facts: Facts, items: Mapping[str, ServiceItem]
) -> tuple[tuple[str, ...], list[Mismatch]]:
    """The parts of a bundle that are chosen, and what they refuse; a bundle of which nothing was chosen."""
    flow = forms.walked(bundle.questions, answers, facts)
    parts = bundles.chosen(bundle, flow)
    wrong = [Mismatch("chosen")] if bundle.is_bundle and not parts else []
    for part in parts:
        item = items[part.item]
        try:
            forms.clean(item.questions, bundles.answers_of(part, item, flow), facts=facts)
        except Invalid as refused:
            wrong += [
                Mismatch("part", None, str(words), f"{part.item}.{name}") for name, words in refused.fields.items()
            ]
    return tuple(part.item for part in parts), wrong


def _compare(
    expect: Expected, found: Assessment, limits: tuple[str, ...], asked: tuple[str, ...], line: str
) -> list[Mismatch]:
    wrong: list[Mismatch] = []
    if expect.eligible is not None:
        wrong += _differs("eligible", expect.eligible, found.verdict)
    if expect.flags is not None:
        wrong += _differs("flags", sorted(expect.flags), list(found.flags))
    if expect.materials is not None:
        wrong += _differs("materials", expect.materials, list(found.materials))
    if expect.fee is not None:
        wrong += _differs("fee", expect.fee, found.fee)
    if expect.limits is not None and (missing := [name for name in expect.limits if name not in limits]):
        wrong.append(Mismatch("limits", expect.limits, missing))
    if expect.asked is not None:
        wrong += _differs("asked", expect.asked, list(asked))
    if expect.line is not None:
        wrong += _differs("line", expect.line, line)
    return wrong


def _differs(what: str, wanted: object, found: object) -> list[Mismatch]:
    return [] if wanted == found else [Mismatch(what, wanted, found)]
