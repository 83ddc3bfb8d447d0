"""What keeps chats from being a burden: how long they are, whom they ring up, and for how long a secret opens them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fawang.kernel import clock, ids
from fawang.kernel.errors import Invalid
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import chat_policy, chatting, selectors, services
from fawang.middle.intake.errors import ChatFull, NoSuchChat
from fawang.middle.intake.models import Chat, ChatMessage
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


def start(words="老板拖欠三个月工资", **more):
    secret = ids.token(40)
    services.start_chat(VISITOR, secret=secret, words=words, **more)
    return secret


def test_the_desk_reads_the_last_message_of_a_chat_and_no_other(lawyer):
    chats = [(start(), Chat.objects.latest("id")) for _ in range(2)]
    for _secret, chat in chats:
        services.take_chat(lawyer, chat=chat.token)
    for number in range(5):
        services.say(VISITOR, secret=chats[0][0], text=f"第{number}句")
    services.answer_chat(lawyer, chat=chats[1][1].token, text="您好")
    services.answer_chat(lawyer, chat=chats[1][1].token, text="请说")
    with CaptureQueriesContext(connection) as queries:
        desk = selectors.chat_desk(lawyer)
    assert [(row.words_short, row.is_unread) for row in desk.mine] == [("第4句", True), ("请说", False)]
    said = [one["sql"] for one in queries if "text_sealed" in one["sql"]]
    assert len(said) == 1 and "LIMIT 1" in said[0]


def test_a_chat_has_an_end_and_says_so_kindly(lawyer):
    secret, most = start(), chat_policy.current().most
    token = Chat.objects.get().token
    services.take_chat(lawyer, chat=token)
    chat, sealed = Chat.objects.get(), ChatMessage.objects.get(position=1).text_sealed
    ChatMessage.objects.bulk_create(
        ChatMessage(
            chat=chat, position=chat.last_position + n, side="VISITOR", text_sealed=sealed, at=NOON - timedelta(hours=1)
        )
        for n in range(1, most - 1)
    )
    Chat.objects.update(last_position=chat.last_position + most - 2)
    services.say(VISITOR, secret=secret, text="最后一句", key="k")
    for act in (
        lambda: services.say(VISITOR, secret=secret, text="还有"),
        lambda: services.answer_chat(lawyer, chat=token, text="还有"),
    ):
        with pytest.raises(ChatFull) as refusal:
            act()
        assert str(most) in refusal.value.text
    # a repeat of what was taken is no refusal, and it can be ended
    services.say(VISITOR, secret=secret, text="最后一句", key="k")
    assert ChatMessage.objects.filter(happening="").count() == most
    services.leave_chat(VISITOR, secret=secret)


def asked(phone=factories.PHONE, **more):
    """A call-back that is asked for from the form; the secret."""
    key = ids.token(40)
    services.call_me_back(VISITOR, phone=phone, words="想问劳动合同", key=key, **more)
    return key


def test_a_number_is_rung_up_once_and_asked_for_three_times_a_day(lawyer):
    first = asked()
    services.call_me_back(VISITOR, phone=factories.PHONE, words="想问劳动合同", key=first)
    for _ in range(2):
        with pytest.raises(Invalid):
            services.call_me_back(VISITOR, phone=factories.PHONE, words="", key=ids.token(40))
    others = [asked("+86 139 0000 1234"), asked()]
    (row,) = selectors.callback_list(lawyer).rows
    due = {selectors.chat_of(VISITOR, secret).callback_due_at for secret in (first, *others)}
    # whoever asks is not told that a call was planned already
    assert due == {row.callback_due_at}
    with pytest.raises(Invalid) as refusal:
        asked()
    assert "12348" in refusal.value.fields["phone"]
    assert Chat.objects.count() == 3 and not Chat.objects.exclude(state="ENDED").exists()
    asked("13900005678")
    assert len(selectors.callback_list(lawyer).rows) == 2
    services.record_callback(lawyer, contact=row.number, reached=True, text="可以要求二倍工资")
    assert {selectors.contact(lawyer, selectors.chat_of(VISITOR, one).number).outcome for one in others} == {"ANSWERED"}
    assert {selectors.chat_of(VISITOR, one).callback_due_at for one in (first, *others)} == {None}
    with clock.at(NOON + timedelta(hours=25)):
        asked()


def test_a_call_that_is_planned_for_later_comes_sooner_when_it_is_asked_for_again(lawyer):
    asked()
    (row,) = selectors.callback_list(lawyer).rows
    services.record_callback(lawyer, contact=row.number, reached=False)
    (row,) = selectors.callback_list(lawyer).rows
    assert row.callback_due_at > NOON + timedelta(days=1)
    asked()
    (again,) = selectors.callback_list(lawyer).rows
    assert (again.number, again.callback_due_at) == (row.number, NOON + timedelta(hours=1))
    assert again.callback_attempts == 1


def test_a_secret_opens_a_chat_for_some_hours_after_its_end(lawyer):
    secrets = [start() for _ in range(2)]
    for secret in secrets:
        token = Chat.objects.get(secret_digest=chatting.digest_of(secret)).token
        services.take_chat(lawyer, chat=token)
        services.answer_chat(lawyer, chat=token, text="您好")
    with clock.at(NOON + timedelta(hours=30)):
        assert selectors.is_chatting(VISITOR, secrets[0])
        for secret in secrets:
            services.leave_chat(VISITOR, secret=secret)
    with clock.at(NOON + timedelta(hours=36)):
        assert selectors.chat_of(VISITOR, secrets[0]).may_rate
        services.rate_chat(VISITOR, secret=secrets[0], grade=5)
    with clock.at(NOON + timedelta(hours=36, seconds=1)):
        for act in (
            lambda: selectors.chat_of(VISITOR, secrets[1]),
            lambda: selectors.visitor_update(VISITOR, secrets[1], 0),
            lambda: services.rate_chat(VISITOR, secret=secrets[1], grade=5),
            lambda: services.say(VISITOR, secret=secrets[1], text="还在吗"),
            lambda: services.call_me_back(VISITOR, secret=secrets[1], phone=factories.PHONE),
        ):
            with pytest.raises(NoSuchChat):
                act()
