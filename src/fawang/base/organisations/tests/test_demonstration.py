import io

import pytest
from django.core.management import CommandError, call_command

from fawang.base.divisions import services as division_services
from fawang.base.divisions.tests import factories as divisions
from fawang.base.identity import errors as identity_errors
from fawang.base.identity import services as identity
from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import demonstration, selectors
from fawang.base.organisations.models import Institution, Membership, Practitioner

CITIES = {
    "成都市": {
        "code": "510100000000",
        "counties": {
            "锦江区": "510104000000", "青羊区": "510105000000", "金牛区": "510106000000", "武侯区": "510107000000",
            "成华区": "510108000000", "龙泉驿区": "510112000000",
        },
    },
    "绵阳市": {
        "code": "510700000000",
        "counties": {"涪城区": "510703000000", "游仙区": "510704000000", "江油市": "510781000000"},
    },
    "宜宾市": {
        "code": "511500000000",
        "counties": {"翠屏区": "511502000000", "南溪区": "511503000000", "江安县": "511523000000"},
    },
    "阿坝藏族羌族自治州": {"code": "513200000000", "counties": {"汶川县": "513221000000"}},
}  # fmt: skip


@pytest.fixture
def sichuan(tmp_path):
    main = {"meta": divisions.MAIN["meta"], "provinces": {"四川省": {"code": "510000000000", "cities": CITIES}}}
    folder = tmp_path / "sichuan"
    folder.mkdir()
    townships = {"510107000000": divisions.TOWNSHIPS["510107000000"]}
    history = {"meta": {}, "events": []}
    division_services.load(divisions.ACTOR, divisions.write(folder, main=main, townships=townships, history=history))


def test_the_demonstration_loads_twice_without_doubling(sichuan):
    out = io.StringIO()
    call_command("organisations", "demonstration", stdout=out)
    before = (Institution.objects.count(), Practitioner.objects.count(), Membership.objects.count())
    assert before[0] > 90
    call_command("organisations", "demonstration", stdout=io.StringIO())
    assert (Institution.objects.count(), Practitioner.objects.count(), Membership.objects.count()) == before
    assert "operator" in out.getvalue()
    assert not Institution.objects.exclude(is_demonstration=True, name__contains="示例").exists()
    assert not Practitioner.objects.exclude(is_demonstration=True, name__contains="示例").exists()
    for county in (c for city in CITIES.values() for c in city["counties"].values()):
        codes = [county[:6], county[:4] + "00", county[:2] + "0000"]
        for line in ("consultation", "mediation"):
            for candidate in selectors.candidates(line, codes):
                assert selectors.handlers(candidate.id)
            assert len(selectors.candidates(line, codes)) >= 2


def test_everybody_of_the_demonstration_logs_in_and_acts(sichuan, sent_codes):
    demonstration.load()
    rows = demonstration.demonstration_logins()
    for row in rows:
        if row.username:
            code = identities.totp_code(row.totp)
            account = identity.login_by_password(row.username, row.password, "203.0.113.1", code)
            assert selectors.actor_for(account).roles
        else:
            identity.request_phone_code(row.phone, "203.0.113.1")
            account = identity.login_by_phone_code(row.phone, sent_codes.code, "203.0.113.1")
            assert selectors.actor_for(account).level == 2
    with pytest.raises(identity_errors.NeedsTotp):
        identity.login_by_password("operator", rows[0].password, "203.0.113.1")


@pytest.fixture
def sent_codes(settings):
    outbox = identities.Collected()
    identity.register_sender("collected", outbox)
    settings.FAWANG_SMS_SENDER = "collected"
    return outbox


def test_a_real_installation_refuses_the_demonstration(sichuan, settings):
    settings.FAWANG_IS_DEMONSTRATION = False
    with pytest.raises(CommandError):
        call_command("organisations", "demonstration")
    assert demonstration.demonstration_logins() == []
    assert not Institution.objects.exists()


def test_without_divisions_the_demonstration_says_what_to_load():
    with pytest.raises(CommandError, match="divisions load"):
        call_command("organisations", "demonstration")
