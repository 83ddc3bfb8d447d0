"""Name and number, and whether it is the person: what raises a level."""

from datetime import date

import pytest

from fawang.base.identity import errors, selectors, services
from fawang.base.identity.tests import factories
from fawang.kernel.errors import Invalid, NotFound, NotPermitted, PartnerUnavailable, RefusedByState
from fawang.kernel.events import selectors as events

pytestmark = pytest.mark.django_db
SYSTEM = factories.SYSTEM


def _unverified():
    return factories.make_account(level=1, name="张三", id_no="")


def test_verifying_name_and_number_raises_the_level(settings):
    settings.FAWANG_IDENTITY_VERIFIER = "demonstration"
    account, number = _unverified(), factories.id_card(born=date(1990, 3, 7))
    assert services.verify_identity(factories.citizen(account), account.party_id, "张三", number) == 2
    party = selectors.party(SYSTEM, account.party_id)
    assert (party.level, party.birth_date) == (2, date(1990, 3, 7))
    [event] = events.stream(f"party:{account.party_id}")
    assert event.data == {"how": "demonstration", "id_type": "ID_CARD", "level": 2}
    with pytest.raises(RefusedByState):
        services.verify_identity(factories.citizen(account), account.party_id, "张三", factories.id_card())


def test_verifying_merges_the_record_that_a_counter_made_and_its_things_stay_reachable(settings):
    settings.FAWANG_IDENTITY_VERIFIER = "demonstration"
    number = factories.id_card()
    counter = factories.make_party(id_no=number, name="张三")
    account = _unverified()
    actor = factories.citizen(account)
    services.verify_identity(actor, account.party_id, "张三", number)
    assert selectors.same_party_ids(account.party_id) == [account.party_id, counter]
    assert selectors.party_card(actor, counter)
    assert services.take_party(SYSTEM, factories.party_data(id_no=number)).id == account.party_id


def test_a_number_verified_under_another_account_is_refused(settings):
    settings.FAWANG_IDENTITY_VERIFIER = "demonstration"
    number = factories.id_card()
    factories.make_account(id_no=number)
    account = _unverified()
    with pytest.raises(errors.VerifiedElsewhere):
        services.verify_identity(factories.citizen(account), account.party_id, "张三", number)


def test_without_a_register_people_are_sent_to_a_counter(settings):
    settings.FAWANG_IDENTITY_VERIFIER = "none"
    account, number = _unverified(), factories.id_card()
    with pytest.raises(PartnerUnavailable):
        services.verify_identity(factories.citizen(account), account.party_id, "张三", number)
    clerk = factories.staff("RECEPTIONIST")
    assert services.confirm_at_counter(clerk, account.party_id, "张三", number) == 3
    with pytest.raises(NotPermitted):
        services.confirm_at_counter(factories.citizen(account), account.party_id, "张三", number)
    settings.FAWANG_IS_DEMONSTRATION = False
    settings.FAWANG_IDENTITY_VERIFIER = "demonstration"
    with pytest.raises(PartnerUnavailable):
        services.verify_identity(factories.citizen(account), account.party_id, "张三", number)


def test_a_verified_person_is_confirmed_online_where_a_partner_is_connected(settings):
    account = _unverified()
    with pytest.raises(errors.NeedsLevel):
        services.confirm_online(factories.citizen(account), account.party_id)
    services.verify_identity(factories.citizen(account), account.party_id, "张三", factories.id_card())
    actor = factories.citizen(account)
    settings.FAWANG_PRESENCE_CHECK = "none"
    assert not services.can_confirm_online()
    with pytest.raises(PartnerUnavailable, match="带证件"):
        services.confirm_online(actor, account.party_id)
    settings.FAWANG_PRESENCE_CHECK = "demonstration"
    with pytest.raises(NotFound):
        services.confirm_online(actor, factories.make_party())
    assert services.confirm_online(actor, account.party_id) == 3
    assert selectors.party(SYSTEM, account.party_id).level == 3
    settings.FAWANG_IS_DEMONSTRATION = False
    with pytest.raises(PartnerUnavailable):
        services.confirm_online(actor, account.party_id)


def test_another_face_is_refused_and_recorded(settings):
    class Other:
        is_demonstration = False

        def confirm(self, name, id_type, number):
            return False

    services.register_presence_check("other", Other())
    settings.FAWANG_PRESENCE_CHECK = "other"
    account = factories.make_account(level=2, name="张三")
    with pytest.raises(errors.NotVerified):
        services.confirm_online(factories.citizen(account), account.party_id)
    assert [e.name for e in events.stream(f"party:{account.party_id}")][-1:] == ["identity.verification_failed.v1"]
    assert selectors.party(SYSTEM, account.party_id).level == 2


def test_name_and_number_that_do_not_belong_together_are_refused_and_recorded(settings):
    class No:
        is_demonstration = False

        def verify(self, name, id_type, number):
            return False

    services.register_verifier("no", No())
    settings.FAWANG_IDENTITY_VERIFIER = "no"
    account = _unverified()
    actor = factories.citizen(account)
    with pytest.raises(errors.NotVerified):
        services.verify_identity(actor, account.party_id, "张三", factories.id_card())
    assert [e.name for e in events.stream(f"party:{account.party_id}")] == ["identity.verification_failed.v1"]
    with pytest.raises(Invalid):
        services.verify_identity(actor, account.party_id, "", "1")
    with pytest.raises(NotFound):
        services.verify_identity(actor, factories.make_party(), "张三", factories.id_card())
