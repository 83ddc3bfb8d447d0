"""Who gets in, where the others are sent, and what refusals look like."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from fawang.front.frame import checks, refusals
from fawang.front.frame.doors import requirement_of
from fawang.front.frame.tests import urls
from fawang.front.frame.tests.factories import account, client_of
from fawang.kernel import clock
from fawang.kernel.policy import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fawang.front.frame.tests.urls")]
BOTH = pytest.mark.parametrize(("language", "words"), [("zh-hans", "您可以这样做"), ("en", "What you can do")])


def test_a_view_without_a_permission_is_refused():
    with pytest.raises(ImproperlyConfigured, match="forgotten"):
        Client().get("/forgotten/")


def test_the_start_up_check_names_the_forgotten_view():
    found = checks.every_view_names_a_declared_permission(None)
    assert [problem.id for problem in found] == ["frame.E001"]
    assert "/forgotten/" in found[0].msg


def test_every_view_of_the_frame_says_its_permission():
    for route, view in checks.views():
        assert requirement_of(view) or view is urls.forgotten, route


@BOTH
@pytest.mark.parametrize("status", sorted(urls.REFUSALS))
def test_each_refusal_is_a_page_with_what_to_do_and_whom_to_call(status, language, words):
    response = Client(headers={"accept-language": language}).get(f"/refuse/?status={status}")
    text = response.content.decode()
    assert response.status_code == status
    assert words in text
    assert "tel:12348" in text
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in text
    assert response["Content-Language"] == language


def test_english_refusals_have_no_chinese_left():
    response = Client(headers={"accept-language": "en"}).get("/refuse/?status=409")
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in main)


@BOTH
def test_an_unknown_address_is_a_page_too(language, words):
    response = Client(headers={"accept-language": language}).get("/nowhere/")
    assert response.status_code == 404
    assert words in response.content.decode()


def test_the_unexpected_becomes_the_plain_page_without_details():
    response = Client(raise_request_exception=False).get("/broken/")
    assert response.status_code == 500
    assert "系统出了问题" in response.content.decode()
    assert "secret detail" not in response.content.decode()


def test_not_yours_looks_like_not_there():
    refused = client_of(account()).get("/thing/5101-1/")
    assert refused.status_code == 404
    assert "5101-1" not in refused.content.decode().split("<main")[1]


def test_the_api_gets_json_and_htmx_a_small_alert():
    answer = Client().get("/api/refuse/?status=409")
    assert answer.json()["error"]["code"] == "conflict"
    fragment = Client().get("/refuse/?status=409", headers={"hx-request": "true"})
    assert fragment.status_code == 409
    assert fragment.content.decode().startswith('<div class="alert')


def test_too_many_tries_says_when_to_come_back():
    assert Client().get("/refuse/?status=429")["Retry-After"] == "120"


@pytest.mark.parametrize(("path", "login"), [("/desk/", "/staff/login/"), ("/mine/", "/login/")])
def test_a_visitor_is_sent_to_the_right_log_in_and_back(path, login):
    response = Client().get(path + "?a=1")
    assert response.status_code == 302
    assert response.url == f"{login}?next={path.replace('/', '%2F')}%3Fa%3D1"


def test_a_form_sent_after_log_out_is_told_that_nothing_was_saved():
    response = Client().post("/mine/", {"text": "x"}, headers={"referer": "http://testserver/mine/?step=2"})
    text = response.content.decode()
    assert response.status_code == 401
    assert "没有保存" in text
    assert "/login/?next=%2Fmine%2F%3Fstep%3D2" in text


def test_htmx_is_sent_to_the_log_in_page_as_a_whole():
    response = Client().get("/mine/", headers={"hx-request": "true", "hx-current-url": "http://testserver/mine/"})
    assert response["HX-Redirect"] == "/login/?next=%2Fmine%2F"


@pytest.mark.parametrize(
    "bad", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "x"]
)
def test_a_foreign_next_is_ignored(bad, rf):
    assert refusals.safe_next(rf.get("/"), bad) == "/"


def test_a_page_behind_log_in_is_never_cached():
    response = client_of(account()).get("/mine/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


def test_when_a_way_to_act_has_ended_the_person_chooses_again():
    client = client_of(account(), acting="member:999")
    assert client.get("/mine/").url == "/acting/?next=%2Fmine%2F"
    assert client.post("/mine/").status_code == 403
    page = client.get("/acting/?next=/mine/")
    assert "任职已经结束" in page.content.decode()
    assert client.post("/acting/", {"acting": "self", "next": "/mine/"}).url == "/mine/"
    assert client.get("/mine/").status_code == 200


@pytest.fixture
def member(monkeypatch):
    """Somebody acting as a member: which memberships there are is the organisations room's affair."""
    from fawang.front.frame import doors

    def acting(person, key=""):
        return Actor(ref=f"account:{person.pk}", roles=frozenset({"HANDLER"}), account_id=person.pk, member_id=1)

    monkeypatch.setattr(doors.organisations, "actor_for", acting)
    return account("desk", is_staff=True)


def test_an_idle_staff_session_ends_and_keeps_where_it_was(member):
    start = clock.now()
    with clock.at(start):
        client = client_of(member)
        assert client.get("/desk/").status_code == 200
        clock.move_to(start + timedelta(seconds=settings.FAWANG_STAFF_IDLE_SECONDS - 5))
        assert client.get("/desk/").status_code == 200
        clock.advance(timedelta(seconds=settings.FAWANG_STAFF_IDLE_SECONDS + 5))
        response = client.get("/desk/?q=1")
        assert response.url == "/staff/login/?next=%2Fdesk%2F%3Fq%3D1&expired=1"
        assert client.get("/desk/").status_code == 302


def test_a_form_sent_from_an_idle_session_is_not_saved_and_says_why(member):
    start = clock.now()
    with clock.at(start):
        client = client_of(member)
        client.get("/desk/")
        clock.advance(timedelta(seconds=settings.FAWANG_STAFF_IDLE_SECONDS + 1))
        response = client.post("/desk/", headers={"referer": "http://testserver/desk/"})
        assert response.status_code == 401
        assert "有一段时间没有操作" in response.content.decode()
