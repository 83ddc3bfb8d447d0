"""The schema of service items: who may ask, what is asked, what is needed, what it costs, what comes of it."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from fawang.base.catalogue.schema.process import Limit
from fawang.base.catalogue.schema.questions import Question
from fawang.base.catalogue.schema.texts import Code, Expression, Name, Strict, Text, Words

ApplicantKind = Literal["PERSON", "ORG", "AGENCY", "ANONYMOUS"]
Verdict = Literal["yes", "no", "person"]
Format = Literal["pdf", "jpg", "png", "docx", "ofd", "mp3", "mp4"]


def _from_yaml(given: object) -> object:
    """YAML reads a bare yes and no as true and false; here they are words."""
    return {True: "yes", False: "no"}[given] if isinstance(given, bool) else given


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


class Eligibility(Text):
    """A rule of eligibility; `zh` and `en` are the reason the person reads. The strongest that is true counts:
    no over person over yes; with none, a person must look."""

    id: Name
    when: Expression = Field(min_length=1)
    answer: Verdict = Field(description="yes, no, or `person`: a person must look")
    sets: list[Name] = Field(
        default_factory=list,
        description="flags, e.g. means_test_not_required, means_check_exempt: two different things",
    )
    basis: Words = Field(description="law and article, or `practice`")

    @field_validator("answer", mode="before")
    @classmethod
    def _bare_words(cls, given: object) -> object:
        return _from_yaml(given)


class Material(Text):
    """A paper that is needed; which ones is computed from the answers."""

    id: Name
    why: Text = Field(description="what it is needed for")
    supplier: Text = Field(description="who can supply it")
    when: Expression = Field("", description="CEL: needed only when this is true")
    is_required: bool = Field(True, description="without it the matter cannot be accepted")
    fetched_from: str = Field("", description="code of table `register`: where it can be fetched instead of asked for")
    form: Literal["original", "copy", "either"] = "copy"
    copies: int = Field(1, ge=1, le=20)
    formats: list[Format] = Field(default=["pdf", "jpg", "png"], min_length=1)


class Fee(Strict):
    """What it costs. The prose is the guide's; this is what a program computes, in fen."""

    kind: Literal["free", "computed", "agreed"] = Field(description="agreed: in the provider's own written contract")
    amount: Expression = Field(
        "", description='CEL for computed: fen; may call tariff("…", area) and brackets("…", fen)'
    )
    basis: Words
    is_uncertain: bool = False

    @model_validator(mode="after")
    def _amount_when_computed(self) -> Self:
        if (self.kind == "computed") != bool(self.amount):
            raise ValueError("amount belongs to a computed fee, and only to it")
        return self


class Expected(Strict):
    """What a worked example leads to. What is left out is not looked at."""

    eligible: Verdict | None = None
    flags: list[Name] | None = None
    materials: list[Name] | None = Field(None, description="ids in the order of the item")
    fee: int | None = Field(None, description="fen")
    limits: list[str] | None = Field(None, description="ids of the item's and its line's limits that apply")
    asked: list[Name] | None = Field(None, description="ids of the questions that are asked")
    line: Name | None = Field(None, description="the line of the institution that holds it")
    refused: list[Name] | None = Field(None, description="ids of the questions whose answers are refused")

    @field_validator("eligible", mode="before")
    @classmethod
    def _bare_words(cls, given: object) -> object:
        return _from_yaml(given)


class Example(Strict):
    """A worked example: answers, and what they lead to. It runs at each check and blocks publishing when it fails."""

    name: Words
    applicant: ApplicantKind = "PERSON"
    on_behalf: bool = False
    on: date | None = Field(None, description="the day it is filed; today when left out")
    answers: dict[str, object]
    expect: Expected


class Confirmation(Strict):
    """The owner of the service confirmed the facts that were uncertain."""

    by: Words = Field(description="name and office of who confirmed")
    on: date


