"""Choosing a place level by level, with and without JavaScript."""

import re

import pytest
from django.http import QueryDict
from django.test import Client, override_settings

from fawang.base.divisions import selectors
from fawang.base.divisions.tests.factories import load
from fawang.front.frame import questions

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fawang.front.frame.tests.urls")]


@pytest.fixture(autouse=True)
def _country(tmp_path):
    selectors.forget()
    load(tmp_path)
    yield
    selectors.forget()


def chosen(levels):
    return [next((c.value for c in level.choices if c.is_chosen), "") for level in levels]


def test_each_choice_opens_the_next_level_down_to_the_township():
    with override_settings(FAWANG_PROVINCE="510000"):
        assert chosen(questions.levels("place", "", "zh-hans")) == [""]
        assert chosen(questions.levels("place", "510100", "zh-hans")) == ["510100", ""]
        assert chosen(questions.levels("place", "510107001", "zh-hans")) == ["510100", "510107", "510107001"]


def test_without_a_province_in_the_settings_the_provinces_come_first():
    with override_settings(FAWANG_PROVINCE=""):
        assert chosen(questions.levels("place", "510107", "zh-hans")) == ["510000", "510100", "510107", ""]


def test_a_level_left_over_from_another_city_is_dropped():
    assert questions.read_division("p", QueryDict("p__0=510100&p__1=510107")) == "510107"
    assert questions.read_division("p", QueryDict("p__0=513200&p__1=510107")) == "513200"
    assert questions.read_division("p", QueryDict("p__0=&p__1=510107")) is None


@override_settings(FAWANG_PROVINCE="510000")
def test_the_fragment_shows_one_level_more():
    text = Client().get("/divisions/?field=place&place__0=510100").content.decode()
    assert re.findall(r'name="(place__\d)"', text) == ["place__0", "place__1"]
    assert 'value="510107"' in text


@pytest.mark.parametrize("query", ["", "field=a b", "field=%22%3E"])
def test_the_fragment_is_only_for_a_question(query):
    assert Client().get(f"/divisions/?{query}").status_code == 404


def test_an_unknown_place_starts_again():
    assert Client().get("/divisions/?field=place&within=999999").status_code == 200
