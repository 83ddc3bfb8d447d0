"""The private side of published answers: which order they came of, and what its parts are once masked."""

from __future__ import annotations

from fawang.base.identity import selectors as identity
from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.errors import PieceUnknown
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.values import OrderView
from fawang.kernel import policy
from fawang.kernel.policy import Actor, Scope
from fawang.middle.intake.errors import NotPublishable
from fawang.middle.intake.masking import mask
from fawang.middle.intake.models import Publication
from fawang.middle.intake.values import PublicationState, Publishable

SYSTEM = policy.system("publications")
ANONYMISE = "intake.anonymise_answers"
_TITLE = 60


def within(actor: Actor, row: Publication) -> bool:
    """Whether the actor may write this version: editors any, a lawyer that of an order in their own hands."""
    if Scope.ALL in policy.require(actor, ANONYMISE):
        return True
    try:
        return orders.get(actor, row.order_number).handler_id == actor.account_id
    except NoSuchOrder:
        return False


def of_order(actor: Actor, number: str) -> Publication:
    """The row of an answered order whose asker agreed. Raises NotPublishable."""
    row = Publication.objects.filter(order_number=number).first()
    if row is None or row.state in (PublicationState.AGREED, PublicationState.WITHDRAWN) or not within(actor, row):
        raise NotPublishable
    return row


def shown(row: Publication) -> Publishable:
    """Question and answer, masked: whoever anonymises sees no more of the order than that."""
    view = orders.get(SYSTEM, row.order_number)
    answer, articles = _answer(view)
    names = _names(view)
    question = mask("\n".join(part for part in (view.description, str(view.answers.get("wish") or "")) if part), names)
    piece_state = title = ""
    if row.piece:
        try:
            piece = knowledge.piece(SYSTEM, row.piece)
            piece_state, title = piece.state.value, piece.title
        except PieceUnknown:
            piece_state = ""
    first = question.text.splitlines()[0] if question.text else ""
    return Publishable(
        number=row.order_number, domain=view.domain, state=row.state, piece=row.piece, piece_state=piece_state,
        title=title or first[:_TITLE], question=question, answer=mask(answer, names), articles=articles,
    )  # fmt: skip


def _answer(view: OrderView) -> tuple[str, str]:
    """The latest result that cites its law, and what it cites; the line that wrote it does not matter."""
    for step in reversed(orders.timeline(SYSTEM, view.number)):
        if step.data.get("articles"):
            parts = (step.data.get("text"), step.data.get("evidence"), step.data.get("limitation"))
            return "\n\n".join(str(part) for part in parts if part), str(step.data["articles"])
    return view.result_text, ""


def _names(view: OrderView) -> list[str]:
    """Names that the order knows: of the applicant, and what was answered to questions about names."""
    known = [str(value) for key, value in view.answers.items() if "name" in key and isinstance(value, str)]
    if view.applicant_id is not None:
        known.append(identity.party(SYSTEM, view.applicant_id).name)
    return known
