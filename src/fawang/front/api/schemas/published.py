"""What anybody may read: services with their questions and limits, places, institutions, free times."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class Text(Schema):
    """A text in both languages."""

    zh: str
    en: str


class OptionOut(Schema):
    """A choice of a question."""

    value: str
    zh: str
    en: str


class QuestionOut(Schema):
    """A question, of a service or of an action's form."""

    id: str
    type: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    required: bool
    sensitive: bool = Field(description="sealed in the database and masked in answers")
    max_length: int
    minimum: int | None
    maximum: int | None
    show: str = Field(description="CEL: asked only when this is true; empty: always")
    require: str = Field(description="CEL: must be answered when this is true, besides `required`")
    compute: str = Field(description="CEL: computed, not asked")
    meaning: str = Field(description="what the system knows it means")
    rows: list[QuestionOut] = Field(description="for a group: what is asked in each row")
    options: list[OptionOut]


class LimitOut(Schema):
    """A time limit that runs for orders of the service."""

    id: str
    zh: str
    en: str
    duty: str
    kind: str
    value: int | None
    unit: str
    by_urgency: dict[str, str]
    basis: str


class ServiceRow(Schema):
    """A service in the list."""

    code: str
    line: str
    zh: str
    en: str
    summary: Text
    demand_type: str
    applicant_kinds: list[str]
    channels: list[str]
    identity_level: int
    is_example: bool
    version: int


class ServiceOut(ServiceRow):
    """A service in full."""

    guide: dict[str, Text]
    questions: list[QuestionOut]
    limits: list[LimitOut]
    area_from: str | None = Field(description="the question whose answer decides where it is handled")


class Place(Schema):
    """A division."""

    code: str
    zh: str
    en: str
    level: str
    parent: str | None


class Hours(Schema):
    """Opening hours on some weekdays (1 = Monday)."""

    weekdays: list[int]
    begin: str
    end: str


class InstitutionOut(Schema):
    """An institution on the public roll, penalties included."""

    token: str
    type: str
    name: str
    level: str
    division_code: str
    status: str
    licence_no: str
    licence_valid_to: date | None
    address: str
    lng: float | None
    lat: float | None
    phones: list[str]
    hours: list[Hours]
    lines: list[str]
    domains: list[str]
    languages: list[str]
    accepts_legal_aid: bool
    annual_assessment: str
    penalties: list[dict[str, Any]]
    is_demonstration: bool


class InstitutionPage(Schema):
    """A page; `next` goes back as `after`, empty at the end."""

    rows: list[InstitutionOut]
    next: str


class SlotOut(Schema):
    """A time that can be booked."""

    bookable: str
    name: str
    kind: str
    start: datetime
    end: datetime
    left: int
    seats: int
