"""Accounts, roles, keys, the calendar, permissions and the record, in the browser; and what every page keeps to."""

import re
from datetime import timedelta

import pyotp
from django.contrib.auth import get_user_model
from django.test import Client

from fawang.base.calendar import selectors as calendar
from fawang.base.identity import selectors as identity
from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.tests.factories import drive, file
from fawang.front.workbench.administration.permission_words import WORDS
from fawang.front.workbench.tests.factories import client_of, day, issued_password, text_of, unit_url
from fawang.kernel import clock, policy
from fawang.kernel.events import selectors as events
from fawang.kernel.outbox import services as outbox

OWN = "My-own-horse-2026"
HAN = re.compile("[\u4e00-\u9fff]+")


# --- accounts and roles ----------------------------------------------------------------------------------------------
def log_in(username, password, secret=""):
    """A browser after name, password and second factor, and the answer to the last of them."""
    client = Client(headers={"accept-language": "zh-hans"})
    step = client.post("/staff/login/", {"username": username, "password": password, "next": "/work/me/"})
    if step.url == "/staff/login/enrol/":
        secret = re.search(r"<code>(\w+)</code>", text_of(client.get(step.url)))[1]
    return client, client.post(step.url, {"code": pyotp.TOTP(secret).at(int(clock.now().timestamp()))})


def test_an_account_comes_to_life_by_two_administrators_and_its_own_person(staff):
    system, security = client_of(staff.sysadmin), client_of(staff.secadmin)
    assert security.get("/work/admin/accounts/new/").status_code == 403
    assert system.post("/work/admin/accounts/new/", {"username": "9", "display_name": ""}).status_code == 422
    new = {"username": "zhang.san", "display_name": "张三"}
    answer = system.post("/work/admin/accounts/new/", new)
    password = issued_password(answer)
    assert system.post("/work/admin/accounts/new/", new).status_code == 409
    roles = unit_url(staff.token("centre"), "accounts/")
    give = {"username": "zhang.san", "role": "JUSTICE_ADMIN_COUNTY"}
    assert system.post(roles, give).status_code == 403
    assert security.post(roles, {**give, "username": "no.body"}).status_code == 422
    assert security.post(roles, give).status_code == 302
    client, asked = log_in("zhang.san", password)
    assert asked.url == "/staff/login/password/"
    assert client.get("/work/").status_code == 302
    assert client.post(asked.url, {"password": OWN, "again": OWN}).url == "/work/me/"
    assert "县司法局管理员" in text_of(client.get("/work/me/"))
    assert client.get("/work/people/").status_code == 200


def test_passwords_authenticators_and_locks_are_parted_between_administrators(staff):
    account = identities.make_staff_account("li.si", display_name="李四")
    url = f"/work/admin/accounts/{account.token}/"
    system, security, audit = client_of(staff.sysadmin), client_of(staff.secadmin), client_of(staff.auditor)
    assert "发一次性密码" in text_of(system.get(url))
    assert "发一次性密码" not in text_of(security.get(url))
    assert "解除验证器" not in text_of(system.get(url))
    for client, act in (
        (security, "issue-password"),
        (system, "reset-authenticator"),
        (system, "unlock"),
        (audit, "close"),
    ):
        assert client.post(f"{url}{act}/", {"reason": "试试"}).status_code == 403, act
    password = issued_password(system.post(url + "issue-password/"))
    _client, asked = log_in("li.si", password, identities.SECRET)
    assert asked.url == "/staff/login/password/"
    without = security.post(url + "reset-authenticator/", {"reason": " "})
    assert without.status_code == 422
    assert 'href="#q-totp_reason"' in text_of(without)
    assert security.post(url + "reset-authenticator/", {"reason": "手机丢失"}).status_code == 302
    assert not identity.account_of_token(staff.secadmin, account.token).has_authenticator
    for _time in range(7):
        Client().post("/staff/login/", {"username": "li.si", "password": "wrong"})
    assert "暂时锁定到" in text_of(security.get(url))
    assert security.post(url + "unlock/").status_code == 302
    assert "暂时锁定到" not in text_of(security.get(url))
    assert security.post(url + "close/", {"reason": ""}).status_code == 422
    assert system.post(url + "close/", {"reason": "离职"}).status_code == 302
    assert "li.si" in text_of(system.get("/work/admin/accounts/?state=closed"))
    assert system.post(url + "reopen/").status_code == 302
    assert system.post(url + "nonsense/").status_code == 404


