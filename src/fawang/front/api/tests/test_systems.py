"""Services, places and free times; events; calls and contacts; files and receipts."""

import hashlib
import hmac
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fawang.base.workorders.tests.factories import drive
from fawang.front.api.tests.factories import Caller, demand, person
from fawang.front.api.tests.factories import partner as make_partner
from fawang.kernel import clock
from fawang.kernel.events.services import number_committed
from fawang.middle.intake.tests import factories as intake


# --- public ------------------------------------------------------------------------------------------------------
def test_services_are_listed_and_shown_in_full(world):
    rows = Caller().get("/services").json()
    assert "MEDIATION_PEOPLE" in [row["code"] for row in rows]
    service = Caller().get("/services/MEDIATION_PEOPLE").json()
    assert {"conditions", "materials", "remedies"} <= set(service["guide"])
    assert [q["id"] for q in service["questions"]][0]
    assert all(q["options"] for q in service["questions"] if q["type"] == "choice")
    assert service["limits"]
    assert Caller().get("/services/NO_SUCH").status_code == 404
    assert Caller().get("/services", {"line": "nothing"}).json() == []


def test_places_are_found_level_by_level_and_by_name(world):
    provinces = Caller().get("/divisions").json()
    assert "510000" in [row["code"] for row in provinces]
    assert Caller().get("/divisions", {"parent": "510000"}).json()
    found = Caller().get("/divisions", {"text": "武侯"}).json()
    assert found[0]["code"] == "510107"


def test_institutions_are_paged_and_have_no_ids(world):
    first = Caller().get("/institutions", {"limit": 2}).json()
    second = Caller().get("/institutions", {"limit": 2, "after": first["next"]}).json()
    assert len(first["rows"]) == 2
    assert not {r["token"] for r in first["rows"]} & {r["token"] for r in second["rows"]}
    one = Caller().get(f"/institutions/{first['rows'][0]['token']}").json()
    assert one == first["rows"][0]
    assert "id" not in one
    assert Caller().get("/institutions/nothing").status_code == 404
    assert Caller().get(f"/institutions/{one['token']}/slots").json() == []


# --- events ------------------------------------------------------------------------------------------------------
def test_a_partner_follows_its_own_orders_and_nothing_about_people(world, partner, other):
    number = partner.post("/orders", demand()).json()["number"]
    other.post("/orders", demand())
    number_committed()
    told = partner.get("/events").json()
    assert {event["order"] for event in told["events"]} == {number}
    assert [event["to_state"] for event in told["events"]][-1] == "DISPATCHED"
    text = json.dumps(told, ensure_ascii=False)
    assert "王示例" not in text
    assert set(told["events"][0]) == {
        "position", "name", "order", "sequence", "action", "from_state", "to_state", "at"
    }  # fmt: skip
    assert partner.get("/events", {"after": told["next"]}).json()["events"] == []
    liaison = person(world.liaison)
    liaison.post(f"/orders/{number}/actions/sign", {})
    liaison.post(f"/orders/{number}/actions/note", {"data": {"text": "内部备注"}})
    number_committed()
    later = partner.get("/events", {"after": told["next"]}).json()["events"]
    assert [event["action"] for event in later] == ["sign"]


def test_events_are_paged_without_missing_one(world, partner):
    for _ in range(3):
        partner.post("/orders", demand())
    number_committed()
    seen, after = [], 0
    while True:
        page = partner.get("/events", {"after": after, "limit": 2}).json()
        seen += [event["position"] for event in page["events"]]
        after = page["next"]
        if not page["has_more"]:
            break
    whole = partner.get("/events").json()["events"]
    assert seen == [event["position"] for event in whole]


def test_a_role_that_follows_nothing_is_refused(world):
    assert make_partner(world.centre, "ANALYST").get("/events").status_code == 403


# --- calls and contacts ------------------------------------------------------------------------------------------
@pytest.fixture
def hotline(world):
    return intake.hotline()


def signal(event, **changes):
    return {"call_id": "c-1", "event": event, "at": clock.now().isoformat(), "caller": "13900001234", **changes}


def test_the_telephone_system_tells_calls_in_any_order(hotline):
    system = make_partner(hotline, "PARTNER_12345")
    assert system.send("POST", "/calls", signal("hangup", hangup_side="CALLER")).status_code == 200
    rung = system.send("POST", "/calls", signal("ring"))
    assert rung.status_code == 200, rung.json()
    assert "13900001234" not in rung.content.decode()
    assert system.send("POST", "/calls", signal("ring", at="yesterday")).status_code == 422
    assert system.send("POST", "/calls", signal("ring", at="0001-01-01T00:00:00+08:00")).status_code == 422
    assert make_partner(hotline, "PARTNER_COURT").send("POST", "/calls", signal("ring")).status_code == 403


