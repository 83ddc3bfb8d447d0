"""The queues: what waits for me, my unit, the dispatch centre, the window, the supervisor."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.divisions import selectors as divisions
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import OrderRow, Page
from fawang.front.frame import badges
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.workbench.lines import line_name
from fawang.kernel import clock
from fawang.kernel.errors import NotFound
from fawang.kernel.policy import Actor

FILTERS = ("state", "line", "urgency", "unit", "grade", "text", "due_before", "urged", "unsupervised")
PAGE_SIZE = 30
# the open states of the envelope, as people look for them
STATES = (
    "SUBMITTED", "CORRECTING", "TO_DISPATCH", "DISPATCHED", "RETURN_ASKED", "SIGNED", "ASSIGNED", "TRANSFER_ASKED",
    "HANDLING", "CO_HANDLING", "SUSPENDED", "EXT_ASKED", "DONE_REVIEW", "REDO", "DONE", "CALLBACK",
    "RECTIFYING", "REOPENED",
)  # fmt: skip
EXPORTED = 1_000
_JUSTICE = frozenset({"JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN"})
_AREA = frozenset({"DISPATCHER", "SUPERVISOR"}) | _JUSTICE
_UNIT = frozenset({"INSTITUTION_ADMIN", "REVIEWER", "APPROVER", "HANDLER", "DUTY_LAWYER"})
# the queues, whose they are, and what an empty one says
QUEUES: tuple[tuple[str, str | Promise, frozenset[str], str | Promise], ...] = (
    (
        "mine",
        _("我的"),
        frozenset({"HANDLER", "DUTY_LAWYER"}),
        _("现在没有分派给您的工单。可以看看本单位有没有待认领的。"),
    ),
    ("unit", _("本单位"), _UNIT, _("本单位现在没有在办工单。派来的新工单会出现在这里。")),
    ("offered", _("询问承接"), frozenset({"INSTITUTION_ADMIN"}), _("现在没有等您答复的询问。")),
    ("dispatch", _("待调度"), frozenset({"DISPATCHER"}), _("没有等待派单的工单。")),
    ("desk", _("到窗口"), frozenset({"RECEPTIONIST"}), _("没有约到本窗口的工单。")),
    ("callback", _("待回访"), frozenset({"CALLBACK_AGENT", "SUPERVISOR"}) | _JUSTICE, _("没有等待回访的工单。")),
    ("late", _("已超期"), _AREA | _UNIT, _("没有超期的工单。")),
    ("soon", _("快到期"), _AREA | _UNIT, _("两天内没有到期的工单。")),
    ("urged", _("被催办"), _AREA | _UNIT, _("没有未答复的催办。")),
    ("area", _("全部在办"), _AREA | {"CALLBACK_AGENT", "RECEPTIONIST"}, _("辖区内没有在办工单。")),
)


@dataclass(frozen=True)
class Tab:
    """A queue as a tab: how many are in it, and whether it is the one shown."""

    code: str
    words: str | Promise
    empty: str | Promise
    count: str
    is_current: bool


def names_for(actor: Actor) -> list[str]:
    """The queues that the actor's roles have, in order."""
    return [code for code, _words, roles, _empty in QUEUES if actor.roles & roles]


def chosen(actor: Actor, query: QueryDict) -> str:
    """The queue asked for, or the actor's first. Raises NotFound for one that the roles do not have."""
    known = names_for(actor)
    wanted = query.get("queue", "") or (known[0] if known else "")
    if wanted not in known:
        raise NotFound
    return wanted


def filters_of(query: QueryDict) -> dict[str, str]:
    """The filters in the address that have a value; a broken moment counts as none."""
    found = {name: text for name in FILTERS if (text := query.get(name, "").strip())}
    if not _is_moment(found.get("due_before", "")):
        found.pop("due_before", None)
    return found


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def listing(actor: Actor, name: str, query: QueryDict) -> Page:
    """The page of the queue that the address names."""
    return orders.queue(actor, name=name, after=query.get("after", ""), size=PAGE_SIZE, **filters_of(query))