def test_an_institutions_administrator_makes_colleagues_and_ends_their_roles(staff):
    client, token = client_of(staff.liaison), staff.token("committee")
    url = unit_url(token, "accounts/")
    new = {"new_username": "new.mediator", "new_display_name": "新调解员", "new_role": "HANDLER"}
    assert client.post(url + "new/", {**new, "new_role": "SUPERVISOR"}).status_code == 403
    assert issued_password(client.post(url + "new/", new))
    page = text_of(client.get(url))
    assert "new.mediator" in page
    account = identity.account_by_username(staff.secadmin, "new.mediator")
    assert client.post(url, {"username": "new.mediator", "role": "REVIEWER"}).status_code == 302
    assert issued_password(client.post(f"{url}{account.pk}/password/"))
    liaison = staff.liaison.account_id
    assert client.post(f"{url}{liaison}/password/").status_code in {403, 404}
    stranger = staff.city_mediator.account_id
    assert client.post(f"{url}{stranger}/password/").status_code == 404
    row = next(
        row
        for row in organisations.members(staff.liaison, staff.committee)
        if row.role == "REVIEWER" and row.username == "new.mediator"
    )
    end = f"/work/admin/institutions/role/{row.id}/end/"
    assert client.post(end, {"reason": ""}).status_code == 422
    assert client.post(end, {"reason": "调岗"}).status_code == 302
    assert "调岗" in text_of(client.get(url))
    assert client_of(staff.city_liaison).get(end).status_code == 404


def test_one_changes_the_own_password_and_the_other_devices_are_out(staff):
    account = get_user_model().objects.get(pk=staff.mediator.account_id)
    here, there = client_of(staff.mediator), client_of(staff.mediator)
    sent = {"old": identities.PASSWORD, "password": OWN, "again": OWN}
    assert 'href="#q-again"' in text_of(here.post("/work/me/password/", {**sent, "again": "x"}))
    assert here.post("/work/me/password/", {**sent, "old": "wrong"}).status_code == 401
    assert here.post("/work/me/password/", sent).status_code == 302
    account.refresh_from_db()
    assert account.check_password(OWN)
    assert here.get("/work/me/").status_code == 200
    assert there.get("/work/me/").url.startswith("/staff/login/")


def test_one_changes_the_own_authenticator(staff):
    client = client_of(staff.mediator)
    url = "/work/me/authenticator/"
    assert client.post(url, {"code": "000000"}).status_code == 401
    page = text_of(client.post(url, {"code": identities.totp_code()}))
    secret = re.search(r"<code>(\w+)</code>", page)[1]
    again = client.post(url, {"step": "finish", "code": "000000"})
    assert again.status_code == 401
    assert secret in text_of(again)
    assert client.post(url, {"step": "finish", "code": identities.totp_code(secret)}).status_code == 302
    events_of = [row.name for row in events.stream(staff.mediator.ref)]
    assert "identity.totp_changed.v1" in events_of


# --- keys ------------------------------------------------------------------------------------------------------------
def test_a_partners_key_is_shown_once_works_and_is_revoked(staff):
    client = client_of(staff.secadmin)
    url = "/work/admin/partner-keys/"
    wrong = client.post(url, {"unit": "没有这一家", "name": "", "roles": []})
    assert wrong.status_code == 422
    sent = {"unit": "武侯中心", "name": "法院转办", "roles": ["PARTNER_COURT"], **day("valid_to", 2027, 1, 1)}
    shown = client.post(url, sent)
    plain = re.search(r"fwk_\w+?_[\w-]+", text_of(shown))[0]
    assert organisations.actor_for_key(plain).unit_id == staff.centre
    listed = text_of(client.get(url))
    assert "法院转办" in listed
    assert plain not in listed
    [key] = organisations.all_keys(staff.secadmin).rows
    assert client.post(f"{url}{key.id}/revoke/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}{key.id}/revoke/", {"reason": "泄露"}).status_code == 302
    assert "已吊销" in text_of(client.get(url))


