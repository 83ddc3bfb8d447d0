"""Texts, nothing and order: what one database lets pass or sorts otherwise must not reach it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fawang.base.workorders import selectors, services
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import ANSWERS, do, drive, file, filing
from fawang.kernel import clock
from fawang.kernel.errors import FawangError, Invalid
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import system

LONG = "很" * 30_000


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", LONG], ids=["NUL", "half a character", "too long"])
def test_every_text_of_a_filing_is_refused_before_a_database_sees_it(world, bad):
    for question in ("applicant_name", "story", "claim", "other_name", "other_phone", "amount", "area", "kind", "file"):
        with pytest.raises(Invalid) as refusal:
            file(world, answers={**ANSWERS, question: bad})
        assert set(refusal.value.fields) == {question}
    columns = ("title", "description", "source", "channel", "domain", "urgency", "area", "language")
    for column in columns:
        with pytest.raises(Invalid) as refusal:
            services.file(actor=world.citizen, filing=filing(world.citizen, **{column: bad}))
        assert column in refusal.value.fields
    with pytest.raises(Invalid):
        services.file(actor=world.citizen, filing=filing(world.citizen, sensitive_flags=(bad,)))
    for number in (0, -1, 2**40):
        with pytest.raises(Invalid):
            services.file(actor=world.citizen, filing=filing(world.citizen, people_count=number))
    assert not Order.objects.exists()


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", LONG], ids=["NUL", "half a character", "too long"])
def test_every_text_of_an_act_is_refused_before_a_database_sees_it(world, bad):
    number = drive(world, file(world), "HANDLING")
    for action, name, rest in (
        ("note", "text", {}), ("add_task", "title", {}), ("note_contact", "text", {"reached": True}),
        ("suspend", "text", {"reason": "SP02"}), ("request_supplement", "items", {}), ("assign", "handler", {}),
        ("ask_cohandling", "units", {"text": "x"}), ("complete", "text", {"result": "AGREED"}),
        ("terminate", "remedy", {"text": "x"}),
    ):  # fmt: skip
        with pytest.raises(FawangError):
            do(world.mediator if action != "assign" else world.liaison, number, action, **{name: bad}, **rest)
    with pytest.raises(FawangError):
        services.perform(actor=world.mediator, order=number, action="note", data={"text": "x"}, key="k" + bad)
    with pytest.raises(Invalid):
        services.perform(actor=world.mediator, order=number, action="note", data={bad[:50]: "x", "text": "x"}, key="k2")


def test_what_a_search_types_is_taken_as_it_is_and_case_does_not_matter(world):
    stories = [
        "iPhone 退款 100%",
        "IPHONE_退款",
        "iphoneX退款",
        "ÉCOLE 学费",
        "ＡＢＣ公司欠款",
        "a\\b 反斜杠",
        "Straße 摔伤",
    ]
    for story in stories:
        file(world, answers={**ANSWERS, "story": story})

    def found(text):
        rows = selectors.queue(world.dispatcher, name="area", text=text).rows
        return {row.title for row in rows}

    assert found("iphone") == found("IPHONE") == set(stories[:3])
    assert found("100%") == {stories[0]}
    assert found("%") == {stories[0]}
    assert found("_") == {stories[1]}
    assert found("e_退") == {stories[1]}
    assert found("école") == {stories[3]}
    assert found("abc公司") == {stories[4]}
    assert found("\\") == {stories[5]}
    assert found("STRASSE") == {stories[6]}
    assert found("\0") == found("") == set(stories)
    assert found("退款\0") == set(stories[:3])


@pytest.mark.parametrize(
    "filters",
    [
        {"due_before": "x"},
        {"due_before": "2026-13-01"},
        {"grade": "²"},
        {"unit": "9" * 30},
        {"unit": "-1"},
        {"state": "\0"},
        {"line": "'"},
    ],
)
def test_filters_that_mean_nothing_find_nothing_and_break_nothing(world, filters):
    file(world)
    rows = selectors.queue(world.dispatcher, name="area", **filters).rows
    assert rows == () or filters == {"state": "\0"}


@pytest.mark.parametrize("key", ["²", "9" * 40, "-1", "x", "\0", "٣"])
def test_a_page_key_that_is_none_breaks_nothing(world, key):
    number = file(world)
    assert len(selectors.queue(world.dispatcher, name="area", after=key).rows) in {0, 1}
    assert len(selectors.mine(world.citizen, before=key).rows) in {0, 1}
    assert number


def test_orders_without_a_due_time_come_last_in_every_queue(world):
    numbers = [file(world) for _ in range(4)]
    now = clock.now()
    for number, hours in zip(numbers, (None, 5, None, 1), strict=True):
        due = now + timedelta(hours=hours) if hours else None
        Order.objects.filter(number=number).update(due_at=due)
    shown = [row.number for row in selectors.queue(world.dispatcher, name="area").rows]
    assert shown == [numbers[3], numbers[1], numbers[0], numbers[2]]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(hours=st.lists(st.none() | st.integers(0, 3), min_size=1, max_size=9), size=st.integers(1, 4))
def test_pages_over_equal_due_times_lose_nothing_and_repeat_nothing(world, hours, size):
    numbers = list(Order.objects.order_by("pk").values_list("number", flat=True))
    while len(numbers) < len(hours):
        numbers.append(file(world))
    Order.objects.update(is_open=False)
    for number, hour in zip(numbers, hours, strict=False):
        due = None if hour is None else clock.now() + timedelta(hours=hour)
        Order.objects.filter(number=number).update(due_at=due, is_open=True)
    seen, after = [], ""
    while True:
        page = selectors.queue(world.dispatcher, name="area", after=after, size=size)
        seen += [row.number for row in page.rows]
        after = page.next_key
        if not after:
            break
    wanted = Order.objects.filter(is_open=True).order_by(F("due_at").asc(nulls_last=True), "pk")
    assert seen == list(wanted.values_list("number", flat=True))
    mine, before = [], ""
    while True:
        page = selectors.mine(world.citizen, before=before, size=size)
        mine += [row.number for row in page.rows]
        before = page.next_key
        if not before:
            break
    assert mine == list(Order.objects.order_by("-pk").values_list("number", flat=True))


def test_no_model_leaves_uniqueness_to_a_databases_idea_of_case():
    rooms = [config for config in apps.get_app_configs() if config.name.startswith("fawang.")]
    for model in (model for config in rooms for model in config.get_models()):
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                assert not constraint.expressions, f"{model.__name__}: {constraint.name}"


@pytest.mark.django_db
def test_events_too_long_for_their_column_are_a_programming_error_on_both():
    with pytest.raises(ValueError, match="too long"):
        append(actor=system("test"), stream="s" * 81, facts=[Fact("a.b.v1")])
    with pytest.raises(ValueError, match="too long"):
        append(actor=system("test"), stream="s", facts=[Fact("a" * 81)])
