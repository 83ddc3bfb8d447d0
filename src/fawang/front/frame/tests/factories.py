"""People who log in, for the frame's tests: real accounts, real memberships."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.test import Client

from fawang.front.frame.session import BACKEND
from fawang.kernel import clock


def account(username="citizen", *, is_staff=False, **more):
    person = get_user_model()(username=username, is_staff=is_staff, created_at=clock.now(), **more)
    if not is_staff:
        # identity has no service that makes a party for an account by name: its own log-in does
        party = person._meta.get_field("party").related_model
        person.party = party.objects.create(kind="PERSON", level=1, name="", created_at=clock.now())
    person.set_password("correct horse battery")
    person.save()
    return person


def client_of(person, acting="", language="zh-hans", **cookies):
    client = Client(headers={"accept-language": language})
    client.force_login(person, backend=BACKEND)
    session = client.session
    session["acting"] = acting
    session.save()
    return client
