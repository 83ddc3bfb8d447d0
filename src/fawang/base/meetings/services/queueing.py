"""The verbs of a hall: take a number, call, recall, pass over, serve, send to another kind of window, end the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from string import ascii_uppercase

from django.db import IntegrityError, transaction
from django.db.models import F

from fawang.base.meetings import errors, rules, selectors
from fawang.base.meetings.models import Booking, Line, Ticket
from fawang.base.meetings.policy import reaches_institution
from fawang.base.meetings.services.receiving import check_in
from fawang.base.meetings.values import Priority, State, TicketState, TicketView
from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Recipient
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock, crypto, ids, policy
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.policy import Actor

_TRIES = 8
_OPEN = (TicketState.WAITING, TicketState.CALLED)


def _line(institution_id: int, code: str) -> Line:
    """The line's row of today, made by whoever comes first. Raises NoSuchLine when no open window serves it."""
    if code not in selectors.lines_of(institution_id):
        raise errors.NoSuchLine
    today = clock.today()
    rows = Line.objects.filter(institution_id=institution_id, day=today)
    for _ in range(_TRIES):
        if (found := rows.filter(line=code).first()) is not None:
            return found
        used = set(rows.values_list("letter", flat=True))
        letter = next((one for one in ascii_uppercase if one not in used), "Z")
        try:
            with transaction.atomic():
                return Line.objects.create(institution_id=institution_id, day=today, line=code, letter=letter)
        except IntegrityError:
            continue  # the line or its letter was taken in the same moment: look again
    raise errors.NoSuchLine


def take_ticket(
    *, actor: Actor, institution_id: int, line: str, priority: str = "", service_code: str = "", key: str = ""
) -> TicketView:
    """Give out a number for a kind of window. The same `key` (of the page) gives the same number again.

    Raises NoSuchLine, Invalid for an unknown priority, NotFound for a hall that takes nobody, NotPermitted.
    """
    policy.require(actor, "meetings.take_ticket")
    if priority not in Priority.values:
        raise Invalid({"priority": Invalid.message})
    if not organisations.institution(institution_id).may_work:
        raise NotFound
    token = key if len(key) == 22 and key.isalnum() and key.islower() else ids.token()
    if (before := Ticket.objects.filter(token=token, institution_id=institution_id).first()) is not None:
        return selectors.ticket_view(before)
    ticket = Ticket(
        token=token, institution_id=institution_id, priority=priority, service_code=service_code[:40],
        taken_at=clock.now(), day=clock.today(),
    )  # fmt: skip
    return _give(ticket, _line(institution_id, line))


def _give(ticket: Ticket, line: Line) -> TicketView:
    """Number and write the ticket: the line's row is locked by its own count, so numbers are given once."""
    try:
        with transaction.atomic():
            Line.objects.filter(pk=line.pk).update(given=F("given") + 1)
            line.refresh_from_db()
            ticket.line, ticket.number = line, f"{line.letter}{line.given:03d}"
            ticket.save(force_insert=True)
    except IntegrityError:
        twin = {"booking": ticket.booking} if ticket.booking else {"token": ticket.token}
        found = Ticket.objects.filter(**twin).first()
        if found is None:
            raise
        return selectors.ticket_view(found)
    return selectors.ticket_view(ticket)


def ticket_for_booking(*, actor: Actor, token: str, priority: str = "") -> TicketView | None:
    """The number of somebody who checked in: they are called at their booked time. Checking in twice gives one number.

    None where the booking is not for a window. Raises NotFound, NoSuchLine.
    """
    policy.require(actor, "meetings.receive")
    booking = Booking.objects.filter(token=token).select_related("bookable__window").first()
    if booking is None or not reaches_institution(actor, "meetings.receive", booking.bookable.institution_id):
        raise NotFound
    return _for_booking(booking, priority)


