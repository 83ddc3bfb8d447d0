"""What a service's rules say about answers: may the person have it, which papers are needed, what does it cost.

The same for every channel. Nothing here refuses anybody: a `no` is shown with its reason and article, and whoever
wants to apply all the same may; the authority decides and gives its reasons in writing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fawang.base.catalogue import forms, registers
from fawang.base.catalogue.forms import NOBODY, Facts
from fawang.base.catalogue.schema import Eligibility, Material, ServiceItem, Verdict

# the strongest first
_STRENGTH: tuple[Verdict, ...] = ("no", "person", "yes")


@dataclass(frozen=True)
class Assessment:
    """What the rules say. `verdict` is empty for a service without rules of eligibility; `fee` is in fen, None while
    it cannot be computed or is agreed with the provider."""

    verdict: str
    reasons: tuple[str, ...]
    flags: tuple[str, ...]
    materials: tuple[str, ...]
    fee: int | None
    fee_kind: str

    def to_data(self) -> dict[str, Any]:
        """The assessment as it is kept with an order: ids, never answers."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Need:
    """A paper that is needed now. `is_fetched`: a register supplies it, the person need not bring it."""

    material: Material
    is_fetched: bool


def assess(item: ServiceItem, answers: Mapping[str, Any], facts: Facts = NOBODY) -> Assessment:
    """Weigh the rules of a service with opened answers. A rule that rests on an open name does not count yet."""
    flow = forms.walked(item.questions, answers, facts)
    true = [rule for rule in item.eligibility if flow.is_true(rule.when)]
    verdict = next((strong for strong in _STRENGTH if any(rule.answer == strong for rule in true)), "")
    if item.eligibility and not verdict:
        verdict = "person"
    fee_kind = item.fee.kind if item.fee else ""
    amount = flow.value(item.fee.amount) if item.fee and item.fee.amount else 0 if fee_kind == "free" else None
    return Assessment(
        verdict=verdict,
        reasons=tuple(rule.id for rule in true if rule.answer == verdict),
        flags=tuple(sorted({flag for rule in true for flag in rule.sets})),
        materials=tuple(m.id for m in item.materials if not m.when or flow.is_true(m.when)),
        fee=amount,
        fee_kind=fee_kind,
    )


def reasons(item: ServiceItem, assessment: Assessment) -> list[Eligibility]:
    """The rules that decided, for showing their reasons and articles."""
    return [rule for rule in item.eligibility if rule.id in assessment.reasons]


def all_needs(item: ServiceItem) -> list[Need]:
    """Every paper that may be needed, for the guide."""
    return [Need(m, bool(m.fetched_from) and registers.is_connected(m.fetched_from)) for m in item.materials]


def needs(item: ServiceItem, assessment: Assessment) -> list[Need]:
    """The papers that are needed, each with whether a connected register supplies it."""
    wanted = set(assessment.materials)
    return [need for need in all_needs(item) if need.material.id in wanted]
