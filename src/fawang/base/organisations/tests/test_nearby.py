from datetime import date, datetime, timedelta
from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fawang.base.calendar import services as calendar
from fawang.base.organisations import centres, nearby, selectors, services
from fawang.base.organisations.models import Institution, Register
from fawang.base.organisations.tests.factories import SYSTEM, institution_data, make_institution, make_practitioner
from fawang.base.organisations.values import OpenHours, bd09, gcj02, to_wgs84
from fawang.kernel import clock

OFFICE = (OpenHours((1, 2, 3, 4, 5), "09:00", "12:00"), OpenHours((1, 2, 3, 4, 5), "13:30", "17:30"))
ALWAYS = (OpenHours((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)
HERE = (104.0437, 30.6412)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


@pytest.fixture
def year(db):
    calendar.load_official(SYSTEM, [2026])


@pytest.fixture(autouse=True)
def _afresh():
    nearby.forget()
    yield
    nearby.forget()


def place(name, east_m=0, **more):
    lng = HERE[0] + east_m / (111_320 * cos(radians(HERE[1])))
    return make_institution(**{"name": name, "lng": lng, "lat": HERE[1], "hours": OFFICE, **more})


def names(page):
    return [near.place.name for near in page.rows]


# --- coordinates


@given(st.floats(73.7, 135.0), st.floats(3.9, 53.5), st.sampled_from([("GCJ02", gcj02), ("BD09", bd09)]))
def test_a_point_given_to_a_provider_and_back_stays_within_a_metre(lng, lat, system):
    crs, move = system
    moved = move(lng, lat)
    back = to_wgs84(*moved, crs)
    if abs(lng - back[0]) < 1 and 73.75 < moved[0] < 135 and 3.95 < moved[1] < 53.45:
        assert hypot((back[0] - lng) * 111_320 * cos(radians(lat)), (back[1] - lat) * 110_574) < 1


def test_known_points_and_abroad():
    lng, lat = gcj02(116.404, 39.915)
    assert (lng, lat) == (pytest.approx(116.41024, abs=1e-5), pytest.approx(39.91640, abs=1e-5))
    assert bd09(116.404, 39.915) == (pytest.approx(116.41663, abs=1e-4), pytest.approx(39.92270, abs=1e-4))
    assert gcj02(2.35, 48.86) == bd09(2.35, 48.86) == (2.35, 48.86)


def test_what_was_given_in_gcj02_is_stored_as_cgcs2000_and_says_so():
    lng, lat = gcj02(*HERE)
    one = make_institution(lng=round(lng, 6), lat=round(lat, 6), crs="GCJ02")
    kept = selectors.institution(one)
    assert (kept.lng, kept.lat) == (pytest.approx(HERE[0], abs=1e-5), pytest.approx(HERE[1], abs=1e-5))
    assert kept.source_crs == "GCJ02"
    # a page shows what is stored; sending it back changes neither the point nor where it came from
    same = institution_data(name=kept.name, lng=kept.lng, lat=kept.lat)
    assert services.change_institution(SYSTEM, one, same) == []


# --- open or not


def test_opening_follows_holidays_make_up_days_and_the_lunch_break(year):
    def told(moment, hours=OFFICE):
        value = selectors.institution(make_institution(hours=hours))
        found = selectors.openings([value], at(moment))[value.id]
        return found.is_open, found.until or found.opens

    assert told("2026-11-25 10:00") == (True, at("2026-11-25 12:00"))
    assert told("2026-11-25 12:30") == (False, at("2026-11-25 13:30"))
    assert told("2026-11-27 18:00") == (False, at("2026-11-30 09:00"))
    # National Day: offices are closed until the 8th; 10 October, a Saturday, is worked like a Monday
    assert told("2026-10-01 10:00") == (False, at("2026-10-08 09:00"))
    assert told("2026-10-10 10:00") == (True, at("2026-10-10 12:00"))
    assert told("2026-10-01 03:00", ALWAYS) == (True, None)
    assert told("2026-11-25 10:00", ()) == (None, None)


# --- nearest


def test_the_nearest_that_can_and_may_are_found_with_distance_way_and_opening(year):
    place("近", 400)
    place("远", 5_000, lines=("mediation", "notary"), domains=("D01",), languages=("zh", "en"))
    place("夜里也开", 900, hours=ALWAYS)
    with clock.at(at("2026-11-25 10:00")):
        found = selectors.nearest(*HERE)
        assert names(found) == ["近", "夜里也开", "远"]
        near, _all_night, far = found.rows
        assert abs(near.distance_m - 400) <= 2 and near.opening.until == at("2026-11-25 12:00")
        assert [way.mode for way in near.travel] == ["walk"] and near.travel[0].minutes == 7
        assert [way.mode for way in far.travel] == ["road"]
        for asked in ({"line": "notary"}, {"domain": "D01"}, {"language": "en"}, {"text": "远"}):
            assert names(selectors.nearest(*HERE, **asked)) == ["远"], asked
        assert names(selectors.nearest(*HERE, types=["LAW_FIRM"])) == []
        assert names(selectors.nearest(*HERE, division="510107")) and not names(
            selectors.nearest(*HERE, division="4201")
        )
        first = selectors.nearest(*HERE, at_most=2)
        assert names(selectors.nearest(*HERE, at_most=2, first=first.next)) == ["远"]
    with clock.at(at("2026-11-25 20:00")):
        assert names(selectors.nearest(*HERE, open_at=clock.now())) == ["夜里也开"]


def test_who_lost_the_licence_this_morning_serves_nobody_but_stays_on_the_roll(year):
    lost, expired, fine = (
        place("今早吊销"),
        place("证已过期", licence_valid_to=date(2026, 11, 24)),
        place("正常", 9_000),
    )
    with clock.at(at("2026-11-25 10:00")):
        assert len(selectors.nearest(*HERE).rows) == 2
        services.change_status(SYSTEM, lost, status="REVOKED", reason="吊销执业许可证")
        assert names(selectors.nearest(*HERE)) == ["正常"]
        assert [row.name for row in selectors.institutions(open_at=clock.now()).rows] == ["正常"]
        (kept,) = selectors.institutions(text="今早").rows
        assert (kept.status, kept.status_reason) == ("REVOKED", "吊销执业许可证")
        assert not selectors.institution(expired).can_serve_on(clock.today()) and selectors.institution(fine).may_work


def test_without_coordinates_a_place_comes_after_the_others_and_is_never_lost(year, monkeypatch):
    place("有坐标", 50_000)
    for at_ in range(12):
        place(f"很远{at_:02}", 300_000 + at_)
    place("大概在", lng=None, lat=None)
    place("不知道在哪", lng=None, lat=None, division_code="420102")
    assert names(selectors.nearest(*HERE, at_most=20))[-2:] == ["大概在", "不知道在哪"]
    monkeypatch.setattr(centres, "known", lambda: {"510107": (HERE[0] + 0.01, HERE[1])})
    page = selectors.nearest(*HERE, at_most=10)
    about = page.rows[-1]
    assert about.place.name == "大概在" and about.is_about and 900 < about.distance_m < 1_000 and about.travel == ()
    assert names(page)[0] == "有坐标" and len(page.rows) == 10
    assert selectors.nearest(*HERE, at_most=20).rows[-1].distance_m is None


@pytest.mark.django_db(transaction=True)
def test_the_copy_of_a_process_follows_every_change(tmp_path):
    from fawang.base.divisions.tests import factories as divisions

    divisions.load(tmp_path)
    calendar.load_official(SYSTEM, [2026])
    one = place("甲")
    with clock.at(at("2026-11-25 10:00")):
        assert names(selectors.nearest(*HERE)) == ["甲"]
        known = nearby.current()
        assert nearby.current() is known
        two = place("乙", 100, lines=("arbitration",), hours=ALWAYS)
        assert names(selectors.nearest(*HERE)) == ["甲", "乙"]
        assert names(selectors.nearest(*HERE, line="arbitration")) == ["乙"]
        services.set_lines(SYSTEM, one, lines=("notary",))
        assert names(selectors.nearest(*HERE, line="notary")) == ["甲"]
        assert names(selectors.nearest(*HERE, line="mediation")) == []
        services.change_status(SYSTEM, two, status="SUSPENDED", reason="停业整顿")
        assert names(selectors.nearest(*HERE)) == ["甲"]
        # another register in the same place (a restored one) is read anew
        Institution.objects.filter(pk=two).update(status="ACTIVE")
        Register.objects.update(epoch="another")
        assert names(selectors.nearest(*HERE)) == ["甲", "乙"]


def test_people_are_found_by_name_licence_and_speciality(year):
    firm = make_institution(type="LAW_FIRM", name="示例律师事务所", lines=("lawyers",))
    made = make_practitioner(firm, name="王明法", kind="LAWYER_FT", licence_no="15101201510123456", domains=("D05",), licence_valid_to=date(2026, 1, 1))  # fmt: skip
    make_practitioner(make_institution(), name="赵调解")
    for asked in (
        {"text": "明法"},
        {"text": "wangming"},
        {"text": "1510 1201 5101 23456"},
        {"domain": "D05"},
        {"kind": "LAWYER_FT"},
    ):
        (found,) = selectors.find_people(**asked).rows
        assert found.id == made, asked
    assert found.institution_status == "ACTIVE" and not found.has_licence_on(date(2026, 11, 25))
    assert len(selectors.find_people(division="5101").rows) == 2 and not selectors.find_people(text="无此人").rows
    first = selectors.find_people(limit=1)
    assert selectors.find_people(limit=1, after=first.next).rows[0].name == "赵调解"
    services.end_practice(SYSTEM, made, on=clock.today() - timedelta(days=1))
    assert not selectors.find_people(kind="LAWYER_FT").rows


def test_the_migration_moves_what_was_stored_as_gcj02_and_back(year):
    from importlib import import_module

    from django.apps import apps

    moving = import_module("fawang.base.organisations.migrations.0003_coordinates_in_cgcs2000")
    one, other = place("有坐标"), place("没有坐标", lng=None, lat=None)
    lng, lat = gcj02(*HERE)
    Institution.objects.filter(pk=one).update(lng=lng, lat=lat, source_crs="")
    moving.to_cgcs2000(apps, None)
    now = selectors.institution(one)
    assert (now.lng, now.lat, now.source_crs) == (
        pytest.approx(HERE[0], abs=2e-6),
        pytest.approx(HERE[1], abs=2e-6),
        "GCJ02",
    )
    moving.to_gcj02(apps, None)
    assert selectors.institution(one).lng == pytest.approx(lng, abs=2e-6) and selectors.institution(other).lng is None
