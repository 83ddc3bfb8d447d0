"""A county where every line is served, and people who come through every door."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity import services as identities
from fawang.base.identity.tests import factories as people
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders.tests import factories
from fawang.front.api.tests.factories import Caller, partner
from fawang.front.frame.terminal import Terminal
from fawang.kernel import clock
from fawang.middle.intake.tests import factories as contacts
from tests.conformance.channels import Who


@dataclass
class County:
    """Who stands at the doors."""

    clerk: object
    operator: object
    partner: Caller
    kiosk: Terminal
    people: dict[str, Who]


def _applicants() -> dict[str, Who]:
    """A person with a verified identity, an organisation and an authority, each with somebody who acts for it."""
    number, id_no = people.phone(), people.id_card()
    account = people.make_account(number=number, id_no=id_no, name="王示例", level=4)
    found = {"PERSON": Who("PERSON", "王示例", number, id_no=id_no, account_id=account.pk)}
    for kind, prefix in (("ORG", "91"), ("AGENCY", "11")):
        phone, uscc = people.phone(), people.uscc(prefix=prefix)
        name = "示例贸易有限公司" if kind == "ORG" else "示例县机关"
        party = identities.take_party(
            people.SYSTEM, people.party_data(kind=kind, name=name, id_no="", uscc=uscc, phone=phone)
        ).id
        row = identities.ask_to_represent(
            people.SYSTEM, principal_id=party, agent_id=account.party_id, kind="ORG_AGENT", evidence="经办授权书"
        )
        identities.decide_representation(people.SYSTEM, row, is_granted=True)
        found[kind] = Who(kind, name, phone, uscc=uscc, account_id=account.pk, acting=f"for:{row}")
    return found


@pytest.fixture
def county(db, tmp_path, settings):
    """Everything that is needed to file any service."""
    settings.FAWANG_IS_DEMONSTRATION = True
    with clock.at(factories.NOON):
        factories.load_ground(tmp_path)
        lines = sorted({published.line for published in catalogue.items(listed_only=False)})
        for line in lines:
            institutions.make_institution(
                name=f"示例{line}", type="JUSTICE_OFFICE", lines=(line,), division_code="510107", capacity=10_000
            )
        centre = institutions.make_institution(name="武侯中心", type="JUSTICE_OFFICE", lines=(), division_code="510107")
        _account, clerk = institutions.make_staff("RECEPTIONIST", centre)
        hotline = contacts.hotline(lines=())
        _agent, operator = contacts.agent(hotline)
        kiosk = Terminal(name="一楼1号", unit=organisations.institution(centre).token, division="510107")
        yield County(clerk, operator, partner(centre), kiosk, _applicants())
