"""Questions about institutions, their people, roles and keys, and who an account or a key acts as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from fawang.base.divisions.values import prefix
from fawang.base.identity import selectors as identity
from fawang.base.identity.values import clean_text, pinyin_key
from fawang.base.organisations.acting import actor_for, actor_for_key, ways_to_act
from fawang.base.organisations.demonstration import demonstration_logins
from fawang.base.organisations.models import ApiKey, Institution, Leave, Membership, Practitioner, ServedLine, Window
from fawang.base.organisations.services.rights import is_within
from fawang.base.organisations.values import (
    INSTITUTION_TYPES,
    PRACTITIONER_KINDS,
    ROLES,
    STATUS_NAMES,
    Candidate,
    HandlerValue,
    InstitutionValue,
    KeyValue,
    LeaveValue,
    MembershipValue,
    OpenHours,
    Page,
    PractitionerValue,
    Status,
    WindowValue,
)
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor

__all__ = [
    "actor_for",
    "actor_for_key",
    "candidates",
    "demonstration_logins",
    "handlers",
    "institution",
    "institution_by_token",
    "institutions",
    "institutions_by_id",
    "keys",
    "leaves",
    "members",
    "on_leave",
    "people",
    "practitioners",
    "ways_to_act",
    "window",
    "windows",
]

MAX_PAGE = 100


def _hours(stored: Iterable[Mapping[str, object]]) -> tuple[OpenHours, ...]:
    return tuple(
        OpenHours(weekdays=tuple(h["weekdays"]), begin=str(h["begin"]), end=str(h["end"]))  # type: ignore[arg-type]
        for h in stored
    )


def _institution(row: Institution) -> InstitutionValue:
    return InstitutionValue(
        id=row.pk,
        token=row.token,
        type=row.type,
        type_name=str(INSTITUTION_TYPES[row.type][0]),
        name=row.name,
        short_name=row.short_name,
        level=row.level,
        division_code=row.division_code,
        parent_id=row.parent_id,
        uscc=row.uscc or "",
        licence_no=row.licence_no,
        licence_valid_to=row.licence_valid_to,
        status=row.status,
        status_name=str(STATUS_NAMES[row.status]),
        status_reason=row.status_reason,
        address=row.address,
        lng=row.lng,
        lat=row.lat,
        phones=tuple(row.phones),
        hours=_hours(row.hours),
        lines=tuple(row.lines),
        domains=tuple(row.domains),
        languages=tuple(row.languages),
        capacity=row.capacity,
        accepts_legal_aid=row.accepts_legal_aid,
        annual_assessment=row.annual_assessment,
        penalties=tuple(row.penalties),
        is_demonstration=row.is_demonstration,
    )


def institution(institution_id: int) -> InstitutionValue:
    """An institution, whatever its status: the roll is public. Raises NotFound."""
    row = Institution.objects.filter(pk=institution_id).first()
    if row is None:
        raise NotFound
    return _institution(row)


def institution_by_token(token: str) -> InstitutionValue:
    """An institution by the token in its address. Raises NotFound."""
    row = Institution.objects.filter(token=token).first()
    if row is None:
        raise NotFound
    return _institution(row)


def institutions_by_id(institution_ids: Iterable[int]) -> dict[int, InstitutionValue]:
    """Those that exist, by id, in one statement."""
    return {row.pk: _institution(row) for row in Institution.objects.filter(pk__in=set(institution_ids))}


def _matching(rows: QuerySet[Institution], text: str) -> QuerySet[Institution]:
    """By any part of the name, or of its pinyin. Both sides are lower case, so both databases match alike."""
    try:
        words = clean_text(text, max_characters=60).lower().split()
    except ValueError:
        return rows.none()
    for word in words:
        wanted = Q(search__contains=word)
        if word.isascii():
            wanted |= Q(pinyin__contains=pinyin_key(word) or word)
        rows = rows.filter(wanted)
    return rows


def institutions(
    *,
    types: Sequence[str] = (),
    division: str = "",
    line: str = "",
    text: str = "",
    only_active: bool = False,
    after: str = "",
    limit: int = 20,
) -> Page:
    """A page of the public roll by pinyin: `division` takes in everything below it, `text` looks into names and their
    pinyin. Suspended and revoked ones are shown, with their status, unless `only_active`."""
    rows = Institution.objects.all()
    if types:
        rows = rows.filter(type__in=list(types))
    if division:
        rows = rows.filter(division_code__startswith=prefix(division))
    if line:
        rows = rows.filter(Exists(ServedLine.objects.filter(institution=OuterRef("pk"), line=line)))
    if only_active:
        rows = rows.filter(status=Status.ACTIVE)
    if text:
        rows = _matching(rows, text)
    key, _dash, number = after.partition("-")
    if number.isdigit():
        rows = rows.filter(Q(pinyin__gt=key) | Q(pinyin=key, pk__gt=int(number)))
    limit = max(1, min(limit, MAX_PAGE))
    found = list(rows.order_by("pinyin", "pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Page(tuple(_institution(row) for row in found[:limit]), f"{last.pinyin}-{last.pk}" if last else "")


def candidates(line: str, area_codes: Sequence[str]) -> list[Candidate]:
    """Active institutions that serve the line in one of these divisions, in one statement: those of the first code
    first, then by id. Ask with the place, its county, its city and its province for one that is always served.
    Whether a licence has run out, hours and load are the chooser's to weigh."""
    places = {code: at for at, code in reversed(list(enumerate(area_codes)))}
    rows = ServedLine.objects.filter(
        line=line, division_code__in=list(places), institution__status=Status.ACTIVE
    ).select_related("institution")
    found = [(places[row.division_code], row.institution) for row in rows]
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
            hours=_hours(row.hours),
            distance=distance,
            is_demonstration=row.is_demonstration,
        )
        for distance, row in sorted(found, key=lambda pair: (pair[0], pair[1].pk))
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