class Part(Strict):
    """A service of a bundle: when it is part of the application, and which answers are already known."""

    item: Code
    when: Expression = Field("", description="CEL over the bundle's own questions; empty: always")
    answers: dict[Name, Expression] = Field(
        default_factory=dict, description="the part's question: CEL that answers it, so that it is not asked"
    )
    apart: list[Name] = Field(
        default_factory=list,
        description="the part's questions that are about somebody or something else than in others",
    )
    version: int = Field(0, description="filled in when the bundle is published")
    names: dict[Name, Name] = Field(default_factory=dict, description="filled in: the part's question, the bundle's")


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
    category: Literal["PUBLIC_SERVICE", "ADMIN_POWER", "MARKET"] = "PUBLIC_SERVICE"
    group_zh: str = Field("", max_length=40, description="heading under which the line lists it")
    group_en: str = Field("", max_length=60)
    applicant_kinds: list[ApplicantKind] = Field(min_length=1)
    channels: list[str] = Field(min_length=1, description="codes of the channel table §3.1; `*` for all")
    identity_level: int = Field(1, ge=0, le=4, description="compliance §8")
    is_personal: bool = Field(False, description="nobody may act for the person (a will, an adoption …)")
    urgency: Literal["U1", "U2", "U3", "U4"] = "U3"
    complexity: Literal["SIMPLE", "GENERAL", "COMPLEX"] = "GENERAL"
    dispatch: Literal["AUTO", "MANUAL"] = "AUTO"
    ends_in: Literal["order", "booking", "lookup"] = Field(
        "order", description="booking: in person only, the person books a visit; lookup: an answer, and no order"
    )
    lookup: Literal["", "institutions", "people", "certificates", "orders"] = Field(
        "", description="for lookup: what is looked up"
    )
    visits: Literal["0", "1", "n"] = Field("0", description="how often somebody has to come")
    process: Name
    guide: Guide
    questions: list[Question] = Field(default_factory=list)
    eligibility: list[Eligibility] = Field(default_factory=list)
    materials: list[Material] = Field(default_factory=list)
    fee: Fee | None = None
    results: list[Text] = Field(default_factory=list, description="documents that come of it")
    title_from: list[Name] = Field(default_factory=list, description="answers that make the order's title")
    description_from: Name | None = None
    area_from: Name | None = Field(None, description="the division answer that decides where it is handled")
    domain_from: Name | None = None
    urgency_from: Name | None = None
    domain: str = Field("", description="code of table domain, where all demands of this service have the same")
    limits: list[Limit] = Field(default_factory=list, description="besides those of the process")
    aliases: list[str] = Field(default_factory=list, description="words people use for it, for search")
    icon: Name = "file_text"
    valid_from: date | None = None
    valid_to: date | None = Field(None, description="the last day it is offered")
    owner: Text | None = Field(None, description="the authority that answers for the facts")
    is_example: bool = Field(False, description="published as 示例 until its owner confirms the uncertain facts")
    uncertain: list[Words] = Field(default_factory=list, description="the facts that are not confirmed, in English")
    confirmed: Confirmation | None = None
    drafts: Literal["stay", "move"] = Field(
        "stay", description="whether half-filled forms of earlier versions move forward to this one"
    )
    parts: list[Part] = Field(default_factory=list, description="the services of a bundle (套餐)")
    examples: list[Example] = Field(default_factory=list)
    is_listed: bool = Field(True, description="shown in the list of services")

    @model_validator(mode="after")
    def _references_exist(self) -> Self:
        for kind, names in (
            ("question", [question.id for question in self.questions]),
            ("material", [material.id for material in self.materials]),
            ("eligibility rule", [rule.id for rule in self.eligibility]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{kind} {', '.join(twice)} occurs twice")
        ids = {question.id for question in self.questions}
        named = [*self.title_from, self.description_from, self.area_from, self.domain_from, self.urgency_from]
        if missing := [name for name in named if name is not None and name not in ids]:
            raise ValueError(f"there is no question {', '.join(missing)}")
        if (self.ends_in == "lookup") != bool(self.lookup):
            raise ValueError("`lookup` says what is looked up where it ends in a lookup, and only there")
        if self.ends_in == "lookup" and self.questions:
            raise ValueError("a look-up asks no questions: it makes no order")
        if self.confirmed is not None and self.is_example:
            raise ValueError("is_example ends with the owner's confirmation: remove one of the two")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    def question(self, name: str) -> Question | None:
        """The question of that id."""
        return next((question for question in self.questions if question.id == name), None)

    @property
    def icon_name(self) -> str:
        """The icon as the sprite names it."""
        return self.icon.replace("_", "-")

    @property
    def is_bundle(self) -> bool:
        """Whether it is a bundle (套餐): one application, several orders."""
        return bool(self.parts)
