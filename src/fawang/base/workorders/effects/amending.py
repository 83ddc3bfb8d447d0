"""Answers that change: carried to a newer form while a draft, corrected after filing. Both keep what was before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.workorders.changes import differences
from fawang.base.workorders.checking import check_files
from fawang.base.workorders.effects.filing import read_answers, weigh
from fawang.base.workorders.engine import Act, effect
from fawang.kernel.errors import Invalid


@effect("bring_forward")
def bring_forward(act: Act) -> None:
    """A half-filled form to the version of the act: answers that do not fit any more are set aside in the event."""
    order, item = act.order, act.published.item
    before = catalogue.version(order.item_version_id)
    computed = {question.id for question in before.item.questions if question.compute}
    stored = {name: value for name, value in order.answers.items() if name not in computed}
    order.answers, aside = forms.carried(item.questions, stored, act.facts_of_rules)
    order.item_version_id = act.published.version_id
    order.line, order.demand_type, order.complexity = item.line, item.demand_type, item.complexity
    act.data = {"from_version": before.version_id, "to_version": act.published.version_id, "aside": aside}
    read_answers(act)


@effect("amend")
def amend(act: Act) -> None:
    """Correct answers of a filed order. Those that decide who handles it are for `reclassify`."""
    order, item, given = act.order, act.published.item, act.data.pop("answers")
    if not isinstance(given, dict) or not given:
        raise Invalid({"answers": _("请填写这一项。")})
    fixed = {item.area_from, item.domain_from, item.urgency_from} & set(given)
    if fixed:
        words = _("这一项决定由谁办理，不能直接改。请联系承办单位或拨打 12348。")
        raise Invalid({str(name): words for name in fixed})
    check_files(act.actor, item.questions, given)
    before = order.answers
    order.answers = _amended(act, given)
    act.data["changes"] = differences(before, order.answers)
    if not act.data["changes"]:
        raise Invalid(dict.fromkeys(map(str, given), _("和原来一样，没有改动。")))
    act.data["item_version"] = act.published.version_id
    read_answers(act)
    weigh(act)


def _amended(act: Act, given: Mapping[str, Any]) -> forms.Answers:
    """All answers with the new ones among them. Old ones that the day's rules would refuse by now stay as they are."""
    questions, facts = act.published.item.questions, act.facts_of_rules
    merged = {**forms.opened(act.order.answers), **given}
    merged = {name: value for name, value in merged.items() if value not in (None, "", [])}
    try:
        return forms.clean(questions, merged, facts=facts)
    except Invalid as wrong:
        refused = {name.partition(".")[0] for name in wrong.fields}
        if refused & set(given):
            raise
        left = {name: value for name, value in merged.items() if name not in refused}
        old = {name: value for name, value in act.order.answers.items() if name in refused}
        return {**forms.clean(questions, left, partial=True, facts=facts), **old}
