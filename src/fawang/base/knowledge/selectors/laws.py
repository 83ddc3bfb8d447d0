"""Questions about laws, their versions and articles. Everybody may ask."""

from __future__ import annotations

import difflib
import re
from datetime import date
from itertools import groupby

from fawang.base.knowledge import citations, naming, shaping, valid
from fawang.base.knowledge.errors import ArticleUnknown, LawUnknown
from fawang.base.knowledge.models import Article, Law, Version
from fawang.base.knowledge.values import (
    LIVE,
    ArticleValue,
    Cited,
    Difference,
    Heading,
    Kind,
    LawValue,
    VersionValue,
)
from fawang.kernel import clock

NOT_YET, REPEALED, NO_ARTICLE = "NOT_YET", "REPEALED", "NO_ARTICLE"
_LIVE = [standing.value for standing in LIVE]
# two articles are one amended: so alike, and not moved farther than this; one of the same number may differ more
_LIKE, _SAME_PLACE, _MOVED = 0.45, 0.2, 60
# words of Latin script and numbers as wholes, every other sign by itself
_PARTS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


def has_laws() -> bool:
    """Whether any law is loaded."""
    return Law.objects.exists()


def snapshots() -> list[tuple[str, date, str]]:
    """Every source with the day until which its texts are current, and its terms."""
    rows = Version.objects.values_list("source", "snapshot_on", "licence").distinct()
    return sorted((source, day, licence) for source, day, licence in rows)


def laws(text: str = "", *, kind: Kind | None = None, first: int = 0, most: int = 50) -> tuple[list[LawValue], int]:
    """(a page of the laws whose name contains `text`, how many there are), national before local, by pinyin."""
    rows = Law.objects.all()
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    wanted = naming.squashed(text)
    if wanted:
        meant = [named.id for name, found in naming.names().items() if wanted in name for named in found]
        rows = rows.filter(id__in=set(meant))
    ordered = sorted(
        rows, key=lambda row: (row.kind == Kind.LOCAL, len(row.short) if wanted else 0, row.pinyin, row.id)
    )
    return [shaping.law(row) for row in ordered[first : first + most]], len(ordered)


def law(key: str) -> LawValue:
    """The law with this key. Raises LawUnknown."""
    row = Law.objects.filter(key=key).first()
    if row is None:
        raise LawUnknown
    return shaping.law(row)


def versions(key: str) -> list[VersionValue]:
    """All texts of a law, the newest first. Raises LawUnknown."""
    rows = list(Version.objects.filter(law__key=key).select_related("law"))
    if not rows:
        raise LawUnknown
    rows.sort(key=lambda row: (row.valid_from or date.min, row.standing in _LIVE, -row.id), reverse=True)
    return [shaping.version(row) for row in rows]


def version_on(key: str, day: date | None = None) -> VersionValue | None:
    """The text of a law in force on a day (today); None where the sources know of none. Raises LawUnknown."""
    rows = list(Version.objects.filter(law__key=key).select_related("law"))
    if not rows:
        raise LawUnknown
    chosen = valid.choose(rows, day or clock.today())
    return shaping.version(chosen) if chosen is not None else None


def contents(version: str) -> list[Heading]:
    """The articles of a version under their chapters and sections, in the order of the text. Raises LawUnknown."""
    row = Version.objects.filter(key=version).select_related("law").first()
    if row is None:
        raise LawUnknown
    of = shaping.version(row)
    articles = [shaping.article(each, of) for each in Article.objects.filter(version=row).order_by("position")]
    return [
        Heading(chapter, section, tuple(group))
        for (chapter, section), group in groupby(articles, key=lambda each: (each.chapter, each.section))
    ]


def article(key: str) -> ArticleValue:
    """The article with the corpus's id. Raises ArticleUnknown."""
    row = Article.objects.filter(key=key).select_related("version__law").first()
    if row is None:
        raise ArticleUnknown
    return shaping.article(row)


def article_at(version: str, number: int, suffix: int = 0) -> ArticleValue:
    """An article of a version by its number. Raises ArticleUnknown."""
    rows = Article.objects.filter(version__key=version, number=number, suffix=suffix).select_related("version__law")
    row = rows.order_by("position").first()
    if row is None:
        raise ArticleUnknown
    return shaping.article(row)


def cited(text: str, day: date | None = None) -> list[Cited]:
    """The citations in a text with their articles as in force on a day (today).

    Where an edition is named (公司法（2018修正）第二十条) that one is taken. `why_not` says what stands against it:
    `NOT_YET` (comes into force later), `REPEALED` (no longer in force); or why there is none: `NO_ARTICLE`.
    """
    names = naming.names()
    found = []
    for written in citations.find(text, names.__contains__):
        row, why = _resolve([named.id for named in names[written.name]], written, day or clock.today())
        found.append(
            Cited(
                start=written.start,
                end=written.end,
                law=written.name,
                number=written.number,
                suffix=written.suffix,
                paragraph=written.paragraph,
                item=written.item,
                article=shaping.article(row) if row is not None else None,
                why_not=why,
            )
        )
    return found


