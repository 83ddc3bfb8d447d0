"""SMS through a gateway that takes JSON over HTTP, signed with a shared key.

Request: `POST FAWANG_SMS_GATEWAY_URL`, body `{"id", "to", "text", "language", "urgent"}`, headers `X-Fawang-Timestamp`
(in seconds) and `X-Fawang-Signature` = HMAC-SHA256(FAWANG_SMS_GATEWAY_KEY, timestamp + "." + body) in hex. `id` is the
same when the same attempt is sent again.
Answer: 200, 201, 202, or 409 for an `id` it already has. 408, 425, 429 and 5xx are tried again; others are final.
Receipts come back in the same form: see `services.receive_gateway_receipt`.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from fawang.base.notifications.values import Letter, Sent, State
from fawang.kernel import clock

TIMEOUT_SECONDS = 8
TAKEN = frozenset({200, 201, 202, 409})
TRY_AGAIN = frozenset({408, 425, 429})
_SERVER_ERROR = 500


def key() -> bytes:
    """The key shared with the gateway. Raises ImproperlyConfigured when it is not set."""
    value = str(getattr(settings, "FAWANG_SMS_GATEWAY_KEY", ""))
    if not value:
        raise ImproperlyConfigured("FAWANG_SMS_GATEWAY_KEY is not set")
    return value.encode()


def signature(timestamp: str, body: bytes) -> str:
    """What both sides put in `X-Fawang-Signature`."""
    return hmac.new(key(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(letter: Letter) -> Sent:
    """Post the text to the gateway."""
    target = urlsplit(str(getattr(settings, "FAWANG_SMS_GATEWAY_URL", "")))
    if target.scheme not in {"http", "https"} or not target.hostname:
        raise ImproperlyConfigured("FAWANG_SMS_GATEWAY_URL is not set to an http(s) address")
    content = {
        "id": letter.key,
        "to": letter.address,
        "text": letter.short,
        "language": letter.language,
        "urgent": letter.is_urgent,
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    timestamp = str(int(clock.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-Fawang-Timestamp": timestamp,
        "X-Fawang-Signature": signature(timestamp, body),
    }
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.hostname, target.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", target.path or "/", body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return Sent(State.FAILED_TEMPORARY, clock.now(), type(error).__name__[:60])
    finally:
        connection.close()
    if status in TAKEN:
        return Sent(State.ACCEPTED, clock.now(), f"http_{status}")
    again = status in TRY_AGAIN or status >= _SERVER_ERROR
    return Sent(State.FAILED_TEMPORARY if again else State.FAILED, clock.now(), f"http_{status}")
