"""Words of the room with their names, and the frozen data it hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What kind of norm a law is, by who makes it (立法法)."""

    CONSTITUTION = "CONSTITUTION"
    STATUTE = "STATUTE"
    REGULATION = "REGULATION"
    INTERPRETATION = "INTERPRETATION"
    RULE = "RULE"
    LOCAL = "LOCAL"
    OTHER = "OTHER"


KIND_NAMES: dict[str, str | Promise] = {
    Kind.CONSTITUTION: _("宪法"),
    Kind.STATUTE: _("法律"),
    Kind.REGULATION: _("行政法规"),
    Kind.INTERPRETATION: _("司法解释"),
    Kind.RULE: _("部门规章"),
    Kind.LOCAL: _("地方性法规"),
    Kind.OTHER: _("其他规范"),
}
# as the sources write them
KIND_WORDS = {
    "宪法": Kind.CONSTITUTION, "法律": Kind.STATUTE, "行政法规": Kind.REGULATION, "司法解释": Kind.INTERPRETATION,
    "部门规章": Kind.RULE, "地方法规": Kind.LOCAL, "地方性法规": Kind.LOCAL,
}  # fmt: skip


class Standing(StrEnum):
    """What the source says about a version."""

    CURRENT = "CURRENT"  # in force when the snapshot was taken
    SNAPSHOT = "SNAPSHOT"  # the newest text of the snapshot, not known to be repealed
    AMENDED = "AMENDED"  # in force as consolidated; a later amendment stands apart
    FORMER = "FORMER"  # an older text
    REPEALED = "REPEALED"


STANDING_NAMES: dict[str, str | Promise] = {
    Standing.CURRENT: _("现行有效"),
    Standing.SNAPSHOT: _("现行（以数据截止日为准）"),
    Standing.AMENDED: _("现行，另有修正案"),
    Standing.FORMER: _("历史版本"),
    Standing.REPEALED: _("已废止"),
}
STANDING_WORDS = {
    "现行有效": Standing.CURRENT, "现行(以快照为准)": Standing.SNAPSHOT, "已被修改": Standing.AMENDED,
    "历史版本": Standing.FORMER, "已废止": Standing.REPEALED,
}  # fmt: skip
LIVE = (Standing.CURRENT, Standing.SNAPSHOT, Standing.AMENDED)


# begins the source of pieces that came with the product: no office has answered for them yet
EXAMPLE_MARK = "示例指引"


class PieceKind(StrEnum):
    """What editors write (普法内容)."""

    GUIDE = "GUIDE"
    ANSWER = "ANSWER"
    CASE = "CASE"
    EVENT = "EVENT"


PIECE_NAMES: dict[str, str | Promise] = {
    PieceKind.GUIDE: _("办事指引"),
    PieceKind.ANSWER: _("问与答"),
    PieceKind.CASE: _("以案说法"),
    PieceKind.EVENT: _("普法活动"),
}


