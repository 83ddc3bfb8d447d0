"""`fawang demo` tells the same story for a seed, on both databases."""

import json

import pytest

from tests.servers import WHEELS, databases

WORDS = ("demo", "--orders", "40", "--days", "6", "--seed", "7", "--until", "2026-09-25T18:30+08:00", "--json")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.skipif(not WHEELS.exists(), reason="reference data is fetched by script/setup"),
]


@pytest.fixture(scope="module")
def stories(tmp_path_factory):
    with databases(tmp_path_factory.mktemp("demo"), "sqlite", "postgresql") as makers:
        installations = [maker.installation() for maker in makers]
        yield [(installation, json.loads(installation.fawang(*WORDS))) for installation in installations]


def test_a_seed_tells_the_same_story_on_both_databases(stories):
    (_one, on_sqlite), (_other, on_postgresql) = stories
    assert on_sqlite == on_postgresql


def test_the_story_has_everything_a_visitor_should_see(stories):
    _installation, told = stories[0]
    assert told["orders"] == 40
    assert sum(told["demands"].values()) == told["orders"] + told["on_the_spot"]
    assert told["by_rule"] > told["by_hand"] > 0
    assert told["done"] > 5
    assert sum(told["messages"].values()) > 100
    assert told["refusals"] == {}


def test_nothing_is_left_undone_in_the_queue_and_events_are_numbered(stories):
    for installation, _told in stories:
        left = installation.ask(
            "from fawang.kernel.outbox.models import Effect\n"
            "from fawang.kernel.events.models import Event\n"
            "answer = [Effect.objects.filter(is_stuck=True).count(),"
            " Effect.objects.filter(done_at=None, attempts__gt=0).count(),"
            " Event.objects.filter(position=None).count()]"
        )
        assert left == [0, 0, 0]
