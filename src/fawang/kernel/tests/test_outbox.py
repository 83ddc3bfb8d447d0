"""Effects after commit: at least once, in order, with back-off, never lost and never silently given up."""

from datetime import timedelta

import pytest
from django.db import transaction

from fawang.kernel import clock
from fawang.kernel.errors import Invalid, KeyReused, RefusedByRule
from fawang.kernel.events import selectors as events
from fawang.kernel.events.models import Event
from fawang.kernel.events.services import append, number_committed
from fawang.kernel.events.values import Fact
from fawang.kernel.outbox import selectors, services, worker
from fawang.kernel.outbox.models import Effect
from fawang.kernel.outbox.services import Job
from fawang.kernel.policy import system
from fawang.kernel.replies.models import Reply
from fawang.kernel.replies.services import KEPT_FOR, forget_old, once

pytestmark = pytest.mark.django_db
T = system("t")
seen, failing = [], set()


@services.handles("kernel_test.note")
def note(payload):
    seen.append(payload["n"])
    if payload["n"] in failing:
        raise RuntimeError("13900001234 must not be kept")


@services.handles("kernel_test.outside", in_transaction=False)
def outside(payload):
    seen.append(transaction.get_connection().in_atomic_block)


@pytest.fixture(autouse=True)
def _clean():
    seen.clear()
    failing.clear()
    with clock.at(clock.now()):
        yield


def queue(*numbers, subject="s", **more):
    services.queue([Job("kernel_test.note", subject, {"n": n}, **more) for n in numbers])


def test_effects_of_one_subject_run_in_the_order_they_were_queued():
    queue(1, 2, 3)
    queue(9, subject="other")
    assert services.run_due() == 2  # one of each subject a round
    assert services.drain() == 2
    assert [n for n in seen if n != 9] == [1, 2, 3]


def test_a_failing_effect_holds_up_its_subject_only_and_backs_off_2_4_8_seconds():
    failing.add(1)
    queue(1, 2)
    queue(9, subject="other")
    services.drain()
    assert seen == [1, 9]
    for attempt in (1, 2, 3):
        row = Effect.objects.get(attempts__gt=0, done_at=None)
        assert row.attempts == attempt
        assert row.run_after == clock.now() + timedelta(seconds=2**attempt)
        assert row.last_error == "RuntimeError"
        clock.move_to(row.run_after)
        services.run_due()
    failing.clear()
    clock.advance(timedelta(minutes=1))
    services.drain()
    assert seen[-2:] == [1, 2]


def test_what_is_put_off_does_not_hold_up_what_is_due():
    queue(1, run_after=clock.now() + timedelta(days=3))
    queue(2)
    services.drain()
    assert seen == [2]
    clock.advance(timedelta(days=3))
    services.drain()
    assert seen == [2, 1]


def test_after_twelve_attempts_it_is_stuck_lets_the_rest_pass_and_can_be_released():
    failing.add(1)
    queue(1, 2)
    for _ in range(services.MAX_ATTEMPTS + 3):
        services.run_due()
        clock.advance(services.MAX_BACKOFF + timedelta(hours=1))
    assert seen.count(1) == services.MAX_ATTEMPTS
    assert seen[-1] == 2
    stuck = Effect.objects.get(is_stuck=True)
    assert selectors.depth().stuck == 1
    failing.clear()
    assert services.release(stuck.pk)
    assert not services.release(stuck.pk)
    services.drain()
    assert seen[-1] == 1
    assert selectors.depth() == selectors.Depth(0, timedelta(0), 0)


def test_the_effect_of_a_killed_worker_is_taken_up_when_its_lease_is_over():
    queue(1)
    [claimed] = services._claim(10)  # …and the worker dies here
    assert services.run_due() == 0
    clock.advance(services.LEASE + timedelta(seconds=1))
    assert services.run_due() == 1
    assert services._carry_out(claimed) is False  # the dead one comes back: what it does is undone
    assert Effect.objects.get().attempts == 1


def test_an_effect_of_a_rolled_back_act_never_happens():
    with pytest.raises(RefusedByRule), transaction.atomic():
        queue(1)
        raise RefusedByRule
    services.drain()
    assert seen == []


def test_a_kind_nobody_handles_and_a_second_handler_are_errors_at_once():
    with pytest.raises(KeyError):
        services.queue([Job("nobody.handles", "s")])
    with pytest.raises(ValueError, match="two handlers"):
        services.handles("kernel_test.note")(lambda payload: None)
    assert not Effect.objects.exists()


def test_listeners_hear_an_event_only_in_the_state_they_wait_for():
    services.listens("kernel_test.told.v1", "kernel_test.note", in_state="OPEN")
    services.listens("kernel_test.told.v1", "kernel_test.note", in_state="OPEN")
    services.listens("kernel_test.told.v1", "kernel_test.outside")
    assert [j.kind for j in services.listeners("kernel_test.told.v1", "s", {}, state="SHUT")] == ["kernel_test.outside"]
    heard = services.listeners("kernel_test.told.v1", "s", {"n": 1}, state="OPEN")
    assert [j.kind for j in heard] == ["kernel_test.note", "kernel_test.outside"]
    assert heard[0].payload == {"n": 1, "event": "kernel_test.told.v1"}
    assert services.listeners("nobody.listens.v1", "s", {}) == []


