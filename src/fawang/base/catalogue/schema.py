"""The schema of everything that is declared: texts, questions, limits, actions, processes, service items.

A definition is a YAML file, checked against these models; `docs/reference/catalogue.md` is generated from them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,39}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
RuleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
UNITS = ("MINUTE", "HOUR", "WORK_HOUR", "HALF_DAY", "WD", "CD", "MONTH", "YEAR")
# where an order is before it exists
NEW = "NEW"
URGENCIES = ("U1", "U2", "U3", "U4")


class Strict(BaseModel):
    """Unknown keys are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """A text in both languages."""

    zh: Words = Field(description="Chinese, as people read it")
    en: Words = Field(description="English, complete")

    def say(self, language: str) -> str:
        """The text in `language` (`en…` is English, everything else Chinese)."""
        return self.en if language.startswith("en") else self.zh


class QuestionType(StrEnum):
    """What kind of answer a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    DATE = "date"
    DATETIME = "datetime"
    AMOUNT = "amount"
    NUMBER = "number"
    DIVISION = "division"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    ID_NUMBER = "id_number"
    USCC = "uscc"
    FILE = "file"


SEALED_TYPES = frozenset({QuestionType.PHONE, QuestionType.EMAIL, QuestionType.ID_NUMBER})


class Option(Text):
    """One choice of a question."""

    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,60}$")]


class Question(Text):
    """One question, asked on one page. `zh` and `en` are the question as the person reads it."""

    id: Name
    type: QuestionType
    required: bool = True
    help_zh: str = ""
    help_en: str = ""
    options: list[Option] = Field(default_factory=list, description="for choice and choices")
    table: str = Field("", description="for choice and choices: the code table the options come from, e.g. domain")
    max_length: int = Field(200, ge=1, le=20_000, description="characters, for texts")
    minimum: int | None = Field(None, description="fen for amount, the number itself for number")
    maximum: int | None = None
    not_after_today: bool = Field(False, description="for date: the future is refused")
    sensitive: bool = Field(False, description="the answer is sealed in the database and masked on screens")
    when: dict[Name, list[str]] = Field(
        default_factory=dict, description="asked only when these questions have one of these answers"
    )

    @model_validator(mode="after")
    def _options_fit_the_type(self) -> Self:
        takes_options = self.type in {QuestionType.CHOICE, QuestionType.CHOICES}
        if takes_options != bool(self.options or self.table):
            raise ValueError(f"question {self.id}: options (or a table) belong to choice and choices, and only to them")
        values = [option.value for option in self.options]
        if len(values) != len(set(values)):
            raise ValueError(f"question {self.id}: an option's value occurs twice")
        return self

    @property
    def is_sealed(self) -> bool:
        """Whether the answer is stored encrypted."""
        return self.sensitive or self.type in SEALED_TYPES


class Span(Strict):
    """A length of time in a unit of the law: CD calendar days, WD working days, HOUR wall-clock hours, …"""

    value: int = Field(ge=0, le=20_000)
    unit: Literal["MINUTE", "HOUR", "WORK_HOUR", "HALF_DAY", "WD", "CD", "MONTH", "YEAR"]


class Extension(Strict):
    """By how much a limit may be extended, once, before it ends (T7)."""

    by: Span
    basis: Words


class Limit(Text):
    """A time limit: what starts, stops and pauses its clock, and what it rests on."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[A-Z0-9-]{1,12}$")]
    span: Span | None = None
    by_urgency: dict[Literal["U1", "U2", "U3", "U4"], Span] = Field(default_factory=dict)
    duty: Literal["unit", "dispatch", "citizen"] = Field("unit", description="whom the clock binds")
    kind: Literal["statutory", "promised"] = "promised"
    starts_on: list[Name] = Field(min_length=1, description="actions that start the clock")
    starts_in: list[Code] = Field(default_factory=list, description="states that start it when they are entered")
    stops_on: list[Name] = Field(min_length=1, description="actions that meet it")
    void_in: list[Code] = Field(default_factory=list, description="states in which it no longer binds anybody")
    supplement: Literal["pause", "restart", "precede", "run"] = Field(
        "pause", description="what a request for materials does: freeze, run afresh after it, not yet started, nothing"
    )
    suspension: Literal["pause", "run"] = "pause"
    extension: Extension | None = None
    basis: Words = Field(description="law and article, standard, or `practice`")
    on_expiry: Text | None = Field(None, description="what the law says when it runs out (silence can be acceptance)")
    is_uncertain: bool = False

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if (self.span is None) == (not self.by_urgency):
            raise ValueError(f"limit {self.id}: give either span or by_urgency")
        return self

    def length(self, urgency: str) -> Span | None:
        """The span for an urgency; None where none is set."""
        return self.span or self.by_urgency.get(urgency)  # type: ignore[call-overload]


class Tell(Strict):
    """A message that an action causes."""

    template: Name
    to: Literal["applicant", "handler", "unit", "supervisor", "registrar"]


class State(Text):
    """A state of the envelope, in the words of the work-order standard §4."""

    code: Code
    stage: Literal["draft", "intake", "dispatch", "unit", "handling", "result", "end"]
    is_end: bool = False
    people_zh: str = Field("", description="what the applicant reads: where it is and what happens next")
    people_en: str = ""


class Inner(Text):
    """A line's own state inside HANDLING."""

    code: Code
    is_initial: bool = False


