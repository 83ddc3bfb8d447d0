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
    # the conditions stand in functions: a WHEN clause would forbid every later change of the columns it names
    kept = ", ".join(f"NEW.{c}" for c in _KEPT), ", ".join(f"OLD.{c}" for c in _KEPT)
    numbered = (
        f"OLD.position IS NULL AND NEW.position IS NOT NULL AND ROW({kept[0]}) IS NOT DISTINCT FROM ROW({kept[1]})"
    )
    erased = "NEW.event_id = OLD.event_id AND NEW.salt IS NULL AND NEW.data IS NULL"
    refuse = "RAISE EXCEPTION 'append-only' USING ERRCODE = 'insufficient_privilege'"
    functions = {
        "events_refuse": f"{refuse};",
        "events_refuse_event": f"IF {numbered} THEN RETURN NEW; END IF; {refuse};",
        "events_refuse_body": f"IF {erased} THEN RETURN NEW; END IF; {refuse};",
    }
    rows = {
        "guard_event_update": "BEFORE UPDATE ON events_event FOR EACH ROW EXECUTE FUNCTION events_refuse_event()",
        "guard_event_delete": "BEFORE DELETE ON events_event FOR EACH ROW EXECUTE FUNCTION events_refuse()",
        "guard_body_update": "BEFORE UPDATE ON events_body FOR EACH ROW EXECUTE FUNCTION events_refuse_body()",
        "guard_body_delete": "BEFORE DELETE ON events_body FOR EACH ROW EXECUTE FUNCTION events_refuse()",
        "guard_event_truncate": "BEFORE TRUNCATE ON events_event FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()",
        "guard_body_truncate": "BEFORE TRUNCATE ON events_body FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()",
    }
    return [
        *(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
            for name, body in functions.items()
        ),
        *(f"CREATE OR REPLACE TRIGGER {name} {when}" for name, when in rows.items()),
    ]


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
