"""How far the view of callers reaches, for the identity room: the caller of an open contact of the agent's unit."""

from __future__ import annotations

from django.db.models import Q

from fawang.base.identity import services as identity
from fawang.kernel import policy
from fawang.kernel.policy import Actor, Scope
from fawang.middle.intake.models import Contact

# a conversation still going on, or a promised call not yet made
UNFINISHED = Q(ended_at__isnull=True) | Q(callback_due_at__isnull=False, callback_done_at__isnull=True)


def names_caller(actor: Actor, party_id: int) -> bool:
    """Whether the party is the caller of an unfinished contact that the actor works on."""
    held = policy.scopes(actor, "intake.call_back")
    if not held or actor.unit_id is None:
        return False
    contacts = Contact.objects.filter(UNFINISHED, party_id=party_id)
    if Scope.AREA in held:
        return contacts.filter(area__startswith=actor.area).exists()
    return contacts.filter(unit_id=actor.unit_id).exists()


def wire() -> None:
    """Register the question, once, at start-up."""
    identity.register_reach("intake", names_caller)
