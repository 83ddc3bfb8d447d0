"""Background work of orders: alarms at the moment a clock ends, reminders, messages, a changed calendar, archiving."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from fawang.base.catalogue.errors import LineGone
from fawang.base.workorders import services, telling
from fawang.base.workorders.models import Clock, Order
from fawang.kernel import clock
from fawang.kernel.errors import FawangError
from fawang.kernel.outbox.services import Job, every, handles, queue
from fawang.kernel.policy import Actor, system

ARCHIVE_AFTER = timedelta(days=15)
BATCH = 200


def _clock_as_told(payload: dict[str, Any]) -> Clock | None:
    """The running, unbreached clock an alarm is about; None when it was met, paused or moved since."""
    row = Clock.objects.select_related("order").filter(pk=payload["clock"], state="RUNNING").first()
    if row is None or row.breached_at is not None or row.due_at is None:
        return None
    return row if row.due_at == datetime.fromisoformat(payload["due"]) else None


@handles("workorders.alarm")
def alarm(payload: dict[str, Any]) -> None:
    """A clock's due time has come: note the breach unless it was met, paused or moved meanwhile."""
    row = _clock_as_told(payload)
    if row is None or row.due_at is None or row.due_at > clock.now() or row.duty == "citizen":
        return
    reference = row.order.number or row.order.draft_token
    try:
        services.perform(actor=system("clock"), order=reference, action="note_breach", data={"limit": row.limit_id})
    except LineGone:
        return  # nobody can act on it any more: there is nobody to alarm


@handles("workorders.remind")
def remind(payload: dict[str, Any]) -> None:
    """Three quarters of a limit are gone: remind whoever it binds (yellow alarm), unless it is met or moved."""
    row = _clock_as_told(payload)
    if row is None or row.due_at is None or row.due_at <= clock.now():
        return
    if row.duty == "citizen":
        telling.tell_about(row.order, "your_limit_ends", "applicant", row.order.version, row)
    else:
        to = "handler" if row.order.handler_id else "unit"
        telling.tell_about(row.order, "reminder_due", to, row.order.version, row)


@handles("workorders.tell")
def tell(payload: dict[str, Any]) -> None:
    """Send the messages an act caused."""
    order = Order.objects.filter(pk=payload["order"]).first()
    if order is None:
        return
    for template, to, sequence in payload["tells"]:
        telling.tell_about(order, template, to, sequence)


@handles("calendar.changed")
def calendar_changed(payload: dict[str, Any]) -> None:
    """Recompute open clocks in batches; what other servers computed from the old calendar meanwhile is caught up."""
    if services.recompute_clocks(revision=payload["revision"], limit=BATCH) == BATCH or not payload.get("again"):
        later = clock.now() + timedelta(seconds=5)
        queue([Job("calendar.changed", "calendar", {**payload, "again": True}, run_after=later)])


def _perform_each(due: QuerySet[Order], actor: Actor, action: str) -> None:
    """Perform the action on up to `BATCH` of the orders; one that refuses does not stand in the others' way."""
    done = 0
    for reference in list(due.order_by("id").values_list("number", flat=True)):
        try:
            services.perform(actor=actor, order=str(reference), action=action)
        except FawangError:
            continue
        done += 1
        if done == BATCH:
            break


@every(timedelta(minutes=10), "workorders.archive")
def archive() -> None:
    """Archive what was told long enough ago and is not under call-back; rating stays open."""
    due = Order.objects.filter(state="DONE", told_at__lt=clock.now() - ARCHIVE_AFTER, is_open=True)
    _perform_each(due, system("archive"), "close")


@every(timedelta(minutes=1), "workorders.offers")
def lapse_offers() -> None:
    """Offers nobody answered go on to the next."""
    late = Order.objects.filter(offered_unit__isnull=False, offered_until__lt=clock.now(), state="TO_DISPATCH")
    _perform_each(late, system("dispatch"), "lapse_offer")
