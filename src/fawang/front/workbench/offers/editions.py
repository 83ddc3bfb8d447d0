"""The published versions of a service, what any two say differently, and publishing what the file says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import selectors, services, standing
from fawang.base.catalogue.errors import DefinitionError, NoSuchItem
from fawang.base.catalogue.values import Edition, Published
from fawang.base.catalogue.writing import Difference, differences
from fawang.base.identity import selectors as identity
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.offers import words
from fawang.front.workbench.offers.listing import SEE
from fawang.front.workbench.offers.sheet import FILE, PUBLISH, around, viewed
from fawang.kernel import ids
from fawang.kernel.errors import Conflict, RefusedByRule

_SHOWN = 600


@dataclass(frozen=True)
class Told:
    """A difference in words: where, what was said before, what is said now (None where nothing was)."""

    where: str
    before: str | None
    after: str | None
    is_order: bool


def told(before: Published, after: Published) -> list[Told]:
    """What two versions say differently: of the service, then of its process."""
    return [
        *(_told(one, "", after.item, before.item) for one in differences(before.item, after.item)),
        *(_told(one, _("流程"), after.process, before.process) for one in differences(before.process, after.process)),
    ]


def _told(one: Difference, begin: str, *parts: Any) -> Told:  # noqa: ANN401 - services or processes
    steps = [begin] if begin else []
    inside: list[Any] = [part.model_dump(mode="json", by_alias=True) for part in parts]
    for step in one.where:
        if isinstance(step, str):
            steps.append(str(words.KEYS.get(step, step)))
            inside = [_get(part, step) for part in inside]
        else:
            key, name = step
            inside = [_row(_get(part, key), name) for part in inside]
            steps.append(str(words.ROWS.get(key, f"{key} %(name)s")) % {"name": _named(inside) or name})
    before = None if one.before is None else value_words(one.before)
    after = None if one.after is None else value_words(one.after)
    return Told(" › ".join(steps), before, after, one.is_order)


def _get(part: Any, key: str) -> Any:  # noqa: ANN401 - a piece of a definition
    return part.get(key) if isinstance(part, Mapping) else None


def _row(rows: Any, name: str) -> Any:  # noqa: ANN401
    found = rows if isinstance(rows, list) else []
    keys = ("id", "item", "code", "value", "name")
    return next((row for row in found if isinstance(row, Mapping) and name in [row.get(key) for key in keys]), None)


def _named(rows: Sequence[Any]) -> str:
    key = "en" if (get_language() or "").startswith("en") else "zh"
    return next((str(row[key]) for row in rows if isinstance(row, Mapping) and row.get(key)), "")


def value_words(value: Any) -> str:  # noqa: ANN401 - whatever a definition holds
    """A value of a definition in words; a text in both languages."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Mapping):
        said = f"{value['zh']} / {value['en']}" if {"zh", "en"} <= set(value) else ""
        rest = _("；").join(
            f"{words.KEYS.get(key, key)} {value_words(inner)}"
            for key, inner in value.items()
            if key not in {"zh", "en"}
        )
        text = f"{said}（{rest}）" if said and rest else said or rest
    elif isinstance(value, list):
        text = _("、").join(value_words(one) for one in value) or _("没有")
    else:
        text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _text_of(code: str, chosen: str, one: standing.Standing, editions: list[Edition]) -> Published | None:
    """The version that an address names: the file's, or a published one of this service."""
    if chosen == FILE:
        return one.written
    number = ids.row_number(chosen) or 0
    return selectors.version(number) if number in {edition.version_id for edition in editions} else None


def _who(editions: list[Edition]) -> list[tuple[Edition, str]]:
    """Each version with the name of who published it."""
    numbers = {edition.by: (ids.row_number(edition.by.removeprefix("account:")) or 0) for edition in editions}
    names = identity.account_names({number for number in numbers.values() if number})
    return [
        (one, names.get(numbers[one.by]) or (_("系统") if one.by.startswith("system:") else one.by)) for one in editions
    ]


@requires(SEE)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The versions, newest first, and what the two that were chosen say differently."""
    one, shown = viewed(request, code)
    editions = standing.editions(code)
    newest = str(editions[0].version_id) if editions else ""
    # with one version only, there is nothing else to compare it with than the file
    is_file_next = one.published is not None and one.written is not None and (one.differs or len(editions) == 1)
    after = request.GET.get("after", FILE if is_file_next else newest)
    before = request.GET.get("before") or _before(after, editions, newest)
    two = [_text_of(code, chosen, one, editions) for chosen in (before, after)]
    choices = [(str(edition.version_id), name_of(edition)) for edition in editions]
    choices = [*([(FILE, _("文件里的"))] if one.written else []), *choices]
    context = {
        **around(request, one, shown, "service-versions"), "rows": [(e, name_of(e), who) for e, who in _who(editions)],
        "choices": choices, "before": before, "after": after, "is_compared": all(two),
        "differences": told(two[0], two[1]) if two[0] and two[1] else [],
    }  # fmt: skip
    return render(request, "workbench/offers/versions.html", context)


def name_of(edition: Edition) -> str:
    """A version's name; the version of what it shares tells apart those of the same number."""
    return _("第 %(version)s 版（共用部分 %(shared)s）") % {"version": edition.version, "shared": edition.shared}


def _before(after: str, editions: list[Edition], newest: str) -> str:
    """The version before another: of the file, the newest."""
    if after == FILE:
        return newest
    ids = [str(edition.version_id) for edition in editions]
    place = ids.index(after) + 1 if after in ids else len(ids)
    return ids[place] if place < len(ids) else ""


def _publish_page(request: HttpRequest, code: str, status: int = 200, **more: object) -> HttpResponse:
    one = standing.standing(code)
    if one.written is None:
        raise NoSuchItem
    changed = told(one.published, one.written) if one.published else []
    context = {
        **around(request, one, one.written, "service-versions"), "differences": changed,
        "unplaced": standing.unplaced(), **more,
    }  # fmt: skip
    return render(request, "workbench/offers/publish.html", context, status=status)


@requires(PUBLISH)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """What would be published and what becomes of drafts; then publish it, if it is still what was seen and fits."""
    if request.method != "POST":
        return _publish_page(request, code)
    try:
        version = services.publish_item(actor_of(request), code=code, mark=request.POST.get("mark", ""))
    except (DefinitionError, RefusedByRule, Conflict) as refusal:
        return _publish_page(request, code, refusal.status, error=refusal.text)
    messages.success(request, _("已发布第 %(version)s 版，各个渠道从现在起用它。") % {"version": version})
    return HttpResponseRedirect(reverse("workbench:service-versions", args=[code]))
