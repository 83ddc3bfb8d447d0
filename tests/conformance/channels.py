"""One driver a channel: each takes the same answers through its own pages or operations, as its users do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from fawang.base.catalogue import forms
from fawang.base.catalogue.schema import QuestionType, ServiceItem
from fawang.base.identity import selectors as identity
from fawang.front.api.tests.factories import Caller
from fawang.front.frame import terminal
from fawang.front.frame.session import BACKEND
from fawang.middle.intake import services as intake
from fawang.middle.intake.models import ContactOrder
from tests.conformance.encoding import fields
from tests.conformance.generating import FILE

HIDDEN = re.compile(r'<input type="hidden" name="(version|key)" value="([^"]*)"')


@dataclass(frozen=True)
class Who:
    """The applicant: details for doors where somebody else types them, and a log-in for the doors of their own."""

    kind: str
    name: str
    phone: str
    id_no: str = ""
    uscc: str = ""
    account_id: int = 0
    acting: str = "self"


def browser(account_id: int, acting: str = "", **headers: str) -> Client:
    """A browser in which somebody is logged in."""
    client = Client(headers={"accept-language": "zh-hans", **headers})
    client.force_login(identity.account(account_id), backend=BACKEND)
    if acting:
        session = client.session
        session["acting"] = acting
        session.save()
    return client


def _upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("示例.txt", "示例材料".encode(), "text/plain")


def _handed_in(caller: Caller) -> str:
    """A file handed in by a program; its token."""
    headers = {"Authorization": f"Bearer {caller.key}"}
    return str(_is_well(caller.client.post("/api/v1/files", {"file": _upload()}, headers=headers), 201).json()["token"])


def with_files(answers: dict[str, Any], make: Callable[[], Any]) -> dict[str, Any]:
    """The answers with a real file where the generator says that one is needed."""
    return {name: make() if value == FILE else value for name, value in answers.items()}


def _is_well(response: Any, *codes: int) -> Any:
    assert response.status_code in codes, (
        f"{response.status_code} {getattr(response, 'url', '')} {response.content.decode()[-3000:]}"
    )
    return response


def _hidden(client: Client, url: str) -> dict[str, str]:
    return dict(HIDDEN.findall(_is_well(client.get(url), 200).content.decode()))


def portal(
    item: ServiceItem, answers: dict[str, Any], who: Who, *, agent: str = "", kiosk: terminal.Terminal | None = None
) -> str:
    """One question a page, papers, check, send; the number."""
    client = browser(who.account_id, who.acting, **({"user-agent": agent} if agent else {}))
    if kiosk is not None:
        response = HttpResponse()
        terminal.enrol(response, kiosk)
        client.cookies[terminal.COOKIE] = response.cookies[terminal.COOKIE].value
    answers = with_files(answers, _upload)
    start = f"/apply/{item.code}/"
    begun = _is_well(client.post(start, {**_hidden(client, start), "agree": "1", "acting": who.acting}), 302)
    url = begun.url
    for _page in range(len(item.questions) + 3):
        name = url.strip("/").split("/")[-1]
        if name == "check":
            break
        question = item.question(name)
        data = fields(question, answers.get(name)) if question is not None else {}
        data |= (
            {name: answers[name]}
            if question is not None and question.type == QuestionType.FILE and name in answers
            else {}
        )
        url = _is_well(client.post(url, data), 302).url
    sent = _is_well(client.post(url, _hidden(client, url)), 302)
    return str(sent.url.strip("/").split("/")[1])


def window(item: ServiceItem, answers: dict[str, Any], who: Who, clerk: Any) -> str:
    """The clerk fills in one page with the person beside; the number of the receipt."""
    client = browser(clerk.account_id, f"member:{clerk.member_id}")
    url = f"/window/apply/{item.code}/"
    data = {
        "person_name": who.name, "person_phone": who.phone, "person_id": who.id_no, "person_uscc": who.uscc,
        "person_kind": who.kind, "person_seen": "1" if who.id_no else "", **_hidden(client, url),
    }  # fmt: skip
    for question in item.questions:
        if question.type == QuestionType.FILE and question.id in answers:
            data[question.id] = _upload()
        else:
            data |= fields(question, answers.get(question.id))
    sent = _is_well(client.post(url, data), 302)
    return str(sent.url.strip("/").split("/")[-1])


def hotline(item: ServiceItem, answers: dict[str, Any], who: Who, operator: Any) -> str:
    """A call is taken; the operator makes an order of it; the number."""
    contact = intake.open_contact(operator, channel="11", phone=who.phone)
    number = contact if isinstance(contact, str) else contact.number
    client = browser(operator.account_id, f"member:{operator.member_id}")
    data: dict[str, Any] = {
        "caller__name": who.name, "caller__phone": who.phone, "caller__kind": who.kind, "caller__uscc": who.uscc,
        "key": f"conform-{number}",
    }  # fmt: skip
    for question in item.questions:
        data |= fields(question, answers.get(question.id))
    _is_well(client.post(f"/hotline/contacts/{number}/order/{item.code}/", data), 302)
    return str(ContactOrder.objects.get(contact__number=number).order_number)


def api(item: ServiceItem, answers: dict[str, Any], who: Who, caller: Caller, channel: str) -> str:
    """One POST of a partner system; the number."""
    answers = with_files(answers, lambda: _handed_in(caller))
    body = {
        "service_code": item.code, "channel": channel, "answers": answers,
        "applicant": {"kind": who.kind, "name": who.name, "phone": who.phone, "id_no": who.id_no, "uscc": who.uscc},
    }  # fmt: skip
    return str(_is_well(caller.post("/orders", body), 201).json()["number"])


def facts(who: Who) -> forms.Facts:
    """What the rules know of the applicant."""
    return forms.Facts(applicant_kind=who.kind)
