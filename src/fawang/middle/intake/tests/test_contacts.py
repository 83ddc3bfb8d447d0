import re
from datetime import timedelta

import pytest

from fawang.base.identity import selectors as identity
from fawang.base.identity.tests import factories as identities
from fawang.base.identity.values import PartyData
from fawang.base.notifications.models import Message
from fawang.base.workorders import selectors as orders
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotLoggedIn, NotPermitted
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import selectors, services
from fawang.middle.intake.errors import (
    AlreadyRated,
    NoCallbackPlanned,
    NoSuchContact,
    NotesConflict,
    NotYetRatable,
    RatingOver,
)
from fawang.middle.intake.models import Contact
from fawang.middle.intake.tests import factories
from fawang.middle.intake.tests.factories import PHONE, contact, filing
from fawang.middle.intake.values import spoken

pytestmark = pytest.mark.django_db


def test_a_number_tells_the_day_and_nothing_about_how_many(operator):
    numbers = {contact(operator).number for _ in range(20)}
    assert len(numbers) == 20
    assert all(re.fullmatch(r"CT20\d{6}[2-9A-Z]{8}", number) for number in numbers)
    assert spoken("CT20261124ABCDEFGH") == "CT 20261124 ABCD EFGH"


def test_the_phone_is_sealed(operator):
    contact(operator)
    assert PHONE not in str(Contact.objects.values().get())


def test_only_agents_take_contacts(unit):
    with pytest.raises(NotLoggedIn):
        services.open_contact(VISITOR)
    with pytest.raises(NotPermitted):
        services.open_contact(factories.agent(unit, "SUPERVISOR")[1])


def test_another_units_contact_looks_like_not_there(operator):
    number = contact(operator, words="欠薪").number
    stranger = factories.agent(factories.hotline())[1]
    refusals = [
        lambda: selectors.contact(stranger, number),
        lambda: selectors.query_code(stranger, number),
        lambda: selectors.caller_history(stranger, number),
        lambda: services.save_notes(stranger, contact=number, version=2, words="x"),
        lambda: services.answer_on_the_spot(stranger, contact=number, answer="x"),
        lambda: services.plan_callback(stranger, contact=number),
        lambda: services.record_callback(stranger, contact=number, reached=False),
        lambda: services.close_contact(stranger, contact=number),
    ]
    for act in refusals:
        with pytest.raises(NoSuchContact):
            act()
    assert selectors.contacts(stranger).rows == ()
    assert selectors.history(stranger, PHONE).contacts == ()
    assert selectors.summary(stranger)["OPEN"] == 0


def test_supervisors_see_the_contacts_of_their_area_only(operator):
    number = contact(operator).number
    here = factories.hotline(type="JUSTICE_OFFICE", name="示例司法厅", lines=())
    away = factories.hotline(type="JUSTICE_OFFICE", name="示例湖北司法厅", division_code="420000", lines=())
    assert selectors.contact(factories.agent(here, "SUPERVISOR")[1], number).number == number
    with pytest.raises(NoSuchContact):
        selectors.contact(factories.agent(away, "SUPERVISOR")[1], number)


def test_notes_saved_elsewhere_are_not_overwritten_and_both_can_be_kept(operator):
    made = contact(operator)
    services.save_notes(operator, contact=made.number, version=made.version, words="第一页写的")
    with pytest.raises(NotesConflict) as conflict:
        services.save_notes(operator, contact=made.number, version=made.version, words="第二页写的")
    assert conflict.value.data["theirs"] == "第一页写的"
    assert selectors.contact(operator, made.number).words == "第一页写的"
    merged = services.keep_both_notes(operator, contact=made.number, words="第二页写的")
    assert "第一页写的" in merged.words
    assert "第二页写的" in merged.words
    again = services.keep_both_notes(operator, contact=made.number, words="第二页写的")
    assert again.words == merged.words


def test_a_repeated_save_is_no_conflict(operator):
    made = contact(operator)
    first = services.save_notes(operator, contact=made.number, version=made.version, words="同样的话")
    again = services.save_notes(operator, contact=made.number, version=made.version, words="同样的话")
    assert first.version == again.version


