"""From an answered question to a published answer without the people in it, and back when consent is withdrawn."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services as editors
from fawang.base.knowledge.values import PieceKind, PieceState
from fawang.base.notifications import services as notifications
from fawang.base.notifications.values import Recipient
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.values import OrderView
from fawang.kernel import clock
from fawang.kernel.errors import Invalid
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor
from fawang.middle.intake import events, publications, writing
from fawang.middle.intake.errors import NotPublishable
from fawang.middle.intake.models import Publication
from fawang.middle.intake.values import PublicationState


def agree_to_publish(actor: Actor, *, order: str) -> None:
    """The asker agrees that an anonymised version may be published once the question is answered. Again is no error.

    Raises NoSuchOrder for everybody but the asker.
    """
    view = _of_asker(actor, order)
    state = PublicationState.ANSWERED if view.told_at else PublicationState.AGREED
    row, made = Publication.objects.get_or_create(
        order_number=view.number,
        defaults={
            "state": state, "party_id": view.applicant_id, "handler_id": view.handler_id, "domain": view.domain,
        },
    )  # fmt: skip
    if made:
        with transaction.atomic():
            _log(actor, Publication.objects.select_for_update().get(pk=row.pk), events.PUBLICATION_AGREED)


def _of_asker(actor: Actor, order: str) -> OrderView:
    view = orders.get(actor, order)
    if "applicant" not in view.relations:
        raise NoSuchOrder
    return view


def note_answered(number: str) -> None:
    """A result was told: where the asker agreed, an anonymised version may be written now. Safe to run twice."""
    row = Publication.objects.filter(order_number=number, state=PublicationState.AGREED)
    if row.exists():
        view = orders.get(publications.SYSTEM, number)
        row.update(state=PublicationState.ANSWERED, handler_id=view.handler_id, domain=view.domain)


def draft_publication(
    actor: Actor, *, order: str, title: str, question: str, answer: str, is_checked: bool
) -> str:  # fmt: skip
    """Write the anonymised version and hand it to review by somebody else; the piece's key. Nothing in it names the
    order. `is_checked`: a person read it and found nobody in it. Raises NotPublishable, Invalid.
    """
    if not is_checked:
        raise Invalid({"is_checked": _("请先通读一遍，确认认不出当事人，再勾选。")})
    asked = writing.text(question, "question", required=True)
    told = writing.text(answer, "answer", most=20_000, required=True)
    head = writing.text(title, "title", most=120, is_multiline=False, required=True)
    publications.of_order(actor, order)
    with transaction.atomic():
        row = Publication.objects.select_for_update().get(order_number=order)
        if row.state == PublicationState.WITHDRAWN:
            raise NotPublishable
        if row.piece:
            return row.piece
        cited = publications.shown(row).articles
        basis = [
            editors.Basis(found.version.law.key, found.number, found.suffix)
            for found in (one.article for one in knowledge.cited(cited))
            if found is not None and found.number is not None
        ]
        body = f"{asked}\n\n{told}\n\n{cited}"
        row.piece = editors.write(
            actor, kind=PieceKind.ANSWER, title=head, body=body, summary=asked[:300], basis=basis,
            source=_("来自一次真实咨询，已隐去能认出当事人的内容"),
        )  # fmt: skip
        editors.submit(actor, row.piece, version=knowledge.piece(actor, row.piece).version)
        row.state, row.drafted_by_id, row.drafted_at = PublicationState.DRAFTED, actor.account_id, clock.now()
        row.save()
        _log(actor, row, events.PUBLICATION_DRAFTED)
        return row.piece


def follow_publications() -> int:
    """Whose answer was published meanwhile is told so, and how to take it back; how many. Safe to run twice."""
    count = 0
    for pk in list(Publication.objects.filter(state=PublicationState.DRAFTED).values_list("pk", flat=True)):
        with transaction.atomic():
            row = Publication.objects.select_for_update().get(pk=pk)
            piece = knowledge.piece(publications.SYSTEM, row.piece)
            if row.state != PublicationState.DRAFTED or piece.state != PieceState.PUBLISHED:
                continue
            row.state = PublicationState.PUBLISHED
            row.save()
            count += 1
            if row.party_id is not None:
                notifications.tell(
                    actor=publications.SYSTEM, to=Recipient(party_id=row.party_id), template="answer_published",
                    data={"number": row.order_number}, order_ref=row.order_number, cause=f"published:{row.pk}",
                )  # fmt: skip
    return count


def withdraw_publication(actor: Actor, *, order: str) -> None:
    """The asker takes the consent back: the piece comes down and is emptied for good, in whatever state it is.

    Again is no error. Raises NoSuchOrder for everybody else, NotPublishable when there was no consent.
    """
    view = _of_asker(actor, order)
    with transaction.atomic():
        row = Publication.objects.select_for_update().filter(order_number=view.number).first()
        if row is None:
            raise NotPublishable
        if row.state == PublicationState.WITHDRAWN:
            return
        row.state, row.withdrawn_at = PublicationState.WITHDRAWN, clock.now()
        row.save()
        if row.piece:
            # in whatever state: nobody publishes it again
            editors.erase(publications.SYSTEM, row.piece, reason=_("提问人撤回了同意，不得公开。"))
        _log(actor, row, events.PUBLICATION_CONSENT_WITHDRAWN)


def _log(actor: Actor, row: Publication, name: str) -> None:
    append(actor=actor, stream=f"publication:{row.pk}", facts=[Fact(name, {"state": row.state})])