def check_in_self(*, actor: Actor, institution_id: int, claim_code: str, priority: str = "") -> TicketView | None:
    """Somebody at the hall's own terminal says the code of today's booking: checked in, with a number where it is for a
    window. Raises NotFound for a code of another day or place, NoSuchLine."""
    policy.require(actor, "meetings.take_ticket")
    said = "".join(claim_code.upper().split())
    begin = datetime.combine(clock.today(), datetime.min.time(), tzinfo=clock.SHANGHAI)
    rows = Booking.objects.filter(
        claim_index__in=crypto.indexes(said, context=selectors.CLAIM_CONTEXT), start__gte=begin,
        start__lt=begin + timedelta(days=1), bookable__institution_id=institution_id,
        state__in=(State.BOOKED, State.SHOWN_UP),
    )  # fmt: skip
    booking = rows.select_related("bookable__window").order_by("start").first() if said else None
    if booking is None:
        raise NotFound
    if booking.state == State.BOOKED:
        check_in(actor=policy.system("meetings"), token=booking.token)
        booking.refresh_from_db()
    return _for_booking(booking, priority)


def _for_booking(booking: Booking, priority: str) -> TicketView | None:
    if booking.bookable.window is None or booking.state != State.SHOWN_UP:
        return None
    if (before := Ticket.objects.filter(booking=booking).first()) is not None:
        return selectors.ticket_view(before)
    institution_id = booking.bookable.institution_id
    served = booking.bookable.window.lines or [*selectors.lines_of(institution_id)]
    ticket = Ticket(
        token=ids.token(), institution_id=institution_id, party_id=booking.party_id, booking=booking,
        priority=priority if priority in Priority.values else "", service_code=booking.service_code,
        taken_at=clock.now(), day=clock.today(),
    )  # fmt: skip
    return _give(ticket, _line(institution_id, served[0] if served else ""))


def call_next(*, actor: Actor, window_id: int, current: str = "") -> TicketView | None:
    """Finish whom the window serves now, and call the next; None when nobody waits.

    `current` is the number's token that the page showed (empty for none): pressed twice, the second press finds another
    one at the window and only shows it. Two windows at once never call one number: the row is claimed by
    compare-and-set. Raises NotFound.
    """
    window = _window(actor, window_id)
    with transaction.atomic():
        serving = Ticket.objects.filter(window_id=window.id, state=TicketState.CALLED).first()
        if serving is not None:
            if serving.token != current:
                return selectors.ticket_view(serving)
            _finish(serving, TicketState.DONE)
    for _ in range(_TRIES):
        turn = selectors.turn_of(window.institution_id, window.lines)
        if not turn:
            return None
        for ticket in turn[:_TRIES]:
            if (called := _call(ticket, window.id)) is not None:
                return selectors.ticket_view(called)
    return None


def _call(ticket: Ticket, window_id: int) -> Ticket | None:
    moment = clock.now()
    try:
        with transaction.atomic():
            changed = Ticket.objects.filter(pk=ticket.pk, state=TicketState.WAITING).update(
                state=TicketState.CALLED, window_id=window_id, called_at=moment, calls=F("calls") + 1
            )
            if not changed:
                return None  # another window was faster
            Line.objects.filter(pk=ticket.line_id).update(called=F("called") + 1)
    except IntegrityError:
        # the same window called somebody in the same moment: that one is served
        return Ticket.objects.filter(window_id=window_id, state=TicketState.CALLED).first()
    ticket.refresh_from_db()
    return ticket


def _window(actor: Actor, window_id: int) -> selectors.WindowAt:
    policy.require(actor, "meetings.call")
    window = selectors.window_at(window_id)
    if not reaches_institution(actor, "meetings.call", window.institution_id):
        raise NotFound
    return window


def _finish(ticket: Ticket, state: TicketState) -> None:
    changed = Ticket.objects.filter(pk=ticket.pk, state=ticket.state).update(state=state, finished_at=clock.now())
    if not changed:
        raise errors.TicketIsOver
    if ticket.booking_id is not None and state == TicketState.DONE:
        Booking.objects.filter(pk=ticket.booking_id, state=State.SHOWN_UP).update(
            state=State.DONE, state_at=clock.now()
        )
    ticket.state = state


def _serving(actor: Actor, token: str) -> Ticket:
    policy.require(actor, "meetings.call")
    ticket = Ticket.objects.select_for_update(of=("self",)).filter(token=token).select_related("line").first()
    if ticket is None or not reaches_institution(actor, "meetings.call", ticket.institution_id):
        raise NotFound
    if ticket.state != TicketState.CALLED:
        raise errors.TicketIsOver
    return ticket


