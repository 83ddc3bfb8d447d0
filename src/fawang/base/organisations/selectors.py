"""Questions about institutions, their people, roles and keys, and who an account or a key acts as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from fawang.base.identity import selectors as identity
from fawang.base.identity.values import clean_text
from fawang.base.organisations.acting import actor_for, actor_for_key, ways_to_act
from fawang.base.organisations.applications import application, my_applications, waiting_applications
from fawang.base.organisations.demonstration import demonstration_logins
from fawang.base.organisations.exchange.exporting import export_table
from fawang.base.organisations.finding import (
    Able,
    Wanted,
    centre_of,
    count_institutions,
    find_people,
    hours_on_calendar,
    institutions,
    nearest,
    openings,
    points,
)
from fawang.base.organisations.managing import (
    account_in,
    all_keys,
    keys,
    leaves,
    members,
    membership,
    memberships,
    practitioner_record,
    reaches,
    roll,
)
from fawang.base.organisations.models import Institution, Leave, Membership, Practitioner, ServedLine, Window
from fawang.base.organisations.quality import CHECKS as QUALITY_CHECKS
from fawang.base.organisations.quality import quality, quality_list
from fawang.base.organisations.showing import hours_value, institution_value, practitioner_value, window_value
from fawang.base.organisations.values import (
    Candidate,
    HandlerValue,
    InstitutionValue,
    PractitionerValue,
    Status,
    WindowValue,
)
from fawang.kernel import clock
from fawang.kernel.errors import NotFound

__all__ = [
    "QUALITY_CHECKS",
    "Able",
    "Wanted",
    "account_in",
    "actor_for",
    "actor_for_key",
    "all_keys",
    "application",
    "candidates",
    "centre_of",
    "count_institutions",
    "demonstration_logins",
    "export_table",
    "find_people",
    "handlers",
    "hours_on_calendar",
    "institution",
    "institution_by_token",
    "institution_named",
    "institutions",
    "institutions_by_id",
    "keys",
    "leaves",
    "members",
    "membership",
    "memberships",
    "my_applications",
    "nearest",
    "on_leave",
    "openings",
    "people",
    "points",
    "practitioner_record",
    "practitioners",
    "quality",
    "quality_list",
    "reaches",
    "roll",
    "waiting_applications",
    "ways_to_act",
    "window",
    "window_by_token",
    "windows",
]


def institution(institution_id: int) -> InstitutionValue:
    """An institution, whatever its status: the roll is public. Raises NotFound."""
    row = Institution.objects.filter(pk=institution_id).first()
    if row is None:
        raise NotFound
    return institution_value(row)


def institution_by_token(token: str) -> InstitutionValue:
    """An institution by the token in its address. Raises NotFound."""
    row = Institution.objects.filter(token=token).first()
    if row is None:
        raise NotFound
    return institution_value(row)


def institutions_by_id(institution_ids: Iterable[int]) -> dict[int, InstitutionValue]:
    """Those that exist, by id, in one statement."""
    return {row.pk: institution_value(row) for row in Institution.objects.filter(pk__in=set(institution_ids))}


def institution_named(name: str) -> InstitutionValue | None:
    """The institution of exactly this name (or short name), where there is one; None where there is none or several."""
    try:
        wanted = clean_text(name, max_characters=100)
    except ValueError:
        return None
    found = list(Institution.objects.filter(Q(name=wanted) | Q(short_name=wanted))[:2]) if wanted else []
    return institution_value(found[0]) if len(found) == 1 else None


@lru_cache(maxsize=4)
def _served(day: date) -> QuerySet[Any]:
    """What active institutions serve, and whether somebody is there on the day: asked at every filing, so the question
    is put together once. It is never asked itself; each use narrows a copy."""
    people = Practitioner.objects.filter(institution=OuterRef("institution"))
    served = ServedLine.objects.filter(institution__status=Status.ACTIVE).select_related("institution")
    return served.annotate(is_there=Exists(people.filter(_present(day))) | ~Exists(people))


def candidates(line: str, area_codes: Sequence[str]) -> list[Candidate]:
    """Active institutions that serve the line in one of these divisions, in one statement: those of the first code
    first, then by id. Ask with the place, its county, its city and its province for one that is always served.
    Whether a licence has run out, whether people are there, hours and load are the chooser's to weigh."""
    places = {code: at for at, code in reversed(list(enumerate(area_codes)))}
    rows = _served(clock.today()).filter(line=line, division_code__in=list(places))
    found = [(places[row.division_code], row.institution, row.is_there) for row in rows]
    return [
        Candidate(
            id=row.pk,
            token=row.token,
            name=row.name,
            type=row.type,
            division_code=row.division_code,
            level=row.level,
            status=row.status,
            licence_valid_to=row.licence_valid_to,
            capacity=row.capacity,
            languages=tuple(row.languages),
            domains=tuple(row.domains),
            hours=hours_value(row.hours),
            distance=distance,
            is_demonstration=row.is_demonstration,
            has_people_there=is_there,
        )
        for distance, row, is_there in sorted(found, key=lambda one: (one[0], one[1].pk))
    ]


