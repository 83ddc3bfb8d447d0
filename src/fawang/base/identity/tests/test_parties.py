import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from fawang.base.identity import errors, selectors, services
from fawang.base.identity.models import Account, Party, Representation
from fawang.base.identity.tests import factories
from fawang.base.identity.values import Capacity, PartyData, PartyKind, RepresentationStatus
from fawang.kernel import clock, crypto
from fawang.kernel.errors import Invalid, NotFound, NotLoggedIn, NotPermitted, RefusedByState
from fawang.kernel.events import selectors as events
from fawang.kernel.events.models import Event
from fawang.kernel.policy import VISITOR

pytestmark = pytest.mark.django_db
SYSTEM = factories.SYSTEM
KEYS = {"t0": "00" * 32, "t1": "11" * 32}


def _ring(settings, current):
    settings.FAWANG_KEYS = json.dumps({"current": current, "keys": KEYS})


def test_the_same_number_is_the_same_party_however_it_is_typed():
    number = factories.id_card()
    first = services.take_party(SYSTEM, factories.party_data(id_no=number))
    again = services.take_party(SYSTEM, factories.party_data(id_no=f" {number.lower()} ", name="另一个名字"))
    household = services.take_party(SYSTEM, factories.party_data(id_no=number, id_type="HOUSEHOLD"))
    assert first.is_new
    assert not again.is_new
    assert first.id == again.id == household.id
    assert Party.objects.get().name == "张三丰"


def test_a_party_is_found_or_made_in_two_statements(django_assert_max_num_queries):
    data = factories.party_data()
    with django_assert_max_num_queries(2):
        services.take_party(SYSTEM, data)
    with django_assert_max_num_queries(1):
        services.take_party(SYSTEM, data)
    with django_assert_max_num_queries(2):
        services.take_party(SYSTEM, PartyData(name="李四", phone=factories.phone()))


def test_a_twin_that_was_committed_in_between_is_returned_instead(monkeypatch):
    from fawang.base.identity.services import parties

    for data in (
        factories.party_data(),
        PartyData(name="李四", phone=factories.phone()),
        PartyData(name="示例公司", kind=PartyKind.ORG, uscc=factories.uscc()),
    ):
        first = services.take_party(SYSTEM, data)
        with monkeypatch.context() as patch:
            # the moment before the other's commit: the look-up sees nothing
            patch.setattr(parties, "_find", lambda data: None)
            assert services.take_party(SYSTEM, data).id == first.id
    assert Party.objects.count() == 3


def test_a_caller_without_a_number_is_recognised_by_telephone_and_name():
    phone = factories.phone()
    first = services.take_party(SYSTEM, PartyData(name="李四", phone=phone))
    assert services.take_party(SYSTEM, PartyData(name="李四", phone=f"+86 {phone}")).id == first.id
    assert services.take_party(SYSTEM, PartyData(name="李五", phone=phone)).id != first.id
    cards = selectors.parties_by_phone(factories.staff("RECEPTIONIST"), phone)
    assert [card.name_masked for card in cards] == ["李*", "李*"]


def test_two_of_one_name_on_one_telephone_are_not_mixed_up():
    phone = factories.phone()
    senior = services.take_party(SYSTEM, factories.party_data(name="李四", phone=phone))
    junior = services.take_party(SYSTEM, factories.party_data(name="李四", phone=phone))
    assert senior.id != junior.id
    caller = services.take_party(SYSTEM, PartyData(name="李四", phone=phone))
    assert caller.id not in (senior.id, junior.id)
    assert services.take_party(SYSTEM, PartyData(name="李四", phone=phone)).id == caller.id


def test_unnamed_parties_are_always_new():
    data = PartyData(kind=PartyKind.ANONYMOUS)
    assert services.take_party(SYSTEM, data).id != services.take_party(SYSTEM, data).id


def test_every_wrong_field_gets_its_sentence():
    with pytest.raises(Invalid) as refusal:
        services.take_party(
            SYSTEM,
            PartyData(
                name="",
                id_no="510107199003075318",
                phone="1",
                email="x",
                division_code="51",
                nationality="Z",
                kind="ROBOT",
                uscc="1",
                birth_date=clock.today() + timedelta(days=1),
                address="a\x00",
            ),
        )
    assert set(refusal.value.fields) == {
        "name", "id_no", "phone", "email", "division_code", "nationality", "kind", "uscc", "birth_date", "address",
    }  # fmt: skip
    assert not Party.objects.exists()


