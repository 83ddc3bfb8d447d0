from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import permutations

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotPermitted, RefusedByState
from fawang.kernel.outbox import services as outbox
from fawang.middle.intake import selectors, services
from fawang.middle.intake.errors import CallTaken, NoSuchCall
from fawang.middle.intake.following import follow
from fawang.middle.intake.models import Call, CallSignal, Contact
from fawang.middle.intake.tests import factories
from fawang.middle.intake.tests.factories import PHONE, ring
from fawang.middle.intake.values import CallEvent

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db

signals = st.lists(
    st.builds(
        lambda kind, second, seat, side: CallSignal(
            kind=kind, at=NOON + timedelta(seconds=second), seat=seat, hangup_side=side
        ),
        st.sampled_from(["RING", "ANSWER", "HANGUP", "ABANDON"]),
        st.integers(0, 5),
        st.sampled_from(["", "801", "802"]),
        st.sampled_from(["", "CALLER", "AGENT"]),
    ),
    min_size=1,
    max_size=6,
)


@given(signals, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_arrival_and_repeats_never_change_where_a_call_stands(told, random):
    mixed = [*told, random.choice(told)]
    random.shuffle(mixed)
    assert follow(mixed) == follow(told)


def test_all_orders_of_arrival_give_the_same_row(unit):
    events = [("RING", 0, "801"), ("ANSWER", 8, "801"), ("RING", 3, "802"), ("HANGUP", 90, "")]
    seen = set()
    for at, order in enumerate(permutations(events)):
        for kind, second, seat in [*order, order[0]]:
            ring(f"call-{at}", event=kind, seat=seat, at=NOON + timedelta(seconds=second))
        row = Call.objects.get(call_id=f"call-{at}")
        seen.add((row.state, row.ring_at, row.answered_at, row.ended_at, row.seat))
    assert seen == {("ENDED", NOON, NOON + timedelta(seconds=8), NOON + timedelta(seconds=90), "801")}


def test_a_hang_up_before_the_ring_ends_a_call_that_never_rings_again(unit, operator):
    moment = clock.now()
    ring("late", event="HANGUP", at=moment)
    ring("late", event="RING", at=moment - timedelta(seconds=20))
    assert selectors.ringing(operator) == []
    assert Call.objects.get(call_id="late").state == "ABANDONED"


def test_the_same_event_twice_is_kept_once(unit):
    moment = clock.now()
    assert ring("twice", at=moment).token == ring("twice", at=moment).token
    assert CallSignal.objects.count() == 1


def test_two_systems_may_use_the_same_call_id(unit):
    ring("1")
    ring("1", actor=factories.SYSTEM)
    assert Call.objects.count() == 2


def test_wrong_events_are_refused_with_a_sentence_each(unit):
    for event in (
        CallEvent("x", "SING", clock.now()),
        CallEvent("", "RING", clock.now()),
        CallEvent("x", "RING", datetime(2026, 1, 1)),
        CallEvent("x", "RING", clock.now() + timedelta(hours=1)),
        CallEvent("x" * 81, "RING", clock.now()),
        CallEvent("x", "HANGUP", clock.now(), hangup_side="NOBODY"),
    ):
        with pytest.raises(Invalid):
            services.announce_call(factories.LINE, event)
    assert not Call.objects.exists()


def test_people_may_not_announce_calls(unit, operator):
    with pytest.raises(NotPermitted):
        ring(actor=operator)


def test_a_call_to_an_unknown_seat_rings_for_everybody(unit, operator):
    ring(seat="999")
    assert len(selectors.ringing(operator)) == 1


def test_a_call_to_a_seat_rings_only_there(unit, operator):
    colleague = factories.agent(unit)[1]
    services.take_seat(colleague, state="READY", code="802")
    ring(seat="802")
    assert selectors.ringing(operator) == []
    assert len(selectors.ringing(colleague)) == 1


def test_a_number_that_cannot_be_one_is_a_withheld_number(unit, operator):
    ring(caller="anonymous")
    assert selectors.ringing(operator)[0].caller_masked == ""


def test_the_number_is_masked_and_sealed(unit, operator):
    ring()
    assert selectors.ringing(operator)[0].caller_masked == "139****1234"
    assert PHONE not in str(Call.objects.values().get())


def test_of_two_who_answer_one_gets_the_call(unit, operator):
    colleague = factories.agent(unit)[1]
    call = ring("one")
    mine = services.open_contact(operator, call=call.token)
    with pytest.raises(CallTaken):
        services.open_contact(colleague, call=call.token)
    assert services.open_contact(operator, call=call.token).number == mine.number
    assert Call.objects.get().state == "TALKING"
    assert selectors.ringing(colleague) == []


def test_another_units_call_looks_like_not_there(unit):
    stranger = factories.agent(factories.hotline())[1]
    services.take_seat(factories.agent(unit)[1], state="READY", code="801")
    call = ring(seat="801")
    assert Call.objects.get().unit_id == unit
    assert selectors.ringing(stranger) == []
    with pytest.raises(NoSuchCall):
        services.open_contact(stranger, call=call.token)


def test_a_missed_call_becomes_one_call_back(unit, operator):
    with clock.at(NOON):
        for at in (0, 5):
            ring(f"missed-{at}", at=NOON + timedelta(minutes=at - 9))
            ring(f"missed-{at}", event="ABANDON", at=NOON + timedelta(minutes=at - 8))
        assert not Contact.objects.exists()
        clock.advance(timedelta(minutes=2))
        outbox.drain()
        waiting = selectors.callback_list(operator).rows
    assert [row.outcome for row in waiting] == ["CALLBACK"]
    assert waiting[0].phone_masked == "139****1234"
    assert Call.objects.filter(contact__number=waiting[0].number).count() == 2


def test_a_late_answer_takes_the_call_back_back(unit):
    with clock.at(NOON):
        ring("slow", at=NOON - timedelta(seconds=40))
        ring("slow", event="HANGUP", at=NOON)
        ring("slow", event="ANSWER", at=NOON - timedelta(seconds=30))
        clock.advance(timedelta(minutes=2))
        outbox.drain()
    assert not Contact.objects.exists()


def test_who_got_through_since_is_not_called_back(unit, operator):
    with clock.at(NOON):
        ring("first", at=NOON)
        ring("first", event="ABANDON", at=NOON + timedelta(seconds=10))
        clock.advance(timedelta(seconds=30))
        services.open_contact(operator, call=ring("second").token)
        clock.advance(timedelta(minutes=2))
        outbox.drain()
    assert selectors.callback_list(operator).rows == ()


def test_a_withheld_number_cannot_be_called_back(unit):
    ring("none", event="ABANDON", caller="")
    assert services.take_missed_call(Call.objects.get().pk) == ""


def test_no_call_rings_for_who_is_not_ready(unit, operator):
    services.take_seat(operator, state="BREAK")
    ring()
    assert selectors.ringing(operator) == []
    with pytest.raises(Invalid):
        services.take_seat(operator, state="ASLEEP")


def test_the_demonstrations_line_rings_like_a_real_one(unit, operator, settings):
    settings.FAWANG_IS_DEMONSTRATION = True
    call_command("hotline", "ring", "--phone", PHONE, stdout=StringIO())
    assert selectors.ringing(operator)[0].caller_masked == "139****1234"
    services.simulate_hang_up(Call.objects.get().call_id)
    assert selectors.ringing(operator) == []
    settings.FAWANG_IS_DEMONSTRATION = False
    with pytest.raises(RefusedByState):
        services.simulate_ring(operator)
