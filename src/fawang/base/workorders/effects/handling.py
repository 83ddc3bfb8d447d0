"""Work on the order: contacts, tasks, supplements, suspension, extension, co-handling."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from fawang.base.catalogue.schema import Span
from fawang.base.workorders.effects.dispatching import add_co_unit, unit_of_any_line
from fawang.base.workorders.engine import Act, effect
from fawang.base.workorders.models import Task
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, RefusedByRule


@effect("note_contact")
def note_contact(act: Act) -> None:
    """A try to reach the person, successful or not."""
    if act.data["reached"]:
        act.order.contact_count += 1
        act.order.unreached_count = 0
    else:
        act.order.unreached_count += 1


@effect("add_task")
def add_task(act: Act) -> None:
    """A to-do inside the order."""
    due = date.fromisoformat(act.data["due"]) if act.data.get("due") else None
    act.rows.append(Task(order=act.order, title=act.data["title"], due_on=due, created_at=clock.now()))


@effect("finish_task")
def finish_task(act: Act) -> None:
    """Close a to-do with its outcome."""
    task = Task.objects.filter(order=act.order, pk=act.data["task"], done_at__isnull=True).first()
    if task is None:
        raise Invalid({"task": _("没有这项待办，或已经完成。")})
    task.done_at, task.outcome = clock.now(), act.data.get("text") or ""
    act.rows.append(task)


@effect("request_supplement")
def request_supplement(act: Act) -> None:
    """Everything that is missing, at once (一次性告知); the order waits for the applicant."""
    act.order.suspended_for = "SP01"
    if act.data.get("days"):
        act.ledger.spans["WO-CORRECT"] = Span(value=act.data["days"], unit="CD")


@effect("reply_supplement")
def reply_supplement(act: Act) -> None:
    """The applicant has sent it."""
    act.order.suspended_for = ""


@effect("suspend")
def suspend(act: Act) -> None:
    """For a stated reason; the limits that the law lets rest are paused."""
    act.order.suspended_for = act.data["reason"]


@effect("resume")
def resume(act: Act) -> None:
    """The reason is gone."""
    act.order.suspended_for = ""


@effect("approve_extension")
def approve_extension(act: Act) -> None:
    """Once, before expiry, by the named approver, told to the applicant (T7)."""
    extended = act.ledger.extend(str(act.data.get("reason") or ""))
    if not extended:
        raise RefusedByRule(_("时限已经到期，不能再延长。请用“不同意延期”，并抓紧办理。"))
    act.order.is_extended = True
    act.extra["extended"] = extended


@effect("ask_cohandling")
def ask_cohandling(act: Act) -> None:
    """Co-units answer the lead unit."""
    tokens = [part.strip() for part in act.data["units"].split(",") if part.strip()]
    if not tokens:
        raise Invalid({"units": _("请至少选择一个协办单位。")})
    for token in tokens:
        unit = unit_of_any_line(token)
        add_co_unit(act, unit)
        task = Task(order=act.order, title=act.data["text"][:200], unit_id=unit.id, created_at=clock.now())
        act.rows.append(task)


@effect("reply_cohandling")
def reply_cohandling(act: Act) -> str:
    """One co-unit's part is done; when all are, the work goes on at the lead unit."""
    for participant in act.participants:
        if participant.part == "CO_UNIT" and participant.unit_id == act.actor.unit_id and not participant.has_answered:
            participant.has_answered = True
            act.rows.append(participant)
    for task in Task.objects.filter(order=act.order, unit_id=act.actor.unit_id, done_at__isnull=True):
        task.done_at, task.outcome = clock.now(), act.data["text"]
        act.rows.append(task)
    waiting = any(p.part == "CO_UNIT" and not p.has_answered for p in act.participants)
    return "CO_HANDLING" if waiting else "HANDLING"


@effect("end_cohandling")
def end_cohandling(act: Act) -> None:
    """The lead unit goes on without waiting for the rest."""
    for participant in act.participants:
        if participant.part == "CO_UNIT" and not participant.has_answered:
            participant.has_answered = True
            act.rows.append(participant)
    for task in Task.objects.filter(order=act.order, unit__isnull=False, done_at__isnull=True):
        task.done_at = clock.now()
        act.rows.append(task)
