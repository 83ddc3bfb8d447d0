"""The same relations as `policy.relations`, asked of the database: whose orders a list, a search or a count may hold.

A property test holds the two together: for every role, what `get` opens is exactly what `visible` lists.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from fawang.base.identity import selectors as identity
from fawang.base.workorders import policy
from fawang.base.workorders.models import Order, Participant
from fawang.kernel import clock
from fawang.kernel.policy import Actor

NONE = Q(pk__in=[])
# not Q(): an empty Q vanishes beside another in an OR
ALL = Q(pk__isnull=False)
_OPEN_TO_NARROW = ~Q(secrecy="RESTRICTED")


def own(actor: Actor) -> Q:
    """The person's own orders, those of whom they represent, and those they take part in or follow.

    One set of ids out of two indexes: with an OR between a column and a subquery the databases read every order.
    """
    party = actor.party_id
    if party is None or not actor.roles & set(policy.PEOPLE):
        return NONE
    theirs = Order.objects.filter(applicant_id__in=identity.same_party_ids(party)).values("pk")
    taking_part = Participant.objects.filter(party_id=party, part__in=["AGENT", "FOLLOWER"]).values("order_id")
    return Q(pk__in=theirs.union(taking_part))


def registered(actor: Actor) -> Q:
    """What the actor entered for somebody else, as long as they act for the unit it was entered in."""
    if actor.is_anonymous:
        return NONE
    same_unit = Q(registrar_unit_id__isnull=True)
    if actor.unit_id is not None:
        same_unit |= Q(registrar_unit_id=actor.unit_id)
    return Q(registrar=actor.ref) & same_unit


def handled(actor: Actor) -> Q:
    """What the actor handles for their present unit."""
    if actor.unit_id is None or actor.account_id is None:
        return NONE
    return Q(unit_id=actor.unit_id, handler_id=actor.account_id)


def held(actor: Actor) -> Q:
    """What the actor's unit holds, as far as the actor's role in it reaches."""
    scope, roles = handled(actor), actor.roles
    if actor.unit_id is None:
        return NONE
    unit = Q(unit_id=actor.unit_id)
    if "INSTITUTION_ADMIN" in roles:
        return unit
    if roles & {"REVIEWER", "APPROVER"}:
        mine = Q(proposed_by=actor.ref) | (Q(handler_id=actor.account_id) if actor.account_id is not None else NONE)
        scope |= unit & ~mine
    if roles & {"HANDLER", "DUTY_LAWYER"}:
        scope |= unit & _OPEN_TO_NARROW
    return scope


def offered(actor: Actor) -> Q:
    """What the actor's unit was asked to take and may still answer."""
    if actor.unit_id is None or "INSTITUTION_ADMIN" not in actor.roles:
        return NONE
    stands = Q(offered_until__isnull=True) | Q(offered_until__gt=clock.now())
    return Q(offered_unit_id=actor.unit_id) & stands


def at_desk(actor: Actor) -> Q:
    """What was booked at a window of the actor's unit."""
    if actor.unit_id is None or "RECEPTIONIST" not in actor.roles:
        return NONE
    return Q(desk_unit_id=actor.unit_id)


def area(actor: Actor, *, is_rare: bool = False) -> Q:
    """Everything in the actor's area, as far as the actor's role reaches. `is_rare`: see `beside`."""
    roles = actor.roles
    if actor.unit_id is None:
        return NONE
    place = ALL
    if actor.area:
        column, code = policy.area_column(actor.area)
        place = beside(column, code) if is_rare and "__" not in column else Q(**{column: code})
    if roles & {"DISPATCHER", "SUPERVISOR", *policy.JUSTICE}:
        return place
    return place & _OPEN_TO_NARROW if roles & {"CALLBACK_AGENT", "RECEPTIONIST"} else NONE


def beside(column: str, value: str) -> Q:
    """That a column has the value, where something else already narrows the orders to few and has an index: compared
    so that no database takes this column's index instead (SQLite would, and read every open order of a province)."""
    return Q(Exact(Coalesce(F(column), Value("")), value))


def _co_held(actor: Actor) -> Q:
    if actor.unit_id is None or not actor.roles & {"INSTITUTION_ADMIN", "HANDLER"}:
        return NONE
    rows = Participant.objects.filter(part="CO_UNIT", unit_id=actor.unit_id, has_answered=False)
    return Q(pk__in=rows.values("order_id"))


def _of_desk_unit(actor: Actor) -> Q:
    if actor.unit_id is None or "RECEPTIONIST" not in actor.roles:
        return NONE
    return Q(registrar_unit_id=actor.unit_id) & _OPEN_TO_NARROW


def visible(actor: Actor) -> QuerySet[Order]:
    """The orders the actor may see: the same set for lists, search, export and counts (see policy.relations).

    A draft is its writer's alone. Whoever sees no whole area sees a few small sets: they are put together from their
    indexes, because with an OR between them the databases read every order.
    """
    if actor.is_system:
        return Order.objects.all()
    sent = ~Q(state="DRAFT")
    by_unit = [held(actor), offered(actor), at_desk(actor), _co_held(actor), _of_desk_unit(actor)]
    parts = [own(actor), registered(actor), *(part & sent for part in by_unit if part is not NONE)]
    parts = [part for part in parts if part is not NONE]
    wide = area(actor)
    if wide is not NONE:
        return Order.objects.filter(reduce(or_, parts, wide & sent))
    if len(parts) < 2:
        return Order.objects.filter(*(parts or [NONE]))
    first, *others = (Order.objects.filter(part).values("pk") for part in parts)
    return Order.objects.filter(pk__in=first.union(*others))
