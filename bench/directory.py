"""The nearest ten that can do something and are open now, among 100,000 invented places: against asking the database
for everything that fits and measuring one by one.

Run `python -m bench.directory [--places N]`; on PostgreSQL with DATABASE_URL. Both give the same ten, or it fails.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

AIM_MS = 10.0
TURNS = 60
KINDS = ("LAW_FIRM", "NOTARY_OFFICE", "MEDIATION_COMMITTEE", "LEGAL_AID_CENTER", "PLS_CENTRE", "PLS_STATION")
LINES = ("consultation", "mediation", "notary", "legal_aid", "lawyers")
OFFICE = [
    {"weekdays": [1, 2, 3, 4, 5], "begin": "09:00", "end": "12:00"},
    {"weekdays": [1, 2, 3, 4, 5], "begin": "13:30", "end": "17:30"},
]
LONG = [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "begin": "08:30", "end": "20:00"}]


def fill(count: int) -> None:
    """Invented places, thick around some cities."""
    from fawang.base.organisations.models import Institution, Register, ServedLine
    from fawang.kernel import clock

    draw, made = random.Random(12348), clock.now()
    cities = [(draw.uniform(98, 121), draw.uniform(22, 42), draw.choice((0.1, 0.3, 1.0))) for _ in range(300)]
    Register.objects.get_or_create(pk=1)
    rows = []
    for at in range(count):
        lng, lat, spread = cities[int(len(cities) * draw.random() ** 2)]
        rows.append(
            Institution(
                type=draw.choice(KINDS), name=f"示例机构{at}", pinyin=f"shilijigou{at}", search=f"示例机构{at}",
                level="COUNTY", division_code=f"{draw.randrange(11, 65)}0{draw.randrange(100, 130)}",
                lng=None if at % 20 == 0 else lng + draw.gauss(0, spread), lat=None if at % 20 == 0 else lat + draw.gauss(0, spread),
                status="ACTIVE" if at % 50 else "SUSPENDED", licence_valid_to=date(2026, 11, 1) if at % 40 == 7 else None,
                lines=draw.sample(LINES, 2), domains=draw.sample(["D01", "D02", "D03", "D05", "D07"], 2),
                languages=["zh", "en"] if at % 9 == 0 else ["zh"], hours=draw.choice((OFFICE, LONG)), created_at=made, changed_as=0,
            )
        )  # fmt: skip
    Institution.objects.bulk_create(rows, batch_size=500)
    served = [
        ServedLine(institution=row, line=line, division_code=row.division_code) for row in rows for line in row.lines
    ]
    ServedLine.objects.bulk_create(served, batch_size=2000)


def _metres(lng: float, lat: float, x: float, y: float) -> float:
    a = sin(radians(y - lat) / 2) ** 2 + cos(radians(lat)) * cos(radians(y)) * sin(radians(x - lng) / 2) ** 2
    return 2 * 6_371_008.8 * asin(sqrt(a))


def one_by_one(lng: float, lat: float, kind: str, line: str, moment: datetime) -> list[int]:
    """The baseline: every row that fits, read and measured."""
    from fawang.base.organisations import opening
    from fawang.base.organisations.finding import roll_of
    from fawang.base.organisations.showing import institution_value
    from fawang.kernel import clock

    (plan,), minute, found = opening.days_ahead(moment, days=1), opening.minute_of(moment), []
    for row in roll_of(types=[kind], line=line, only_active=True).filter(lng__isnull=False):
        place = institution_value(row)
        if place.can_serve_on(clock.today()) and opening.is_open(place.hours, plan, minute):
            found.append((_metres(lng, lat, place.lng or 0, place.lat or 0), place.id))
    return [one for _metres_, one in sorted(found)[:10]]


def _spent(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return (time.perf_counter() - began) * 1000, answer


def run(count: int) -> None:
    """Fill, measure, print."""
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from fawang.base.calendar import services as calendar
    from fawang.base.organisations import nearby, selectors
    from fawang.kernel import clock
    from fawang.kernel.policy import system

    call_command("migrate", verbosity=0)
    calendar.load_official(system("bench"), [2026])
    fill(count)
    draw = random.Random(7)
    asked = [
        (draw.uniform(100, 120), draw.uniform(24, 40), draw.choice(KINDS), draw.choice(LINES)) for _ in range(TURNS)
    ]
    with clock.at(datetime(2026, 11, 25, 10, tzinfo=clock.SHANGHAI)):
        now = clock.now()
        first, _copy = _spent(nearby.current)
        each = [
            _spent(lambda a=a: selectors.nearest(a[0], a[1], types=[a[2]], line=a[3], open_at=now, at_most=10))
            for a in asked
        ]
        base = [_spent(lambda a=a: one_by_one(*a, now)) for a in asked[:3]]
        with CaptureQueriesContext(connection) as seen:
            selectors.nearest(104.06, 30.65, at_most=10, open_at=now)
    for (_ms, page), (_other, wanted) in zip(each[:3], base, strict=True):
        told = [near.place.id for near in page.rows if not near.is_about]
        assert told == wanted[: len(told)], (told, wanted)
    spent = sorted(ms for ms, _page in each)
    middle, late, slow = spent[len(spent) // 2], spent[int(0.95 * len(spent))], sorted(ms for ms, _ids in base)[1]
    print(f"{count:,} places on {connection.vendor}; kind, line and open now; ten nearest")
    print(f"  arrays: median {middle:.1f} ms, p95 {late:.1f} ms, {len(seen)} statements   aim < {AIM_MS:.0f} ms")
    print(f"  one by one (baseline): {slow:.0f} ms   ratio {slow / middle:.0f}")
    print(f"  making the copy once a process: {first:.0f} ms")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--places", type=int, default=100_000)
    parser.add_argument("--full", action="store_true", help="the same: all places are always used")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fawang-bench-") as home:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "fawang.site.settings.testing",
            "FAWANG_TEST_HOME": home,
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{home}/bench.sqlite3",
        }
        import django

        django.setup()
        run(told.places)


if __name__ == "__main__":
    main()