def mark(page: Page) -> str:
    """A short digest of what a list shows; it changes with every order and with every hour that is left."""
    now = clock.now()
    seen = [
        (r.number, r.version, int((r.due_at - now).total_seconds()) // 3600 if r.due_at else None) for r in page.rows
    ]
    return hashlib.sha256(repr((seen, page.count)).encode()).hexdigest()[:16]


def _context(request: HttpRequest, name: str) -> dict[str, object]:
    page = listing(actor_of(request), name, request.GET)
    kept = request.GET.copy()
    kept["queue"] = name
    kept.pop("seen", None)
    return {
        "page": page, "queue": name, "query": kept.urlencode(), "mark": mark(page),
        "empty": next(words for code, _w, _r, words in QUEUES if code == name),
        "is_filtered": bool(filters_of(request.GET)),
    }  # fmt: skip


def tabs(actor: Actor, current: str) -> list[Tab]:
    """The actor's queues with capped counts."""
    return [
        Tab(code, words, empty, orders.queue(actor, name=code, size=1).count_text, code == current)
        for code, words, roles, empty in QUEUES
        if actor.roles & roles
    ]


@requires("workbench.enter")
def home(request: HttpRequest) -> HttpResponse:
    """The queues of the actor; whoever has none goes to the page that is theirs."""
    actor = actor_of(request)
    if not names_for(actor):
        return HttpResponseRedirect(reverse(_first_page(actor)))
    name = chosen(actor, request.GET)
    lines = sorted({published.line for published, _open, _why in catalogue.offers()})
    context = {
        "tabs": tabs(actor, name), "filters": filters_of(request.GET),
        "lines": [(line, line_name(line)) for line in lines],
        "states": [(code, badges.STATES[code].words) for code in STATES],
        "urgencies": [(row.code, row.say(get_language() or "")) for row in catalogue.table("urgency")],
        "can_apply": may_enter(actor, "workorders.file"),
    }  # fmt: skip
    return render(request, "workbench/home.html", {**context, **_context(request, name)})


def _first_page(actor: Actor) -> str:
    pages = (
        ("identity.read_log_ins", "workbench:audit"), ("identity.see_accounts", "workbench:accounts"),
        ("catalogue.publish", "workbench:services"),
    )  # fmt: skip
    return next((url for permission, url in pages if may_enter(actor, permission)), "workbench:messages")


@requires("workbench.enter")
def fragment(request: HttpRequest) -> HttpResponse:
    """The list alone, asked for every 20 seconds; an empty answer when nothing in it has changed."""
    context = _context(request, chosen(actor_of(request), request.GET))
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "workbench/list.html", context)


@requires("workbench.enter")
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV, masked as on the page: the same orders, at most 1,000."""
    actor = actor_of(request)
    name = chosen(actor, request.GET)
    out = StringIO()
    out.write("\ufeff")  # spreadsheets need it to see UTF-8
    writer = csv.writer(out)
    writer.writerow(
        [
            gettext("编号"),
            gettext("事项"),
            gettext("业务"),
            gettext("申请人"),
            gettext("地区"),
            gettext("状态"),
            gettext("紧急程度"),
            gettext("承办单位"),
            gettext("提交时间"),
            gettext("时限"),
        ]
    )
    for row in _rows(actor, name, filters_of(request.GET)):
        writer.writerow([harmless(cell) for cell in _cells(row)])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="orders-{name}-{clock.today():%Y%m%d}.csv"'
    return response


def _rows(actor: Actor, name: str, filters: dict[str, str]) -> Iterator[OrderRow]:
    after, given = "", 0
    while given < EXPORTED:
        page = orders.queue(actor, name=name, after=after, size=200, **filters)
        yield from page.rows
        given += len(page.rows)
        after = page.next_key
        if not after:
            return


def _cells(row: OrderRow) -> list[str]:
    state = badges.STATES.get(row.state)
    moments = [clock.local(at).strftime("%Y-%m-%d %H:%M") if at else "" for at in (row.submitted_at, row.due_at)]
    language = get_language() or ""
    return [
        row.number, row.title, line_name(row.line), row.applicant,
        divisions.full_name(row.area, language) if row.area else "", str(state.words) if state else row.state,
        catalogue.row("urgency", row.urgency).say(language), row.unit, *moments,
    ]  # fmt: skip


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


@requires("workbench.enter")
def keys(request: HttpRequest) -> HttpResponse:
    """What can be pressed on the keyboard."""
    return render(request, "workbench/keys.html")