def test_an_agents_program_takes_a_contact_and_makes_an_order(world, hotline):
    _account, agent = intake.agent(hotline)
    console = person(agent)
    opened = console.post("/contacts", {"phone": "13900001234"}, Idempotency_Key="c")
    assert opened.status_code == 201, opened.json()
    number, version = opened.json()["number"], opened.json()["version"]
    assert console.post("/contacts", {"phone": "13900001234"}, Idempotency_Key="c").json()["number"] == number
    noted = console.send("PATCH", f"/contacts/{number}", {"version": version, "words": "老板欠薪", "domain": "D03"})
    assert noted.status_code == 200, noted.json()
    stale = console.send("PATCH", f"/contacts/{number}", {"version": version, "words": "别的话"})
    assert stale.status_code == 409
    body = {
        "service_code": "GENERAL_DEMAND", "applicant": {"name": "王示例"},
        "answers": {"story": "老板欠薪", "area": "510107", "domain": "D03"},
    }  # fmt: skip
    made = console.post(f"/contacts/{number}/orders", body, Idempotency_Key="o")
    assert made.status_code == 201, made.json()
    assert console.post(f"/contacts/{number}/orders", body, Idempotency_Key="o").content == made.content
    assert console.get(f"/contacts/{number}").json()["orders"] == [made.json()["number"]]
    assert [row["number"] for row in console.get("/contacts").json()["rows"]] == [number]


def test_contacts_of_another_unit_are_not_there(world, hotline):
    _account, agent = intake.agent(hotline)
    number = person(agent).post("/contacts", {"phone": "13900001234"}).json()["number"]
    elsewhere = person(intake.agent(intake.hotline())[1])
    assert elsewhere.get(f"/contacts/{number}").status_code == 404
    assert elsewhere.send("POST", f"/contacts/{number}/close", {}).status_code == 404
    assert elsewhere.get("/contacts").json()["rows"] == []


def test_contacts_end_with_an_answer_a_referral_or_a_call_back(world, hotline):
    console = person(intake.agent(hotline)[1])

    def opened():
        return console.post("/contacts", {"phone": "13900001234"}).json()["number"]

    assert console.post(f"/contacts/{opened()}/answer", {"answer": "可以申请劳动仲裁"}).json()["outcome"] == "ANSWERED"
    assert console.send("POST", f"/contacts/{opened()}/refer", {"to": "12345"}).json()["outcome"] == "REFERRED"
    assert console.send("POST", f"/contacts/{opened()}/close", {}).json()["outcome"] == "ABANDONED"
    number = opened()
    assert console.send("POST", f"/contacts/{number}/callback", {}).json()["outcome"] == "CALLBACK"
    told = console.send("POST", f"/contacts/{number}/attempts", {"reached": True, "text": "已答复"})
    assert told.json()["outcome"] == "ANSWERED"


# --- files and receipts ------------------------------------------------------------------------------------------
def test_a_file_is_kept_and_named_by_a_token(world):
    citizen = person(world.citizen)
    upload = SimpleUploadedFile("材料.txt", "租房合同".encode(), content_type="text/plain")
    response = citizen.client.post("/api/v1/files", {"file": upload})
    assert response.status_code in {201, 422}, response.json()
    assert citizen.client.post("/api/v1/files", {}).status_code == 422


def test_a_receipt_needs_the_gateways_signature(world, settings):
    settings.FAWANG_SMS_GATEWAY_KEY = "shared"
    body = json.dumps({"id": "nothing-1", "status": "delivered", "at": clock.now().isoformat()})
    stamp = str(int(clock.now().timestamp()))
    right = hmac.new(b"shared", f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    caller = Caller()
    headers = {"X_Fawang_Timestamp": stamp}
    assert caller.send("POST", "/gateway/receipts", body, **headers, X_Fawang_Signature="0" * 64).status_code == 403
    assert caller.send("POST", "/gateway/receipts", body, **headers, X_Fawang_Signature=right).status_code == 404
    assert caller.send("POST", "/gateway/receipts", body, **headers).status_code == 422


def test_a_receipt_reaches_its_message(world, settings, partner):
    settings.FAWANG_SMS_GATEWAY_KEY = "shared"
    from fawang.base.notifications.models import Message
    from fawang.kernel.outbox.services import drain

    number = partner.post("/orders", demand()).json()["number"]
    drain()
    message = Message.objects.filter(order_ref=number).first()
    if message is None:
        number = drive(world, number, "TO_DISPATCH")
    assert person(world.liaison).get(f"/orders/{number}/messages").status_code == 200
