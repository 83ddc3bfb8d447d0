"""Live chat: the queue, two lawyers at once, hand-over, a lost connection, supervisors, and what becomes of it."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from fawang.base.identity.tests import factories as identities
from fawang.base.workorders import selectors as orders
from fawang.kernel import clock, ids
from fawang.kernel.errors import Invalid, NotPermitted
from fawang.kernel.events import selectors as log
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import chat_policy, selectors, services
from fawang.middle.intake.errors import (
    ChatEnded,
    ChatTaken,
    NoSuchChat,
    NoSuchContact,
    NotesConflict,
    NotOnDuty,
    NotThere,
    TooManyChats,
)
from fawang.middle.intake.models import Chat, ChatMessage, Contact
from fawang.middle.intake.services import chat_duty
from fawang.middle.intake.tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 28, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    """A Monday at noon."""
    with clock.at(NOON):
        yield


@pytest.fixture
def lawyer(unit):
    """A lawyer on chat duty."""
    return factories.lawyer(unit)


def start(words="老板拖欠三个月工资", actor=VISITOR, **more):
    secret = ids.token(40)
    services.start_chat(actor, secret=secret, words=words, **more)
    return secret


def token_of(secret):
    return Chat.objects.get(contact__number=selectors.chat_of(VISITOR, secret).number).token


def taken(lawyer, **more):
    secret = start(**more)
    return secret, services.take_chat(lawyer, chat=token_of(secret))


def words_of(view):
    return [line.happening or line.text for line in view.lines]


def test_a_conversation_from_the_first_word_to_the_rating(lawyer):
    secret = start(domain="D03")
    assert selectors.waiting_time(VISITOR, secret).place == 1
    token = services.take_chat(lawyer, chat=token_of(secret))
    services.answer_chat(lawyer, chat=token, text="您好，有合同吗？")
    services.say(VISITOR, secret=secret, text="没有签合同", key="k1")
    services.say(VISITOR, secret=secret, text="没有签合同", key="k1")
    seen = selectors.chat_of(VISITOR, secret)
    assert words_of(seen) == ["老板拖欠三个月工资", "TAKEN", "您好，有合同吗？", "没有签合同"]
    # what came after the last message the page has: nothing is lost over a lost connection
    assert words_of(selectors.visitor_update(VISITOR, secret, 2)) == ["您好，有合同吗？", "没有签合同"]
    with pytest.raises(NoSuchContact):
        services.rate_contact(seen.number, "WRONG", 5)
    services.leave_chat(VISITOR, secret=secret)
    with pytest.raises(ChatEnded):
        services.say(VISITOR, secret=secret, text="还有一句")
    services.rate_chat(VISITOR, secret=secret, grade=5, text="很清楚")
    number = services.wrap_up_chat(lawyer, chat=token, answer="可以申请仲裁。", wrap_up="CONSULTATION", domain="D03")
    contact = selectors.contact(lawyer, number)
    assert (contact.outcome, contact.grade, contact.words) == ("ANSWERED", 5, "老板拖欠三个月工资\n没有签合同")
    assert selectors.chat_desk(lawyer).to_wrap_up == ()


def test_nothing_that_was_said_is_in_the_database_in_clear(lawyer):
    secret, token = taken(lawyer, words="我叫王示例，电话 13900001234")
    services.answer_chat(lawyer, chat=token, text="请保存工资条")
    services.leave_chat(VISITOR, secret=secret)
    for model in (Chat, ChatMessage, Contact):
        text = str(list(model.objects.values()))
        assert "王示例" not in text and "工资条" not in text and "13900001234" not in text and secret not in text
    facts = str([event.data for event in log.stream(f"contact:{Contact.objects.get().pk}")])
    assert "王示例" not in facts and "工资条" not in facts


@pytest.mark.django_db(transaction=True)
def test_of_two_lawyers_at_the_same_moment_one_gets_it(unit):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory has no second connection that waits")
    lawyers = [factories.lawyer(unit) for _ in range(2)]
    token, barrier, got = token_of(start()), threading.Barrier(2), []

    def take(actor):
        barrier.wait()
        try:
            with clock.at(NOON):
                got.append(services.take_chat(actor, chat=token))
        except ChatTaken:
            got.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[actor]) for actor in lawyers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted([token, "taken"])
    assert ChatMessage.objects.filter(happening="TAKEN").count() == 1


def test_danger_comes_first_then_what_was_put_back_then_the_oldest(lawyer):
    plain, deadline = start("想问离婚"), start("仲裁明天到期怎么办")
    returned, calm = start("租房押金"), start("邻居漏水")
    chat_duty.chatting.put_back(Chat.objects.get(token=token_of(returned)), "LAWYER_LOST")
    services.say(VISITOR, secret=calm, text="他现在拿刀堵在门口")
    desk = selectors.chat_desk(lawyer)
    assert [row.token for row in desk.waiting] == [token_of(one) for one in (calm, returned, deadline, plain)]
    assert desk.waiting[0].urgency == "U1"


def test_a_lawyer_takes_only_when_signed_in_and_not_too_many(lawyer):
    tokens = [token_of(start(f"第{n}个问题")) for n in range(4)]
    for token in tokens[:3]:
        services.take_chat(lawyer, chat=token)
    with pytest.raises(TooManyChats):
        services.take_chat(lawyer, chat=tokens[3])
    services.end_chat(lawyer, chat=tokens[0])
    services.sign_in_to_chats(lawyer, is_on=False)
    with pytest.raises(NotOnDuty):
        services.take_chat(lawyer, chat=tokens[3])


def test_strangers_find_no_chat(lawyer, unit):
    secret, token = taken(lawyer)
    stranger, receptionist = factories.lawyer(factories.hotline()), factories.agent(unit)[1]
    colleague = factories.lawyer(unit)
    for actor in (stranger, colleague):
        with pytest.raises(NoSuchChat):
            selectors.chat(actor, token)
        with pytest.raises(NoSuchChat):
            services.answer_chat(actor, chat=token, text="插话")
    with pytest.raises(ChatTaken):
        services.take_chat(colleague, chat=token)
    with pytest.raises(NotPermitted):
        services.take_chat(receptionist, chat=token)
    for wrong in ("", "x", ids.token(40)):
        with pytest.raises(NoSuchChat):
            selectors.chat_of(VISITOR, wrong)
    citizen = replace(VISITOR, ref="account:1", party_id=identities.make_party())
    own = start(actor=citizen)
    assert selectors.chat_of(citizen, "").number == selectors.chat_of(citizen, own).number
    with pytest.raises(NoSuchChat):
        selectors.chat_of(VISITOR, own)
    # what is over is read by the unit's lawyers, and each reading is recorded
    services.leave_chat(VISITOR, secret=secret)
    assert selectors.chat(colleague, token).is_ended
    contact = Contact.objects.get(number=selectors.chat_of(VISITOR, secret).number)
    assert [event.name for event in log.stream(f"contact:{contact.pk}")][-1] == "intake.chat_read.v1"


def reads(secret):
    contact = Contact.objects.get(number=selectors.chat_of(VISITOR, secret).number)
    return [event.actor for event in log.stream(f"contact:{contact.pk}") if event.name == "intake.chat_read.v1"]


def test_no_part_of_a_chat_that_is_over_is_read_unrecorded(lawyer, unit):
    secret, token = taken(lawyer)
    supervisor, guest = (factories.agent(unit, "SUPERVISOR")[1] for _ in range(2))
    colleague = factories.lawyer(unit)
    services.join_chat(guest, chat=token)
    services.answer_chat(lawyer, chat=token, text="请保存工资条")
    services.leave_chat(VISITOR, secret=secret)
    for reader in (colleague, supervisor):
        assert "请保存工资条" in words_of(selectors.chat(reader, token, after=1))
    assert reads(secret) == [colleague.ref, supervisor.ref]
    # who was there hears the end of it; reading all of it again is a reading
    for present in (lawyer, guest):
        assert words_of(selectors.chat(present, token, after=3))
    selectors.chat(lawyer, token)
    assert len(reads(secret)) == 2
    selectors.chat(guest, token)
    assert reads(secret)[2:] == [guest.ref]


def test_words_of_a_chat_reach_only_its_lawyer_and_recorded_readers(lawyer, unit):
    secret, token = taken(lawyer, words="他打我，我叫王示例", domain="D01")
    services.answer_chat(lawyer, chat=token, text="请先报警")
    services.leave_chat(VISITOR, secret=secret)
    number = selectors.chat_of(VISITOR, secret).number
    reception, caller, office = (
        factories.agent(unit, role)[1] for role in ("RECEPTIONIST", "CALLBACK_AGENT", "JUSTICE_ADMIN_PROV")
    )
    for actor in (reception, caller, office):
        view, (row,) = selectors.contact(actor, number), selectors.contacts(actor).rows
        assert (view.words, view.is_hidden, view.about) == ("", True, "在线咨询 · 婚姻家庭")
        assert (row.words_short, row.outcome) == ("在线咨询 · 婚姻家庭", "ANSWERED")
    assert selectors.contact(lawyer, number).words == "他打我，我叫王示例"
    assert selectors.contacts(lawyer).rows[0].words_short == "他打我，我叫王示例"
    assert reads(secret) == []
    colleague, supervisor = factories.lawyer(unit), factories.agent(unit, "SUPERVISOR")[1]
    for reader in (colleague, supervisor):
        assert selectors.contacts(reader).rows[0].words_short == "在线咨询 · 婚姻家庭"
        for _ in range(2):
            assert selectors.contact(reader, number).words == "他打我，我叫王示例"
    assert reads(secret) == [colleague.ref, supervisor.ref]
    with clock.at(NOON + timedelta(minutes=11)):
        selectors.contact(colleague, number)
    assert len(reads(secret)) == 3


def test_notes_do_not_lead_around_it(lawyer, unit, orders_possible):
    secret, token = taken(lawyer, words="他打我，我叫王示例", domain="D01")
    services.leave_chat(VISITOR, secret=secret)
    number, reception = selectors.chat_of(VISITOR, secret).number, factories.agent(unit)[1]
    version = selectors.contact(reception, number).version
    saved = services.save_notes(reception, contact=number, version=version, words="", domain="D0101")
    assert (saved.domain, saved.words) == ("D0101", "")
    with pytest.raises(NotesConflict) as conflict:
        services.save_notes(reception, contact=number, version=version, domain="D02")
    assert conflict.value.data["theirs"] == ""
    for act in (
        lambda: services.save_notes(reception, contact=number, version=saved.version, words="别的"),
        lambda: services.keep_both_notes(reception, contact=number, words="别的"),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert services.keep_both_notes(reception, contact=number, words="").words == ""
    made = services.make_order(
        reception, contact=number, filing=factories.filing(), applicant=identities.party_data(phone=factories.PHONE)
    )
    assert "王示例" not in str(orders.get(reception, made.number))
    assert selectors.contact(lawyer, number).words == "他打我，我叫王示例"


def test_it_is_handed_to_a_colleague_or_to_another_unit_with_a_note(lawyer, unit):
    secret, token = taken(lawyer)
    colleague, away = factories.lawyer(unit), factories.hotline()
    people, units = selectors.colleagues(lawyer)
    assert len(people) == 1 and units == ()
    services.transfer_chat(lawyer, chat=token, note="涉及工伤，您更熟", colleague=people[0].token)
    assert "涉及工伤，您更熟" in words_of(selectors.chat(colleague, token))
    assert "涉及工伤，您更熟" not in words_of(selectors.chat_of(VISITOR, secret))
    with pytest.raises(NotThere):
        services.transfer_chat(colleague, chat=token, note="外地的事", unit=factories.token_of(away))
    other = factories.lawyer(away)
    services.transfer_chat(colleague, chat=token, note="外地的事", unit=factories.token_of(away))
    assert selectors.chat_of(VISITOR, secret).lines[-1].happening == "TO_UNIT"
    assert services.take_chat(other, chat=token) == token
    with pytest.raises(NoSuchChat):
        selectors.chat(colleague, token)


def test_a_supervisor_joins_openly_and_does_not_read_along_unseen(lawyer, unit, monkeypatch):
    secret, token = taken(lawyer)
    supervisor = factories.agent(unit, "SUPERVISOR")[1]
    with pytest.raises(NoSuchChat):
        selectors.chat(supervisor, token)
    with pytest.raises(NotPermitted):
        services.join_chat(supervisor, chat=token, is_open=False)
    services.join_chat(supervisor, chat=token)
    services.join_chat(supervisor, chat=token)
    services.answer_chat(supervisor, chat=token, text="请律师说明诉讼时效")
    assert words_of(selectors.chat_of(VISITOR, secret))[-2:] == ["JOINED", "请律师说明诉讼时效"]
    assert selectors.chat_of(VISITOR, secret).guests and selectors.chat(lawyer, token).guests
    quiet, other = factories.agent(unit, "SUPERVISOR")[1], taken(lawyer)
    policy = replace(chat_policy.current(), may_watch_silently=True)
    monkeypatch.setattr(chat_policy, "current", lambda: policy)
    services.join_chat(quiet, chat=other[1], is_open=False)
    assert selectors.chat(quiet, other[1]).guests == ()
    with pytest.raises(NoSuchChat):
        services.answer_chat(quiet, chat=other[1], text="不能说话")


def test_a_lawyer_who_vanishes_puts_the_chats_back_at_the_head(lawyer, unit):
    secret, token = taken(lawyer)
    services.answer_chat(lawyer, chat=token, text="请稍等")
    waiting = start("后来的人")
    with clock.at(NOON + timedelta(minutes=2)):
        assert chat_duty.return_chats() == 0
    with clock.at(NOON + timedelta(minutes=4)):
        colleague = factories.lawyer(unit)
        assert (chat_duty.return_chats(), chat_duty.return_chats()) == (1, 0)
        assert selectors.chat_of(VISITOR, secret).lines[-1].happening == "LAWYER_LOST"
        assert [row.token for row in selectors.chat_desk(colleague).waiting] == [token, token_of(waiting)]
        services.take_chat(colleague, chat=token)
        with pytest.raises(NoSuchChat):
            services.answer_chat(lawyer, chat=token, text="我回来了")
    # CO-01: who took it and writes nothing for three minutes loses it
    with clock.at(NOON + timedelta(minutes=8)):
        services.show_life(colleague)
        assert chat_duty.return_chats() == 1


def test_the_wait_is_told_honestly(lawyer, unit):
    assert selectors.waiting_time(VISITOR).minutes is None
    for _ in range(3):
        _secret, token = taken(lawyer)
        services.answer_chat(lawyer, chat=token, text="好")
        with clock.at(NOON + timedelta(minutes=12)):
            services.end_chat(lawyer, chat=token)
    assert selectors.waiting_time(VISITOR).minutes == 1
    for _ in range(3):
        taken(lawyer)
    last = start()
    # one lawyer, three at once, twelve minutes each: a place becomes free every four minutes
    assert selectors.waiting_time(VISITOR, last).minutes == 4
    with clock.at(NOON + timedelta(minutes=4)):
        assert selectors.waiting_time(VISITOR, last).minutes is None
    with clock.at(NOON.replace(hour=14)):
        waiting = selectors.waiting_time(VISITOR)
        assert not waiting.is_duty_time
        assert clock.local(waiting.next_duty).strftime("%m-%d %H:%M") == "09-29 08:30"


@pytest.mark.parametrize(
    "rubbish", ["", "   ", "啊" * 40, "！！！？？？", "QUJD" * 80, "字" + "长文" * 600, "a\x00b"], ids=range(7)
)
def test_what_is_no_message_is_refused_kindly(lawyer, rubbish):
    secret = start()
    with pytest.raises(Invalid) as refusal:
        services.say(VISITOR, secret=secret, text=rubbish)
    assert "text" in refusal.value.fields
    assert selectors.chat_of(VISITOR, secret).last == 1


def test_a_transcript_becomes_an_order(lawyer, orders_possible):
    _secret, token = taken(lawyer, words="工地拖欠工资", domain="D03")
    services.answer_chat(lawyer, chat=token, text="我帮您登记")
    number = services.note_chat(lawyer, chat=token)
    assert selectors.contact(lawyer, number).words == "工地拖欠工资"
    answers = {"story": selectors.contact(lawyer, number).words, "area": "510107", "domain": "D03"}
    made = services.make_order(
        lawyer,
        contact=number,
        filing=factories.filing(answers=answers),
        applicant=identities.party_data(phone=factories.PHONE),
    )
    order = orders.get(lawyer, made.number)
    assert (order.description, order.source) == ("工地拖欠工资", number)
    assert selectors.chat(lawyer, token).orders == (made.number,)


def test_a_call_back_is_asked_for_instead(lawyer):
    secret = start()
    services.call_me_back(VISITOR, secret=secret, phone=factories.PHONE)
    services.call_me_back(VISITOR, secret=secret, phone=factories.PHONE)
    key = ids.token(40)
    with clock.at(NOON.replace(hour=14)):
        for _ in range(2):
            services.call_me_back(VISITOR, phone="13900005678", words="想问劳动合同", key=key)
    rows = selectors.callback_list(lawyer).rows
    assert [clock.local(row.callback_due_at).strftime("%d %H:%M") for row in rows] == ["28 13:00", "29 09:30"]
    assert [row.words_short for row in rows] == ["在线请求回电", "在线请求回电"]
    assert selectors.contact(lawyer, rows[1].number).words == "想问劳动合同"
    assert selectors.chat_desk(lawyer).waiting == ()
    with pytest.raises(Invalid):
        services.call_me_back(VISITOR, phone="abc", words="想问", key=ids.token(40))


def test_who_left_does_not_wait_for_ever_and_words_are_not_kept_for_ever(lawyer):
    secret = start()
    with clock.at(NOON + timedelta(minutes=61)):
        assert chat_duty.end_left_chats() == 1
        assert selectors.chat_of(VISITOR, secret).ended_by == "SILENCE"
    with clock.at(NOON + timedelta(days=1100)):
        assert (chat_duty.erase_old_chats(), chat_duty.erase_old_chats()) == (1, 0)
        (message, _ended), contact = ChatMessage.objects.order_by("position"), Contact.objects.get()
        assert (message.text_sealed, contact.words) == ("", "")
        assert selectors.chat(lawyer, Chat.objects.get().token).lines[0].is_erased


def test_a_page_that_asks_for_news_costs_few_statements(lawyer, django_assert_max_num_queries):
    secret, token = taken(lawyer)
    with django_assert_max_num_queries(4):
        selectors.visitor_update(VISITOR, secret, 2)
    assert connection.vendor in {"sqlite", "postgresql"} and token
