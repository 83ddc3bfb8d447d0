"""What keeps chats from being a burden: how long they are, whom they ring up, and for how long a secret opens them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fawang.kernel import clock, ids
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import chat_policy, selectors, services
from fawang.middle.intake.errors import ChatFull
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