def test_an_organisation_is_found_by_its_code_and_its_name_is_not_masked():
    code = factories.uscc()
    org = factories.make_org(uscc=code)
    assert factories.make_org(uscc=code.lower()) == org
    card = selectors.party_card(SYSTEM, org)
    assert card.name_masked == "示例贸易有限公司"
    assert card.id_masked.startswith(code[:6] + "****")
    with pytest.raises(Invalid):
        services.take_party(SYSTEM, factories.party_data(uscc=code))


def test_nothing_personal_is_stored_in_clear():
    data = factories.party_data(email="someone@example.cn", address="某路1号")
    party_id = services.take_party(SYSTEM, data).id
    row = Party.objects.filter(pk=party_id).values().get()
    stored = " ".join(str(value) for value in row.values())
    for secret in (data.id_no, data.phone, data.email, data.address):
        assert secret not in stored
    assert data.id_no not in repr(data)


def test_a_card_is_masked_and_birth_date_tells_capacity():
    number = factories.id_card(born=date(clock.today().year - 10, 1, 1))
    party_id = factories.make_party(id_no=number, phone="13900001234", email="s@example.cn", address="某路1号")
    card = selectors.party_card(SYSTEM, party_id)
    assert card.name_masked == "张**"
    assert card.id_masked == number[:6] + "********" + number[-4:]
    assert card.phone_masked == "139****1234"
    assert card.email_masked == "s***@example.cn"
    assert card.address_masked == "****"
    assert card.is_minor
    assert selectors.party(SYSTEM, party_id).capacity == Capacity.LIMITED
    elder = factories.make_party(id_no=factories.id_card(born=date(1950, 1, 1)))
    assert selectors.party_card(SYSTEM, elder).is_elderly
    unknown = factories.make_party(id_no="")
    assert selectors.party(SYSTEM, unknown).capacity == Capacity.UNKNOWN


def test_not_yours_looks_like_not_there():
    account, other = factories.make_account(), factories.make_party()
    actor = factories.citizen(account)
    assert selectors.party_card(actor, account.party_id).id == account.party_id
    texts = set()
    for party_id in (other, 987654):
        for ask in (selectors.party, selectors.party_card, selectors.representations, selectors.consents):
            with pytest.raises(NotFound) as refusal:
                ask(actor, party_id)
            texts.add(str(refusal.value))
        with pytest.raises(NotFound) as refusal:
            services.unmask(actor, party_id, "phone", "想看看")
        texts.add(str(refusal.value))
    assert len(texts) == 1
    with pytest.raises(NotLoggedIn):
        selectors.party_card(VISITOR, other)


def test_a_handler_sees_only_parties_that_the_work_names():
    party_id, other = factories.make_party(), factories.make_party()
    handler = factories.staff("HANDLER")
    with pytest.raises(NotFound):
        selectors.party_card(handler, party_id)
    services.register_reach("test", lambda actor, pk: actor.unit_id == 1 and pk == party_id)
    try:
        assert selectors.party_card(handler, party_id)
        assert list(selectors.party_cards(handler, [party_id, other])) == [party_id]
        assert services.unmask(handler, party_id, "phone", "联系当事人")
        with pytest.raises(NotFound):
            selectors.party_card(factories.staff("HANDLER", unit_id=2), party_id)
        with pytest.raises(ValueError):
            services.register_reach("test", lambda actor, pk: True)
    finally:
        services.forget_reach("test")


def test_finding_by_telephone_is_for_the_front_desk():
    with pytest.raises(NotPermitted):
        selectors.parties_by_phone(factories.citizen(factories.make_account()), "13800001234")
    with pytest.raises(Invalid):
        selectors.parties_by_phone(factories.staff("RECEPTIONIST"), "x")


def test_unmasking_needs_a_reason_and_is_recorded_without_the_value():
    number = factories.id_card()
    party_id = factories.make_party(id_no=number)
    clerk = factories.staff("RECEPTIONIST", account_id=7)
    for reason in ("", " ", "x", "a\x00b", "长" * 201):
        with pytest.raises(Invalid):
            services.unmask(clerk, party_id, "id_no", reason)
    with pytest.raises(Invalid):
        services.unmask(clerk, party_id, "password", "核对身份")
    assert services.unmask(clerk, party_id, "id_no", "核对身份") == number
    [event] = events.stream(f"party:{party_id}")
    assert event.name == "identity.field_unmasked.v1"
    assert event.actor == "account:7"
    assert event.data == {"field": "id_no", "reason": "核对身份"}
    assert selectors.unmaskings(factories.staff("AUDIT_ADMIN"), party_id)
    with pytest.raises(NotPermitted):
        selectors.unmaskings(clerk, party_id)
    with pytest.raises(NotPermitted):
        services.unmask(factories.staff("ANALYST"), party_id, "id_no", "核对身份")


