"""A booking as a calendar file (RFC 5545), for the calendar of any phone."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from fawang.base.meetings.models import Booking
from fawang.base.meetings.selectors.bookings import booking
from fawang.base.meetings.values import State
from fawang.kernel import clock
from fawang.kernel.policy import Actor

_LONGEST_OCTETS = 75
# China has had one time and no summer time since 1991
_ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T000000", "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> list[str]:
    """The line in pieces of at most 75 octets, never cut inside a character."""
    pieces, piece, room = [], "", _LONGEST_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = " ", _LONGEST_OCTETS - 1
        piece, room = piece + character, room - size
    return [*pieces, piece]


def _wall(moment: datetime) -> str:
    return f"{clock.local(moment):%Y%m%dT%H%M%S}"


def _alarm(before: str, words: str) -> tuple[str, ...]:
    return "BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-{before}", f"DESCRIPTION:{_escaped(words)}", "END:VALARM"


def calendar_file(actor: Actor, token: str, *, place: str, address: str, host: str, url: str) -> str:
    """The booking as the actor sees it. Its UID never changes and its SEQUENCE rises with every change, so that a
    calendar replaces the older entry; a cancelled one says so (METHOD:CANCEL). Raises NotFound."""
    view = booking(actor, token)
    is_over = view.state == State.CANCELLED
    stamp = Booking.objects.filter(token=token).values_list("state_at", flat=True).get()
    words = _("预约：%(what)s") % {"what": view.bookable_name}
    told = _("取号码：%(code)s。请带身份证件，提前十分钟到。") % {"code": view.claim_code or "—"}
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Open Fawang//Booking//ZH", "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if is_over else 'PUBLISH'}", *_ZONE,
        "BEGIN:VEVENT", f"UID:{view.token}@{host}", f"SEQUENCE:{view.changes + is_over}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID=Asia/Shanghai:{_wall(view.start)}", f"DTEND;TZID=Asia/Shanghai:{_wall(view.end)}",
        f"SUMMARY:{_escaped(words)}", f"LOCATION:{_escaped(' '.join((place, address)).strip())}",
        f"DESCRIPTION:{_escaped(told)}", f"URL:{url}", f"STATUS:{'CANCELLED' if is_over else 'CONFIRMED'}",
        *(() if is_over else (*_alarm("P1D", words), *_alarm("PT2H", words))),
        "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))
