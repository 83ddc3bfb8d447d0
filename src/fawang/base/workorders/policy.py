"""Who stands in which relation to an order. The process table says which relation may do what.

| relation | who |
|---|---|
| applicant | the applicant, or whoever represents them now; an agent taking part |
| registrar | the member of staff who entered it |
| reception | receptionists of the area, of the registering unit, or of the desk |
| window | receptionists of the unit whose window was booked |
| dispatcher | dispatchers of the area |
| unit | the holder's liaison (INSTITUTION_ADMIN) |
| unit_handler | a handler of the holder's unit |
| handler | the named handler |
| co_unit | members of a co-unit that has not answered yet |
| approver | a reviewer of the holder's unit who neither handles nor proposed the result |
| supervisor | supervisors and justice administrators of the area |
| callback | call-back staff of the area, never the handler |
| offered | the liaison of the unit it is offered to |
| partner | a partner system that sends orders |
| system | a part of this system |
"""

from __future__ import annotations

from collections.abc import Iterable

from fawang.base.identity import selectors as identity
from fawang.base.workorders.models import Order, Participant
from fawang.kernel import clock, policy
from fawang.kernel.policy import Actor, Scope

STAFF = (
    "RECEPTIONIST", "DUTY_LAWYER", "DISPATCHER", "INSTITUTION_ADMIN", "HANDLER", "REVIEWER", "APPROVER", "SUPERVISOR",
    "CALLBACK_AGENT",
)  # fmt: skip
JUSTICE = ("JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN")
PEOPLE = ("CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY")
PARTNERS = tuple(
    f"PARTNER_{name}" for name in ("COURT", "PROCURATORATE", "POLICE", "PETITION", "GRID", "LABOUR", "12345")
)

policy.declare("workorders.file", "file a demand for oneself or for another")
policy.grant("workorders.file", Scope.OWN, PEOPLE)
policy.grant("workorders.file", Scope.UNIT, ("RECEPTIONIST", "DUTY_LAWYER", *PARTNERS))
policy.grant("workorders.file", Scope.ALL, ("SYSTEM",))
policy.declare("workorders.see_own", "see one's own orders and act on them")
policy.grant("workorders.see_own", Scope.OWN, PEOPLE)
policy.grant("workorders.see_own", Scope.UNIT, PARTNERS)
policy.declare("workorders.work", "see and act on orders as staff")
policy.grant("workorders.work", Scope.SELF, ("HANDLER", "DUTY_LAWYER"))
policy.grant("workorders.work", Scope.UNIT, ("INSTITUTION_ADMIN", "REVIEWER", "APPROVER", "RECEPTIONIST"))
policy.grant("workorders.work", Scope.AREA, ("DISPATCHER", "SUPERVISOR", "CALLBACK_AGENT", *JUSTICE))
policy.grant("workorders.work", Scope.ALL, ("SYSTEM",))


# who of those that stand in some relation to a restricted order may know of it (standard §3.7): those who ask, those
# who were asked to serve, and those who answer for the area; not the whole reception and not every colleague
READS_RESTRICTED = frozenset(
    {"applicant", "registrar", "partner", "window", "handler", "unit", "co_unit", "offered", "approver", "dispatcher",
     "supervisor", "system"}
)  # fmt: skip
# whose a draft is before it was sent
OF_DRAFTS = frozenset({"applicant", "registrar", "partner", "system"})


def area_column(prefix: str) -> tuple[str, str]:
    """The column and full code that an area's prefix selects: an indexed equality instead of a LIKE."""
    if len(prefix) == 2:
        return "province", prefix + "0000"
    if len(prefix) == 4:
        return "city", prefix + "00"
    if len(prefix) == 6:
        return "county", prefix
    return "area__startswith", prefix


def _in_area(actor: Actor, order: Order) -> bool:
    if actor.unit_id is None or not actor.area:
        return actor.unit_id is not None
    column, code = area_column(actor.area)
    return order.area.startswith(code) if column == "area__startswith" else getattr(order, column) == code


def _as_person(actor: Actor, order: Order, participants: Iterable[Participant]) -> set[str]:
    found: set[str] = set()
    if not actor.roles & set(PEOPLE):
        return found
    # acting for another, `party_id` is the other: only the other's orders are in reach
    party = actor.party_id
    if party is None:
        return found
    takes_part = any(p.part in {"AGENT", "FOLLOWER"} and p.party_id == party for p in participants)
    # a record made at a counter may have been merged into the person's own since
    if takes_part or order.applicant_id == party or order.applicant_id in identity.same_party_ids(party):
        found.add("applicant")
    return found


def _as_member(actor: Actor, order: Order, participants: Iterable[Participant]) -> set[str]:
    found: set[str] = set()
    roles, unit, in_area = actor.roles, actor.unit_id, _in_area(actor, order)
    holds = unit is not None and unit == order.unit_id
    is_handler = holds and actor.account_id is not None and actor.account_id == order.handler_id
    if is_handler:
        found.add("handler")
    if holds and "INSTITUTION_ADMIN" in roles:
        found.add("unit")
    if holds and roles & {"HANDLER", "DUTY_LAWYER"}:
        found.add("unit_handler")
    if holds and roles & {"REVIEWER", "APPROVER"} and not is_handler and order.proposed_by != actor.ref:
        found.add("approver")
    if unit is not None and roles & {"INSTITUTION_ADMIN", "HANDLER"}:
        if any(p.part == "CO_UNIT" and p.unit_id == unit and not p.has_answered for p in participants):
            found.add("co_unit")
    offer_stands = order.offered_until is None or order.offered_until > clock.now()
    if unit is not None and unit == order.offered_unit_id and offer_stands and "INSTITUTION_ADMIN" in roles:
        found.add("offered")
    if "RECEPTIONIST" in roles and unit is not None:
        if unit == order.desk_unit_id:
            found |= {"window", "reception"}
        if unit == order.registrar_unit_id or in_area:
            found.add("reception")
    if "DISPATCHER" in roles and in_area:
        found.add("dispatcher")
    if roles & {"SUPERVISOR", *JUSTICE} and in_area:
        found.add("supervisor")
    if "CALLBACK_AGENT" in roles and in_area and not is_handler:
        found.add("callback")
    return found


def relations(actor: Actor, order: Order, participants: Iterable[Participant]) -> frozenset[str]:
    """Every relation in which `actor` stands to `order`; empty means: not yours, looks like not there.

    Nobody but its writer has to do with a draft; a restricted order is there only for those who need to know.
    """
    if actor.is_system:
        return frozenset({"system"})
    participants = list(participants)
    found = _as_person(actor, order, participants) | _as_member(actor, order, participants)
    if order.registrar == actor.ref and not actor.is_anonymous and _still_registers(actor, order):
        found.add("registrar")
        if actor.roles & set(PARTNERS):
            found.add("partner")
    if order.state in {"DRAFT", "NEW"}:
        found &= OF_DRAFTS
    if order.secrecy == "RESTRICTED" and not found & READS_RESTRICTED:
        return frozenset()
    return frozenset(found)


def _still_registers(actor: Actor, order: Order) -> bool:
    """A registrar keeps the relation only while acting for the unit it was registered in."""
    return order.registrar_unit_id is None or order.registrar_unit_id == actor.unit_id
