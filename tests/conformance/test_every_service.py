"""Every published service, through each of its lawful channels, for each kind of applicant: the same order.

The same answers, papers, fee, clocks and holder, whoever asks and wherever. Each filing is undone before the next, so
that all meet the same snapshot of resources. Look-ups make no order; what is in person only ends in a booking.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from fawang.base.catalogue import forms, loader
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import QuestionType, ServiceItem
from fawang.base.identity.values import PartyData
from fawang.base.workorders.models import Clock, Link, Order
from fawang.middle.intake import selectors as intake
from tests.conformance import channels
from tests.conformance.channels import Who
from tests.conformance.generating import answers_for

SEEDS = (1, 2)
WECHAT = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.47 miniProgram/wx1"
PARTNER_CHANNELS = {"51", "52", "53", "54", "55", "56", "57", "06", "12"}


def _lines() -> list[str]:
    return sorted({item.line for item in loader.read().items.values()})


def _ways(item: ServiceItem, who: Who, county: Any) -> dict[str, Any]:
    """The lawful doors of a service for an applicant, each as a function of the answers."""
    lawful = set(item.channels)
    ways: dict[str, Any] = {}

    def may(*codes: str) -> bool:
        return "*" in lawful or bool(lawful & set(codes))

    if may("01") and who.account_id:
        ways["portal"] = lambda given: channels.portal(item, given, who)
    if may("02") and who.account_id:
        ways["mini program"] = lambda given: channels.portal(item, given, who, agent=WECHAT)
    if may("31") and who.account_id:
        ways["kiosk"] = lambda given: channels.portal(item, given, who, kiosk=county.kiosk)
    if may("21"):
        ways["window"] = lambda given: channels.window(item, given, who, county.clerk)
    if may("11"):
        ways["hotline"] = lambda given: channels.hotline(item, given, who, county.operator)
    partners = ["12"] if "*" in lawful else sorted(lawful & PARTNER_CHANNELS)
    if partners:
        ways["api"] = lambda given: channels.api(item, given, who, county.partner, partners[0])
    return ways


def _seen(number: str) -> dict[str, Any]:
    """Everything of an order (and of the orders a bundle became) that must not depend on the door."""
    order = Order.objects.get(number=number)
    parts = (
        Link.objects.filter(other=order, kind="BUNDLE")
        .order_by("order__service_code")
        .values_list("order__number", flat=True)
    )
    clocks = (
        Clock.objects.filter(order=order)
        .order_by("limit_id")
        .values_list("limit_id", "value", "unit", "due_at", "state")
    )
    return {
        "service": order.service_code, "answers": _answered(order), "assessment": order.assessment,
        "clocks": list(clocks), "unit": order.unit_id, "state": order.state, "domain": order.domain,
        "urgency": order.urgency, "complexity": order.complexity, "area": order.area, "title": order.title,
        "parts": [_seen(part) for part in parts],
    }  # fmt: skip


def _answered(order: Order) -> dict[str, Any]:
    """The answers, opened; of files that there is one (each door hands in its own)."""
    questions = catalogue.version(order.item_version_id).item.questions
    files = {question.id for question in questions if question.type == QuestionType.FILE}
    return {name: "a file" if name in files else value for name, value in forms.opened(order.answers).items()}


def _answers(item: ServiceItem, who: Who, seed: int) -> dict[str, Any]:
    facts = channels.facts(who)
    data = PartyData(name=who.name, kind=who.kind, phone=who.phone, id_no=who.id_no, uscc=who.uscc)
    own = intake.own_answers(item.questions, data)
    return {**answers_for(item, facts, seed), **own}


@pytest.mark.slow
@pytest.mark.parametrize("line", _lines())
def test_every_service_of_a_line_makes_the_same_order_through_every_door(county, line):
    served = [published.item for published in catalogue.items(line=line, listed_only=False)]
    assert served
    wrong: list[str] = []
    filed = 0
    for item in served:
        if item.ends_in == "lookup":
            assert not item.questions
            continue
        for kind in sorted(set(item.applicant_kinds) - {"ANONYMOUS"}):
            who = county.people[kind]
            for seed in SEEDS if not item.is_bundle else (1,):
                given = _answers(item, who, seed)
                found: dict[str, Any] = {}
                for name, way in _ways(item, who, county).items():
                    try:
                        with transaction.atomic():
                            found[name] = _seen(way(dict(given)))
                            transaction.set_rollback(True)
                        filed += 1
                    except AssertionError as error:
                        wrong.append(f"{item.code} {kind} by {name}: {str(error)[:700]}")
                assert found or wrong, f"{item.code} has no door for {kind}"
                first = next(iter(found), "")
                for name, seen in found.items():
                    for part in seen:
                        if seen[part] != found[first][part]:
                            wrong.append(
                                f"{item.code} {kind}: {part} by {name} {seen[part]} but by {first} {found[first][part]}"
                            )
    assert not wrong, f"{len(wrong)} of {filed}:\n" + "\n".join(wrong[:12])
    assert filed or all(item.ends_in == "lookup" for item in served)
