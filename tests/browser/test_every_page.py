"""Every page that a person can meet, looked at by axe (WCAG 2.1 A and AA): Chinese and English, normal and large type, light
and dark, on phones and desks.

People follow the links of the product, one page a route; what no link leads to is listed in STARTS (`living.py`), what only a form leads
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
from django.test.signals import template_rendered
from django.urls import Resolver404, resolve
from tests.browser import living
from tests.servers import ROOT
from tests.visits import DESK, PHONE, Visitor, chromium

from fawang.front.frame.checks import views
from fawang.front.frame.doors import is_exempt

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
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
        r"^bookings/(?P<token>[a-z0-9]{10,40})/calendar\.ics$", "map/points/<int:z>/<int:x>/<int:y>.json",
        "work/admin/exchange/<slug:what>.<slug:kind>", "work/admin/quality/<slug:what>/export/",
    ), NO_PAGE),
    **dict.fromkeys((
        "divisions/", "work/list/", "hotline/ringing/", "chat/new/", "work/chats/list/", "work/chats/<slug:token>/new/",
    ), PART),
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
        "work/admin/services/<str:code>/open/", "window/queue/do/<slug:what>/", "window/queue/give/",
        "work/bookings/<slug:token>/closures/<int:closure_id>/lift/",
        "work/people/leave/<int:leave_id>/cancel/",
    ), FORM),
    r"^waits/(?P<token>[a-z0-9]{10,40})/$": "needs a day that is full: tried by the portal's tests; made of the parts of a booking's page",
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
    "portal/booking/wait.html": "see waits/",
    "portal/directory/rating.html": "a sentence in a cell, where five people rated: tried by the portal's tests",
    "hotline/chat_hidden.html": "a sentence in the place of words that one may not read: tried by the hotline's tests",
    **dict.fromkeys(("portal/chat/news.html", "workbench/chats/news.html"), "messages that came since, in the parts of the page they belong to"),
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
            self.cookie(sessionid=living.session_of(who))

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


@pytest.fixture
def life(settings, tmp_path):
    """What the pages are about."""
    return living.live(settings, tmp_path)


def test_every_page_is_accessible(life, live_server):
    walk = Walk()
    seen = watch(walk)
    template_rendered.connect(seen)
    try:
        with chromium() as browser:
            for who, starts in living.STARTS.items():
                one = Walker(browser, live_server.url, walk, who)
                for start in starts:
                    one.go(start)
                for start in living.more(life).get(who, []):
                    one.go(start, is_own=True)
                if who in living.STEPS:
                    living.STEPS[who](one, life)
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
