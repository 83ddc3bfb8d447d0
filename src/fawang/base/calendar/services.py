"""Verbs of the calendar. Each change grows the revision, is recorded in the stream `calendar`, and queues the effect
`calendar.changed`, on which clocks that are running are reckoned again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from fawang.base.calendar import announced
from fawang.base.calendar.errors import AlreadyOfficial, CalendarMissing, NotAnnounced
from fawang.base.calendar.events import CHANGED_JOB, DAY_CHANGED, HOURS_CHANGED, STREAM, YEAR_LOADED
from fawang.base.calendar.models import CalendarDay, CalendarYear, OfficeHours, OfficeStretch, Revision
from fawang.base.calendar.policy import CHANGE
from fawang.base.calendar.selectors import revision
from fawang.base.calendar.snapshot import SATURDAY, Stretch
from fawang.base.calendar.values import Loaded
from fawang.kernel import clock, ids
from fawang.kernel.errors import Invalid
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.outbox.services import Job, queue
from fawang.kernel.policy import Actor, require

_MINUTES_A_DAY = 24 * 60
_LAST_WEEK_OF_DECEMBER = 25


def _text(field: str, text: str, most: int, *, required: bool = False) -> str:
    """Normalised text without NUL, or Invalid."""
    clean = unicodedata.normalize("NFC", text).replace("\x00", "").strip()
    if len(clean) > most or (required and not clean):
        raise Invalid({field: _("请填写不超过 %(most)s 个字。") % {"most": most}})
    return clean


def _alone() -> None:
    """Let one change of the calendar at a time go on, by holding the row of the revision until the transaction ends."""
    Revision.objects.get_or_create(pk=1, defaults={"number": 0, "stamp": ""})
    Revision.objects.filter(pk=1).update(number=F("number"))


def _changed(actor: Actor, facts: Sequence[Fact]) -> int:
    """Grow the revision, record the facts, queue the effect; the new revision. In the caller's transaction."""
    Revision.objects.filter(pk=1).update(number=F("number") + 1, stamp=ids.token())
    number = revision()
    told = [Fact(fact.name, fact.data | {"revision": number}) for fact in facts]
    append(actor=actor, stream=STREAM, facts=told)
    queue([Job(CHANGED_JOB, subject="calendar", payload={"revision": number})])
    return number


def _meaning(days: Iterable[CalendarDay]) -> dict[date, bool]:
    """Which days differ from their weekday, and how."""
    return {day.date: day.is_working for day in days if day.is_working != (day.date.weekday() < SATURDAY)}


def _replace(
    first: date, last: date, entries: list[announced.Entry], basis: CalendarDay.Basis, *, keep: bool
) -> tuple[list[date], list[date]]:
    """Put `entries` in the place of what is stored between two days; (days whose meaning changed, days kept)."""
    stored = list(CalendarDay.objects.filter(date__range=(first, last)))
    kept = [day.date for day in stored if keep and day.basis == CalendarDay.Basis.BY_HAND]
    before = _meaning(stored)
    CalendarDay.objects.filter(date__range=(first, last)).exclude(date__in=kept).delete()
    rows = [
        CalendarDay(date=e.day, is_working=e.is_working, name=e.name, name_en=e.name_en, basis=basis)
        for e in entries
        if e.day not in kept
    ]
    CalendarDay.objects.bulk_create(rows)
    after = _meaning([*rows, *(day for day in stored if day.date in kept)])
    changed = [day for day in {**before, **after} if before.get(day) != after.get(day)]
    return sorted(changed), sorted(kept)


def load_official(actor: Actor, years: Iterable[int], *, replace_by_hand: bool = False) -> Loaded:
    """Load announced years (State Council, from `chinesecalendar`); safe to repeat.

    Days set by hand are kept unless `replace_by_hand`. A year's announcement may reach back into the last days of
    December before: they are brought up to date if that year is official too. Raises NotAnnounced.
    """
    require(actor, CHANGE)
    wanted = sorted(set(years))
    for year in wanted:
        if year not in announced.official_years():
            raise NotAnnounced(year=year)
    source, all_changed, all_kept, facts = announced.official_source(), set(), set(), []
    with transaction.atomic():
        _alone()
        for year in wanted:
            known = CalendarYear.objects.filter(year=year).first()
            before = CalendarYear.objects.filter(year=year - 1, status=CalendarYear.Status.OFFICIAL).exists()
            first = date(year - 1, 12, _LAST_WEEK_OF_DECEMBER) if before else date(year, 1, 1)
            last = date(year, 12, 31)
            entries = announced.official(first, last)
            changed, kept = _replace(first, last, entries, CalendarDay.Basis.ANNOUNCED, keep=not replace_by_hand)
            all_changed.update(changed)
            all_kept.update(kept)
            if known is not None and known.status == CalendarYear.Status.OFFICIAL and not changed:
                continue
            _keep_year(year, CalendarYear.Status.OFFICIAL, source)
            facts.append(_year_fact(year, CalendarYear.Status.OFFICIAL, source, known, changed, kept))
        number = _changed(actor, facts) if facts else revision()
    return Loaded(number, tuple(wanted), tuple(sorted(all_changed)), tuple(sorted(all_kept)))


