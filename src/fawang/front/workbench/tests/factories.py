"""Staff who are logged in, and pages they act on."""

import re

from django.contrib.auth import get_user_model
from django.test import Client

from fawang.front.frame.session import BACKEND
from fawang.kernel import ids


def client_of(actor, language="zh-hans"):
    """A browser in which the actor of the small world is logged in and acts as that actor."""
    client = Client(headers={"accept-language": language})
    client.force_login(get_user_model().objects.get(pk=actor.account_id), backend=BACKEND)
    session = client.session
    session["acting"] = f"member:{actor.member_id}" if actor.member_id else "self"
    session.save()
    return client


def version_on(response):
    """The version hidden in a page's form."""
    return re.search(r'name="version" value="(\d+)"', response.content.decode())[1]


def act(client, number, action, **data):
    """Do an action as a page does it: with the version it was made from and a key of its own."""
    page = client.get(f"/work/orders/{number}/do/{action}/")
    assert page.status_code == 200, page.content.decode()[-600:]
    sent = {"version": version_on(page), "key": ids.token(), **data}
    return client.post(f"/work/orders/{number}/do/{action}/", sent)


def text_of(response):
    return response.content.decode()


def day(name, year, month, number):
    """A date as a form sends it."""
    return {f"{name}__year": year, f"{name}__month": month, f"{name}__day": number}


def unit_url(token, page=""):
    """A page of one institution."""
    return f"/work/admin/institutions/{token}/{page}"


def issued_password(response):
    """The password on the page that shows it once."""
    assert response.status_code == 200, text_of(response)[-500:]
    assert response["Cache-Control"] == "no-store"
    return re.search(r"<strong><code>([A-Z0-9-]+)</code></strong>", text_of(response))[1]
