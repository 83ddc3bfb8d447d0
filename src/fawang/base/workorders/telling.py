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
# which clock a template's date speaks of
CLOCK_OF = {
    "supplement_requested": "WO-CORRECT",
    "unit_received": "WO-SIGN",
    "urged": "WO-URGE",
    "rectification_ordered": "RT-02",
    "agreement_recorded": "JC-01",
    "aid_granted": "LA-02",
}
# what these say is when the matter itself is answered: the line's own limit, not the next of the envelope's short ones
ABOUT_THE_MATTER = {"order_dispatched", "order_accepted", "extension_granted", "resumed", "reopened"}
ENVELOPES = ("WO-", "RT-")
# variables that quote a field of the action's form
QUOTED = {"remedy": "remedy", "what": "items", "text": "text", "problem": "problem"}
NOBODY_YET = {"zh": "调度中心", "en": "the dispatch centre"}
SEE_MATTERS = {"zh": "详见“我的事项”", "en": "see “My matters”"}
TO_THE_MINUTE = {"reminder_due", "overdue", "unit_received"}


def tell_about(order: Order, template: str, to: str, sequence: int, about: Clock | None = None) -> None:
    """Tell the recipients of kind `to` about the order's event number `sequence`, or about a clock of the order.

    Telling twice about the same is harmless: it arrives once.
    """
    recipients = _recipients(order, template, to)
    if not recipients:
        return
    pool = _pool(order, template, sequence, about)
    data = {name: pool[name] for name in messages.variables(template)}
    cause = f"order:{order.pk}:{sequence}:{template}"
    if about is not None and about.due_at is not None:
        # two limits of one order may be told about between two acts
        cause = f"clock:{about.pk}:{about.due_at.timestamp():.0f}:{template}"
    for recipient in recipients:
        notifications.tell(
            actor=system("workorders"), to=recipient, template=template, data=data, order_ref=order.number or "",
            cause=cause, unit_id=order.unit_id, area=order.area,
        )  # fmt: skip


def _recipients(order: Order, template: str, to: str) -> list[Recipient]:
    if to == "applicant":
        language = order.language
        parties = [pk for pk in (order.applicant_id, order.on_behalf_by_id) if pk]
        return [Recipient(party_id=pk, language=language) for pk in parties]
    if to == "handler":
        return [Recipient(account_id=order.handler_id)] if order.handler_id else []
    if to == "unit":
        # a reopened order still has the unit that knows it while another is asked
        unit = order.offered_unit_id if template == "unit_offered" else order.unit_id or order.offered_unit_id
        return [Recipient(account_id=pk) for pk in organisations.liaisons(unit)] if unit else []
    return []


def _pool(order: Order, template: str, sequence: int, about: Clock | None) -> dict[str, Any]:
    """Everything a template may ask for about this order and event."""
    item = catalogue.version(order.item_version_id).item
    event = next((e for e in events.stream(f"order:{order.pk}") if e.sequence == sequence), None)
    told = (event.data or {}) if event else {}
    given = told.get("data") or {}
    unit_id = order.unit_id or order.offered_unit_id
    # by the time a message is written the unit may have lost the order again
    unit: Any = organisations.institution(unit_id).name if unit_id else NOBODY_YET
    names = identity.account_names([order.handler_id]) if order.handler_id else {}
    about = about or _clock(order, template, str(given.get("limit") or ""))
    due = (about.due_at if about else None) or order.due_at or clock.now() + timedelta(days=1)
    before, after = _moved(told, due)
    name = {"zh": item.zh, "en": item.en}
    reason = _quoted(given.get("text") or given.get("reason") or given.get("items"), name)
    bookings = meetings.bookings_of(system("workorders"), order.number or "") if order.is_offline else []
    return {
        "number": order.number or "",
        "code": crypto.unseal(order.query_code, context=QUERY_CODE_CONTEXT) if order.query_code else "",
        "next": {"zh": "我们会尽快派给承办单位", "en": "we are choosing who will serve you"},
        "unit": unit,
        "handler": names.get(order.handler_id or 0, unit),
        "until": (order.offered_until or due) if template == "unit_offered" else _until(template, due),
        "due": due if template in TO_THE_MINUTE else _day(after),
        "before": _day(before),
        "answer_by": due,
        "times": order.urged_count,
        "other": (order.merged_into.number if order.merged_into else "") or SEE_MATTERS,
        "confirmation": _confirmation(about),
        "stage": {language: about.limit[language] for language in name} if about else name,
        "reason": reason,
        **{variable: _quoted(given.get(field)) for variable, field in QUOTED.items()},
        "result": _quoted(order.result_text, reason),
        "place": bookings[0].bookable_name if bookings else unit,
        "start": bookings[0].start if bookings else due,
        "bring": {"zh": "身份证件和材料原件", "en": "your identity document and the originals"},
    }


def _quoted(text: Any, otherwise: Any = SEE_MATTERS) -> Any:
    """What somebody wrote, as a message may quote it; without it, the words to say instead."""
    return messages.presentable(str(text)) if str(text or "").strip() else otherwise


def _confirmation(about: Clock | None) -> dict[str, str]:
    """Whether and until when the parties may ask a court to confirm what they agreed (民事诉讼法 art. 205)."""
    if about is None or about.due_at is None or about.duty != "citizen":
        return {"zh": "对履行有争议的可以起诉", "en": "You may sue if its performance is disputed"}
    day = _day(about.due_at)
    return {
        "zh": f"{day.year}年{day.month}月{day.day}日前双方可以共同向法院申请司法确认",
        "en": f"Both sides may jointly ask the court to confirm it until {day.isoformat()}",
    }


def _until(template: str, due: Any) -> Any:
    if template == "claim_code":
        return clock.today() + timedelta(days=CLAIM_CODE_DAYS)
    if template == "suspended":
        return {"zh": "原因消除时", "en": "the reason is gone"}
    return _day(due)


def _clock(order: Order, template: str, limit: str) -> Clock | None:
    """The clock that a template's date speaks of; None: the order's own due time."""
    limit = limit or CLOCK_OF.get(template, "")
    rows = Clock.objects.filter(order=order, due_at__isnull=False).order_by("-id")
    if limit:
        return rows.filter(limit_id=limit).first()
    if template not in ABOUT_THE_MATTER:
        return None
    own = [row for row in rows.filter(state="RUNNING", duty="unit") if not row.limit_id.startswith(ENVELOPES)]
    return min(own, key=lambda row: row.due_at or row.started_at, default=None)


def _moved(told: dict[str, Any], due: datetime) -> tuple[datetime, datetime]:
    """For a changed calendar the old and new end of the limit that matters most: the line's own, if it moved."""
    rows = [row for row in told.get("clocks") or () if row["before"] and row["after"]]
    own = [row for row in rows if not row["limit"].startswith(ENVELOPES)]
    for row in own or rows:
        return datetime.fromisoformat(row["before"]), datetime.fromisoformat(row["after"])
    return due, due


def _day(due: datetime) -> date:
    """The last day of a limit: one that ends at midnight ends on the day before."""
    return clock.local(due - timedelta(seconds=1)).date()
