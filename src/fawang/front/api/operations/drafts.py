"""Drafts: a demand that is filled in step by step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from fawang.base.workorders import services as workorders
from fawang.front.api import filing
from fawang.front.api.auth import actor_of
from fawang.front.api.binding import operation
from fawang.front.api.headers import Key, json_text
from fawang.front.api.parsing import Token
from fawang.front.api.schemas import outgoing as out
from fawang.front.api.schemas.incoming import Draft, Filling, Submission

router = Router(tags=["drafts"])
FILE = "workorders.file"


@operation(router, "POST", "/drafts", FILE, {201: out.Done}, summary="开始草稿 · Begin a draft")
def begin_draft(request: HttpRequest, body: Draft, key: Key) -> HttpResponse:
    """Begin a demand; `draft` names it until it is sent. Read it like an order, at `/orders/{draft}`."""
    return json_text(filing.start(actor_of(request), body, key).to_json(), 201)


@operation(router, "PATCH", "/drafts/{draft}", FILE, {200: out.Done}, summary="填写草稿 · Fill in a draft")
def fill_draft(request: HttpRequest, draft: Token, body: Filling) -> HttpResponse:
    """Keep some answers; the others stay as they are."""
    outcome = workorders.perform(
        actor=actor_of(request), order=draft, action="fill", data={"answers": body.answers}, version=body.version
    )
    return json_text(outcome.to_json(), 200)


@operation(router, "POST", "/drafts/{draft}/submit", FILE, {201: out.Receipt}, summary="提交草稿 · Send a draft")
def submit_draft(request: HttpRequest, draft: Token, body: Submission, key: Key) -> HttpResponse:
    """Send the draft and have it dispatched."""
    return json_text(filing.submit(actor_of(request), draft, body.version, key), 201)
