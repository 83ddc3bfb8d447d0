"""How the rows of one order become those of another: what is taken over, what is made anew, column by column."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from fawang.base.identity import sealing
from fawang.base.identity.models import Account, Party
from fawang.base.workorders import numbers
from fawang.base.workorders.engine import QUERY_CODE_CONTEXT
from fawang.base.workorders.models import Clock, ClockEntry, Link, Order, Participant, Rating, Task
from fawang.kernel import crypto, ids
from fawang.kernel.events.models import Body, Event
from fawang.kernel.events.services import canonical, commitment
from fawang.kernel.outbox.models import Effect

# so many rounds in a row have the same applicants
SHARED = 4
Row = Any
Model = type[models.Model]


@dataclass(frozen=True)
class Span:
    """The ids that specimens have in a table, and where copies begin."""

    low: int
    high: int
    start: int

    def shift(self, number: int) -> int:
        """What is added to an id in the round with that number (from 0)."""
        return self.start - self.low + number * (self.high - self.low + 1)


@dataclass(frozen=True)
class Source:
    """What is known of the rows that are copied."""

    spans: dict[Model, Span]
    positions: Span
    # the data of events by their ids, and the place of each among them
    bodies: dict[int, str | None]
    places: dict[int, int]
    people: dict[Model, set[int]]


class Round:
    """One copy of all specimens: where its ids begin."""

    def __init__(self, number: int, source: Source) -> None:
        self.number = number
        self.source = source
        self.group = number // SHARED
        # random bytes for all salts at once: the operating system is asked once a round
        self._salts = os.urandom(16 * len(source.bodies)).hex()

    def __call__(self, model: Model, old: int | None) -> Any:
        """The new id of a row that is copied."""
        if old is None:
            return None
        span = self.source.spans[model]
        if not span.low <= old <= span.high:
            raise ValueError(f"{model.__name__} {old} is named by a specimen but is none")
        return old + span.shift(self.group if model in (Party, Account) else self.number)

    def position(self, old: int | None) -> int | None:
        """The new place in the order of commits."""
        return None if old is None else old + self.source.positions.shift(self.number)

    def actor(self, ref: str) -> str:
        """Who acted: an applicant becomes the copy of the applicant, staff stay who they are."""
        kind, _colon, number = ref.partition(":")
        model = {"account": Account, "party": Party}.get(kind)
        if model is None or not number.isdecimal() or int(number) not in self.source.people[model]:
            return ref
        return f"{kind}:{self(model, int(number))}"

    def subject(self, subject: str) -> str:
        """What an event or effect is about."""
        kind, number, *rest = subject.split(":")
        model = {"order": Order, "clock": Clock, "remind": Clock}[kind]
        return ":".join([kind, str(self(model, int(number))), *rest])

    def payload(self, text: str) -> str:
        """What an effect says, about the copy."""
        said = json.loads(text)
        if unknown := set(said) - {"order", "clock", "due", "tells", "event"}:
            raise ValueError(f"an effect says {unknown}: say in bench.filling how that is copied")
        for name, model in (("order", Order), ("clock", Clock)):
            if name in said:
                said[name] = self(model, said[name])
        return canonical(said)

    def salt(self, event_id: int) -> str | None:
        """The salt of an event's copy; none where the data was erased."""
        at = 32 * self.source.places[event_id]
        return self._salts[at : at + 32] if self.source.bodies[event_id] is not None else None

    def digest(self, row: Row) -> str:
        """The digest of an event's copy."""
        salt, data = self.salt(row.id), self.source.bodies[row.id]
        return row.digest if salt is None or data is None else commitment(salt, data)

    def cause(self, old: str) -> str:
        """One id for all that one act of the copy did."""
        return old[:16] + f"{self.number:08x}"

    def order_number(self, row: Row) -> str | None:
        """The number of an order's copy: of the same day, place and channel."""
        if row.number is None:
            return None
        day = date(int(row.number[3:7]), int(row.number[7:9]), int(row.number[9:11]))
        return numbers.number(self(Order, row.id), day=day, area=row.number[11:17], channel=row.number[17:19])

    def phone(self, party_id: int) -> str:
        """A telephone of nobody, another for each party."""
        return f"15{self(Party, party_id):09d}"


def _new_code(_round: Round, row: Row) -> str:
    return crypto.seal(ids.readable_code(8), context=QUERY_CODE_CONTEXT) if row.query_code else ""


def _party_contact(r: Round, row: Row) -> str | None:
    if row.contact_index is None:
        return None
    return crypto.index(sealing.contact_text(r.phone(row.id), row.name), context=sealing.CONTACT)


Maker = Callable[[Round, Row], Any]


