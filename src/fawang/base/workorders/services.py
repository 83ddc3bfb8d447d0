"""The verbs of the work order. Every change of an order passes `perform` (or `file`, which is its beginning)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.errors import LineGone
from fawang.base.catalogue.values import Published
from fawang.base.workorders import effects, numbers  # noqa: F401 - effects register themselves
from fawang.base.workorders.checking import check_files, check_filing, check_line, is_line_there
from fawang.base.workorders.counting import counted_from
from fawang.base.workorders.engine import Act, check_version, place
from fawang.base.workorders.errors import MakesNoOrder, NoSuchOrder
from fawang.base.workorders.models import Clock, Order, Participant
from fawang.base.workorders.values import Filing, Outcome
from fawang.kernel import clock, ids, policy
from fawang.kernel.policy import Actor, Scope, system
from fawang.kernel.replies.services import once

# `counted_from` is here for lines: from which day a limit of theirs counts
__all__ = [
    "Planner", "Steps", "bring_forward", "counted_from", "file", "file_now", "perform", "place_now", "recompute_clocks",
    "start_draft", "submit_draft",
]  # fmt: skip
Steps = Sequence[tuple[str, dict[str, Any]]]
Planner = Callable[[Order], Steps]


def _locked(reference: str) -> Order:
    """The order by number or draft token, locked until the transaction ends."""
    order = Order.objects.select_for_update().filter(**numbers.named(reference)).first()
    if order is None:
        raise NoSuchOrder
    return order


def _act(actor: Actor, order: Order) -> Act:
    act = Act(actor, order, catalogue.version(order.item_version_id), list(Participant.objects.filter(order=order)))
    if not is_line_there(act.published):
        act.must_be_visible()
        raise LineGone
    return act


def perform(
    *, actor: Actor, order: str, action: str, data: dict[str, Any] | None = None, version: int | None = None,
    key: str | None = None,
) -> Outcome:  # fmt: skip
    """The only door: do `action` to the order with that number (or draft token).

    One transaction: lock, relation, version, state, form, guards, row, clocks, event, queued effects. With a `key`
    (scoped to the actor) a repeated request gets its first answer byte for byte; the same key with another body is
    refused. Raises NoSuchOrder (also: not yours), NotYours, Stale, WrongState, Invalid, KeyReused, LineGone or a rule's
    refusal.
    """
    policy.require(actor, "workorders.see_own" if _is_person(actor) else "workorders.work")

    def work() -> str:
        row = _locked(order)
        act = _act(actor, row)
        check_version_for(act, version)
        if action == "submit":
            # a draft is sent the same way through every door: a bundle comes apart
            _send_draft(act, None)
        else:
            act.do(action, data or {})
        return act.write().to_json()

    request = {"order": order, "action": action, "data": data or {}, "version": version}
    return Outcome.from_json(once(actor=actor, key=key, request=request, work=work))


def check_version_for(act: Act, version: int | None) -> None:
    """Refuse a stale page, but only to somebody who may see the order at all."""
    act.must_be_visible()
    check_version(act.order, version)


def _is_person(actor: Actor) -> bool:
    # a key with a role of staff works like that member of staff
    return (actor.unit_id is None and not actor.is_system) or bool(policy.scopes(actor, "workorders.see_own"))


def _new_order(actor: Actor, filing: Filing, published: Published) -> Order:
    item = published.item
    order = Order(
        draft_token=ids.token(), service_code=item.code, line=item.line, item_version_id=published.version_id,
        channel=filing.channel, source=filing.source[:80], demand_type=item.demand_type,
        domain=filing.domain or "D99", urgency=filing.urgency or item.urgency, complexity=item.complexity,
        title=filing.title[:50], description=filing.description, answers=dict(filing.answers),
        applicant_id=filing.applicant_id, on_behalf_by_id=filing.on_behalf_by,
        registrar=actor.ref if filing.is_registered else "",
        registrar_unit_id=actor.unit_id if filing.is_registered else None,
        people_count=filing.people_count, sensitive_flags=list(filing.sensitive_flags),
        secrecy="RESTRICTED" if filing.sensitive_flags else "NORMAL",
        language=filing.language or get_language() or "zh-hans", state="NEW", created_at=clock.now(),
    )  # fmt: skip
    if filing.area:
        place(order, filing.area)
    return order


def _begin(actor: Actor, filing: Filing, published: Published) -> Act:
    check_line(published)
    if published.item.ends_in == "lookup":
        raise MakesNoOrder
    check_files(actor, published.item.questions, filing.answers)
    participants = []
    if filing.on_behalf_by is not None:
        participants.append(Participant(part="AGENT", party_id=filing.on_behalf_by, since=clock.now()))
    act = Act(actor, _new_order(actor, filing, published), published, participants)
    act.applicant_kind = filing.applicant_kind
    return act


def _may_file(actor: Actor, filing: Filing) -> None:
    held = policy.require(actor, "workorders.file")
    if held <= {Scope.OWN} and (filing.is_registered or filing.applicant_id != actor.party_id):
        raise NoSuchOrder
    check_filing(filing)


def file(*, actor: Actor, filing: Filing, key: str | None = None, plan: Planner | None = None) -> Outcome:
    """File a demand: submit it and, in the same transaction, do what `plan` answers for it (queue, dispatch …).

    At most 15 SQL statements with a first dispatch. `extra` of the outcome has the query code. Raises NoSuchItem,
    ItemClosed, Invalid (fields of the item), KindNotServed, LevelTooLow, KeyReused.
    """
    _may_file(actor, filing)
    return Outcome.from_json(
        once(
            actor=actor,
            key=key,
            request={"filing": asdict(filing)},
            work=lambda: file_now(actor, filing, plan).to_json(),
        )
    )


def file_now(
    actor: Actor, filing: Filing, plan: Planner | None = None, *, published: Published | None = None
) -> Outcome:
    """The same inside the caller's transaction, without a key of its own. `published` is the open service where the
    caller has looked it up in this transaction already."""
    _may_file(actor, filing)
    act = _begin(actor, filing, published or catalogue.item(filing.service_code, must_be_open=True))
    _send(act, plan)
    return act.write()


def _send(act: Act, plan: Planner | None) -> None:
    """Submit; then a bundle comes apart, and for every other order what `plan` answers is done."""
    act.planner = plan
    act.do("submit", {})
    if act.published.item.is_bundle:
        act.do("unbundle", {}, actor=system("workorders"))
        return
    for action, data in plan(act.order) if plan else ():
        act.do(action, data, actor=system("dispatch"))


def _send_draft(act: Act, plan: Planner | None) -> None:
    act.applicant_kind = act.order.applicant.kind if act.order.applicant else "ANONYMOUS"
    _send(act, plan)


def start_draft(*, actor: Actor, filing: Filing, key: str | None = None) -> Outcome:
    """Begin a demand that is filled in step by step; `draft` of the outcome names it until it has a number."""
    _may_file(actor, filing)

    def work() -> str:
        act = _begin(actor, filing, catalogue.item(filing.service_code, must_be_open=True))
        act.do("draft", {})
        act.order.answers = {}
        outcome = act.write()
        if filing.answers:
            act = _act(actor, act.order)
            act.do("fill", {"answers": filing.answers})
            outcome = act.write()
        return outcome.to_json()

    return Outcome.from_json(once(actor=actor, key=key, request={"draft": asdict(filing)}, work=work))


def bring_forward(*, actor: Actor, draft: str) -> Outcome | None:
    """Move a half-filled form to the newer version whose publishing said that drafts move; None where it stays pinned.

    Answers that do not fit any more are set aside (`selectors.set_aside`). Nothing is done twice. Raises like
    `perform`.
    """
    policy.require(actor, "workorders.see_own" if _is_person(actor) else "workorders.work")
    with transaction.atomic():
        row = _locked(draft)
        act = _act(actor, row)
        act.must_be_visible()
        target = catalogue.moves_to(row.item_version_id) if row.state == "DRAFT" else None
        if target is None or not is_line_there(target):
            return None
        act.published = target
        act.do("bring_forward", {})
        return act.write()


def submit_draft(
    *, actor: Actor, draft: str, version: int | None = None, key: str | None = None, plan: Planner | None = None
) -> Outcome:
    """Send a draft; then what `plan` answers, in the same transaction. Raises like `file`."""

    def work() -> str:
        act = _act(actor, _locked(draft))
        check_version_for(act, version)
        _send_draft(act, plan)
        return act.write().to_json()

    request = {"submit": draft, "version": version}
    return Outcome.from_json(once(actor=actor, key=key, request=request, work=work))


def place_now(*, order_id: int, plan: Planner) -> Outcome | None:
    """For background work of the dispatch centre: do what `plan` answers for a waiting order; None if it moved on."""
    with transaction.atomic():
        order = Order.objects.select_for_update().filter(pk=order_id, state="TO_DISPATCH").first()
        if order is None or not is_line_there(catalogue.version(order.item_version_id)):
            return None
        steps = plan(order)
        if not steps:
            return None
        act = _act(system("dispatch"), order)
        for action, data in steps:
            act.do(action, data)
        return act.write()


def recompute_clocks(*, revision: int, limit: int = 200) -> int:
    """After a change of the calendar: compute open clocks that rest on an older one anew; how many orders were seen.

    Each moved due time is an entry in the ledger and an event, and the applicant and handler are told.
    """
    ids_ = list(
        Clock.objects.filter(state__in=["RUNNING", "PAUSED"], calendar_revision__lt=revision)
        .order_by("order_id").values_list("order_id", flat=True).distinct()[:limit]
    )  # fmt: skip
    for order_id in ids_:
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=order_id)
            # not `_act`: one order whose line is gone must not hold up the dates of all others
            act = Act(system("calendar"), order, catalogue.version(order.item_version_id), [])
            act.recalculate(revision)
    return len(ids_)
