"""What somebody answered before: offered again with its source, never taken over silently."""

from __future__ import annotations

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.workorders.models import Order
from fawang.base.workorders.values import Earlier
from fawang.kernel.policy import Actor

# how many of the latest orders are looked through
EARLIER_ORDERS = 8


def answers(actor: Actor, meanings: frozenset[str]) -> dict[str, Earlier]:
    """What the acting party answered to questions of these meanings in its latest orders, the newest of each."""
    if actor.party_id is None or not meanings:
        return {}
    found: dict[str, Earlier] = {}
    rows = Order.objects.filter(applicant_id=actor.party_id, number__isnull=False).order_by("-id")[:EARLIER_ORDERS]
    for order in rows:
        published = catalogue.version(order.item_version_id)
        for question in published.item.questions:
            value = order.answers.get(question.id)
            if question.meaning in meanings and question.meaning not in found and value is not None:
                opened = forms.opened({"value": value})["value"]
                found[question.meaning] = Earlier(
                    opened, question.type, published.item.zh, published.item.en, order.submitted_at, order.number or ""
                )
    return found
