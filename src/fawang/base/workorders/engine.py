"""The act: everything that one perform() does to one order, collected in memory and written once.

An `Act` holds the locked row, its participants and clocks. `do` performs one action of the process: relation, state,
form, guards, the action's own effect, clocks, fact. `write` then needs one statement a table. Nothing else in the
product writes to an order: a test looks for it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.utils.translation import get_language, gettext

from fawang.base.catalogue import forms, rules
from fawang.base.catalogue.errors import LineGone
from fawang.base.catalogue.forms import Facts
from fawang.base.catalogue.schema import NEW, Action
from fawang.base.catalogue.values import Published
from fawang.base.divisions import selectors as divisions
from fawang.base.workorders import policy
from fawang.base.workorders.checking import check_files
from fawang.base.workorders.clocks import OPEN_STATES, Ledger, limits_of
from fawang.base.workorders.errors import NoSuchAction, NoSuchOrder, NotYours, Stale, WrongState
from fawang.base.workorders.models import Clock, Order, Participant
from fawang.base.workorders.numbers import number
from fawang.base.workorders.values import RELATION_NAMES, Outcome
from fawang.kernel import clock, crypto, ids
from fawang.kernel.events import services as events
from fawang.kernel.events.values import Fact
from fawang.kernel.outbox import services as outbox
from fawang.kernel.outbox.services import Job
from fawang.kernel.policy import Actor, system

QUERY_CODE_CONTEXT = "workorders.query_code"
END = "end"


class Act:
    """One change of one order, by one actor. Use through `services.perform` and `services.file` only."""

    def __init__(self, actor: Actor, order: Order, published: Published, participants: list[Participant]) -> None:
        self.actor = actor
        # whose act it is, also while the system does what follows from it
        self.caller = actor
        self.order = order
        self.published = published
        self.participants = participants
        self.applicant_kind = "PERSON"
        self.data: dict[str, Any] = {}
        self.extra: dict[str, Any] = {}
        self.facts: list[tuple[Actor, Fact]] = []
        self.tells: list[list[Any]] = []
        self.rows: list[Any] = []
        self.jobs: list[Job] = []
        self.is_new = order.pk is None
        self._was_unnumbered = order.number is None
        # what dispatch plans for an order that comes to be within this act (the parts of a bundle)
        self.planner: Callable[[Order], Sequence[tuple[str, dict[str, Any]]]] | None = None
        self._ledger: Ledger | None = None

    @property
    def answers(self) -> dict[str, Any]:
        """The order's answers, opened for rules."""
        return forms.opened(self.order.answers)

    @property
    def ledger(self) -> Ledger:
        """The order's clocks."""
        if self._ledger is None:
            limits = limits_of(self.published.process.limits, self.published.item.limits)
            stored = [] if self.is_new else list(Clock.objects.filter(order=self.order, state__in=OPEN_STATES))
            self._ledger = Ledger(self.order, limits, clock.now(), clocks=stored)
        return self._ledger

    @property
    def facts_of_rules(self) -> Facts:
        """What rules of the item know besides the answers."""
        order, kind = self.order, self.applicant_kind
        # whoever files says of what kind the applicant is; only what is stored has to be asked for
        if not self.is_new and order.applicant is not None:
            kind = order.applicant.kind
        return Facts(applicant_kind=kind, on_behalf=order.on_behalf_by_id is not None)

    def may_extend(self) -> bool:
        """Whether a running limit of the order may still be extended."""
        return self.ledger.may_extend()

    def must_be_visible(self) -> None:
        """Raise NoSuchOrder when the actor stands in no relation to the order."""
        if not policy.relations(self.actor, self.order, self.participants):
            raise NoSuchOrder

    def sees(self, other: Order) -> bool:
        """Whether the actor may know of another order (merging and linking must not tell who else has one)."""
        return bool(policy.relations(self.actor, other, Participant.objects.filter(order=other)))

    def recalculate(self, revision: int) -> None:
        """Compute the open clocks by the present calendar, write what moved, and tell."""
        moved = self.ledger.recalculate(f"calendar {revision}")
        for stored in self.ledger.clocks:
            stored.calendar_revision = max(stored.calendar_revision, revision)
            self.ledger.changed[stored.pk] = stored
        if moved:
            self.order.version += 1
            rows = [{"limit": c.limit_id, "before": b, "after": c.due_at} for c, b in moved]
            self.facts.append((self.actor, Fact("workorders.due_moved.v1", {"clocks": rows, "revision": revision})))
            self.tells += [["due_date_changed", to, self.order.version] for to in ("applicant", "handler")]
        self.write()

    def adopt(self, parent: Act) -> None:
        """A part of a split order comes to be: received and queued by the system, within the parent's act."""
        new_query_code(self)
        self.order.state = "SUBMITTED"
        self.ledger.start_as_of("submit", self.order.submitted_at or clock.now())
        self.order.version += 1
        self.facts.append((parent.actor, Fact("workorders.derived.v1", {"from": parent.order.pk})))
        self.do("queue", {}, actor=system("workorders"))

    # --- one action --------------------------------------------------------------------------------------------
    def do(self, code: str, data: dict[str, Any] | None = None, *, actor: Actor | None = None) -> None:
        """Perform one action. Raises NoSuchOrder, NoSuchAction, NotYours, WrongState, Invalid or a guard's refusal."""
        actor = actor or self.actor
        action = self._allowed(actor, code)
        outer, self.actor, self.data = self.actor, actor, self._clean(action, data or {})
        try:
            for name in action.guards:
                guard = rules.find(name)
                if guard is None:
                    raise LineGone
                guard(self)
            self._change(action)
        finally:
            self.actor = outer
        follows = action.then or (self._needs_no_second_person(action) and "approve")
        if follows:
            self.do(follows, {}, actor=system("workorders"))

    def _needs_no_second_person(self, action: Action) -> bool:
        """Where results are checked by samples read later, the system lets them pass at once."""
        return action.code == "complete" and self.published.process.review == "sampled"

    def _allowed(self, actor: Actor, code: str) -> Action:
        found = policy.relations(actor, self.order, self.participants)
        if not found:
            raise NoSuchOrder
        action = self.published.process.action(code)
        if action is None:
            raise NoSuchAction
        if not found & set(action.who):
            raise NotYours(action=action.say(_language()), who=_who(action.who))
        if not is_possible(action, self.order, is_new=self.is_new and not self.facts):
            state = self.published.process.state(self.order.state) if self.order.state != NEW else None
            raise WrongState(
                state=state.say(_language()) if state else NEW, action=action.say(_language()),
                state_code=self.order.state, action_code=code,
            )  # fmt: skip
        return action

    def _clean(self, action: Action, data: dict[str, Any]) -> dict[str, Any]:
        if action.code in {"fill", "submit", "draft", "bring_forward"}:
            return data
        if action.code == "amend":
            # the answers are cleaned by the service's own questions
            return {**forms.clean(action.form, {"reason": data.get("reason")}), "answers": data.get("answers")}
        cleaned = forms.clean(action.form, data)
        check_files(self.actor, action.form, cleaned)
        return cleaned

    def _change(self, action: Action) -> None:
        from_state, from_inner = self.order.state, self.order.inner
        effect = _effects.get(action.code)
        decided = effect(self) if effect else None
        if action.to == "?":
            if decided not in action.may_lead_to:
                raise AssertionError(f"{action.code} led to {decided}, which its row does not allow")
            self._set_state(decided)
        elif action.to != "=":
            self._set_state(action.to)
        if action.inner_to:
            self.order.inner = action.inner_to
        elif self.order.state == "HANDLING" and not self.order.inner:
            self.order.inner = next((s.code for s in self.published.process.inner if s.is_initial), "")
        entered = self.order.state if self.order.state != from_state else ""
        state = self.order.state
        still = frozenset(a.code for a in self.published.process.actions if state in a.sources)
        self.ledger.apply(action, self.data, entered=entered, still=still)
        self._record(action, from_state, from_inner)

    def _set_state(self, state: str) -> None:
        # the only place in the product where an order's state is assigned
        self.order.state = state
        self.order.is_open = self.published.process.state(state).stage != END
        if state != "TO_DISPATCH":
            self.order.offered_unit_id = self.order.offered_until = None
        if not self.order.is_open:
            self.order.closed_at = clock.now()
            self.order.urge_is_open = False
        elif self.order.closed_at is not None:
            self.order.closed_at = None

    def _record(self, action: Action, from_state: str, from_inner: str) -> None:
        self.order.version += 1
        data: dict[str, Any] = {
            "action": action.code, "from": from_state, "to": self.order.state, "inner_from": from_inner,
            "inner_to": self.order.inner, "data": self.data,
        }  # fmt: skip
        if self.order.unit_id:
            data["unit"] = self.order.unit_id
        name = f"workorders.{action.event}.v1"
        self.facts.append((self.actor, Fact(name, data)))
        self.tells += [[tell.template, tell.to, self.order.version] for tell in action.tells]

    # --- writing -----------------------------------------------------------------------------------------------
    def write(self) -> Outcome:
        """Write everything, in the caller's transaction; what it led to."""
        order = self.order
        order.title_key = title_key(order.title)
        self.ledger.summarise()
        if self.is_new:
            order.save(force_insert=True)
            for participant in self.participants:
                participant.order = order
            if self.participants:
                Participant.objects.bulk_create(self.participants)
        if order.state != "DRAFT" and self._was_unnumbered and order.submitted_at is not None:
            day = clock.local(order.submitted_at).date()
            order.number = number(order.pk, day=day, area=order.area, channel=order.channel)
            if self.is_new:
                Order.objects.filter(pk=order.pk).update(number=order.number)
        if not self.is_new:
            order.save(force_update=True)
        self.ledger.write()
        for row in self.rows:
            row.save()
        self._write_events()
        return self.outcome()

    def _write_events(self) -> None:
        if not self.facts and not self.ledger.due_moved:
            return
        stream, first = f"order:{self.order.pk}", self.order.version - len(self.facts) + 1
        events.append_each(stream=stream, facts=self.facts, first_sequence=first)
        jobs = [*self.jobs, *self.ledger.jobs()]
        if self.tells:
            jobs.append(Job("workorders.tell", stream, {"order": self.order.pk, "tells": self.tells}))
        for _, fact in self.facts:
            jobs += outbox.listeners(fact.name, stream, {"order": self.order.pk}, state=self.order.state)
        if jobs:
            outbox.queue(jobs)

    def outcome(self) -> Outcome:
        """What the caller learns."""
        order = self.order
        return Outcome(
            number=order.number or "", draft=order.draft_token, state=order.state, inner=order.inner,
            version=order.version, due_at=order.due_at.isoformat() if order.due_at else None, extra=self.extra,
        )  # fmt: skip


