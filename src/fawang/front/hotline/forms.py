"""What the console's forms send, read into what intake's services take. Nothing is checked here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from fawang.base.catalogue import forms as rules
from fawang.base.catalogue.schema import Question, ServiceItem
from fawang.base.identity.values import PartyData
from fawang.base.workorders.values import Filing
from fawang.front.frame import questions
from fawang.kernel import clock

# fields of the contact's form carry this, so that no question of a service has the same name
PREFIX = "contact_"
PERSON = "caller__"
_NOTES = ("words", "domain", "name", "phone", "answer", "wrap_up", "urgency")


def notes(post: QueryDict) -> dict[str, str]:
    """The fields of the contact's form that were sent."""
    return {name: str(post[PREFIX + name]) for name in _NOTES if PREFIX + name in post}


def version(post: QueryDict) -> int:
    """The version the page was made from; 0 where it is missing, which fits none."""
    text = post.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


# what cannot be handed over or drawn by telephone: it follows later
_NOT_BY_PHONE = frozenset({"file", "point"})


def asked(item: ServiceItem) -> list[Question]:
    """The questions an operator may ask by telephone: a caller cannot hand over files."""
    return [q for q in item.questions if str(q.type) not in _NOT_BY_PHONE and not q.compute]


def asked_now(item: ServiceItem, given: Mapping[str, Any], kind: str) -> list[Question]:
    """Those that are asked given what was answered so far."""
    facts = rules.Facts(applicant_kind=kind)
    known = rules.readable(item.questions, given, facts=facts)
    now = {question.id for question in rules.asked(item.questions, known, facts)}
    return [question for question in asked(item) if question.id in now]


def answers(item: ServiceItem, post: QueryDict) -> dict[str, Any]:
    """The raw answers to a service's questions."""
    found = {question.id: questions.read(question, post) for question in asked(item)}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def person(post: QueryDict) -> PartyData:
    """Who the caller says to be, and for which organisation they speak."""
    kind = post.get(f"{PERSON}kind", "") or "PERSON"
    return PartyData(
        name=post.get(f"{PERSON}name", "").strip(), phone=post.get(f"{PERSON}phone", "").strip(), kind=kind,
        uscc=post.get(f"{PERSON}uscc", "").strip() if kind != "PERSON" else "",
    )  # fmt: skip


def filing(item: ServiceItem, post: QueryDict, area: str) -> Filing:
    """The order as the operator filled it in; `area` is where the unit is, for services that ask for no place."""
    return Filing(
        service_code=item.code, answers=answers(item, post), area="" if item.area_from else area, channel="",
        applicant_id=None, language=get_language() or "zh-hans",
    )  # fmt: skip


def moment(post: QueryDict, day: str, time: str) -> datetime | None:
    """A moment on Shanghai's clock from a date's and a time's field; None where they are empty or wrong."""
    try:
        return datetime.fromisoformat(f"{post[day]}T{post[time]}").replace(tzinfo=clock.SHANGHAI)
    except (KeyError, ValueError):
        return None
