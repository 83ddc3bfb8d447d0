"""What the console's pages show, put together for their templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fawang.base.catalogue import forms as rules
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question
from fawang.base.catalogue.values import Published
from fawang.base.organisations import selectors as organisations
from fawang.front.frame.answers import named
from fawang.front.hotline import forms
from fawang.kernel import clock, crypto, ids
from fawang.kernel.policy import Actor
from fawang.middle.intake import selectors as intake
from fawang.middle.intake.values import CallerHistory, CallView, ContactView, SeatState

Errors = Mapping[str, Any]


def table(name: str) -> list[tuple[str, str]]:
    """A code table as pairs of value and words."""
    return [(row.code, row.say(get_language() or "")) for row in catalogue.table(name)]


def words_of(name: str, code: str) -> str:
    """The words of a code, empty for none."""
    return catalogue.row(name, code).say(get_language() or "") if code else ""


def print_of(calls: list[CallView]) -> str:
    """A short mark of what rings now: a poll that finds the same mark changes nothing."""
    return crypto.digest("|".join(call.token for call in calls).encode())[:12]


def console(actor: Actor) -> dict[str, Any]:
    """The console between two calls."""
    counts = intake.summary(actor, mine=True)
    labels = [
        ("ANSWERED", _("当场答复")),
        ("ORDER_MADE", _("转工单")),
        ("CALLBACK", _("待回拨")),
        ("REFERRED", _("转介")),
    ]
    return {
        "seat": intake.seat(actor),
        "states": [(state.value, state.label) for state in SeatState],
        "open_contacts": intake.open_contacts(actor),
        "figures": [(code, counts[code], words) for code, words in labels],
        "callbacks": intake.callbacks_due(actor),
        "has_line": intake.has_simulated_line(),
        "key": ids.token(),
        **ringing(actor),
    }


def ringing(actor: Actor) -> dict[str, Any]:
    """What rings now, with the callers' histories."""
    found = intake.ringing_callers(actor)
    return {"ringing": found, "seen": print_of([one.call for one in found])}


def workspace(
    actor: Actor, view: ContactView, *, errors: Errors | None = None, order: dict[str, Any] | None = None,
    typed: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The contact's page: the caller at the left, the notes in the middle, what to do at the right."""
    now = clock.local(clock.now() + timedelta(hours=1))
    return {
        "contact": view,
        "typed": {**_stored(view), **(typed or {})},
        "history": intake.caller_history(actor, view.number),
        "call": intake.call_of(actor, view.number),
        "chat": intake.chat_of_contact(actor, view.number),
        "errors": dict(errors or {}),
        "order": order,
        "domains": table("domain1"),
        "urgencies": table("urgency"),
        "wrap_ups": table("wrap_up"),
        "soon": {"day": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}"},
        "key": ids.token(),
        **listening(view),
    }


def _stored(view: ContactView) -> dict[str, str]:
    return {
        "words": view.words, "domain": view.domain, "name": view.caller_name, "answer": view.answer,
        "wrap_up": view.wrap_up, "urgency": view.urgency, "phone": "",
    }  # fmt: skip


def listening(view: ContactView) -> dict[str, Any]:
    """What follows from the notes: danger, and the services that fit."""
    return {"danger": intake.look_for_danger(view.words), "suggestions": intake.suggestions(view.words)}


KINDS = {"PERSON": gettext_lazy("个人"), "ORG": gettext_lazy("单位"), "AGENCY": gettext_lazy("国家机关")}


def order_form(
    actor: Actor, view: ContactView, published: Published, *, answers: Mapping[str, Any] | None = None,
    errors: Errors | None = None, name: str | None = None, phone: str = "", kind: str = "", uscc: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The remaining questions of a service, with what is known filled in; what must be answered comes first."""
    item = published.item
    given = dict(answers) if answers is not None else _known(actor, view, published)
    wrong = dict(errors or {})
    kinds = [(one, words) for one, words in KINDS.items() if one in item.applicant_kinds]
    kind = kind or (kinds[0][0] if kinds else "PERSON")
    asked = [q for q in forms.asked_now(item, given, kind) if not intake.detail_of(q, kind)]
    rows = [(question, given.get(question.id), str(wrong.get(question.id, ""))) for question in asked]
    carried = set() if answers is not None else set(given) - {item.area_from}
    return {
        "item": item,
        "asked": [row for row in rows if row[2] or (row[0].required and not _is_carried(row, carried))],
        "filled": [row for row in rows if not row[2] and _is_carried(row, carried)],
        "optional": [row for row in rows if not row[0].required and not row[2] and not _is_carried(row, carried)],
        "errors": named(_by_field(wrong), item.questions, get_language() or ""),
        "name": view.caller_name if name is None else name,
        "name_error": str(wrong.get("name", "")),
        "phone": phone,
        "phone_error": str(wrong.get("phone", "")),
        "phone_hint": _("不填就用来电号码 %(phone)s") % {"phone": view.phone_masked} if view.has_phone else "",
        "needs_phone": not view.has_phone,
        "kind": kind,
        "kinds": kinds,
        "uscc": uscc,
        "uscc_error": str(wrong.get("uscc", "")),
        "decides": " ".join(rules.decisive(item.questions)),
        "key": ids.token(),
    }


def _is_carried(row: tuple[Question, Any, str], carried: set[str]) -> bool:
    """Whether the notes answered the question already, so that it need not be in the way."""
    return row[0].id in carried and row[1] not in (None, "", [])


def _by_field(wrong: Mapping[str, Any]) -> dict[str, str]:
    names = {"name": f"{forms.PERSON}name", "phone": f"{forms.PERSON}phone"}
    return {names.get(name, name): str(sentence) for name, sentence in wrong.items()}


def _known(actor: Actor, view: ContactView, published: Published) -> dict[str, Any]:
    """The notes as the story, the domain and urgency as noted, the caller's place, else the unit's."""
    item = published.item
    known: dict[str, Any] = {}
    if item.description_from:
        known[item.description_from] = view.words
    if item.domain_from and view.domain:
        known[item.domain_from] = view.domain
    if item.urgency_from:
        known[item.urgency_from] = view.urgency or item.urgency
    if item.area_from:
        known[item.area_from] = place_of(actor, view, intake.caller_history(actor, view.number))
    return known


def place_of(actor: Actor, view: ContactView, history: CallerHistory) -> str:
    """Where the caller is known to live when only one is known, else where the unit is."""
    if len(history.cards) == 1 and history.cards[0].division_code:
        return history.cards[0].division_code
    return organisations.institution(actor.unit_id or view.unit_id).division_code
