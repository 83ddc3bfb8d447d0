"""Triggers that make the log append-only in the database itself, on SQLite and on PostgreSQL.

SQLite drops triggers silently when a migration rebuilds their table, so they are reinstalled after every migrate and
`doctor` asserts that they are there.
"""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections

_KEPT = ("id", "stream", "sequence", "name", "actor", "on_behalf", "at", "cause", "digest")
TRIGGERS = (
    "guard_event_update",
    "guard_event_delete",
    "guard_body_update",
    "guard_body_delete",
)


def _sqlite() -> list[str]:
    same = " AND ".join(f"NEW.{c} IS OLD.{c}" for c in _KEPT)
    numbered = f"OLD.position IS NULL AND NEW.position IS NOT NULL AND {same}"
    erased = "NEW.event_id IS OLD.event_id AND NEW.salt IS NULL AND NEW.data IS NULL"
    refuse = "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS guard_event_update BEFORE UPDATE ON events_event WHEN NOT ({numbered}) {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS guard_event_delete BEFORE DELETE ON events_event {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS guard_body_update BEFORE UPDATE ON events_body WHEN NOT ({erased}) {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS guard_body_delete BEFORE DELETE ON events_body {refuse}",
    ]


def _postgresql() -> list[str]:
    kept = ", ".join(f"NEW.{c}" for c in _KEPT), ", ".join(f"OLD.{c}" for c in _KEPT)
    numbered = (
        f"OLD.position IS NULL AND NEW.position IS NOT NULL AND ROW({kept[0]}) IS NOT DISTINCT FROM ROW({kept[1]})"
    )
    erased = "NEW.event_id = OLD.event_id AND NEW.salt IS NULL AND NEW.data IS NULL"
    refuse = "EXECUTE FUNCTION events_refuse()"
    statements = [
        "CREATE OR REPLACE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only' USING ERRCODE = 'insufficient_privilege'; END $$"
    ]
    rows = {
        "guard_event_update": f"BEFORE UPDATE ON events_event FOR EACH ROW WHEN (NOT ({numbered}))",
        "guard_event_delete": "BEFORE DELETE ON events_event FOR EACH ROW",
        "guard_body_update": f"BEFORE UPDATE ON events_body FOR EACH ROW WHEN (NOT ({erased}))",
        "guard_body_delete": "BEFORE DELETE ON events_body FOR EACH ROW",
        "guard_event_truncate": "BEFORE TRUNCATE ON events_event FOR EACH STATEMENT",
        "guard_body_truncate": "BEFORE TRUNCATE ON events_body FOR EACH STATEMENT",
    }
    statements += [f"CREATE OR REPLACE TRIGGER {name} {when} {refuse}" for name, when in rows.items()]
    return statements


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Put the guards in place (safe to run again)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The names of guards that are not there: empty when the log is safe."""
    connection = connections[using]
    wanted: tuple[str, ...]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = TRIGGERS
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
            wanted = (*TRIGGERS, "guard_event_truncate", "guard_body_truncate")
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in wanted if name not in present]
