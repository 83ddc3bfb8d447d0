"""One demand of one citizen, and what the simulation remembers about it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from fawang.site.demonstration.people import Citizen

# by share; the numbers are codes of the channel table
CHANNELS = {"01": 45, "02": 20, "11": 18, "21": 10, "31": 3, "04": 2, "12": 2}
HOTLINE_LIKE = {"11": "operator", "12": "operator", "21": "clerk"}
ANSWERED_ON_THE_SPOT = {"11": 0.55, "12": 0.35, "21": 0.4}
SERVICES = {"CONSULT_MESSAGE": 62, "MEDIATION_PEOPLE": 27, "GENERAL_DEMAND": 11}
# where people live: county and weight
AREAS = {
    "510107": 20, "510104": 9, "510105": 9, "510106": 9, "510108": 9, "510112": 8, "510703": 6, "510704": 6,
    "510781": 4, "511502": 6, "511503": 4, "511523": 3, "510300": 2, "510500": 2, "511700": 2, "513400": 1,
}  # fmt: skip
MORE_PATIENCE = 7.0
SLOW_SHARE = 0.06


@dataclass
class Matter:
    """A demand and its fate. `chance` is its own, so that no other matter changes what is drawn for it."""

    index: int
    chance: random.Random
    channel: str
    service: str
    area: str
    at: datetime
    citizen: Citizen | None = None
    number: str = ""
    contact: str = ""
    state: str = ""
    unit_id: int | None = None
    domain: str = ""
    was_by_hand: bool = False
    pace: float = 1.0
    asked_return: bool = False
    asked_supplement: bool = False
    followed_up: bool = False
    was_sent_back: bool = False
    sessions: int = 0
    agreed: bool = False
    is_on_the_spot: bool = False
    call_is_planned: bool = False
    rating_is_planned: bool = False

    def happens(self, share: float) -> bool:
        """Whether something of that share happens to this matter."""
        return self.chance.random() < share

    def minutes(self, low: float, high: float) -> float:
        """A stretch of time of this matter: slow ones take their time."""
        return self.chance.uniform(low, high) * self.pace


def draw(seed: int, index: int, channel: str, at: datetime) -> Matter:
    """The matter with that number in the story of that seed."""
    chance = random.Random(f"{seed}/{index}")  # noqa: S311 - an invented story
    service = chance.choices(list(SERVICES), list(SERVICES.values()))[0]
    area = chance.choices(list(AREAS), list(AREAS.values()))[0]
    if channel == "21":
        area = "510107"
    matter = Matter(index, chance, channel, service, area, at)
    matter.pace = MORE_PATIENCE if matter.happens(SLOW_SHARE) else chance.choice([0.6, 0.8, 1.0, 1.0, 1.4])
    return matter
