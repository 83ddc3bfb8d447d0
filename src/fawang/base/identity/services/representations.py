"""Who may act for whom: ask, appoint, decide, end."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fawang.base.identity.errors import RepresentationExists
from fawang.base.identity.models import Party, Representation
from fawang.base.identity.names import clean_text
from fawang.base.identity.values import RepresentationKind, RepresentationStatus
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, Scope, require

MAX_EVIDENCE_CHARACTERS = 500


def ask_to_represent(
    actor: Actor,
    *,
    principal_id: int,
    agent_id: int,
    kind: RepresentationKind | str,
    scope: tuple[str, ...] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
    evidence: str = "",
) -> int:
    """Record that an agent may act for a principal; the representation's id.

    It is in force at once when the principal appoints (a person their proxy, an organisation its handler); asked for
    by the agent it waits for `decide_representation`. An agent never becomes active by their own word. Raises Invalid,
    NotFound when the actor is neither, RepresentationExists.
    """
    scopes = require(actor, "identity.ask_to_represent")
    try:
        ground = RepresentationKind(kind)
    except ValueError:
        raise Invalid({"kind": _("请从列表中选择。")}) from None
    if Scope.ALL not in scopes and actor.party_id not in (principal_id, agent_id):
        raise NotFound
    begin = valid_from or clock.today()
    if valid_to is not None and valid_to < begin:
        raise Invalid({"valid_to": _("结束日期不能早于开始日期。")})
    if principal_id == agent_id:
        raise Invalid({"agent": _("不能代理自己。本人办理请直接以本人身份操作。")})
    if Party.objects.filter(pk__in=[principal_id, agent_id], merged_into__isnull=True).count() != 2:
        raise NotFound
    try:
        proof = clean_text(evidence, max_characters=MAX_EVIDENCE_CHARACTERS, is_multiline=True)
    except ValueError as error:
        raise Invalid({"evidence": str(error)}) from None
    appoints = Scope.ALL not in scopes and actor.party_id == principal_id and _may_appoint(actor, ground)
    if not appoints and not proof:
        raise Invalid({"evidence": _("请写明代理依据，例如授权委托书、监护证明或户口簿。")})
    row = Representation(
        principal_id=principal_id,
        agent_id=agent_id,
        kind=ground,
        scope=list(scope),
        valid_from=begin,
        valid_to=valid_to,
        evidence=proof,
        status=RepresentationStatus.ACTIVE if appoints else RepresentationStatus.PENDING,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            name = "identity.representation_given.v1" if appoints else "identity.representation_asked.v1"
            append(actor=actor, stream=f"representation:{row.pk}", facts=[Fact(name, {"kind": ground.value})])
    except IntegrityError:
        raise RepresentationExists from None
    return row.pk


def _may_appoint(actor: Actor, kind: RepresentationKind) -> bool:
    """A person appoints a proxy; a legal representative appoints handlers, a handler nobody. Guardianship and kinship
    are facts that somebody checks, as is who the legal representative is."""
    if kind == RepresentationKind.PROXY:
        return "CITIZEN" in actor.roles or "ORG_USER" in actor.roles
    return kind == RepresentationKind.ORG_AGENT and "ORG_USER" in actor.roles


def decide_representation(actor: Actor, representation_id: int, *, is_granted: bool, reason: str = "") -> None:
    """Grant or refuse what was asked, after looking at the evidence. Raises RefusedByState when it is not waiting."""
    require(actor, "identity.decide_representation")
    if not is_granted and not reason.strip():
        raise Invalid({"reason": _("请写明不通过的原因，申请人会看到。")})
    with transaction.atomic():
        row = Representation.objects.select_for_update().filter(pk=representation_id).first()
        if row is None:
            raise NotFound
        if row.status != RepresentationStatus.PENDING:
            raise RefusedByState
        row.status = RepresentationStatus.ACTIVE if is_granted else RepresentationStatus.REFUSED
        row.decided_by, row.decided_at = actor.ref, clock.now()
        row.save(update_fields=["status", "decided_by", "decided_at"])
        name = "identity.representation_given.v1" if is_granted else "identity.representation_refused.v1"
        append(actor=actor, stream=f"representation:{row.pk}", facts=[Fact(name, {"reason": reason.strip()})])


def end_representation(actor: Actor, representation_id: int, *, reason: str = "") -> None:
    """End it, at once, by either side or the staff. Raises NotFound for others, RefusedByState when it is over."""
    scopes = require(actor, "identity.ask_to_represent")
    with transaction.atomic():
        row = Representation.objects.select_for_update().filter(pk=representation_id).first()
        is_ours = row is not None and actor.party_id in (row.principal_id, row.agent_id)
        if row is None or (Scope.ALL not in scopes and not is_ours):
            raise NotFound
        if row.status not in (RepresentationStatus.ACTIVE, RepresentationStatus.PENDING):
            raise RefusedByState
        row.status = RepresentationStatus.ENDED
        row.save(update_fields=["status"])
        fact = Fact("identity.representation_ended.v1", {"reason": reason.strip()})
        append(actor=actor, stream=f"representation:{row.pk}", facts=[fact])
