"""Who is told what about an order: finds the recipients and the words' data, and hands both to notifications."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity import selectors as identity
from fawang.base.meetings import selectors as meetings
from fawang.base.notifications import selectors as messages
from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Recipient
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders.engine import QUERY_CODE_CONTEXT
from fawang.base.workorders.models import Clock, Order
from fawang.kernel import clock, crypto
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import system

CLAIM_CODE_DAYS = 183
# which clock a template's date speaks of; without it the order's own due time
CLOCK_OF = {
    "supplement_requested": "WO-CORRECT",
    "urged": "WO-URGE",
    "rectification_ordered": "RT-02",
    "agreement_recorded": "JC-01",
}


def tell_about(order: Order, template: str, to: str, sequence: int, more: dict[str, Any] | None = None) -> None:
    """Tell the recipients of kind `to` about the order's event number `sequence`; telling twice is harmless."""
    recipients = _recipients(order, to)
    if not recipients:
        return
    pool = {**_pool(order, template, sequence), **(more or {})}
    data = {name: pool[name] for name in messages.variables(template)}
    for recipient in recipients:
        notifications.tell(
            actor=system("workorders"), to=recipient, template=template, data=data, order_ref=order.number or "",
            cause=f"order:{order.pk}:{sequence}:{template}", unit_id=order.unit_id, area=order.area,
        )  # fmt: skip


def _recipients(order: Order, to: str) -> list[Recipient]:
    if to == "applicant":
        language = order.language
        parties = [pk for pk in (order.applicant_id, order.on_behalf_by_id) if pk]
        return [Recipient(party_id=pk, language=language) for pk in parties]
    if to == "handler":
        return [Recipient(account_id=order.handler_id)] if order.handler_id else []
    if to == "unit":
        unit = order.unit_id or order.offered_unit_id
        return [Recipient(account_id=pk) for pk in organisations.liaisons(unit)] if unit else []
    return []


def _pool(order: Order, template: str, sequence: int) -> dict[str, Any]:
    """Everything a template may ask for about this order and event."""
    item = catalogue.version(order.item_version_id).item
    event = next((e for e in events.stream(f"order:{order.pk}") if e.sequence == sequence), None)
    given = ((event.data or {}).get("data") or {}) if event else {}
    unit_id = order.unit_id or order.offered_unit_id
    unit = organisations.institution(unit_id).name if unit_id else ""
    names = identity.account_names([order.handler_id]) if order.handler_id else {}
    due = _due(order, template)
    reason = str(given.get("text") or given.get("reason") or given.get("items") or item.zh)
    bookings = meetings.bookings_of(system("workorders"), order.number or "") if order.is_offline else []
    return {
        "number": order.number or "",
        "code": crypto.unseal(order.query_code, context=QUERY_CODE_CONTEXT) if order.query_code else "",
        "next": {"zh": "我们会尽快派给承办单位", "en": "we are choosing who will serve you"},
        "unit": unit,
        "handler": names.get(order.handler_id or 0, unit),
        "until": order.offered_until if template == "unit_offered" else _until(template, due),
        "due": due if template in {"reminder_due", "overdue", "unit_received"} else _day(due),
        "before": _day(due),
        "answer_by": due,
        "times": order.urged_count,
        "stage": {"zh": item.zh, "en": item.en},
        "reason": reason,
        "remedy": str(given.get("remedy") or ""),
        "what": str(given.get("items") or ""),
        "text": str(given.get("text") or ""),
        "problem": str(given.get("problem") or ""),
        "result": order.result_text or reason,
        "place": bookings[0].bookable_name if bookings else unit,
        "start": bookings[0].start if bookings else due,
        "bring": {"zh": "身份证件和材料原件", "en": "your identity document and the originals"},
    }


def _until(template: str, due: Any) -> Any:
    if template == "claim_code":
        return clock.today() + timedelta(days=CLAIM_CODE_DAYS)
    if template == "suspended":
        return {"zh": "原因消除时", "en": "the reason is gone"}
    return _day(due)


def _due(order: Order, template: str) -> Any:
    limit = CLOCK_OF.get(template)
    if limit is not None:
        row = Clock.objects.filter(order=order, limit_id=limit, due_at__isnull=False).order_by("-id").first()
        if row is not None and row.due_at is not None:
            return row.due_at
    return order.due_at or clock.now() + timedelta(days=1)


def _day(due: datetime) -> date:
    """The last day of a limit: one that ends at midnight ends on the day before."""
    return clock.local(due - timedelta(seconds=1)).date()
