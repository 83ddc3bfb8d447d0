"""Questions about orders. Each takes the actor and returns only what that actor may see."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Avg, Count, F, QuerySet

from fawang.base.calendar import selectors as calendar
from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Action
from fawang.base.identity import selectors as identity
from fawang.base.workorders import changes as answers_log
from fawang.base.workorders import earlier, numbers, policy, queues, reach
from fawang.base.workorders.checking import is_line_there
from fawang.base.workorders.clocks import reckon
from fawang.base.workorders.engine import QUERY_CODE_CONTEXT, is_possible
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.guards import RATING_OPEN
from fawang.base.workorders.models import Clock, ClockEntry, Link, Order, Participant, Task
from fawang.base.workorders.values import (
    FEWEST_RATINGS,
    Change,
    Choice,
    ClockView,
    Earlier,
    OrderRow,
    OrderView,
    Page,
    Rating,
    SetAside,
    Step,
    TaskView,
)
from fawang.kernel import clock, crypto
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import Actor

PAGE = queues.PAGE
# what of an event of the envelope the applicant may read; everything else stays with the staff
PUBLIC_DATA = ("text", "reason", "remedy", "items", "days", "reply", "result", "grade", "reached", "start")
HIDDEN_FROM_PEOPLE = {"note", "note_breach", "add_task", "finish_task", "supervise", "answer_supervision", "link",
                      "offer", "lapse_offer", "decline_offer", "ask_return", "refuse_return", "agree_return",
                      "ask_transfer", "refuse_transfer", "record_callback", "ask_cohandling", "reply_cohandling",
                      "end_cohandling", "send_back", "ask_extension", "refuse_extension"}  # fmt: skip
# a field of a line's action whose name begins so is for the staff; so is an action that asks nothing else
INTERNAL = "internal"
GONE_ZH = "这类业务已不在本平台办理，记录可以查看但不能再操作。请拨打 12348。"
GONE_EN = "This kind of service is no longer handled here. You can read the record but not act on it. Call 12348."


def visible(actor: Actor) -> QuerySet[Order]:
    """The orders the actor may see: the same set for one, for lists, search, export and counts (policy.relations)."""
    return reach.visible(actor)


# --- one order ---------------------------------------------------------------------------------------------------
def _find(actor: Actor, reference: str) -> tuple[Order, list[Participant], frozenset[str]]:
    order = Order.objects.select_related("applicant").filter(**numbers.named(reference)).first()
    if order is None:
        raise NoSuchOrder
    participants = list(Participant.objects.filter(order=order))
    found = policy.relations(actor, order, participants)
    if not found:
        raise NoSuchOrder
    return order, participants, found


def get(actor: Actor, reference: str) -> OrderView:
    """One order. Raises NoSuchOrder when it is not there or not the actor's to see."""
    order, participants, found = _find(actor, reference)
    return _view(order, participants, found)


def _view(order: Order, participants: list[Participant], found: frozenset[str]) -> OrderView:
    published = catalogue.version(order.item_version_id)
    state, is_there = published.process.state(order.state), is_line_there(published)
    inner = next((i for i in published.process.inner if i.code == order.inner), None)
    names = {field.attname for field in Order._meta.concrete_fields}
    taken = {name: getattr(order, name) for name in OrderView.__dataclass_fields__ if name in names}
    may_rate = (
        order.told_at is not None and order.rated_round < order.round and clock.now() - order.told_at <= RATING_OPEN
    )
    return OrderView(
        **{
            **taken,
            "number": order.number or "", "draft": order.draft_token, "service_zh": published.item.zh,
            "service_en": published.item.en, "item_version": published.item.version, "state_zh": state.zh,
            "state_en": state.en, "stage": state.stage, "people_zh": state.people_zh if is_there else GONE_ZH,
            "people_en": state.people_en if is_there else GONE_EN, "is_frozen": not is_there,
            "inner_zh": inner.zh if inner else "", "inner_en": inner.en if inner else "",
            "sensitive_flags": tuple(order.sensitive_flags), "may_rate": may_rate and is_there and "applicant" in found,
            "merged_into": (order.merged_into.number or "") if order.merged_into else "",
            "co_unit_ids": tuple(p.unit_id for p in participants if p.part == "CO_UNIT" and p.unit_id),
            "answers": forms.opened(order.answers), "relations": found,
            "applicant_kind": order.applicant.kind if order.applicant else "ANONYMOUS",
            "on_behalf": order.on_behalf_by_id is not None,
        }
    )  # fmt: skip