def test_own_values_prefill_a_form():
    account = factories.make_account(email="s@example.cn")
    mine = services.own_values(factories.citizen(account))
    assert mine.email == "s@example.cn"
    assert mine.id_no
    with pytest.raises(NotFound):
        services.own_values(factories.staff("HANDLER"))


def test_messages_are_delivered_by_the_system_only():
    account = factories.make_account(number="13900004321")
    contact = services.contact_for_delivery(SYSTEM, party_id=account.party_id)
    assert contact == services.contact_for_delivery(SYSTEM, account_id=account.pk)
    assert contact.phone == "13900004321"
    assert "13900004321" not in repr(contact)
    assert services.contact_for_delivery(SYSTEM, party_id=987654) is None
    with pytest.raises(NotPermitted):
        services.contact_for_delivery(factories.staff("RECEPTIONIST"), party_id=account.party_id)


def test_details_change_field_by_field_and_the_event_names_only_the_fields(places):
    account = factories.make_account(level=1)
    actor = factories.citizen(account)
    services.change_details(actor, party_id=account.party_id, name="李四", email="l@example.cn", division_code="510107")
    mine = services.own_values(actor)
    assert (mine.name, mine.email, mine.division_code) == ("李四", "l@example.cn", "510107")
    [event] = events.stream(f"party:{account.party_id}")
    assert event.data == {"fields": ["division_code", "email", "name"]}
    with pytest.raises(Invalid) as refusal:
        services.change_details(actor, party_id=account.party_id, name="", email="x", division_code="999999")
    assert set(refusal.value.fields) == {"name", "email", "division_code"}
    with pytest.raises(NotFound):
        services.change_details(actor, party_id=factories.make_party(), name="王五")


def test_a_verified_name_is_not_changed_by_hand():
    account = factories.make_account(level=2)
    with pytest.raises(Invalid):
        services.change_details(factories.citizen(account), party_id=account.party_id, name="别人")


def test_an_act_that_needs_a_level_says_how_to_get_there():
    account = factories.make_account(level=1)
    actor = factories.citizen(account)
    services.require_level(actor, 1)
    services.require_level(factories.staff("HANDLER"), 4)
    services.require_level(SYSTEM, 4)
    for level in (2, 3, 4):
        with pytest.raises(errors.NeedsLevel) as refusal:
            services.require_level(actor, level)
        assert refusal.value.data == {"needed": level, "held": 1}
        assert len(refusal.value.text) > 10


def _ask(actor, principal, agent, kind="PROXY", **changes):
    return services.ask_to_represent(actor, principal_id=principal, agent_id=agent, kind=kind, **changes)


def test_who_appoints_a_proxy_is_represented_at_once():
    principal, agent = factories.make_account(), factories.make_account()
    pk = _ask(factories.citizen(principal), principal.party_id, agent.party_id)
    [held] = selectors.acts_for(agent.party_id)
    assert held.id == pk
    assert held.covers("consultation", clock.today())
    services.end_representation(factories.citizen(agent), pk)
    assert selectors.acts_for(agent.party_id) == []
    with pytest.raises(RefusedByState):
        services.end_representation(factories.citizen(agent), pk)


def test_who_asks_to_represent_waits_for_a_decision():
    principal, agent = factories.make_account(), factories.make_account()
    actor = factories.citizen(agent)
    with pytest.raises(Invalid):
        _ask(actor, principal.party_id, agent.party_id, "GUARDIAN")
    pk = _ask(actor, principal.party_id, agent.party_id, "GUARDIAN", evidence="户口簿", scope=("mediation",))
    assert selectors.acts_for(agent.party_id) == []
    with pytest.raises(errors.RepresentationExists):
        _ask(actor, principal.party_id, agent.party_id, "GUARDIAN", evidence="户口簿")
    with pytest.raises(NotPermitted):
        services.decide_representation(actor, pk, is_granted=True)
    clerk = factories.staff("RECEPTIONIST")
    with pytest.raises(Invalid):
        services.decide_representation(clerk, pk, is_granted=False)
    services.decide_representation(clerk, pk, is_granted=True)
    [held] = selectors.acts_for(agent.party_id)
    assert held.covers("mediation", clock.today())
    assert not held.covers("notary", clock.today())
    with pytest.raises(RefusedByState):
        services.decide_representation(clerk, pk, is_granted=True)


def test_a_refused_request_gives_nothing():
    principal, agent = factories.make_account(), factories.make_account()
    pk = _ask(factories.citizen(agent), principal.party_id, agent.party_id, evidence="委托书")
    services.decide_representation(factories.staff("RECEPTIONIST"), pk, is_granted=False, reason="委托书没有签名")
    assert selectors.acts_for(agent.party_id) == []
    assert Representation.objects.get(pk=pk).status == RepresentationStatus.REFUSED


