"""Answered questions whose askers agreed to it: the version without the people in it, written and handed to review."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fawang.front.frame.doors import actor_of, requires
from fawang.kernel.errors import Invalid
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services

MAY = "intake.anonymise_answers"
KINDS = {
    "name": gettext_lazy("姓名"), "phone": gettext_lazy("电话"), "address": gettext_lazy("地址"),
    "identity number": gettext_lazy("证件号"), "credit code": gettext_lazy("信用代码"),
    "bank card": gettext_lazy("账号"), "plate": gettext_lazy("车牌"), "case number": gettext_lazy("案号"),
    "chat account": gettext_lazy("联系方式"), "e-mail": gettext_lazy("邮箱"), "link": gettext_lazy("网址"),
    "company": gettext_lazy("单位名称"), "number": gettext_lazy("长串数字"),
}  # fmt: skip


@require_GET
@requires(MAY)
def listing(request: HttpRequest) -> HttpResponse:
    """What can be anonymised, and what is in review."""
    return render(request, "workbench/chats/publications.html", {"rows": intake.publishables(actor_of(request))})


@require_http_methods(["GET", "POST"])
@requires(MAY)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The proposed text with what was masked; a person reads it, mends it, and hands it to review."""
    actor, post, errors = actor_of(request), request.POST, {}
    one = intake.publishable(actor, number)
    typed = {"title": one.title, "question": one.question.text, "answer": one.answer.text}
    if request.method == "POST":
        typed = {name: post.get(name, "") for name in typed}
        try:
            services.draft_publication(actor, order=number, is_checked=post.get("checked") == "1", **typed)
            messages.success(request, _("已交给另一位人员审核，审核通过后公开。"))
            return redirect("workbench:publications")
        except Invalid as wrong:
            errors = {name: str(words) for name, words in wrong.fields.items()}
    masked = [(KINDS.get(kind, kind), words) for kind, words in (*one.question.found, *one.answer.found)]
    context = {"one": one, "typed": typed, "errors": errors, "masked": masked}
    return render(request, "workbench/chats/publication.html", context, status=422 if errors else 200)
