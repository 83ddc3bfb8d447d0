"""The simulation: a heap of acts in time, and the worker at every full hour."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services
from fawang.kernel import clock
from fawang.kernel.errors import FawangError
from fawang.kernel.events.services import number_committed
from fawang.kernel.outbox import services as outbox
from fawang.kernel.outbox import worker
from fawang.kernel.policy import Actor, system
from fawang.site.demonstration import matter as matters
from fawang.site.demonstration.matter import Matter
from fawang.site.demonstration.people import Staff
from fawang.site.demonstration.times import Profile

SYSTEM = system("demonstration")
HOUR = timedelta(hours=1)
Work = Callable[[Matter], None]


@dataclass
class Drive:
    """Time, the heap, and everybody's matters. `do` is the only way an act of the story changes an order."""

    begin: datetime
    end: datetime
    seed: int
    staff: Staff = field(default_factory=Staff)
    matters: list[Matter] = field(default_factory=list)
    by_number: dict[str, Matter] = field(default_factory=dict)
    handlers: dict[int, Actor] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    _heap: list[tuple[datetime, int, Work, Matter]] = field(default_factory=list)
    _count: int = 0
    _ticks: dict[str, datetime] = field(default_factory=dict)

    def plan(self, at: datetime, work: Work, matter: Matter) -> None:
        """Do it at that moment, if it lies in the stretch."""
        if at < self.end:
            self._count += 1
            heapq.heappush(self._heap, (at, self._count, work, matter))

    def draw(self, orders_wanted: int, first: Work) -> None:
        """Draw demands until so many of them need an order."""
        chance = random.Random(self.seed)  # noqa: S311 - an invented story
        profile, made = Profile(self.begin, self.end), 0
        while made < orders_wanted:
            channel = chance.choices(list(matters.CHANNELS), list(matters.CHANNELS.values()))[0]
            drawn = matters.draw(self.seed, len(self.matters), channel, profile.draw(chance, channel))
            drawn.is_on_the_spot = drawn.happens(matters.ANSWERED_ON_THE_SPOT.get(channel, 0.0))
            made += not drawn.is_on_the_spot
            self.matters.append(drawn)
        for drawn in sorted(self.matters, key=lambda m: (m.at, m.index)):
            self.plan(drawn.at, first, drawn)

    def do(self, matter: Matter, actor: Actor, action: str, **data: Any) -> bool:
        """Perform; whether it was done. A refusal (the matter moved on meanwhile) is remembered, not raised."""
        try:
            outcome = services.perform(actor=actor, order=matter.number, action=action, data=data)
        except FawangError as refusal:
            self.refusals.append(f"{action} in {matter.state}: {type(refusal).__name__}")
            self.look(matter)
            return False
        matter.state = outcome.state
        return True

    def look(self, matter: Matter) -> None:
        """See where the matter stands now."""
        view = orders.get(SYSTEM, matter.number)
        matter.state, matter.unit_id = view.state, view.unit_id

    def run(self, on_hour: Callable[[datetime], None]) -> None:
        """Live through the stretch, an hour at a time; each hour is one durable transaction."""
        hour = self.begin
        with clock.at(self.begin):
            while hour < self.end:
                until = min(hour + HOUR, self.end)
                with transaction.atomic():
                    self._hour(until)
                clock.move_to(until)
                self._work()
                on_hour(until)
                hour = until

    def _hour(self, until: datetime) -> None:
        while self._heap and self._heap[0][0] < until:
            at, _number, work, matter = heapq.heappop(self._heap)
            clock.move_to(max(at, clock.now()))
            work(matter)

    def _work(self) -> None:
        """One round of the worker."""
        with transaction.atomic():
            outbox.drain()
            worker.tick(self._ticks)
            outbox.drain()
            number_committed()
