"""What the pages of laws show: finding, the text in force on a day, neighbours of an article, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.errors import ArticleUnknown, IndexNotReady
from fawang.base.knowledge.values import (
    KIND_NAMES,
    STANDING_NAMES,
    ArticleValue,
    Difference,
    Found,
    Heading,
    Hit,
    Kind,
    LawValue,
    PieceValue,
    VersionValue,
)
from fawang.kernel import clock

LAWS_A_PAGE = 50
ARTICLES_A_PAGE = 20
_NAMED = 8
_NEAREST = 8
_ABOUT = 3
_EXCERPT = 120


@dataclass(frozen=True)
class Row:
    """An article in a list: where it leads, and the part of it that has the words."""

    article: ArticleValue
    url: str
    excerpt: str


@dataclass(frozen=True)
class Answer:
    """What a search gave: the one article a citation means, laws of that name, articles; or the nearest ones."""

    cited: Row | None
    why_not: str | Promise
    laws: list[LawValue]
    rows: list[Row]
    count: int
    is_more: bool
    next: int | None
    is_nearest: bool
    is_waiting: bool


WHY_NOT: dict[str, str | Promise] = {
    knowledge.NOT_YET: _("这一条还没有开始施行。"),
    knowledge.REPEALED: _("这一条已经不再有效，只供查阅。"),
    knowledge.NO_ARTICLE: _("这部法律里没有这一条，请核对条号。"),
}


def url_of(article: ArticleValue) -> str:
    """The page of an article, in the version it is of."""
    version = article.version
    if article.number is None:
        return f"{reverse('portal:law', args=[version.law.key])}?version={version.key}"
    place = f"{article.number}-{article.suffix}" if article.suffix else str(article.number)
    return f"{reverse('portal:article', args=[version.law.key, place])}?version={version.key}"


def _row(article: ArticleValue, text: str = "") -> Row:
    body = " ".join(article.text.split())
    places = [at for word in text.split() if (at := body.lower().find(word.lower())) >= 0]
    start = max(0, min(places, default=0) - _EXCERPT // 3)
    excerpt = ("…" if start else "") + body[start : start + _EXCERPT] + ("…" if start + _EXCERPT < len(body) else "")
    return Row(article, url_of(article), excerpt)


def find(text: str, *, local: bool, first: int) -> Answer:
    """A citation, a name, or words: whatever was typed."""
    cited = knowledge.cited(text)
    only = cited[0] if len(cited) == 1 else None
    named, _count = knowledge.laws(text, most=_NAMED) if not cited else ([], 0)
    found, nearest, is_waiting = Found((), 0), [], False
    try:
        if only is None or only.article is None:
            found = knowledge.search(text, local=local, first=first, most=ARTICLES_A_PAGE)
            nearest = knowledge.relevant(text, _NEAREST, on=clock.today()) if not found.hits and not first else []
    except IndexNotReady:
        is_waiting = True
    hits: tuple[Hit, ...] = found.hits or tuple(nearest)
    rows = [_row(hit.article, text) for hit in hits]
    if len(cited) > 1:
        rows = [_row(one.article) for one in cited if one.article is not None]
    last = first + ARTICLES_A_PAGE
    return Answer(
        cited=_row(only.article) if only is not None and only.article is not None else None,
        why_not=WHY_NOT.get(only.why_not, "") if only is not None else "",
        laws=named,
        rows=rows,
        count=found.count,
        is_more=found.is_more,
        next=last if len(cited) <= 1 and found.count > last else None,
        is_nearest=bool(nearest),
        is_waiting=is_waiting,
    )


def behind(words: str) -> list[Row]:
    """The articles that a text cites, as in force today, each once."""
    articles = {one.article.key: one.article for one in knowledge.cited(words) if one.article is not None}
    return [_row(article) for article in articles.values()][:_NEAREST]


def about(story: str) -> list[Row]:
    """The articles nearest to a story; none while laws are not loaded or being arranged."""
    try:
        return [_row(hit.article) for hit in knowledge.relevant(story, _ABOUT, on=clock.today())]
    except IndexNotReady:
        return []


def kinds() -> list[tuple[str, str | Promise]]:
    """The kinds of law to choose from."""
    return [("", _("全部")), *((kind.value, KIND_NAMES[kind]) for kind in Kind)]


@dataclass(frozen=True)
class Text:
    """One law as a page shows it: the version, why it is this one, and the others."""

    law: LawValue
    version: VersionValue
    versions: list[VersionValue]
    day: date
    in_force: VersionValue | None

    @property
    def kind(self) -> str | Promise:
        """The kind of law in words."""
        return KIND_NAMES[self.law.kind]

    @property
    def standing(self) -> str | Promise:
        """What the source says of the version."""
        return STANDING_NAMES[self.version.standing]

    @property
    def is_in_force(self) -> bool:
        """Whether the version shown is the one in force on the day."""
        return self.in_force is not None and self.in_force.key == self.version.key

    @property
    def is_ahead(self) -> bool:
        """Whether the version shown begins after the day."""
        return self.version.valid_from is not None and self.version.valid_from > self.day


def text(key: str, *, version: str = "", on: str = "") -> Text:
    """A law: a version named, or the one in force on a day (today); where none is, the newest. Raises LawUnknown."""
    try:
        day = date.fromisoformat(on) if on else clock.today()
    except ValueError:
        day = clock.today()
    versions = knowledge.versions(key)
    in_force = knowledge.version_on(key, day)
    named = next((each for each in versions if each.key == version), None)
    return Text(versions[0].law, named or in_force or versions[0], versions, day, in_force)


def headings(version: VersionValue) -> list[tuple[Heading, list[tuple[ArticleValue, str]]]]:
    """The table of contents, each article with its page."""
    return [
        (each, [(article, url_of(article)) for article in each.articles]) for each in knowledge.contents(version.key)
    ]


@dataclass(frozen=True)
class Page:
    """An article with what stands before and after it, how it read before, and what is written about it."""

    text: Text
    article: ArticleValue
    before: tuple[ArticleValue, str] | None
    after: tuple[ArticleValue, str] | None
    others: list[tuple[VersionValue, str, Difference | None]]
    pieces: list[PieceValue]


def article(key: str, place: str, *, version: str = "", on: str = "") -> Page:
    """The page of an article; `place` is its number, with `-1` for 之一. Raises LawUnknown, ArticleUnknown."""
    shown = text(key, version=version, on=on)
    number, _dash, suffix = place.partition("-")
    wanted = int(number), int(suffix or 0)
    every = [each for heading in knowledge.contents(shown.version.key) for each in heading.articles]
    at = next((at for at, each in enumerate(every) if (each.number, each.suffix) == wanted), None)
    if at is None:
        raise ArticleUnknown
    here = every[at]
    before = (every[at - 1], url_of(every[at - 1])) if at else None
    after = (every[at + 1], url_of(every[at + 1])) if at + 1 < len(every) else None
    others = [_other(here, each) for each in shown.versions if each.key != shown.version.key]
    pieces = knowledge.published_about([(shown.law.key, *wanted)])
    return Page(shown, here, before, after, others, pieces)


def _other(here: ArticleValue, version: VersionValue) -> tuple[VersionValue, str, Difference | None]:
    """The article of the same number in another version, and how this one differs."""
    try:
        was = knowledge.article_at(version.key, here.number or 0, here.suffix)
    except ArticleUnknown:
        return version, "", None
    return version, url_of(was), knowledge.between(was, here)


def compare(key: str, old: str, new: str) -> tuple[Text, VersionValue, list[Difference]]:
    """(the newer text, the older version, what reads otherwise). Raises LawUnknown."""
    shown = text(key, version=new)
    was = next((each for each in shown.versions if each.key == old), shown.version)
    return shown, was, knowledge.difference(was.key, shown.version.key)
