"""Verbs of intake: take a demand in and give it its first dispatch, in one transaction."""

from __future__ import annotations

from fawang.base.workorders import services as orders
from fawang.base.workorders.values import Filing, Outcome
from fawang.kernel.policy import Actor
from fawang.middle.dispatch import services as dispatch


def file_demand(actor: Actor, *, filing: Filing, key: str | None = None) -> Outcome:
    """File a demand and dispatch it if a rule may decide. Raises like `workorders.services.file`."""
    return orders.file(actor=actor, filing=filing, key=key, plan=dispatch.plan)


def submit_draft(actor: Actor, *, draft: str, version: int | None = None, key: str | None = None) -> Outcome:
    """Send a draft and dispatch it if a rule may decide. Raises like `workorders.services.submit_draft`."""
    return orders.submit_draft(actor=actor, draft=draft, version=version, key=key, plan=dispatch.plan)