def test_recurring_work_runs_when_due_and_a_failure_does_not_stop_the_rest():
    ran, before = [], dict(services._recurring)
    services._recurring.clear()
    try:
        services.every(timedelta(minutes=5), "kernel_test.broken")(lambda: 1 / 0)
        services.every(timedelta(minutes=5), "kernel_test.fine")(lambda: ran.append(1))
        last = {}
        worker.tick(last)
        worker.tick(last)
        assert ran == [1]
        clock.advance(timedelta(minutes=5))
        worker.tick(last)
        assert ran == [1, 1]
    finally:
        services._recurring.clear()
        services._recurring.update(before)


def test_done_effects_are_forgotten_after_their_time_and_others_are_not():
    queue(1, 2)
    services.run_due()
    clock.advance(services.KEPT_FOR + timedelta(seconds=1))
    assert services.forget_done() == 1
    assert Effect.objects.count() == 1


# --- first answers -----------------------------------------------------------------------------------------------
def answer(key="k", actor=T, request=None, text="一"):
    calls = []

    def work():
        calls.append(1)
        return text

    return once(actor=actor, key=key, request=request or {"a": 1}, work=work), len(calls)


def test_a_repeated_request_gets_its_first_answer_byte_for_byte():
    assert answer(text='{"é":"一"}') == ('{"é":"一"}', 1)
    assert answer(text="other") == ('{"é":"一"}', 0)
    assert answer(actor=system("another"), text="二") == ("二", 1)
    with pytest.raises(KeyReused):
        answer(request={"a": 2})
    assert answer(key=None) == ("一", 1)
    assert answer(key=None) == ("一", 1)


@pytest.mark.parametrize("key", ["", "x" * 81, "a\0b", "a\nb", "\ud800"])
def test_a_key_that_cannot_be_kept_is_refused(key):
    with pytest.raises(Invalid):
        answer(key=key)


def test_a_refused_request_keeps_no_answer_and_may_be_tried_again():
    def refuse():
        raise RefusedByRule

    with pytest.raises(RefusedByRule):
        once(actor=T, key="k", request={}, work=refuse)
    assert not Reply.objects.exists()
    assert answer(request={}) == ("一", 1)


def test_answers_are_forgotten_after_a_week():
    answer()
    assert forget_old() == 0
    clock.advance(KEPT_FOR + timedelta(seconds=1))
    assert forget_old() == 1
    assert answer(text="二") == ("二", 1)


# --- the log -----------------------------------------------------------------------------------------------------
def test_a_stream_counts_from_one_and_followers_read_in_commit_order():
    append(actor=T, stream="a", facts=[Fact("x.y.v1"), Fact("x.z.v1", {"n": 2})])
    append(actor=T, stream="a", facts=[Fact("x.y.v1")])
    append(actor=T, stream="a", facts=[])
    assert [e.sequence for e in events.stream("a")] == [1, 2, 3]
    assert [e.sequence for e in events.stream("a", names=["x.y.v1"])] == [1, 3]
    assert events.after(0) == []
    number_committed(2)
    number_committed()
    assert number_committed() == 0
    assert [e.position for e in events.after(0)] == [1, 2, 3]
    assert [e.position for e in events.after(2)] == [3]
    assert len({e.cause for e in events.stream("a")}) == 2


def test_an_act_for_another_names_both_and_nothing_personal():
    from fawang.kernel.policy import Actor

    actor = Actor(ref="account:7", account_id=7, represents_id=12, name="王示例")
    append(actor=actor, stream="a", facts=[Fact("x.y.v1")])
    row = Event.objects.get()
    assert row.actor == "account:7"
    assert row.on_behalf
    assert "王" not in str(row.__dict__)


def test_the_log_is_searched_by_name_concern_and_time():
    """Of an exact name; of a stream, an actor, or whoever the data mentions; newest first, in pages."""
    begin = clock.now()
    with transaction.atomic():
        append(actor=system("one"), stream="account:1", facts=[Fact("x.changed.v1"), Fact("x.other.v1")])
        append(actor=system("two"), stream="place:1", facts=[Fact("x.changed.v1", {"account": 1, "role": "A"})])
        append(actor=system("two"), stream="place:2", facts=[Fact("x.changed.v1", {"account": 11})])
    with clock.at(begin + timedelta(days=1)), transaction.atomic():
        append(actor=system("one"), stream="place:3", facts=[Fact("x.changed.v1", {"role": "B", "account": 1})])

    def streams(**query):
        return [row.stream for row in events.search(names=["x.changed.v1"], **query).rows]

    assert streams() == ["place:3", "place:2", "place:1", "account:1"]
    assert streams(about="system:one") == ["place:3", "account:1"]
    assert streams(about="account:1", mentioning=("account", 1)) == ["place:3", "place:1", "account:1"]
    assert streams(since=begin + timedelta(hours=1)) == ["place:3"]
    assert streams(until=begin + timedelta(hours=1), limit=1) == ["place:2"]
    first = events.search(names=["x.changed.v1"], limit=2, counted_to=3)
    assert first.count == 3
    assert streams(before=first.rows[-1].id) == ["place:1", "account:1"]
