"""Correcting an answer of a filed matter; what was before stays in its log of changes."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fawang.base.workorders import selectors as orders
from fawang.front.frame import amending, questions
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel import ids
from fawang.kernel.errors import NotFound


@require_http_methods(["GET", "POST"])
@requires("portal.see_matters")
def amend(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One answer to correct, with what stands there now."""
    actor = actor_of(request)
    view = orders.get(actor, number)
    question = amending.question_of(view, name)
    if question is None or not amending.may(actor, view):
        raise NotFound
    done = amending.Attempt(view.answers.get(name))
    if request.method == "POST":
        done = amending.attempt(request, view, question)
        if done.is_done:
            toasts.success(request, _("已更正，原来的内容留在更正记录里。"))
            return redirect("portal:matter", number=number)
    context = {
        "view": view, "question": question, "value": done.value, "own_error": done.errors.get(name, ""),
        "errors": done.errors, "error": done.sentence, "key": ids.token(),
        "reason": request.POST.get("reason", ""), "is_narrowing": questions.is_narrowing(request.POST),
    }  # fmt: skip
    return render(request, "portal/amend.html", context, status=done.status)
