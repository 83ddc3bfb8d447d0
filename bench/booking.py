"""Racing for a time: 1,000 people press "confirm" at once for 100 places, over HTTP against the real server.

Run `python -m bench.booking [--people N] [--places N] [--only sqlite|postgresql]`. Everybody is logged in, has a
connection of their own and waits at a barrier; the worker runs. Exactly as many bookings as places must come out, every
other person must be told so with the next free times, and nobody may wait without end: the table says how long the
slowest waited. The ratio is answers a second against durable single-row inserts a second through the same server.
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.servers import Installation, databases

from bench.intake import APP, _insert, _pressed

MODES = {"SQLite": (2, 1), "PostgreSQL": (2, 4)}
TIMES = 10
CSRF = "b" * 32
_PREPARE = """
from datetime import timedelta
from importlib import import_module
from django.conf import settings
from fawang.base.identity.models import Account
from fawang.base.identity.services import take_party
from fawang.base.identity.values import PartyData
from fawang.base.meetings import selectors, services
from fawang.base.organisations import selectors as organisations
from fawang.kernel import clock
from fawang.kernel.policy import system
from django.db import connection, transaction

actor = system("bench")
place = organisations.institution(selectors.taking_bookings(actor)[0])
hours = {str(day): [["09:00", "14:00"]] for day in range(1, 8)}
desk = services.open_bookable(
    actor=actor, kind="ONLINE", institution_id=place.id, name="bench", opening_hours=hours, seats=SEATS,
    works_on_holidays=True, horizon_days=30)
free = selectors.free_slots(actor, bookable_id=desk.id, from_date=clock.today() + timedelta(days=7), days=1)
engine = import_module(settings.SESSION_ENGINE)
keys = []
with transaction.atomic():
    for number in range(PEOPLE):
        party = take_party(actor, PartyData(name="王示例", phone=f"1380{number:07d}"))
        account = Account.objects.create(party_id=party.id, created_at=clock.now())
        session = engine.SessionStore()
        session["_auth_user_id"] = str(account.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = account.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE bench_row (id " + ("bigserial" if connection.vendor == "postgresql" else "integer")
                   + " primary key, content text not null)")
answer = {"place": place.token, "desk": desk.token, "keys": keys, "cookie": settings.SESSION_COOKIE_NAME,
          "starts": [clock.local(slot.start).strftime("%Y-%m-%dT%H:%M") for slot in free]}
"""
_COUNT = """
from collections import Counter
from fawang.base.meetings.models import Bookable, Booking, Slot
desk = Bookable.objects.get(name="bench")
rows = Booking.objects.filter(bookable=desk, state="BOOKED")
answer = [rows.count(), Slot.objects.filter(bookable=desk).count(), rows.values("party").distinct().count()]
"""


@dataclass
class Race:
    """How it went: answers by status, seconds for each."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    def percentile(self, part: float) -> float:
        """Seconds within which that part was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def race(port: int, told: dict, people: int) -> Race:
    """Everybody presses at once."""
    found, lock, gate = Race(), threading.Lock(), threading.Barrier(people + 1)

    def press(number: int) -> None:
        start = told["starts"][number % len(told["starts"])]
        path = f"/book/{told['place']}/check/?" + urlencode({"with": told["desk"], "at": start})
        headers = {
            "Cookie": f"{told['cookie']}={told['keys'][number]}; csrftoken={CSRF}", "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        gate.wait()
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request("POST", path, "purpose=", headers)
            response = connection.getresponse()
            response.read()
            status = response.status
        except (OSError, http.client.HTTPException):
            status = 0
        connection.close()
        with lock:
            found.statuses[status] += 1
            found.seconds.append(time.perf_counter() - began)

    threading.stack_size(256 * 1024)
    threads = [threading.Thread(target=press, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    found.elapsed = time.perf_counter() - began
    return found


def measure(installation: Installation, name: str, people: int, places: int) -> bool:
    """The row of one database; whether exactly the places were given."""
    told = installation.ask(f"SEATS = {places // TIMES}\nPEOPLE = {people}\n" + _PREPARE)
    told["starts"] = told["starts"][:TIMES]
    workers, threads = MODES[name]
    server, worker = installation.serve(workers=workers, threads=threads, app=APP), installation.work()
    base = _pressed(_insert, server.port, "", 8, 3)
    went = race(server.port, told, people)
    booked, slots, persons = installation.ask(_COUNT)
    worker.stop()
    server.stop()
    rate, baseline = people / went.elapsed, len(base.seconds) / base.elapsed
    others = {status: count for status, count in went.statuses.items() if status not in (302, 409)}
    print(
        f"{name}, {workers} x {threads}".ljust(20)
        + f" {people:>7} {places:>7} {booked:>7} {went.statuses[409]:>8} {went.elapsed:>8.1f} "
        + f"{went.percentile(0.5):>7.1f} {max(went.seconds):>8.1f} {baseline:>11.0f} {rate / baseline:>7.3f}",
        flush=True,
    )
    if others:
        print(f"other answers: {others}")
    return booked == slots == persons == places == went.statuses[302] and not others


def main() -> None:
    """Print the table; fails when a place was given twice, or one too few."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--places", type=int, default=100)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--full", action="store_true", help="three times as many people")
    asked = parser.parse_args()
    people = asked.people * (3 if asked.full else 1)
    print(
        f"{'server (proc x thr)':20} {'people':>7} {'places':>7} {'booked':>7} {'refused':>8} {'all in s':>8} "
        f"{'p50 s':>7} {'slowest':>8} {'1 insert/s':>11} {'ratio':>7}",
        flush=True,
    )
    is_right = True
    with tempfile.TemporaryDirectory(prefix="fawang-bench-") as folder:
        names = [asked.only] if asked.only else ["sqlite", "postgresql"]
        with databases(Path(folder), *names) as makers:
            for maker in makers:
                installation = maker.installation()
                try:
                    is_right &= measure(installation, maker.name, people, asked.places)
                finally:
                    installation.stop()
    if not is_right:
        raise SystemExit("not exactly as many bookings as places")


if __name__ == "__main__":
    main()
