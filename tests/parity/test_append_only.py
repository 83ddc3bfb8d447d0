"""What was recorded stays: the database itself refuses, on SQLite and on PostgreSQL, with one answer."""

import json

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fawang.kernel.events import guards, selectors
from fawang.kernel.events.errors import AppendOnly, refusals
from fawang.kernel.events.models import Body, Event
from fawang.kernel.events.services import append, canonical, commitment, erase, number_committed
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import system

ACTOR = system("test")
IS_SQLITE = connection.vendor == "sqlite"


def record(stream="s:1", **data):
    [event] = append(actor=ACTOR, stream=stream, facts=[Fact("test.happened.v1", data)])
    return event


def refused(work):
    """The one error class, with the transaction usable afterwards."""
    with pytest.raises(AppendOnly) as refusal, transaction.atomic():
        work()
    assert refusal.value.code == "events.append_only"
    assert "追加" in refusal.value.text
    return refusal.value


@pytest.mark.django_db
def test_changing_an_event_is_refused_in_every_column():
    event = record(a=1)
    for column, value in {
        "stream": "s:2", "sequence": 9, "name": "x.y.v1", "actor": "z", "on_behalf": "z", "cause": "z",
        "digest": "0" * 64, "at": "2020-01-01T00:00:00Z",
    }.items():  # fmt: skip
        refused(lambda c=column, v=value: Event.objects.filter(pk=event.pk).update(**{c: v}))
    event.name = "x.y.v1"
    refused(event.save)
    assert Event.objects.get(pk=event.pk).name == "test.happened.v1"


@pytest.mark.django_db
def test_deleting_events_and_bodies_is_refused():
    event = record(a=1)
    refused(lambda: Body.objects.all().delete())
    refused(lambda: Body.objects.get(pk=event.pk).delete())
    refused(lambda: Event.objects.filter(pk=record("s:9").pk)._raw_delete("default") or _never())
    assert Event.objects.count() >= 1


def _never():
    raise AssertionError("a row was deleted")


@pytest.mark.django_db
def test_raw_statements_are_refused_too():
    record(a=1)
    with connection.cursor() as cursor:
        if not IS_SQLITE:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    statements = ["DELETE FROM events_body", "DELETE FROM events_event", "UPDATE events_event SET name = 'x'"]
    if not IS_SQLITE:
        statements += ["TRUNCATE events_body", "TRUNCATE events_event CASCADE"]

    def run(statement):
        with refusals(), connection.cursor() as cursor:
            cursor.execute(statement)

    for statement in statements:
        refused(lambda s=statement: run(s))
    assert Event.objects.exists()


@pytest.mark.django_db
def test_a_number_is_given_once_and_data_is_erased_never_changed():
    event = record(a=1)
    assert number_committed() >= 1
    refused(lambda: Event.objects.filter(pk=event.pk).update(position=10_000))
    refused(lambda: Body.objects.filter(pk=event.pk).update(data='{"a":2}'))
    refused(lambda: Body.objects.filter(pk=event.pk).update(salt=None))
    assert erase(actor=ACTOR, stream="s:1", reason="DATA_RIGHT") == 1
    refused(lambda: Body.objects.filter(pk=event.pk).update(data="{}", salt="00"))


@pytest.mark.django_db
def test_erasing_keeps_every_digest_and_is_itself_recorded():
    record(secret="手机号")
    digests = list(Event.objects.filter(stream="s:1").values_list("digest", flat=True))
    erase(actor=ACTOR, stream="s:1", reason="DATA_RIGHT")
    first, second = selectors.stream("s:1")
    assert [first.digest] == digests
    assert first.data is None
    assert (second.name, second.data["bodies"]) == ("events.data_erased.v1", 1)
    assert list(selectors.broken("s:1")) == []


@pytest.mark.django_db(transaction=True)
def test_tampering_behind_the_guards_breaks_the_digest():
    from conftest import _lift_guards

    event = record(amount=100)
    _lift_guards("default")
    try:
        Body.objects.filter(pk=event.pk).update(data='{"amount":900}')
        assert list(selectors.broken("s:1")) == [1]
    finally:
        guards.install()


@pytest.mark.django_db(transaction=True)
def test_the_guards_survive_a_migration_that_rebuilds_their_table():
    event = record(a=1)
    field = models.CharField(max_length=90, default="")
    operation = migrations.AlterField("event", "name", field)
    before = ProjectState.from_apps(__import__("django.apps", fromlist=["apps"]).apps)
    after = before.clone()
    operation.state_forwards("events", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("events", editor, before, after)
    if IS_SQLITE:
        assert guards.missing() != []  # dropped without a word: this is why they are put back
    call_command("migrate", "events", verbosity=0, skip_checks=True)
    assert guards.missing() == []
    refused(lambda: Event.objects.filter(pk=event.pk).update(name="x.y.v1"))
    with connection.schema_editor() as editor:
        operation.database_backwards("events", editor, after, before)
    call_command("migrate", "events", verbosity=0, skip_checks=True)
    assert guards.missing() == []


@pytest.mark.django_db(transaction=True)
def test_a_dropped_guard_is_found_by_name():
    names = [*guards.TRIGGERS, *([] if IS_SQLITE else ["guard_event_truncate", "guard_body_truncate"])]
    for name in names:
        table = "events_event" if "_event_" in name else "events_body"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}" + ("" if IS_SQLITE else f" ON {table}"))
        assert guards.missing() == [name]
        guards.install()
        assert guards.missing() == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("zyxab19é中 .", max_size=6), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.dictionaries(st.text("zyxab19é中", min_size=1, max_size=6), json_values, max_size=5))
@pytest.mark.django_db
def test_stored_bytes_are_the_canonical_bytes_and_match_the_digest(data):
    with transaction.atomic():
        [event] = append(actor=ACTOR, stream="s:json", facts=[Fact("test.happened.v1", data)])
        stored = Body.objects.get(pk=event.pk)
        assert stored.data == canonical(data)
        assert commitment(stored.salt, stored.data) == event.digest
        assert canonical(json.loads(stored.data)) == stored.data
        assert list(selectors.broken("s:json")) == []
        transaction.set_rollback(True)
