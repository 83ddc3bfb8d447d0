"""The verbs of intake: one name each, wherever it is written."""

from fawang.middle.intake.services.callbacks import plan_callback, rate_contact, record_callback
from fawang.middle.intake.services.calls import announce_call, take_missed_call, take_seat
from fawang.middle.intake.services.contacts import (
    answer_on_the_spot,
    close_contact,
    keep_both_notes,
    open_contact,
    refer,
    save_notes,
    wrap_up_contact,
)
from fawang.middle.intake.services.filing import file_demand, make_order, submit_draft
from fawang.middle.intake.simulation import hang_up as simulate_hang_up
from fawang.middle.intake.simulation import ring as simulate_ring

__all__ = [
    "announce_call",
    "answer_on_the_spot",
    "close_contact",
    "file_demand",
    "keep_both_notes",
    "make_order",
    "open_contact",
    "plan_callback",
    "rate_contact",
    "record_callback",
    "refer",
    "save_notes",
    "simulate_hang_up",
    "simulate_ring",
    "submit_draft",
    "take_missed_call",
    "take_seat",
    "wrap_up_contact",
]
