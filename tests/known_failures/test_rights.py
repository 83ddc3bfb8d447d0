"""Who sees what, and what stays on record (docs/known-failures.md)."""

import pytest

from fawang.base.documents import selectors as documents
from fawang.base.identity import selectors as parties
from fawang.base.notifications import selectors as notifications
from fawang.base.notifications.models import Message
from fawang.base.workorders import selectors, services
from fawang.base.workorders.errors import NoSuchOrder, NotYours, WrongState
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests import cast
from fawang.base.workorders.tests.factories import QUESTION, SYSTEM, do, drive, file
from fawang.kernel.errors import FawangError, NotPermitted
from fawang.kernel.events.models import Event
from fawang.kernel.outbox.services import drain


def opened(actor):
    """The numbers that `get` opens, one by one."""
    found = set()
    for number in Order.objects.exclude(number=None).values_list("number", flat=True):
        try:
            selectors.get(actor, number)
        except NoSuchOrder:
            continue
        found.add(number)
    return found


@pytest.fixture
def orders(world):
    """One order of every kind of secrecy, place, holder and owner, each with messages."""
    made = {
        "mine": drive(world, file(world), "HANDLING"),
        "restricted": drive(world, file(world, sensitive_flags=("VIOLENCE",)), "HANDLING"),
        "firm": file(world, service="CONSULT_MESSAGE", answers=QUESTION),
        "theirs": drive(world, file(world, actor=world.other_citizen), "DONE"),
        "waiting": drive(world, file(world, actor=world.other_citizen), "TO_DISPATCH"),
    }
    do(SYSTEM, made["firm"], "queue")
    do(world.dispatcher, made["firm"], "dispatch", unit=world.token("firm"))
    drain()
    return made


def test_messages_files_actions_and_history_show_exactly_the_orders_that_open(world, orders):
    people = {**world.people, **{f"cast {who}": actor for who, actor in cast.actors(world).items()}}
    numbers = set(Order.objects.values_list("number", flat=True))
    for who, actor in people.items():
        seen = opened(actor)
        assert set(selectors.visible(actor).values_list("number", flat=True)) == seen, who
        for number in numbers:
            if number not in seen:
                for question in (
                    selectors.timeline,
                    selectors.actions,
                    selectors.clocks,
                    selectors.tasks,
                    selectors.links,
                ):
                    with pytest.raises(NoSuchOrder):
                        question(actor, number)
            try:
                told = notifications.messages_of(actor, number)
                kept = documents.of_order(actor, number)
            except FawangError:
                continue
            if number not in seen:
                # one's own message stays one's own; everybody else's looks like none
                own = {m.token for m in notifications.inbox(actor, limit=100).messages}
                assert {m.token for m in told} <= own, (who, number)
                assert kept == [], (who, number)


def test_a_list_of_what_arrived_nowhere_tells_no_more_than_the_orders(world, orders):
    Message.objects.update(state="UNDELIVERED")
    for who, actor in world.people.items():
        try:
            page = notifications.undelivered(actor, limit=100)
        except NotPermitted:
            continue
        own = {m.token for m in notifications.inbox(actor, limit=100).messages}
        shown = {m.order_ref for m in page.messages if m.token not in own}
        assert shown <= opened(actor), who
    assert orders["restricted"] not in {m.order_ref for m in notifications.undelivered(world.second_mediator).messages}
    assert orders["restricted"] in {m.order_ref for m in notifications.undelivered(world.supervisor).messages}


def test_a_party_is_seen_only_through_an_order_that_is_seen(world, orders):
    mine, theirs = world.citizen.party_id, world.other_citizen.party_id
    assert parties.party(world.mediator, mine).id == mine
    assert parties.party(world.lawyer, mine).id == mine  # the firm has one of theirs
    for stranger, party in ((world.lawyer, theirs), (world.city_mediator, mine), (world.other_citizen, mine)):
        with pytest.raises(FawangError):
            parties.party(stranger, party)


def test_removing_an_order_would_leave_its_history(world):
    """The audit trail hangs on nothing: no key of the database leads from an event to what it is about."""
    number = drive(world, file(world), "DONE")
    order = Order.objects.get(number=number)
    stream, before = f"order:{order.pk}", Event.objects.filter(stream=f"order:{order.pk}").count()
    assert before > 10
    assert not [f for f in Event._meta.get_fields() if f.is_relation and f.related_model is Order]
    order.delete()
    assert Event.objects.filter(stream=stream).count() == before