class PieceState(StrEnum):
    """Where a piece stands in the editor's workflow."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


PIECE_STATE_NAMES: dict[str, str | Promise] = {
    PieceState.DRAFT: _("草稿"),
    PieceState.IN_REVIEW: _("法律审核中"),
    PieceState.PUBLISHED: _("已发布"),
    PieceState.WITHDRAWN: _("已撤下"),
}


class Doubt(StrEnum):
    """Why a published piece must be looked at again."""

    CHANGED = "CHANGED"
    GONE = "GONE"
    DATE = "DATE"


DOUBT_NAMES: dict[str, str | Promise] = {
    Doubt.CHANGED: _("所引条文已修改"),
    Doubt.GONE: _("所引条文已失效或找不到"),
    Doubt.DATE: _("已到复核日期"),
}


@dataclass(frozen=True, slots=True)
class LawValue:
    """A law, whatever its versions. `key` is stable over loads; `area` is empty for national ones."""

    key: str
    title: str
    short: str
    kind: Kind
    department: str


@dataclass(frozen=True, slots=True)
class VersionValue:
    """One text of a law. `valid_from` is its first day (not `is_from_known`: no earlier), `valid_to` its last."""

    key: str
    law: LawValue
    label: str
    standing: Standing
    issuer: str
    published_on: date | None
    valid_from: date | None
    is_from_known: bool
    valid_to: date | None
    source: str
    licence: str
    snapshot_on: date
    history: tuple[str, ...] = ()

    def is_valid_on(self, day: date) -> bool:
        """Whether this text was in force on a day, as far as the sources tell."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ArticleValue:
    """An article of one version. `key` is the corpus's id; `number` is None for texts without articles."""

    key: str
    version: VersionValue
    number: int | None
    suffix: int
    label: str
    chapter: str
    section: str
    text: str

    @property
    def citation(self) -> str:
        """《劳动合同法》第八十二条."""
        name = self.version.law.short
        title = name if name.startswith("《") else f"《{name}》"
        return f"{title}{self.label}" if self.number is not None else title


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter or section with the articles below it, for a table of contents."""

    chapter: str
    section: str
    articles: tuple[ArticleValue, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation found in a text: where it stands, what it names, and the article if there is one.

    `law` is as written; `paragraph` (款), `item` (项) and `point` (目) count from 1, 0 when not named.
    """

    start: int
    end: int
    law: str
    number: int
    suffix: int = 0
    paragraph: int = 0
    item: int = 0
    article: ArticleValue | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, with its score (only comparable within one answer)."""

    article: ArticleValue
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what a search found; `count` is exact up to the cap, `is_more` says it was capped."""

    hits: tuple[Hit, ...]
    count: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """How an article reads in two versions: words kept (" "), taken out ("-") and put in ("+"), in order."""

    label: str
    old: ArticleValue | None
    new: ArticleValue | None
    parts: tuple[tuple[str, str], ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return any(sign != " " for sign, _text in self.parts)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `doubtful` counts published pieces that must now be reviewed."""

    laws: int
    versions: int
    articles: int
    new: int
    changed: int
    unchanged: int
    cases: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class Taught:
    """What a lesson did: examples learned, examples left out, and how many articles they name."""

    examples: int
    left_out: int
    articles: int


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """What a piece rests on: an article of a law, whatever its version."""

    law: LawValue
    number: int
    suffix: int
    label: str


@dataclass(frozen=True, slots=True)
class DoubtValue:
    """One reason to review a piece."""

    why: Doubt
    about: str
    since: datetime | date


@dataclass(frozen=True, slots=True)
class PieceValue:
    """A guide, answer, case or event. `by` and `reviewed_by` are actors' refs; `body` is plain text with paragraphs."""

    id: str
    kind: PieceKind
    state: PieceState
    title: str
    summary: str
    body: str
    language: str
    source: str
    by: str
    reviewed_by: str
    published_at: datetime | None
    review_by: date | None
    version: int
    articles: tuple[ArticleRef, ...] = ()
    doubts: tuple[DoubtValue, ...] = ()
    remark: str = field(default="")

    @property
    def is_example(self) -> bool:
        """Whether it came with the product and waits for an office that answers for it."""
        return self.source.startswith(EXAMPLE_MARK)


class Outcome(StrEnum):
    """What came of a question."""

    ANSWERED = "ANSWERED"
    UNSURE = "UNSURE"  # something is near, nothing is certain
    NOTHING = "NOTHING"
    COMPLAINT = "COMPLAINT"
    PERSON = "PERSON"
    WAITING = "WAITING"  # the index is being built


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines quoted as they are stored: of an article in force, or of a published piece; one of the two is set."""

    citation: str
    lines: tuple[str, ...]
    is_part: bool
    article: ArticleValue | None = None
    piece: PieceValue | None = None

    @property
    def text(self) -> str:
        """The lines as one text; where something was left out between them, they stand apart."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence drafted in the words of a machine, with the number of the quote (from 1) that it rests on."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a question: nothing but quotes, each compared with what is stored.

    `near` is what is close without being certain. `mended` are slips that were put right, `added` the words of the law
    the question was looked up with, `former` citations in the question that are not in force, `sentences` what a
    drafting service wrote from the quotes, each checked (empty where there is none).
    """

    question: str
    outcome: Outcome
    quotes: tuple[Quote, ...] = ()
    near: tuple[Quote, ...] = ()
    added: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    former: tuple[Cited, ...] = ()
    is_english: bool = False
    certainty: float = 0.0
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """A period that may run: its number in the table of limits, its words, the article it stands in."""

    id: str
    zh: str
    en: str
    basis: str


@dataclass(frozen=True, slots=True)
class OpinionSheet:
    """What a duty lawyer confirms: facts as told, quoted law, evidence to keep, periods; `path` as the form has it."""

    facts: str
    quotes: tuple[Quote, ...]
    path: str
    evidence_zh: tuple[str, ...]
    evidence_en: tuple[str, ...]
    periods: tuple[Period, ...]
    certainty: float

    @property
    def articles(self) -> tuple[str, ...]:
        """The citations, each once."""
        return tuple(dict.fromkeys(quote.citation for quote in self.quotes if quote.article is not None))
