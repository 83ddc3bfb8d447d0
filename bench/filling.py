"""Fills an installation: multiplies orders that the services wrote, with bulk inserts.

A *round* copies every specimen once: order, participants, clocks, ledger, tasks, ratings, links, events with their
bodies, and queued effects, each under ids of its own, with a number, a token, a query code, salts and digests of its
own. Some rounds share their applicants, so that people have several orders. What is told to people (messages) is not
multiplied: the worker writes that, not the acts.

Every column of every table says whether it is taken over or made anew; a column that says neither stops the filling,
and `tests/test_filling.py` holds copies against what the services write.

`python -m bench.filling --first 1 --last 300 --orders 1000000` runs in an installation (see `bench.pages`).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fawang.site.settings")
    django.setup()

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max, Q

from bench.rounds import SHARED, TABLES, Model, Round, Row, Source, Span, Table
from fawang.base.identity.models import Account, Party
from fawang.base.workorders.models import Clock, ClockEntry, Link, Order, Participant, Rating, Task
from fawang.kernel.events.models import Body, Event
from fawang.kernel.outbox.models import Effect

# events whose data names another row by its id or number
NAMING = {f"workorders.{name}.v1" for name in ("task_finished", "merged", "split", "derived", "linked")}


class Specimens:
    """Orders with ids `first` to `last`, and everything the services wrote about them, ready to be written again."""

    def __init__(self, first: int, last: int) -> None:
        orders = Order.objects.filter(pk__range=(first, last))
        clocks = set(Clock.objects.filter(order__in=orders).values_list("pk", flat=True))
        parties = _parties(orders)
        streams = [f"order:{pk}" for pk in orders.values_list("pk", flat=True)]
        rows: dict[Model, models.QuerySet[Any]] = {
            Party: Party.objects.filter(pk__in=parties),
            Account: Account.objects.filter(party_id__in=parties),
            Order: orders,
            ClockEntry: ClockEntry.objects.filter(clock__order__in=orders),
            Event: Event.objects.filter(stream__in=streams),
            Body: Body.objects.filter(event__stream__in=streams),
            Effect: Effect.objects.filter(pk__in=_effects(set(streams), clocks)),
        }
        for model in (Participant, Clock, Task, Rating, Link):
            rows[model] = model._default_manager.filter(order__in=orders)
        self.rows = {table.model: _ready(table, rows[table.model]) for table in TABLES}
        bodies: dict[int, str | None] = {row.event_id: row.data for row in self.rows[Body]}
        self.source = Source(
            spans={table.model: _span(table.model, self.rows[table.model]) for table in TABLES},
            positions=_positions(self.rows[Event]),
            bodies=bodies,
            places={event_id: at for at, event_id in enumerate(bodies)},
            people={model: {row.id for row in self.rows[model]} for model in (Party, Account)},
        )
        self._must_not_name_themselves()

    def __len__(self) -> int:
        return len(self.rows[Order])

    def _must_not_name_themselves(self) -> None:
        """What events say is taken over word for word: it must not speak of a row of the specimens themselves."""
        names = {name for row in self.rows[Order] for name in (row.number, row.draft_token) if name}
        for row in self.rows[Event]:
            said = self.source.bodies[row.id] or ""
            if row.name in NAMING or any(name in said for name in names):
                raise ValueError(f"{row.name} of a specimen names a row: its copies would name the same one")


def _parties(orders: models.QuerySet[Order]) -> set[int]:
    found = {pk for pair in orders.values_list("applicant_id", "on_behalf_by_id") for pk in pair}
    found |= set(Participant.objects.filter(order__in=orders).values_list("party_id", flat=True))
    return {pk for pk in found if pk is not None}


def _effects(streams: set[str], clocks: set[int]) -> list[int]:
    """Effects about these orders or clocks."""
    wanted = []
    about = Q(subject__startswith="order:") | Q(subject__startswith="clock:") | Q(subject__startswith="remind:")
    for pk, subject in Effect.objects.filter(about).values_list("pk", "subject"):
        kind, number = subject.split(":")[:2]
        if f"{kind}:{number}" in streams or (kind != "order" and int(number) in clocks):
            wanted.append(pk)
    return wanted


def _ready(table: Table, rows: models.QuerySet[Any]) -> list[Row]:
    """The rows with every value as the database's driver takes it."""
    columns = table.columns
    fields = [table.model._meta.get_field(name) for name in columns]
    row_type = NamedTuple(table.model.__name__, [(name, Any) for name in columns])  # type: ignore[misc]
    ready = [
        row_type(*(_plain(field.get_db_prep_save(value, connection)) for field, value in zip(fields, row, strict=True)))
        for row in rows.order_by("pk").values_list(*columns)
    ]
    for name in table.empty.split():
        if any(getattr(row, name) for row in ready):
            raise ValueError(f"{table.model.__name__}.{name} of a specimen is not empty: say how it is copied")
    return ready


