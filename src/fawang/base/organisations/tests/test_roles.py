from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fawang.base.identity import services as identity
from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import errors, selectors, services
from fawang.base.organisations.models import ApiKey, Membership
from fawang.base.organisations.tests import factories
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotPermitted, RefusedByState
from fawang.kernel.policy import Scope, scopes

SYSTEM = factories.SYSTEM


def _add(account, institution_id, role, actor=SYSTEM, **dates):
    return services.add_membership(actor, account_id=account.pk, institution_id=institution_id, role=role, **dates)


def test_a_member_acts_with_all_roles_of_one_institution_and_none_of_another():
    one, two = factories.make_institution(), factories.make_institution(division_code="510100", level="CITY")
    account = identities.make_staff_account()
    first = _add(account, one, "HANDLER")
    second = _add(account, one, "REVIEWER")
    third = _add(account, two, "DISPATCHER")
    actor = selectors.actor_for(account, f"member:{second}")
    assert actor.roles == {"HANDLER", "REVIEWER"}
    assert (actor.unit_id, actor.area, actor.member_id) == (one, "510107", first)
    assert selectors.actor_for(account) == actor
    other = selectors.actor_for(account, f"member:{third}")
    assert (other.roles, other.area, other.unit_id) == ({"DISPATCHER"}, "5101", two)
    assert [key for key, _label in selectors.ways_to_act(account)] == [f"member:{first}", f"member:{third}"]


def test_one_person_is_citizen_and_staff_one_at_a_time():
    party = identities.make_party()
    account = identities.make_staff_account(party_id=party)
    place = factories.make_institution()
    member = _add(account, place, "HANDLER")
    as_citizen = selectors.actor_for(account, "self")
    assert (as_citizen.roles, as_citizen.party_id, as_citizen.unit_id) == ({"CITIZEN"}, party, None)
    as_member = selectors.actor_for(account, f"member:{member}")
    assert (as_member.party_id, as_member.unit_id) == (None, place)
    assert [key for key, _label in selectors.ways_to_act(account)] == [f"member:{member}", "self"]


def test_a_citizen_acts_for_oneself_without_being_asked():
    account = identities.make_account()
    actor = selectors.actor_for(account)
    assert (actor.roles, actor.party_id, actor.level) == ({"CITIZEN"}, account.party_id, 2)
    assert selectors.ways_to_act(account)[0][0] == "self"


def test_a_membership_that_ended_or_has_not_begun_or_is_anothers_is_refused():
    place = factories.make_institution()
    account = identities.make_staff_account()
    member = _add(account, place, "HANDLER")
    services.end_membership(SYSTEM, member)
    with pytest.raises(RefusedByState):
        services.end_membership(SYSTEM, member)
    later = _add(account, place, "HANDLER", valid_from=clock.today() + timedelta(days=1))
    anothers = _add(identities.make_staff_account(), place, "HANDLER")
    for key in (member, later, anothers, 987654):
        with pytest.raises(errors.MembershipOver):
            selectors.actor_for(account, f"member:{key}")
    with pytest.raises(errors.MembershipOver):
        selectors.actor_for(account)
    with clock.at(clock.now() + timedelta(days=1, hours=1)):
        assert selectors.actor_for(account, f"member:{later}").roles == {"HANDLER"}


def test_a_membership_is_over_after_its_last_day():
    place = factories.make_institution()
    account = identities.make_staff_account()
    member = _add(account, place, "HANDLER", valid_to=clock.today())
    assert selectors.actor_for(account, f"member:{member}")
    with clock.at(clock.now() + timedelta(days=1, hours=1)), pytest.raises(errors.MembershipOver):
        selectors.actor_for(account, f"member:{member}")


@pytest.mark.parametrize("status", ["SUSPENDED", "REVOKED", "CLOSED"])
def test_nobody_acts_for_an_institution_that_may_not_work_and_the_message_says_so(status):
    place = factories.make_institution(name="示例停业所")
    account, _actor = factories.make_staff("HANDLER", place)
    member = Membership.objects.get(account=account).pk
    services.change_status(SYSTEM, place, status=status, reason="停业整顿")
    for acting in (f"member:{member}", ""):
        with pytest.raises(errors.InstitutionCannotAct) as refusal:
            selectors.actor_for(account, acting)
        assert "示例停业所" in refusal.value.text
    assert selectors.ways_to_act(account) == []


