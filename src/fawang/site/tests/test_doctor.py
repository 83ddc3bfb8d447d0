"""The doctor finds what is wrong with an installation and says what to do."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from fawang.base.workorders.tests.factories import load_ground
from fawang.kernel import clock
from fawang.kernel.events import guards
from fawang.kernel.outbox.models import Effect
from fawang.site import examining


def finding(name):
    return next(found for found in examining.examine() if found.name == name)


@pytest.fixture
def ground(db, tmp_path):
    load_ground(tmp_path)
    Effect.objects.all().delete()


def test_a_prepared_installation_is_well(ground, capsys):
    call_command("doctor")
    assert "BAD" not in capsys.readouterr().out


def test_a_dropped_guard_is_found_and_put_back_by_migrate(ground, capsys):
    with connection.cursor() as cursor:
        table = "" if connection.vendor == "sqlite" else " ON events_event"
        cursor.execute(f"DROP TRIGGER guard_event_delete{table}")
    found = finding("append-only log")
    assert not found.is_well
    assert "guard_event_delete" in found.said
    with pytest.raises(SystemExit):
        call_command("doctor")
    guards.install()
    assert finding("append-only log").is_well


def test_a_missing_year_is_named_with_the_command_that_loads_it(ground):
    with clock.at(clock.now() + timedelta(days=730)):
        found = finding("calendars")
    assert not found.is_well
    assert "fawang calendar load" in found.remedy


def test_work_that_waits_too_long_or_is_stuck_asks_for_a_person(ground):
    long_ago = clock.now() - timedelta(hours=1)
    common = {"kind": "notifications.deliver", "payload": "{}", "run_after": long_ago, "created_at": long_ago}
    Effect.objects.create(subject="a", **common)
    assert not finding("queue").is_well
    Effect.objects.all().delete()
    Effect.objects.create(subject="a", is_stuck=True, **common)
    assert "1 stuck" in finding("queue").said


def test_wrong_keys_are_found(ground, settings):
    settings.FAWANG_KEYS = '{"current": "gone", "keys": {}}'
    assert "ValueError" in finding("keys").said
    settings.FAWANG_KEYS = '{"current": "k", "keys": {"k": "%s"}}' % ("22" * 32)
    settings.SECRET_KEY = "short"
    assert not finding("keys").is_well


def test_a_scanner_that_does_not_answer_is_told_and_having_none_is_no_fault(ground, settings):
    assert finding("files").is_well
    assert "no virus scanner" in finding("files").said
    settings.FAWANG_UNSCANNED = "refuse"
    assert not finding("files").is_well
    settings.FAWANG_UNSCANNED = "perhaps"
    assert "perhaps" in finding("files").said
    settings.FAWANG_UNSCANNED, settings.FAWANG_CLAMAV = "mark", "unix:/nowhere/clamd.ctl"
    found = finding("files")
    assert not found.is_well
    assert "does not answer" in found.said
    settings.FAWANG_CLAMAV = "nonsense"
    assert not finding("files").is_well
