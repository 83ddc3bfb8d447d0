"""Lists: pages beyond what is counted, and the indexes that keep a page from reading other people's orders."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from fawang.base.workorders import queues, reach, selectors
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import drive, file
from fawang.kernel import clock

COUNTED = 4


@pytest.fixture
def many(world, monkeypatch):
    """Eleven orders with due times in pairs, some without one, and counting that stops at four."""
    monkeypatch.setattr(queues, "COUNT_TO", COUNTED)
    numbers = [file(world) for _ in range(11)]
    for at, number in enumerate(numbers):
        due = None if at > 7 else clock.now() + timedelta(hours=10 - at // 2)
        Order.objects.filter(number=number).update(due_at=due)
    return numbers


def walked(ask):
    """All numbers of a list, page by page."""
    seen, key = [], ""
    while True:
        page = ask(key)
        assert page.count == COUNTED
        assert page.has_previous == bool(key)
        seen += [row.number for row in page.rows]
        key = page.next_key
        if not key:
            return seen


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 20])
def test_pages_go_on_beyond_what_is_counted(world, many, size):
    by_due = Order.objects.order_by(F("due_at").asc(nulls_last=True), "pk").values_list("number", flat=True)
    assert walked(lambda key: selectors.queue(world.dispatcher, name="area", after=key, size=size)) == list(by_due)
    assert walked(lambda key: selectors.mine(world.citizen, before=key, size=size)) == many[::-1]


def test_a_page_goes_on_where_the_last_order_stood_though_it_left_the_queue(world, many):
    first = selectors.queue(world.dispatcher, name="area", size=2)
    left = Order.objects.get(pk=first.next_key)
    Order.objects.filter(pk=left.pk).update(is_open=False)
    rest = selectors.queue(world.dispatcher, name="area", after=first.next_key, size=9).rows
    assert not {row.number for row in rest} & {row.number for row in first.rows}
    assert len(rest) == len(many) - 2


def test_few_among_many_are_chosen_beside_the_place_as_they_are_by_it(world):
    numbers = [file(world) for _ in range(3)]
    drive(world, numbers[0], "HANDLING")
    for actor in (world.dispatcher, world.supervisor, world.justice, world.far_dispatcher, world.clerk, world.citizen):
        by_place = set(Order.objects.filter(reach.area(actor)).values_list("number", flat=True))
        beside = set(Order.objects.filter(reach.area(actor, is_rare=True)).values_list("number", flat=True))
        assert by_place == beside
    unit = str(world.units["committee"])
    found = selectors.queue(world.dispatcher, name="area", unit=unit).rows
    assert [row.number for row in found] == numbers[:1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole whatever the indexes")
@pytest.mark.parametrize(
    ("who", "queue", "filters", "index"),
    [
        ("dispatcher", "area", {}, "COVERING INDEX order_queue_of_province"),
        ("dispatcher", "area", {"text": "漏水"}, "COVERING INDEX order_queue_of_province"),
        ("dispatcher", "area", {"urgency": "U1", "line": "mediation"}, "COVERING INDEX order_queue_of_province"),
        ("dispatcher", "area", {"state": "HANDLING"}, "order_"),
        ("dispatcher", "area", {"unit": "1"}, "order_queue_of_unit"),
        ("dispatcher", "dispatch", {}, "COVERING INDEX order_by_state"),
        ("supervisor", "callback", {}, "COVERING INDEX order_by_state"),
        ("supervisor", "late", {}, "COVERING INDEX order_queue_of_province"),
        ("supervisor", "urged", {}, "order_urged"),
        ("supervisor", "supervised", {}, "order_supervised"),
        ("supervisor", "rated", {}, "order_rated"),
        ("justice", "area", {}, "COVERING INDEX order_queue_of_county"),
        ("liaison", "unit", {}, "order_queue_of_unit"),
        ("liaison", "offered", {}, "offered_unit_id"),
        ("mediator", "mine", {}, "order_queue_of_"),
    ],
)
def test_every_queue_finds_its_keys_by_an_index(world, who, queue, filters, index):
    orders = queues.chosen(world.people[who], queue, filters)
    plan = orders.order_by(F("due_at").asc(nulls_last=True), "pk").values_list("pk")[:1000].explain()
    assert index in plan
    assert "SCAN workorders_order\n" not in plan + "\n"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole whatever the indexes")
@pytest.mark.parametrize("who", ["citizen", "liaison", "mediator", "reviewer", "clerk"])
def test_what_somebody_may_see_is_never_looked_for_among_all_orders(world, who):
    actor = world.people[who]
    plan = selectors.visible(actor).values_list("pk")[:1000].explain()
    wide = actor.roles & {"RECEPTIONIST"}  # the whole county is theirs
    assert wide or "SCAN workorders_order\n" not in plan + "\n"
