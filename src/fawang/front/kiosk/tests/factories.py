"""Browsers of staff in the hall."""

from django.test import Client

from fawang.base.identity import selectors as identity
from fawang.front.frame.session import BACKEND


def client_of(actor):
    """A browser of staff, acting in their unit."""
    client = Client()
    client.force_login(identity.account(actor.account_id), backend=BACKEND)
    session = client.session
    session["acting"] = f"member:{actor.member_id}"
    session.save()
    return client
