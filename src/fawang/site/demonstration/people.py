"""Invented people: citizens with log-ins, and the staff that units need, made once through the services."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import date

from fawang.base.identity import selectors as identity
from fawang.base.identity import services as identities
from fawang.base.identity.values import PartyData
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services as organising
from fawang.kernel.policy import Actor, system
from fawang.site.demonstration import words

SYSTEM = system("demonstration")
# memberships begin before any stretch that is driven
SINCE = date(2024, 1, 1)
LICENCE_END = date(2035, 12, 31)
HANDLERS_OF_A_UNIT = 2
_KINDS = {"LAW_FIRM": "LAWYER_FT", "MEDIATION_COMMITTEE": "MEDIATOR"}


@dataclass(frozen=True)
class Citizen:
    """Somebody with a demand."""

    name: str
    phone: str
    actor: Actor
    party_id: int


def citizen(chance: random.Random, number: int) -> Citizen:
    """The invented citizen with that number: always the same telephone (of nobody)."""
    name, phone = words.person_name(chance), f"1390{number:07d}"
    data = PartyData(name=name, phone=phone, is_demonstration=True)
    account = identity.account(identities.create_citizen(SYSTEM, phone=phone, data=data, level=2))
    if account is None or account.party_id is None:
        raise LookupError(phone)
    return Citizen(account.display_name, phone, organisations.actor_for(account, "self"), account.party_id)


@dataclass(frozen=True)
class Crew:
    """Who works in a unit: its liaison (who also reviews) and its handlers with their tokens."""

    liaison: Actor
    handlers: tuple[tuple[str, Actor], ...]

    def handler(self, chance: random.Random) -> tuple[str, Actor]:
        """One of the handlers."""
        return chance.choice(self.handlers)


class Staff:
    """The staff by unit and by post."""

    def __init__(self) -> None:
        self._crews: dict[int, Crew] = {}
        self._posts: dict[str, Actor] = {}

    def post(self, username: str) -> Actor:
        """One of the demonstration's log-ins. Raises LookupError where they are not loaded."""
        if username not in self._posts:
            account = identity.account_by_username(SYSTEM, username)
            if account is None:
                raise LookupError("load the demonstration first: fawang organisations demonstration")
            self._posts[username] = organisations.actor_for(account)
        return self._posts[username]

    def crew(self, unit_id: int) -> Crew:
        """The people of a unit, made where they are missing."""
        if unit_id not in self._crews:
            self._crews[unit_id] = self._found(unit_id)
        return self._crews[unit_id]

    def _found(self, unit_id: int) -> Crew:
        unit = organisations.institution(unit_id)
        # named after the unit's name: the same on every database
        key = hashlib.sha256(f"{unit.name}{unit.division_code}".encode()).hexdigest()[:10]
        liaison = self._member(f"demo-{key}-a", "联络员", unit_id, ("INSTITUTION_ADMIN", "REVIEWER"))
        for number in range(HANDLERS_OF_A_UNIT - len(self._handlers(unit_id))):
            username = f"demo-{key}-h{number}"
            actor = self._member(username, words.person_name(random.Random(username)), unit_id, ("HANDLER",))
            if actor.account_id is not None:
                self._enrol(unit_id, actor.account_id, actor.name, username)
        return Crew(liaison, tuple(self._handlers(unit_id)))

    @staticmethod
    def _handlers(unit_id: int) -> list[tuple[str, Actor]]:
        """Who has a log-in there and is on the roll, by user name."""
        found = []
        for row in organisations.handlers(unit_id):
            account = identity.account(row.account_id) if row.account_id and row.member_id else None
            if account is not None:
                actor = organisations.actor_for(account, f"member:{row.member_id}")
                found.append((account.username or "", row.token, actor))
        return [(token, actor) for _name, token, actor in sorted(found, key=lambda row: row[0])]

    def _member(self, username: str, name: str, unit_id: int, roles: tuple[str, ...]) -> Actor:
        account = identity.account_by_username(SYSTEM, username)
        if account is None:
            pk = identities.create_account(
                SYSTEM, username=username, display_name=f"{name}(示例)", password="", is_demonstration=True
            )
            for role in roles:
                organising.add_membership(SYSTEM, account_id=pk, institution_id=unit_id, role=role, valid_from=SINCE)
            account = identity.account(pk)
        if account is None:
            raise LookupError(username)
        return organisations.actor_for(account)

    def _enrol(self, unit_id: int, account_id: int, name: str, username: str) -> None:
        unit = organisations.institution(unit_id)
        kind = _KINDS.get(unit.type, "VOLUNTEER")
        number = int(hashlib.sha256(username.encode()).hexdigest(), 16) % 1_000_000
        licence = f"1{unit.division_code[:4]}20161{number % 2}{number:06d}" if kind == "LAWYER_FT" else ""
        organising.register_practitioner(
            SYSTEM, institution_id=unit_id, name=name, kind=kind, account_id=account_id, licence_no=licence,
            licensed_on=date(2016, 6, 1) if licence else None, licence_valid_to=LICENCE_END if licence else None,
            capacity=60, is_demonstration=True,
        )  # fmt: skip