def actions(actor: Actor, reference: str) -> list[Choice]:
    """What the actor may do to the order now, the main action first. The same table that `perform` obeys.

    Nothing, once the line was taken out: the order is read only (`is_frozen`, and its words for people say so).
    """
    order, _participants, found = _find(actor, reference)
    published = catalogue.version(order.item_version_id)
    if not is_line_there(published):
        return []
    process = published.process
    possible = [a for a in process.actions if found & set(a.who) and is_possible(a, order)]
    possible.sort(key=lambda action: (not action.is_main, action.is_dangerous))
    return [Choice(a.code, a.zh, a.en, tuple(a.form), a.is_dangerous, a.is_main, a.is_quiet, a.key) for a in possible]


def timeline(actor: Actor, reference: str) -> list[Step]:
    """The order's history as the actor may read it, oldest first: the applicant does not see internal notes."""
    order, _participants, found = _find(actor, reference)
    process = catalogue.version(order.item_version_id).process
    is_staff = bool(found - {"applicant", "registrar", "partner"})
    names = {f"workorders.{action.event}.v1": action for action in process.actions}
    steps = []
    for event in events.stream(f"order:{order.pk}"):
        action = names.get(event.name)
        code = action.code if action else event.name.split(".")[1]
        if not is_staff and _is_for_staff(code, action):
            continue
        data = (event.data or {}).get("data", event.data or {})
        shown = data if is_staff else _public(action, data)
        steps.append(
            Step(
                sequence=event.sequence, action=code, zh=action.zh if action else "更新",
                en=action.en if action else "Update", at=event.at, actor_kind=_actor_kind(event.actor, order),
                from_state=(event.data or {}).get("from", ""),
                to_state=(event.data or {}).get("to", ""), data=shown, is_erased=event.data is None,
                asked=tuple(q for q in action.form if q.id in shown) if action else (),
                account_id=_account(event.actor), unit_id=(event.data or {}).get("unit"),
            )
        )  # fmt: skip
    return steps


def _is_for_staff(code: str, action: Action | None) -> bool:
    if code in HIDDEN_FROM_PEOPLE or code == "fill":
        return True
    return action is not None and bool(action.form) and all(q.id.startswith(INTERNAL) for q in action.form)


def _public(action: Action | None, data: dict[str, Any]) -> dict[str, Any]:
    """What people read: of the envelope what is named above; of what moves a line's inner state, its whole result."""
    if action is not None and (action.inner_from or action.inner_to):
        return {
            name: value for name, value in data.items() if not name.startswith(INTERNAL) and not forms.is_sealed(value)
        }
    return {name: data[name] for name in PUBLIC_DATA if name in data}


def _account(ref: str) -> int | None:
    kind, _colon, number = ref.partition(":")
    return int(number) if kind == "account" and number.isdecimal() else None


def _actor_kind(ref: str, order: Order) -> str:
    if ref.startswith(("system:", "partner:")):
        return ref.split(":", 1)[0]
    if order.handler_id is not None and ref == f"account:{order.handler_id}":
        return "handler"
    return "registrar" if order.registrar and ref == order.registrar else "person"


