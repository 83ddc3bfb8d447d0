"""What this room announces: loads and learning in the stream `knowledge`, a piece's life in `piece:<id>`."""

from __future__ import annotations

STREAM = "knowledge"
LOADED = "knowledge.laws_loaded.v1"
LEARNED = "knowledge.search_learned.v1"
UNLEARNED = "knowledge.search_unlearned.v1"
WRITTEN = "knowledge.piece_written.v1"
SUBMITTED = "knowledge.piece_submitted.v1"
SENT_BACK = "knowledge.piece_sent_back.v1"
PUBLISHED = "knowledge.piece_published.v1"
CONFIRMED = "knowledge.piece_confirmed.v1"
WITHDRAWN = "knowledge.piece_withdrawn.v1"
ERASED = "knowledge.piece_erased.v1"
DOUBTED = "knowledge.piece_doubted.v1"


def stream_of(piece: str) -> str:
    """The stream of one piece."""
    return f"piece:{piece}"