def _resolve(laws: list[int], written: citations.Written, day: date) -> tuple[Article | None, str]:
    """The article a citation means: of the likeliest law that has it."""
    why = NO_ARTICLE
    for one in laws:
        rows = list(
            Article.objects.filter(version__law=one, number=written.number, suffix=written.suffix)
            .select_related("version__law")
            .order_by("position")
        )
        if written.year:
            edition = [row for row in rows if _is_of(row.version, written.year)]
            rows = edition or rows
        if not rows:
            continue
        chosen = rows[0] if written.year and len(rows) == 1 else valid.prefer(rows, day)
        if chosen is not None:
            return chosen, "" if valid.is_in_force(chosen.version, day) else REPEALED
        newest = max(rows, key=lambda row: (row.version.standing in _LIVE, row.version.valid_from or date.min))
        starts = newest.version.valid_from
        return newest, NOT_YET if starts is not None and starts > day else REPEALED
    return None, why


def _is_of(version: Version, year: int) -> bool:
    days = (version.published_on, version.valid_from)
    return version.label.startswith(str(year)) or any(day is not None and day.year == year for day in days)


def looked_up(text: str, day: date | None = None) -> ArticleValue | None:
    """The article that a text as a whole cites; None where it says anything else."""
    found = cited(text, day)
    if len(found) != 1 or found[0].article is None:
        return None
    rest = text[: found[0].start] + text[found[0].end :]
    return found[0].article if not any(sign.isalnum() for sign in rest) else None


def difference(old: str, new: str) -> list[Difference]:
    """How two versions differ, article by article in the order of the newer; unchanged articles are left out.

    Articles are matched by number, and where an amendment renumbered, by their text. Raises LawUnknown.
    """
    before = {each.key: each for heading in contents(old) for each in heading.articles}
    after = [each for heading in contents(new) for each in heading.articles]
    matched = _matched(list(before.values()), after)
    found = []
    for each in after:
        was = matched.get(each.key)
        if was is not None:
            before.pop(was.key, None)
        if was is None or was.text != each.text or was.label != each.label:
            found.append(Difference(each.label, was, each, _parts(was.text if was else "", each.text)))
    return [*found, *(Difference(each.label, each, None, _parts(each.text, "")) for each in before.values())]


def between(old: ArticleValue, new: ArticleValue) -> Difference:
    """How an article reads in two versions."""
    return Difference(new.label, old, new, _parts(old.text, new.text))


def _matched(before: list[ArticleValue], after: list[ArticleValue]) -> dict[str, ArticleValue]:
    """The older article of each newer one: the same text first, then the likest; of the same number, less will do."""
    texts: dict[str, list[ArticleValue]] = {}
    for each in before:
        texts.setdefault(each.text, []).append(each)
    matched: dict[str, ArticleValue] = {}
    taken: set[str] = set()
    for each in after:
        same = [was for was in texts.get(each.text, []) if was.key not in taken]
        if same:
            was = min(same, key=lambda one: abs((one.number or 0) - (each.number or 0)))
            matched[each.key] = was
            taken.add(was.key)
    old = [(was, _pieces(was.text)) for was in before if was.key not in taken]
    new = [(each, _pieces(each.text)) for each in after if each.key not in matched]
    pairs = sorted(
        (
            (-likeness, abs((was.number or 0) - (each.number or 0)), was.key, each.key, was)
            for each, mine in new
            for was, theirs in old
            if abs((was.number or 0) - (each.number or 0)) <= _MOVED
            and (likeness := len(mine & theirs) / max(1, len(mine | theirs)))
            >= (_SAME_PLACE if (was.number, was.suffix) == (each.number, each.suffix) else _LIKE)
        ),
        key=lambda pair: pair[:4],
    )
    for _likeness, _moved, was_key, key, was in pairs:
        if was_key not in taken and key not in matched:
            matched[key] = was
            taken.add(was_key)
    return matched


def _pieces(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _parts(old: str, new: str) -> tuple[tuple[str, str], ...]:
    one, other = _PARTS.findall(old), _PARTS.findall(new)
    parts: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append((" ", "".join(one[a:b])))
            continue
        if b > a:
            parts.append(("-", "".join(one[a:b])))
        if d > c:
            parts.append(("+", "".join(other[c:d])))
    return tuple(parts)
