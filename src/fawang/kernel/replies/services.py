"""Keep and give back first answers.

A request with a key runs as `once(...)`: the work and its answer commit together, so a repeat (a retried request, a
double click, two at the same moment) finds the answer instead of doing the work again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from fawang.kernel import clock, crypto
from fawang.kernel.errors import FawangError, Invalid, KeyReused
from fawang.kernel.events.services import canonical
from fawang.kernel.policy import Actor
from fawang.kernel.replies.models import Reply

KEPT_FOR = timedelta(days=7)
MAX_KEY_CHARACTERS = 80


def _find(actor: Actor, key: str, digest: str) -> str | None:
    row = Reply.objects.filter(actor=actor.ref, key=key).values_list("request_digest", "answer").first()
    if row is None:
        return None
    if row[0] != digest:
        raise KeyReused
    return row[1]


def once(*, actor: Actor, key: str | None, request: dict[str, Any], work: Callable[[], str]) -> str:
    """Run `work` (returns its answer as text) in one transaction, once per (actor, key); the answer.

    Without a key the work simply runs in a transaction. Raises KeyReused when the key came with another request.
    """
    if key is None:
        with transaction.atomic():
            return work()
    if not key or len(key) > MAX_KEY_CHARACTERS or not key.isprintable():
        raise Invalid({"key": "1-80"})
    digest = crypto.digest(canonical(request).encode("utf-8", "surrogatepass"))
    known = _find(actor, key, digest)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            answer = work()
            Reply.objects.create(actor=actor.ref, key=key, request_digest=digest, answer=answer, at=clock.now())
            return answer
    except (IntegrityError, FawangError):
        # A twin with the same key may have committed first: its work is done, so ours met a constraint, a lock it had
        # to wait for, or the state the twin left behind. Ours is rolled back; the answer is the twin's.
        known = _find(actor, key, digest)
        if known is None:
            raise
        return known


def forget_old() -> int:
    """Delete answers older than `KEPT_FOR`; how many."""
    return Reply.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()[0]
