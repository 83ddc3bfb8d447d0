"""The schema of screeners: a few questions that lead to services, to a time limit, to an office – before any form."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from fawang.base.catalogue.schema.process import Span
from fawang.base.catalogue.schema.questions import Question, QuestionType
from fawang.base.catalogue.schema.texts import Code, Expression, Name, Strict, Text, Words

UNASKED = frozenset({QuestionType.FILE, QuestionType.NAME, QuestionType.ADDRESS, QuestionType.POINT, QuestionType.USCC})
Tone = Literal["yes", "maybe", "person", "now"]


class Finding(Text):
    """What the answers mean for the person; `zh` and `en` are the sentences they read. All that are true are shown,
    in the order they are written."""

    id: Name
    when: Expression = Field(min_length=1)
    tone: Tone = Field(description="yes: it fits; maybe: it may; person: somebody must look; now: do this first")
    basis: Words = Field(description="laws with their articles, as people cite them")
    services: list[Code] = Field(default_factory=list, description="what to ask for, the most fitting first")


class Term(Text):
    """A period that may run. The last day is reckoned from the day that `since` gives, never later than the cap."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[A-Z0-9-]{1,12}$")]
    when: Expression = Field(min_length=1)
    since: Expression = Field(min_length=1, description="CEL that gives the day from which it runs")
    span: Span
    cap_since: Expression = Field("", description="CEL: the day from which the longest time runs")
    cap: Span | None = None
    basis: Words
    is_limitation: bool = Field(
        False, description="limitation of actions: a court does not raise it of its own accord (民法典 art. 193)"
    )

    @model_validator(mode="after")
    def _cap_has_a_begin(self) -> Self:
        if (self.cap is None) != (not self.cap_since):
            raise ValueError(f"term {self.id}: cap and cap_since belong together")
        return self


class Screened(Strict):
    """What a worked example leads to. What is left out is not looked at."""

    findings: list[Name] | None = None
    terms: dict[str, date] | None = Field(None, description="id of a term: its last day")
    asked: list[Name] | None = None


class ScreenedExample(Strict):
    """A worked example of a screener; it runs at each check."""

    name: Words
    asked_on: date
    answers: dict[str, object]
    expect: Screened


class Screener(Text):
    """A screener (自测问答). `zh` and `en` are the question it answers."""

    screener: Name
    summary: Text
    rank: int = 50
    icon: Name = "help_circle"
    aliases: list[str] = Field(default_factory=list, description="words in a story for which it is offered")
    questions: list[Question] = Field(min_length=1)
    findings: list[Finding] = Field(default_factory=list)
    terms: list[Term] = Field(default_factory=list)
    carries: dict[Name, Expression] = Field(
        default_factory=dict,
        description="a service's question: CEL that answers it; questions of one bank carry over by themselves",
    )
    examples: list[ScreenedExample] = Field(min_length=1)
    source: Words

    @property
    def icon_name(self) -> str:
        """The icon as the sprite names it."""
        return self.icon.replace("_", "-")

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        for kind, names in (
            ("question", [question.id for question in self.questions]),
            ("finding", [finding.id for finding in self.findings]),
            ("term", [term.id for term in self.terms]),
        ):
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{kind} {', '.join(twice)} occurs twice")
        if any(q.is_sealed or q.questions or q.type in UNASKED for q in self.questions):
            raise ValueError("a screener asks nothing that says who somebody is, and no files")
        if any(not question.required or question.compute for question in self.questions):
            raise ValueError("a screener's questions are all answered; `I do not know` is an option of theirs")
        return self
