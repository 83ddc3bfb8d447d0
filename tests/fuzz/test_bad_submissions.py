"""Bad submissions to pages, window and API: never a failure of ours, always a sentence at the field, nothing changed.

`FAWANG_FUZZ` says how many for each kind of service and door; the ordinary suite sends a few, always the same ones.
`FAWANG_FUZZ_KINDS` narrows to some kinds, with commas between.
"""

from __future__ import annotations

import os
import re
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Question, QuestionType, ServiceItem
from fawang.base.workorders.models import Order
from fawang.front.api.limits import buckets
from fawang.kernel import ids
from tests.conformance import channels
from tests.conformance.channels import Who, browser
from tests.conformance.encoding import fields
from tests.conformance.generating import answers_for
from tests.fuzz import junk

FEW = 6
COUNT = int(os.environ.get("FAWANG_FUZZ") or FEW)
ONLY = [kind for kind in os.environ.get("FAWANG_FUZZ_KINDS", "").split(",") if kind]
# a kind of service: who asks, and a service that asks much; each line has one
KINDS = {
    "every question": ("PROBE_EVERY_KIND", "PERSON"), "an organisation": ("PROBE_EVERY_KIND", "ORG"),
    "arbitration": ("ARBITRATION_LABOUR", "PERSON"), "a bundle": ("BUNDLE_DEATH", "PERSON"),
    "complaints": ("COMPLAINT_LAWYER", "PERSON"), "a booking": ("CONSULT_BOOKED", "PERSON"),
    "enterprise": ("ENTERPRISE_PAYMENT", "ORG"), "forensic": ("FORENSIC_FM05", "PERSON"),
    "inquiry": ("EVIDENCE_DEPOSIT", "PERSON"), "lawyers": ("LAWYER_ADVISER", "ORG"),
    "legal aid": ("LEGAL_AID_LABOUR", "PERSON"), "licensing": ("PERMIT_P11_01", "ORG"),
    "mediation": ("JUDICIAL_CONFIRMATION", "PERSON"), "notary": ("NOTARY_N29", "PERSON"),
    "outreach": ("LEGAL_EDU_LECTURE", "AGENCY"), "reconsideration": ("RECONSIDERATION_ORDINARY", "PERSON"),
}  # fmt: skip
ERROR_AT = re.compile(r'id="q-([A-Za-z0-9_]+)-error"')
BROKEN = [
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded"), (b"a=%ff%fe&b=%ed%a0%80", "application/x-www-form-urlencoded"),
    (b"words=%C4%E3", "application/x-www-form-urlencoded; charset=gbk"), (b"x", "multipart/form-data"),
    (b"--b\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\nx", "multipart/form-data; boundary=b"),
    (b"--b\r\nnothing\r\n--b--", "multipart/form-data; boundary=b"), (b"{}", "application/json"), (b"\x00", "text/plain"),
    (b"x=1", "application/x-www-form-urlencoded; charset=no-such"), (b"&" * 5000, "application/x-www-form-urlencoded"),
    (b"a=1&" * 1500, "application/x-www-form-urlencoded"), (b"--b", "multipart/form-data; boundary=" + "b" * 300),
]  # fmt: skip


def _times(function: Any, strategy: st.SearchStrategy[Any]) -> None:
    """Call it with so many bad things; without FAWANG_FUZZ the same ones each time."""

    def one(bad: Any) -> None:
        # time stands still here, and with it the limit of requests a second
        buckets.forget()
        function(bad)

    often = settings(
        max_examples=COUNT, deadline=None, database=None, derandomize=FEW == COUNT, print_blob=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    often(given(strategy)(one))()


def _filled(item: ServiceItem, who: Who) -> dict[str, Any]:
    """Good answers, without files."""
    files = {question.id for question in item.questions if question.type == QuestionType.FILE}
    found = answers_for(item, channels.facts(who), 1)
    return {name: value for name, value in found.items() if name not in files}


def _asked(item: ServiceItem, answers: dict[str, Any], who: Who) -> list[Question]:
    known = forms.readable(item.questions, answers, facts=channels.facts(who))
    return [q for q in forms.asked(item.questions, known, channels.facts(who)) if not q.material]


def _state(draft: str) -> tuple[int, dict[str, Any], str]:
    order = Order.objects.get(draft_token=draft)
    return order.version, order.answers, order.state


def _is_at_the_field(html: str, names: set[str]) -> bool:
    """Whether a sentence stands at the question, at a part of it, or at a cell of its rows."""
    return any(at == name or at.startswith(f"{name}__") for at in ERROR_AT.findall(html) for name in names)


def _portal(item: ServiceItem, who: Who, foreign: str) -> None:
    client = browser(who.account_id, who.acting)
    page = client.get(f"/apply/{item.code}/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key)" value="([^"]*)"', page))
    draft = client.post(f"/apply/{item.code}/", {**hidden, "agree": "1", "acting": who.acting}).url.split("/")[2]
    answers = _filled(item, who)
    for question in _asked(item, answers, who):
        if question.id in answers:
            sent = client.post(f"/apply/{draft}/{question.id}/", fields(question, answers[question.id]))
            assert sent.status_code == 302, (question.id, ERROR_AT.findall(sent.content.decode()))
    before, asked = _state(draft), _asked(item, answers, who)

    def send(pair: tuple[Question, junk.Junk]) -> None:
        question, bad = pair
        with transaction.atomic():
            response = client.post(f"/apply/{draft}/{question.id}/", bad.fields)
            after, html = _state(draft), response.content.decode()
            transaction.set_rollback(True)
        assert response.status_code < 500, (question.id, bad)
        if bad.is_wrong:
            assert response.status_code == 422, (question.id, bad, response.status_code)
        if response.status_code == 422:
            assert _is_at_the_field(html, {question.id}), (question.id, bad, ERROR_AT.findall(html))
        if response.status_code != 302:
            assert after == before, (question.id, bad)

    def broken(pair: tuple[Question, tuple[bytes, str]]) -> None:
        question, (body, kind) = pair
        with transaction.atomic():
            response = client.generic("POST", f"/apply/{draft}/{question.id}/", body, content_type=kind)
            after = _state(draft)
            transaction.set_rollback(True)
        assert response.status_code < 500, (question.id, body, kind)
        assert response.status_code == 302 or after == before

    one = st.sampled_from(asked).flatmap(lambda q: st.tuples(st.just(q), junk.submissions(q, foreign)))
    _times(send, one)
    _times(broken, st.tuples(st.sampled_from(asked), st.sampled_from(BROKEN)))


