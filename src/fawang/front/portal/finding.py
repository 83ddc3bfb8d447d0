"""From a story to a service: what fits, why, whom to ask, and what comes first when somebody is in danger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import ServiceItem
from fawang.base.catalogue.values import Published
from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.front.portal import placing
from fawang.front.portal.placing import Position, Row
from fawang.kernel.policy import Actor
from fawang.middle.intake import selectors as intake

CENTRES = ("PLS_CENTRE",)
BUNDLES = "bundles"
MAX_STORY = 4_000


@dataclass(frozen=True)
class Fit:
    """A service that fits a story, and the words that say so."""

    published: Published
    words: tuple[str, ...]
    icon: str


@dataclass(frozen=True)
class Kind:
    """The services of one line."""

    code: str
    label: str
    icon: str
    services: tuple[Published, ...]

    @property
    def groups(self) -> list[tuple[str, list[Published]]]:
        """The services under the headings that they name, those without one first."""
        found: dict[str, list[Published]] = {}
        for published in self.services:
            item = published.item
            found.setdefault(item.group_en if _is_english() else item.group_zh, []).append(published)
        return sorted(found.items(), key=lambda pair: pair[0] != "")

    @property
    def few(self) -> str:
        """The names of the first services, for the list of lines."""
        names = [published.item.say(get_language() or "") for published in self.services[:4]]
        return (", " if _is_english() else "、").join(names)


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@dataclass(frozen=True)
class Found:
    """What a story leads to. `urgency` is U1 where 110 comes first, U2 where 12348 does, empty otherwise."""

    story: str
    fits: tuple[Fit, ...]
    urgency: str


def look(code: str) -> tuple[str, str]:
    """The name and icon of a line."""
    line = catalogue.line(code)
    return line.say(get_language() or "zh-hans"), line.icon_name


# where each kind of look-up is answered
_LOOKUPS = {
    "institutions": "portal:directory",
    "people": "portal:people",
    "certificates": "portal:help",
    "orders": "portal:track",
}


def lookup(item: ServiceItem) -> str:
    """The address where a look-up is answered; empty for services that make an order."""
    return reverse(_LOOKUPS[item.lookup]) if item.lookup else ""


def parts(item: ServiceItem) -> list[ServiceItem]:
    """The services of a bundle."""
    return [catalogue.item(part.item).item for part in item.parts]


def kinds() -> list[Kind]:
    """All open services by line, in the order people know them."""
    by_line: dict[str, list[Published]] = {}
    for published in catalogue.items():
        by_line.setdefault(published.line, []).append(published)
    # what happens to a person comes before what happens to a company
    by_line.get(BUNDLES, []).sort(key=lambda published: "PERSON" not in published.item.applicant_kinds)
    known = catalogue.lines()
    order = [*known, *sorted(set(by_line) - set(known))]
    return [Kind(line, *look(line), tuple(by_line[line])) for line in order if line in by_line]


def named(text: str) -> list[Published]:
    """Services whose name, summary or words people use contain the text; at most forty."""
    wanted = text.strip().lower()[:60]
    if not wanted:
        return []
    return [
        p
        for p in catalogue.items()
        if any(wanted in words.lower() for words in (p.item.zh, p.item.en, p.item.summary.zh, *p.item.aliases))
    ][:40]


def find(story: str) -> Found:
    """The three most fitting services, each with the story's words that name it; the general ones where none does."""
    text = story[:MAX_STORY]
    danger = intake.look_for_danger(text)
    found = catalogue.search(text) if text.strip() else []
    if text.strip() and not found:
        found = [p for p in catalogue.items() if p.code in {"GENERAL_DEMAND", "CONSULT_MESSAGE"}]
    fits = tuple(Fit(p, _words(p, text), look(p.line)[1]) for p in found[:3])
    return Found(story, fits, danger.urgency)


def _words(published: Published, text: str) -> tuple[str, ...]:
    item, lowered = published.item, text.lower()
    return tuple(word for word in [*item.aliases, item.zh, item.en] if word.lower() in lowered)[:4]


def nearest_centres(actor: Actor, where: Position | None = None, *, line: str = "", limit: int = 2) -> list[Row]:
    """Where to go: those who serve a line, or centres. By distance from the position that the person gave; otherwise
    where they live, as far as that is known; any otherwise."""
    if where is not None:
        for able in ({"line": line}, {"types": CENTRES}):
            page = organisations.nearest(where.lng, where.lat, at_most=limit, **able) if any(able.values()) else None
            if page is not None and page.rows:
                return [placing.row_of(near.place, near.opening, near) for near in page.rows]
    rows = _centres_at_home(actor, line, limit) or _centres_at_home(actor, "", limit)
    openings = organisations.openings(rows)
    return [placing.row_of(place, openings[place.id]) for place in rows]


def _centres_at_home(actor: Actor, line: str, limit: int) -> Sequence[InstitutionValue]:
    division = ""
    if actor.party_id is not None and not actor.is_anonymous and actor.member_id is None:
        division = identity.party(actor, actor.party_id).division_code
    types = () if line else CENTRES
    for area in dict.fromkeys((division, f"{division[:4]}00" if division else "", "")):
        rows = organisations.institutions(
            types=types, line=line, division=area, only_active=True, limit=limit
        ).rows  # fmt: skip
        if rows:
            return rows
    return ()
