"""Who is told what about an order: finds the recipients and the words' data, and hands both to notifications."""

from __future__ import annotations

from typing import Any

from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity import selectors as identity
from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Recipient
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders.engine import QUERY_CODE_CONTEXT
from fawang.base.workorders.models import Order
from fawang.kernel import clock, crypto
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import system


def tell_about(order: Order, template: str, to: str, sequence: int, more: dict[str, Any] | None = None) -> None:
    """Tell the recipients of kind `to` about the order's event number `sequence`; telling twice is harmless."""
    data = {**_data(order, sequence), **(more or {})}
    for recipient in _recipients(order, to):
        notifications.tell(
            actor=system("workorders"), to=recipient, template=template, data=data, order_ref=order.number or "",
            cause=f"order:{order.pk}:{sequence}:{template}",
        )  # fmt: skip


def _recipients(order: Order, to: str) -> list[Recipient]:
    if to == "applicant":
        found = [Recipient(party_id=order.applicant_id)] if order.applicant_id else []
        if order.on_behalf_by_id:
            found.append(Recipient(party_id=order.on_behalf_by_id))
        return found
    if to == "handler":
        return [Recipient(account_id=order.handler_id)] if order.handler_id else []
    if to == "unit":
        unit = order.unit_id or order.offered_unit_id
        return [Recipient(account_id=pk) for pk in organisations.liaisons(unit)] if unit else []
    return []


def _data(order: Order, sequence: int) -> dict[str, Any]:
    item = catalogue.version(order.item_version_id).item
    stream = f"order:{order.pk}"
    event = next((e for e in events.stream(stream) if e.sequence == sequence), None)
    given = (event.data or {}).get("data", {}) if event else {}
    unit = organisations.institution(order.unit_id).name if order.unit_id else ""
    handler = identity.account_names([order.handler_id]).get(order.handler_id, "") if order.handler_id else ""
    return {
        "number": order.number or "",
        "service_zh": item.zh,
        "service_en": item.en,
        "query_code": crypto.unseal(order.query_code, context=QUERY_CODE_CONTEXT) if order.query_code else "",
        "unit": unit,
        "handler": handler,
        "due": f"{clock.local(order.due_at):%Y-%m-%d %H:%M}" if order.due_at else "",
        "reason": str(given.get("text") or given.get("reason") or ""),
        "remedy": str(given.get("remedy") or ""),
        "items": str(given.get("items") or ""),
        "text": str(given.get("text") or ""),
        "result": order.result_text,
    }
