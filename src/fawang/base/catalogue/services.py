"""Verbs of the catalogue: publish, close, reopen."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import IntegrityError, transaction

from fawang.base.catalogue import loader, selectors, standing
from fawang.base.catalogue.errors import DefinitionError, ExampleFails, NoSuchItem, NothingNew, SeenOtherwise
from fawang.base.catalogue.models import Item, ItemVersion
from fawang.base.catalogue.schema import ServiceItem
from fawang.kernel import clock, crypto, policy
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor


def publish_all(actor: Actor, *, extra: Path | None = None) -> list[str]:
    """Publish every declared item whose definition is new; the codes published. Safe to run again.

    A published version is immutable: an item whose content changed needs a higher `version`, a process that changed
    (the line's or the envelope's) a higher one too, or DefinitionError names the file. Orders keep their old versions;
    new orders take the new one.
    """
    policy.require(actor, "catalogue.publish")
    definitions = loader.read(extra)
    published, problems = [], []
    with transaction.atomic():
        known = {row.code: row for row in Item.objects.select_related("current")}
        new: list[tuple[ServiceItem, int, str]] = []
        for item in definitions.items.values():
            current = known.get(item.code)
            text = definitions.text_of(item)
            if current is not None and current.current.digest == crypto.digest(text.encode()):
                continue
            shared = definitions.shared_version(item)
            if current is not None and not standing.is_raised(item, definitions, current.current):
                problems.append(_not_raised(item, text, current.current, definitions))
                continue
            new.append((item, shared, text))
            published.append(item.code)
        if problems:
            raise DefinitionError(problems)
        _publish(actor, new, known)
    return published


def publish_item(actor: Actor, *, code: str, mark: str, extra: Path | None = None) -> int:
    """Publish what the file of one service says now; the version published.

    `mark` is the mark of the standing that the actor saw. Raises SeenOtherwise when the file changed since,
    ExampleFails with the names of the examples, DefinitionError for whatever else does not fit (also in what services
    share), NothingNew, NoSuchItem. Half-filled forms and orders keep the version they began with.
    """
    policy.require(actor, "catalogue.publish")
    definitions = loader.look(extra)
    item = definitions.items.get(code)
    if item is None:
        raise NoSuchItem
    if failing := definitions.failing.get(code):
        raise ExampleFails(examples="、".join(f"“{name}”" for name in failing))
    if wrong := [*definitions.problems.get("", []), *definitions.problems.get(code, [])]:
        raise DefinitionError(wrong)
    text = definitions.text_of(item)
    try:
        with transaction.atomic():
            # the lock lets one of two who publish at the same moment see that it is done
            known = {row.code: row for row in Item.objects.select_for_update(of=("self",)).filter(pk=code)}
            now = standing.standing(code, extra)
            if now.mark != mark:
                raise SeenOtherwise
            if not now.may_be_published:
                raise NothingNew
            _publish(actor, [(item, definitions.shared_version(item), text)], known)
    except IntegrityError:
        # a first version has no row to lock: the other one was faster
        raise NothingNew from None
    return item.version


def _not_raised(item: ServiceItem, text: str, stored: ItemVersion, definitions: loader.Definitions) -> str:
    """What changed without a higher version, as `file:line: what`."""
    before, now = json.loads(stored.definition), json.loads(text)
    if before["item"] != now["item"]:
        at = definitions.place(item.code, "version")
        return f"{at}: {item.code} (or the bank it uses) changed: raise its version to {stored.version + 1}"
    path = definitions.files[f"process:{item.process}"]
    return f"{path}:1: the process of {item.code} (or the envelope it extends) changed: raise its version"


def _publish(actor: Actor, new: list[tuple[ServiceItem, int, str]], known: dict[str, Item]) -> None:
    """Write the new versions, and offer them from now on."""
    now = clock.now()
    rows = [
        ItemVersion(
            code=item.code, line=item.line, version=item.version, shared_version=shared,
            digest=crypto.digest(text.encode()), definition=text, published_at=now, published_by=actor.ref,
        )
        for item, shared, text in new
    ]  # fmt: skip
    versions, drafts = ItemVersion.objects.bulk_create(rows), {item.code: item.drafts for item, _shared, _text in new}
    Item.objects.bulk_create([Item(code=row.code, current=row) for row in versions if row.code not in known])
    for row in versions:
        if row.code in known:
            Item.objects.filter(pk=row.code).update(current=row, revision=known[row.code].revision + 1)
        fact = Fact(
            "catalogue.item_published.v1", {"version": row.version, "digest": row.digest, "drafts": drafts[row.code]}
        )
        append(actor=actor, stream=f"item:{row.code}", facts=[fact])


def close_item(actor: Actor, *, code: str, reason: str) -> None:
    """Stop taking new demands for a service; half-filled forms are refused politely at submit."""
    _set_open(actor, code=code, is_open=False, reason=reason)


def reopen_item(actor: Actor, *, code: str, reason: str) -> None:
    """Take demands again."""
    _set_open(actor, code=code, is_open=True, reason=reason)


def _set_open(actor: Actor, *, code: str, is_open: bool, reason: str) -> None:
    policy.require(actor, "catalogue.publish")
    with transaction.atomic():
        closed_reason = "" if is_open else reason[:200]
        if not Item.objects.filter(pk=selectors.named(code)).update(is_open=is_open, closed_reason=closed_reason):
            raise NoSuchItem
        name = "catalogue.item_reopened.v1" if is_open else "catalogue.item_closed.v1"
        append(actor=actor, stream=f"item:{code}", facts=[Fact(name, {"reason": reason})])