def load_provisional(actor: Actor, year: int) -> Loaded:
    """Compute a year from the statutory holidays until it is announced; safe to repeat.

    Raises AlreadyOfficial, or NotAnnounced for years the statutory holidays of today do not reach.
    """
    require(actor, CHANGE)
    entries, source = announced.computed(year), announced.computed_source()
    if not entries:
        raise NotAnnounced(year=year)
    with transaction.atomic():
        _alone()
        known = CalendarYear.objects.filter(year=year).first()
        if known is not None and known.status == CalendarYear.Status.OFFICIAL:
            raise AlreadyOfficial(year=year)
        first, last = date(year, 1, 1), date(year, 12, 31)
        changed, kept = _replace(first, last, entries, CalendarDay.Basis.COMPUTED, keep=True)
        if known is not None and not changed:
            return Loaded(revision(), (year,), (), tuple(kept))
        _keep_year(year, CalendarYear.Status.PROVISIONAL, source)
        fact = _year_fact(year, CalendarYear.Status.PROVISIONAL, source, known, changed, kept)
        return Loaded(_changed(actor, [fact]), (year,), tuple(changed), tuple(kept))


def _keep_year(year: int, status: CalendarYear.Status, source: str) -> None:
    CalendarYear.objects.update_or_create(
        year=year, defaults={"status": status, "source": source, "loaded_at": clock.now()}
    )


def _year_fact(
    year: int,
    status: CalendarYear.Status,
    source: str,
    known: CalendarYear | None,
    changed: list[date],
    kept: list[date],
) -> Fact:
    was = known.status if known is not None else ""
    days = {"changed": [day.isoformat() for day in changed], "kept": [day.isoformat() for day in kept]}
    return Fact(YEAR_LOADED, {"year": year, "status": status.value, "was": was, "source": source} | days)


def set_day(actor: Actor, date: date, is_working: bool, name: str, reason: str, *, name_en: str = "") -> int:
    """Say by hand whether people work on a day; the calendar's revision afterwards.

    `reason` says on what announcement this rests (required). Raises CalendarMissing for a year not loaded.
    """
    require(actor, CHANGE)
    values = {
        "is_working": is_working,
        "name": _text("name", name, 40),
        "name_en": _text("name_en", name_en, 80),
        "reason": _text("reason", reason, 200, required=True),
        "basis": CalendarDay.Basis.BY_HAND,
    }
    with transaction.atomic():
        _alone()
        if not CalendarYear.objects.filter(year=date.year).exists():
            raise CalendarMissing(date.year)
        known = CalendarDay.objects.filter(date=date).values(*values).first()
        if known == values:
            return revision()
        CalendarDay.objects.update_or_create(date=date, defaults=values)
        data = {"day": date.isoformat(), "is_working": is_working, "name": values["name"], "reason": values["reason"]}
        was = known["is_working"] if known is not None else date.weekday() < SATURDAY
        return _changed(actor, [Fact(DAY_CHANGED, data | {"was_working": was})])


def set_hours(actor: Actor, code: str, *, name: str, week: Mapping[int, Sequence[Stretch]], name_en: str = "") -> int:
    """Set a named schedule (`default` is the one used without a name); the calendar's revision afterwards.

    `week` maps weekdays (0 Monday … 6 Sunday) to stretches in minutes after midnight, in order and apart. A make-up
    working day on a weekend without stretches of its own has Monday's. Raises Invalid.
    """
    require(actor, CHANGE)
    key, title = _text("code", code, 40, required=True), _text("name", name, 40, required=True)
    title_en = _text("name_en", name_en, 80)
    for weekday, stretches in week.items():
        previous = -1
        for begins, ends in stretches:
            if not (0 <= weekday < 7 and previous < begins < ends <= _MINUTES_A_DAY):
                raise Invalid({"week": _("每段办公时间要先开始后结束，几段之间不能重叠，并且不跨过午夜。")})
            previous = ends
    if not week.get(0):
        raise Invalid({"week": _("请填写周一的办公时间：周末调休上班时按周一的时间办公。")})
    with transaction.atomic():
        _alone()
        hours, _is_new = OfficeHours.objects.update_or_create(code=key, defaults={"name": title, "name_en": title_en})
        hours.stretches.all().delete()
        OfficeStretch.objects.bulk_create(
            OfficeStretch(hours=hours, weekday=weekday, begins=begins, ends=ends)
            for weekday, stretches in sorted(week.items())
            for begins, ends in stretches
        )
        table = {str(weekday): [list(stretch) for stretch in stretches] for weekday, stretches in sorted(week.items())}
        return _changed(actor, [Fact(HOURS_CHANGED, {"hours": key, "week": table})])
