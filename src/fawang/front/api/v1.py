"""Version 1: the operations put together, their schema (OpenAPI 3.1) and the page that shows it."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from ninja import NinjaAPI, Swagger

from fawang.front.api import refusals
from fawang.front.api.auth import nobody
from fawang.front.api.operations import calls, drafts, orders, partners, services, sessions, tracking
from fawang.front.api.parsing import StrictParser
from fawang.front.frame.doors import requires

PATH_PREFIX = "/api/v1/"
DESCRIPTION = """Everything a channel can do, another system can do here.

Send a partner's key as `Authorization: Bearer …`, or use a session (`POST /v1/sessions`) with `X-CSRFToken`.
What files or changes an order takes an `Idempotency-Key`: a repeat gets the first answer, byte for byte. Every refusal
has one shape: `code`, `message`, `fields`, `retry`. Not yours and not there look the same: 404."""
SECURITY = {
    "key": {"type": "http", "scheme": "bearer", "description": "a partner's key, fwk_…"},
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "changes need X-CSRFToken too"},
}


class Page(Swagger):
    """The interactive page, from our own files: scripts and styles of other hosts are refused by the browser."""

    template = "api/docs.html"


class Version1(NinjaAPI):
    """The API with its schema kept in memory: it is asked for by everybody and never changes."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:  # noqa: ANN401
        """The OpenAPI document; always for the same path."""
        return _document()

    def make_document(self) -> dict[str, Any]:
        """Compute the document anew."""
        schema = json.loads(json.dumps(super().get_openapi_schema(path_prefix=PATH_PREFIX), default=str))
        schema["components"]["securitySchemes"] = SECURITY
        return dict(schema)


api = Version1(
    title="Open Fawang 开放法网",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs=Page(),
    docs_decorator=requires("api.see_public"),
    auth=nobody,
    parser=StrictParser(),
)
for part in (services, orders, drafts, tracking, sessions, calls, partners):
    api.add_router("", part.router)
refusals.register(api)


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    return api.make_document()


def text() -> str:
    """The document as it is committed."""
    return json.dumps(api.make_document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
