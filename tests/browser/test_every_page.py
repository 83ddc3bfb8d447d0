"""Every page that a person can meet, looked at by axe (WCAG 2.1 A and AA): Chinese and English, normal and large type, light
and dark, on phones and desks.

People follow the links of the product, one page a route; what no link leads to is listed in STARTS, what only a form leads
to in STEPS. A route that nobody came by, or a template that was never drawn, fails the test unless it is excused here with
a reason. So a new page is looked at the day it is written.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import axe_playwright_python
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test.signals import template_rendered
from django.urls import Resolver404, resolve
from tests.servers import ROOT, WHEELS
from tests.visits import DESK, PHONE, Visitor, chromium

from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders.tests.factories import SYSTEM
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
LINKS = "all => all.map((one) => one.getAttribute('href'))"
# who walks, and where they begin: the log-in of the demonstration, and pages to which no link leads
STARTS = {
    "visitor": ["/", "/track/", "/help/", "/privacy/", "/login/password/", "/staff/login/", "/styles/", "/kiosk/", "/nothing/"],
    "13800000001": ["/", "/mine/", "/me/", "/me/verify/", "/messages/", "/acting/", "/files/scan/", "/track/"],
    "operator": ["/hotline/"], "clerk": ["/window/", "/window/apply/", "/kiosk/enrol/"], "dispatcher": ["/work/", "/work/dispatch/"],
    "mediation_admin": ["/work/", "/work/keys/", "/work/messages/"], "mediator": ["/work/"], "supervisor": ["/work/supervision/"],
    "justice_county": ["/work/", "/work/admin/calendar/", "/work/admin/services/"], "justice_prov": ["/work/"],
    "sysadmin": ["/work/me/", "/work/admin/accounts/", "/work/admin/machine/", "/work/admin/calendar/"],
    "secadmin": ["/work/admin/accounts/"], "auditadmin": ["/work/me/"], "editor": ["/work/admin/services/"],
    "hotline_admin": ["/work/"],
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
EXCUSED = {
    "manifest.webmanifest": "no page: what a phone reads to install the site",
    "favicon.ico": "no page: a picture", "robots.txt": "no page: for crawlers",
    "pinyin/": "no page: candidates for the keyboard of a kiosk", "divisions/": "a part of the question of a place, seen there",
    "files/<slug:token>/page/<int:number>/": "no page: a picture of a page", "files/<slug:token>/download/": "no page: a file",
    "work/export/": "no page: a file", "work/documents/<slug:token>/": "no page: a file", "window/documents/<slug:token>/": "no page: a file",
    r"^documents/(?P<token>[a-z0-9]{10,40})/$": "no page: a file", "work/list/": "a part of the queue, seen there",
    "kiosk/end/": "leads to the first page of the kiosk", "hotline/ringing/": "a part of the console, seen there",
    "api/": "leads to the documentation of the API", "api/<path:rest>": "no page: a refusal for programs",
    "login/code/": "seen in STEPS", "staff/login/code/": "seen in STEPS",
}  # fmt: skip


def watch(walk):
    def seen(sender, template, **_more):
        if template.name:
            walk.templates.add(str(template.name))

    return seen


class Walker:
    """One person with one browser, who looks at each page that nobody looked at before."""

    def __init__(self, browser, base, walk, who):
        self.walk, self.who = walk, who
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
        began = time.monotonic()
        print("->", self.who, path, flush=True)
        for language in ("zh-hans", "en"):
            is_second = language == "en"
            self.cookie(language=language, elder="1" if is_second and not self.is_desk else "0")
            self.page.emulate_media(color_scheme="dark" if is_second and self.is_desk else "light")
            answer = self.page.goto(self.visitor.base + path)
            self.walk.loads += 1
            if answer is not None and answer.status >= 500:
                self.walk.wrong.append(f"{self.who} {path}: {answer.status}")
            self.look(f"{path} {language}")
            if not is_second:
                links = self.page.eval_on_selector_all("a[href]", LINKS)
            if not self.is_desk and self.page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                self.walk.wrong.append(f"{self.who} {path} {language}: wider than the phone")
        print(f"{time.monotonic() - began:.1f}", self.who, path, flush=True)
        return links

    def links(self, path):
        """Where a page that was looked at already leads this person."""
        self.page.goto(self.visitor.base + path)
        return self.page.eval_on_selector_all("a[href]", LINKS)

    def go(self, start):
        """Follow links, one page a route."""
        self.follow(start, self.links(start) if route_of(start) in self.walk.routes else self.inspect(start))

    def follow(self, start, links):
        self.walk.routes.add(route_of(start))
        waiting = [(start, one) for one in links]
        while waiting:
            base, link = waiting.pop(0)
            path = urlsplit(urljoin(base, link))._replace(fragment="").geturl()
            route = route_of(path)
            if not path.startswith("/") or route is None or route in self.walk.routes or route in EXCUSED:
                continue
            if self.visitor.context.request.get(self.visitor.base + path, max_redirects=0).status >= 300:
                continue
            self.walk.routes.add(route)
            waiting += [(path, one) for one in self.inspect(path)]

    def press(self, path, selector, **typed):
        """What a form leads to: looked at where it is."""
        self.cookie(language="zh-hans", elder="0")
        self.page.emulate_media(color_scheme="light")
        self.visitor.open(path)
        for name, value in typed.items():
            self.visitor.fill({name: value})
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
    party = identity.parties_by_phone(SYSTEM, "13800000001")[0]
    from fawang.base.identity.models import Account

    return organisations.actor_for(Account.objects.get(party__token=party.token), "self")


@pytest.fixture
def life(settings):
    """The demonstration with some days in it."""
    settings.HOME = WHEELS.parent
    for step in preparing.steps(is_demonstration=True, province="51"):
        step.work()
    from fawang.site.demonstration.run import run

    run(orders=24, days=4, seed=7, end=clock.now())


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
                one.visitor.context.close()
    finally:
        template_rendered.disconnect(seen)
    missing = set(pages()) - walk.routes - set(EXCUSED)
    print(walk.loads, "loads")
    print("\n".join(sorted(missing)))
    drawn = {str(path).split("/templates/")[1] for path in ROOT.glob("src/**/templates/**/*.html")}
    print("templates:", sorted(drawn - walk.templates))
    assert not walk.wrong, "\n".join(walk.wrong)