class Action(Text):
    """One thing that may be done to an order: from which states, by whom, with what, to which state."""

    code: Name
    sources: list[str] = Field(alias="from", min_length=1, description="states; NEW for an order that is not there yet")
    to: str = Field(description="the next state; `=` stays; `?` is decided by the action's rule (see `may_lead_to`)")
    may_lead_to: list[str] = Field(default_factory=list)
    inner_from: list[str] = Field(default_factory=list, description="the line's inner states; empty means any")
    inner_to: str = ""
    who: list[str] = Field(min_length=1, description="relations to the order; see workorders/policy.py")
    form: list[Question] = Field(default_factory=list)
    guards: list[RuleName] = Field(default_factory=list)
    event: Name = Field(description="the past tense: workorders.<event>.v1")
    tells: list[Tell] = Field(default_factory=list)
    then: Name | None = Field(None, description="an action the system does next, in the same transaction")
    is_dangerous: bool = Field(False, description="asks for confirmation")
    is_quiet: bool = Field(False, description="not offered as a button: done by a page or by the system")
    is_main: bool = Field(False, description="the button to offer first")
    key: str = Field("", max_length=1, description="shortcut in the workbench")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ActionChange(Strict):
    """What a line changes about an action of the envelope. It may narrow, never widen."""

    inner_from: list[str] | None = None
    inner_to: str | None = None
    guards: list[RuleName] = Field(default_factory=list, description="added to the envelope's")
    form: list[Question] = Field(default_factory=list, description="added to the envelope's")
    is_main: bool | None = None


class Process(Strict):
    """A process: the shared envelope, or a line's additions to it (`extends: envelope`)."""

    process: Name
    version: int = Field(ge=1)
    extends: Name | None = None
    states: list[State] = Field(default_factory=list)
    inner: list[Inner] = Field(default_factory=list)
    actions: list[Action] = Field(default_factory=list)
    changes: dict[Name, ActionChange] = Field(default_factory=dict)
    limits: list[Limit] = Field(default_factory=list)
    review: Literal["second_person", "sampled"] = Field(
        "second_person", description="who checks a result: a second person, or the system with samples read later"
    )

    def action(self, code: str) -> Action | None:
        """The action of that code."""
        return next((action for action in self.actions if action.code == code), None)

    def state(self, code: str) -> State:
        """The state of that code. Raises KeyError."""
        return {state.code: state for state in self.states}[code]


class GuidePart(Text):
    """One of the eight things a guide publishes."""


class Guide(Strict):
    """The guide (办事指南): the eight things the law makes public (国务院关于在线政务服务的若干规定 art. 6)."""

    conditions: Text
    materials: Text
    steps: Text
    limits: Text
    fees: Text
    basis: Text
    result: Text
    remedies: Text


class ServiceItem(Text):
    """A service item (服务事项): everything that every channel needs to know about one service. `zh`/`en` name it."""

    code: Code
    line: Name
    version: int = Field(ge=1)
    summary: Text
    demand_type: Literal[
        "CONSULT", "APPLY", "BOOK", "HELP", "MEDIATE", "COMPLAINT", "REPORT", "SUGGEST", "PRAISE", "QUERY",
        "DATA_RIGHT", "OTHER",
    ]  # fmt: skip
    applicant_kinds: list[Literal["PERSON", "ORG", "AGENCY", "ANONYMOUS"]] = Field(min_length=1)
    channels: list[str] = Field(min_length=1, description="codes of the channel table §3.1; `*` for all")
    identity_level: int = Field(1, ge=0, le=4, description="compliance §8")
    urgency: Literal["U1", "U2", "U3", "U4"] = "U3"
    complexity: Literal["SIMPLE", "GENERAL", "COMPLEX"] = "GENERAL"
    dispatch: Literal["AUTO", "MANUAL"] = "AUTO"
    process: Name
    guide: Guide
    questions: list[Question]
    title_from: list[Name] = Field(default_factory=list, description="answers that make the order's title")
    description_from: Name | None = None
    area_from: Name | None = Field(None, description="the division answer that decides where it is handled")
    domain_from: Name | None = None
    urgency_from: Name | None = None
    limits: list[Limit] = Field(default_factory=list, description="besides those of the process")
    aliases: list[str] = Field(default_factory=list, description="words people use for it, for search")
    icon: Name = "file_text"
    is_example: bool = Field(False, description="published as 示例 until its owner confirms the uncertain facts")
    is_listed: bool = Field(True, description="shown in the list of services")

    @model_validator(mode="after")
    def _references_exist(self) -> Self:
        ids = [question.id for question in self.questions]
        if len(ids) != len(set(ids)):
            raise ValueError("a question's id occurs twice")
        named = [*self.title_from, self.description_from, self.area_from, self.domain_from, self.urgency_from]
        for name in named:
            if name is not None and name not in ids:
                raise ValueError(f"there is no question {name}")
        for position, question in enumerate(self.questions):
            for name in question.when:
                if name not in ids[:position]:
                    raise ValueError(f"question {question.id}: `when` names {name}, which is not asked before it")
        return self

    def question(self, name: str) -> Question | None:
        """The question of that id."""
        return next((question for question in self.questions if question.id == name), None)


class CodeTable(Strict):
    """A code table: domains, reasons, results …; rows carry validity."""

    table: Name
    source: Words
    rows: list[dict[str, Any]]
