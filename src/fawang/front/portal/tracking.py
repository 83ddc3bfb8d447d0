"""The state of a matter without a log-in: number, query code and the phone's end, with a throttle."""

from __future__ import annotations

from datetime import timedelta

from fawang.base.identity.services import throttle
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.values import OrderView
from fawang.front.portal.errors import NotMatching

TRIES = throttle.Rule("track_tries", 10, timedelta(minutes=15), timedelta(minutes=15))


def look(*, number: str, code: str, last_four: str, address: str) -> OrderView:
    """The order. Raises TooMany after ten tries in a quarter of an hour from one address, NotMatching otherwise."""
    throttle.spend(TRIES, address)
    try:
        return orders.by_code(number[:60], code[:20], last_four.strip()[:4])
    except NoSuchOrder:
        raise NotMatching from None
