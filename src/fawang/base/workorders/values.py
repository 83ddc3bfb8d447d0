"""Frozen data that goes in and out of the room."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.schema import Question
from fawang.kernel.events.services import canonical

# how people may be related to an order, as the table of actions names them
RELATION_NAMES: dict[str, str | Promise] = {
    "applicant": _("申请人"),
    "registrar": _("登记人"),
    "reception": _("受理窗口或热线"),
    "window": _("预约的窗口"),
    "dispatcher": _("调度员"),
    "unit": _("承办单位的联络员"),
    "unit_handler": _("承办单位的工作人员"),
    "handler": _("承办人"),
    "co_unit": _("协办单位"),
    "approver": _("审核人（不能是承办人本人）"),
    "supervisor": _("监督人员"),
    "callback": _("回访人员（不能是承办人）"),
    "offered": _("被询问的单位"),
    "partner": _("推送的机构"),
    "system": _("系统"),
}
# the states in which one corrects one's own answers; in others a clerk does it
AMENDED_BY_ONESELF = frozenset({"SUBMITTED", "CORRECTING", "TO_DISPATCH", "DISPATCHED", "SUSPENDED"})


@dataclass(frozen=True)
class Filing:
    """A demand ready to be filed: what, for whom, where, through which channel.

    `applicant_id` is the party; `registrar` is true when staff or a partner files for somebody else. `first` are
    actions the system does in the same transaction after the submit (`queue`, `dispatch` with its data).
    """

    service_code: str
    answers: dict[str, Any]
    area: str
    channel: str
    applicant_id: int | None
    applicant_kind: str = "PERSON"
    applicant_level: int = 0
    on_behalf_by: int | None = None
    is_registered: bool = False
    source: str = ""
    title: str = ""
    description: str = ""
    domain: str = ""
    urgency: str = ""
    people_count: int = 1
    sensitive_flags: tuple[str, ...] = ()
    language: str = "zh-hans"


@dataclass(frozen=True)
class Outcome:
    """What an act led to. `extra` holds what is told once (query code, claim code, booking)."""

    number: str
    draft: str
    state: str
    inner: str
    version: int
    due_at: str | None
    extra: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The canonical text of the answer."""
        return canonical(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        """The outcome that `to_json` wrote."""
        return cls(**json.loads(text))


# below this a mean says more about single people than about a unit
FEWEST_RATINGS = 5


@dataclass(frozen=True)
class Rating:
    """How people rated the work of a unit: by how many, and the mean of grades from 1 to 5."""

    count: int
    mean: float


@dataclass(frozen=True)
class OrderRow:
    """An order as a list shows it."""

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
    applicant: str
    unit_id: int | None
    unit: str
    handler_id: int | None
    submitted_at: datetime | None
    due_at: datetime | None
    due_is_provisional: bool
    urged_count: int
    breached_count: int
    grade: int | None
    is_open: bool
    version: int
    key: str


@dataclass(frozen=True)
class Earlier:
    """An answer of an earlier order: its value, its kind, and where it was given (`number` of the order)."""

    value: Any
    type: str
    service_zh: str
    service_en: str
    at: datetime | None
    number: str = ""


@dataclass(frozen=True)
class SetAside:
    """An answer that a newer form could not take: the question as it was asked, and what was answered.

    `is_asked` says whether a question of that id is still there (to be answered anew)."""

    question: Question
    value: Any
    is_asked: bool


@dataclass(frozen=True)
class Change:
    """A line of the log of answers: what one question's answer was and became, when, and by whom.

    A line of a filed order that was not changed says where the answer came from: `source_number` is the earlier order,
    `source_file` the paper it was read from. `question` is None where the form is not known any more.
    """

    at: datetime
    action: str
    zh: str
    en: str
    name: str
    question: Question | None
    before: Any
    after: Any
    reason: str = ""
    is_applicant: bool = False
    is_system: bool = False
    account_id: int | None = None
    source_number: str = ""
    source_file: str = ""


@dataclass(frozen=True)
class Page:
    """A keyset page: rows, and the keys of the next and previous ones; `count` is capped at `counted_to`."""

    rows: tuple[OrderRow, ...]
    next_key: str
    has_previous: bool
    count: int
    counted_to: int

    @property
    def count_text(self) -> str:
        """`37`, or `1,000+` once counting stopped."""
        return f"{self.counted_to:,}+" if self.count >= self.counted_to else f"{self.count:,}"


@dataclass(frozen=True)
class Choice:
    """An action the actor may do now, with its form."""

    code: str
    zh: str
    en: str
    form: tuple[Question, ...]
    is_dangerous: bool
    is_main: bool
    is_quiet: bool
    key: str


@dataclass(frozen=True)
class Step:
    """An entry of the timeline, as the reader may see it. `asked` are the questions that `data` answers, in order;
    `account_id` and `unit_id` say whose work it was."""

    sequence: int
    action: str
    zh: str
    en: str
    at: datetime
    actor_kind: str
    from_state: str
    to_state: str
    data: dict[str, Any]
    is_erased: bool
    asked: tuple[Question, ...] = ()
    account_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class ClockView:
    """A clock with its sentence: why it is due then."""

    id: int
    limit_id: str
    zh: str
    en: str
    state: str
    started_at: datetime
    due_at: datetime | None
    is_provisional: bool
    duty: str
    basis: str
    breached_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class TaskView:
    """A to-do inside an order."""

    id: int
    title: str
    due_on: date | None
    done_at: datetime | None
    outcome: str
    unit_id: int | None


@dataclass(frozen=True)
class OrderView:
    """One order as the reader may see it; answers are opened only where the reader may read them."""

    id: int
    number: str
    draft: str
    title: str
    description: str
    service_code: str
    service_zh: str
    service_en: str
    item_version: int
    item_version_id: int
    line: str
    state: str
    state_zh: str
    state_en: str
    people_zh: str
    people_en: str
    inner: str
    inner_zh: str
    inner_en: str
    stage: str
    is_open: bool
    is_frozen: bool
    version: int
    channel: str
    source: str
    demand_type: str
    domain: str
    urgency: str
    complexity: str
    secrecy: str
    sensitive_flags: tuple[str, ...]
    people_count: int
    area: str
    applicant_id: int | None
    registrar: str
    unit_id: int | None
    handler_id: int | None
    co_unit_ids: tuple[int, ...]
    desk_unit_id: int | None
    is_offline: bool
    dispatch_mode: str
    returns: int
    redo_count: int
    urged_count: int
    urge_is_open: bool
    supervision_level: int
    result_code: str
    result_text: str
    grade: int | None
    may_rate: bool
    created_at: datetime
    submitted_at: datetime | None
    dispatched_at: datetime | None
    signed_at: datetime | None
    accepted_at: datetime | None
    completed_at: datetime | None
    told_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    due_is_provisional: bool
    merged_into: str
    answers: dict[str, Any]
    assessment: dict[str, Any]
    applicant_kind: str
    on_behalf: bool
    relations: frozenset[str]
