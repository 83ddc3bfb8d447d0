"""A citizen with a browser: pages are asked for and forms are sent as a browser without JavaScript does."""

from __future__ import annotations

import re

from django.test import Client

from fawang.base.identity import selectors as identity
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.tests import factories
from fawang.kernel import clock

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
FORM = {
    "applicant_name": {"applicant_name": "王示例"},
    "kind": {"kind": "neighbour"},
    "story": {"story": "楼上漏水三个月没人管"},
    "claim": {"claim": "修好并赔偿"},
    "amount": {"amount": "3500.50"},
    "other_name": {"other_name": "李示例"},
    "other_phone": {"other_phone": "13900001234"},
    "area": {"area__0": "510100", "area__1": "510107"},
    "proceedings": {"proceedings": "none"},
    "file": {},
}


class Person:
    """Somebody at a browser."""

    def __init__(self, actor=None, **headers):
        self.client = Client(headers=headers)
        self.actor = actor
        if actor is not None:
            self.client.force_login(identity.account(actor.account_id))

    def get(self, url, **more):
        return self.client.get(url, **more)

    def hidden(self, url):
        """The hidden fields of the page's last form that has a version or key."""
        html = self.get(url).content.decode()
        return {name: value for name, value in HIDDEN.findall(html) if name in {"version", "key"}}

    def send(self, url, data=None, **more):
        """Open the page, fill its form, send it."""
        return self.client.post(url, {**self.hidden(url), **(data or {})}, **more)

    def begin(self, code="MEDIATION_PEOPLE", **more):
        """Begin an application; the draft's token."""
        answer = self.send(f"/apply/{code}/", {"agree": "1", **more})
        assert answer.status_code == 302, answer.content.decode()
        return answer.url.split("/")[2]

    def fill(self, draft, upto=None, **changes):
        """Answer every question as asked, one page after another; the last address."""
        url = f"/apply/{draft}/applicant_name/"
        while "/check/" not in url:
            name = url.strip("/").split("/")[-1]
            answer = self.client.post(url, {**FORM, **changes}[name])
            assert answer.status_code == 302, (name, answer.content.decode())
            url = answer.url
            if name == upto:
                break
        return url

    def file(self):
        """A whole application; its number."""
        draft = self.begin()
        answer = self.send(self.fill(draft))
        assert answer.status_code == 302, answer.content.decode()
        return answer.url.strip("/").split("/")[1]


def order(person, number):
    """The order as its applicant sees it."""
    return orders.get(person.actor, number)


def drive(world, number, until):
    """Take a mediation order to DISPATCHED, or on to DONE."""
    view = orders.get(factories.SYSTEM, number)
    if view.state == "SUBMITTED":
        factories.do(factories.SYSTEM, number, "queue")
    if orders.get(factories.SYSTEM, number).state == "TO_DISPATCH":
        factories.do(world.dispatcher, number, "dispatch", unit=world.token("committee"))
    if until == "DONE":
        drive_on(world, number)
    return number


def drive_on(world, number):
    """From DISPATCHED to a result that was told."""
    do = factories.do
    do(world.liaison, number, "sign")
    do(world.liaison, number, "assign", handler=world.handler_token())
    do(world.mediator, number, "accept")
    do(world.mediator, number, "note_contact", reached=True, text="电话说明权利义务")
    do(world.mediator, number, "ask_will", agrees=True, text="愿意")
    today = clock.today().isoformat()
    do(world.mediator, number, "hold_session", held_on=today, place="调解室", internal="谈")
    agreed = {"form": "written", "party_a": "王示例", "party_b": "李示例", "facts": "漏水", "text": "三日内修好"}
    do(world.mediator, number, "reach_agreement", **agreed, perform_by=today, signed_on=today)
    do(world.mediator, number, "complete", result="AGREED", text="已达成协议")
    do(world.reviewer, number, "approve")