def _window(item: ServiceItem, who: Who, foreign: str, county: Any) -> None:
    clerk = county.clerk
    client, url = browser(clerk.account_id, f"member:{clerk.member_id}"), f"/window/apply/{item.code}/"
    answers = _filled(item, who)
    person = {"person_name": who.name, "person_phone": who.phone, "person_id": who.id_no, "person_uscc": who.uscc,
              "person_kind": who.kind, "person_seen": "1" if who.id_no else ""}  # fmt: skip
    good: dict[str, Any] = {}
    for question in item.questions:
        good |= fields(question, answers.get(question.id))
    asked = _asked(item, answers, who)

    def send(bad: tuple[Question, junk.Junk, dict[str, Any]]) -> None:
        question, one, about = bad
        own = {name for name in good if name == question.id or name.startswith(f"{question.id}__")}
        typed = {name: value for name, value in good.items() if name not in own}
        with transaction.atomic():
            before = Order.objects.count()
            data = {**person, **typed, **about, **one.fields, "key": ids.token()}
            response = client.post(url, data)
            after, html = Order.objects.count(), response.content.decode()
            transaction.set_rollback(True)
        assert response.status_code < 500, bad
        if one.is_wrong and not about:
            assert response.status_code == 422, (question.id, one, response.status_code)
            # what the person's own column asks is answered there
            columns = {f"person_{part}" for part in ("name", "phone", "id", "uscc", "kind")}
            assert _is_at_the_field(html, {question.id, *columns}), (question.id, one, ERROR_AT.findall(html))
        if response.status_code == 422:
            assert "error-summary" in html, bad
        assert response.status_code == 302 or after == before, bad

    people = st.dictionaries(
        st.sampled_from([*person, "person_token", "find"]),
        st.one_of(junk.TEXT, st.sampled_from([junk.CONTROL, junk.HUGE, junk.EMOJI])), max_size=2,
    )  # fmt: skip
    one = st.sampled_from(asked).flatmap(
        lambda q: st.tuples(st.just(q), junk.submissions(q, foreign), st.one_of(st.just({}), people))
    )
    _times(send, one)


def _api(item: ServiceItem, who: Who, foreign: str, county: Any) -> None:
    answers = _filled(item, who)
    asked = _asked(item, answers, who)
    channel = "12" if "*" in item.channels else next((c for c in item.channels if c[0] in "51"), "12")
    applicant = {"kind": who.kind, "name": who.name, "phone": who.phone, "id_no": who.id_no, "uscc": who.uscc}

    def send(bad: tuple[Question, Any, dict[str, Any], bool]) -> None:
        question, value, extra, is_wrong = bad
        body = {"service_code": item.code, "channel": channel, "applicant": applicant,
                "answers": {**answers, **extra, question.id: value}}  # fmt: skip
        with transaction.atomic():
            before = Order.objects.count()
            response = county.partner.post("/orders", body)
            after = Order.objects.count()
            transaction.set_rollback(True)
        assert response.status_code < 500, bad
        assert response.status_code == 201 or after == before, bad
        if is_wrong and "*" in item.channels:
            assert response.status_code in {400, 422}, (question.id, value, response.status_code)
        said = response.json()
        if response.status_code == 422 and is_wrong and said["code"] != "workorders.kind_not_served":
            assert any(name.startswith(f"answers.{question.id}") or name == "answers" for name in said["fields"]), (
                question.id, value, said,
            )  # fmt: skip

    def strange(body: Any) -> None:
        with transaction.atomic():
            response = county.partner.post("/orders", {"service_code": item.code, "answers": body})
            transaction.set_rollback(True)
        assert response.status_code in {201, 400, 413, 422}, (body, response.status_code)

    extra = st.dictionaries(junk.TEXT, junk.anything(), max_size=1)
    one = st.sampled_from(asked).flatmap(
        lambda q: st.one_of(
            st.tuples(st.just(q), junk.wrong_values(q, foreign), st.just({}), st.just(True)),
            st.tuples(st.just(q), junk.anything(), extra, st.just(False)),
        )
    )
    _times(send, one)
    _times(strange, junk.anything())


