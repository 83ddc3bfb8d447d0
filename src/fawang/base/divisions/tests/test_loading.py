from copy import deepcopy
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from fawang.base.divisions import selectors, services
from fawang.base.divisions.errors import DivisionUnknown, ProvinceUnknown, SourceMissing
from fawang.base.divisions.models import Division
from fawang.base.divisions.tests import factories
from fawang.base.divisions.values import Level
from fawang.kernel.errors import NotLoggedIn, NotPermitted
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import VISITOR, Actor

pytestmark = pytest.mark.django_db


def test_loading_twice_gives_the_same_rows(tmp_path):
    first = factories.load(tmp_path)
    rows = list(Division.objects.order_by("code").values())
    assert factories.load(tmp_path) == first
    assert list(Division.objects.order_by("code").values()) == rows
    assert first.counts == {"PROVINCE": 3, "CITY": 3, "COUNTY": 7, "TOWNSHIP": 2}
    assert (first.abolished, first.closed) == (4, 0)


def test_a_load_is_recorded(tmp_path):
    factories.load(tmp_path, province="51")
    (fact,) = events.stream("divisions")
    assert (fact.name, fact.data["province"], fact.data["closed"]) == ("divisions.loaded.v1", "51", 0)


def test_one_province_alone_can_be_loaded(tmp_path):
    factories.load(tmp_path, province="51")
    assert selectors.exists("510107")
    assert not selectors.exists("420000")


def test_all_provinces_down_to_counties_can_be_loaded(tmp_path):
    factories.load(tmp_path, deepest=Level.COUNTY)
    assert selectors.exists("429004")
    assert not selectors.exists("429004001")


def test_a_municipality_and_a_county_under_a_province_have_no_city(tmp_path):
    factories.load(tmp_path)
    assert selectors.get("500103").parent == "500000"
    assert selectors.get("429004").parent == "420000"


def test_a_township_marked_abolished_is_closed_with_its_plain_name(tmp_path):
    factories.load(tmp_path)
    unknown_year, known_year = selectors.get("510107102"), selectors.get("510107201")
    assert (unknown_year.name, unknown_year.valid_to) == ("金花桥镇", date(2026, 9, 11))
    assert (known_year.name, known_year.valid_to) == ("簇桥乡", date(2021, 12, 31))
    assert [d.code for d in selectors.children("510107")] == ["510107001"]


def test_an_abolished_county_names_what_took_its_place(tmp_path):
    factories.load(tmp_path)
    old = selectors.get("510124")
    assert (old.name, old.valid_to, old.superseded_by) == ("郫县", date(2016, 12, 31), "510117")
    assert selectors.get("510117").valid_from == date(2016, 1, 1)
    assert selectors.current_code("510123") == "510117"


def test_a_code_given_to_another_place_in_the_past_stays_open(tmp_path):
    factories.load(tmp_path)
    assert selectors.get("510107").valid_to is None


def test_what_the_source_no_longer_has_is_closed_not_deleted(tmp_path):
    factories.load(tmp_path)
    main = deepcopy(factories.MAIN)
    del main["provinces"]["四川省"]["cities"]["成都市"]["counties"]["都江堰市"]
    assert services.load(factories.ACTOR, factories.write(tmp_path, main=main), "51").closed == 1
    assert selectors.get("510181").valid_to == date(2026, 9, 11)


def test_loading_counties_closes_no_township(tmp_path):
    factories.load(tmp_path)
    assert factories.load(tmp_path, deepest=Level.COUNTY).closed == 0
    assert selectors.get("510107001").valid_to is None


def test_a_missing_source_and_an_unknown_province_are_refused(tmp_path):
    with pytest.raises(SourceMissing):
        services.load(factories.ACTOR, tmp_path)
    with pytest.raises(ProvinceUnknown):
        factories.load(tmp_path, province="99")


def test_only_those_who_may_load(tmp_path):
    factories.write(tmp_path)
    with pytest.raises(NotLoggedIn):
        services.load(VISITOR, tmp_path)
    with pytest.raises(NotPermitted):
        services.load(Actor(ref="account:1", account_id=1, roles=frozenset({"HANDLER"})), tmp_path)
    assert not Division.objects.exists()


def test_a_load_is_seen_at_once_by_this_process(tmp_path):
    with pytest.raises(DivisionUnknown):
        selectors.get("510107")
    factories.load(tmp_path)
    assert selectors.get("510107").name == "武侯区"
    Division.objects.filter(code="510107").update(name="变")
    factories.load(tmp_path)
    assert selectors.get("510107").name == "武侯区"


def test_the_command_finds_the_data_in_the_wheels_folder(tmp_path, settings, capsys):
    settings.HOME = tmp_path
    (tmp_path / "wheels" / "data").mkdir(parents=True)
    factories.write(tmp_path / "wheels" / "data")
    call_command("divisions", "load", "--province", "51", "--levels", "county")
    assert "county         4" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nowhere"):
        call_command("divisions", "load", "--source", str(tmp_path / "nowhere"))
