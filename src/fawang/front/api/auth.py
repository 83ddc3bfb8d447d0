"""Who sends a request: a partner by its key, a person by their session, or nobody. Default: nobody gets in."""

from __future__ import annotations

import hashlib
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from ninja.utils import check_csrf

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.errors import KeyRefused
from fawang.front.api import limits
from fawang.front.api.errors import ForeignPage, NotJson, TooLong
from fawang.front.frame import doors, session
from fawang.kernel import clock
from fawang.kernel.errors import FawangError, NotLoggedIn, NotPermitted
from fawang.kernel.policy import Actor

Takes = Literal["json", "form", "raw"]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY_BYTES = 1_000_000
# how long a key's actor is kept: a revoked key works at most this much longer
KEPT_SECONDS = 10
MOST_KEYS = 2_000


class KeyRing:
    """The actors of keys seen lately, by digest: a key is never kept in clear. Reads and writes are single steps."""

    def __init__(self) -> None:
        self._actors: dict[bytes, tuple[Actor, float]] = {}

    def actor(self, plain: str) -> Actor:
        """Whom the key speaks for: one statement, or none while it is kept. Raises KeyRefused."""
        digest, now = hashlib.sha256(plain.encode("utf-8", "replace")).digest(), clock.now().timestamp()
        known = self._actors.get(digest)
        if known is not None and abs(now - known[1]) < KEPT_SECONDS:
            return known[0]
        self._actors.pop(digest, None)
        actor = organisations.actor_for_key(plain)
        if len(self._actors) >= MOST_KEYS:
            self._actors.clear()
        self._actors[digest] = (actor, now)
        return actor

    def forget(self) -> None:
        """Ask the database again for every key."""
        self._actors.clear()


ring = KeyRing()


def _by_key(request: HttpRequest, header: str) -> Actor:
    scheme, _space, plain = header.partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise KeyRefused
        actor = ring.actor(plain.strip())
    except KeyRefused:
        # guessing keys is slowed like any visitor
        limits.buckets.spend(f"address:{session.address_of(request)}", limits.OF_ADDRESSES)
        raise
    limits.buckets.spend(actor.ref, limits.OF_KEYS)
    return actor


def _by_session(request: HttpRequest) -> Actor:
    actor = doors.actor_of(request)
    if actor.is_anonymous:
        limits.buckets.spend(f"address:{session.address_of(request)}", limits.OF_ADDRESSES)
        return actor
    limits.buckets.spend(actor.ref, limits.OF_PEOPLE)
    if request.method not in SAFE and check_csrf(request) is not None:
        raise ForeignPage
    return actor


class Guard:
    """Stands before one operation: knows its permission and what kind of body it takes."""

    def __init__(self, permission: str, takes: Takes = "json") -> None:
        self.permission = permission
        self.takes = takes

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor, when they may enter. Raises KeyRefused, NotLoggedIn, NotPermitted, TooFast, NotJson, TooLong."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        actor = _by_key(request, header) if header else _by_session(request)
        request.actor = actor  # type: ignore[attr-defined]
        if not doors.may_enter(actor, self.permission):
            if actor.is_anonymous:
                raise NotLoggedIn
            refusal = getattr(request, "acting_refusal", None)
            raise refusal if isinstance(refusal, FawangError) else NotPermitted(reason=self.permission)
        if request.method not in SAFE:
            self._check_body(request)
        return actor

    def _check_body(self, request: HttpRequest) -> None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = MAX_BODY_BYTES if self.takes != "form" else settings.FAWANG_UPLOAD_MAX_BYTES + 100_000
        if not length.isdecimal() or len(length) > 12 or int(length) > most:
            raise TooLong
        if self.takes == "json" and int(length) and request.content_type != "application/json":
            raise NotJson


def nobody(request: HttpRequest) -> Actor:
    """The guard of an operation that names no permission."""
    raise NotPermitted(reason="api.unbound")


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the guard let in."""
    return doors.actor_of(request)
