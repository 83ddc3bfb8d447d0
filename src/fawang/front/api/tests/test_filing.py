"""Filing an order with a key: the receipt, the repeat, the refusals, and what it costs the database."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity.models import Party
from fawang.base.workorders.models import Order
from fawang.front.api.tests.factories import applicant, demand, person
from fawang.front.api.tests.factories import partner as make_partner

MOST_IN_TRANSACTION = 15
MOST_IN_ALL = 18


def test_a_partner_files_for_somebody_and_gets_the_receipt(partner):
    response = partner.post("/orders", demand())
    told = response.json()
    assert response.status_code == 201, told
    assert told["number"].startswith("PLS") and len(told["query_code"]) == 8
    assert told["state"] == "DISPATCHED" and told["due_at"]
    order = Order.objects.get(number=told["number"])
    assert order.channel == "12" and order.registrar.startswith("partner:")


def test_a_repeat_gets_the_same_bytes_and_files_once(partner):
    body = demand()
    first = partner.post("/orders", body, Idempotency_Key="same")
    again = partner.post("/orders", json.dumps(body, indent=3), Idempotency_Key="same")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Order.objects.count() == 1 and Party.objects.filter(name="王示例").count() == 2  # the world has one


def test_the_same_key_with_another_body_is_refused(partner):
    body = demand()
    partner.post("/orders", body, Idempotency_Key="same")
    response = partner.post("/orders", {**body, "title": "别的"}, Idempotency_Key="same")
    assert response.status_code == 422 and response.json()["code"] == "key_reused"
    assert Order.objects.count() == 1


def test_the_same_person_with_another_phone_is_another_body(partner):
    body = demand()
    partner.post("/orders", body, Idempotency_Key="same")
    changed = {**body, "applicant": {**body["applicant"], "phone": "13900009999"}}
    assert partner.post("/orders", changed, Idempotency_Key="same").json()["code"] == "key_reused"


def test_two_partners_may_use_the_same_key(partner, other):
    assert partner.post("/orders", demand(), Idempotency_Key="same").status_code == 201
    assert other.post("/orders", demand(), Idempotency_Key="same").status_code == 201
    assert Order.objects.count() == 2


def test_a_refused_filing_records_nobody(partner):
    before = Party.objects.count()
    response = partner.post("/orders", demand(answers={"story": "x"}))
    assert response.status_code == 422
    assert "answers.claim" in response.json()["fields"]
    assert Party.objects.count() == before and Order.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"applicant": applicant(id_no="510107199003070000")}, "applicant.id_no"),
        ({"applicant": applicant(phone="12")}, "applicant.phone"),
        ({"applicant": "me"}, "applicant"),
        ({"service_code": "NO_SUCH"}, "service_code"),
        ({"channel": "77"}, "channel"),
        ({"title": "字" * 201}, "title"),
        ({"area": "999999"}, "area"),
        ({"surprise": 1}, "surprise"),
        ({"people_count": 10**30}, "people_count"),
        ({"urgency": "U9"}, "urgency"),
        ({"answers": {"nothing_asked": "x"}}, "answers.nothing_asked"),
    ],
)
def test_each_wrong_field_is_named_and_nothing_is_repeated(partner, changes, field):
    response = partner.post("/orders", demand(**changes))
    assert response.status_code == 422
    assert field in response.json()["fields"], response.json()
    assert "510107199003070000" not in response.content.decode()


def test_without_an_idempotency_key_nothing_is_filed(partner):
    response = partner.send("POST", "/orders", demand())
    assert response.status_code == 422 and "Idempotency-Key" in response.json()["fields"]


def test_a_citizen_files_for_themself_only(world):
    citizen = person(world.citizen)
    assert citizen.post("/orders", demand(applicant="me")).status_code == 201
    refused = citizen.post("/orders", demand())
    assert refused.status_code == 422 and "applicant" in refused.json()["fields"]


def test_staff_without_the_right_may_not_file(world):
    assert person(world.mediator).post("/orders", demand()).status_code == 403
    assert make_partner(world.centre, "ANALYST").post("/orders", demand()).status_code == 403


def test_names_in_other_systems_are_kept_and_found_by_their_giver(partner, other):
    refs = [{"system": "12345", "id": "A-1", "url": "https://partner.example/A-1"}]
    number = partner.post("/orders", demand(external_refs=refs)).json()["number"]
    assert partner.get(f"/orders/{number}").json()["external_refs"] == refs
    found = partner.get("/orders", {"external_ref": "12345:A-1"}).json()["rows"]
    assert [row["number"] for row in found] == [number]
    assert other.get("/orders", {"external_ref": "12345:A-1"}).json()["rows"] == []


def test_an_anonymous_demand_records_nobody(partner, world):
    served = [p.code for p in catalogue.items() if "ANONYMOUS" in p.item.applicant_kinds]
    before = Party.objects.count()
    response = partner.post("/orders", demand(applicant={"kind": "ANONYMOUS"}))
    assert response.status_code == (201 if "MEDIATION_PEOPLE" in served else 422)
    assert Party.objects.count() == before


def test_filing_for_a_new_person_costs_few_statements(partner):
    partner.post("/orders", demand())  # catalogue, calendar and key are in memory from now on
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = partner.post("/orders", demand())
    assert response.status_code == 201
    statements = [query["sql"] for query in caught]
    marks = [at for at, sql in enumerate(statements) if sql.startswith(("SAVEPOINT", "BEGIN"))]
    assert marks, statements
    inside = statements[marks[0] :]
    words = "\n".join(f"{at} {sql[:110]}" for at, sql in enumerate(statements))
    assert len(inside) <= MOST_IN_TRANSACTION + 2, words  # begin and commit are not statements of ours
    assert len(statements) <= MOST_IN_ALL, words