def leaves(actor: Actor, institution_id: int) -> list[LeaveValue]:
    """The present and coming leave of an institution's people, soonest first. Raises NotFound out of reach."""
    place = institution(institution_id)
    if not is_within(actor, "organisations.manage_people", place.id, place.division_code):
        raise NotFound
    rows = Leave.objects.filter(
        practitioner__institution_id=institution_id, cancelled_at__isnull=True, end__gte=clock.today()
    )
    return [
        LeaveValue(row.pk, row.practitioner_id, row.practitioner.name, row.begin, row.end, row.reason)
        for row in rows.select_related("practitioner").order_by("begin", "pk")
    ]


def _practitioner(row: Practitioner) -> PractitionerValue:
    return PractitionerValue(
        id=row.pk,
        token=row.token,
        institution_id=row.institution_id,
        institution_name=row.institution.name,
        name=row.name,
        kind=row.kind,
        kind_name=str(PRACTITIONER_KINDS[row.kind]),
        licence_no=row.licence_no,
        is_legacy_licence=row.is_legacy_licence,
        licence_valid_to=row.licence_valid_to,
        domains=tuple(row.domains),
        languages=tuple(row.languages),
        is_active=row.left_on is None or row.left_on > clock.today(),
        penalties=tuple(row.penalties),
        is_demonstration=row.is_demonstration,
    )


def people(institution_id: int) -> list[PractitionerValue]:
    """The people on an institution's public roll, by pinyin; those who left are not on it."""
    there = Q(left_on__isnull=True) | Q(left_on__gt=clock.today())
    rows = Practitioner.objects.filter(there, institution_id=institution_id).select_related("institution")
    return [_practitioner(row) for row in rows.order_by("pinyin", "pk")]


def practitioners(practitioner_ids: Iterable[int]) -> dict[int, PractitionerValue]:
    """Those that exist, by id, in one statement."""
    rows = Practitioner.objects.filter(pk__in=set(practitioner_ids)).select_related("institution")
    return {row.pk: _practitioner(row) for row in rows}


def _window(row: Window) -> WindowValue:
    return WindowValue(
        row.pk, row.token, row.institution_id, row.name, row.kind, tuple(row.lines), row.is_accessible, row.is_open
    )


def windows(institution_id: int) -> list[WindowValue]:
    """The open windows of a centre, in the order they were opened."""
    return [_window(row) for row in Window.objects.filter(institution_id=institution_id, is_open=True).order_by("pk")]


def window(window_id: int) -> WindowValue:
    """A window, open or not. Raises NotFound."""
    row = Window.objects.filter(pk=window_id).first()
    if row is None:
        raise NotFound
    return _window(row)


def active_on(day: date) -> Q:
    """The condition that a membership is in force on a day."""
    started = Q(ended_at__isnull=True, valid_from__lte=day)
    return started & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def members(actor: Actor, institution_id: int) -> list[MembershipValue]:
    """Which accounts have or had which roles in an institution. Raises NotFound out of the actor's reach."""
    place = institution(institution_id)
    if not is_within(actor, "organisations.see_members", place.id, place.division_code):
        raise NotFound
    today = clock.today()
    rows = Membership.objects.filter(institution_id=institution_id).select_related("account").order_by("pk")
    return [
        MembershipValue(
            id=row.pk,
            account_id=row.account_id,
            account_name=row.account.display_name,
            institution_id=institution_id,
            institution_name=place.name,
            role=row.role,
            role_name=str(ROLES[row.role]),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            is_active=row.ended_at is None
            and row.valid_from <= today
            and (row.valid_to is None or today <= row.valid_to),
        )
        for row in rows
    ]


def keys(actor: Actor, institution_id: int) -> list[KeyValue]:
    """The keys of an institution, without their secrets, newest first."""
    place = institution(institution_id)
    if not is_within(actor, "organisations.manage_keys", place.id, place.division_code):
        raise NotFound
    return [
        KeyValue(row.pk, row.institution_id, row.name, row.prefix, tuple(row.roles), row.valid_to, row.revoked_at)
        for row in ApiKey.objects.filter(institution_id=institution_id).order_by("-pk")
    ]


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
    return [_window(row) for row in rows]