def _plain(value: Any) -> Any:
    """PostgreSQL's driver is quickest with texts."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "obj"):  # psycopg's Jsonb
        return json.dumps(value.obj)
    return value


def _span(model: Model, rows: Sequence[Row]) -> Span:
    pks = [row[0] for row in rows]
    highest = model._default_manager.aggregate(top=Max("pk"))["top"] or 0
    return Span(min(pks, default=1), max(pks, default=1), highest + 1)


def _positions(events: Sequence[Row]) -> Span:
    numbered = [row.position for row in events if row.position is not None]
    highest = Event.objects.aggregate(top=Max("position"))["top"] or 0
    return Span(min(numbered, default=1), max(numbered, default=1), highest + 1)


def copies(specimens: Specimens, table: Table, this: Round) -> Iterator[list[Any]]:
    """The rows that a round writes to a table."""
    makers = [(table.columns.index(name), make) for name, make in table.made.items()]
    for row in specimens.rows[table.model]:
        new = list(row)
        for at, make in makers:
            new[at] = make(this, row)
        yield new


def write(table: Table, rows: Iterable[list[Any]]) -> None:
    """Write rows in bulk: COPY on PostgreSQL, one prepared insert on SQLite."""
    columns = ", ".join(f'"{table.model._meta.get_field(name).column}"' for name in table.columns)
    into = f'"{table.model._meta.db_table}" ({columns})'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(table.columns))})", rows)


def fill(specimens: Specimens, rounds: int, *, said: Callable[[int], None] = lambda _done: None) -> None:
    """Copy all specimens so many times, each round a transaction; ids go on where the copies end."""
    for number in range(rounds):
        this = Round(number, specimens.source)
        with transaction.atomic():
            for table in TABLES:
                if table.model in (Party, Account) and number % SHARED:
                    continue
                write(table, copies(specimens, table, this))
        said(number + 1)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in TABLES]):
            cursor.execute(statement)


@contextmanager
def in_bulk() -> Iterator[None]:
    """For a database that nobody else uses: no waiting for the disk, no foreign keys looked up (the test shows that
    they fit), and indexes that are no constraints built at the end, in one go."""
    names = [table.model._meta.db_table for table in TABLES]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET synchronous_commit = off; SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
                " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
                [names],
            )
        else:
            for setting in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000"):
                cursor.execute(f"PRAGMA {setting}")
            places = ", ".join(["%s"] * len(names))
            cursor.execute(
                f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({places})",
                names,
            )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, definition in indexes:
            cursor.execute(definition)


def _tidy() -> None:
    """What a running installation has done by then."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def command() -> None:
    """Fill until the table of orders has so many rows; say how long it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, required=True, help="the first specimen's id")
    parser.add_argument("--last", type=int, required=True, help="the last specimen's id")
    parser.add_argument("--orders", type=int, help="how many orders there are afterwards")
    parser.add_argument("--rounds", type=int, help="or: so many copies")
    asked = parser.parse_args()
    began = time.monotonic()
    specimens = Specimens(asked.first, asked.last)
    rounds = asked.rounds or max(0, (asked.orders or 0) - Order.objects.count()) // len(specimens)
    with in_bulk():
        fill(specimens, rounds)
    _tidy()
    rows = rounds * sum(len(found) for found in specimens.rows.values())
    print(json.dumps({"orders": Order.objects.count(), "rows": rows, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    command()