# --- calendar --------------------------------------------------------------------------------------------------------
def test_a_day_is_set_and_the_moved_limits_are_counted(staff):
    number = drive(staff, file(staff), "HANDLING")
    last = clock.local(orders.get(staff.mediator, number).due_at - timedelta(seconds=1)).date()
    client = client_of(staff.department)
    url = "/work/admin/calendar/"
    page = text_of(client.get(url))
    for shown in ("国务院已公布", "推算，等公布", "2026 年和平常不一样的日子"):
        assert shown in page
    sent = {**day("date", last.year, last.month, last.day), "is_working": "off", "name": "示例假", "reason": "示例通知"}
    for wrong, field in (
        ({"reason": ""}, "reason"),
        ({"is_working": ""}, "is_working"),
        (day("date", 2026, 2, 30), "date"),
    ):
        answer = client.post(url + "day/", {**sent, **wrong})
        assert answer.status_code == 422
        assert f'href="#q-{field}"' in text_of(answer)
    assert client.post(url + "day/", {**sent, **day("date", 2031, 1, 1)}).status_code == 422
    assert client.post(url + "day/", sent).status_code == 302
    outbox.drain()
    page = text_of(client.get(url + "?year=2026"))
    assert f"{last} 改为休息" in page
    moved = re.search(r"移动了 (\d+) 件工单的 (\d+) 个时限", page)
    assert (int(moved[1]), int(moved[2]) >= 1) == (1, True)


def test_years_are_loaded_and_computed(staff):
    client = client_of(staff.sysadmin)
    url = "/work/admin/calendar/load/"
    assert client.post(url, {"year": "2028", "act": "compute"}).status_code == 302
    assert 2028 in {row.year for row in calendar.years()}
    for wrong in ({"year": "2028", "act": "load"}, {"year": "2026", "act": "compute"}, {"year": "x"}):
        assert client.post(url, wrong).status_code == 422, wrong
    again = client.post(url, {"year": "2026", "act": "load"}, follow=True)
    assert "已载入 2026 年，0 天有变化" in text_of(again)
    assert client.get("/work/admin/calendar/?year=1999").status_code == 200
    assert client.get("/work/admin/calendar/?year=²").status_code == 200


# --- the record ------------------------------------------------------------------------------------------------------
def test_the_audit_administrator_finds_who_did_what_and_is_recorded_too(staff):
    security = client_of(staff.secadmin)
    account = identities.make_staff_account("wang.wu", display_name="王五")
    security.post(unit_url(staff.token("centre"), "accounts/"), {"username": "wang.wu", "role": "DISPATCHER"})
    Client().post("/staff/login/", {"username": "wang.wu", "password": "wrong"})
    client = client_of(staff.auditor)
    url = "/work/admin/audit/"
    roles = text_of(client.get(url + "?kind=roles&who=wang.wu"))
    assert "授予角色" in roles
    assert "调度员" in roles
    assert "王五，武侯中心" in roles
    assert "共 1 条" in roles
    assert "登录失败" in text_of(client.get(url + "?kind=log_ins&who=wang.wu"))
    today = clock.today().isoformat()
    assert "共 1 条" in text_of(client.get(f"{url}?kind=roles&who=wang.wu&since={today}&until={today}"))
    assert "共 0 条" in text_of(client.get(url + "?kind=roles&since=2027-01-01"))
    assert "没有这个用户名" in text_of(client.get(url + "?who=no.body"))
    read = text_of(client.get(url + "?kind=audit"))
    assert "查阅审计记录" in read
    looked = [row for row in events.stream(staff.auditor.ref) if row.name == "identity.log_read.v1"]
    assert (looked[0].data["kind"], looked[0].data["account"]) == ("roles", account.pk)
    for odd in ("?before=%00", "?before=²", "?since=x", "?who=%00", "?kind=%00"):
        assert client.get(url + odd).status_code == 200, odd


def test_the_record_has_pages_that_follow_one_another(staff):
    for number in range(60):
        identities.make_staff_account(f"many{number}")
    client = client_of(staff.auditor)
    page = text_of(client.get("/work/admin/audit/?kind=accounts"))
    more = re.search(r'href="(\?[^"]*before=\d+[^"]*)"', page)[1].replace("&amp;", "&")
    assert page.count("<tr>") == 51
    assert "建立账号" in text_of(client.get("/work/admin/audit/" + more))


