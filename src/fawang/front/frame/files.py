"""Pages about one file: look at it, its versions, save it, put a newer one in its place, photograph pages into one."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fawang.base.documents import selectors, services
from fawang.base.documents.errors import FileRefused
from fawang.base.documents.values import DocumentValue
from fawang.base.identity import selectors as identity
from fawang.front.frame import order_actions, questions
from fawang.front.frame.doors import actor_of, requires
from fawang.front.frame.order_actions import repeat_words
from fawang.front.frame.refusals import safe_next
from fawang.kernel.policy import Actor

__all__ = ["download", "look", "page", "repeat_words", "replace", "scan"]
FIELD = "file"


@dataclass(frozen=True)
class Version:
    """A version of a file as its page lists it."""

    document: DocumentValue
    who: str
    is_shown: bool


def _who(actor: Actor, document: DocumentValue) -> str:
    """Who handed it in, in words: staff read each other's names, people read that it was the office."""
    if document.uploaded_by == actor.ref:
        return _("本人")
    if document.owner_id is not None:
        return _("申请人")
    kind, _colon, number = document.uploaded_by.partition(":")
    if actor.member_id is not None and kind == "account" and number.isdigit():
        return identity.account_names([int(number)]).get(int(number), _("工作人员"))
    return _("工作人员")


def _layout(actor: Actor) -> str:
    return "frame/staff.html" if actor.member_id is not None else "frame/base.html"


@require_GET
@requires("documents.open")
def look(request: HttpRequest, token: str) -> HttpResponse:
    """A file's pages to look at, what is known of it, and its versions."""
    return _look(request, token)


def _look(request: HttpRequest, token: str, refusal: FileRefused | None = None) -> HttpResponse:
    actor = actor_of(request)
    document = selectors.get(actor, token)
    versions = [Version(one, _who(actor, one), one.token == token) for one in selectors.versions(actor, token)]
    shown = min(document.preview_pages, int(settings.FAWANG_PREVIEW_MAX_PAGES))
    context = {
        "layout": _layout(actor), "document": document, "versions": versions, "pages": range(1, shown + 1),
        "has_more": document.preview_pages > shown, "back": safe_next(request, request.GET.get("next", ""), ""),
        "may_replace": selectors.may_replace(actor, document),
        "error": refusal.text if refusal else "",
        "field": questions.plain(FIELD, _("换成新的文件"), "file", None, error=refusal.text if refusal else ""),
    }  # fmt: skip
    return render(request, "frame/file.html", context, status=refusal.status if refusal else 200)


@require_GET
@requires("documents.open")
def page(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """One page of a file as a picture, from our own address and for its readers only."""
    drawn = selectors.preview(actor_of(request), token, number)
    return HttpResponse(drawn.content, headers=drawn.headers)


@require_GET
@requires("documents.open")
def download(request: HttpRequest, token: str) -> FileResponse:
    """The file itself, to save."""
    return order_actions.file_response(request, token)


@require_POST
@requires("documents.store")
def replace(request: HttpRequest, token: str) -> HttpResponse:
    """A newer version in the file's place; the old one stays on the list."""
    given = request.FILES.getlist(FIELD)
    try:
        kept = services.replace(actor_of(request), token, given)
    except FileRefused as refusal:
        return _look(request, token, refusal)
    messages.info(request, repeat_words(kept) or _("已换成新的文件，原来的还留着。"))
    return redirect("frame:file", token=kept.token)


@require_http_methods(["GET", "POST"])
@requires("documents.store")
def scan(request: HttpRequest) -> HttpResponse:
    """Photograph the pages of a paper one after the other and keep them as one PDF (`?order=` for which matter)."""
    actor, refusal = actor_of(request), None
    target = safe_next(request, request.POST.get("next") or request.GET.get("next", ""), "")
    if request.method == "POST":
        try:
            kept = services.store(actor, request.FILES.getlist(FIELD), request.POST.get("order", ""))
        except FileRefused as refused:
            refusal = refused
        else:
            messages.success(request, repeat_words(kept) or _("已保存：%(name)s") % {"name": kept.name})
            return HttpResponseRedirect(target or reverse("frame:file", args=[kept.token]))
    error = refusal.text if refusal else ""
    context = {
        "layout": _layout(actor), "order": request.POST.get("order") or request.GET.get("order", ""), "next": target,
        "errors": {FIELD: error} if error else {},
        "field": questions.plain(FIELD, _("一页一页拍下来"), "file", None, error=error, hint=_(
            "放在亮的地方，拍全四个角。几张照片会按顺序合成一个 PDF。"
        )),
    }  # fmt: skip
    return render(request, "frame/scan.html", context, status=refusal.status if refusal else 200)
