"""The verbs of the waiting list: join, leave, take what is offered, and what happens when nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from fawang.base.meetings import errors, events, rules, selectors
from fawang.base.meetings.models import Bookable, Slot, Wait
from fawang.base.meetings.seats import hand_on, is_closed, release, take_seat
from fawang.base.meetings.services.booking import make
from fawang.base.meetings.telling import tell_party, text_of
from fawang.base.meetings.values import BookingView, WaitState, WaitView
from fawang.kernel import clock, ids, policy
from fawang.kernel.errors import NotFound, NotPermitted
from fawang.kernel.events import services as log
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, Scope

_MOST_AT_ONCE = 200
_OPEN = (WaitState.WAITING, WaitState.OFFERED)


def _party(actor: Actor) -> int:
    if Scope.OWN not in policy.require(actor, "meetings.book") or actor.party_id is None:
        raise NotPermitted(reason="meetings.book")
    return actor.party_id


def _note(actor: Actor, wait: Wait, name: str) -> None:
    data = {"bookable": wait.bookable.token, "first": wait.first_day, "last": wait.last_day, "state": wait.state}
    log.append(actor=actor, stream=events.wait_stream(wait.token), facts=[Fact(name, data)])


def join_waiting(
    *,
    actor: Actor,
    bookable_id: int,
    first_day: date,
    last_day: date,
    purpose: str = "",
    service_code: str = "",
) -> WaitView:
    """Wait for the first free time of a bookable from `first_day` to `last_day`, when all of them are taken.

    Raises StillFree, AlreadyWaiting (once a bookable, and the rule's most), SpanWrong, OnlyTheDesk, NotOffered for days
    that cannot be booked at all, NotFound, NotPermitted.
    """
    party_id, limits = _party(actor), rules.today()
    bookable = Bookable.objects.filter(pk=bookable_id, is_open=True).select_related("institution").first()
    if bookable is None:
        raise NotFound
    if last_day < first_day or last_day < clock.today():
        raise errors.SpanWrong
    if (missed := selectors.missed_of(party_id)) >= limits.most_missed:
        raise errors.OnlyTheDesk(count=missed)
    days = [one for one in selectors.days_of(actor, bookable_id, days=62) if first_day <= one.day <= last_day]
    if not days:
        raise errors.NotOffered
    if any(not one.is_full for one in days):
        raise errors.StillFree
    if Wait.objects.filter(party_id=party_id, state__in=_OPEN).count() >= limits.most_waits:
        raise errors.AlreadyWaiting
    moment = clock.now()
    wait = Wait(
        token=ids.token(),
        bookable=bookable,
        party_id=party_id,
        first_day=first_day,
        last_day=last_day,
        purpose=text_of(purpose, "purpose", 200),
        service_code=text_of(service_code, "service", 40),
        state_at=moment,
        waits_since=moment,
    )
    try:
        with transaction.atomic():
            wait.save(force_insert=True)
            _note(actor, wait, events.WAIT_BEGUN)
    except IntegrityError:
        raise errors.AlreadyWaiting from None
    return selectors.wait(actor, wait.token)


def _own(actor: Actor, token: str) -> Wait:
    rows = Wait.objects.select_for_update(of=("self",)).select_related("bookable__institution", "slot")
    wait = rows.filter(token=token, party_id=_party(actor)).first()
    if wait is None:
        raise NotFound
    return wait


def _end(actor: Actor, wait: Wait, state: WaitState) -> None:
    slot = wait.slot
    wait.state, wait.state_at, wait.slot, wait.offered_until = state, clock.now(), None, None
    wait.save(update_fields=["state", "state_at", "slot", "offered_until"])
    _note(actor, wait, events.WAIT_ENDED)
    release(actor, slot)


def accept_offer(*, actor: Actor, token: str) -> BookingView:
    """Take the time that is held. Pressed twice it is one booking. Raises OfferIsOver, AlreadyBooked, NotFound."""
    with transaction.atomic():
        wait = _own(actor, token)
        if wait.state == WaitState.SERVED and wait.booking is not None:
            return selectors.booking_view(actor, wait.booking)
        slot = wait.slot
        is_held = wait.state == WaitState.OFFERED and wait.offered_until and clock.now() < wait.offered_until
        is_working = wait.bookable.is_open and wait.bookable.institution.status == "ACTIVE"
        if slot is None or not is_held or not is_working or is_closed(wait.bookable, slot.start, slot.end):
            raise errors.OfferIsOver
        view = make(actor, slot, wait.party_id, purpose=wait.purpose, service_code=wait.service_code)
        wait.state, wait.state_at, wait.slot, wait.offered_until = WaitState.SERVED, clock.now(), None, None
        wait.booking_id = slot.booking.pk
        wait.save(update_fields=["state", "state_at", "slot", "offered_until", "booking"])
        _note(actor, wait, events.WAIT_ENDED)
    return view


def leave_waiting(*, actor: Actor, token: str) -> WaitView:
    """Leave the list, or say no to an offer, which goes to the next. Leaving twice does no harm. Raises NotFound."""
    with transaction.atomic():
        wait = _own(actor, token)
        if wait.state in _OPEN:
            _end(actor, wait, WaitState.LEFT)
    return selectors.wait(actor, token)


def _each(pks: list[int], work: Callable[[Wait], bool]) -> int:
    done = 0
    for pk in pks:
        with transaction.atomic():
            rows = Wait.objects.select_for_update(of=("self",)).select_related("bookable__institution", "slot")
            wait = rows.filter(pk=pk, state__in=_OPEN).first()
            done += wait is not None and work(wait)
    return done


def sweep_waiting() -> int:
    """Pass on what nobody took in time, end waits whose days are over, offer what became free otherwise; how many.

    Safe to run twice and at once: each step looks again under the row's lock.
    """
    actor = policy.system("meetings")

    def lapse(wait: Wait) -> bool:
        if wait.state != WaitState.OFFERED or wait.offered_until is None or wait.offered_until > clock.now():
            return False
        _end(actor, wait, WaitState.LAPSED)
        _say(actor, wait, {"zh": "没有按时确认，空位给了下一位", "en": "not confirmed in time"})
        return True

    def end(wait: Wait) -> bool:
        if wait.state != WaitState.WAITING or wait.last_day >= clock.today():
            return False
        _end(actor, wait, WaitState.ENDED)
        _say(actor, wait, {"zh": "这段日子没有空出来的时间", "en": "no time became free"})
        return True

    due = Wait.objects.filter(state=WaitState.OFFERED, offered_until__lte=clock.now()).order_by("offered_until", "id")
    over = Wait.objects.filter(state=WaitState.WAITING, last_day__lt=clock.today()).order_by("id")
    count = _each(list(due.values_list("pk", flat=True)[:_MOST_AT_ONCE]), lapse)
    count += _each(list(over.values_list("pk", flat=True)[:_MOST_AT_ONCE]), end)
    return count + _offer_free(actor)


def _say(actor: Actor, wait: Wait, outcome: dict[str, str]) -> None:
    cause = f"{wait.token}:{wait.state}"
    tell_party(actor, wait.bookable, wait.party_id, "wait_over", {"outcome": outcome}, cause=cause)


def _offer_free(actor: Actor) -> int:
    """Offer times that became free without anybody giving one back: more seats, a closure lifted."""
    waiting = Wait.objects.filter(state=WaitState.WAITING).values_list("bookable_id", "first_day", "last_day")
    spans: dict[int, list[tuple[date, date]]] = {}
    for bookable_id, first, last in waiting[:5_000]:
        spans.setdefault(bookable_id, []).append((first, last))
    return sum(_offer_of(actor, bookable_id, wanted) for bookable_id, wanted in spans.items())


def _offer_of(actor: Actor, bookable_id: int, wanted: list[tuple[date, date]]) -> int:
    first, last = min(one[0] for one in wanted), max(one[1] for one in wanted)
    days = min((last - max(first, clock.today())).days + 1, 62)
    if days < 1:
        return 0
    soonest = clock.now() + timedelta(minutes=rules.today().offer_before_minutes)
    free = selectors.free_slots(actor, from_date=max(first, clock.today()), days=days, bookable_id=bookable_id)
    times: list[tuple[datetime, datetime]] = [
        (slot.start, slot.end) for slot in free if slot.start >= soonest for _ in range(slot.left)
    ]
    done = 0
    for start, end in times[: len(wanted)]:
        try:
            with transaction.atomic():
                bookable = Bookable.objects.get(pk=bookable_id)
                slot: Slot = take_seat(bookable, start, end)
                if hand_on(actor, slot) is None:
                    slot.delete()
                else:
                    done += 1
        except (errors.FullyBooked, errors.DeskIsClosed):
            continue  # somebody booked it in the same moment
    return done
