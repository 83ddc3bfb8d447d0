"""Two at once: effects, numbering, first answers and double clicks, with real threads on a real database."""

import threading
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from fawang.base.meetings.tests.factories import file_database
from fawang.base.workorders import numbers, services
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests import factories
from fawang.kernel import clock, crypto, ids
from fawang.kernel.events.models import Event
from fawang.kernel.events.services import append, number_committed
from fawang.kernel.events.values import Fact
from fawang.kernel.outbox import services as outbox
from fawang.kernel.outbox.models import Effect
from fawang.kernel.outbox.services import Job
from fawang.kernel.policy import system
from fawang.kernel.replies.models import Reply
from fawang.kernel.replies.services import once

_done, _lock = [], threading.Lock()


@outbox.handles("parity.count")
def _count(payload):
    with _lock:
        _done.append(payload["n"])


def together(work, times=2):
    """Run `work(i)` in threads that start at the same moment; what they answered or raised."""
    gate, results = threading.Barrier(times), [None] * times

    def one(i):
        try:
            gate.wait()
            results[i] = work(i)
        except Exception as error:  # noqa: BLE001 - what a thread raised is looked at by the test
            results[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(i,)) for i in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@contextmanager
def shared(tmp_path):
    """A database that threads see."""
    with file_database(tmp_path):
        connections.close_all()
        yield
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_workers_carry_out_every_effect_once_and_each_subject_in_order(tmp_path):
    _done.clear()
    with shared(tmp_path):
        outbox.queue([Job("parity.count", f"s:{n % 5}", {"n": n}) for n in range(60)])

        def work(_):
            for _round in range(200):
                if not outbox.run_due(4) and not Effect.objects.filter(kind="parity.count", done_at=None).exists():
                    break

        assert together(work, 3) == [None, None, None]
        assert not Effect.objects.filter(kind="parity.count", done_at__isnull=True).exists()
    assert sorted(_done) == list(range(60))
    for subject in range(5):
        mine = [n for n in _done if n % 5 == subject]
        assert mine == sorted(mine)


@pytest.mark.django_db(transaction=True)
def test_sequencers_and_writers_at_once_number_every_event_once_without_a_gap(tmp_path):
    with shared(tmp_path):

        def work(i):
            for n in range(15):
                if i < 2:
                    append(actor=system("t"), stream=f"race:{i}", facts=[Fact("a.b.v1", {"n": n})])
                else:
                    number_committed(7)

        assert together(work, 4) == [None] * 4
        while number_committed():
            pass
        rows = list(Event.objects.order_by("position").values_list("position", "stream", "sequence"))
    positions = [row[0] for row in rows]
    assert positions == list(range(1, len(rows) + 1))
    for stream in ("race:0", "race:1"):
        assert [row[2] for row in rows if row[1] == stream] == list(range(1, 16))


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twice_at_once_does_its_work_once(tmp_path):
    with shared(tmp_path):

        def work(_):
            def file_it():
                append(actor=system("t"), stream="once", facts=[Fact("a.b.v1")])
                return "answer"

            return once(actor=system("t"), key="same", request={"a": 1}, work=file_it)

        assert together(work, 3) == ["answer"] * 3
        assert Event.objects.filter(stream="once").count() == 1
        assert Reply.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_an_act_gets_the_first_answer_twice(tmp_path):
    with clock.at(factories.NOON):
        world = factories.build(tmp_path)
        number = factories.drive(world, factories.file(world), "DISPATCHED")
        moment = clock.now()
        with shared(tmp_path):

            def work(_):
                with clock.at(moment):
                    return services.perform(actor=world.liaison, order=number, action="sign", version=3, key="click")

            first, second = together(work)
            assert first == second, (first, second)
            assert Order.objects.get(number=number).state == "SIGNED"
            assert Event.objects.filter(name="workorders.signed.v1").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_act_on_the_same_page_one_is_told_it_is_stale(tmp_path):
    with clock.at(factories.NOON):
        world = factories.build(tmp_path)
        number = factories.drive(world, factories.file(world), "TO_DISPATCH")
        version, moment = Order.objects.get(number=number).version, clock.now()
        units = [world.token("committee"), world.token("city_committee")]
        with shared(tmp_path):

            def work(i):
                with clock.at(moment):
                    return services.perform(
                        actor=world.dispatcher,
                        order=number,
                        action="dispatch",
                        data={"unit": units[i]},
                        version=version,
                    ).state

            results = together(work)
            assert sorted(getattr(r, "code", r) for r in results) == ["DISPATCHED", "workorders.stale"]
            assert Event.objects.filter(name="workorders.dispatched.v1").count() == 1


def test_serials_are_a_permutation_and_numbers_carry_a_right_check_character():
    key = crypto.derive("workorders.number")
    seen = {ids.serial(n, key=key, tweak="t") for n in range(0, 1_000_000, 37)}
    assert len(seen) == len(range(0, 1_000_000, 37))
    small = {numbers.number(n, day=date(2026, 9, 28), area="510107", channel="01") for n in range(1, 3_001)}
    assert len(small) == 3_000
    assert all(numbers.is_valid(one) and len(one) == 26 for one in small)
    assert not any(numbers.is_valid(one[:-1] + ("0" if one[-1] != "0" else "1")) for one in list(small)[:200])


@settings(max_examples=200, deadline=None)
@given(a=st.integers(0, 999_999), b=st.integers(0, 999_999), tweak=st.text(max_size=20))
def test_two_inputs_never_share_a_serial(a, b, tweak):
    key = b"k" * 32
    left, right = (ids.serial(n, key=key, tweak=tweak) for n in (a, b))
    assert (left == right) == (a == b)
    assert 0 <= left < 1_000_000


@settings(max_examples=100, deadline=None)
@given(n=st.integers(1, 999_999), position=st.integers(0, 21), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(n, position, digit):
    right = numbers.number(n, day=date(2026, 9, 28), area="510107", channel="01")
    wrong = right[: 3 + position] + str(digit) + right[4 + position :]
    assert numbers.is_valid(wrong) == (wrong == right)
    assert numbers.normalise(numbers.spoken(right).lower()) == right


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_outlived_its_lease_undoes_its_work(tmp_path):
    calls = []

    def slow(payload):
        calls.append(1)
        append(actor=system("t"), stream="lease", facts=[Fact("a.b.v1", {"call": len(calls)})])
        if len(calls) == 1:  # while we were busy the lease ran out and another took it
            Effect.objects.filter(kind="parity.slow").update(lease="another")

    outbox.handles("parity.slow")(slow)
    try:
        with clock.at(factories.NOON):
            outbox.queue([Job("parity.slow", "s:lease")])
            assert outbox.run_due() == 0
            clock.advance(outbox.LEASE + timedelta(seconds=1))
            assert outbox.run_due() == 1
        assert Event.objects.filter(stream="lease").count() == 1
    finally:
        outbox._handlers.pop("parity.slow")
