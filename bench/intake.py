"""Durable intake to first dispatch: POST /api/v1/orders, against one durable single-row insert through the same server.

Run `python -m bench.intake [--seconds N] [--only sqlite|postgresql] [--workers N --threads N]`. Real server processes,
the worker running, SQLite with synchronous=FULL and PostgreSQL with fsync. A filing that was answered is on the disk:
number, clocks, events, queued effects, and in most cases the unit that got it.
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
import threading
from pathlib import Path

from tests.clients import Answer, Client, Load, body, press
from tests.servers import Installation, databases

APP = "bench.app:application"
CLIENTS = (1, 8)
MODES = {"SQLite": (2, 1), "PostgreSQL": (2, 4)}
_offset = [0]


def _pressed(send: object, port: int, key: str, clients: int, seconds: float) -> Load:
    stop = threading.Event()
    timer = threading.Timer(seconds, stop.set)
    timer.start()
    return press(send, port=port, key=key, clients=clients, stop=stop)  # type: ignore[arg-type]


def _file(client: Client, number: int) -> Answer:
    return client.file(body(_offset[0] + number))


def _insert(client: Client, number: int) -> Answer:
    return client.post("/baseline", body(number), "")


def statements(installation: Installation, key: str) -> str:
    """Statements of one filing (and those inside its transaction), once everything that never changes is in memory."""
    server = None
    installation.more["FAWANG_COUNT_STATEMENTS"] = "1"
    try:
        server = installation.serve(app=APP)
        count = ""
        for number in range(4):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            headers = {
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"n{number}",
            }
            connection.request("POST", "/api/v1/orders", body(9_000_000 + number, "510107"), headers)
            response = connection.getresponse()
            text = response.read()
            assert response.status == 201, text
            count = f"{response.headers['X-Statements']} ({response.headers['X-In-Transaction']})"
            connection.close()
        return count
    finally:
        del installation.more["FAWANG_COUNT_STATEMENTS"]
        if server is not None:
            server.stop()


def measure(installation: Installation, name: str, seconds: float, mode: tuple[int, int]) -> None:
    """The rows of one database."""
    key = installation.key()
    installation.ask(
        "from django.db import connection\nwith connection.cursor() as c:\n"
        "    c.execute('CREATE TABLE bench_row (id ' + ('bigserial' if connection.vendor == 'postgresql' else 'integer')"
        " + ' primary key, content text not null)')\nanswer = 1"
    )
    count = statements(installation, key)
    workers, threads = mode
    server, worker = installation.serve(workers=workers, threads=threads, app=APP), installation.work()
    label = f"{name}, {workers} x {threads}"
    for client_count in CLIENTS:
        _pressed(_file, server.port, key, client_count, 1.5)
        _offset[0] += 100_000
        base = _pressed(_insert, server.port, key, client_count, seconds / 2)
        load = _pressed(_file, server.port, key, client_count, seconds)
        _offset[0] += 100_000
        assert not load.refused, load.refused[0].text[:500]
        rate, baseline = len(load.seconds) / load.elapsed, len(base.seconds) / base.elapsed
        print(
            f"{label:20} {client_count:>7} {rate:>9.0f} {load.percentile(0.5) * 1000:>7.0f} "
            f"{load.percentile(0.99) * 1000:>7.0f} {count:>10} {baseline:>11.0f} {rate / baseline:>7.3f}",
            flush=True,
        )
    worker.stop()
    server.stop()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--workers", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--full", action="store_true", help="measure longer")
    asked = parser.parse_args()
    seconds = asked.seconds * (3 if asked.full else 1)
    print(
        f"{'server (proc x thr)':20} {'clients':>7} {'orders/s':>9} {'p50 ms':>7} {'p99 ms':>7} {'statements':>10} "
        f"{'1 insert/s':>11} {'ratio':>7}",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="fawang-bench-") as folder:
        names = [asked.only] if asked.only else ["sqlite", "postgresql"]
        with databases(Path(folder), *names) as makers:
            for maker in makers:
                mode = (asked.workers, asked.threads) if asked.workers else MODES[maker.name]
                installation = maker.installation()
                try:
                    measure(installation, maker.name, seconds, mode)
                finally:
                    installation.stop()


if __name__ == "__main__":
    main()
