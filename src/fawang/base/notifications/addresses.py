"""Where a message can reach its recipient. Addresses are read when they are needed, and never kept in the clear."""

from __future__ import annotations

import json

from fawang.base.identity.services import contact_for_delivery
from fawang.base.identity.values import Contact
from fawang.base.notifications.models import Message
from fawang.base.notifications.values import Channel, Recipient
from fawang.kernel import crypto, policy

CONTEXT = "notifications.message.address"
NOWHERE = Contact("", "", "", "zh-hans", None)
_POST = policy.system("notifications")


def seal(to: Recipient) -> tuple[str, str]:
    """A bare address sealed, and its blind index."""
    text = json.dumps({"phone": to.phone, "email": to.email})
    return crypto.seal(text, context=CONTEXT), crypto.index(f"{to.phone}|{to.email}", context=CONTEXT)


def find(message: Message) -> Contact:
    """How the message's recipient can be reached now, in which language, and whether they can log in."""
    if message.address_index:
        address = json.loads(crypto.unseal(message.address_sealed, context=CONTEXT))
        return Contact("", address["phone"], address["email"], message.language or "zh-hans", None)
    found = contact_for_delivery(_POST, party_id=message.party_id, account_id=message.account_id)
    return found or NOWHERE


def on(channel: str, contact: Contact) -> str:
    """The address on a channel; empty when there is none. In-app needs an account to log in with."""
    if channel == Channel.IN_APP:
        return "inbox" if contact.account_id is not None else ""
    return contact.phone if channel == Channel.SMS else contact.email