def recall(*, actor: Actor, token: str) -> TicketView:
    """Call the same number once more. Raises NotFound, TicketIsOver."""
    with transaction.atomic():
        ticket = _serving(actor, token)
        ticket.calls, ticket.called_at = ticket.calls + 1, clock.now()
        ticket.save(update_fields=["calls", "called_at"])
    return selectors.ticket_view(ticket)


def pass_over(*, actor: Actor, token: str) -> TicketView:
    """Nobody came: the number comes back after some others, and is struck off when that happened too often (both are
    data). Raises NotFound, TicketIsOver."""
    limits = rules.today()
    with transaction.atomic():
        ticket = _serving(actor, token)
        ticket.skips, ticket.window, ticket.called_at = ticket.skips + 1, None, None
        if ticket.skips >= limits.most_calls:
            ticket.state, ticket.finished_at = TicketState.MISSED, clock.now()
        else:
            ticket.state, ticket.back_at = TicketState.WAITING, ticket.line.called + limits.back_after
        ticket.save(update_fields=["skips", "window", "called_at", "state", "finished_at", "back_at"])
    return selectors.ticket_view(ticket)


def serve(*, actor: Actor, token: str) -> TicketView:
    """The person was served; nobody is called. Raises NotFound, TicketIsOver."""
    with transaction.atomic():
        ticket = _serving(actor, token)
        _finish(ticket, TicketState.DONE)
    return selectors.ticket_view(ticket)


def transfer(*, actor: Actor, token: str, line: str) -> TicketView:
    """Send somebody on to another kind of window: number and time of arrival stay, so nobody queues twice.

    Raises NoSuchLine, NotFound, TicketIsOver.
    """
    with transaction.atomic():
        ticket = _serving(actor, token)
        ticket.line = _line(ticket.institution_id, line)
        ticket.state, ticket.window, ticket.called_at, ticket.back_at = TicketState.WAITING, None, None, 0
        ticket.save(update_fields=["line", "state", "window", "called_at", "back_at"])
    return selectors.ticket_view(ticket)


def leave_queue(*, token: str) -> TicketView:
    """Whoever holds the number gives it back. Raises NotFound; leaving twice does no harm."""
    Ticket.objects.filter(token=token, state=TicketState.WAITING).update(
        state=TicketState.LEFT, finished_at=clock.now()
    )
    return selectors.ticket(token)


def end_day(*, actor: Actor, institution_id: int) -> int:
    """Close the numbers that were not called today, with an apology to those whom we can reach; how many.

    Raises NotFound.
    """
    policy.require(actor, "meetings.call")
    if not reaches_institution(actor, "meetings.call", institution_id):
        raise NotFound
    left = Ticket.objects.filter(institution_id=institution_id, day=clock.today(), state__in=_OPEN)
    return _close(actor, list(left))


def _close(actor: Actor, tickets: list[Ticket]) -> int:
    closed = 0
    for ticket in tickets:
        state = TicketState.DONE if ticket.state == TicketState.CALLED else TicketState.CLOSED
        with transaction.atomic():
            changed = Ticket.objects.filter(pk=ticket.pk, state=ticket.state).update(
                state=state, finished_at=clock.now()
            )
            if changed and state == TicketState.CLOSED:
                closed += 1
                if ticket.party_id is not None:
                    notifications.tell(
                        actor=actor, to=Recipient(party_id=ticket.party_id), template="queue_closed",
                        data={"number": ticket.number}, cause=f"{ticket.token}:closed",
                        unit_id=ticket.institution_id,
                    )  # fmt: skip
    return closed


def _day_over(day_ends: datetime) -> bool:
    return clock.now() >= day_ends


def sweep_queues() -> int:
    """Close what earlier days left, and today's once the day is over (a rule); how many. Safe to run twice."""
    today, limits = clock.today(), rules.today()
    over = _day_over(datetime.combine(today, limits.day_ends, tzinfo=clock.SHANGHAI))
    last = today if over else today - timedelta(days=1)
    left = Ticket.objects.filter(day__lte=last, state__in=_OPEN).order_by("id")
    return _close(policy.system("meetings"), list(left[:500]))
