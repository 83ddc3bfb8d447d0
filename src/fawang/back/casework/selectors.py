"""Questions to the desk: which papers an order has, and one of them filled in."""

from __future__ import annotations

from collections.abc import Iterable

from fawang.back.casework import papers
from fawang.back.casework.errors import NoSuchPaper
from fawang.back.casework.values import Offered, Sheet, Words
from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import PractitionerValue
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import OrderView, Step
from fawang.kernel import clock
from fawang.kernel.policy import Actor


def of_order(view: OrderView, steps: Iterable[Step]) -> list[Offered]:
    """The papers of an order as its reader sees it, oldest first; asks the database nothing."""
    found = [(step, papers.find(view.line, step.action, step.data)) for step in steps]
    return [Offered(step.sequence, paper.title, step.at) for step, paper in found if paper is not None]


def sheet(actor: Actor, reference: str, sequence: int) -> Sheet:
    """The paper that a step of the order made, filled in with what the actor may read of it.

    Raises NoSuchOrder, NoSuchPaper.
    """
    view = orders.get(actor, reference)
    step = next((s for s in orders.timeline(actor, reference) if s.sequence == sequence), None)
    paper = papers.find(view.line, step.action, step.data) if step is not None else None
    if step is None or paper is None:
        raise NoSuchPaper
    person = _who(step)
    names = identity.account_names([step.account_id]) if step.account_id and person is None else {}
    return Sheet(
        title=paper.title, number=view.number, service=Words(view.service_zh, view.service_en), at=step.at,
        unit=organisations.institution(step.unit_id).name if step.unit_id else "",
        by=person.name if person else names.get(step.account_id or 0, ""), kind=person.kind_name if person else "",
        licence_no=person.licence_no if person else "", story=view.description if paper.shows_story else "",
        rows=tuple((q, step.data[q.id]) for q in step.asked), notes=paper.notes, signs=paper.signs,
    )  # fmt: skip


def _who(step: Step) -> PractitionerValue | None:
    """Whose work it was, as the unit's roll had them on that day."""
    if step.unit_id is None or step.account_id is None:
        return None
    there = organisations.handlers(step.unit_id, on=clock.local(step.at).date())
    wanted = [row.id for row in there if row.account_id == step.account_id]
    return organisations.practitioners(wanted).get(wanted[0]) if wanted else None
