"""Reading and acting on orders: what the relation allows; not yours looks like not there."""

import pytest

from fawang.base.workorders.tests.factories import drive, file
from fawang.front.api.tests.factories import demand, person
from fawang.front.api.tests.factories import partner as make_partner


@pytest.fixture
def number(partner):
    """An order the partner filed; it was dispatched to the committee."""
    return partner.post("/orders", demand()).json()["number"]


PATHS = ["", "/timeline", "/clocks", "/actions"]


@pytest.mark.parametrize("path", PATHS)
def test_its_registrar_reads_it_and_another_partner_does_not_find_it(partner, other, number, path):
    assert partner.get(f"/orders/{number}{path}").status_code == 200
    refused = other.get(f"/orders/{number}{path}")
    assert refused.status_code == 404
    assert refused.json() == other.get(f"/orders/PLS20260928510107010000001{path}").json()


@pytest.mark.parametrize("path", [*PATHS, "/messages"])
def test_its_unit_reads_it_and_another_unit_does_not_find_it(world, number, path):
    assert person(world.liaison).get(f"/orders/{number}{path}").status_code == 200
    assert person(world.firm_liaison).get(f"/orders/{number}{path}").status_code == 404


def test_an_order_has_names_in_both_languages_and_no_ids(partner, number):
    response = partner.get(f"/orders/{number}")
    order = response.json()
    assert order["state"] == "DISPATCHED"
    assert set(order["state_name"]) == {"zh", "en"}
    assert order["unit"]["name"] == "武侯调委会"
    assert response.headers["ETag"] == f'"{order["version"]}"'
    assert not {"id", "unit_id", "handler_id", "applicant_id", "registrar"} & set(order)


def test_sensitive_answers_are_masked(partner, number):
    response = partner.get(f"/orders/{number}")
    assert "13900001234" not in response.content.decode()
    assert response.json()["answers"]["other_phone"].startswith("13")


def test_the_clocks_say_why(partner, number):
    clocks = partner.get(f"/orders/{number}/clocks").json()
    assert clocks
    assert all(row["zh"] and row["en"] and row["basis"] for row in clocks)


def test_actions_come_with_their_forms_and_can_be_done(world, number):
    liaison = person(world.liaison)
    offered = {row["code"]: row for row in liaison.get(f"/orders/{number}/actions").json()}
    assert "sign" in offered
    version = liaison.get(f"/orders/{number}").json()["version"]
    done = liaison.post(f"/orders/{number}/actions/sign", {"version": version})
    assert done.status_code == 200, done.json()
    assert done.json()["state"] == "SIGNED"
    assign = liaison.post(f"/orders/{number}/actions/assign", {"data": {"handler": world.handler_token()}})
    assert assign.status_code == 200, assign.json()


def test_a_stale_version_is_a_conflict_by_body_and_by_header(world, number):
    liaison = person(world.liaison)
    for body, headers in (({"version": 1}, {}), ({}, {"If_Match": '"1"'})):
        refused = liaison.post(f"/orders/{number}/actions/sign", body, **headers)
        assert refused.status_code == 409
        assert refused.json()["code"] == "workorders.stale"
    assert liaison.get(f"/orders/{number}").json()["state"] == "DISPATCHED"


def test_version_and_header_that_differ_or_mean_nothing_are_refused(world, number):
    liaison = person(world.liaison)
    assert liaison.post(f"/orders/{number}/actions/sign", {"version": 1}, If_Match='"2"').status_code == 422
    assert liaison.post(f"/orders/{number}/actions/sign", {}, If_Match="yesterday").status_code == 422


def test_a_repeated_action_gets_the_same_bytes(world, number):
    liaison = person(world.liaison)
    first = liaison.post(f"/orders/{number}/actions/sign", {}, Idempotency_Key="one")
    again = liaison.post(f"/orders/{number}/actions/sign", {}, Idempotency_Key="one")
    assert (first.status_code, first.content) == (200, again.content)
    other = liaison.post(f"/orders/{number}/actions/sign", {"data": {"note": "x"}}, Idempotency_Key="one")
    assert other.json()["code"] == "key_reused"


def test_refusals_of_actions_are_told_apart(world, partner, other, number):
    liaison = person(world.liaison)
    assert liaison.post(f"/orders/{number}/actions/approve", {}).status_code == 403
    assert liaison.post(f"/orders/{number}/actions/no_such", {}).status_code == 409
    liaison.post(f"/orders/{number}/actions/sign", {})
    assert liaison.post(f"/orders/{number}/actions/sign", {}).json()["code"] == "workorders.wrong_state"
    assert other.post(f"/orders/{number}/actions/urge", {}).status_code == 404
    assert liaison.post(f"/orders/{number}/actions/assign", {}).json()["fields"]


