"""Orders: file, find, read, act."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router

from fawang.base.notifications import selectors as notifications
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as workorders
from fawang.front.api import external, filing, listing, showing
from fawang.front.api.auth import actor_of
from fawang.front.api.binding import operation
from fawang.front.api.headers import Key, json_text, version_of
from fawang.front.api.parsing import Code, Cursor, Limit, Reference, Word
from fawang.front.api.schemas import outgoing as out
from fawang.front.api.schemas.incoming import Demand, Doing

router = Router(tags=["orders"])
USE = "api.use_orders"
IfMatch = Annotated[str, Header(alias="If-Match", max_length=20)]


@operation(router, "POST", "/orders", "workorders.file", {201: out.Receipt}, summary="提交诉求 · File an order")
def file_order(request: HttpRequest, body: Demand, key: Key) -> HttpResponse:
    """File a demand and have it dispatched. The same key with the same body gets the same answer, byte for byte;
    with another body it is refused (`key_reused`)."""
    return json_text(filing.file(actor_of(request), body, key), 201)


@operation(router, "GET", "/orders", USE, {200: out.OrderPage}, summary="工单列表 · List orders")
def list_orders(
    request: HttpRequest, queue: listing.Queue = "", state: Code = "", line: Code = "", urgency: Code = "",
    text: Word = "", external_ref: Word = "", after: Cursor = "", limit: Limit = 50,
) -> dict[str, Any]:  # fmt: skip
    """Without `queue` everything one may see, newest first: one's own matters, or what one's key filed. With `queue`
    one of the staff's queues, by due time. `external_ref` is `system:id`."""
    return listing.page(
        actor_of(request), queue=queue, after=after, size=limit, external_ref=external_ref,
        filters={"state": state, "line": line, "urgency": urgency, "text": text},
    )  # fmt: skip


@operation(router, "GET", "/orders/{number}", USE, {200: out.OrderOut}, summary="工单 · An order")
def get_order(request: HttpRequest, number: Reference, response: HttpResponse) -> dict[str, Any]:
    """One order. Its version is also the answer's `ETag`, to be sent back as `If-Match`."""
    actor = actor_of(request)
    view = orders.get(actor, number)
    response.headers["ETag"] = f'"{view.version}"'
    return showing.order(view, external.of_order(view.number), orders.links(actor, number))


@operation(router, "GET", "/orders/{number}/timeline", USE, {200: list[out.StepOut]}, summary="办理过程 · History")
def get_timeline(request: HttpRequest, number: Reference) -> list[dict[str, Any]]:
    """What happened, oldest first, as the reader may see it."""
    return [showing.step(row) for row in orders.timeline(actor_of(request), number)]


@operation(router, "GET", "/orders/{number}/clocks", USE, {200: list[out.ClockOut]}, summary="时限 · Time limits")
def get_clocks(request: HttpRequest, number: Reference) -> list[dict[str, Any]]:
    """The time limits, each with the sentence that says why it is due then."""
    return [showing.clock(row) for row in orders.clocks(actor_of(request), number)]


@operation(router, "GET", "/orders/{number}/actions", USE, {200: list[out.ActionOut]}, summary="可做的操作 · Actions")
def get_actions(request: HttpRequest, number: Reference) -> list[dict[str, Any]]:
    """What the reader may do to the order now, the main action first, each with its form."""
    return [showing.action(row) for row in orders.actions(actor_of(request), number)]


@operation(
    router, "POST", "/orders/{number}/actions/{action}", USE, {200: out.Done}, summary="办理操作 · Do an action"
)  # fmt: skip
def do_action(
    request: HttpRequest, number: Reference, action: Code, body: Doing, key: Key, if_match: IfMatch = ""
) -> HttpResponse:
    """Do one of the actions that `/actions` lists, rating (`rate`) included. Give the version you saw, in the body or
    as `If-Match`: a stale one is refused with 409 and nothing is changed."""
    outcome = workorders.perform(
        actor=actor_of(request), order=number, action=action, data=body.data,
        version=version_of(body.version, if_match), key=key,
    )  # fmt: skip
    return json_text(outcome.to_json(), 200)


@operation(
    router, "GET", "/orders/{number}/messages", "api.read_messages", {200: list[out.MessageOut]},
    summary="告知记录 · Messages",
)  # fmt: skip
def list_messages(request: HttpRequest, number: Reference) -> list[Any]:
    """What was told about the order and whether it arrived."""
    actor = actor_of(request)
    return list(notifications.messages_of(actor, orders.get(actor, number).number))