def _present(on: date) -> Q:
    """Practitioners who are there on a day, with a licence that runs, and not on leave."""
    away = Leave.objects.filter(practitioner=OuterRef("pk"), cancelled_at__isnull=True, begin__lte=on, end__gte=on)
    stays = Q(left_on__isnull=True) | Q(left_on__gt=on)
    licensed = Q(licence_valid_to__isnull=True) | Q(licence_valid_to__gte=on)
    return stays & licensed & ~Q(Exists(away))


def handlers(institution_id: int, on: date | None = None) -> list[HandlerValue]:
    """Who of an institution may be given work on a day (today): there, licensed, not on leave; by pinyin."""
    day = on or clock.today()
    current = Membership.objects.filter(active_on(day), institution_id=institution_id, role="HANDLER")
    members = dict(current.order_by("-pk").values_list("account_id", "pk"))
    rows = list(Practitioner.objects.filter(_present(day), institution_id=institution_id).order_by("pinyin", "pk"))
    parties = identity.parties_of_accounts({row.account_id for row in rows if row.account_id})
    return [
        HandlerValue(
            id=row.pk,
            token=row.token,
            party_id=parties.get(row.account_id) if row.account_id else None,
            name=row.name,
            kind=row.kind,
            account_id=row.account_id,
            member_id=members.get(row.account_id) if row.account_id else None,
            capacity=row.capacity,
            languages=tuple(row.languages),
            domains=tuple(row.domains),
            licence_valid_to=row.licence_valid_to,
            licensed_on=row.licensed_on,
        )
        for row in rows
    ]


def on_leave(practitioner_id: int, day: date) -> bool:
    """Whether the person is on leave on that day."""
    days = Leave.objects.filter(practitioner_id=practitioner_id, cancelled_at__isnull=True)
    return days.filter(begin__lte=day, end__gte=day).exists()


def people(institution_id: int) -> list[PractitionerValue]:
    """The people on an institution's public roll, by pinyin; those who left are not on it."""
    there = Q(left_on__isnull=True) | Q(left_on__gt=clock.today())
    rows = Practitioner.objects.filter(there, institution_id=institution_id).select_related("institution")
    return [practitioner_value(row) for row in rows.order_by("pinyin", "pk")]


def practitioners(practitioner_ids: Iterable[int]) -> dict[int, PractitionerValue]:
    """Those that exist, by id, in one statement."""
    rows = Practitioner.objects.filter(pk__in=set(practitioner_ids)).select_related("institution")
    return {row.pk: practitioner_value(row) for row in rows}


def windows(institution_id: int, *, only_open: bool = True) -> list[WindowValue]:
    """The windows of a centre, in the order they were opened; closed ones too unless `only_open`."""
    rows = Window.objects.filter(institution_id=institution_id).order_by("pk")
    return [window_value(row) for row in (rows.filter(is_open=True) if only_open else rows)]


def window_by_token(token: str) -> WindowValue:
    """A window by its token, open or not. Raises NotFound."""
    row = Window.objects.filter(token=token).first()
    if row is None:
        raise NotFound
    return window_value(row)


def window(window_id: int) -> WindowValue:
    """A window, open or not. Raises NotFound."""
    row = Window.objects.filter(pk=window_id).first()
    if row is None:
        raise NotFound
    return window_value(row)


def active_on(day: date) -> Q:
    """The condition that a membership is in force on a day."""
    started = Q(ended_at__isnull=True, valid_from__lte=day)
    return started & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def names(institution_ids: Iterable[int]) -> dict[int, str]:
    """Institutions' names by id, in one statement (none for no ids)."""
    wanted = set(institution_ids)
    return dict(Institution.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def liaisons(institution_id: int) -> list[int]:
    """The accounts of an institution's liaisons (INSTITUTION_ADMIN) today: who is told when an order comes."""
    rows = Membership.objects.filter(active_on(clock.today()), institution_id=institution_id, role="INSTITUTION_ADMIN")
    return list(rows.order_by("account_id").values_list("account_id", flat=True).distinct())


def all_windows() -> list[WindowValue]:
    """Every open window of every institution that may work, for opening them to booking at set-up."""
    rows = Window.objects.filter(is_open=True, institution__status=Status.ACTIVE).order_by("pk")
    return [window_value(row) for row in rows]