@dataclass(frozen=True)
class Table:
    """How the rows of a table are copied: columns made anew by a function, columns taken over."""

    model: Model
    made: dict[str, Maker]
    copied: str = ""
    # columns that must be empty: nobody has said yet how they are copied
    empty: str = ""

    @property
    def columns(self) -> list[str]:
        """All columns. Raises ValueError when the table has another set than is spoken of here."""
        present = [field.attname for field in self.model._meta.concrete_fields]
        said = [*self.made, *self.copied.split(), *self.empty.split()]
        if sorted(present) != sorted(said):
            odd = sorted(set(present) ^ set(said))
            raise ValueError(f"{self.model.__name__}: say in bench.filling how these columns are copied: {odd}")
        return present


def _own(model: Model) -> Maker:
    return lambda r, row: r(model, row.id)


def _of(model: Model, column: str) -> Maker:
    return lambda r, row: r(model, getattr(row, column))


def _person(column: str) -> Maker:
    return lambda r, row: r.actor(getattr(row, column))


TABLES = (
    Table(
        Party,
        {
            "id": _own(Party),
            "token": lambda _r, _row: ids.token(),
            "phone_sealed": lambda r, row: row.phone_sealed and sealing.seal(r.phone(row.id), sealing.PHONE),
            "phone_index": lambda r, row: row.phone_index and crypto.index(r.phone(row.id), context=sealing.PHONE),
            "contact_index": _party_contact,
        },
        "kind name pinyin id_type birth_date sex nationality division_code level special_groups is_demonstration "
        "created_at",
        "id_no_sealed id_no_index uscc_sealed uscc_index email_sealed address_sealed merged_into_id",
    ),
    Table(
        Account,
        {
            "id": _own(Account),
            "token": lambda _r, _row: ids.token(),
            "party_id": _of(Party, "party_id"),
            "phone_sealed": lambda r, row: row.phone_sealed and sealing.seal(r.phone(row.party_id), sealing.PHONE),
            "phone_index": lambda r, row: (
                row.phone_index and crypto.index(r.phone(row.party_id), context=sealing.PHONE)
            ),
        },
        "password display_name language elder_mode is_staff is_active is_demonstration totp_confirmed_at "
        "totp_last_step one_time_until created_at last_login_at",
        "username email_sealed totp_sealed",
    ),
    Table(
        Order,
        {
            "id": _own(Order),
            "number": lambda r, row: r.order_number(row),
            "draft_token": lambda _r, _row: ids.token(),
            "query_code": _new_code,
            "applicant_id": _of(Party, "applicant_id"),
            "on_behalf_by_id": _of(Party, "on_behalf_by_id"),
            "registrar": _person("registrar"),
            "proposed_by": _person("proposed_by"),
            "merged_into_id": _of(Order, "merged_into_id"),
        },
        "service_code line item_version_id channel source demand_type domain urgency complexity secrecy "
        "sensitive_flags people_count title title_key description answers assessment registrar_unit_id language area province "
        "city county state inner is_open version unit_id handler_id offered_unit_id offered_until dispatch_mode "
        "desk_unit_id is_offline returns returned_by return_refused suspended_for is_extended redo_count round "
        "urged_count last_urged_at urge_is_open supervision_level contact_count unreached_count callback_tries "
        "callback_tried_on objected result_code "
        "result_text grade rated_round created_at submitted_at dispatched_at signed_at accepted_at completed_at "
        "told_at closed_at due_at due_is_provisional breached_count",
    ),
    Table(
        Participant,
        {
            "id": _own(Participant),
            "order_id": _of(Order, "order_id"),
            "party_id": _of(Party, "party_id"),
        },
        "part unit_id has_answered since",
    ),
    Table(
        Clock,
        {"id": _own(Clock), "order_id": _of(Order, "order_id")},
        "limit_id limit value unit duty state started_at due_at is_provisional calendar_revision ended_at breached_at",
    ),
    Table(
        ClockEntry,
        {"id": _own(ClockEntry), "clock_id": _of(Clock, "clock_id")},
        "kind at reason basis due_at value unit",
    ),
    Table(Task, {"id": _own(Task), "order_id": _of(Order, "order_id")}, "title unit_id due_on created_at done_at outcome"),
    Table(Rating, {"id": _own(Rating), "order_id": _of(Order, "order_id")}, "round grade text at"),
    Table(
        Link,
        {"id": _own(Link), "order_id": _of(Order, "order_id"), "other_id": _of(Order, "other_id")},
        "kind at",
    ),
    Table(
        Event,
        {
            "id": _own(Event),
            "stream": lambda r, row: r.subject(row.stream),
            "actor": _person("actor"),
            "on_behalf": _person("on_behalf"),
            "cause": lambda r, row: r.cause(row.cause),
            "digest": lambda r, row: r.digest(row),
            "position": lambda r, row: r.position(row.position),
        },
        "sequence name at",
    ),
    Table(
        Body,
        {"event_id": _of(Event, "event_id"), "salt": lambda r, row: r.salt(row.event_id)},
        "data",
    ),
    Table(
        Effect,
        {
            "id": _own(Effect),
            "subject": lambda r, row: r.subject(row.subject),
            "payload": lambda r, row: r.payload(row.payload),
        },
        "kind run_after created_at attempts leased_until lease done_at is_stuck last_error",
    ),
)  # fmt: skip
