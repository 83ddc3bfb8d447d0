"""What answers say: public identifiers only, names in both languages, times in ISO 8601 with offset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from fawang.front.api.schemas.published import QuestionOut, Text


class Refusal(Schema):
    """Every refusal has this shape. `retry` says whether the same request may succeed later unchanged."""

    code: str = Field(description="stable; programs decide by it")
    message: str = Field(description="a sentence for the person, in the language of the request")
    fields: dict[str, str] = Field(description="what is wrong, by field")
    retry: bool


class Receipt(Schema):
    """A filed demand. The query code is told here and on the receipt, nowhere else."""

    number: str
    draft: str
    query_code: str
    state: str
    inner: str
    version: int
    due_at: datetime | None


class Done(Schema):
    """What an action led to; `extra` holds what is told once (a booking, a claim code)."""

    number: str
    draft: str
    state: str
    inner: str
    version: int
    due_at: datetime | None
    extra: dict[str, Any]


class OrderLine(Schema):
    """An order in a list."""

    number: str
    draft: str
    title: str
    service_code: str
    line: str
    state: str
    inner: str
    area: str
    channel: str
    urgency: str
    applicant: str = Field(description="masked")
    unit: str
    submitted_at: datetime | None
    due_at: datetime | None
    is_due_provisional: bool
    is_open: bool
    version: int


class OrderPage(Schema):
    """A page; `next` goes back as `after`, empty at the end. Counting stops at `counted_to`."""

    rows: list[OrderLine]
    next: str
    count: int
    counted_to: int


class RefOut(Schema):
    """The order's name in another system."""

    system: str
    id: str
    url: str


class UnitOut(Schema):
    """An institution, by its public token."""

    token: str
    name: str


class OrderOut(Schema):
    """An order as the reader may see it. Sensitive answers are masked."""

    number: str
    draft: str
    title: str
    description: str
    service_code: str
    service: Text
    line: str
    state: str
    state_name: Text
    for_people: Text = Field(description="where it is and what happens next, in plain words")
    inner: str
    inner_name: Text
    stage: str
    is_open: bool
    version: int
    channel: str
    source: str
    demand_type: str
    domain: str
    urgency: str
    area: str
    people_count: int
    unit: UnitOut | None
    is_offline: bool
    result_code: str
    result_text: str
    grade: int | None
    may_rate: bool
    created_at: datetime
    submitted_at: datetime | None
    accepted_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    is_due_provisional: bool
    merged_into: str
    answers: dict[str, Any]
    external_refs: list[RefOut]
    links: list[list[str]] = Field(description="[relation, number] of linked orders")


class StepOut(Schema):
    """An entry of the history, as the reader may see it."""

    sequence: int
    action: str
    zh: str
    en: str
    at: datetime
    by: str = Field(description="person, registrar, handler, partner or system")
    from_state: str
    to_state: str
    data: dict[str, Any]
    is_erased: bool


class ClockOut(Schema):
    """A time limit of the order, with the sentence that says why it is due then."""

    limit_id: str
    zh: str
    en: str
    state: str
    duty: str
    basis: str
    started_at: datetime
    due_at: datetime | None
    is_provisional: bool
    breached_at: datetime | None
    ended_at: datetime | None


class ActionOut(Schema):
    """Something the reader may do to the order now, with its form."""

    code: str
    zh: str
    en: str
    is_main: bool
    is_dangerous: bool
    form: list[QuestionOut]


class DeliveryOut(Schema):
    """What a channel said about an attempt."""

    channel: str
    attempt: int
    state: str
    at: datetime


class MessageOut(Schema):
    """Something that was told about the order; secrets are shown to the recipient only."""

    token: str
    template: str
    subject: str
    body: str
    channel: str
    state: str
    queued_at: datetime
    state_at: datetime
    receipts: list[DeliveryOut]


class Tracked(Schema):
    """An order for whoever has its number, its code and the telephone's last four digits."""

    number: str
    title: str
    service: Text
    state: str
    state_name: Text
    for_people: Text
    submitted_at: datetime | None
    due_at: datetime | None
    is_due_provisional: bool
    is_open: bool


class EventOut(Schema):
    """Something that happened to an order: names and states, nothing about a person."""

    position: int
    name: str
    order: str
    sequence: int
    action: str
    from_state: str
    to_state: str
    at: datetime


class Feed(Schema):
    """Events in commit order. Ask again with `after=next`; `has_more` says whether to do so at once."""

    events: list[EventOut]
    next: int
    has_more: bool


class CallOut(Schema):
    """A call, its number masked."""

    token: str
    state: str
    caller: str
    seat: str
    ring_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    contact: str


class ContactLine(Schema):
    """A contact in a list."""

    number: str
    channel: str
    caller: str
    phone: str = Field(description="masked")
    domain: str
    outcome: str
    wrap_up: str
    orders: list[str]
    started_at: datetime
    ended_at: datetime | None
    callback_due_at: datetime | None
    callback_attempts: int
    grade: int | None


class ContactPage(Schema):
    """A page; `next` goes back as `after`, empty at the end."""

    rows: list[ContactLine]
    next: str


class ContactOut(Schema):
    """A contact as the staff of its unit see it."""

    number: str
    channel: str
    caller: str
    phone: str = Field(description="masked")
    domain: str
    urgency: str
    words: str
    answer: str
    outcome: str
    wrap_up: str
    orders: list[str]
    started_at: datetime
    ended_at: datetime | None
    callback_due_at: datetime | None
    callback_done_at: datetime | None
    callback_attempts: int
    grade: int | None
    version: int


class FileOut(Schema):
    """A kept file; its token is the answer to a question of type `file`."""

    token: str
    name: str
    media_type: str
    size: int
    sha256: str


class Sent(Schema):
    """It was sent, or would have been: the answer does not tell whether the number is known."""

    is_sent: bool


class Way(Schema):
    """A way to act."""

    key: str
    label: str


class Session(Schema):
    """Who one is now. Send `csrf_token` as `X-CSRFToken` with everything that changes something."""

    roles: list[str]
    acting: str
    ways: list[Way]
    csrf_token: str


class Taken(Schema):
    """It was taken in."""

    is_taken: bool
