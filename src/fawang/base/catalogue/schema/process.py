"""The schema of processes: states, actions, time limits and what follows from them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from fawang.base.catalogue.schema.questions import Question
from fawang.base.catalogue.schema.texts import Code, Name, RuleName, Strict, Text, Words

UNITS = ("MINUTE", "HOUR", "WORK_HOUR", "HALF_DAY", "WD", "CD", "MONTH", "YEAR")
# where an order is before it exists
NEW = "NEW"
URGENCIES = ("U1", "U2", "U3", "U4")


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
