"""A draft of an opinion, put together by the machine, beside the form in which a lawyer writes hers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.values import OpinionSheet
from fawang.base.workorders import selectors
from fawang.base.workorders.values import Choice, OrderView
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench import telling
from fawang.kernel.errors import NotFound

# a form with these questions is one that a draft can fill, whatever its action is called
_FIELDS = frozenset({"facts", "text", "articles"})


def takes_draft(choice: Choice | None) -> bool:
    """Whether the form of an action asks for facts, an analysis and articles."""
    return choice is not None and {question.id for question in choice.form} >= _FIELDS


def fields_of(made: OpinionSheet) -> dict[str, str]:
    """The sheet as the answers of the form, none longer than the form takes."""
    quoted = [f"{quote.citation}：“{quote.text.replace(chr(10), '')}”" for quote in made.quotes]
    head = _("【机器拟稿，请律师核对、修改】")
    found = {
        "facts": made.facts[:2_000],
        "text": "\n".join([head, *quoted])[:6_000],
        "articles": "\n".join(made.articles)[:1_000],
        "path": made.path,
        "evidence": "\n".join(made.evidence_zh)[:1_000],
        "limitation": "".join(f"{one.zh}（{one.basis}）" for one in made.periods[:1])[:300],
    }
    return {name: value for name, value in found.items() if value}


def story_of(order: OrderView) -> str:
    """What the person told: the description, else the title."""
    return order.description or order.title


@require_GET
@requires("workorders.work")
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """The draft for the order's main action: to take over into the form, to edit there, or to leave."""
    actor = actor_of(request)
    order = selectors.get(actor, number)
    choice = next((one for one in selectors.actions(actor, number) if takes_draft(one)), None)
    if choice is None:
        raise NotFound
    made = knowledge.sheet(story_of(order))
    context = {
        "order": order,
        "choice": choice,
        "sheet": made,
        "fields": fields_of(made),
        "is_sure": made.certainty >= 0.5,
    }
    is_part = bool(request.headers.get("HX-Request"))
    context["language"] = telling.language()
    return render(request, f"workbench/knowledge/{'draft' if is_part else 'draft_page'}.html", context)
