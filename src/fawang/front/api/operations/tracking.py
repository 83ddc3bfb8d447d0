"""Following an order without a log-in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import StringConstraints

from fawang.base.identity.services import throttle
from fawang.base.workorders import selectors as orders
from fawang.front.api import showing
from fawang.front.api.binding import operation
from fawang.front.api.parsing import Reference, Short
from fawang.front.api.schemas import outgoing as out
from fawang.front.frame.session import address_of

router = Router(tags=["tracking"])
# the same count as the portal's page: one guesser, one throttle
TRIES = throttle.Rule("track_tries", 10, timedelta(minutes=15), timedelta(minutes=15))
FourDigits = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


@operation(router, "GET", "/track", "api.see_public", {200: out.Tracked}, summary="凭查询码查进度 · Track an order")
def track(request: HttpRequest, number: Reference, code: Short, phone_last_four: FourDigits) -> dict[str, Any]:
    """State of an order for whoever has its number, its query code and the telephone's last four digits. A wrong one of
    the three looks like no order. Ten tries in a quarter of an hour."""
    throttle.spend(TRIES, address_of(request))
    return showing.tracked(orders.by_code(number, code[:20], phone_last_four))
