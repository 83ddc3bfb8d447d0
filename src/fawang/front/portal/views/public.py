"""Pages for everybody: home, finding, services, help, the notice, following by code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fawang.base.catalogue import assessment
from fawang.base.catalogue import selectors as catalogue
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.frame.session import address_of
from fawang.front.frame.templatetags.frame import frame_static
from fawang.front.portal import checking, finding, lawbook, notice, placing, shown, told, tracking
from fawang.kernel.errors import FawangError


@require_GET
@requires("portal.see")
def home(request: HttpRequest) -> HttpResponse:
    """One box, the services by kind, my matters, following by code."""
    actor = actor_of(request)
    mine = orders.mine(actor, size=3).rows if may_enter(actor, "portal.see_matters") else ()
    kinds = finding.kinds()
    context = {
        "kinds": [kind for kind in kinds if kind.code != finding.BUNDLES], "mine": mine,
        "screeners": catalogue.screeners(),
        "bundles": next((kind for kind in kinds if kind.code == finding.BUNDLES), None),
    }  # fmt: skip
    return render(request, "portal/home.html", context)


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def find(request: HttpRequest) -> HttpResponse:
    """From a story to the services that fit. The box sends it as POST, so that no story stands in an address."""
    story = (request.POST.get("q") or request.GET.get("q", "")).strip()
    if not story:
        return render(request, "portal/find.html", {"errors": {"q": _("请先写一句话，说说发生了什么。")}}, status=422)
    told.keep_story(request, story[: finding.MAX_STORY])
    found = finding.find(story)
    line = found.fits[0].published.line if found.fits else ""
    context = {
        "found": found, "articles": lawbook.about(story), "screeners": checking.offered_for(story), "line": line,
        "centres": finding.nearest_centres(actor_of(request), placing.position(request.session), line=line),
    }  # fmt: skip
    return render(request, "portal/find.html", context)


@require_GET
@requires("portal.see")
def services(request: HttpRequest) -> HttpResponse:
    """All lines; the services of one line under their headings; or those whose name has some words."""
    line, text = request.GET.get("line", "")[:40], request.GET.get("text", "").strip()[:60]
    kinds = finding.kinds()
    context = {
        "kinds": kinds, "kind": next((kind for kind in kinds if kind.code == line), None), "text": text,
        "found": finding.named(text),
    }  # fmt: skip
    return render(request, "portal/services.html", context)


@require_GET
@requires("portal.see")
def service(request: HttpRequest, code: str) -> HttpResponse:
    """The guide of one service."""
    published = catalogue.item(code)
    item = published.item
    promised = {limit.id: limit for limit in [*published.process.limits, *item.limits] if limit.duty == "unit"}
    limits = [
        (limit, span) for limit in promised.values()
        if not limit.id.startswith(("WO-", "RT-")) and (span := limit.length(item.urgency)) is not None
    ]  # fmt: skip
    context = {
        "item": item, "limits": limits, "is_open": shown.takes_demands(item), "lookup": finding.lookup(item),
        "needs": assessment.all_needs(item), "parts": finding.parts(item), "look": finding.look(item.line),
        "centres": finding.nearest_centres(actor_of(request), placing.position(request.session), line=item.line),
        "articles": lawbook.behind(item.guide.basis.zh), "line": item.line, "service_code": code,
        "screeners": checking.about(code),
    }  # fmt: skip
    return render(request, "portal/service.html", context)


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def track(request: HttpRequest) -> HttpResponse:
    """The state of a matter by number, query code and phone. What was found is never in an address."""
    typed = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("number", "code", "last_four")}
    if request.method != "POST":
        return render(request, "portal/track.html", {"typed": typed})
    try:
        view = tracking.look(**typed, address=address_of(request))
    except FawangError as error:
        return render(request, "portal/track.html", {"typed": typed, "error": error.text}, status=error.status)
    unit = organisations.names([view.unit_id]).get(view.unit_id, "") if view.unit_id else ""
    context = {
        "view": view, "unit": unit, "where": shown.where(view, unit), "next": shown.what_next(view),
        "tracker": shown.tracker(view),
    }  # fmt: skip
    return render(request, "portal/tracked.html", context)


@require_GET
@requires("portal.see")
def help_page(request: HttpRequest) -> HttpResponse:
    """How things work, in a few questions and answers."""
    return render(request, "portal/help.html")


@require_GET
@requires("portal.see")
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice on personal information."""
    return render(request, "portal/privacy.html", {"parts": notice.PARTS, "version": notice.VERSION})


@require_GET
@requires("portal.see")
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines may read: what is public."""
    # what needs a log-in leads a crawler to the log-in page, which is closed
    closed = ("ask", "chat", "find", "track", "login", "staff", "acting", "files", "documents")
    lines = ["User-agent: *", *(f"Disallow: /{path}/" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_GET
@requires("portal.see")
def favicon(_request: HttpRequest) -> HttpResponse:
    """The mark of the site."""
    return HttpResponseRedirect(frame_static("frame/logo.svg"))


@require_GET
@requires("portal.see")
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the site on its screen."""
    icon = {"src": frame_static("frame/logo.svg"), "sizes": "any", "type": "image/svg+xml"}
    told = {
        "name": _("开放法网"), "short_name": _("法网"), "start_url": "/", "display": "standalone",
        "theme_color": "#0f4c81", "background_color": "#f5f6f8", "icons": [icon],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
