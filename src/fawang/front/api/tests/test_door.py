"""The door: keys, sessions, the one shape of refusals, odd bodies, speed limits, the committed document."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fawang.base.identity import services as identity
from fawang.base.identity.tests.factories import Collected, phone
from fawang.base.organisations import services
from fawang.base.organisations.models import ApiKey
from fawang.front.api import limits, v1
from fawang.front.api.errors import TooFast
from fawang.front.api.limits import Buckets, Rate
from fawang.front.api.tests.factories import SYSTEM, Caller, demand, key_of, person
from fawang.front.frame import doors
from fawang.kernel import clock, policy
from fawang.kernel.policy import VISITOR, Scope

COMMITTED = Path(__file__).resolve().parents[5] / "docs" / "reference" / "openapi.json"
SHAPE = {"code", "message", "fields", "retry"}


def operations():
    for path, entry in v1.api.make_document()["paths"].items():
        for method, about in entry.items():
            yield method.upper(), path.removeprefix("/api/v1"), about


def url_of(path):
    for name in ("number", "code", "token", "draft", "action"):
        path = path.replace(f"{{{name}}}", "nothing")
    return path


# --- rights ------------------------------------------------------------------------------------------------------
def test_every_operation_names_a_permission_and_every_answer():
    unbound = [path for _method, path, about in operations() if not about.get("x-permission")]
    assert unbound == []
    for _method, path, about in operations():
        assert about["x-permission"] in policy.permissions(), path
        assert {"400", "401", "403", "404", "409", "422", "429", "503"} < set(about["responses"]), path
    for part in v1.api._routers:
        for view in part[1].path_operations.values():
            for operation in view.operations:
                mark = doors.requirement_of(operation.view_func)
                assert mark is not None
                assert operation.auth_callbacks[0].permission == mark.permission


@pytest.mark.parametrize("role", ["VISITOR", "ANALYST", "PARTNER_COURT", "PARTNER_12345", "HANDLER", "RECEPTIONIST"])
def test_a_role_enters_only_where_the_table_lets_it(world, role):
    caller = Caller() if role == "VISITOR" else Caller(key_of(world.far_centre, role))
    table = {(row.permission, row.role) for row in policy.table()}
    wrong = []
    for method, path, about in operations():
        response = caller.send(method, url_of(path), {}) if method != "GET" else caller.get(url_of(path))
        permission = about["x-permission"]
        may = Scope.ANYONE in policy.scopes(VISITOR, permission) or (permission, role) in table
        refused = response.status_code in {401, 403}
        if response.status_code >= 500 or (not may and not refused):
            wrong.append((method, path, response.status_code))
        if response.status_code >= 400 and set(response.json()) != SHAPE:
            wrong.append((method, path, "shape"))
    assert wrong == []


def test_an_operation_bound_to_nothing_lets_nobody_in(rf):
    from fawang.front.api.auth import nobody
    from fawang.kernel.errors import NotPermitted

    with pytest.raises(NotPermitted):
        nobody(rf.get("/"))


# --- keys --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("header", ["Bearer", "Bearer nonsense", "Basic abc", "Bearer fwk_x_y", "Bearer " + "k" * 500])
def test_a_key_that_does_not_work_is_refused_with_how_to_log_in(world, header):
    response = Client().get("/api/v1/orders", headers={"Authorization": header})
    assert response.status_code == 401
    assert set(response.json()) == SHAPE
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_key_and_session_nobody_reads_orders(world):
    assert Caller().get("/orders").json()["code"] == "not_logged_in"


def test_a_key_costs_one_statement_and_is_kept_for_ten_seconds(world):
    caller = Caller(key_of(world.centre, "PARTNER_12345"))
    with CaptureQueriesContext(connection) as first:
        caller.get("/services/NO_SUCH")
    with CaptureQueriesContext(connection) as second:
        caller.get("/services/NO_SUCH")
    assert len(first) - len(second) == 1
    assert not [query for query in second.captured_queries if "session" in query["sql"]]


def test_a_revoked_key_ends_within_ten_seconds(world):
    caller = Caller(key_of(world.centre, "PARTNER_12345"))
    assert caller.get("/orders").status_code == 200
    services.revoke_key(SYSTEM, ApiKey.objects.get().pk, reason="test")
    clock.advance(timedelta(seconds=11))
    assert caller.get("/orders").status_code == 401


# --- odd requests ------------------------------------------------------------------------------------------------
DEEP = '{"answers":' + "[" * 60 + "]" * 60 + "}"
ODD = {
    "not json": "{",
    "empty": "",
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "deep": DEEP,
    "very deep": "[" * 100_000,
    "nul": '{"service_code": "A\\u0000B"}',
    "half a character": '{"service_code": "\\ud800"}',
    "not a number": '{"people_count": NaN}',
    "infinite": '{"people_count": 1e999}',
    "huge": '{"people_count": ' + "9" * 5_000 + "}",
    "not utf-8": b'{"title": "\xff\xfe"}',
    "long": json.dumps({"title": "x" * 1_100_000}),
    "names": json.dumps({"answers": {"x" * 5_000: 1}}),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_body_is_refused_in_the_one_shape(partner, name):
    for method, path in (("POST", "/orders"), ("POST", "/calls"), ("PATCH", "/drafts/abc"), ("POST", "/drafts")):
        response = partner.send(method, path, ODD[name], Idempotency_Key="k")
        assert response.status_code in {400, 422}, (path, response.status_code)
        assert set(response.json()) == SHAPE


@pytest.mark.parametrize(
    "path",
    [
        "/orders?text=%00", "/orders?limit=99999999999999999999", "/orders?limit=x", "/divisions?parent=1%00",
        "/events?after=-1", "/events?after=99999999999999999999999", "/institutions?division=%27",
        "/institutions/nothing/slots?from_date=9999-12-31", "/institutions?text=%00", "/orders?state=%00",
    ],
)  # fmt: skip
def test_an_odd_query_is_refused_in_the_one_shape(partner, path):
    response = partner.get(path)
    assert response.status_code == 422
    assert set(response.json()) == SHAPE


@pytest.mark.parametrize("number", ["%00", "²", "PLS%F0%9F", "' OR 1=1", "%ff", "x" * 61, "../admin"])
def test_an_odd_number_names_no_order(partner, number):
    assert partner.get(f"/orders/{number}").status_code in {404, 422}


def test_refusals_never_repeat_what_was_sent(partner):
    secret = "510107199003078888"
    body = demand(answers={secret: secret, "story": [secret], "other_phone": secret}, title=secret)
    body["applicant"] = {"name": secret, "id_no": secret, secret: secret}
    for sent in (body, {**body, "applicant": {"name": secret, "id_no": secret}}):
        response = partner.post("/orders", sent)
        assert response.status_code == 422
        text = response.json()
        assert secret not in json.dumps(list(text["fields"].values())) + text["message"]


def test_another_content_type_is_refused(partner):
    response = partner.client.post(
        "/api/v1/orders", "{}", content_type="text/plain", headers={"Authorization": f"Bearer {partner.key}"}
    )
    assert (response.status_code, response.json()["code"]) == (400, "api.not_json")


@pytest.mark.parametrize(("method", "path", "status"), [("DELETE", "/orders", 405), ("GET", "/nothing", 404),
                                                        ("POST", "/orders/", 404)])  # fmt: skip
def test_wrong_paths_and_methods_are_told_in_the_one_shape(partner, method, path, status):
    response = partner.send(method, path, {})
    assert response.status_code == status
    assert set(response.json()) == SHAPE


def test_a_lost_database_is_worth_a_retry(partner):
    from django.db import OperationalError

    from fawang.front.api.refusals import _of_database

    response = _of_database(None, OperationalError("password of somebody"))
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert json.loads(response.content)["retry"] is True
    assert "password" not in response.content.decode()


# --- speed limits ------------------------------------------------------------------------------------------------
def test_a_bucket_empties_and_fills_again():
    buckets, rate = Buckets(), Rate(per_second=2, burst=3)
    with clock.at(clock.now()):
        for _ in range(3):
            buckets.spend("a", rate)
        with pytest.raises(TooFast) as refused:
            buckets.spend("a", rate)
        assert refused.value.data["wait_seconds"] == 1
        buckets.spend("b", rate)
        clock.advance(timedelta(seconds=1))
        buckets.spend("a", rate)


def test_an_address_that_asks_too_fast_is_told_when_to_come_back(world):
    visitor = Caller()
    statuses = [visitor.get("/services/x").status_code for _ in range(limits.OF_ADDRESSES.burst + 1)]
    assert statuses[-1] == 429
    response = visitor.get("/services/x")
    assert response.headers["Retry-After"] == "1"
    assert response.json()["retry"] is True


# --- sessions ----------------------------------------------------------------------------------------------------
def test_a_person_logs_in_with_a_code_acts_and_logs_out(world, settings):
    sender, number = Collected(), phone()
    identity.register_sender("test-api", sender)
    settings.FAWANG_SMS_SENDER = "test-api"
    caller = Caller(client=Client(enforce_csrf_checks=True))
    assert caller.send("POST", "/sessions/code", {"phone": number}).json() == {"is_sent": True}
    assert caller.send("POST", "/sessions", {"phone": number, "code": "000000"}).status_code == 401
    opened = caller.send("POST", "/sessions", {"phone": number, "code": sender.code})
    assert opened.status_code == 201, opened.json()
    assert opened.json()["roles"] == ["CITIZEN"]
    token = caller.get("/sessions/me").json()["csrf_token"]
    begin = {"service_code": "MEDIATION_PEOPLE"}
    assert caller.post("/drafts", begin).json()["code"] == "api.foreign_page"
    assert caller.post("/drafts", begin, X_CSRFToken=token).status_code == 201
    assert caller.send("POST", "/sessions/acting", {"key": "member:1"}, X_CSRFToken=token).status_code == 404
    assert caller.send("DELETE", "/sessions", {}, X_CSRFToken=token).status_code == 200
    assert caller.get("/sessions/me").status_code == 401


def test_staff_choose_as_whom_they_act(world):
    caller = person(world.liaison)
    told = caller.get("/sessions/me").json()
    key = told["ways"][0]["key"]
    assert caller.send("POST", "/sessions/acting", {"key": key}).json()["acting"] == key
    keyed = Caller(key_of(world.centre, "ANALYST"))
    assert keyed.get("/sessions/me").status_code == 404
    assert keyed.send("DELETE", "/sessions").status_code == 404


# --- the document ------------------------------------------------------------------------------------------------
def test_the_committed_document_is_what_the_api_is():
    assert COMMITTED.read_text(encoding="utf-8") == v1.text(), "run fawang api schema"
    call_command("api", "schema", "--check")


def test_document_and_page_are_open_and_safe(db):
    client = Client()
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert client.get("/api/").headers["Location"] == "/api/v1/docs"
    text = page.content.decode()
    assert "swagger-ui-bundle.js" in text
    assert "<script>" not in text
    assert " style=" not in text
    assert "https://" not in text
