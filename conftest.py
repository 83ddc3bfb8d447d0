"""What every test shares: kinds of database reset, moved time, and no traffic to the outside."""

from __future__ import annotations

import socket

import pytest
from django.db import connections
from django.test import TransactionTestCase

from fawang.kernel.events import guards


def _lift_guards(using: str) -> None:
    """Take the append-only triggers away so that a transactional test can empty the tables (test suite only)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        names = set(guards.TRIGGERS) | {"guard_event_truncate", "guard_body_truncate"}
        for name in names:
            table = "events_event" if "_event_" in name else "events_body"
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_guards(self: TransactionTestCase) -> None:
    for using in self._databases_names(include_mirrors=False):
        _lift_guards(using)
    try:
        _teardown(self)
    finally:
        for using in self._databases_names(include_mirrors=False):
            guards.install(using)


TransactionTestCase._fixture_teardown = _teardown_without_guards  # type: ignore[method-assign]

# files whose tests are long and need nothing of each other: each goes to whichever process is free, and first
SPREAD = ("tests/conformance/", "tests/test_house.py", "tests/bad_days/", "tests/browser/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests must share a process (those of a file), and let the long ones begin first."""
    for item in items:
        path = item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(item.nodeid if path.startswith(SPREAD) else path))
    items.sort(key=lambda item: not item.nodeid.startswith(SPREAD))


_connect = socket.socket.connect


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for a host outside fails at once."""

    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "localhost", "::1", "0.0.0.0"}:
            raise RuntimeError(f"a test reached for {address[0]}")
        return _connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _versions_of_an_earlier_database_are_forgotten() -> None:
    """Published versions never change, so a process keeps them by id; in tests the same id comes again."""
    from fawang.base.catalogue import selectors

    selectors.version.cache_clear()