def test_an_unknown_way_of_acting_is_refused_and_never_falls_back():
    account = identities.make_account()
    for acting in ("boss", "member:", "member:x", "for:", "system:worker"):
        with pytest.raises(NotPermitted):
            selectors.actor_for(account, acting)


def test_a_closed_account_acts_as_nobody():
    account = identities.make_account()
    identity.close_account(SYSTEM, account.pk, reason="本人要求")
    account.refresh_from_db()
    with pytest.raises(NotPermitted):
        selectors.actor_for(account)


def test_an_agent_acts_for_the_represented_party_until_it_ends():
    principal, agent = identities.make_account(), identities.make_account(level=1)
    pk = identity.ask_to_represent(
        identities.citizen(principal), principal_id=principal.party_id, agent_id=agent.party_id, kind="PROXY"
    )
    actor = selectors.actor_for(agent, f"for:{pk}")
    assert (actor.roles, actor.party_id, actor.represents_id) == ({"PROXY"}, principal.party_id, principal.party_id)
    assert (actor.account_id, actor.level) == (agent.pk, 1)
    assert f"for:{pk}" in [key for key, _label in selectors.ways_to_act(agent)]
    with pytest.raises(errors.RepresentationOver):
        selectors.actor_for(principal, f"for:{pk}")
    identity.end_representation(identities.citizen(principal), pk)
    with pytest.raises(errors.RepresentationOver):
        selectors.actor_for(agent, f"for:{pk}")


@pytest.mark.parametrize("kind", ["ORG_USER", "ORG_AGENT"])
def test_who_acts_for_an_organisation_has_its_role(kind):
    agent, org = identities.make_account(), identities.make_org()
    pk = identity.ask_to_represent(SYSTEM, principal_id=org, agent_id=agent.party_id, kind=kind, evidence="营业执照")
    identity.decide_representation(SYSTEM, pk, is_granted=True)
    assert selectors.actor_for(agent, f"for:{pk}").roles == {kind}


ADMINISTRATORS = ["SYS_ADMIN", "SEC_ADMIN", "AUDIT_ADMIN"]


@pytest.mark.parametrize("held", ADMINISTRATORS)
@pytest.mark.parametrize("wanted", ADMINISTRATORS)
def test_no_account_holds_two_administrator_roles_anywhere(held, wanted):
    one, two = factories.make_institution(), factories.make_institution()
    account = identities.make_staff_account()
    member = _add(account, one, held)
    with pytest.raises(errors.AdministratorsSeparate):
        _add(account, two, wanted)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            account=account, institution_id=two, role=wanted, valid_from=clock.today(), created_at=clock.now()
        )
    services.end_membership(SYSTEM, member)
    assert _add(account, two, wanted)


def test_a_role_is_held_once_by_staff_only_and_must_be_a_members_role():
    place = factories.make_institution()
    account = identities.make_staff_account()
    _add(account, place, "HANDLER")
    with pytest.raises(errors.AlreadyMember):
        _add(account, place, "HANDLER")
    for who, role in ((account, "CITIZEN"), (account, "PARTNER_COURT"), (identities.make_account(), "HANDLER")):
        with pytest.raises(Invalid):
            _add(who, place, role)
    with pytest.raises(Invalid):
        _add(account, place, "REVIEWER", valid_to=clock.today() - timedelta(days=1))


def test_an_institutions_administrator_gives_ordinary_roles_to_its_own_people_only():
    place, other = factories.make_institution(), factories.make_institution()
    _account, admin = factories.make_staff("INSTITUTION_ADMIN", place)
    account = identities.make_staff_account()
    member = _add(account, place, "HANDLER", actor=admin)
    for role in ("INSTITUTION_ADMIN", "SEC_ADMIN", "SUPERVISOR", "JUSTICE_ADMIN_PROV"):
        with pytest.raises(NotPermitted):
            _add(account, place, role, actor=admin)
    with pytest.raises(NotFound):
        _add(account, other, "HANDLER", actor=admin)
    services.end_membership(admin, member)
    with pytest.raises(NotPermitted):
        _add(account, place, "HANDLER", actor=identities.staff("HANDLER", unit_id=place))


