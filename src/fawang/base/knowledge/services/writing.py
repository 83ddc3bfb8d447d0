"""The editors' work: draft, legal review by somebody else, published with a day to review it again."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from fawang.base.knowledge import digests, events
from fawang.base.knowledge.errors import Erased, OwnWork, PieceUnknown, Stale, WrongState
from fawang.base.knowledge.models import Law, Piece, PieceArticle
from fawang.base.knowledge.policy import REVIEW, WRITE
from fawang.base.knowledge.values import PieceKind, PieceState
from fawang.kernel import clock, ids
from fawang.kernel.errors import Invalid
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require

_LONGEST = {"title": 120, "summary": 300, "body": 60_000, "source": 200, "remark": 500}


@dataclass(frozen=True)
class Basis:
    """An article a piece rests on: the law's key, number and suffix (之一 is 1)."""

    law: str
    number: int
    suffix: int = 0


def _text(field: str, value: str, *, required: bool = False) -> str:
    clean = unicodedata.normalize("NFC", value).replace("\x00", "").strip()
    if len(clean) > _LONGEST[field] or (required and not clean):
        raise Invalid({field: _("请填写不超过 %(most)s 个字。") % {"most": _LONGEST[field]}})
    return clean


def write(
    actor: Actor,
    *,
    kind: PieceKind,
    title: str,
    body: str,
    summary: str = "",
    source: str = "",
    language: str = "zh",
    basis: Sequence[Basis] = (),
) -> str:
    """Begin a draft; its key. Raises Invalid, also for an article of a law that is not loaded."""
    require(actor, WRITE)
    piece = Piece(
        key=ids.token(),
        kind=kind.value,
        title=_text("title", title, required=True),
        body=_text("body", body, required=True),
        summary=_text("summary", summary),
        source=_text("source", source),
        language="en" if language.startswith("en") else "zh",
        by=actor.ref,
        created_at=clock.now(),
    )
    with transaction.atomic():
        piece.save()
        _rest_on(piece, basis)
        _record(actor, piece, events.WRITTEN)
    return piece.key


def revise(
    actor: Actor,
    key: str,
    *,
    version: int,
    title: str,
    body: str,
    summary: str = "",
    source: str = "",
    basis: Sequence[Basis] = (),
) -> int:
    """Write a piece anew; whatever it was, it is a draft of the actor then. The new version.

    Raises Stale, Erased, Invalid.
    """
    require(actor, WRITE)
    values = {
        "title": _text("title", title, required=True),
        "body": _text("body", body, required=True),
        "summary": _text("summary", summary),
        "source": _text("source", source),
        "by": actor.ref,
        "reviewed_by": "",
        "state": Piece.State.DRAFT,
    }
    with transaction.atomic():
        piece = _take(key, version, tuple(PieceState), **values)
        piece.articles.all().delete()
        _rest_on(piece, basis)
        _record(actor, piece, events.WRITTEN)
    return piece.version


def submit(actor: Actor, key: str, *, version: int) -> int:
    """Hand a draft to legal review. Raises Stale, WrongState."""
    require(actor, WRITE)
    with transaction.atomic():
        piece = _take(key, version, (PieceState.DRAFT,), state=Piece.State.IN_REVIEW, remark="")
        _record(actor, piece, events.SUBMITTED)
    return piece.version


def send_back(actor: Actor, key: str, *, version: int, remark: str) -> int:
    """Return a piece to its author, saying what is wrong. Raises Stale, WrongState, OwnWork, Invalid."""
    require(actor, REVIEW)
    said = _text("remark", remark, required=True)
    with transaction.atomic():
        _not_own(actor, key)
        piece = _take(key, version, (PieceState.IN_REVIEW,), state=Piece.State.DRAFT, remark=said)
        _record(actor, piece, events.SENT_BACK)
    return piece.version


def publish(actor: Actor, key: str, *, version: int, review_by: date) -> int:
    """Publish what another wrote. `review_by` is the day it must be looked at again, within two years.

    What its articles say today is kept as digests, so that a change is noticed. Raises Stale, WrongState, OwnWork,
    Invalid.
    """
    require(actor, REVIEW)
    _check_day(review_by)
    with transaction.atomic():
        _not_own(actor, key)
        piece = _take(
            key,
            version,
            (PieceState.IN_REVIEW,),
            state=Piece.State.PUBLISHED,
            reviewed_by=actor.ref,
            review_by=review_by,
            published_at=clock.now(),
        )
        _read_articles(piece)
        _record(actor, piece, events.PUBLISHED)
    return piece.version


