"""Pages of laws: finding, one law, one article, two versions side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.values import Kind, PieceKind
from fawang.front.frame.doors import requires
from fawang.front.portal import guidebook, lawbook
from fawang.kernel import ids

_LONGEST_QUERY = 60


def _page(request: HttpRequest) -> int:
    return min(ids.row_number(request.GET.get("first", "")) or 0, 10_000)


@require_GET
@requires("portal.see")
def laws(request: HttpRequest) -> HttpResponse:
    """One box for names, citations and words; without words the list of laws by kind."""
    query, first = request.GET.get("q", "").strip()[:_LONGEST_QUERY], _page(request)
    asked = {"q": query, "kind": request.GET.get("kind", ""), "local": request.GET.get("local", "")}
    context = {
        "asked": asked, "kinds": lawbook.kinds(), "first": first, "snapshots": knowledge.snapshots(),
        "piece_kinds": guidebook.kinds(),
    }  # fmt: skip
    if query:
        context["answer"] = lawbook.find(query, local=bool(asked["local"]), first=first)
        context["pieces"] = guidebook.found(query) if not first else []
    elif asked["kind"] in set(PieceKind):
        context["pieces"] = guidebook.rows(asked["kind"])
    else:
        kind = Kind(asked["kind"]) if asked["kind"] in set(Kind) else None
        rows, count = knowledge.laws(kind=kind, first=first, most=lawbook.LAWS_A_PAGE)
        last = first + lawbook.LAWS_A_PAGE
        context |= {"rows": rows, "count": count, "next": last if count > last else None}
    return render(request, "portal/law/laws.html", context)


@require_GET
@requires("portal.see")
def guide(request: HttpRequest, token: str) -> HttpResponse:
    """A published guide, answer, case or event with the articles it rests on."""
    return render(request, "portal/law/guide.html", {"page": guidebook.page(token)})


@require_GET
@requires("portal.see")
def law(request: HttpRequest, key: str) -> HttpResponse:
    """A law with its contents, in the version in force on a day or one that is named."""
    shown = lawbook.text(key, version=request.GET.get("version", "")[:60], on=request.GET.get("on", "")[:10])
    return render(request, "portal/law/law.html", {"shown": shown, "headings": lawbook.headings(shown.version)})


@require_GET
@requires("portal.see")
def article(request: HttpRequest, key: str, place: str) -> HttpResponse:
    """An article as it reads on a day, and how it read before."""
    version, on = request.GET.get("version", "")[:60], request.GET.get("on", "")[:10]
    page = lawbook.article(key, place, version=version, on=on)
    return render(request, "portal/law/article.html", {"page": page, "shown": page.text, "article": page.article})


@require_GET
@requires("portal.see")
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """What two versions of a law say differently."""
    old, new = (request.GET.get(name, "")[:60] for name in ("old", "new"))
    shown, was, changes = lawbook.compare(key, old, new)
    return render(request, "portal/law/compare.html", {"shown": shown, "was": was, "changes": changes})
