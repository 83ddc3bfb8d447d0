"""Callers of the API: partners with keys, people with sessions, and bodies to send."""

from __future__ import annotations

import json
from itertools import count

from django.test import Client

from fawang.base.identity.models import Account
from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import services as organisations
from fawang.base.workorders.tests.factories import ANSWERS, QUESTION
from fawang.front.frame.session import BACKEND
from fawang.kernel.policy import system

SYSTEM = system("test")
_key = count(1)


class Caller:
    """A program: sends JSON with its key (or its session), and keeps nothing."""

    def __init__(self, key="", client=None):
        self.client = client or Client(headers={"accept-language": "zh-hans"})
        self.key = key

    def _headers(self, headers):
        sent = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return sent | {name.replace("_", "-"): value for name, value in headers.items()}

    def get(self, path, query=None, **headers):
        return self.client.get(f"/api/v1{path}", query or {}, headers=self._headers(headers))

    def send(self, method, path, body=None, **headers):
        text = body if isinstance(body, str | bytes) else json.dumps(body if body is not None else {})
        return self.client.generic(
            method, f"/api/v1{path}", text, content_type="application/json", headers=self._headers(headers)
        )

    def post(self, path, body=None, **headers):
        headers.setdefault("Idempotency_Key", f"k{next(_key)}")
        return self.send("POST", path, body, **headers)


def key_of(unit_id, *roles):
    """A key of an institution."""
    return organisations.create_key(SYSTEM, institution_id=unit_id, name="接口", roles=roles)


def partner(unit_id, *roles):
    """A program with a key."""
    return Caller(key_of(unit_id, *(roles or ("PARTNER_12345",))))


def person(actor, acting="self", *, csrf=False):
    """A program with the session of an actor's account; acting as a member by default where the actor is one."""
    client = Client(headers={"accept-language": "zh-hans"}, enforce_csrf_checks=csrf)
    client.force_login(Account.objects.get(pk=actor.account_id), backend=BACKEND)
    session = client.session
    session["acting"] = f"member:{actor.member_id}" if actor.member_id else acting
    session.save()
    return Caller(client=client)


def applicant(**changes):
    """A new person each time."""
    return {"name": "王示例", "id_no": identities.id_card(), "phone": identities.phone(), **changes}


def demand(**changes):
    """A mediation for somebody new."""
    return {"service_code": "MEDIATION_PEOPLE", "applicant": applicant(), "answers": dict(ANSWERS), **changes}


def question(**changes):
    """A consultation for somebody new."""
    return {"service_code": "CONSULT_WRITTEN", "applicant": applicant(), "answers": dict(QUESTION), **changes}
