"""Writing down what happened to a booking, and telling the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fawang.base.meetings import events
from fawang.base.meetings.models import Bookable, Booking
from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Recipient
from fawang.kernel.errors import Invalid
from fawang.kernel.events import services as log
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor


def text_of(value: str, field: str, longest: int, *, required: bool = False) -> str:
    """A typed text as it is stored. Raises Invalid."""
    text = " ".join(value.replace("\0", "").split())
    if len(text) > longest or (required and not text):
        raise Invalid({field: Invalid.message})
    return text


def note(actor: Actor, booking: Booking, name: str) -> None:
    """Write down what happened to a booking, without code, name or purpose."""
    data = {
        "order_ref": booking.order_ref,
        "bookable": booking.bookable.token,
        "start": booking.start,
        "changes": booking.changes,
    }
    log.append(actor=actor, stream=events.stream(booking.token), facts=[Fact(name, data)])


def place_of(bookable: Bookable) -> dict[str, str]:
    """The name of what was booked, in both languages."""
    return {"zh": bookable.name, "en": bookable.name_en or bookable.name}


def tell(actor: Actor, booking: Booking, template: str, data: Mapping[str, Any], *, why: str = "") -> None:
    """Tell the person about their booking, once for each change, state and `why`."""
    if booking.party_id is None:
        return
    tell_party(
        actor, booking.bookable, booking.party_id, template, {"start": booking.start, **data},
        order_ref=booking.order_ref, cause=f"{booking.token}:{booking.changes}:{why or booking.state}",
    )  # fmt: skip


def tell_party(
    actor: Actor,
    bookable: Bookable,
    party_id: int,
    template: str,
    data: Mapping[str, Any],
    *,
    cause: str,
    order_ref: str = "",
) -> None:
    """Tell somebody about something of a bookable, once for each cause."""
    notifications.tell(
        actor=actor,
        to=Recipient(party_id=party_id),
        template=template,
        data={"place": place_of(bookable), **data},
        order_ref=order_ref,
        cause=cause,
        unit_id=bookable.institution_id,
        area=bookable.area,
    )
