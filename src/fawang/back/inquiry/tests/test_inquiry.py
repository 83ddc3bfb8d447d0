"""Evidence is registered by its digest; a look-up makes no order."""

import pytest

from fawang.base.organisations.tests import factories as institutions
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.errors import MakesNoOrder
from fawang.base.workorders.tests.factories import NOON, do, file
from fawang.base.workorders.tests.factories import build as build_world
from fawang.kernel import clock
from fawang.kernel.errors import Invalid
from fawang.kernel.policy import system

SYSTEM = system("test")
CHAT = {
    "kind": "chat", "evidence": "a1b2c3d4e5f6a1b2", "source": "我的手机", "captured_on": "2026-09-01", "has_original": True,
    "story": "对方承认欠款", "is_lawful": True, "urgency": "U3", "applicant_name": "王示例",
    "applicant_phone": "13800000001", "area": "510107",
}  # fmt: skip
DIGEST = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.fixture
def world(db, tmp_path):
    with clock.at(NOON):
        world = build_world(tmp_path)
        centre = institutions.make_institution(
            name="武侯示例中心", type="PLS_CENTRE", lines=("inquiry",), capacity=50, division_code="510107"
        )
        world.units["desk"] = centre
        for name, role in (("head", "INSTITUTION_ADMIN"), ("keeper", "HANDLER"), ("second", "REVIEWER")):
            account, world.people[name] = institutions.make_staff(role, centre)
            if role == "HANDLER":
                institutions.make_practitioner(centre, account_id=account.pk, name="周示例", kind="AID_OFFICER")
        yield world


def test_evidence_is_registered_and_its_deposit_recorded_after_the_archive(world):
    number = file(world, service="EVIDENCE_DEPOSIT", answers=CHAT)
    do(SYSTEM, number, "queue")
    do(world.dispatcher, number, "dispatch", unit=world.token("desk"))
    do(world.head, number, "sign")
    do(world.head, number, "assign", handler=world.handler_token("desk", "keeper"))
    do(world.keeper, number, "accept")
    kept = {"digest": DIGEST, "algorithm": "sm3", "computed_on": clock.today().isoformat(), "is_clean": True}
    with pytest.raises(Invalid) as refusal:
        do(world.keeper, number, "register_digest", **{**kept, "digest": "66c7"})
    assert set(refusal.value.fields) == {"digest"}
    do(world.keeper, number, "register_digest", **kept)
    assert not [c for c in orders.clocks(SYSTEM, number) if c.limit_id == "EV-01" and c.state == "RUNNING"]
    do(world.keeper, number, "note_contact", reached=True, text="已告知")
    do(world.keeper, number, "complete", result="ISSUED", text="已登记")
    do(world.second, number, "approve")
    do(world.supervisor, number, "close")
    do(
        world.keeper,
        number,
        "record_deposit",
        platform="示例存证平台",
        reference="EV1",
        deposited_on=clock.today().isoformat(),
    )
    assert orders.get(world.citizen, number).inner == "DEPOSITED"


@pytest.mark.parametrize(
    "code", ["FIND_INSTITUTION", "FIND_PERSON", "VERIFY_CERTIFICATE", "TRACK_ORDER", "VERIFY_EVIDENCE"]
)
def test_a_look_up_makes_no_order(world, code):
    with pytest.raises(MakesNoOrder):
        file(world, service=code, answers={"area": "510107"})
