"""Places, people and a file database for threads."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime

from django.apps import apps
from django.db import connection, connections

from fawang.base.calendar.services import load_official
from fawang.base.identity.services import take_party
from fawang.base.identity.values import PartyData
from fawang.base.meetings import services
from fawang.kernel import clock, ids, policy
from fawang.kernel.outbox import services as outbox
from fawang.kernel.policy import Actor

SYSTEM = policy.system("tests")
# Wednesday; 1 October is a holiday, Saturday 10 October 2026 a make-up working day
MORNING = datetime(2026, 9, 23, 8, 0, tzinfo=clock.SHANGHAI)
WEEK = {str(day): [["09:00", "12:00"], ["14:00", "17:00"]] for day in range(1, 6)}


def at(day, hour, minute=0, month=9):
    return datetime(2026, month, day, hour, minute, tzinfo=clock.SHANGHAI)


def calendar():
    # the room of orders handles this in the whole product
    if "calendar.changed" not in outbox.kinds():
        outbox.handles("calendar.changed")(lambda payload: None)
    load_official(SYSTEM, [2026])


def institution(name="青羊区公共法律服务中心", division_code="510105"):
    return (
        apps.get_model("organisations", "Institution")
        .objects.create(
            type="PLS_CENTRE",
            name=name,
            pinyin=ids.token(),
            search=name,
            level="COUNTY",
            division_code=division_code,
            created_at=clock.now(),
        )
        .pk
    )


def window(institution_id, name="1 号窗口"):
    model = apps.get_model("organisations", "Window")
    return model.objects.create(institution_id=institution_id, name=name).pk


def practitioner(institution_id):
    model = apps.get_model("organisations", "Practitioner")
    row = model.objects.create(
        institution_id=institution_id, name="赵律师", pinyin="zhao", kind="LAWYER_FT", created_at=clock.now()
    )
    return row.pk


def leave(practitioner_id, begin: date, end: date):
    model = apps.get_model("organisations", "Leave")
    model.objects.create(practitioner_id=practitioner_id, begin=begin, end=end, created_at=clock.now())


def bookable(institution_id, **more):
    values = {"kind": "ONLINE", "name": "网上接待", "opening_hours": WEEK, **more}
    return services.open_bookable(actor=SYSTEM, institution_id=institution_id, **values)


def party(name="王芳", phone="13800138000"):
    return take_party(SYSTEM, PartyData(name=name, phone=phone)).id


def citizen(party_id, account_id=1):
    return Actor(ref=f"account:{account_id}", roles=frozenset({"CITIZEN"}), account_id=account_id, party_id=party_id)


def staff(role, unit_id, area=""):
    return Actor(ref="account:900", roles=frozenset({role}), account_id=900, member_id=1, unit_id=unit_id, area=area)


@contextmanager
def file_database(folder):
    """Let threads share the test's database: SQLite's in memory is copied to a file, PostgreSQL is one already."""
    if connection.vendor != "sqlite" or "memory" not in str(connection.settings_dict["NAME"]):
        yield
        return
    path = str(folder / "race.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [path])
    settings = connections.settings["default"]
    before = settings["NAME"]
    settings["NAME"] = path
    try:
        yield
    finally:
        settings["NAME"] = before
