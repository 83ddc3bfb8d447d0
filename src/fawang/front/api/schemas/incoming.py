"""What requests may say. Unknown fields are refused, every text has a length."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fawang.front.api.parsing import Code, DivisionCode, Moment, Short, Version, Word, Words

Answers = Annotated[dict[Annotated[str, Field(max_length=60)], Any], Field(max_length=200)]


class Incoming(BaseModel):
    """A body of ours."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Applicant(Incoming):
    """For whom a demand is filed. Found again by document number, credit code, or telephone and name."""

    kind: Literal["PERSON", "ORG", "AGENCY", "ANONYMOUS"] = "PERSON"
    name: Word = ""
    id_type: Code = Field("", description="ID_CARD, PASSPORT, …; empty means ID_CARD")
    id_no: Short = ""
    uscc: Short = Field("", description="unified social credit code of an organisation")
    phone: Short = ""
    email: Word = ""
    nationality: Short = ""
    division_code: DivisionCode | Literal[""] = ""
    address: Word = ""
    special_groups: list[Code] = Field(default_factory=list, max_length=20)


class ExternalRef(Incoming):
    """What the demand is called in another system."""

    system: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
    id: Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,80}$")]
    url: Annotated[str, Field(max_length=300, pattern=r"^(https?://[^\s]+)?$")] = ""


class Matter(Incoming):
    """What is wanted. `answers` are to the service's questions (see `GET /v1/services/{code}`)."""

    service_code: Code
    answers: Answers = Field(default_factory=dict)
    area: DivisionCode | Literal[""] = Field("", description="where it is handled; a service's own question goes first")
    channel: Annotated[str, Field(pattern=r"^[0-9]{0,2}$")] = Field("", description="code of the channel table")
    source: Short = Field("", description="hall, device, campaign or system it comes from")
    urgency: Code = ""
    domain: Code = ""
    title: Word = ""
    description: Words = ""
    people_count: int = Field(1, ge=1, le=1_000_000)
    sensitive_flags: list[Code] = Field(default_factory=list, max_length=20)
    language: Literal["zh-hans", "en"] = "zh-hans"
    external_refs: list[ExternalRef] = Field(default_factory=list, max_length=10)


class Demand(Matter):
    """A demand for one service, and for whom."""

    applicant: Literal["me"] | Applicant = Field("me", description='"me" with a session; with a key, who it is for')


class Draft(Incoming):
    """A demand to be filled in step by step."""

    service_code: Code
    applicant: Literal["me"] | Applicant = "me"
    answers: Answers = Field(default_factory=dict)
    channel: Annotated[str, Field(pattern=r"^[0-9]{0,2}$")] = ""
    source: Short = ""


class Filling(Incoming):
    """Some answers; an empty one is taken out."""

    answers: Answers
    version: Version | None = Field(None, description="the version the answers were given to")


class Submission(Incoming):
    """Send the draft."""

    version: Version | None = None


class Doing(Incoming):
    """The answers to the action's form, and the version of the order it is done to."""

    data: Answers = Field(default_factory=dict)
    version: Version | None = Field(None, description="or as the header `If-Match`")


class Phone(Incoming):
    """A mobile number."""

    phone: Short


class PhoneCode(Incoming):
    """A mobile number with the code that was sent to it."""

    phone: Short
    code: Short


class Acting(Incoming):
    """One of the ways to act that `GET /v1/sessions/me` lists."""

    key: Annotated[str, Field(pattern=r"^(self|(member|for):[0-9]{1,12})$")]


class CallSignal(Incoming):
    """One event of one call. Events may come twice, late and in any order."""

    call_id: Annotated[str, Field(min_length=1, max_length=80)]
    event: Literal["ring", "answer", "hangup", "abandon"]
    at: Moment
    caller: Short = Field("", description="empty when withheld")
    dnis: Annotated[str, Field(max_length=20)] = Field("", description="the number that was called")
    seat: Annotated[str, Field(max_length=20)] = Field("", description="the extension it rings at")
    hangup_side: Literal["", "CALLER", "AGENT"] = ""


class NewContact(Incoming):
    """Begin a contact, by taking a call (its token) or without one."""

    call: Annotated[str, Field(pattern=r"^[a-z0-9]{0,40}$")] = ""
    channel: Annotated[str, Field(pattern=r"^[0-9]{2}$")] = "11"
    phone: Short = ""
    name: Word = ""


class Notes(Incoming):
    """What was typed; a field that is left out stays as it is."""

    version: Version
    words: Words | None = None
    domain: Code | None = None
    name: Word | None = None
    phone: Short | None = None
    wrap_up: Code | None = None
    urgency: Code | None = None


class ContactAnswer(Incoming):
    """The answer that ends a contact."""

    answer: Words
    wrap_up: Code = "CONSULTATION"
    tell: bool = Field(False, description="send number and query code by SMS")


class Referral(Incoming):
    """Where the person was passed on to."""

    to: Annotated[str, Field(max_length=100)]
    text: Words = ""
    wrap_up: Code = "TRANSFER"


class Closing(Incoming):
    """How a contact that came to nothing ended."""

    wrap_up: Code = "WRONG"


class Callback(Incoming):
    """When to call back; in an hour by default."""

    due_at: Moment | None = None
    note: Annotated[str, Field(max_length=500)] = ""
    tell: bool = False


class Attempt(Incoming):
    """What came of an attempt to call back."""

    reached: bool
    text: Words = ""
    wrap_up: Code = ""
    version: Version | None = None


class ContactDemand(Matter):
    """A demand made of a contact; words, domain and urgency come from the contact where they are left empty."""

    applicant: Literal["caller"] | Applicant = "caller"
    wrap_up: Code = "HELP"
