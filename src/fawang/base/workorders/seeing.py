"""Answers to lower rooms that cannot know orders: whose party, messages and files a member of staff may see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from fawang.base.catalogue import forms
from fawang.base.documents import services as documents
from fawang.base.identity import services as identity
from fawang.base.notifications import selectors as notifications
from fawang.base.workorders import numbers
from fawang.base.workorders.models import Link, Order, Participant
from fawang.base.workorders.reach import visible
from fawang.kernel.policy import Actor

# how an order that was made of another one is tied to it
OF_ONE = ("BUNDLE", "DERIVED")
_TOKEN = re.compile(r"[a-z0-9]{10,40}")


def sees_party(actor: Actor, party_id: int) -> bool:
    """Whether an order the actor may see names the party."""
    orders = visible(actor)
    named = Q(applicant_id=party_id) | Q(on_behalf_by_id=party_id)
    if orders.filter(named).exists():
        return True
    taking_part = Participant.objects.filter(party_id=party_id).values("order_id")
    return orders.filter(pk__in=taking_part).exists()


def sees_order(actor: Actor, number: str) -> bool:
    """Whether the actor may see the order of that number."""
    return visible(actor).filter(**numbers.named(number)).exists()


def took_over(order_ref: str, token: str) -> list[str]:
    """The orders that came of an application (a bundle, a split order) and have one of its files in their answers."""
    came_of = Link.objects.filter(other__in=Order.objects.filter(**numbers.named(order_ref)), kind__in=OF_ONE)
    orders = Order.objects.filter(pk__in=came_of.values("order_id"))
    return [order.number or "" for order in orders if token in files_in(order.answers)]


def files_taken_over(order_ref: str) -> list[tuple[str, str]]:
    """The files in the answers of an order that came of another one: (the other one's number or draft token, file)."""
    links = Link.objects.filter(order__in=Order.objects.filter(**numbers.named(order_ref)), kind__in=OF_ONE)
    link = links.select_related("order", "other").first()
    if link is None:
        return []
    origins = [ref for ref in (link.other.number, link.other.draft_token) if ref]
    return [(ref, token) for token in files_in(link.order.answers) for ref in origins]


def files_in(answers: Mapping[str, Any]) -> set[str]:
    """Everything in answers that has the form of a file's token."""
    return {text for text in _texts(forms.opened(answers)) if _TOKEN.fullmatch(text)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)


def wire() -> None:
    """Register the answers (once, at start-up)."""
    documents.register_lending("workorders", documents.Lending(took_over, files_taken_over))
    identity.register_reach("workorders", sees_party)
    notifications.let_orders_decide(sees_order)
