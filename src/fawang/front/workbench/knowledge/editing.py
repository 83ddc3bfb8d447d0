"""Writing and revising a piece, with every citation looked up while it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services
from fawang.base.knowledge.errors import Erased
from fawang.base.knowledge.values import PIECE_NAMES, ArticleValue, PieceKind, PieceValue
from fawang.front.frame.doors import actor_of, requires
from fawang.kernel.errors import Invalid

WRITE = "knowledge.write"
_WHY: dict[str, str | Promise] = {
    knowledge.NOT_YET: gettext_lazy("还没有开始施行"),
    knowledge.REPEALED: gettext_lazy("已经不再有效"),
    knowledge.NO_ARTICLE: gettext_lazy("这部法律里没有这一条"),
}
_FIELDS = ("title", "summary", "body", "source", "basis")


@dataclass(frozen=True)
class Checked:
    """A citation as written, the article it means, and what is wrong with it (empty: nothing)."""

    written: str
    article: ArticleValue | None
    wrong: str | Promise


def checked(basis: str, body: str) -> list[Checked]:
    """Every line of the basis and every citation of the text, resolved or named as unknown."""
    found: list[Checked] = []
    for line in filter(None, (one.strip() for one in basis.splitlines())):
        cited = knowledge.cited(line)
        found += [Checked(line[one.start : one.end], one.article, _WHY.get(one.why_not, "")) for one in cited]
        if not cited:
            found.append(Checked(line, None, _("不认识这个引用，请写法律全称和条号")))
    found += [
        Checked(body[one.start : one.end], one.article, _WHY.get(one.why_not, "")) for one in knowledge.cited(body)
    ]
    return list({(one.written, one.article.key if one.article else ""): one for one in found}.values())


def basis_of(found: list[Checked]) -> list[services.Basis]:
    """The articles in force that the piece rests on. Raises Invalid where a citation names none."""
    if wrong := [one for one in found if one.wrong]:
        raise Invalid({"basis": "；".join(f"{one.written}：{one.wrong}" for one in wrong)})
    return [
        services.Basis(one.article.version.law.key, one.article.number, one.article.suffix)
        for one in found
        if one.article is not None and one.article.number is not None
    ]


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in _FIELDS}


def _stored(piece: PieceValue) -> dict[str, str]:
    basis = "\n".join(f"《{ref.law.short}》{ref.label}" for ref in piece.articles)
    return {
        "title": piece.title, "summary": piece.summary, "body": piece.body, "source": piece.source, "basis": basis,
    }  # fmt: skip


def _form(request: HttpRequest, typed: dict[str, str], **more: Any) -> HttpResponse:  # noqa: ANN401
    context = {
        "typed": typed, "found": checked(typed["basis"], typed["body"]), "errors": {},
        "kinds": [(kind.value, PIECE_NAMES[kind]) for kind in PieceKind], "kind": request.POST.get("kind", "GUIDE"),
    } | more  # fmt: skip
    return render(request, "workbench/knowledge/form.html", context, status=422 if context["errors"] else 200)


@require_http_methods(["GET", "POST"])
@requires(WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    typed = _typed(request)
    if request.method != "POST":
        return _form(request, typed)
    kind = request.POST.get("kind", "")
    try:
        if kind not in set(PieceKind):
            raise Invalid({"kind": _("请选择种类。")})
        basis = basis_of(checked(typed["basis"], typed["body"]))
        key = services.write(
            actor_of(request), kind=PieceKind(kind), title=typed["title"], summary=typed["summary"],
            body=typed["body"], source=typed["source"], basis=basis,
        )  # fmt: skip
    except Invalid as wrong:
        return _form(request, typed, errors=wrong.fields)
    messages.success(request, _("草稿已保存。"))
    return redirect("workbench:piece", key=key)


@require_http_methods(["GET", "POST"])
@requires(WRITE)
def revise(request: HttpRequest, key: str) -> HttpResponse:
    """Write a piece anew: it is a draft then, and somebody else reviews it."""
    actor = actor_of(request)
    piece = knowledge.piece(actor, key)
    if not piece.body:
        raise Erased
    if request.method != "POST":
        return _form(request, _stored(piece), piece=piece)
    typed, version = _typed(request), request.POST.get("version", "")
    try:
        basis = basis_of(checked(typed["basis"], typed["body"]))
        services.revise(
            actor, key, version=int(version) if version.isdecimal() and len(version) < 9 else 0, title=typed["title"],
            summary=typed["summary"], body=typed["body"], source=typed["source"], basis=basis,
        )  # fmt: skip
    except Invalid as wrong:
        return _form(request, typed, piece=piece, errors=wrong.fields)
    messages.success(request, _("已修改，请重新提交审核。"))
    return redirect("workbench:piece", key=key)


@require_POST
@requires(WRITE)
def cite(request: HttpRequest) -> HttpResponse:
    """The citations of what is typed, looked up."""
    typed = _typed(request)
    return render(request, "workbench/knowledge/cited.html", {"found": checked(typed["basis"], typed["body"])})
