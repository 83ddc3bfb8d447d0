"""What the telephone system tells, the seats, and calls that nobody took."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock, ids, policy
from fawang.kernel.errors import Invalid, NotPermitted
from fawang.kernel.outbox.services import Job, queue
from fawang.kernel.policy import Actor
from fawang.middle.intake import events, sealing, writing
from fawang.middle.intake.following import follow
from fawang.middle.intake.models import Call, CallSignal, Contact, Seat
from fawang.middle.intake.seeing import call_view
from fawang.middle.intake.values import (
    HOTLINE,
    CallEvent,
    CallKind,
    CallState,
    CallView,
    ContactOutcome,
    SeatState,
    SeatView,
)

# how long after an abandoned call a late answer may still arrive before somebody is asked to call back
MISSED_AFTER = timedelta(seconds=60)
# a missed caller is called back within the hour (practice; like HL-02)
CALL_BACK_WITHIN = timedelta(hours=1)
CLOCK_SKEW = timedelta(minutes=10)
_SIDES = ("", "CALLER", "AGENT")


def announce_call(actor: Actor, event: CallEvent) -> CallView:
    """Take one event of one call. Twice, late and in any order: the state follows the order of the events' moments.

    Raises NotPermitted, Invalid (unknown event, naive or future moment, empty or over-long `call_id`).
    """
    policy.require(actor, "intake.announce_calls")
    _check(event)
    phone = sealing.clean_phone(event.caller)
    sealed, index = sealing.seal_phone(phone)
    with transaction.atomic():
        new = Call(
            system=actor.ref, call_id=event.call_id, token=ids.token(), unit_id=_unit(actor, event.seat),
            caller_sealed=sealed, caller_index=index, dnis=event.dnis,
        )  # fmt: skip
        Call.objects.bulk_create([new], ignore_conflicts=True)
        call = Call.objects.select_for_update().get(system=actor.ref, call_id=event.call_id)
        if not call.caller_sealed:
            call.caller_sealed, call.caller_index = sealed, index
        call.dnis = call.dnis or event.dnis
        CallSignal.objects.bulk_create(
            [
                CallSignal(
                    call=call, kind=event.event, at=event.at, seat=event.seat, hangup_side=event.hangup_side,
                    received_at=clock.now(),
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        _follow(call)
        return call_view(call)


def _check(event: CallEvent) -> None:
    problems = {}
    if event.event not in CallKind.values:
        problems["event"] = _("事件应为 RING、ANSWER、HANGUP 或 ABANDON。")
    if not event.call_id.strip() or len(event.call_id) > 80 or not event.call_id.isprintable():
        problems["call_id"] = _("请填写呼叫编号，最多 80 个字符。")
    if event.at.tzinfo is None or event.at > clock.now() + CLOCK_SKEW:
        problems["at"] = _("时间要带时区，并且不能晚于现在。")
    if len(event.seat) > 20 or len(event.dnis) > 20 or not (event.seat + event.dnis).isprintable():
        problems["seat"] = _("坐席号和被叫号最多 20 个字符。")
    if event.hangup_side not in _SIDES:
        problems["hangup_side"] = _("挂断方应为 CALLER 或 AGENT。")
    if problems:
        raise Invalid(dict(problems))


def _unit(actor: Actor, seat: str) -> int | None:
    """Whose call it is: the unit of the seat, else the announcer's where people sit, else the hotline's centre."""
    seats = Seat.objects.filter(code=seat) if seat else Seat.objects.none()
    if actor.unit_id is not None:
        mine = seats.filter(unit_id=actor.unit_id).exists() or Seat.objects.filter(unit_id=actor.unit_id).exists()
        if mine:
            return actor.unit_id
    found = seats.order_by("-since", "pk").values_list("unit_id", flat=True).first()
    if found is not None:
        return found
    centres = organisations.institutions(types=["HOTLINE_CENTRE"], only_active=True, limit=1).rows
    return centres[0].id if centres else actor.unit_id


def _follow(call: Call) -> None:
    """Write where the call stands; a call just found abandoned asks for a call-back, in a while."""
    was = call.state
    now = follow(CallSignal.objects.filter(call=call))
    call.state, call.seat, call.hangup_side = now.state, now.seat, now.hangup_side
    call.ring_at, call.answered_at, call.ended_at = now.ring_at, now.answered_at, now.ended_at
    call.queue_enter_at = now.ring_at
    call.save()
    if call.state == CallState.ABANDONED and was != CallState.ABANDONED and call.contact_id is None:
        job = Job("intake.missed_call", f"call:{call.pk}", {"call": call.pk}, run_after=clock.now() + MISSED_AFTER)
        queue([job])


def note_answer(call: Call) -> None:
    """The agent's own answer at the console, as a signal like the telephone system's. The call is locked."""
    now = clock.now()
    CallSignal.objects.bulk_create(
        [CallSignal(call=call, kind=CallKind.ANSWER, at=now, seat=call.seat, received_at=now)], ignore_conflicts=True
    )
    _follow(call)


def take_missed_call(call_id: int) -> str:
    """Make a call-back contact of a call nobody took; its number, or empty where none is needed.

    None is needed when the call was answered after all, the number is withheld, or the caller got through since. A
    caller who rang several times is called back once.
    """
    system = policy.system("missed calls")
    with transaction.atomic():
        call = Call.objects.select_for_update().filter(pk=call_id, state=CallState.ABANDONED, contact=None).first()
        if call is None or not call.caller_sealed or call.unit_id is None:
            return ""
        known = sealing.indexes(sealing.open_phone(call.caller_sealed))
        same = Contact.objects.filter(phone_index__in=known, unit_id=call.unit_id).order_by("-pk")
        waiting = same.filter(callback_due_at__isnull=False, callback_done_at__isnull=True).first()
        since = call.ring_at or call.ended_at or clock.now()
        if waiting is None and same.filter(agent__isnull=False, started_at__gte=since).exists():
            return ""
        if waiting is None:
            waiting = writing.make(
                system, unit_id=call.unit_id, channel=HOTLINE, phone=sealing.open_phone(call.caller_sealed),
                outcome=ContactOutcome.CALLBACK, callback_due_at=clock.now() + CALL_BACK_WITHIN,
                ended_at=call.ended_at or clock.now(),
            )  # fmt: skip
            due = waiting.callback_due_at.isoformat() if waiting.callback_due_at else ""
            writing.log(system, waiting, events.CALLBACK_PLANNED, {"due": due, "reason": "missed"})
        call.contact = waiting
        call.save(update_fields=["contact"])
        return waiting.number


def take_seat(actor: Actor, *, state: str, code: str | None = None) -> SeatView:
    """Say where one sits and whether calls may come. One account sits in one place. Raises Invalid."""
    policy.require(actor, "intake.take_contacts")
    if actor.unit_id is None or actor.account_id is None:
        raise NotPermitted(reason="intake.take_contacts")
    if state not in SeatState.values:
        raise Invalid({"state": _("请从列出的选项中选择。")})
    values = {"unit_id": actor.unit_id, "state": state, "since": clock.now()}
    if code is not None:
        values["code"] = writing.text(code, "code", most=20, is_multiline=False)
    row, _made = Seat.objects.update_or_create(account_id=actor.account_id, defaults=values)
    return SeatView(row.code, row.state, row.since)
