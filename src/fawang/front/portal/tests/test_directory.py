import re
from datetime import date

import pytest

from fawang.base.organisations import centres, nearby, services
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.tests.factories import make_institution, make_practitioner
from fawang.base.organisations.values import OpenHours, gcj02
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests import factories
from fawang.front.portal import placing
from fawang.front.portal.tests.factories import Person
from fawang.kernel import clock

pytestmark = pytest.mark.django_db
HERE = ("104.0437", "30.6412")
OFFICE = (OpenHours((1, 2, 3, 4, 5), "09:00", "12:00"), OpenHours((1, 2, 3, 4, 5), "13:00", "17:30"))


@pytest.fixture
def places(world):
    nearby.forget()
    made = {
        "near": make_institution(type="LEGAL_AID_CENTER", name="近处法援中心", lng=104.046, lat=30.6412, hours=OFFICE, phones=("02885551234",), lines=("legal_aid",), languages=("zh", "en")),
        "far": make_institution(type="LAW_FIRM", name="远处律师事务所", lng=104.2, lat=30.7, lines=("lawyers",), domains=("D05",), accepts_legal_aid=True),
        "lost": make_institution(type="LAW_FIRM", name="今早吊销律师事务所", lng=104.044, lat=30.6412, lines=("lawyers",)),
        "twin": make_institution(type="PLS_CENTRE", name="同名服务中心", address="浆洗街1号"),
        "twin2": make_institution(type="PLS_CENTRE", name="同名服务中心", address="", division_code="510117"),
    }  # fmt: skip
    services.change_status(factories.SYSTEM, made["lost"], status="REVOKED", reason="吊销执业许可证")
    services.record_penalty(factories.SYSTEM, made["far"], body="省司法厅", kind="警告", text="违规收费")
    yield {name: factories.organisations.institution(one) for name, one in made.items()}
    nearby.forget()


def titles(html):
    return re.findall(r'cell__title">([^<]+)<', html)


def test_near_me_lists_by_distance_who_may_serve_and_no_address_has_the_position(places):
    me = Person()
    answer = me.client.post("/directory/near/", {"lng": HERE[0], "lat": HERE[1], "type": ""})
    assert answer.status_code == 302 and answer.url == "/directory/"
    html = me.get("/directory/").content.decode()
    found = titles(html)
    assert found.index("近处法援中心") < found.index("远处律师事务所") and "今早吊销律师事务所" not in found
    assert "190 米" in html and "步行约" in html and "正在开放，12:00 关门" in html
    assert "104.0" not in html and "30.64" not in html
    # the person finds the lost one on the whole register, with its state
    html = me.get("/directory/?sort=name&text=今早").content.decode()
    assert "今早吊销律师事务所" in html and "已吊销" in html
    me.client.post("/directory/near/", {"forget": "1"})
    assert "看看离您最近的" in me.get("/directory/").content.decode()


def test_a_position_is_forgotten_after_two_hours(places):
    me = Person()
    me.client.post("/directory/near/", {"lng": HERE[0], "lat": HERE[1]})
    assert "离您最近" in me.get("/directory/").content.decode()
    clock.advance(placing._KEPT)
    clock.advance(placing._KEPT)
    assert "看看离您最近的" in me.get("/directory/").content.decode()


def test_a_typed_place_works_without_javascript_and_refusals_say_what_to_do(places, monkeypatch):
    me = Person()
    answer = me.client.post("/directory/near/", {"place": "武侯", "type": "LAW_FIRM", "area__0": "510100"})
    assert answer.status_code == 422 and "请换成区、县的名称" in answer.content.decode()
    assert 'value="武侯"' in answer.content.decode()
    monkeypatch.setattr(centres, "known", lambda: {"510107": (104.04, 30.64)})
    answer = me.client.post("/directory/near/", {"place": "武侯", "type": "LAW_FIRM", "area__0": "510100"})
    assert answer.url == "/directory/?type=LAW_FIRM&area__0=510100"
    html = me.get(answer.url).content.decode()
    assert "离四川省成都市武侯区最近" in html and titles(html)[0] == "远处律师事务所"
    for wrong in ({"lng": "x", "lat": "1"}, {"lng": "999", "lat": "0"}, {}):
        assert me.client.post("/directory/near/", wrong).status_code == 422


@pytest.mark.parametrize(
    ("query", "only"),
    [
        ("language=en&text=中心", "近处法援中心"),
        ("domain=D05&text=律师", "远处律师事务所"),
        ("aid=1", "远处律师事务所"),
        ("line=legal_aid&type=LEGAL_AID_CENTER", "近处法援中心"),
        ("area__0=510100&area__1=510117&text=同名", "同名服务中心"),
    ],
)
def test_filters_narrow(places, query, only):
    assert titles(Person().get(f"/directory/?{query}").content.decode()) == [only]


