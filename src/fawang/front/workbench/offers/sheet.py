"""One service: what everything about it says, as it is published or as its file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import assessment, selectors, services, standing
from fawang.base.catalogue.schema import Limit, ServiceItem, Span
from fawang.base.catalogue.standing import Standing
from fawang.base.catalogue.values import Outcome, Published
from fawang.base.catalogue.wording import in_words
from fawang.front.frame.answers import in_language
from fawang.front.frame.doors import actor_of, may_enter, requires
from fawang.front.workbench.lines import line_name
from fawang.front.workbench.offers import words
from fawang.front.workbench.offers.listing import SEE, badges_of

PUBLISH = "catalogue.publish"
FILE = "file"
# limits of the envelope and of routine steps, which every service has
COMMON = ("WO-", "RT-")


@dataclass(frozen=True)
class Rule:
    """A rule of the service: its words in the page's language (empty where it has none), and as it is written."""

    words: str
    text: str


@dataclass(frozen=True)
class Row:
    """A thing of the service with the rule that decides on it, and the numbers of the examples in which it came out."""

    what: Any
    rule: Rule | None
    examples: tuple[int, ...] = ()


def language() -> str:
    """The page's language."""
    return get_language() or ""


def rule_of(text: str, item: ServiceItem) -> Rule | None:
    """An expression in words."""
    return Rule(in_words(text, item.questions, language()), text) if text else None


def viewed(request: HttpRequest, code: str) -> tuple[Standing, Published]:
    """The service and the one of its texts that is looked at: the published one, with `?of=file` its file's."""
    one = standing.standing(code)
    return one, one.shown(wants_file=request.GET.get("of") == FILE)


def around(request: HttpRequest, one: Standing, shown: Published, current: str) -> dict[str, Any]:
    """What every page of a service shows: its names, its states, its pages, and which text is looked at."""
    is_file = shown.version_id == 0
    query = f"?of={FILE}" if is_file and one.published is not None else ""
    pages = (
        ("service", _("内容")), ("service-questions", _("问题")), ("service-course", _("流程")),
        ("service-examples", _("算例")), ("service-versions", _("各个版本")), ("service-poster", _("扫码海报")),
    )  # fmt: skip
    tabs = [(said, reverse(f"workbench:{name}", args=[one.code]) + query, name == current) for name, said in pages]
    return {
        "one": one, "item": shown.item, "badges": badges_of(one), "tabs": tabs, "is_file": is_file,
        "may_switch": one.published is not None and one.written is not None and one.differs,
        "line": line_name(one.item.line), "may_publish": may_enter(actor_of(request), PUBLISH),
    }  # fmt: skip


def limits_of(shown: Published) -> list[tuple[Limit, list[tuple[Span, str]], str, str]]:
    """The limits that are the service's own, each with its length (by urgency), whom it binds, and what a request for
    materials does to it."""
    found = {limit.id: limit for limit in [*shown.process.limits, *shown.item.limits]}
    return [
        (limit, _lengths(limit), str(words.DUTIES[limit.duty]), str(words.SUPPLEMENTS[limit.supplement]))
        for limit in found.values()
        if not limit.id.startswith(COMMON)
    ]


def _lengths(limit: Limit) -> list[tuple[Span, str]]:
    if limit.span is not None:
        return [(limit.span, "")]
    return [(span, selectors.row("urgency", level).say(language())) for level, span in limit.by_urgency.items()]


def _materials(item: ServiceItem, outcomes: list[Outcome]) -> list[Row]:
    """Every paper, when it is needed, and in which worked examples it came out as needed."""
    return [
        Row(
            need,
            rule_of(need.material.when, item),
            tuple(n for n, o in enumerate(outcomes, 1) if o.assessment and need.material.id in o.assessment.materials),
        )
        for need in assessment.all_needs(item)
    ]


def facts_of(shown: Published) -> list[tuple[str, str | Promise]]:
    """What else is said of a service, in words."""
    item, comma = shown.item, _("、")
    channels = _("全部") if "*" in item.channels else comma.join(_row("channel", code) for code in item.channels)
    return [
        (_("服务代码"), item.code), (_("业务"), line_name(item.line)),
        (_("流程"), f"{item.process} {shown.process.version}"),
        (_("诉求类型"), _row("demand_type", item.demand_type)),
        (_("谁来申请"), comma.join(str(words.APPLICANTS[kind]) for kind in item.applicant_kinds)),
        (_("渠道"), channels), (_("实名等级"), str(item.identity_level)), (_("怎样结束"), words.ENDS[item.ends_in]),
        (_("必须本人办"), _("是") if item.is_personal else _("否")),
    ]  # fmt: skip


def _row(table: str, code: str) -> str:
    return selectors.row(table, code).say(language())


def context_of(request: HttpRequest, code: str) -> dict[str, Any]:
    """Everything the overview shows."""
    one, shown = viewed(request, code)
    item, outcomes = shown.item, standing.outcomes(shown, language=language())
    guide = [(words.KEYS[name], getattr(item.guide, name)) for name in type(item.guide).model_fields]
    fee = item.fee
    return {
        **around(request, one, shown, "service"), "guide": guide, "facts": facts_of(shown),
        "materials": _materials(item, outcomes), "limits": limits_of(shown),
        "conditions": [(rule, words.VERDICTS[rule.answer], rule_of(rule.when, item)) for rule in item.eligibility],
        "fee": (words.FEES[fee.kind], rule_of(fee.amount, item), fee.basis, fee.is_uncertain) if fee else None,
        "failing": [o.example.name for o in outcomes if not o.is_passed], "passed": sum(o.is_passed for o in outcomes),
        "parts": [(part.item, _name(part.item), rule_of(part.when, item)) for part in item.parts],
    }  # fmt: skip


def _name(code: str) -> str:
    return in_language(standing.standing(code).item, "", language())


@requires(SEE)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The overview of a service."""
    return render(request, "workbench/offers/service.html", context_of(request, code))


@requires(PUBLISH)
def set_open(request: HttpRequest, code: str) -> HttpResponse:
    """Close a service with a reason, or open it again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    reason = request.POST.get("reason", "").strip()
    if request.POST.get("act") == "open":
        services.reopen_item(actor_of(request), code=code, reason=reason)
        messages.success(request, _("已重新开放。"))
    elif reason:
        services.close_item(actor_of(request), code=code, reason=reason)
        messages.success(request, _("已停止受理。在办的不受影响。"))
    else:
        context = {**context_of(request, code), "errors": {"reason": _("请写明为什么停止受理。")}}
        return render(request, "workbench/offers/service.html", context, status=422)
    return HttpResponseRedirect(reverse("workbench:service", args=[code]))
