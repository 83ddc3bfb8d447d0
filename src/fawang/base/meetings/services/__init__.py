"""The verbs of the room: one name each, wherever it is written."""

from fawang.base.meetings.services.bookables import change_bookable, open_bookable
from fawang.base.meetings.services.booking import MOST_OPEN, book, cancel, rebook
from fawang.base.meetings.services.closing import close, lift_closure
from fawang.base.meetings.services.queueing import (
    call_next,
    check_in_self,
    end_day,
    leave_queue,
    pass_over,
    recall,
    serve,
    sweep_queues,
    take_ticket,
    ticket_for_booking,
    transfer,
)
from fawang.base.meetings.services.receiving import check_in, finish, lift_limit, mark_no_show, sweep_no_shows
from fawang.base.meetings.services.reminding import send_reminders
from fawang.base.meetings.services.waiting import accept_offer, join_waiting, leave_waiting, sweep_waiting

__all__ = [
    "MOST_OPEN",
    "accept_offer",
    "book",
    "call_next",
    "cancel",
    "change_bookable",
    "check_in",
    "check_in_self",
    "close",
    "end_day",
    "finish",
    "join_waiting",
    "leave_queue",
    "leave_waiting",
    "lift_closure",
    "lift_limit",
    "mark_no_show",
    "open_bookable",
    "pass_over",
    "rebook",
    "recall",
    "send_reminders",
    "serve",
    "sweep_no_shows",
    "sweep_queues",
    "sweep_waiting",
    "take_ticket",
    "ticket_for_booking",
    "transfer",
]
