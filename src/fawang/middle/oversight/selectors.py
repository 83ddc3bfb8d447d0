"""Questions of oversight. Every number is the size of the list it opens: both come from the same queue of orders."""

from __future__ import annotations

from fawang.base.catalogue import selectors as catalogue
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import Page
from fawang.kernel import policy
from fawang.kernel.policy import Actor
from fawang.middle.oversight import rule
from fawang.middle.oversight.values import CAP, Figure, Overview, Suggested

UNITS_SHOWN = 12
WATCHED = ("area", "late", "soon", "urged", "supervised", "rated")


def late(actor: Actor, *, after: str = "", **filters: str) -> Page:
    """Open orders of the area whose limit is over, the longest overdue first. Raises NotPermitted."""
    return listed(actor, "late", after=after, **filters)


def soon_late(actor: Actor, *, after: str = "", **filters: str) -> Page:
    """Open orders of the area that are due within two days."""
    return listed(actor, "soon", after=after, **filters)


def urged(actor: Actor, *, after: str = "", **filters: str) -> Page:
    """Orders with an urging that nobody has answered."""
    return listed(actor, "urged", after=after, **filters)


def supervised(actor: Actor, *, after: str = "", **filters: str) -> Page:
    """Orders that a supervisor owns."""
    return listed(actor, "supervised", after=after, **filters)


def callbacks(actor: Actor, *, after: str = "", **filters: str) -> Page:
    """Whom to call back."""
    policy.require(actor, "oversight.call_back")
    return orders.queue(actor, name="callback", after=after, size=orders.PAGE, **filters)


def listed(actor: Actor, queue: str, *, after: str = "", **filters: str) -> Page:
    """The list that a figure opens. An unknown name is the whole area."""
    policy.require(actor, "oversight.view")
    return orders.queue(actor, name=queue if queue in WATCHED else "area", after=after, size=orders.PAGE, **filters)


def _size(actor: Actor, queue: str, **filters: str) -> Figure:
    return Figure(orders.queue(actor, name=queue, size=1, **filters).count, queue, filters)


def overview(actor: Actor) -> Overview:
    """The area at a glance: nine statements whatever its size. Raises NotPermitted."""
    policy.require(actor, "oversight.view")
    states = orders.tally(actor, name="area", by="state")
    units = [row for row in orders.tally(actor, name="area", by="unit_id") if row[0] is not None]
    names = organisations.names(row[0] for row in units[:UNITS_SHOWN])
    everything, is_late = (
        sum(n for _code, n in states),
        sum(n for _s, n in orders.tally(actor, name="late", by="state")),
    )
    grades = dict(orders.tally(actor, name="rated", by="grade"))
    rated = sum(grades.values())
    return Overview(
        open=Figure(min(everything, CAP), "area"), late=Figure(min(is_late, CAP), "late"), soon=_size(actor, "soon"),
        urged=_size(actor, "urged"), supervised=_size(actor, "supervised"),
        states=tuple(Figure(min(n, CAP), "area", {"state": code}, code) for code, n in states),
        units=tuple(
            Figure(min(n, CAP), "area", {"unit": str(pk)}, str(pk), names.get(pk, "")) for pk, n in units[:UNITS_SHOWN]
        ),
        grades=tuple(
            Figure(min(grades.get(int(row.code), 0), CAP), "rated", {"grade": row.code}, row.code)
            for row in catalogue.table("rating")
        ),
        late_share=is_late / everything if everything else None,
        bad_share=sum(grades.get(bad, 0) for bad in rule.BAD_GRADES) / rated if rated else None,
    )  # fmt: skip


def to_supervise(actor: Actor) -> list[Suggested]:
    """Orders that a supervisor should take over at level 1 (work-order standard §6), as lists with their reason."""
    policy.require(actor, "oversight.view")
    since = rule.long_overdue_since().isoformat()
    return [
        Suggested(
            "second_urge", "第二次催办仍未答复", "A second urging without an answer",
            _size(actor, "urged", urged=str(rule.SECOND_URGE), unsupervised="1"),
        ),
        Suggested(
            "long_overdue", "超期两个工作日以上", "More than two working days overdue",
            _size(actor, "late", due_before=since, unsupervised="1"),
        ),
    ]  # fmt: skip
