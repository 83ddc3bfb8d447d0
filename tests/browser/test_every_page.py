"""Every page that a person can meet, looked at by axe (WCAG 2.1 A and AA): Chinese and English, normal and large type, light
and dark, on phones and desks.

People follow the links of the product, one page a route; what no link leads to is listed in STARTS, what only a form leads
to in STEPS. A route that nobody came by, or a template that was never drawn, fails the test unless it is excused here with
a reason. So a new page is looked at the day it is written.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import axe_playwright_python
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.urls import Resolver404, resolve
from django.views import defaults
from tests.servers import ROOT, WHEELS
from tests.visits import DESK, PASSWORD, PHONE, Visitor, chromium

from fawang.base.catalogue import writing
from fawang.base.identity import selectors as identity
from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.tests import factories as library
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders_told
from fawang.base.workorders import services as orders
from fawang.base.workorders.tests.factories import SYSTEM, filing, to_unit
from fawang.front.frame.checks import views
from fawang.front.frame.doors import is_exempt
from fawang.front.frame.session import BACKEND
from fawang.kernel import clock
from fawang.site import preparing

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
LOOK = """async (rules) => (await axe.run(document, rules)).violations.map(
  (v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + n.failureSummary.split("\\n")[1]).join(" | ")}`)"""
HREF = re.compile(r'<a [^>]*href="([^"]+)"')
# who walks, and where they begin: the log-in of the demonstration, and pages to which no link leads
STARTS = {
    "visitor": ["/", "/track/", "/help/", "/privacy/", "/login/password/", "/staff/login/", "/styles/", "/kiosk/", "/nothing/", "/continue/",
        "/law/", "/law/?q=劳动合同法82条", "/law/?q=赔偿"],
    "13800000001": ["/", "/continue/", "/mine/", "/me/", "/me/verify/", "/messages/", "/acting/", "/files/scan/", "/track/"],
    "operator": ["/hotline/"], "clerk": ["/window/", "/window/apply/", "/kiosk/enrol/"], "dispatcher": ["/work/", "/work/dispatch/"],
    "mediation_admin": ["/work/", "/work/keys/", "/work/messages/"], "mediator": ["/work/"], "supervisor": ["/work/supervision/"],
    "justice_county": ["/work/", "/work/admin/calendar/", "/work/admin/services/"], "justice_prov": ["/work/"],
    "sysadmin": ["/work/me/", "/work/admin/accounts/", "/work/admin/machine/", "/work/admin/calendar/"],
    "secadmin": ["/work/admin/accounts/"], "auditadmin": ["/work/me/"], "editor": ["/work/admin/services/"],
    "hotline_admin": ["/work/"],
    "reviewer": ["/work/"],
}  # fmt: skip


@dataclass
class Walk:
    """What was seen."""

    wrong: list[str] = field(default_factory=list)
    routes: set[str] = field(default_factory=set)
    templates: set[str] = field(default_factory=set)
    loads: int = 0


def _methods(view):
    """The methods a view answers; empty: all."""
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:
            return set(view.__closure__[names.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return set()


def pages():
    """Every route that shows something for a GET."""
    return {
        route: view
        for route, view in views()
        if not is_exempt(view) and not route.startswith("api/v1") and (not (m := _methods(view)) or "GET" in m)
    }


# route → why nobody has to look at it
NO_PAGE, PART, FORM = (
    "no page: a file, a picture, or an answer for a program",
    "a part of a page, seen there",
    "takes a form; a GET leads back",
)
EXCUSED = {
    **dict.fromkeys((
        "manifest.webmanifest", "favicon.ico", "robots.txt", "pinyin/", "files/<slug:token>/page/<int:number>/",
        "files/<slug:token>/download/", "work/export/", "work/documents/<slug:token>/", "window/documents/<slug:token>/",
        r"^documents/(?P<token>[a-z0-9]{10,40})/$", "api/<path:rest>",
    ), NO_PAGE),
    **dict.fromkeys(("divisions/", "work/list/", "hotline/ringing/"), PART),
    **dict.fromkeys((
        "api/", "kiosk/end/", r"^apply/(?P<draft>[a-z0-9]{10,40})/$", "window/bookings/<slug:token>/<slug:act>/",
        r"^scan/(?P<code>[A-Z][A-Z0-9_]{1,39})/(?P<division>[0-9]{2,12})/(?P<board>[A-Za-z0-9-]{1,20})/$",
        "work/admin/accounts/<slug:token>/<slug:what>/", "work/admin/calendar/day/", "work/admin/calendar/load/",
        "work/admin/institutions/<slug:token>/accounts/<int:account_id>/password/",
        "work/admin/institutions/<slug:token>/accounts/new/", "work/admin/institutions/<slug:token>/people/leave/",
        "work/admin/institutions/<slug:token>/status/", "work/admin/institutions/person/<slug:token>/hours/",
        "work/admin/institutions/person/<slug:token>/left/", "work/admin/institutions/window/<slug:token>/edit/",
        "work/admin/institutions/window/<slug:token>/hours/", "work/admin/partner-keys/<int:key_id>/revoke/",
        "work/dispatch/<str:number>/give/", "work/me/authenticator/", "work/me/password/",
        "work/messages/<str:token>/read/", "work/orders/<str:number>/unmask/", "work/people/leave/",
        "work/admin/services/<str:code>/open/",
        "work/people/leave/<int:leave_id>/cancel/",
    ), FORM),
    r"^continue/(?P<code>[A-Za-z0-9]{6})/$": "the page continue/ with the code filled in",
    r"^apply/(?P<draft>[a-z0-9]{10,40})/read/(?P<name>[a-z][a-z0-9_]{0,39})/$": "what was read from a photo: needs the OCR models",
    "styles/refusal/": "a refusal as other pages show it, tried by the frame's tests",
    "staff/login/enrol/": "only for an account without an authenticator; made of the parts of staff/login/code/",
    "staff/login/password/": "only after an issued password; made of the parts of staff/login/",
    "work/admin/institutions/<slug:token>/rooms/<slug:bookable_token>/": "the page of a window with other words",
}  # fmt: skip
UNDRAWN = {
    **dict.fromkeys(("400.html", "403.html"), "404.html with another sentence"),
    **dict.fromkeys(("frame/enrol_totp.html", "frame/login_new_password.html"), "see staff/login/enrol/"),
    **dict.fromkeys(("workbench/issued.html", "workbench/key_issued.html", "workbench/authenticator.html"), "shows a secret once, in the parts of other pages"),
    "api/docs.html": "the documentation of the API, of a component by others",
    **dict.fromkeys(("hotline/known.html", "hotline/saved.html"), "looked at in test_hotline.py"),
    **dict.fromkeys(("frame/file_card.html", "frame/read_fields.html", "portal/read.html"), "with what was read from a photo: needs the OCR models"),
    "frame/log_in_again.html": "a session that ended while a form was sent: an alert and a link",
    "portal/parts.html": "a list of cells as in my matters; tried with the bundles",
    "workbench/confirm.html": "a summary list and a button, as in an application's check",
    "frame/styles_staff.html": "the parts of staff pages, seen there",
}  # fmt: skip


def watch(walk):
    def seen(sender, template, **_more):
        if template.name:
            walk.templates.add(str(template.name))

    return seen


class Walker:
    """One person with one browser, who looks at each page that nobody looked at before."""

    def __init__(self, browser, base, walk, who):
        self.walk, self.who, self.met = walk, who, set()
        self.is_desk = who not in {"visitor", "kiosk"} and not who.isdigit()
        self.visitor = Visitor(browser, base, DESK if self.is_desk else PHONE)
        self.visitor.context.add_init_script(AXE)
        self.page = self.visitor.page
        if who not in {"visitor", "kiosk"}:
            self.cookie(sessionid=session_of(who))

    def cookie(self, **values):
        self.visitor.context.add_cookies(
            [{"name": name, "value": value, "url": self.visitor.base} for name, value in values.items()]
        )

    def look(self, what, rules=RULES):
        found = self.page.evaluate(LOOK, rules)
        self.walk.wrong += [f"{self.who} {what}: {one}" for one in found]

    def inspect(self, path):
        """Chinese and light; then English, and large type on phones or dark on desks: between them every word and colour."""
        for language in ("zh-hans", "en"):
            is_second = language == "en"
            self.cookie(language=language, elder="1" if is_second and not self.is_desk else "0")
            self.page.emulate_media(color_scheme="dark" if is_second and self.is_desk else "light")
            answer = self.page.goto(self.visitor.base + path)
            self.walk.loads += 1
            if answer is not None and answer.status >= 500:
                self.walk.wrong.append(f"{self.who} {path}: {answer.status}")
            self.look(f"{path} {language}")
            if not self.is_desk and self.page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                self.walk.wrong.append(f"{self.who} {path} {language}: wider than the phone")

    def go(self, start, *, is_own=False):
        """Follow links, one page a route; a page is looked at once, by whoever comes first, or as it is somebody's own."""
        waiting = [start]
        for at, path in enumerate(waiting):
            route, is_start = route_of(path), at == 0
            if not is_start and (route is None or route in self.met or route in EXCUSED):
                continue
            answer = self.visitor.context.request.get(self.visitor.base + path, max_redirects=0)
            if answer.status >= 300 and not is_start:
                continue
            self.met.add(route)
            if route not in self.walk.routes or is_own:
                self.walk.routes.add(route)
                self.inspect(path)
            links = HREF.findall(answer.text())
            waiting += [urlsplit(urljoin(path, unescape(one)))._replace(fragment="").geturl() for one in links]

    def press(self, path, selector, **typed):
        """What a form leads to, looked at where it is; without a path, from here."""
        if path:
            self.cookie(language="zh-hans", elder="0")
            self.page.emulate_media(color_scheme="light")
            self.visitor.open(path)
        self.visitor.fill(typed)
        self.page.evaluate("document.querySelectorAll('form').forEach((one) => { one.noValidate = true; })")
        self.visitor.press(selector)
        self.walk.routes.add(route_of(self.visitor.path))
        self.look(f"{path} then {selector}")


def route_of(path):
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return None if is_exempt(match.func) or match.route.startswith("api/v1") else match.route


def session_of(who):
    """A log-in of the demonstration, by name or telephone."""
    account = accounts()[who]
    ways = organisations.ways_to_act(account)
    key = next((key for key, _words in ways if key.startswith("member:")), "self")
    session = SessionStore()
    session.update({
        "_auth_user_id": str(account.pk), "_auth_user_backend": BACKEND, "_auth_user_hash": account.get_session_auth_hash(),
        "acting": key, "seen_at": int(clock.now().timestamp()),
    })  # fmt: skip
    session.save()
    return session.session_key


def accounts():
    found = {who: identity.account_by_username(SYSTEM, who) for who in STARTS if who[0] not in "v1"}
    return {**found, "13800000001": identity.account(citizen().account_id)}


def citizen():
    from fawang.base.identity.models import Account

    party = identity.parties_by_phone(SYSTEM, "13800000001")[0]
    return organisations.actor_for(Account.objects.get(party__token=party.token), "self")


def actor(who):
    """Somebody of the demonstration at work."""
    account = accounts()[who]
    return organisations.actor_for(
        account, next(k for k, _w in organisations.ways_to_act(account) if k[:6] == "member")
    )


@dataclass
class Life:
    """What the pages are about."""

    draft: str
    waiting: str
    done: str
    paper: str
    code: str


@pytest.fixture
def life(settings, tmp_path):
    """The demonstration with some days in it, and somebody with a draft, an open matter and one that ended."""
    from fawang.base.documents import services as documents
    from fawang.base.documents.tests.factories import upload
    from fawang.site.demonstration.run import run

    # a folder of its own: with one that holds a joined stylesheet, pages would name a file that nobody serves here
    settings.HOME = tmp_path
    (tmp_path / "wheels").symlink_to(WHEELS)
    (tmp_path / "definitions").mkdir()
    trial = writing.beginning("TRIAL_TALK", "consultation", "consultation")
    (tmp_path / "definitions" / "trial.yaml").write_text(trial, encoding="utf-8")
    for step in preparing.steps(is_demonstration=True, province="51"):
        step.work()
    library.load(tmp_path / "laws")
    run(orders=24, days=4, seed=7, end=clock.now())
    one, today = citizen(), clock.today().isoformat()
    admin, mediator, reviewer = (actor(who) for who in ("mediation_admin", "mediator", "reviewer"))
    unit = organisations.institution(admin.unit_id)
    token = next(row.token for row in organisations.handlers(unit.id) if row.account_id == mediator.account_id)
    done = orders.file(actor=one, filing=filing(one), plan=to_unit(unit.token)).number
    for who, action, data in (
        (admin, "sign", {}), (admin, "assign", {"handler": token}), (mediator, "accept", {}),
        (mediator, "note_contact", {"reached": True, "text": "说明权利义务"}),
        (mediator, "ask_will", {"agrees": True, "text": "愿意"}),
        (mediator, "hold_session", {"held_on": today, "place": "调解室", "internal": "谈"}),
        (mediator, "reach_agreement", {
            "form": "written", "party_a": "王示例", "party_b": "李示例", "facts": "漏水", "text": "三日内修好",
            "perform_by": today, "signed_on": today}),
        (mediator, "complete", {"result": "AGREED", "text": "已达成协议"}), (reviewer, "approve", {}),
    ):  # fmt: skip
        orders.perform(actor=who, order=done, action=action, data=data)
    waiting = orders.file(actor=one, filing=filing(one), plan=to_unit(unit.token)).number
    draft = orders.start_draft(
        actor=one, filing=filing(one, service="LEGAL_AID_LABOUR", answers={"matter": "wages"})
    ).draft
    return Life(draft, waiting, done, documents.store(one, upload()).token, orders_told.query_code(one, done))


def key_of(name):
    (found, *_rest), _count = knowledge.laws(name)
    return found.key


def more(life):
    """Pages of this life to which no link leads."""
    return {
        "visitor": ["/scan/MEDIATION_PEOPLE/510107/A1/", "/find/?q=漏水", "/services/?line=legal_aid",
            f"/law/{key_of('仲裁法')}/compare/?old=t-old&new=t-new", f"/law/{key_of('仲裁法')}/2/?version=t-new"],
        "justice_prov": ["/work/admin/services/TRIAL_TALK/", "/work/admin/services/TRIAL_TALK/publish/"],
        "13800000001": [
            f"/mine/{life.done}/", f"/mine/{life.waiting}/", f"/done/{life.done}/", f"/mine/{life.waiting}/visit/",
            f"/apply/{life.draft}/story/", f"/apply/{life.draft}/papers/", f"/apply/{life.draft}/check/",
            f"/apply/{life.draft}/discard/", "/apply/MEDIATION_PEOPLE/", f"/files/{life.paper}/",
        ],
        "justice_county": [
            f"/work/admin/institutions/window/{window.token}/"
            for window in organisations.all_windows()
            if window.institution_id == actor("clerk").unit_id
        ][:1],
        "clerk": [f"/window/receipts/{life.waiting}/", f"/window/orders/{life.waiting}/"],
    }  # fmt: skip


def visitor_steps(one, life):
    one.press("/login/", "main form button", phone="1")
    one.press("/login/", "main form button", phone="13800000002")
    one.press("/staff/login/", "main form button", username="operator", password="wrong")
    one.press("/staff/login/", "main form button", username="operator", password=PASSWORD)
    one.press("/", "form.ask button", q="楼上邻居漏水，他还拿刀威胁我")
    one.press("/track/", "main form button", number=life.done, code="XXXX", last_four="0001")
    one.press("/track/", "main form button", number=life.done, code=life.code, last_four="0001")
    one.visitor.open("/login/")
    one.page.eval_on_selector_all("[name=csrfmiddlewaretoken]", "all => all.forEach((each) => each.remove())")
    one.press("", "main form button", phone="13800000002")
    one.page.set_content(defaults.server_error(RequestFactory().get("/")).content.decode())
    one.look("500")


def citizen_steps(one, life):
    one.press(f"/apply/{life.draft}/story/", "main form .actions button", story="")
    one.press(f"/mine/{life.done}/do/rate/", "main form .actions button")
    one.go(f"/mine/{life.done}/do/rate/", is_own=True)
    one.press(f"/mine/{life.waiting}/answers/story/", "main form .actions button", story="楼上漏水，墙也坏了")
    one.press(f"/mine/{life.waiting}/do/urge/", "main form .actions button", text="请快一点")
    one.press("/", "header form[data-forget] button")


def operator_steps(one, _life):
    one.press("/hotline/", "button[data-key=n]")
    here = one.visitor.path
    one.go(f"{here}?service=MEDIATION_PEOPLE", is_own=True)
    one.press(here, "button:has-text('答复并记录')")
    one.press(here, "button:has-text('答复并记录')", contact_words="试用期多久", contact_answer="不超过六个月")


def clerk_steps(one, _life):
    one.press("/window/apply/MEDIATION_PEOPLE/", "main form .actions button")
    one.press("/kiosk/enrol/", "main form button", name="一楼大厅1号")
    one.go("/kiosk/", is_own=True)


STEPS = {"visitor": visitor_steps, "13800000001": citizen_steps, "operator": operator_steps, "clerk": clerk_steps}


def test_every_page_is_accessible(life, live_server):
    walk = Walk()
    seen = watch(walk)
    template_rendered.connect(seen)
    try:
        with chromium() as browser:
            for who, starts in STARTS.items():
                one = Walker(browser, live_server.url, walk, who)
                for start in starts:
                    one.go(start)
                for start in more(life).get(who, []):
                    one.go(start, is_own=True)
                if who in STEPS:
                    STEPS[who](one, life)
                one.visitor.context.close()
    finally:
        template_rendered.disconnect(seen)
    assert not walk.wrong, "\n".join(walk.wrong)
    files = {str(path).split("/templates/")[1] for path in ROOT.glob("src/**/templates/**/*.html")}
    left = {
        "nobody came by": sorted(set(pages()) - walk.routes - set(EXCUSED)),
        "excused, and not there": sorted(set(EXCUSED) - set(pages())),
        "never drawn": sorted(files - walk.templates - set(UNDRAWN)),
    }
    assert not any(left.values()), json.dumps(left, indent=1)
