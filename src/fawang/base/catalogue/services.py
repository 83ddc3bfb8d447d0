"""Verbs of the catalogue: publish, close, reopen."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction

from fawang.base.catalogue import loader, selectors
from fawang.base.catalogue.errors import DefinitionError, NoSuchItem
from fawang.base.catalogue.models import Item, ItemVersion
from fawang.base.catalogue.schema import Process, ServiceItem
from fawang.kernel import clock, crypto, policy
from fawang.kernel.events.services import append, canonical
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
        for item in definitions.items.values():
            current = known.get(item.code)
            process = definitions.processes[item.process]
            text = _definition(item, process)
            if current is not None and current.current.digest == crypto.digest(text.encode()):
                continue
            shared = definitions.shared_version(item)
            if current is not None and not _is_raised(item, shared, current.current):
                problems.append(_not_raised(item, text, current.current, definitions))
                continue
            _publish(actor, item, shared, text, current)
            published.append(item.code)
        if problems:
            raise DefinitionError(problems)
    return published


def _definition(item: ServiceItem, process: Process) -> str:
    return canonical(
        # what a definition does not say is left out: a new key of the schema changes nothing that was published before
        {
            "item": item.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            "process": process.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        }
    )


def _is_raised(item: ServiceItem, shared: int, stored: ItemVersion) -> bool:
    return item.version > stored.version or (item.version == stored.version and shared > stored.shared_version)


def _not_raised(item: ServiceItem, text: str, stored: ItemVersion, definitions: loader.Definitions) -> str:
    """What changed without a higher version, as `file:line: what`."""
    before, now = json.loads(stored.definition), json.loads(text)
    if before["item"] != now["item"]:
        at = definitions.place(item.code, "version")
        return f"{at}: {item.code} (or the bank it uses) changed: raise its version to {stored.version + 1}"
    path = definitions.files[f"process:{item.process}"]
    return f"{path}:1: the process of {item.code} (or the envelope it extends) changed: raise its version"


def _publish(actor: Actor, item: ServiceItem, shared: int, text: str, current: Item | None) -> None:
    version = ItemVersion.objects.create(
        code=item.code, line=item.line, version=item.version, shared_version=shared,
        digest=crypto.digest(text.encode()), definition=text,
        published_at=clock.now(), published_by=actor.ref,
    )  # fmt: skip
    if current is None:
        Item.objects.create(code=item.code, current=version)
    else:
        Item.objects.filter(pk=item.code).update(current=version, revision=current.revision + 1)
    fact = Fact("catalogue.item_published.v1", {"version": item.version, "digest": version.digest})
    append(actor=actor, stream=f"item:{item.code}", facts=[fact])


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
