"""Calls as the telephone system tells them, and the contacts that come of them."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import Status
from pydantic import StringConstraints

from fawang.front.api import cursors, filing, showing
from fawang.front.api.auth import actor_of
from fawang.front.api.binding import operation
from fawang.front.api.headers import Key, json_text
from fawang.front.api.parsing import Code, Cursor, Limit
from fawang.front.api.schemas import incoming as given
from fawang.front.api.schemas import outgoing as out
from fawang.middle.intake import selectors, services
from fawang.middle.intake.values import CallEvent

router = Router(tags=["calls and contacts"])
TAKE, SEE, CALL_BACK = "intake.take_contacts", "intake.see_contacts", "intake.call_back"
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{4,30}$")]


@operation(router, "POST", "/calls", "intake.announce_calls", {200: out.CallOut}, summary="来电事件 · A call's event")
def announce_call(request: HttpRequest, body: given.CallSignal) -> dict[str, Any]:
    """Tell that a call rings, was answered, or ended. Repeats change nothing."""
    event = CallEvent(
        call_id=body.call_id, event=body.event.upper(), at=body.at, caller=body.caller, dnis=body.dnis, seat=body.seat,
        hangup_side=body.hangup_side,
    )  # fmt: skip
    return showing.call(services.announce_call(actor_of(request), event))


@operation(router, "GET", "/contacts", SEE, {200: out.ContactPage}, summary="来访记录 · List contacts")
def list_contacts(
    request: HttpRequest, outcome: Code = "", wrap_up: Code = "", domain: Code = "", after: Cursor = "",
    limit: Limit = 30,
) -> dict[str, Any]:  # fmt: skip
    """Contacts one may see, newest first."""
    page = selectors.contacts(
        actor_of(request), outcome=outcome, wrap_up=wrap_up, domain=domain, before=cursors.open_(after), size=limit
    )
    return {"rows": [showing.contact_line(row) for row in page.rows], "next": cursors.close(page.next_key)}


@operation(router, "POST", "/contacts", TAKE, {201: out.ContactOut}, summary="新建来访记录 · Open a contact")
def open_contact(request: HttpRequest, body: given.NewContact, key: Key) -> Status[dict[str, Any]]:
    """Begin a contact, by taking a call or without one."""
    row = services.open_contact(
        actor_of(request), call=body.call, channel=body.channel, phone=body.phone, name=body.name, key=key
    )
    return Status(201, showing.contact(row))


@operation(router, "GET", "/contacts/{number}", SEE, {200: out.ContactOut}, summary="来访记录 · A contact")
def get_contact(request: HttpRequest, number: Number) -> dict[str, Any]:
    """One contact."""
    return showing.contact(selectors.contact(actor_of(request), number))


@operation(router, "PATCH", "/contacts/{number}", TAKE, {200: out.ContactOut}, summary="保存记录 · Save notes")
def save_notes(request: HttpRequest, number: Number, body: given.Notes) -> dict[str, Any]:
    """Keep what was typed. When somebody else typed meanwhile: 409, nothing is overwritten."""
    return showing.contact(services.save_notes(actor_of(request), contact=number, **body.model_dump()))


@operation(router, "POST", "/contacts/{number}/answer", TAKE, {200: out.ContactOut}, summary="当场答复 · Answer")
def answer_contact(request: HttpRequest, number: Number, body: given.ContactAnswer, key: Key) -> dict[str, Any]:
    """End the contact with an answer."""
    row = services.answer_on_the_spot(actor_of(request), contact=number, key=key, **body.model_dump())
    return showing.contact(row)


@operation(router, "POST", "/contacts/{number}/refer", TAKE, {200: out.ContactOut}, summary="转介 · Refer")
def refer_contact(request: HttpRequest, number: Number, body: given.Referral) -> dict[str, Any]:
    """End the contact by passing the person on."""
    return showing.contact(services.refer(actor_of(request), contact=number, **body.model_dump()))


@operation(router, "POST", "/contacts/{number}/close", TAKE, {200: out.ContactOut}, summary="结束 · Close a contact")
def close_contact(request: HttpRequest, number: Number, body: given.Closing) -> dict[str, Any]:
    """End a contact that came to nothing."""
    return showing.contact(services.close_contact(actor_of(request), contact=number, wrap_up=body.wrap_up))


@operation(
    router, "POST", "/contacts/{number}/orders", TAKE, {201: out.Receipt}, summary="转工单 · Make an order of a contact"
)  # fmt: skip
def make_order(request: HttpRequest, number: Number, body: given.ContactDemand, key: Key) -> HttpResponse:
    """File a demand for the caller and link it to the contact."""
    return json_text(filing.of_contact(actor_of(request), number, body, key), 201)


@operation(
    router, "POST", "/contacts/{number}/callback", CALL_BACK, {200: out.ContactOut}, summary="约回拨 · Call back"
)
def plan_callback(request: HttpRequest, number: Number, body: given.Callback) -> dict[str, Any]:
    """Promise to call back."""
    return showing.contact(services.plan_callback(actor_of(request), contact=number, **body.model_dump()))


@operation(
    router, "POST", "/contacts/{number}/attempts", CALL_BACK, {200: out.ContactOut}, summary="记录回拨 · An attempt"
)  # fmt: skip
def record_attempt(request: HttpRequest, number: Number, body: given.Attempt) -> dict[str, Any]:
    """Write down what came of calling back."""
    return showing.contact(services.record_callback(actor_of(request), contact=number, **body.model_dump()))
