"""What the directory asks for, finds and shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import INSTITUTION_TYPES, LANGUAGE_NAMES, PRACTITIONER_KINDS, PractitionerValue
from fawang.base.workorders import selectors as orders
from fawang.front.frame import questions
from fawang.front.portal import finding, placing
from fawang.front.portal.placing import Position, Row
from fawang.kernel import clock

LISTED_TYPES = (
    "PLS_CENTRE", "PLS_STATION", "LEGAL_AID_CENTER", "LAW_FIRM", "NOTARY_OFFICE", "MEDIATION_COMMITTEE",
    "BASIC_LEGAL_OFFICE", "FORENSIC_INSTITUTION", "ARBITRATION_INSTITUTION", "JUSTICE_OFFICE", "HOTLINE_CENTRE",
)  # fmt: skip
AREA = "area"
_PAGE = 20
Choices = list[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Asked:
    """The filters in the address; what is no code counts as none."""

    text: str = ""
    type: str = ""
    line: str = ""
    domain: str = ""
    language: str = ""
    kind: str = ""
    division: str = ""
    open: str = ""
    aid: str = ""
    sort: str = ""
    after: str = ""
    first: int = 0

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return any((self.type, self.line, self.domain, self.language, self.kind, self.division, self.open, self.aid))

    def kept(self) -> list[tuple[str, str]]:
        """The filters as fields of a form or an address, without the place in the list."""
        told = {name: str(value) for name, value in asdict(self).items() if value and name not in {"after", "first"}}
        division = told.pop("division", "")
        levels = questions.levels(AREA, division, "") if division else ()
        return [
            *told.items(),
            *((level.name, choice.value) for level in levels for choice in level.choices if choice.is_chosen),
        ]

    def query(self, **changes: str) -> str:
        """The filters as the end of an address, some of them changed."""
        rows = replace(self, **changes).kept()  # type: ignore[arg-type]
        return f"?{urlencode(rows)}" if rows else ""


def asked_of(query: QueryDict) -> Asked:
    """The filters that an address or a form says."""
    known = choices()

    def one(name: str) -> str:
        value = query.get(name, "")
        return value if value in {code for code, _words in known[name]} else ""

    division = division_of(query)
    first = query.get("first", "")
    return Asked(
        text=query.get("text", "").strip()[:60],
        type=one("type"),
        line=one("line"),
        domain=one("domain"),
        language=one("language"),
        kind=one("kind"),
        division=division,
        open="1" if query.get("open") == "1" else "",
        aid="1" if query.get("aid") == "1" else "",
        sort="name" if query.get("sort") == "name" else "",
        after=query.get("after", "")[:240],
        first=int(first) if first.isascii() and first.isdigit() and len(first) < 6 else 0,
    )


def division_of(query: QueryDict) -> str:
    """The place chosen in an address or a form; empty for what is none."""
    code = str(questions.read(SimpleNamespace(id=AREA, type="division"), query) or "")
    return code if code.isascii() and code.isdigit() and len(code) <= 12 and divisions.exists(code) else ""


def choices() -> dict[str, Choices]:
    """What the filters offer, in the page's language."""
    language = get_language() or ""
    every: tuple[str, str | Promise] = ("", _("不限"))
    return {
        "type": [every, *((code, INSTITUTION_TYPES[code][0]) for code in LISTED_TYPES)],
        "line": [every, *((code, finding.look(code)[0]) for code in catalogue.lines() if code != finding.BUNDLES)],
        "domain": [every, *((row.code, row.say(language)) for row in catalogue.table("domain1"))],
        "language": [every, *LANGUAGE_NAMES.items()],
        "kind": [every, *PRACTITIONER_KINDS.items()],
    }


def area_field(division: str) -> Any:
    """The field of a place, for `frame/questions/division.html`."""
    shown = questions.plain(AREA, _("地区"), "division", division, required=False)
    return replace(shown, widget="division", levels=questions.levels(AREA, division, get_language() or ""))


@dataclass(frozen=True)
class Found:
    """A page of the directory; `next` is what the address of the next one says."""

    rows: list[Row]
    next: dict[str, str]


def able(asked: Asked) -> organisations.Able:
    """The filters as the room of institutions takes them."""
    return {
        "types": _types(asked), "line": asked.line, "domain": asked.domain, "language": asked.language,
        "division": asked.division, "legal_aid": bool(asked.aid), "text": asked.text,
        "open_at": clock.now() if asked.open else None,
    }  # fmt: skip


def rated(rows: list[Row]) -> list[Row]:
    """The rows with how people rated the work of each, where enough did."""
    ratings = orders.ratings([row.place.id for row in rows])
    return [replace(row, rating=ratings.get(row.place.id)) for row in rows]


def near(asked: Asked, where: Position) -> Found:
    """Who can serve, by distance from where the person is."""
    found = organisations.nearest(where.lng, where.lat, at_most=_PAGE, first=asked.first, **able(asked))
    rows = rated([placing.row_of(one.place, one.opening, one) for one in found.rows])
    return Found(rows, {"first": str(found.next)} if found.next is not None else {})


def by_name(asked: Asked, size: int) -> Found:
    """The public roll by name, whoever may serve or not; with "open now" only who can."""
    page = organisations.institutions(
        types=_types(asked), line=asked.line, domain=asked.domain, language=asked.language, division=asked.division,
        legal_aid=bool(asked.aid), text=asked.text, after=asked.after, limit=size,
        open_at=clock.now() if asked.open else None,
    )  # fmt: skip
    openings = organisations.openings(page.rows)
    rows = rated([placing.row_of(place, openings[place.id]) for place in page.rows])
    return Found(rows, {"after": page.next} if page.next else {})


def _types(asked: Asked) -> tuple[str, ...]:
    return (asked.type,) if asked.type else ()


@dataclass(frozen=True)
class PersonRow:
    """Somebody on the public roll: may they practise today, and what is good to know."""

    person: PractitionerValue
    may_practise: bool
    why_not: str
    domains: list[str]


def person(row: PractitionerValue) -> PersonRow:
    """A person in words."""
    why = ""
    if not row.has_licence_on(clock.today()):
        why = _("执业证已过期")
    elif row.institution_status not in {"", "ACTIVE"}:
        why = _("所在机构不能执业")
    return PersonRow(row, not why, why, domain_words(row.domains))


def domain_words(codes: Iterable[str]) -> list[str]:
    """Fields of law in words."""
    known = dict(choices()["domain"])
    return [str(known[code]) for code in codes if code in known]


def language_words(codes: Iterable[str]) -> list[str]:
    """Languages in words."""
    return [str(LANGUAGE_NAMES[code]) for code in codes if code in LANGUAGE_NAMES]
