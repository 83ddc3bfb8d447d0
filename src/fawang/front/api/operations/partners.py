"""For systems that follow what happens, hand in files, or deliver text messages."""

from __future__ import annotations

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import File, Header, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from fawang.base.documents import services as documents
from fawang.base.notifications import services as notifications
from fawang.front.api import feed
from fawang.front.api.auth import actor_of
from fawang.front.api.binding import operation
from fawang.front.api.errors import NoSuchOperation
from fawang.front.api.parsing import Limit, Position
from fawang.front.api.schemas import outgoing as out

router = Router(tags=["systems"])
RECEIPT = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string"},
                        "status": {"type": "string"},
                        "at": {"type": "string", "format": "date-time"},
                        "code": {"type": "string"},
                    },
                    "required": ["id", "status", "at"],
                }
            }
        },
    }
}


@operation(router, "GET", "/events", "api.follow_events", {200: out.Feed}, summary="事件 · Follow events")
def list_events(request: HttpRequest, after: Position = 0, limit: Limit = 100) -> dict[str, Any]:
    """What happened behind a position to the orders one may see: names and states, nothing about a person. Keep `next`
    and ask again with it; an event is never missed, and may be seen twice after a failure of your own."""
    return feed.page(actor_of(request), after=after, limit=limit)


@operation(
    router, "POST", "/files", "documents.store", {201: out.FileOut}, summary="上传文件 · Hand in a file", takes="form"
)  # fmt: skip
def store_file(request: HttpRequest, file: Annotated[UploadedFile, File()]) -> Status[Any]:
    """Keep a file, checked by what it contains. Its token is the answer to a question of type `file`."""
    return Status(201, documents.store(actor_of(request), file))


@operation(
    router, "POST", "/gateway/receipts", "api.deliver_receipts", {200: out.Taken}, summary="短信回执 · SMS receipts",
    takes="raw", extra=RECEIPT,
)  # fmt: skip
def receive_receipt(
    request: HttpRequest,
    timestamp: Annotated[str, Header(alias="X-Fawang-Timestamp", pattern=r"^[0-9]{1,11}$")],
    signature: Annotated[str, Header(alias="X-Fawang-Signature", pattern=r"^[0-9a-fA-F]{1,128}$")],
) -> dict[str, bool]:
    """What the SMS gateway says became of a message, signed with the shared key: hex HMAC-SHA256 of
    `timestamp.body`. `status` is accepted, delivered, failed_temporary, failed or bounced."""
    if not settings.FAWANG_SMS_GATEWAY_KEY:
        # no gateway is set up here: nobody can prove to be one
        raise NoSuchOperation
    notifications.receive_gateway_receipt(timestamp=timestamp, signature=signature, body=request.body)
    return {"is_taken": True}
