"""What `fawang doctor` looks at: each finding says whether it is well and, if not, what to do."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fawang import __version__
from fawang.base.calendar import selectors as calendar
from fawang.base.catalogue import selectors as catalogue
from fawang.base.divisions import selectors as divisions
from fawang.base.documents import selectors as documents
from fawang.base.knowledge import selectors as laws
from fawang.kernel import clock, crypto
from fawang.kernel.events import guards
from fawang.kernel.outbox import selectors as queue

MAX_CLOCK_SKEW = timedelta(seconds=5)
MAX_LAG = timedelta(minutes=5)
LEAST_FREE_BYTES = 1024**3
OLDEST_POSTGRESQL = 15


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    is_well: bool
    said: str
    remedy: str = ""


def _versions() -> Finding:
    said = f"Open Fawang {__version__}, Python {sys.version.split()[0]}, Django {django.get_version()}"
    if connection.vendor == "sqlite":
        return Finding("versions", True, f"{said}, SQLite {sqlite3.sqlite_version}")
    number = connection.pg_version // 10_000  # type: ignore[attr-defined]
    remedy = "" if number >= OLDEST_POSTGRESQL else f"upgrade PostgreSQL to {OLDEST_POSTGRESQL} or newer"
    return Finding("versions", not remedy, f"{said}, PostgreSQL {number}", remedy)


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding("tables", not waiting, f"{len(waiting)} migrations wait", "run: fawang migrate")


def _guards() -> Finding:
    missing = guards.missing()
    said = "the event log refuses changes" if not missing else f"missing guards: {', '.join(missing)}"
    return Finding("append-only log", not missing, said, "run: fawang migrate (it puts the guards back)")


def _keys() -> Finding:
    problems = []
    if len(settings.SECRET_KEY) < 50:
        problems.append("FAWANG_SECRET_KEY is missing or short")
    try:
        sealed = crypto.seal("x", context="doctor")
        if crypto.unseal(sealed, context="doctor") != "x":
            problems.append("a sealed value does not open")
    except (ValueError, KeyError, crypto.CannotOpen) as error:
        problems.append(f"FAWANG_KEYS does not work ({type(error).__name__})")
    secrets = settings.HOME / "secrets.env"
    if secrets.exists() and secrets.stat().st_mode & 0o077:
        problems.append(f"{secrets} can be read by others (chmod 600)")
    said = "; ".join(problems) or f"current key {crypto.current_key_id()}, ring {', '.join(crypto.key_ids())}"
    return Finding(
        "keys", not problems, said, "restore var/secrets.env from its copy; never make a new one over old data"
    )


def _calendars() -> Finding:
    known = {row.year: row.status for row in calendar.years()}
    year = clock.today().year
    missing = [y for y in (year - 1, year, year + 1) if y not in known]
    if missing:
        return Finding("calendars", False, f"missing: {missing}", f"run: fawang calendar load {missing[0]}")
    provisional = [y for y, status in known.items() if str(status) == "PROVISIONAL" and y <= year]
    said = ", ".join(f"{y} {str(s).lower()}" for y, s in sorted(known.items()) if year - 1 <= y <= year + 1)
    return Finding(
        "calendars", not provisional, said, f"the year {year} is only provisional: run fawang calendar load {year}"
    )


def _clock() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
            theirs = datetime.fromisoformat(str(cursor.fetchone()[0]))
        else:
            cursor.execute("SELECT clock_timestamp()")
            theirs = cursor.fetchone()[0]
    skew = abs(datetime.now(UTC) - theirs)
    return Finding(
        "clock", skew <= MAX_CLOCK_SKEW, f"{skew.total_seconds():.1f} s from the database", "set up NTP on both"
    )


def _queue() -> Finding:
    depth = queue.depth()
    is_well = depth.stuck == 0 and depth.lag <= MAX_LAG
    said = f"{depth.waiting} waiting, oldest {depth.lag.total_seconds():.0f} s, {depth.stuck} stuck"
    remedy = "start a worker (fawang serve or fawang worker); a stuck effect: read the log, mend the cause, release it"
    return Finding("queue", is_well, said, remedy)


def _disk() -> Finding:
    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else ".").free
    return Finding("disk", free >= LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GiB free", "make room: at least 1 GiB")


def _data() -> Finding:
    services, provinces = len(catalogue.items()), len(divisions.children(None))
    said = f"{services} open services, {provinces} provinces"
    return Finding("reference data", bool(services and provinces), said, "run: fawang prepare")


def _laws() -> Finding:
    if not laws.has_laws():
        return Finding("laws", True, "none loaded (fawang knowledge load)", "")
    _page, count = laws.laws(most=1)
    oldest = min(day for _source, day, _licence in laws.snapshots())
    return Finding("laws", laws.is_indexed(), f"{count} laws, current to {oldest}", "run: fawang knowledge index")


def _files() -> Finding:
    found = documents.equipment()
    if settings.FAWANG_UNSCANNED not in {"mark", "refuse"}:
        return Finding("files", False, f"FAWANG_UNSCANNED is {settings.FAWANG_UNSCANNED}", "say mark or refuse")
    if not found.is_scanner_well:
        remedy = "start clamd, or mend FAWANG_CLAMAV; what was kept meanwhile is scanned as soon as it answers"
        return Finding("files", False, f"the virus scanner does not answer ({found.scanner})", remedy)
    scanner = found.scanner or "no virus scanner (FAWANG_CLAMAV)"
    reader = (
        "papers are read from photos" if found.has_reader else "papers are not read from photos (script/setup --ocr)"
    )
    is_closed = settings.FAWANG_UNSCANNED == "refuse" and not found.scanner
    return Finding("files", not is_closed, f"{scanner}; {reader}", "no file is taken: set FAWANG_CLAMAV")


EXAMINATIONS: tuple[Callable[[], Finding], ...] = (
    _versions,
    _migrations,
    _guards,
    _keys,
    _calendars,
    _clock,
    _queue,
    _disk,
    _data,
    _laws,
    _files,
)


def examine() -> list[Finding]:
    """Everything, in order."""
    return [examination() for examination in EXAMINATIONS]