def test_wrong_notes_are_refused(operator):
    made = contact(operator)
    for wrong in ({"words": "a\x00b"}, {"words": "x" * 4001}, {"domain": "D77"}, {"phone": "12"}, {"wrap_up": "NO"}):
        with pytest.raises(Invalid):
            services.save_notes(operator, contact=made.number, version=made.version, **wrong)


def test_an_answer_on_the_spot_makes_no_order(operator):
    made = contact(operator, words="试用期多久")
    done = services.answer_on_the_spot(operator, contact=made.number, answer="三年以上合同不超过六个月。", key="k")
    again = services.answer_on_the_spot(operator, contact=made.number, answer="三年以上合同不超过六个月。", key="k")
    assert (done.outcome, done.orders, done.version) == ("ANSWERED", (), again.version)
    assert orders.queue(operator, name="area").rows == ()
    names = [e.name for e in events.stream(f"contact:{Contact.objects.get().pk}")]
    assert names == ["intake.contact_opened.v1", "intake.contact_answered.v1"]


def test_an_empty_answer_is_refused(operator):
    with pytest.raises(Invalid):
        services.answer_on_the_spot(operator, contact=contact(operator).number, answer="  ")


def test_the_caller_is_told_the_number_if_wanted(operator):
    made = contact(operator)
    services.answer_on_the_spot(operator, contact=made.number, answer="可以。", tell=True, key="once")
    services.answer_on_the_spot(operator, contact=made.number, answer="可以。", tell=True, key="once")
    assert Message.objects.count() == 1
    with pytest.raises(Invalid):
        services.answer_on_the_spot(operator, contact=contact(operator, phone="").number, answer="可以。", tell=True)


def test_one_contact_makes_several_orders_and_a_double_click_files_once(operator, orders_possible):
    made = contact(operator, words="两件事")
    who = PartyData(name="王芳")
    first = services.make_order(operator, contact=made.number, filing=filing(), applicant=who, key="1")
    same = services.make_order(operator, contact=made.number, filing=filing(), applicant=who, key="1")
    other = services.make_order(operator, contact=made.number, filing=filing(), applicant=who, key="2")
    assert first == same
    assert selectors.contact(operator, made.number).orders == (first.number, other.number)
    order = orders.get(operator, first.number)
    assert (order.channel, order.source, order.registrar) == ("11", made.number, operator.ref)
    assert first.extra["query_code"]


def test_a_contact_that_was_answered_can_become_an_order_later(operator, orders_possible):
    made = contact(operator)
    services.answer_on_the_spot(operator, contact=made.number, answer="先协商。")
    services.make_order(operator, contact=made.number, filing=filing(), applicant=PartyData(name="王芳"))
    after = selectors.contact(operator, made.number)
    assert (after.outcome, after.answer) == ("ORDER_MADE", "先协商。")


def test_a_refused_order_leaves_nothing_behind(operator, orders_possible):
    made = contact(operator)
    wrong = filing(answers={"story": "x"})
    with pytest.raises(Invalid):
        services.make_order(operator, contact=made.number, filing=wrong, applicant=PartyData(name="王芳"))
    assert selectors.contact(operator, made.number).orders == ()


def test_a_caller_known_only_by_number_is_recognised(operator, orders_possible):
    number = contact(operator, words="第一次来电").number
    known = selectors.history(operator, "139 0000 1234")
    assert [row.number for row in known.contacts] == [number]
    services.make_order(operator, contact=number, filing=filing(), applicant=PartyData(name="王芳"))
    known = selectors.history(operator, PHONE)
    assert [card.name_masked for card in known.cards] == ["王*"]
    assert len(known.orders) == 1
    assert selectors.history(operator, "13900009999").is_known is False


def test_an_agent_reaches_the_caller_of_an_open_contact_only(unit, orders_possible):
    lawyer = factories.agent(unit, "DUTY_LAWYER")[1]
    party = identities.make_party(phone=PHONE, name="王芳", id_no="")
    made = contact(lawyer)
    with pytest.raises(NotFound):
        identity.party_card(lawyer, party)
    Contact.objects.filter(number=made.number).update(party_id=party)
    assert identity.party_card(lawyer, party).name_masked == "王*"
    services.close_contact(lawyer, contact=made.number)
    with pytest.raises(NotFound):
        identity.party_card(lawyer, party)


