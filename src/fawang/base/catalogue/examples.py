"""Worked examples inside definitions: they run at each check, and a service whose example fails is not published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import override

from fawang.base.catalogue import assessment, bundles, forms
from fawang.base.catalogue.forms import Facts
from fawang.base.catalogue.forms.cleaners import trusting_places
from fawang.base.catalogue.schema import Example, Expected, Process, ServiceItem
from fawang.kernel import clock
from fawang.kernel.errors import Invalid


def failures(
    item: ServiceItem, process: Process, example: Example, *, today: date, items: Mapping[str, ServiceItem]
) -> list[str]:
    """What came out otherwise than the example says; [] when it holds. Of a bundle the parts that are chosen take their
    answers too (`items` by code)."""
    day = example.on or today
    facts = Facts(example.applicant, example.on_behalf, day)
    refused: list[str] = []
    answers: dict[str, Any] = {}
    # answers are checked as on that day: what lies after it is the future
    noon = datetime.combine(day, time(12), tzinfo=clock.SHANGHAI)
    with override("en"), trusting_places(), clock.at(noon):
        try:
            answers = forms.opened(forms.clean(item.questions, example.answers, facts=facts))
        except Invalid as wrong:
            refused = sorted(wrong.fields)
            if example.expect.refused is None:
                return [f"answer {name} is refused: {words}" for name, words in wrong.fields.items()]
    if example.expect.refused is not None:
        return _differs("refused", sorted(example.expect.refused), refused)
    with override("en"), trusting_places(), clock.at(noon):
        return [*_parts(item, answers, facts, items), *_compare(item, process, example.expect, answers, facts)]


def _parts(bundle: ServiceItem, answers: dict[str, Any], facts: Facts, items: Mapping[str, ServiceItem]) -> list[str]:
    """What the chosen parts of a bundle refuse; and a bundle of which nothing was chosen."""
    flow = forms.walked(bundle.questions, answers, facts)
    parts = bundles.chosen(bundle, flow)
    wrong = ["nothing is chosen"] if bundle.is_bundle and not parts else []
    for part in parts:
        item = items[part.item]
        try:
            forms.clean(item.questions, bundles.answers_of(part, item, flow), facts=facts)
        except Invalid as refused:
            wrong += [f"{part.item} refuses {name}: {words}" for name, words in refused.fields.items()]
    return wrong


def _compare(item: ServiceItem, process: Process, expect: Expected, answers: dict[str, Any], facts: Facts) -> list[str]:
    found = assessment.assess(item, answers, facts)
    limits = [limit.id for limit in [*process.limits, *item.limits]]
    wrong: list[str] = []
    if expect.eligible is not None:
        wrong += _differs("eligible", expect.eligible, found.verdict)
    if expect.flags is not None:
        wrong += _differs("flags", sorted(expect.flags), list(found.flags))
    if expect.materials is not None:
        wrong += _differs("materials", expect.materials, list(found.materials))
    if expect.fee is not None:
        wrong += _differs("fee", expect.fee, found.fee)
    if expect.limits is not None and (missing := [name for name in expect.limits if name not in limits]):
        wrong.append(f"limits: {', '.join(missing)} do not apply")
    if expect.asked is not None:
        asked = [question.id for question in forms.asked(item.questions, answers, facts) if not question.material]
        wrong += _differs("asked", expect.asked, asked)
    if expect.line is not None:
        wrong += _differs("line", expect.line, item.line)
    return wrong


def _differs(what: str, wanted: object, found: object) -> list[str]:
    return [] if wanted == found else [f"{what}: {found} where {wanted} is expected"]