def test_the_applicant_rates_a_result_once_it_was_told(world):
    number = drive(world, file(world, plan=None), "DONE")
    citizen = person(world.citizen)
    offered = {row["code"] for row in citizen.get(f"/orders/{number}/actions").json()}
    assert "rate" in offered
    rated = citizen.post(f"/orders/{number}/actions/rate", {"data": {"grade": "5", "text": "谢谢"}})
    assert rated.status_code == 200, rated.json()
    assert citizen.get(f"/orders/{number}").json()["grade"] == 5
    assert person(world.other_citizen).post(f"/orders/{number}/actions/rate", {}).status_code == 404


def test_lists_hold_what_one_may_see_and_go_on_where_they_stopped(world, partner, other):
    filed = [partner.post("/orders", demand()).json()["number"] for _ in range(3)]
    first = partner.get("/orders", {"limit": 2}).json()
    second = partner.get("/orders", {"limit": 2, "after": first["next"]}).json()
    assert [row["number"] for row in first["rows"] + second["rows"]] == filed[::-1]
    assert (first["count"], second["next"]) == (3, "")
    assert other.get("/orders").json()["rows"] == []
    assert [r["number"] for r in partner.get("/orders", {"text": filed[0]}).json()["rows"]] == [filed[0]]
    assert partner.get("/orders", {"state": "CLOSED"}).json()["count"] == 0


def test_queues_are_the_staffs(world, number):
    rows = person(world.liaison).get("/orders", {"queue": "unit"}).json()["rows"]
    assert [row["number"] for row in rows] == [number]
    assert "*" in rows[0]["applicant"] or "某" in rows[0]["applicant"]
    assert person(world.firm_liaison).get("/orders", {"queue": "unit"}).json()["rows"] == []
    assert person(world.liaison).get("/orders", {"queue": "nothing"}).status_code == 422


@pytest.mark.parametrize("after", ["1", "²", "9" * 399, "x\x00", "é"])
def test_a_made_up_place_in_a_list_is_refused(partner, after):
    assert partner.get("/orders", {"after": after}).status_code == 422
    assert partner.get("/institutions", {"after": after}).status_code == 422


def test_a_systems_key_with_a_role_of_staff_works_like_staff(world, number):
    system = make_partner(world.committee, "INSTITUTION_ADMIN")
    assert system.get(f"/orders/{number}").status_code == 200
    done = system.post(f"/orders/{number}/actions/sign", {})
    assert done.status_code == 200, done.json()


def test_a_draft_is_filled_in_step_by_step_and_sent(world):
    citizen = person(world.citizen)
    body = demand(applicant="me")
    begun = citizen.post("/drafts", {"service_code": body["service_code"], "applicant": "me"}, Idempotency_Key="d")
    draft = begun.json()["draft"]
    assert begun.status_code == 201
    again = citizen.post("/drafts", {"service_code": body["service_code"], "applicant": "me"}, Idempotency_Key="d")
    assert again.content == begun.content
    too_early = citizen.post(f"/drafts/{draft}/submit", {})
    assert too_early.status_code == 422
    filled = citizen.send("PATCH", f"/drafts/{draft}", {"answers": body["answers"]})
    assert filled.status_code == 200, filled.json()
    stale = citizen.send("PATCH", f"/drafts/{draft}", {"answers": {"story": "别的"}, "version": 1})
    assert stale.status_code == 409
    assert person(world.other_citizen).send("PATCH", f"/drafts/{draft}", {"answers": {}}).status_code == 404
    sent = citizen.post(f"/drafts/{draft}/submit", {})
    assert sent.status_code == 201, sent.json()
    assert sent.json()["query_code"]


def test_an_order_is_tracked_with_number_code_and_four_digits(world, partner):
    from django.test import Client

    from fawang.front.api.tests.factories import Caller

    body = demand()
    told = partner.post("/orders", body).json()
    visitor = Caller(client=Client())
    asked = {"number": told["number"], "code": told["query_code"], "phone_last_four": body["applicant"]["phone"][-4:]}
    found = visitor.get("/track", asked)
    assert found.status_code == 200, found.json()
    assert found.json()["state"] == "DISPATCHED"
    assert "answers" not in found.json()
    for wrong in ({"code": "AAAAAAAA"}, {"phone_last_four": "0000"}, {"number": "PLS1"}):
        assert visitor.get("/track", asked | wrong).status_code == 404
    for _ in range(10):
        last = visitor.get("/track", asked | {"code": "AAAAAAAA"})
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0