def test_call_backs_are_tried_three_times_on_other_days(operator):
    number = contact(operator).number
    services.plan_callback(operator, contact=number)
    first = services.record_callback(operator, contact=number, reached=False)
    assert clock.local(first.callback_due_at).date() > clock.today()
    services.record_callback(operator, contact=number, reached=False)
    last = services.record_callback(operator, contact=number, reached=False)
    assert (last.callback_attempts, last.outcome, last.wrap_up) == (3, "ABANDONED", "UNREACHED")
    assert selectors.callback_list(operator).rows == ()
    with pytest.raises(NoCallbackPlanned):
        services.record_callback(operator, contact=number, reached=True, text="晚了")


def test_who_was_reached_leaves_the_list(operator):
    number = contact(operator).number
    planned = services.plan_callback(operator, contact=number)
    assert selectors.callbacks_due(operator) == 1
    done = services.record_callback(operator, contact=number, reached=True, text="已说明", version=planned.version)
    assert (done.outcome, done.answer) == ("ANSWERED", "已说明")
    with pytest.raises(NoCallbackPlanned):
        services.record_callback(operator, contact=number, reached=True, text="又一次", version=planned.version)
    assert selectors.callbacks_due(operator) == 0


def test_call_back_staff_of_the_area_may_record(operator):
    number = contact(operator).number
    services.plan_callback(operator, contact=number)
    office = factories.hotline(type="JUSTICE_OFFICE", name="示例厅", lines=())
    caller = factories.agent(office, "CALLBACK_AGENT")[1]
    assert [row.number for row in selectors.callback_list(caller).rows] == [number]
    services.record_callback(caller, contact=number, reached=True, text="满意")


def test_without_a_number_nobody_can_be_called_back(operator):
    with pytest.raises(Invalid):
        services.plan_callback(operator, contact=contact(operator, phone="").number)


def test_a_contact_is_rated_once_by_whoever_has_its_code(operator):
    number = contact(operator).number
    code = selectors.query_code(operator, number)
    with pytest.raises(NotYetRatable):
        services.rate_contact(number, code, 5)
    services.answer_on_the_spot(operator, contact=number, answer="好。")
    with pytest.raises(NoSuchContact):
        services.rate_contact(number, "AAAAAAAA", 5)
    with pytest.raises(Invalid):
        services.rate_contact(number, code, 6)
    assert selectors.by_code(number, code).may_rate
    services.rate_contact(spoken(number).lower(), f" {code[:4]} {code[4:]} ", 2, "等太久")
    with pytest.raises(AlreadyRated):
        services.rate_contact(number, code, 5)
    with clock.at(clock.now() + timedelta(days=200)), pytest.raises(RatingOver):
        services.rate_contact(number, code, 5)
    seen = selectors.contact(operator, number)
    assert (seen.grade, seen.rating_text) == (2, "等太久")


def test_lists_search_by_number_phone_name_and_order(operator, orders_possible):
    made = contact(operator, name="王芳")
    contact(operator, phone="13900005555")
    order = services.make_order(operator, contact=made.number, filing=filing(), applicant=PartyData(name="王芳"))
    for text in (made.number.lower(), order.number, PHONE, "王芳"):
        assert [row.number for row in selectors.contacts(operator, text=text).rows] == [made.number]
    page = selectors.contacts(operator, size=1)
    rest = selectors.contacts(operator, size=1, before=page.next_key)
    assert {page.rows[0].number, rest.rows[0].number} >= {made.number}
    assert rest.next_key == ""
    assert selectors.summary(operator) | {"ORDER_MADE": 1, "OPEN": 1} == selectors.summary(operator)


def test_words_of_danger_are_seen(operator):
    assert selectors.look_for_danger("他拿刀还在打我").urgency == "U1"
    assert selectors.look_for_danger("仲裁时效快过期了").urgency == "U2"
    assert selectors.look_for_danger("试用期工资").urgency == ""


def test_there_is_always_a_service_to_suggest(operator, orders_possible):
    assert selectors.suggestions("完全不相干的话")[-1].code == "GENERAL_DEMAND"
    assert selectors.suggestions("")[-1].code == "GENERAL_DEMAND"
