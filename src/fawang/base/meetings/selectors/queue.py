"""The questions of a hall: whose turn it is, how long it takes, what the screen says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.meetings import ordering, rules
from fawang.base.meetings.models import Line, Ticket
from fawang.base.meetings.ordering import Waiting
from fawang.base.meetings.policy import reaches_institution
from fawang.base.meetings.values import CalledNumber, TicketState, TicketView
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock, policy
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor

_WORKING = timedelta(minutes=30)
_ON_SCREEN = 8
GENERAL = "general"


@dataclass(frozen=True)
class WindowAt:
    """A window that calls: where it is, and the kinds of matters it takes."""

    id: int
    institution_id: int
    name: str
    lines: tuple[str, ...]


def lines_of(institution_id: int) -> tuple[str, ...]:
    """The kinds of matters that the open windows of a hall take, in the catalogue's order; a window that names none
    takes the general queue."""
    windows = organisations.windows(institution_id)
    named = {line for window in windows for line in window.lines}
    known = [line for line in catalogue.lines() if line in named]
    others = sorted(named - set(known))
    has_general = any(not window.lines for window in windows)
    return (*known, *others, *((GENERAL,) if has_general or (windows and not named) else ()))


def line_name(code: str) -> str:
    """The words of a kind of window, in the page's language."""
    if code == GENERAL:
        return _("综合业务")
    line = catalogue.line(code)
    return line.en if (get_language() or "").startswith("en") else line.zh


def window_at(window_id: int) -> WindowAt:
    """A window that may call. Raises NotFound for a closed one."""
    found = organisations.window(window_id)
    if not found.is_open:
        raise NotFound
    return WindowAt(found.id, found.institution_id, found.name, found.lines or (GENERAL,))


def _waiting(institution_id: int, lines: Collection[str]) -> list[Ticket]:
    rows = Ticket.objects.filter(
        institution_id=institution_id, day=clock.today(), state=TicketState.WAITING, line__line__in=lines
    )
    return list(rows.select_related("line", "booking").order_by("id"))


def turn_of(institution_id: int, lines: Sequence[str]) -> list[Ticket]:
    """Those who wait for these kinds of windows, next first."""
    tickets = _waiting(institution_id, lines)
    if not tickets:
        return []
    waiting = [
        Waiting(
            id=one.pk,
            taken_at=one.taken_at,
            has_priority=bool(one.priority),
            booked_start=one.booking.start if one.booking else None,
            to_pass=max(0, one.back_at - one.line.called),
        )
        for one in tickets
    ]
    longest = timedelta(minutes=rules.today().longest_wait_minutes)
    order = ordering.in_turn(waiting, now=clock.now(), longest=longest)
    by_id = {ticket.pk: ticket for ticket in tickets}
    return [by_id[pk] for pk in order]


def ticket_view(ticket: Ticket) -> TicketView:
    """A number as its holder and the windows see it."""
    ahead, minutes = 0, None
    if ticket.state == TicketState.WAITING:
        turn = turn_of(ticket.institution_id, (ticket.line.line,))
        ahead = next((place for place, one in enumerate(turn) if one.pk == ticket.pk), 0)
        minutes = _minutes(ticket.institution_id, ticket.line, ahead)
    return TicketView(
        token=ticket.token,
        number=ticket.number,
        institution_id=ticket.institution_id,
        line=ticket.line.line,
        state=ticket.state,
        state_label=ticket.get_state_display(),
        priority=ticket.priority,
        taken_at=ticket.taken_at,
        called_at=ticket.called_at,
        window_name=ticket.window.name if ticket.window else "",
        ahead=ahead,
        wait_minutes=minutes,
        booked_start=ticket.booking.start if ticket.booking else None,
        calls=ticket.calls,
        service_code=ticket.service_code,
    )


def _minutes(institution_id: int, line: Line, ahead: int) -> int | None:
    """How long somebody waits with so many ahead: from today's services of that kind and the windows at work."""
    today = Ticket.objects.filter(institution_id=institution_id, day=clock.today(), line=line)
    done = today.filter(state=TicketState.DONE, called_at__isnull=False, finished_at__isnull=False)
    spans = [(begin, end) for begin, end in done.values_list("called_at", "finished_at") if begin and end]
    each = ordering.service_time(spans, told_from=rules.today().told_from)
    busy = set(today.filter(state=TicketState.CALLED).values_list("window_id", flat=True))
    lately = done.filter(finished_at__gte=clock.now() - _WORKING).values_list("window_id", flat=True)
    return ordering.wait_minutes(ahead, each, len(busy | set(lately)))


def ticket(token: str) -> TicketView:
    """A number by its secret token: whoever holds it may look. Raises NotFound."""
    found = Ticket.objects.filter(token=token).select_related("line", "booking", "window").first()
    if found is None:
        raise NotFound
    return ticket_view(found)


def serving(actor: Actor, window_id: int) -> TicketView | None:
    """Whom a window serves now. Raises NotFound for another unit's window."""
    policy.require(actor, "meetings.call")
    window = window_at(window_id)
    if not reaches_institution(actor, "meetings.call", window.institution_id):
        raise NotFound
    rows = Ticket.objects.filter(window_id=window_id, state=TicketState.CALLED)
    found = rows.select_related("line", "booking", "window").first()
    return ticket_view(found) if found else None


def queue(actor: Actor, window_id: int) -> list[TicketView]:
    """Those who wait for a window, next first. Raises NotFound."""
    policy.require(actor, "meetings.call")
    window = window_at(window_id)
    if not reaches_institution(actor, "meetings.call", window.institution_id):
        raise NotFound
    return [_row(one, place) for place, one in enumerate(turn_of(window.institution_id, window.lines))]


def _row(ticket: Ticket, ahead: int) -> TicketView:
    return TicketView(
        token=ticket.token, number=ticket.number, institution_id=ticket.institution_id, line=ticket.line.line,
        state=ticket.state, state_label=ticket.get_state_display(), priority=ticket.get_priority_display()
        if ticket.priority else "", taken_at=ticket.taken_at, called_at=None, window_name="", ahead=ahead,
        wait_minutes=None, booked_start=ticket.booking.start if ticket.booking else None, calls=ticket.calls,
        service_code=ticket.service_code,
    )  # fmt: skip


def screen(institution_id: int) -> list[CalledNumber]:
    """What the screen of a hall says: the numbers called last, newest first. No names, nothing of other days."""
    rows = Ticket.objects.filter(
        institution_id=institution_id, day=clock.today(), state=TicketState.CALLED, window__isnull=False
    )
    found = rows.select_related("window").order_by("-called_at", "-id")[:_ON_SCREEN]
    return [
        CalledNumber(one.number, one.window.name if one.window else "", one.called_at or one.taken_at, one.calls)
        for one in found
    ]


def waiting_by_line(institution_id: int) -> dict[str, int]:
    """How many wait now for each kind of window."""
    lines = lines_of(institution_id)
    counts = dict.fromkeys(lines, 0)
    for one in _waiting(institution_id, lines):
        counts[one.line.line] += 1
    return counts