def clocks(actor: Actor, reference: str) -> list[ClockView]:
    """The order's clocks, each with the sentence that says why it is due then, in both languages."""
    order, _participants, found = _find(actor, reference)
    is_staff = bool(found - {"applicant", "registrar", "partner"})
    snapshot, views = calendar.current(), []
    ledger: dict[int, list[ClockEntry]] = {}
    for entry in ClockEntry.objects.filter(clock__order=order).order_by("id"):
        ledger.setdefault(entry.clock_id, []).append(entry)
    for row in Clock.objects.filter(order=order).order_by("id"):
        if not is_staff and row.duty == "dispatch":
            continue
        reckoned = reckon(snapshot, row, ledger.get(row.pk, []))
        views.append(
            ClockView(
                id=row.pk, limit_id=row.limit_id, zh=_sentence(row, reckoned, "zh"), en=_sentence(row, reckoned, "en"),
                state=row.state, started_at=row.started_at, due_at=row.due_at, is_provisional=row.is_provisional,
                duty=row.duty, basis=row.limit["basis"], breached_at=row.breached_at, ended_at=row.ended_at,
            )
        )  # fmt: skip
    return views


def _sentence(row: Clock, reckoned: Any, language: str) -> str:
    joint = ":" if language == "zh" else ": "
    return f"{row.limit[language]}{joint}{calendar.explain(reckoned, language)}"


def tasks(actor: Actor, reference: str) -> list[TaskView]:
    """The order's to-dos."""
    order, _participants, _found = _find(actor, reference)
    rows = Task.objects.filter(order=order).order_by(F("done_at").asc(nulls_first=True), "id")
    return [TaskView(t.pk, t.title, t.due_on, t.done_at, t.outcome, t.unit_id) for t in rows]


def links(actor: Actor, reference: str) -> list[tuple[str, str]]:
    """(relation, number) of the linked orders that the actor may see too."""
    order, _participants, _found = _find(actor, reference)
    pairs = [(link.kind, link.other_id) for link in Link.objects.filter(order=order)]
    pairs += [(f"{link.kind}_OF", link.order_id) for link in Link.objects.filter(other=order)]
    seen = dict(visible(actor).filter(pk__in=[pk for _, pk in pairs]).values_list("pk", "number"))
    return [(kind, str(seen[pk])) for kind, pk in pairs if seen.get(pk)]


def parts(actor: Actor, reference: str) -> list[OrderRow]:
    """The orders that a bundle (or a split order) became, oldest first, as far as the actor may see them."""
    order, _participants, _found = _find(actor, reference)
    ids = Link.objects.filter(other=order, kind__in=["BUNDLE", "DERIVED"]).values_list("order_id", flat=True)
    return list(queues.rows(list(visible(actor).filter(pk__in=list(ids)).order_by("id"))))


def earlier_answers(actor: Actor, meanings: frozenset[str]) -> dict[str, Earlier]:
    """What the acting party answered to questions of these meanings in its latest orders, the newest of each."""
    return earlier.answers(actor, meanings)


def set_aside(actor: Actor, draft: str) -> list[SetAside]:
    """Answers of a draft that a newer form could not take, until they are answered again."""
    order, _participants, _found = _find(actor, draft)
    return answers_log.set_aside(order)


def changes(actor: Actor, reference: str) -> list[Change]:
    """The log of answers of a filed order, from its events: where answers came from that were taken over from an
    earlier order or read from a paper, then each correction with what was and what became. Raises NoSuchOrder."""
    order, _participants, _found = _find(actor, reference)
    return answers_log.log(order)


def query_code(actor: Actor, reference: str) -> str:
    """The code printed on the receipt: for the applicant and whoever registered the order."""
    order, _participants, found = _find(actor, reference)
    if not found & {"applicant", "registrar", "reception", "window"} or not order.query_code:
        raise NoSuchOrder
    return crypto.unseal(order.query_code, context=QUERY_CODE_CONTEXT)


