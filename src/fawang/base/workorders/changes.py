"""What became of answers, read from the order's own events: set aside, taken over, corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fawang.base.catalogue import forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.values import Published
from fawang.base.identity import selectors as identity
from fawang.base.workorders.models import Order
from fawang.base.workorders.values import Change, SetAside
from fawang.kernel.events import selectors as events
from fawang.kernel.events.values import Recorded

FORWARD = "workorders.brought_forward.v1"
FILLED = "workorders.filled.v1"
LATER = ("workorders.amended.v1", "workorders.reclassified.v1")


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is different between two sets of answers, as events keep it: in stored form, sealed where it was."""
    was, now = forms.opened(before), forms.opened(after)
    names = [*after, *(name for name in before if name not in after)]
    return [
        {"question": name, "from": before.get(name), "to": after.get(name)}
        for name in names
        if was.get(name) != now.get(name)
    ]


def _said(event: Recorded) -> dict[str, Any]:
    """The data of an event's act; nothing of one that was erased."""
    found = (event.data or {}).get("data")
    return found if isinstance(found, dict) else {}


def _open(value: Any) -> Any:
    return forms.opened({"value": value})["value"]


def set_aside(order: Order) -> list[SetAside]:
    """Answers of a draft that newer forms could not take and that were not answered again since."""
    item, found = catalogue.version(order.item_version_id).item, {}
    for event in events.stream(f"order:{order.pk}", names=[FORWARD]):
        data = _said(event)
        before = catalogue.version(data["from_version"]).item if data else item
        for name, value in data.get("aside", {}).items():
            question = before.question(name)
            if question is not None:
                found[name] = SetAside(question, _open(value), item.question(name) is not None)
    return [one for name, one in found.items() if name not in order.answers]


def log(order: Order) -> list[Change]:
    """Where answers came from that were not typed, then every change after filing, oldest first."""
    if order.number is None:
        return []
    published = catalogue.version(order.item_version_id)
    process = {f"workorders.{action.event}.v1": action for action in published.process.actions}
    recorded = events.stream(f"order:{order.pk}", names=[FILLED, *LATER])
    refs = {pk for event in recorded if (pk := _account(event.actor)) is not None}
    parties, own = identity.parties_of_accounts(refs), {order.applicant_id, order.on_behalf_by_id} - {None}
    lines = []
    for event, line, at in [*_taken_over(order, recorded, published), *_corrected(recorded, published)]:
        action, account = process.get(event.name), _account(event.actor)
        lines.append(
            Change(
                at=event.at, action=action.code if action else "", zh=action.zh if action else "更新",
                en=action.en if action else "Update", name=line["question"],
                question=at.item.question(line["question"]),
                before=_open(line.get("from")), after=_open(line.get("to")),
                reason=str(_said(event).get("reason") or ""),
                is_applicant=account is not None and parties.get(account) in own,
                is_system=event.actor.startswith("system:"), account_id=account,
                source_number=line.get("order", ""), source_file=line.get("file", ""),
            )
        )  # fmt: skip
    return lines


Line = tuple[Recorded, dict[str, Any], Published]


def _taken_over(order: Order, recorded: list[Recorded], published: Published) -> Iterator[Line]:
    last: dict[str, tuple[Recorded, dict[str, Any]]] = {}
    for event in recorded:
        if event.name == FILLED:
            data = _said(event)
            for name, value in data.get("answers", {}).items():
                last.pop(name, None)
                if name in data.get("sources", {}):
                    last[name] = event, {"question": name, "to": value, **data["sources"][name]}
    yield from ((event, line, published) for event, line in last.values())


def _corrected(recorded: list[Recorded], published: Published) -> Iterator[Line]:
    for event in recorded:
        data = _said(event)
        if event.name in LATER and data.get("changes"):
            at = catalogue.version(data["item_version"]) if data.get("item_version") else published
            yield from ((event, line, at) for line in data["changes"])


def _account(ref: str) -> int | None:
    kind, _colon, number = ref.partition(":")
    return int(number) if kind == "account" and number.isdecimal() else None
