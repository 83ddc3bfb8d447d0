"""The frame's own pages: language, type size, log-in, and what every page keeps to."""

import re

import pyotp
import pytest
from django.conf import settings
from django.test import Client, override_settings

from fawang.front.frame.tests.factories import account, client_of
from fawang.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fawang.front.frame.tests.urls")]
PAGES = ["/styles/", "/styles/?side=staff", "/login/", "/login/password/", "/staff/login/", "/nowhere/"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_keep_to_the_content_security_policy(path, language):
    response = Client(headers={"accept-language": language}).get(path)
    text = response.content.decode()
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert not re.search(r"<[^>]+\son\w+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "script-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_english_pages_are_complete(path):
    text = Client(headers={"accept-language": "en"}).get(path).content.decode()
    without_data = re.sub(r'<(?:textarea|input|dd)[^>]*>[^<]*|lang="zh-Hans">[^<]*<', "", text)
    left = set(re.findall("[\u4e00-\u9fff]+", without_data))
    assert not left - {"从三月开始没有发工资", "找过老板两次", "都说下个月发", "开放法网", "中文"}


def test_the_language_is_the_cookies_then_the_browsers_then_chinese():
    assert '<html lang="zh-Hans"' in Client().get("/login/").content.decode()
    client = Client(headers={"accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="en"' in client.get("/login/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/login/"})
    assert '<html lang="zh-Hans"' in client.get("/login/").content.decode()


def test_an_unknown_language_changes_nothing():
    client = Client()
    client.post("/language/", {"language": "xx"})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_the_language_is_remembered_with_the_account():
    person = account()
    client_of(person).post("/language/", {"language": "en"})
    person.refresh_from_db()
    assert person.language == "en"


def test_large_type_stays_on_over_pages_and_can_be_switched_off():
    client = Client()
    client.post("/elder/", {"elder": "1", "next": "/login/"})
    assert 'data-elder="1"' in client.get("/login/").content.decode()
    client.post("/elder/", {"elder": "0"})
    assert "data-elder" not in client.get("/login/").content.decode()


@pytest.mark.parametrize("path", ["/language/", "/elder/", "/logout/"])
def test_switches_are_posts_only_and_come_back_only_to_this_site(path):
    assert Client().get(path).status_code == 405
    answer = Client().post(path, {"next": "https://evil.example/", "language": "en", "elder": "1"})
    assert "evil" not in answer.get("Location", "")


def test_a_citizen_logs_in_by_a_code_and_comes_back(capsys):
    client = Client()
    client.get("/login/?next=/mine/")
    planted = client.session.session_key
    assert client.post("/login/", {"phone": "13800000001", "next": "/mine/"}).url == "/login/code/"
    code = re.search(r"\b(\d{6})\b", capsys.readouterr().out)[1]
    wrong = client.post("/login/code/", {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 401
    answer = client.post("/login/code/", {"code": code})
    assert answer.url == "/mine/"
    assert client.session.session_key != planted
    assert client.get("/mine/").content.decode().startswith("account:")


def test_a_wrong_phone_number_keeps_what_was_typed_and_names_the_field():
    answer = Client().post("/login/", {"phone": "12"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="12"' in text
    assert 'href="#q-phone"' in text


def test_staff_need_the_second_factor_and_set_it_up_the_first_time():
    account("desk", is_staff=True)
    client = Client()
    assert client.post("/staff/login/", {"username": "desk", "password": "wrong"}).status_code == 401
    right = {"username": "desk", "password": "correct horse battery", "next": "/desk/"}
    assert client.post("/staff/login/", right).url == "/staff/login/enrol/"
    page = client.get("/staff/login/enrol/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)[1]
    assert secret in client.post("/staff/login/enrol/", {"code": "12"}).content.decode()
    assert client.post("/staff/login/enrol/", {"code": pyotp.TOTP(secret).now()}).url == "/desk/"


def test_an_issued_password_opens_nothing_but_the_page_to_change_it():
    from datetime import timedelta

    person = account("clerk", is_staff=True, one_time_until=clock.now() + timedelta(days=1))
    client = Client()
    issued = {"username": "clerk", "password": "correct horse battery", "next": "/desk/"}
    assert client.post("/staff/login/", issued).url == "/staff/login/enrol/"
    secret = re.search(r"<code>(\w+)</code>", client.get("/staff/login/enrol/").content.decode())[1]
    assert client.post("/staff/login/enrol/", {"code": pyotp.TOTP(secret).now()}).url == "/staff/login/password/"
    assert "_auth_user_id" not in client.session
    own = "my own horse 77"
    for sent, field in (
        ({"password": own, "again": "another"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": issued["password"], "again": issued["password"]}, "password"),
    ):
        answer = client.post("/staff/login/password/", sent)
        assert answer.status_code == 422
        assert f'href="#q-{field}"' in answer.content.decode()
        assert own not in answer.content.decode()
    assert client.post("/staff/login/password/", {"password": own, "again": own}).url == "/desk/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert Client().get("/staff/login/password/").url == "/staff/login/"


def test_logging_out_forgets_everything():
    client = client_of(account())
    assert "没有留下您的资料" in client.post("/logout/").content.decode()
    assert client.get("/mine/").status_code == 302


def test_nobody_acts_as_somebody_else():
    assert client_of(account()).post("/acting/", {"acting": "member:999"}).status_code == 404
    assert client_of(account("two")).post("/acting/", {"acting": "self", "next": "/mine/"}).url == "/mine/"


@override_settings(FAWANG_IS_DEMONSTRATION=False)
def test_the_style_page_is_not_there_in_earnest():
    assert Client().get("/styles/").status_code == 404


def test_the_demonstration_says_so_on_every_page():
    assert "机构与人员均为虚构" in Client().get("/login/").content.decode()