def by_code(number: str, code: str, phone_last_four: str) -> OrderView:
    """The state of an order without a log-in, for whoever has its number, its code and the phone's last four digits."""
    wanted = numbers.normalise(number)
    order = Order.objects.filter(number=wanted).first() if numbers.is_valid(wanted) else None
    right = order is not None and bool(order.query_code) and (
        crypto.unseal(order.query_code, context=QUERY_CODE_CONTEXT) == code.strip().upper()
    )  # fmt: skip
    if order is None or not right or order.applicant_id is None:
        raise NoSuchOrder
    if not identity.phone_ends_with(order.applicant_id, phone_last_four):
        raise NoSuchOrder
    view = _view(order, [], frozenset())
    return OrderView(**{**view.__dict__, "answers": {}, "description": "", "result_text": "", "may_rate": False})


# --- lists -------------------------------------------------------------------------------------------------------
def mine(actor: Actor, *, before: str = "", size: int = PAGE) -> Page:
    """The person's matters, newest first; drafts included."""
    return queues.newest(Order.objects.filter(reach.own(actor)).exclude(state="CANCELLED"), before, size)


def queue(actor: Actor, *, name: str = "mine", after: str = "", size: int = PAGE, **filters: str) -> Page:
    """A staff queue by due time: `mine` (my orders), `unit` (my unit's), `area` (the dispatch or supervision area),
    `dispatch` (waiting for dispatch or for a decision), `desk` (booked at my window), `offered`, `callback`; within
    the actor's area or else unit: `late`, `soon`, `urged`, `supervised`, `rated` (archived ones too).

    Filters: state, line, urgency, unit and grade (as numbers), text (a number, or a part of the title), due_before
    (ISO), urged (at least so often), unsupervised (any text).
    """
    return queues.by_due(queues.chosen(actor, name, filters), after, size)


def ratings(unit_ids: Collection[int]) -> dict[int, Rating]:
    """How people rated the work of units, for everybody to see: only where at least `FEWEST_RATINGS` did, so that
    nobody's own is shown. One statement."""
    rows = Order.objects.filter(unit_id__in=unit_ids, grade__isnull=False).order_by().values_list("unit_id")
    counted = rows.annotate(count=Count("pk"), mean=Avg("grade"))
    return {unit: Rating(count, float(mean)) for unit, count, mean in counted if count >= FEWEST_RATINGS}


def tally(actor: Actor, *, name: str, by: str, **filters: str) -> list[tuple[Any, int]]:
    """How many orders of a queue there are by `state`, `line`, `urgency`, `unit_id` or `grade`, most first (one
    statement): the sums of exactly what `queue` lists."""
    if by not in {"state", "line", "urgency", "unit_id", "grade"}:
        raise ValueError(by)
    rows = queues.chosen(actor, name, filters).order_by().values_list(by).annotate(n=Count("id"))
    return sorted(((value, n) for value, n in rows), key=lambda row: (-row[1], str(row[0])))


def reference(order_id: int) -> str:
    """The number (of a draft its token) of the order that an announcement named by id. Raises NoSuchOrder."""
    for number, draft in Order.objects.filter(pk=order_id).values_list("number", "draft_token"):
        return number or draft
    raise NoSuchOrder


def of_party(actor: Actor, party_id: int, *, size: int = 10) -> Page:
    """A caller's or visitor's orders, newest first, as far as the actor may see them."""
    return queues.newest(visible(actor).filter(applicant_id=party_id), "", size)


def open_by_unit(unit_ids: list[int]) -> dict[int, int]:
    """How many open orders each unit holds (one statement): the load that dispatch weighs."""
    from_rows: dict[int, int] = dict.fromkeys(unit_ids, 0)
    rows = Order.objects.filter(is_open=True, unit_id__in=unit_ids).values_list("unit_id")
    for unit_id, count in rows.annotate(n=Count("id")).order_by():
        if unit_id is not None:
            from_rows[unit_id] = count
    return from_rows


def demand(actor: Actor, reference: str) -> Order:
    """The row of an order that the actor may see, for the dispatch centre to weigh. Read it, never write to it."""
    order, _participants, _found = _find(actor, reference)
    return order
