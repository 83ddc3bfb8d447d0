"""The schema of questions: what is asked, when, and what kind of answer is taken."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from fawang.base.catalogue.schema.texts import Expression, Name, Strict, Text, Words


class QuestionType(StrEnum):
    """What kind of answer a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    DATE = "date"
    DATETIME = "datetime"
    DATE_RANGE = "date_range"
    AMOUNT = "amount"
    NUMBER = "number"
    DIVISION = "division"
    ADDRESS = "address"
    POINT = "point"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    ID_NUMBER = "id_number"
    USCC = "uscc"
    PLATE = "plate"
    FILE = "file"
    SIGNATURE = "signature"
    GROUP = "group"


SEALED_TYPES = frozenset({QuestionType.PHONE, QuestionType.EMAIL, QuestionType.ID_NUMBER, QuestionType.SIGNATURE})
# kinds that a row of a repeating group cannot hold
NOT_IN_GROUPS = frozenset({QuestionType.GROUP, QuestionType.SIGNATURE, QuestionType.POINT})
MOST_ROWS = 30


class Option(Text):
    """One choice of a question."""

    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,60}$")]


class Check(Text):
    """What an answer must fulfil besides its type; `zh` and `en` tell the person what to do when it does not."""

    rule: Expression = Field(min_length=1, description="true when the answer is right; not asked while names are open")


class Question(Text):
    """One question, asked on one page. `zh` and `en` are the question as the person reads it."""

    id: Name
    type: QuestionType
    bank: str = Field("", description="the question of the bank it was taken from (`use`), or empty")
    meaning: str = Field(
        "", pattern=r"^([a-z_]+\.[a-z_]+)?$", description="what the system knows it means: a code of table `meaning`"
    )
    material: str = Field("", description="the material of the item that this file is; filled in, not written")
    required: bool = True
    help_zh: str = ""
    help_en: str = ""
    options: list[Option] = Field(default_factory=list, description="for choice and choices")
    table: str = Field("", description="for choice and choices: the code table the options come from, e.g. domain")
    max_length: int = Field(200, ge=1, le=20_000, description="characters, for texts")
    minimum: int | None = Field(None, description="fen for amount, the number itself for number, rows for group")
    maximum: int | None = None
    not_after_today: bool = Field(False, description="for date and date_range: the future is refused")
    sensitive: bool = Field(False, description="the answer is sealed in the database and masked on screens")
    show: Expression = Field("", description="CEL: asked only when this is true; names questions asked before it")
    require: Expression = Field("", description="CEL: must be answered when this is true, besides `required`")
    compute: Expression = Field("", description="CEL: the answer is computed and not asked; shown when checking")
    checks: list[Check] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list, description="for group: what is asked in each row")
    row_zh: str = Field("", max_length=40, description="for group: what a row is, e.g. 继承人")
    row_en: str = Field("", max_length=60)

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        takes_options = self.type in {QuestionType.CHOICE, QuestionType.CHOICES}
        if takes_options != bool(self.options or self.table):
            raise ValueError(f"question {self.id}: options (or a table) belong to choice and choices, and only to them")
        values = [option.value for option in self.options]
        if len(values) != len(set(values)):
            raise ValueError(f"question {self.id}: an option's value occurs twice")
        is_group = self.type == QuestionType.GROUP
        if is_group != bool(self.questions) or is_group != bool(self.row_zh and self.row_en):
            raise ValueError(f"question {self.id}: questions, row_zh and row_en belong to group, and only to it")
        if any(inner.type in NOT_IN_GROUPS or inner.compute or inner.checks for inner in self.questions):
            raise ValueError(f"question {self.id}: a row holds simple questions only")
        if self.compute and (self.type in {QuestionType.FILE, QuestionType.GROUP, QuestionType.SIGNATURE}):
            raise ValueError(f"question {self.id}: files, groups and signatures cannot be computed")
        return self

    @property
    def is_sealed(self) -> bool:
        """Whether the answer is stored encrypted; a group is when one of its columns is."""
        return self.sensitive or self.type in SEALED_TYPES or any(inner.is_sealed for inner in self.questions)


class Bank(Strict):
    """Questions defined once and taken over by services with `use: id`; an item may overwrite single keys."""

    bank: Name
    version: int = Field(ge=1, description="raise it with every change: services that use the bank are published anew")
    questions: list[Question]
    source: Words | None = None
