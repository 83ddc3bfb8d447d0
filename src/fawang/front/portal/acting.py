"""What the applicant may do to a matter, as buttons and pages; the process table decides, this room only shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as workorders
from fawang.base.workorders.errors import NoSuchAction
from fawang.base.workorders.values import Choice, OrderView, Outcome
from fawang.front.frame import order_actions, questions
from fawang.front.frame.doors import actor_of
from fawang.kernel.policy import Actor

_NEVER = {"draft", "fill", "submit", "cancel"}
# quiet in the table because they have a page of their own
_OWN_PAGE = {"switch_offline"}


@dataclass(frozen=True)
class Buttons:
    """The actions offered: the main ones first as buttons, the rest as a list."""

    main: tuple[Choice, ...]
    others: tuple[Choice, ...]


def offered(actor: Actor, view: OrderView) -> Buttons:
    """What is worth offering now; what the table allows but a rule would refuse at once is left out."""
    choices = [choice for choice in orders.actions(actor, view.number) if _is_worth(choice, view)]
    return Buttons(
        tuple(choice for choice in choices if choice.is_main), tuple(choice for choice in choices if not choice.is_main)
    )


def _is_worth(choice: Choice, view: OrderView) -> bool:
    if choice.code in _NEVER or (choice.is_quiet and choice.code not in _OWN_PAGE):
        return False
    if choice.code == "rate":
        return view.may_rate
    if choice.code == "switch_offline":
        return not view.is_offline
    return choice.code != "switch_online" or view.is_offline


def choice_of(actor: Actor, number: str, code: str) -> Choice:
    """The action, if the table allows it now. Raises NoSuchAction, NoSuchOrder."""
    for choice in orders.actions(actor, number):
        if choice.code == code and code not in _NEVER and (not choice.is_quiet or code in _OWN_PAGE):
            return choice
    raise NoSuchAction


def read(choice: Choice, post: QueryDict) -> dict[str, Any]:
    """What was typed into the action's form, in raw form."""
    return {q.id: questions.read(q, post) for q in choice.form}


def do(
    request: HttpRequest, view: OrderView, choice: Choice, typed: dict[str, Any]
) -> Outcome:  # fmt: skip
    """Do it; newly chosen files are kept first and stay in `typed` for a second try. Raises what `perform` raises."""
    order_actions.keep_files(request, view.number, choice.form, typed)
    return workorders.perform(
        actor=actor_of(request), order=view.number, action=choice.code, data=dict(typed),
        version=order_actions.version_of(request.POST), key=request.POST.get("key") or None,
    )  # fmt: skip