def test_open_now_leaves_out_who_is_closed_and_says_what_to_do(places):
    me = Person()
    assert "近处法援中心" in titles(me.get("/directory/?open=1").content.decode())
    with clock.at(factories.NOON.replace(hour=23)):
        html = me.get("/directory/?open=1&text=近处").content.decode()
        assert "没有找到" in html and "不管开没开门" in html and "12348" in html


def test_two_of_one_name_are_told_apart_and_bad_queries_are_harmless(places):
    html = Person().get("/directory/?text=同名").content.decode()
    assert "四川省成都市武侯区 浆洗街1号" in html and "四川省成都市郫都区" in html
    for query in ("type=x&line=%00&after=%00-1&first=-1", "area__0=999999", "first=9999999", "domain=%22"):
        assert Person().get(f"/directory/?{query}").status_code == 200


def test_the_page_of_an_institution_says_all_and_hands_the_way_to_an_app(places):
    near = places["near"]
    html = Person().get(f"/directory/{near.token}/").content.decode()
    assert 'href="tel:028-85551234"' in html and "正在开放，12:00 关门" in html
    x, y = gcj02(near.lng, near.lat)
    assert f"uri.amap.com/navigation?to={x:.6f},{y:.6f}," in html
    assert f'href="geo:{near.lat:.6f},{near.lng:.6f}?q=' in html and "tocoord=" in html and "maps:?daddr=" in html
    assert "<script src=" in html and "amap.com/js" not in html
    html = Person().get(f"/directory/{places['lost'].token}/").content.decode()
    assert "现在不能办理业务" in html and "吊销执业许可证" in html
    assert "违规收费" in Person().get(f"/directory/{places['far'].token}/").content.decode()
    html = Person().get(f"/directory/{places['twin'].token}/").content.decode()
    assert "uri.amap.com/search" in html and "打电话问" in html


def test_people_are_found_with_licence_and_whether_they_may_practise(places):
    make_practitioner(places["far"].id, name="王明法", kind="LAWYER_FT", licence_no="15101201510123456", domains=("D05",), licence_valid_to=date(2026, 1, 1))  # fmt: skip
    me = Person()
    for query in ("text=明法", "text=15101201510123456", "text=wangmingfa&kind=LAWYER_FT", "domain=D05"):
        html = me.get(f"/directory/people/?{query}").content.decode()
        assert titles(html) == ["王明法"] and "执业证已过期" in html and "远处律师事务所" in html, query
    assert "先向 12348 核实" in me.get("/directory/people/?text=无此人").content.decode()


def test_junk_in_any_field_is_never_an_error_of_ours(places, person):
    junk = [
        "\x00",
        "'\"<b>",
        "%",
        "_",
        "\\",
        "-1",
        "9" * 30,
        "١٢",
        "a-1",
        "甲" * 300,
        "=1+1",
        "nan",
        "inf",
        "{}",
        "\u202e",
        "510107\n",
    ]
    fields = (
        "text",
        "type",
        "line",
        "domain",
        "language",
        "kind",
        "area__0",
        "area__1",
        "open",
        "aid",
        "sort",
        "after",
        "first",
    )
    for value in junk:
        everything = dict.fromkeys(fields, value)
        for url in ("/directory/", "/directory/people/", "/map/", "/map/points/9/403/210.json"):
            assert person.client.get(url, everything).status_code < 500, (url, value)
        for name in ("text", "after"):
            assert person.client.get("/directory/people/", {name: value}).status_code == 200, (name, value)
        for data in ({"place": value}, {"lng": value, "lat": "30"}, {"lng": "104", "lat": value}):
            assert person.client.post("/directory/near/", data).status_code in {302, 422}, data
        asked = dict.fromkeys(
            ("name", "type", "uscc", "licence_no", "address", "phones", "contact", "scope", "lines", "area__0"), value
        )
        assert person.client.post("/join/", asked).status_code == 422
        assert person.client.post("/join/withdraw/", {"token": value}).status_code == 404


def test_ratings_are_told_of_those_whom_enough_people_rated(world):
    place = organisations.institution(world.units["committee"])
    numbers = [factories.file(world, plan=factories.to_unit(place.token)) for _one in range(5)]
    Order.objects.filter(number__in=numbers[:4]).update(grade=4)
    assert "群众评价" not in Person().get(f"/directory/{place.token}/").content.decode()
    Order.objects.filter(number=numbers[4]).update(grade=5)
    assert "群众评价 4.2 分（满分 5 分，5 次）" in Person().get(f"/directory/{place.token}/").content.decode()
    assert "群众评价 4.2 分" in Person().client.get("/directory/", {"text": place.name}).content.decode()
