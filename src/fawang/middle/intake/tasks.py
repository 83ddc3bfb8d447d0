"""Background work: missed calls become call-backs; chats go back to the queue, end, and are erased in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fawang.base.workorders import selectors as orders
from fawang.kernel.outbox.services import every, handles, listens
from fawang.middle.intake import services
from fawang.middle.intake.services import chat_duty, publishing

listens("workorders.delivered.v1", "intake.note_answered", in_state="DONE")


@handles("intake.note_answered")
def note_answered(payload: dict[str, Any]) -> None:
    """A result was told: may an anonymised version be published?"""
    publishing.note_answered(orders.reference(payload["order"]))


@handles("intake.missed_call")
def missed_call(payload: dict[str, Any]) -> None:
    """Nobody took the call: somebody is to call back, unless it was answered after all."""
    services.take_missed_call(payload["call"])


@every(timedelta(seconds=30), "intake.return_chats")
def return_chats() -> None:
    """Nobody waits for a lawyer who is not there."""
    chat_duty.return_chats()


@every(timedelta(minutes=10), "intake.end_left_chats")
def end_left_chats() -> None:
    """Nobody waits in the queue who has gone."""
    chat_duty.end_left_chats()


@every(timedelta(hours=24), "intake.erase_old_chats")
def erase_old_chats() -> None:
    """The words of chats are not kept for ever."""
    chat_duty.erase_old_chats()


@every(timedelta(minutes=5), "intake.follow_publications")
def follow_publications() -> None:
    """An editor published a piece: was it somebody's question?"""
    publishing.follow_publications()