def confirm(actor: Actor, key: str, *, version: int, review_by: date) -> int:
    """Say that a published piece still holds although an article changed or its day came. Raises as `publish`."""
    require(actor, REVIEW)
    _check_day(review_by)
    with transaction.atomic():
        _not_own(actor, key)
        piece = _take(key, version, (PieceState.PUBLISHED,), reviewed_by=actor.ref, review_by=review_by)
        _read_articles(piece)
        _record(actor, piece, events.CONFIRMED)
    return piece.version


def withdraw(actor: Actor, key: str, *, version: int, remark: str) -> int:
    """Take a published piece down, saying why. Raises Stale, WrongState, Invalid."""
    require(actor, REVIEW)
    said = _text("remark", remark, required=True)
    with transaction.atomic():
        piece = _take(key, version, (PieceState.PUBLISHED,), state=Piece.State.WITHDRAWN, remark=said)
        _record(actor, piece, events.WITHDRAWN)
    return piece.version


def erase(actor: Actor, key: str, *, reason: str) -> int:
    """Take a piece down in whatever state it is and empty it for good; every later act on it raises Erased.

    `reason` stands in the place of its title. A page made before is stale. Again is no error. Raises Invalid.
    """
    require(actor, REVIEW)
    said = _text("title", reason, required=True)
    with transaction.atomic():
        found = Piece.objects.filter(key=key)
        emptied = found.exclude(body="").update(
            version=F("version") + 1, state=Piece.State.WITHDRAWN, title=said, remark=said, summary="", body="",
            source="",
        )  # fmt: skip
        piece = found.first()
        if piece is None:
            raise PieceUnknown
        if emptied:
            piece.articles.all().delete()
            _record(actor, piece, events.ERASED)
    return piece.version


def _check_day(review_by: date) -> None:
    days = (review_by - clock.today()).days
    if not 0 < days <= 731:
        raise Invalid({"review_by": _("复核日期应在今天之后、两年之内。")})


def _not_own(actor: Actor, key: str) -> None:
    if Piece.objects.filter(key=key, by=actor.ref).exists():
        raise OwnWork


def _take(key: str, version: int, states: Sequence[PieceState], **values: object) -> Piece:
    """Change a piece if it still is as the actor saw it; the row afterwards, held until the transaction ends."""
    same = Piece.objects.filter(key=key, version=version, state__in=[state.value for state in states])
    # only an erased piece has no body
    if same.exclude(body="").update(version=F("version") + 1, **values):
        return Piece.objects.get(key=key)
    found = Piece.objects.filter(key=key).values_list("version", "body").first()
    if found is None:
        raise PieceUnknown
    now, body = found
    if not body:
        raise Erased
    raise Stale if now != version else WrongState


def _rest_on(piece: Piece, basis: Sequence[Basis]) -> None:
    laws = dict(Law.objects.filter(key__in=[entry.law for entry in basis]).values_list("key", "id"))
    if any(entry.law not in laws or not 0 < entry.number < 10_000 for entry in basis):
        raise Invalid({"basis": _("所引的法律没有载入，请核对名称。")})
    PieceArticle.objects.bulk_create(
        PieceArticle(piece=piece, law_id=laws[entry.law], number=entry.number, suffix=entry.suffix)
        for entry in dict.fromkeys(basis)
    )


def _read_articles(piece: Piece) -> None:
    links = list(piece.articles.all())
    now = digests.in_force([(link.law_id, link.number, link.suffix) for link in links], clock.today())
    for link in links:
        link.digest, link.doubt, link.doubt_since = now.get((link.law_id, link.number, link.suffix), ""), "", None
    PieceArticle.objects.bulk_update(links, ["digest", "doubt", "doubt_since"])


def _record(actor: Actor, piece: Piece, name: str) -> None:
    data = {"state": piece.state, "kind": piece.kind, "version": piece.version}
    append(actor=actor, stream=events.stream_of(piece.key), facts=[Fact(name, data)])
