"""Questions about answers that are published without the people in them."""

from __future__ import annotations

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.values import PieceKind, PieceValue
from fawang.base.workorders.values import OrderView
from fawang.kernel import policy
from fawang.kernel.policy import Actor, Scope
from fawang.middle.intake import publications
from fawang.middle.intake.models import Publication
from fawang.middle.intake.values import PublicationState, Publishable

MOST = 300
LISTED = 50
_WORK = (PublicationState.ANSWERED, PublicationState.DRAFTED)


def publishables(actor: Actor) -> tuple[Publishable, ...]:
    """Answered questions whose askers agreed, to be anonymised by the actor, the oldest first; and drafts of them."""
    held = policy.require(actor, publications.ANONYMISE)
    rows = Publication.objects.filter(state__in=_WORK).order_by("pk")
    if Scope.ALL not in held:
        rows = rows.filter(handler_id=actor.account_id)
    return tuple(publications.shown(row) for row in rows[:LISTED])


def publishable(actor: Actor, number: str) -> Publishable:
    """One of them. Raises NotPublishable."""
    return publications.shown(publications.of_order(actor, number))


def publication_of(view: OrderView) -> str:
    """Where the anonymised version of one's own question stands (a `PublicationState`); empty for everybody else.

    `view` is the order as its reader got it: the relations in it say whether that is the asker.
    """
    if "applicant" not in view.relations:
        return ""
    return Publication.objects.filter(order_number=view.number).values_list("state", flat=True).first() or ""


def published_answers(*, text: str = "", domain: str = "") -> list[tuple[PieceValue, str]]:
    """Published answers with their domain (empty where none is known), the newest first."""
    pieces = knowledge.published(kind=PieceKind.ANSWER, text=text, most=MOST)
    rows = Publication.objects.filter(piece__in=[piece.id for piece in pieces])
    domains = dict(rows.values_list("piece", "domain"))
    found = [(piece, domains.get(piece.id, "")) for piece in pieces]
    return [row for row in found if not domain or row[1].startswith(domain)]
