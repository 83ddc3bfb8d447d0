"""Answers to lower rooms that cannot know orders: whose party and whose messages a member of staff may see."""

from __future__ import annotations

from django.db.models import Q

from fawang.base.identity import services as identity
from fawang.base.notifications import selectors as notifications
from fawang.base.workorders import numbers
from fawang.base.workorders.models import Participant
from fawang.base.workorders.reach import visible
from fawang.kernel.policy import Actor


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


def wire() -> None:
    """Register the answers (once, at start-up)."""
    identity.register_reach("workorders", sees_party)
    notifications.let_orders_decide(sees_order)
