"""Attempts in the event log: who tried to log in, failed, was locked out. Written even when nothing else is."""

from __future__ import annotations

import hashlib
import ipaddress

from django.db import IntegrityError, connection, transaction

from fawang.kernel import crypto
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import VISITOR, Actor

_TRIES = 8


def network(ip: str) -> str:
    """The network of an address, enough to see where attempts come from: /24, or /48 for IPv6; empty if unknown."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))


def stream_of(account_id: int | None, subject: str) -> str:
    """The account's stream, or one named by a keyed digest where there is no account."""
    if account_id is not None:
        return f"account:{account_id}"
    return f"log_in:{crypto.index(subject, context='identity.attempt').rsplit(':', 1)[1][:24]}"


def _wait_for(stream: str) -> None:
    """One attempt at a time writes to a stream: a hundred guesses at once are a hundred records, none lost."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def record(name: str, *, stream: str, ip: str, actor: Actor = VISITOR, **data: object) -> None:
    """Write one attempt in a transaction of its own. Raises RuntimeError inside another one: an attempt must not be
    lost when that fails."""
    fact = Fact(name, {**data, "network": network(ip)})
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic(durable=True):
                _wait_for(stream)
                append(actor=actor, stream=stream, facts=[fact])
            return
        except IntegrityError:
            # another act took the same place in the stream: the attempt moves up
            if not left:
                raise