def _of_every_kind(check: Any, county: Any, *, kinds: tuple[str, ...]) -> None:
    wrong = []
    for kind in ONLY or kinds:
        code, applicant = KINDS[kind]
        try:
            check(catalogue.item(code).item, county.people[applicant])
        except AssertionError as error:
            wrong.append(f"{kind}: {str(error)[:900]}")
    assert not wrong, "\n".join(wrong)


def test_question_pages_refuse_bad_answers_at_the_field(ground, foreign):
    _of_every_kind(lambda item, who: _portal(item, who, foreign), ground, kinds=tuple(KINDS))


def test_the_window_refuses_bad_answers_at_the_field(ground, foreign):
    _of_every_kind(lambda item, who: _window(item, who, foreign, ground), ground, kinds=tuple(KINDS))


def test_the_api_refuses_bad_answers_at_the_field(ground, foreign):
    _of_every_kind(lambda item, who: _api(item, who, foreign, ground), ground, kinds=tuple(KINDS))


NASTY = ["", "²", "9" * 5000, "-1", "NaN", junk.CONTROL, junk.EMOJI, "PLS" + "0" * 23, "../", "%00", "１２３", "z" * 22]


def test_pages_around_the_form_take_anything(ground, foreign):
    """Check and send, papers, what was read, going on by code, tracking, a visit, correcting, look-ups, lists."""
    who = ground.people["PERSON"]
    client = browser(who.account_id, who.acting)
    item = catalogue.item("PROBE_EVERY_KIND").item
    page = client.get(f"/apply/{item.code}/").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key)" value="([^"]*)"', page))
    draft = client.post(f"/apply/{item.code}/", {**hidden, "agree": "1", "acting": who.acting}).url.split("/")[2]
    number = channels.api(item, _filled(item, who), who, ground.partner, "12")
    lookup = next(p.code for p in catalogue.items(listed_only=False) if p.item.ends_in == "lookup")
    forms_ = {
        f"/apply/{draft}/check/": ["version", "key"], f"/apply/{draft}/papers/": ["remove", "stay", "file"],
        f"/apply/{draft}/read/file/": ["read_fields", "read_confirmed", "read__name"], f"/apply/{lookup}/": ["agree", "key", "acting"],
        f"/apply/{item.code}/": ["acting", "reuse", "agree"], "/continue/": ["code", "phone"],
        "/track/": ["number", "code", "last_four"], "/find/": ["q"],
        f"/mine/{number}/visit/": ["slot", "version", "key"], f"/mine/{number}/answers/story/": ["story", "version", "key", "reason"],
        f"/mine/{number}/answers/rows/": ["rows__0__who", "rows__0__born__year", "more", "less"],
        f"/mine/{number}/do/withdraw/": ["version", "reason", "confirmed"], "/me/verify/": ["name", "number", "id_no"],
    }  # fmt: skip
    queries = {"/mine/": "before", "/services/": "q", "/directory/": "area", "/messages/": "before", "/find/": "q",
               f"/mine/{number}/visit/": "at", f"/apply/{draft}/read/file/": "about"}  # fmt: skip
    value = st.one_of(junk.TEXT, st.sampled_from(NASTY))

    def send(pair: tuple[str, dict[str, str]]) -> None:
        url, data = pair
        with transaction.atomic():
            before = _state(draft)
            response = client.post(url, data)
            after = _state(draft)
            transaction.set_rollback(True)
        assert response.status_code < 500, pair
        assert after == before, pair

    def ask(pair: tuple[str, str]) -> None:
        url, text = pair
        with transaction.atomic():
            response = client.get(url, {queries[url]: text[:2000]})
            transaction.set_rollback(True)
        assert response.status_code < 500, pair

    _times(send, st.sampled_from(sorted(forms_)).flatmap(
        lambda url: st.tuples(st.just(url), st.dictionaries(st.sampled_from(forms_[url]), value))
    ))  # fmt: skip
    _times(ask, st.tuples(st.sampled_from(sorted(queries)), value))
