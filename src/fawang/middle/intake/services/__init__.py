"""The verbs of intake: one name each, wherever it is written."""

from fawang.middle.intake.services.callbacks import plan_callback, rate_contact, record_callback
from fawang.middle.intake.services.calls import announce_call, take_missed_call, take_seat
from fawang.middle.intake.services.chat_duty import (
    answer_chat,
    end_chat,
    join_chat,
    note_chat,
    show_life,
    sign_in_to_chats,
    take_chat,
    transfer_chat,
    wrap_up_chat,
)
from fawang.middle.intake.services.chats import (
    call_me_back,
    leave_chat,
    rate_chat,
    say,
    show_visitor,
    start_chat,
)
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
from fawang.middle.intake.services.publishing import agree_to_publish, draft_publication, withdraw_publication
from fawang.middle.intake.simulation import hang_up as simulate_hang_up
from fawang.middle.intake.simulation import ring as simulate_ring

__all__ = [
    "agree_to_publish",
    "announce_call",
    "answer_chat",
    "answer_on_the_spot",
    "call_me_back",
    "close_contact",
    "draft_publication",
    "end_chat",
    "file_demand",
    "join_chat",
    "keep_both_notes",
    "leave_chat",
    "make_order",
    "note_chat",
    "open_contact",
    "plan_callback",
    "rate_chat",
    "rate_contact",
    "record_callback",
    "refer",
    "save_notes",
    "say",
    "show_life",
    "show_visitor",
    "sign_in_to_chats",
    "simulate_hang_up",
    "simulate_ring",
    "start_chat",
    "submit_draft",
    "take_chat",
    "take_missed_call",
    "take_seat",
    "transfer_chat",
    "withdraw_publication",
    "wrap_up_chat",
    "wrap_up_contact",
]
