"""How a demand comes in: on the web by the citizen, on the telephone or at a window through a contact."""

from __future__ import annotations

from typing import Any

from fawang.base.identity.values import PartyData
from fawang.base.workorders.values import Filing
from fawang.kernel.policy import Actor
from fawang.middle.intake import services as intake
from fawang.site.demonstration import words
from fawang.site.demonstration.matter import HOTLINE_LIKE, Matter
from fawang.site.demonstration.people import Citizen

_URGENT_SHARE = 0.05
_SENSITIVE_SHARE = 0.02


def answers(matter: Matter, citizen: Citizen) -> dict[str, Any]:
    """What the citizen fills in for the service."""
    chance, told = matter.chance, words.texts()
    if matter.service == "MEDIATION_PEOPLE":
        row = words.weighted(chance, told["mediations"])
        claim = words.filled(chance, chance.choice(row["claims"]))
        return {
            "applicant_name": citizen.name, "kind": row["kind"], "area": matter.area, "proceedings": "none",
            "story": words.filled(chance, chance.choice(row["stories"])), "claim": claim,
            "amount": str(chance.randint(3, 300) * 100), "other_name": words.person_name(chance) + "某",
        }  # fmt: skip
    if matter.service == "GENERAL_DEMAND":
        row = words.weighted(chance, told["general"])
        return {"story": words.filled(chance, chance.choice(row["stories"])), "area": matter.area}
    row = words.weighted(chance, told["consultations"])
    matter.domain = row["domain"]
    return {
        "domain": row["domain"], "story": words.filled(chance, chance.choice(row["stories"])), "area": matter.area,
        "wish": words.one(chance, "wishes"), "other_kind": row["other"],
        "urgency": "U2" if matter.happens(_URGENT_SHARE) else "U3",
    }  # fmt: skip


def file_online(matter: Matter, citizen: Citizen) -> str:
    """By the citizen, on the web, in the mini program or at a kiosk; the order's number."""
    given = answers(matter, citizen)
    filing = Filing(
        service_code=matter.service, answers=given, area="", channel=matter.channel, applicant_id=citizen.party_id,
        applicant_level=citizen.actor.level, sensitive_flags=("VIOLENCE",) if matter.happens(_SENSITIVE_SHARE) else (),
    )  # fmt: skip
    return intake.file_demand(citizen.actor, filing=filing).number


def take_contact(matter: Matter, citizen: Citizen, agent: Actor) -> tuple[str, dict[str, Any]]:
    """Somebody calls or comes: the contact's number, and what would be filed."""
    given = answers(matter, citizen)
    made = intake.open_contact(agent, channel=matter.channel, phone=citizen.phone, name=citizen.name)
    intake.save_notes(
        agent, contact=made.number, version=made.version, words=given["story"], domain=matter.domain or None
    )
    return made.number, given


def answer_now(matter: Matter, agent: Actor) -> None:
    """The contact ends with an answer; no order is needed."""
    told = words.one(matter.chance, "on_the_spot")
    intake.answer_on_the_spot(agent, contact=matter.contact, answer=told, tell=matter.happens(0.3))


def file_contact(matter: Matter, citizen: Citizen, agent: Actor, given: dict[str, Any]) -> str:
    """The agent makes an order of the contact; its number."""
    filing = Filing(service_code=matter.service, answers=given, area="", channel="", applicant_id=None)
    who = PartyData(name=citizen.name, phone=citizen.phone, is_demonstration=True)
    return intake.make_order(agent, contact=matter.contact, filing=filing, applicant=who).number


def agent_of(channel: str) -> str:
    """The log-in of who takes that channel's contacts; empty where people file themselves."""
    return HOTLINE_LIKE.get(channel, "")