def test_representations_are_refused_for_strangers_oneself_and_turned_dates():
    one, two, three = (factories.make_account() for _ in range(3))
    actor = factories.citizen(one)
    with pytest.raises(NotFound):
        _ask(actor, two.party_id, three.party_id, evidence="x")
    with pytest.raises(Invalid):
        _ask(actor, one.party_id, one.party_id)
    with pytest.raises(Invalid):
        _ask(actor, one.party_id, two.party_id, "FRIEND")
    with pytest.raises(Invalid):
        _ask(actor, one.party_id, two.party_id, valid_to=clock.today() - timedelta(days=1))
    with pytest.raises(NotFound):
        _ask(actor, one.party_id, 987654)
    pk = _ask(actor, one.party_id, two.party_id)
    with pytest.raises(NotFound):
        services.end_representation(factories.citizen(three), pk)


def test_a_representation_is_over_after_its_last_day():
    principal, agent = factories.make_account(), factories.make_account()
    _ask(factories.citizen(principal), principal.party_id, agent.party_id, valid_to=clock.today())
    assert selectors.acts_for(agent.party_id)
    with clock.at(clock.now() + timedelta(days=2)):
        assert selectors.acts_for(agent.party_id) == []


def test_consents_are_given_once_and_withdrawn_as_easily():
    account = factories.make_account()
    actor = factories.citizen(account)
    give = {"party_id": account.party_id, "purpose": "face", "version": "1", "text": "同意书正文", "channel": "WEB"}
    pk = services.give_consent(actor, **give)
    assert services.give_consent(actor, **give) == pk
    assert selectors.has_consented(account.party_id, "face", "1")
    assert not selectors.has_consented(account.party_id, "face", "2")
    assert services.withdraw_consent(actor, party_id=account.party_id, purpose="face") == 1
    assert services.withdraw_consent(actor, party_id=account.party_id, purpose="face") == 0
    assert not selectors.has_consented(account.party_id, "face")
    [row] = selectors.consents(actor, account.party_id)
    assert row.withdrawn_at is not None
    assert services.give_consent(actor, **give) != pk
    for changes in ({"text": ""}, {"channel": "PIGEON"}):
        with pytest.raises(Invalid):
            services.give_consent(actor, **{**give, **changes, "version": "3"})
    for act in (
        lambda other: services.give_consent(actor, **{**give, "party_id": other}),
        lambda other: services.withdraw_consent(actor, party_id=other, purpose="face"),
    ):
        with pytest.raises(NotFound):
            act(factories.make_party())


def test_after_a_change_of_keys_old_values_are_found_opened_and_rewritten(settings):
    _ring(settings, "t0")
    number = factories.id_card()
    account = factories.make_account(id_no=number, number="13900005555", email="s@example.cn")
    caller = services.take_party(SYSTEM, PartyData(name="李四", phone="13900005556")).id
    org_code = factories.uscc()
    org = factories.make_org(uscc=org_code)
    _ring(settings, "t1")

    def everything_is_found():
        assert services.take_party(SYSTEM, factories.party_data(id_no=number)).id == account.party_id
        assert services.take_party(SYSTEM, PartyData(name="李四", phone="13900005556")).id == caller
        assert factories.make_org(uscc=org_code) == org
        assert services.unmask(SYSTEM, account.party_id, "id_no", "测试轮换") == number
        assert services.unmask(SYSTEM, account.party_id, "email", "测试轮换") == "s@example.cn"

    everything_is_found()
    assert ":t0:" in Party.objects.get(pk=account.party_id).id_no_sealed
    out = io.StringIO()
    call_command("identity", "reseal", "--batch", "1", stdout=out)
    assert "t1" in out.getvalue()
    for row in Party.objects.all():
        for value in (row.id_no_sealed, row.id_no_index, row.uscc_index, row.phone_sealed, row.phone_index,
                      row.contact_index, row.email_sealed):  # fmt: skip
            assert not value or ":t1:" in value
    assert ":t1:" in Account.objects.get(pk=account.pk).phone_index
    everything_is_found()
    assert services.reseal() == (0, 0)


def test_a_sealed_value_of_one_field_does_not_open_as_another():
    sealed = crypto.seal("13900001234", context="identity.phone")
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(sealed, context="identity.id_no")


def test_no_event_of_the_room_carries_a_number():
    number = factories.id_card()
    account = factories.make_account(id_no=number, number="13900004444")
    services.unmask(SYSTEM, account.party_id, "id_no", "核对身份")
    text = " ".join((e.body.data or "") + e.stream for e in Event.objects.select_related("body"))
    assert number not in text
    assert "13900004444" not in text
