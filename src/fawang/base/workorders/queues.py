"""How lists of orders are chosen, ordered and cut into pages: the machinery behind `selectors`.

A page asks twice, whatever the size of the table: once for keys, which come in order from an index alone and are
counted to a thousand, and once for the rows that are shown (docs/rooms/workorders.md, "A million orders").
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import numbers, policy, reach
from fawang.base.workorders.engine import title_key
from fawang.base.workorders.models import Order
from fawang.base.workorders.values import OrderRow, Page
from fawang.kernel import clock, ids
from fawang.kernel.policy import Actor

COUNT_TO = 1_000
PAGE = 50
SOON = timedelta(days=2)
# what few orders of an area are, with an index of its own: queues, and a filter
RARE = frozenset({"dispatch", "callback", "urged", "supervised"})
NARROW = "unit"


def chosen(actor: Actor, name: str, filters: dict[str, str]) -> QuerySet[Order]:
    """The orders of a queue that pass the filters (see `selectors.queue`)."""
    return _filtered(_queue(actor, name, filters), filters)


def rows(orders: list[Order]) -> tuple[OrderRow, ...]:
    """Orders as a list shows them: names of units and masked names of people in one query each."""
    units = organisations.names({order.unit_id for order in orders if order.unit_id})
    people = identity.masked_names({order.applicant_id for order in orders if order.applicant_id})
    return tuple(
        OrderRow(
            number=o.number or "", draft=o.draft_token, title=o.title, service_code=o.service_code, line=o.line,
            state=o.state, inner=o.inner, area=o.area, channel=o.channel, urgency=o.urgency,
            applicant=people.get(o.applicant_id or 0, ""), unit_id=o.unit_id, unit=units.get(o.unit_id or 0, ""),
            handler_id=o.handler_id, submitted_at=o.submitted_at, due_at=o.due_at,
            due_is_provisional=o.due_is_provisional, urged_count=o.urged_count, breached_count=o.breached_count,
            grade=o.grade, is_open=o.is_open, version=o.version, key=str(o.pk),
        )
        for o in orders
    )  # fmt: skip


_LEAN = ("answers", "assessment", "description", "result_text")


def _page(ordered: QuerySet[Order], key: str, size: int, behind: Callable[[int], Q | None]) -> Page:
    """A keyset page behind the order with the id `key`. Counting and finding are one pass over keys, which an index
    holds; only the page's own rows are read."""
    limit = max(COUNT_TO, size + 1)
    keys = list(ordered.values_list("pk", flat=True)[:limit])
    count = min(len(keys), COUNT_TO)
    after = ids.row_number(key)
    if after is not None:
        is_all = len(keys) < limit
        at = keys.index(after) + 1 if after in keys else None
        if at is not None and (is_all or len(keys) - at > size):
            keys = keys[at:]
        else:
            keys = _keys_behind(ordered, behind(after), size, otherwise=keys)
    shown = keys[:size]
    found = {order.pk: order for order in Order.objects.filter(pk__in=shown).defer(*_LEAN)} if shown else {}
    listed = rows([found[pk] for pk in shown if pk in found])
    return Page(listed, str(shown[-1]) if len(keys) > size else "", bool(key), count, COUNT_TO)


def _keys_behind(ordered: QuerySet[Order], place: Q | None, size: int, *, otherwise: list[int]) -> list[int]:
    """The keys of a page that begins behind a place far down, or behind an order that has left the list."""
    if place is None:
        return otherwise
    return list(ordered.filter(place).values_list("pk", flat=True)[: size + 1])


def by_due(orders: QuerySet[Order], after: str, size: int) -> Page:
    """A page by due time (without one last), then id."""
    return _page(orders.order_by(F("due_at").asc(nulls_last=True), "pk"), after, size, _behind)


def _behind(after: int) -> Q | None:
    """What comes after an order by due time, wherever that order is by now; None when there is no such order."""
    for due in Order.objects.filter(pk=after).values_list("due_at", flat=True):
        if due is None:
            return Q(due_at__isnull=True, pk__gt=after)
        return Q(due_at__gt=due) | Q(due_at=due, pk__gt=after) | Q(due_at__isnull=True)
    return None


def newest(orders: QuerySet[Order], before: str, size: int) -> Page:
    """A page by id, the highest first."""
    return _page(orders.order_by("-pk"), before, size, lambda pk: Q(pk__lt=pk))


def _filtered(orders: QuerySet[Order], filters: dict[str, str]) -> QuerySet[Order]:
    filters = {name: value.replace("\0", "") for name, value in filters.items()}
    for column in ("state", "line", "urgency"):
        if filters.get(column):
            orders = orders.filter(**{column: filters[column]})
    for name, column in (("unit", "unit_id"), ("grade", "grade"), ("urged", "urged_count__gte")):
        if filters.get(name):
            number = filters[name]
            orders = (
                orders.filter(**{column: int(number)}) if number.isdecimal() and len(number) < 10 else orders.none()
            )
    if filters.get("due_before"):
        before = _moment(filters["due_before"])
        orders = orders.filter(due_at__lt=before) if before is not None else orders.none()
    if filters.get("unsupervised"):
        orders = orders.filter(supervision_level=0)
    text = filters.get("text", "").strip()
    if text:
        wanted = numbers.normalise(text)
        by_number = wanted.startswith("PLS")
        orders = orders.filter(**({"number": wanted} if by_number else {"title_key__contains": title_key(text)}))
    return orders


def _moment(text: str) -> datetime | None:
    """A moment as a page or a partner writes it (without a zone: Shanghai's); None when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=clock.SHANGHAI)


def _queue(actor: Actor, name: str, filters: dict[str, str]) -> QuerySet[Order]:
    place = reach.area(actor, is_rare=name in RARE or bool(filters.get(NARROW)))
    seen = Order.objects.all() if name == "rated" else Order.objects.filter(is_open=True)
    seen = seen.exclude(state="DRAFT")
    if name == "mine":
        return seen.filter(reach.handled(actor))
    if name == "desk":
        return seen.filter(reach.at_desk(actor))
    if name == "offered":
        return seen.filter(reach.offered(actor), reach.beside("state", "TO_DISPATCH"))
    if name == "unit":
        return seen.filter(reach.held(actor))
    if name == "dispatch":
        return seen.filter(place, state__in=["SUBMITTED", "TO_DISPATCH", "RETURN_ASKED"])
    if name == "callback":
        return seen.filter(place, state="CALLBACK")
    if name == "area":
        return seen.filter(place)
    watches = actor.roles & {"DISPATCHER", "SUPERVISOR", "CALLBACK_AGENT", "RECEPTIONIST", *policy.JUSTICE}
    return _alarms(seen.filter(place if watches else reach.held(actor)), name)


def _alarms(orders: QuerySet[Order], name: str) -> QuerySet[Order]:
    now = clock.now()
    wanted = {
        "late": Q(due_at__lt=now), "soon": Q(due_at__gte=now, due_at__lt=now + SOON), "urged": Q(urge_is_open=True),
        "supervised": Q(supervision_level__gt=0), "rated": Q(grade__isnull=False),
    }.get(name)  # fmt: skip
    return orders.none() if wanted is None else orders.filter(wanted)