Effect = Callable[[Act], str | None]
Function = TypeVar("Function", bound=Callable[[Act], str | None])
_effects: dict[str, Effect] = {}


def effect(code: str) -> Callable[[Function], Function]:
    """Register what an envelope action does to the row besides its transition (once, at start-up)."""

    def register(function: Function) -> Function:
        if code in _effects:
            raise ValueError(f"two effects for {code}")
        _effects[code] = function
        return function

    return register


def is_possible(action: Action, order: Order, *, is_new: bool = False) -> bool:
    """Whether the table allows the action in the order's state (and inner state)."""
    state = NEW if is_new else order.state
    if state not in action.sources:
        return False
    return not action.inner_from or order.inner in action.inner_from


def check_version(order: Order, version: int | None) -> None:
    """Raise Stale when the caller saw another version."""
    if version is not None and version != order.version:
        raise Stale(seen=version, now=order.version)


def place(order: Order, area: str) -> None:
    """Put the order in a division: its code and those of the levels above."""
    order.area = area
    order.province, order.city, order.county = _levels(divisions.ancestors(area))


def _levels(ancestors: list[str]) -> tuple[str, str, str]:
    province = city = county = ""
    for code in ancestors:
        if len(code) != 6:
            continue
        if code.endswith("0000"):
            province = code
        elif code.endswith("00"):
            city = code
        else:
            county = code
    return province, city, county


def new_query_code(act: Act) -> None:
    """Give the order a fresh query code; shown once in the outcome, kept sealed for the receipt."""
    code = ids.readable_code(8)
    act.order.query_code = crypto.seal(code, context=QUERY_CODE_CONTEXT)
    act.extra["query_code"] = code


def title_key(text: str) -> str:
    """A title as searches compare it: one form of every letter, without case (LIKE differs between databases)."""
    return unicodedata.normalize("NFKC", text).casefold()[:200]


def _language() -> str:
    return get_language() or "zh-hans"


def _who(relations: list[str]) -> str:
    return gettext("或").join(str(RELATION_NAMES[relation]) for relation in relations)