# --- permissions -----------------------------------------------------------------------------------------------------
def test_the_table_of_permissions_is_the_policys(staff):
    client = client_of(staff.auditor)
    page = text_of(client.get("/work/admin/permissions/"))
    for permission in policy.permissions():
        assert f"<code>{permission}</code>" in page, permission
    mine = text_of(client.get("/work/admin/permissions/?role=SEC_ADMIN"))
    held = {row.permission for row in policy.table() if row.role == "SEC_ADMIN"}
    assert set(re.findall(r"<code>([\w.]+)</code>", mine)) == held


def test_no_words_outlive_their_permission():
    assert set(WORDS) <= set(policy.permissions())


# --- every page ------------------------------------------------------------------------------------------------------
def pages(staff):
    services.add_window(institutions.SYSTEM, staff.committee, name="Window")
    [window] = organisations.windows(staff.committee)
    token, person = staff.token("committee"), staff.handler_token()
    account = identity.own_account(staff.mediator)
    row = organisations.members(staff.secadmin, staff.committee)[0]
    return [
        ("department", "/work/admin/institutions/"), ("department", "/work/admin/institutions/new/"),
        ("department", unit_url(token)), ("department", unit_url(token, "edit/")),
        ("department", unit_url(token, "windows/")), ("department", unit_url(token, "windows/new/")),
        ("department", unit_url(token, "rooms/new/")), ("department", f"/work/admin/institutions/window/{window.token}/"),
        ("department", unit_url(token, "people/")), ("department", unit_url(token, "people/new/")),
        ("department", f"/work/admin/institutions/person/{person}/"), ("liaison", unit_url(token, "accounts/")),
        ("liaison", "/work/people/"), ("secadmin", unit_url(token, "accounts/")),
        ("secadmin", f"/work/admin/institutions/role/{row.id}/end/"), ("secadmin", "/work/admin/accounts/"),
        ("sysadmin", "/work/admin/accounts/new/"), ("secadmin", f"/work/admin/accounts/{account.token}/"),
        ("sysadmin", f"/work/admin/accounts/{account.token}/"), ("secadmin", "/work/admin/partner-keys/"),
        ("department", "/work/admin/calendar/"), ("auditor", "/work/admin/audit/"),
        ("auditor", "/work/admin/permissions/"), ("mediator", "/work/me/"),
    ]  # fmt: skip


def test_every_page_keeps_to_the_content_security_policy_and_opens_in_english(staff):
    known = {"开放法网", "中文"}
    for name, path in pages(staff):
        for language in ("zh-hans", "en"):
            answer = client_of(getattr(staff, name), language).get(path)
            text = text_of(answer)
            assert answer.status_code == 200, (name, path)
            ids = re.findall(r'\sid="([^"]+)"', text)
            assert sorted(ids) == sorted(set(ids)), path
            assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son\w+=|<script(?![^>]*\ssrc=)", text), path
        # what is left are names that people gave: of places, institutions and people
        words = re.sub(r"<(option|a|dd|td|th|h1|h2|title|input|textarea|li|span)\b[^>]*>[^<]*", "", text)
        assert set(HAN.findall(words)) <= known, (path, HAN.findall(words))


def test_what_is_posted_to_a_page_that_is_only_read_is_refused_without_a_trace(staff):
    client = client_of(staff.auditor)
    token = staff.token("committee")
    before = len(events.stream(f"institution:{staff.committee}"))
    for path in (
        unit_url(token, "edit/"), unit_url(token, "status/"), unit_url(token, "windows/new/"),
        unit_url(token, "people/new/"), unit_url(token, "people/leave/"), unit_url(token, "accounts/"),
        unit_url(token, "accounts/new/"), "/work/admin/partner-keys/", "/work/admin/calendar/day/",
    ):  # fmt: skip
        assert client.post(path, {"username": "x", "role": "HANDLER", "name": "x"}).status_code in {403, 404, 422}, path
    assert len(events.stream(f"institution:{staff.committee}")) == before
