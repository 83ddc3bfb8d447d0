"""Pages at ten thousand orders and at a million: what people wait for must not grow with what others filed.

Run `python -m bench.pages [--full] [--only sqlite|postgresql]`. Two installations stand side by side, one a copy of the
other that was then filled on (`bench.filling`), each with its own real server; every page is asked of both in turn, so
that whatever else the machine does meets both alike. The figure is big p50 / small p50, measured in the same run.

By default the big one has 200,000 orders; `--full` makes it 1,000,000.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.servers import ROOT, Installation, Postgresql, Sqlite, databases

HOME = Path(os.environ.get("FAWANG_HOME", ROOT / "var"))
APP = "bench.app:application"
SMALL, BIG, FULL = 10_000, 200_000, 1_000_000
SPECIMENS, DAYS = 300, 120
KINDS, HELD, MATTERS = 30, 300, 12
WARM_UP = 6
AIM_RATIO, AIM_SECONDS = 1.3, 0.1
# who looks at which page: {number} is the measured person's matter
PAGES = (
    ("citizen", "list of my matters", "/mine/"),
    ("citizen", "one of my matters", "/mine/{number}/"),
    ("liaison", "institution's queue", "/work/?queue=unit"),
    ("liaison", "  in one state", "/work/?queue=unit&state=HANDLING"),
    ("liaison", "  by a word in few titles", "/work/?queue=unit&text={rare}"),
    ("liaison", "  by a number", "/work/?queue=unit&text={number}"),
    ("liaison", "  due soon", "/work/?queue=soon"),
    ("handler", "handler's own queue", "/work/?queue=mine"),
    ("handler", "page of an order", "/work/orders/{number}/"),
    ("dispatcher", "waiting for dispatch", "/work/?queue=dispatch"),
    ("dispatcher", "dispatch board", "/work/dispatch/"),
    ("dispatcher", "province: all open", "/work/?queue=area"),
    ("dispatcher", "  page 2", "/work/?queue=area&after={after}"),
    ("dispatcher", "  in one state, line, urgency", "/work/?queue=area&state=HANDLING&line=consultation&urgency=U3"),
    ("dispatcher", "  in a rare state", "/work/?queue=area&state=CO_HANDLING"),
    ("dispatcher", "  of the measured unit", "/work/?queue=area&unit={unit}"),
    ("dispatcher", "  by a word in many titles", "/work/?queue=area&text={common}"),
    ("dispatcher", "  by a word in few titles", "/work/?queue=area&text={rare}"),
    ("dispatcher", "  by a number", "/work/?queue=area&text={number}"),
    ("supervisor", "province: late", "/work/?queue=late"),
    ("supervisor", "province: urged", "/work/?queue=urged"),
    ("supervisor", "province: to call back", "/work/?queue=callback"),
    ("supervisor", "supervision", "/work/supervision/"),
    ("justice_county", "county: all open", "/work/?queue=area"),
    ("justice_county", "county: supervision", "/work/supervision/"),
)


@dataclass
class Side:
    """One installation that is asked: its server, its log-ins, and what it took."""

    installation: Installation
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)
    after: str = ""
    _connection: http.client.HTTPConnection | None = None

    def serve(self, said: dict[str, Any]) -> None:
        """Log everybody in and start the server."""
        words = ("-m", "bench.story", "log-ins", str(said["unit"]), str(said["citizen"]))
        self.cookies = json.loads(self.installation.python_words(*words))
        server = self.installation.serve(workers=1, threads=1, app=APP)
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)

    def get(self, who: str, path: str) -> tuple[float, int, str]:
        """Seconds until all of the page was there, statements, the page."""
        assert self._connection is not None
        began = time.perf_counter()
        self._connection.request("GET", path, headers={"Cookie": f"sessionid={self.cookies[who]}"})
        response = self._connection.getresponse()
        text = response.read().decode()
        taken = time.perf_counter() - began
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status}\n{self.installation.log()[-3000:]}")
        return taken, int(response.headers["X-Statements"]), text


def percentile(values: list[float], part: float) -> float:
    """The value that this part of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def small(maker: Sqlite | Postgresql) -> tuple[Installation, dict[str, Any], dict[str, Any]]:
    """An installation with the measured people and ten thousand orders; what the story said of it."""
    installation = maker.installation()
    for name in ("static", "assets"):
        (installation.folder / name).symlink_to(HOME / name)
    specimens = json.loads(installation.python_words("-m", "bench.story", "specimens", str(SPECIMENS), str(DAYS)))
    said = json.loads(installation.python_words("-m", "bench.story", "unit", str(KINDS), str(MATTERS)))
    grow(installation, said, rounds=HELD // KINDS - 1)
    grow(installation, specimens, orders=SMALL)
    return installation, specimens, said


def grow(installation: Installation, specimens: dict[str, Any], **how_far: int) -> dict[str, Any]:
    """Multiply the specimens; what the filling says of itself."""
    words = [f"--{name}={value}" for name, value in how_far.items()]
    ends = [f"--first={specimens['first']}", f"--last={specimens['last']}"]
    return dict(json.loads(installation.python_words("-m", "bench.filling", *ends, *words)))


def copy_of(maker: Sqlite | Postgresql, one: Installation) -> Installation:
    """A second installation with the same database."""
    home = one.folder.with_name(one.folder.name + "-big")
    home.mkdir()
    for name in ("static", "assets"):
        (home / name).symlink_to(HOME / name)
    if isinstance(maker, Sqlite):
        shutil.copy(one.folder / "db.sqlite3", home / "db.sqlite3")
        return Installation(home, f"sqlite:///{home / 'db.sqlite3'}", dict(one.more))
    maker.server.psql(f"CREATE DATABASE big TEMPLATE {one.database_url.split('?')[0].rsplit('/', 1)[1]}")
    return Installation(home, maker.server.get_uri("big"), dict(one.more))


def measure(sides: tuple[Side, Side], said: dict[str, Any], times: int) -> None:
    """Ask both for every page, in turn, and print its line."""
    for who, words, pattern in PAGES:
        paths = []
        for side in sides:
            if not side.after:
                side.after = _next_key(side.get("dispatcher", "/work/?queue=area")[2])
            paths.append(
                pattern.format(
                    number=said["number"],
                    unit=said["unit"],
                    after=side.after,
                    rare=quote(said["rare"]),
                    common=quote(said["common"]),
                )  # fmt: skip
            )
        for turn in range(WARM_UP + times):
            for side, path in zip(sides, paths, strict=True):
                taken, count, _text = side.get(who, path)
                side.statements[pattern] = count
                if turn >= WARM_UP:
                    side.seconds.setdefault(who + pattern, []).append(taken)
        _line(words, *(side.seconds[who + pattern] for side in sides), *(side.statements[pattern] for side in sides))


def _next_key(page: str) -> str:
    return page.split("after=", 1)[1].split("&", 1)[0].split('"', 1)[0]


def _line(words: str, few: list[float], many: list[float], few_statements: int, many_statements: int) -> None:
    halves = [percentile(values, part) * 1000 for values in (few, many) for part in (0.5, 0.95)]
    ratio = halves[2] / halves[0]
    missed = " ".join(
        name for name, is_over in (("ratio", ratio > AIM_RATIO), ("p95", halves[3] > AIM_SECONDS * 1000)) if is_over
    )
    statements = f"{few_statements}/{many_statements}" if few_statements != many_statements else str(few_statements)
    numbers = " ".join(f"{value:>9.1f}" for value in halves)
    print(f"{words:32} {numbers} {ratio:>6.2f} {statements:>10}  {missed}", flush=True)


def main() -> None:
    """Print a table a database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--full", action="store_true", help="a million orders in the big one")
    parser.add_argument("--orders", type=int, help="so many in the big one")
    parser.add_argument("--times", type=int, default=60, help="how often each page is asked for")
    asked = parser.parse_args()
    size = asked.orders or (FULL if asked.full else BIG)
    with tempfile.TemporaryDirectory(prefix="fawang-bench-") as folder:
        names = [asked.only] if asked.only else ["sqlite", "postgresql"]
        with databases(Path(folder), *names) as makers:
            for maker in makers:
                _both(maker, size, asked.times)


def _both(maker: Sqlite | Postgresql, size: int, times: int) -> None:
    one, specimens, said = small(maker)
    one.more["FAWANG_COUNT_STATEMENTS"] = "1"
    two = copy_of(maker, one)
    grown = grow(two, specimens, orders=size)
    print(f"{maker.name}: {grown['rows']:,} rows written in {grown['seconds']:.0f} s", flush=True)
    sides = Side(one), Side(two)
    try:
        for side in sides:
            side.serve(said)
        head = f"{maker.name}, ms"
        few, many = (f"{n:,}" for n in (SMALL, size))
        print(
            f"{head:32} {few:>9} {'p95':>9} {many:>9} {'p95':>9} {'ratio':>6} {'statements':>10}  "
            f"misses (ratio {AIM_RATIO}, p95 {AIM_SECONDS * 1000:.0f} ms)",
            flush=True,
        )
        measure(sides, said, times)
    finally:
        one.stop()
        two.stop()


if __name__ == "__main__":
    main()