def test_the_security_administrator_gives_any_role():
    place = factories.make_institution()
    _account, security = factories.make_staff("SEC_ADMIN", place)
    assert _add(identities.make_staff_account(), place, "JUSTICE_ADMIN_COUNTY", actor=security)
    rows = selectors.members(security, place)
    assert {row.role for row in rows} == {"SEC_ADMIN", "JUSTICE_ADMIN_COUNTY"}
    with pytest.raises(NotPermitted):
        selectors.members(identities.citizen(identities.make_account()), place)
    with pytest.raises(NotFound):
        selectors.members(identities.staff("INSTITUTION_ADMIN", unit_id=place + 1), place)


def _key(place, **changes):
    data = {"institution_id": place, "name": "法院接口", "roles": ("PARTNER_COURT",), **changes}
    return services.create_key(SYSTEM, **data)


def test_a_partner_acts_with_its_key_in_one_statement(django_assert_num_queries):
    place = factories.make_institution(type="PARTNER_BODY", name="示例法院")
    plain = _key(place)
    with django_assert_num_queries(1):
        actor = selectors.actor_for_key(plain)
    row = ApiKey.objects.get()
    assert actor.ref == f"partner:{row.pk}"
    assert (actor.roles, actor.unit_id, actor.area) == ({"PARTNER_COURT"}, place, "510107")
    assert not actor.is_anonymous
    assert scopes(actor, "organisations.look_up") == {Scope.ANYONE}
    assert plain not in row.digest
    [shown] = selectors.keys(SYSTEM, place)
    assert shown.prefix in plain


def test_keys_that_are_revoked_over_unknown_or_of_a_suspended_institution_look_the_same():
    place, suspended = factories.make_institution(), factories.make_institution()
    revoked, over, halted = _key(place), _key(place, valid_to=clock.today()), _key(suspended)
    services.revoke_key(SYSTEM, selectors.keys(SYSTEM, place)[-1].id, reason="更换")
    services.change_status(SYSTEM, suspended, status="SUSPENDED", reason="停业整顿")
    assert selectors.actor_for_key(over)
    texts = set()
    with clock.at(clock.now() + timedelta(days=1, hours=1)):
        for plain in (revoked, over, halted, "fwk_x_y", "", "密钥", over + "x"):
            with pytest.raises(errors.KeyRefused) as refusal:
                selectors.actor_for_key(plain)
            texts.add(str(refusal.value))
    assert len(texts) == 1


def test_a_key_is_found_after_a_change_of_keys(settings):
    place = factories.make_institution()
    plain = _key(place)
    settings.FAWANG_KEYS = settings.FAWANG_KEYS.replace('"current": "t1"', '"current": "t0"')
    assert selectors.actor_for_key(plain)


def test_keys_are_made_and_revoked_by_the_security_administrator_with_reasons():
    place = factories.make_institution()
    _account, admin = factories.make_staff("INSTITUTION_ADMIN", place)
    with pytest.raises(NotPermitted):
        services.create_key(admin, institution_id=place, name="x", roles=("HANDLER",))
    for changes in ({"roles": ()}, {"roles": ("SEC_ADMIN",)}, {"name": ""}, {"valid_to": clock.today() - timedelta(1)}):
        with pytest.raises(Invalid):
            _key(place, **changes)
    with pytest.raises(NotFound):
        _key(987654)
    _key(place)
    pk = selectors.keys(SYSTEM, place)[0].id
    with pytest.raises(Invalid):
        services.revoke_key(SYSTEM, pk, reason=" ")
    services.revoke_key(SYSTEM, pk, reason="泄露")
    with pytest.raises(RefusedByState):
        services.revoke_key(SYSTEM, pk, reason="泄露")
    with pytest.raises(NotFound):
        services.revoke_key(SYSTEM, 987654, reason="x")
