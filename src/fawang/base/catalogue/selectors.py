"""Questions to the catalogue."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from django.conf import settings

from fawang.base.catalogue import data, finding
from fawang.base.catalogue.errors import ItemClosed, NoSuchItem, NoSuchScreener, StillExample
from fawang.base.catalogue.models import Item, ItemVersion
from fawang.base.catalogue.schema import Line, Process, Screener, ServiceItem
from fawang.base.catalogue.values import Published, Row
from fawang.kernel import clock

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")


@lru_cache(maxsize=2_000)
def version(version_id: int) -> Published:
    """The published version of that id (versions never change, so they are kept in memory). Raises NoSuchItem."""
    text = ItemVersion.objects.filter(pk=version_id).values_list("definition", flat=True).first()
    if text is None:
        raise NoSuchItem
    return Published(version_id, *_parsed(text))


@lru_cache(maxsize=2_000)
def _parsed(text: str) -> tuple[ServiceItem, Process]:
    stored = json.loads(text)
    return ServiceItem.model_validate(stored["item"]), _process(json.dumps(stored["process"], sort_keys=True))


@lru_cache(maxsize=200)
def _process(text: str) -> Process:
    """A process, once for all services that share it."""
    return Process.model_validate_json(text)


def named(code: str) -> str:
    """The code as the database may be asked for it: nobody's, when it can be none (PostgreSQL refuses a NUL)."""
    return code if _CODE.fullmatch(code) else ""


def item(code: str, *, must_be_open: bool = False) -> Published:
    """The current version of an item: one statement. Raises NoSuchItem; where it must take demands now, ItemClosed,
    or StillExample for a service whose owner has not confirmed it yet (a demonstration takes those too)."""
    row = Item.objects.filter(pk=named(code)).values_list("current_id", "is_open").first()
    if row is None:
        raise NoSuchItem
    published = version(row[0])
    if must_be_open and not (row[1] and is_in_force(published.item)):
        raise ItemClosed
    if must_be_open and published.item.is_example and not settings.FAWANG_IS_DEMONSTRATION:
        raise StillExample
    return published


def is_in_force(item: ServiceItem) -> bool:
    """Whether today lies in the days for which the service is offered."""
    today = clock.today()
    return (item.valid_from is None or item.valid_from <= today) and (item.valid_to is None or today <= item.valid_to)


def exact(code: str, number: int) -> Published:
    """That version of an item, the newest of what it shares. Raises NoSuchItem."""
    found = ItemVersion.objects.filter(code=named(code), version=number).order_by("-shared_version")
    row = found.values_list("pk", flat=True).first()
    if row is None:
        raise NoSuchItem
    return version(row)


def moves_to(version_id: int) -> Published | None:
    """The version to which a form half filled in that one moves forward: the newest later one whose publishing said
    `drafts: move`; None where it stays pinned (one statement)."""
    code = version(version_id).code
    later = ItemVersion.objects.filter(code=code, pk__gt=version_id).order_by("-pk").values_list("pk", flat=True)
    return next((found for found in map(version, later) if found.item.drafts == "move"), None)


def is_open(code: str) -> bool:
    """Whether the service takes new demands now."""
    return Item.objects.filter(pk=named(code), is_open=True).exists()


def items(*, line: str | None = None, listed_only: bool = True) -> list[Published]:
    """All open items in a stable order, of one line if given."""
    found = [
        version(pk) for pk in Item.objects.filter(is_open=True).order_by("pk").values_list("current_id", flat=True)
    ]
    return [
        p
        for p in found
        if (line is None or p.line == line) and (p.item.is_listed or not listed_only) and is_in_force(p.item)
    ]


def offers() -> list[tuple[Published, bool, str]]:
    """Every service, closed ones too: its current version, whether it takes demands, and why not."""
    rows = Item.objects.order_by("pk").values_list("current_id", "is_open", "closed_reason")
    return [(version(pk), is_taking, why) for pk, is_taking, why in rows]


def search(text: str, *, limit: int = 3) -> list[Published]:
    """The services that a story may be about, best first; [] when it has hardly a word in common with any."""
    return finding.index_of(items()).search(text, limit)


def versions(code: str) -> list[Published]:
    """All versions of an item, newest first."""
    ids = ItemVersion.objects.filter(code=code).order_by("-version").values_list("pk", flat=True)
    return [version(pk) for pk in ids]


def lines() -> dict[str, Line]:
    """The business lines in the order in which people are shown them."""
    return data.lines()


def line(code: str) -> Line:
    """The line of that code; one whose folder is gone shows its code."""
    return data.lines().get(code) or Line(line=code, zh=code, en=code, rank=99)


def screeners() -> list[Screener]:
    """The screeners, in the order in which people are shown them."""
    return list(data.screeners().values())


def screener(name: str) -> Screener:
    """The screener of that name. Raises NoSuchScreener."""
    found = data.screeners().get(name)
    if found is None:
        raise NoSuchScreener
    return found


def icons() -> set[str]:
    """The icons that lines and services name."""
    return data.icons()


def table(name: str) -> list[Row]:
    """The rows of a code table. Raises KeyError for an unknown table."""
    return [Row(str(row["code"]), row["zh"], row["en"], str(row.get("parent", ""))) for row in data.tables()[name].rows]


def row(table_name: str, code: str) -> Row:
    """One row; an unknown code shows itself."""
    return next((row for row in table(table_name) if row.code == code), Row(code, code, code))


def codes(name: str) -> frozenset[str]:
    """The codes of a table."""
    return frozenset(row.code for row in table(name))
