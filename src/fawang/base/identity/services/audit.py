"""Reading the record: who logged in, looked at what, changed which account or role. Looking is itself recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fawang.base.identity.services import attempts
from fawang.base.identity.values import LogPage
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import Actor, require

COUNTED_TO = 1_000
PAGE = 50


def read_log(
    actor: Actor,
    *,
    names: Iterable[str],
    kind: str = "",
    account_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int = 0,
    limit: int = PAGE,
    ip: str = "",
) -> LogPage:
    """A page of the events with these names, newest first; `account_id` narrows to what the account did and what was
    done to it, `since` (included) and `until` (excluded) to a time.

    That somebody looked, and for what (`kind`, account, time), is an event of its own: `identity.log_read.v1`. Call
    outside a transaction.
    """
    require(actor, "identity.read_log_ins")
    wanted = sorted(set(names))
    about = f"account:{account_id}" if account_id is not None else ""
    found = events.search(
        names=wanted,
        about=about,
        mentioning=("account", account_id) if account_id is not None else None,
        since=since,
        until=until,
        before=before,
        limit=limit + 1,
        counted_to=COUNTED_TO,
    )
    looked = {"kind": kind, "account": account_id, "since": since, "until": until, "before": before}
    attempts.record("identity.log_read.v1", stream=actor.ref, ip=ip, actor=actor, **looked)
    rows = tuple(found.rows[:limit])
    return LogPage(rows, found.count, COUNTED_TO, rows[-1].id if len(found.rows) > limit else 0)
