"""The same relations as `policy.relations`, asked of the database: whose orders a list, a search or a count may hold.

A property test holds the two together: for every role, what `get` opens is exactly what `visible` lists.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

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
    """The person's own orders, those of whom they represent, and those they take part in or follow."""
    party = actor.party_id
    if party is None or not actor.roles & set(policy.PEOPLE):
        return NONE
    taking_part = Participant.objects.filter(party_id=party, part__in=["AGENT", "FOLLOWER"]).values("order_id")
    return Q(applicant_id__in=identity.same_party_ids(party)) | Q(pk__in=taking_part)


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


def area(actor: Actor) -> Q:
    """Everything in the actor's area, as far as the actor's role reaches."""
    roles = actor.roles
    if actor.unit_id is None:
        return NONE
    place = Q(**dict([policy.area_column(actor.area)])) if actor.area else ALL
    if roles & {"DISPATCHER", "SUPERVISOR", *policy.JUSTICE}:
        return place
    return place & _OPEN_TO_NARROW if roles & {"CALLBACK_AGENT", "RECEPTIONIST"} else NONE


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

    A draft is its writer's alone.
    """
    if actor.is_system:
        return Order.objects.all()
    staff = held(actor) | offered(actor) | at_desk(actor) | area(actor) | _co_held(actor) | _of_desk_unit(actor)
    return Order.objects.filter(own(actor) | registered(actor) | (staff & ~Q(state="DRAFT")))
