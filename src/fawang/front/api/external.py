"""The names of orders in other systems."""

from __future__ import annotations

from collections.abc import Sequence

from fawang.front.api.models import ExternalRef
from fawang.front.api.schemas.incoming import ExternalRef as Named
from fawang.kernel import clock
from fawang.kernel.policy import Actor


def keep(actor: Actor, number: str, refs: Sequence[Named]) -> None:
    """Keep what the actor calls the order, in the caller's transaction: one statement, none for no names."""
    if refs:
        ExternalRef.objects.bulk_create(
            ExternalRef(
                order_number=number, by=actor.ref, system=ref.system, external_id=ref.id, url=ref.url, at=clock.now()
            )
            for ref in refs
        )


def of_order(number: str) -> list[dict[str, str]]:
    """All names of an order, for whoever may see the order."""
    rows = ExternalRef.objects.filter(order_number=number).order_by("id") if number else []
    return [{"system": row.system, "id": row.external_id, "url": row.url} for row in rows]


def numbers(actor: Actor, system: str, external_id: str) -> list[str]:
    """The orders that the actor itself gave this name."""
    found = ExternalRef.objects.filter(by=actor.ref, system=system, external_id=external_id)
    return list(found.order_by("-id").values_list("order_number", flat=True)[:100])
