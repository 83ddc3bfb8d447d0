"""Around a draft: what a photographed paper says, and going on with it on another device."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fawang.base.documents import selectors as documents
from fawang.base.documents.values import DocumentValue, ReadField
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.values import OrderView
from fawang.front.frame import log_in
from fawang.front.frame import reading as papers
from fawang.front.frame.doors import actor_of, requires
from fawang.front.portal import applying, continuing, reading
from fawang.kernel.errors import FawangError, Invalid, NotFound


@require_http_methods(["GET", "POST"])
@requires("portal.apply")
def read(request: HttpRequest, draft: str, name: str) -> HttpResponse:
    """What was read from the file of a question, beside its picture: written into the draft only after a yes."""
    actor = actor_of(request)
    view = orders.get(actor, draft)
    token, about = str(view.answers.get(name) or ""), request.GET.get("about", "")
    if view.state != "DRAFT" or not token:
        return redirect("portal:resume", draft=draft)
    document = documents.get(actor, token)
    if request.method == "POST":
        fields = papers.unpacked(request.POST.get(papers.READ, ""), token)
        try:
            count = reading.confirm(actor, view, token, fields, request.POST)
        except Invalid as wrong:
            context = {"errors": wrong.fields, "values": papers.typed(fields, request.POST)}
            return _shown(request, view, document, fields, status=422, **context)
        toasts.success(
            request, _("已填好 %(count)s 项。") % {"count": count} if count else _("没有从照片里填任何内容。")
        )
        return _on(view, name)
    fields = reading.read(actor, view, token, about) if papers.may_read(document) else []
    if not fields and not about:
        return _on(view, name)
    return _shown(request, view, document, fields)


def _on(view: OrderView, name: str) -> HttpResponse:
    """Back to the papers, or to what is asked next."""
    if any(paper.question.id == name for paper in applying.papers(view)):
        return redirect("portal:papers", draft=view.draft)
    return redirect("portal:resume", draft=view.draft)


def _shown(
    request: HttpRequest, view: OrderView, document: DocumentValue, fields: list[ReadField],
    status: int = 200, **more: dict[str, object],
) -> HttpResponse:  # fmt: skip
    errors, values = more.get("errors", {}), more.get("values")
    context = {
        "view": view, "document": document, "whose": papers.whose(reading.questions_of(view)),
        "about": request.GET.get("about", ""), "errors": {f"read__{name}": words for name, words in errors.items()},
        "proposed": papers.proposed(fields, values, errors, reading.present(view, fields)),  # type: ignore[arg-type]
        "picture": reverse("frame:file-page", args=[document.token, 1]),
        "packed": papers.packed(fields, document.token),
    }  # fmt: skip
    return render(request, "portal/read.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires("portal.see")
def go_on(request: HttpRequest) -> HttpResponse:
    """Go on with a form begun on another device: its code, and the phone it was begun with."""
    code, phone = request.POST.get("code", "").strip(), request.POST.get("phone", "").strip()
    error: FawangError | None = None
    if request.method == "POST":
        try:
            target = reverse("portal:continue-with", args=[continuing.checked(code)])
            if not actor_of(request).is_anonymous:
                return redirect(target)
            return log_in.send_code(request, phone, target)
        except FawangError as refused:
            error = refused
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    context = {"code": code, "phone": phone, "errors": fields, "error": error.text if error and not fields else ""}
    return render(request, "portal/continue.html", context, status=error.status if error else 200)


@require_GET
@requires("portal.apply")
def continue_with(request: HttpRequest, code: str) -> HttpResponse:
    """The form of that code among one's own; nobody else's is looked at."""
    try:
        return redirect("portal:resume", draft=continuing.find(actor_of(request), code))
    except NotFound:
        toasts.warning(request, _("没有找到这份没填完的表。可能已经提交，或者是用别的手机号开始的。"))
        return redirect("portal:mine")