def test_looking_at_a_number_in_clear_or_at_a_file_leaves_a_trace_with_its_reason(world):
    from fawang.base.identity import services as identity

    number = drive(world, file(world), "HANDLING")
    party = Order.objects.get(number=number).applicant_id
    before = Event.objects.count()
    shown = identity.unmask(world.mediator, party_id=party, field="phone", reason="打电话核实情况")
    assert shown
    [event] = Event.objects.filter(pk__gt=0).order_by("id")[before:]
    assert (event.actor, event.stream) == (world.mediator.ref, f"party:{party}")
    assert shown not in event.body.data and "打电话核实情况" in event.body.data


# --- two hats ----------------------------------------------------------------------------------------------------
def both(world, name, *roles):
    from dataclasses import replace

    return replace(world.people[name], roles=world.people[name].roles | frozenset(roles))


def test_whoever_handled_it_approves_neither_result_nor_extension_and_calls_back_nobody(world):
    two_hats = both(world, "mediator", "REVIEWER", "APPROVER", "CALLBACK_AGENT")
    number = drive(world, file(world), "HANDLING")
    do(two_hats, number, "ask_extension", reason="案情复杂", agree=True)
    for action, data in (("approve_extension", {}), ("refuse_extension", {"reason": "x"})):
        with pytest.raises(NotYours):
            do(two_hats, number, action, **data)
    do(world.reviewer, number, "approve_extension")
    done = drive(world, file(world), "DONE_REVIEW")
    for action, data in (("approve", {}), ("send_back", {"reason": "x"})):
        with pytest.raises(NotYours):
            do(two_hats, done, action, **data)
    do(world.reviewer, done, "approve")
    do(world.supervisor, done, "rectify", problem="p", demand="d")
    do(two_hats, done, "report_rectified", cause="c", measures="m")
    with pytest.raises(NotYours):
        do(two_hats, done, "record_callback", reached=True)
    do(world.caller, done, "record_callback", reached=True)


def test_the_one_who_proposed_a_result_does_not_approve_it_after_handing_it_over(world):
    number = drive(world, file(world), "DONE_REVIEW")
    Order.objects.filter(number=number).update(handler_id=world.second_mediator.account_id)
    with pytest.raises((NotYours, NoSuchOrder)):
        do(both(world, "mediator", "REVIEWER"), number, "approve")
    do(world.reviewer, number, "approve")


OPEN_BEFORE_DONE = (
    "SUBMITTED",
    "TO_DISPATCH",
    "DISPATCHED",
    "SIGNED",
    "ASSIGNED",
    "HANDLING",
    "session",
    "agreed",
    "DONE_REVIEW",
)


@pytest.mark.parametrize("until", OPEN_BEFORE_DONE)
def test_the_person_withdraws_at_any_time_before_the_result_stands(world, until):
    number = drive(world, file(world), until)
    do(world.citizen, number, "withdraw")
    assert selectors.get(world.citizen, number).state == "WITHDRAWN"
    again = drive(world, file(world), "DONE")
    with pytest.raises(WrongState):
        do(world.citizen, again, "withdraw")


def test_a_repeat_with_a_key_is_one_act_and_another_actor_has_keys_of_their_own(world):
    number = drive(world, file(world), "SIGNED")
    first = services.perform(actor=world.citizen, order=number, action="urge", data={}, key="k")
    again = services.perform(actor=world.citizen, order=number, action="urge", data={}, key="k")
    assert first.to_json() == again.to_json()
    assert selectors.get(world.citizen, number).urged_count == 1
    services.perform(actor=world.supervisor, order=number, action="urge", data={}, key="k")
    assert selectors.get(world.citizen, number).urged_count == 2


def test_concessions_and_mediators_notes_reach_no_party_and_no_other_unit(world):
    number = drive(world, file(world), "willing")
    do(world.mediator, number, "hold_session", held_on="2026-09-28", place="调解室", internal="甲方愿意让步到八百元")
    do(world.mediator, number, "note", text="乙方底线六百")
    for actor in (world.citizen,):
        assert "让步" not in str(selectors.timeline(actor, number)) and "底线" not in str(
            selectors.timeline(actor, number)
        )
    for stranger in (world.lawyer, world.city_mediator, world.other_citizen):
        with pytest.raises(NoSuchOrder):
            selectors.timeline(stranger, number)
    drain()
    bodies = [m.body for m in notifications.messages_of(SYSTEM, number)]
    assert not [b for b in bodies if "让步" in b or "底线" in b]
