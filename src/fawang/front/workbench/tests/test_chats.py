"""The desk of chat duty as pages: take, talk, hand on, join, wrap up, make an order, publish without the people."""

import pytest

from fawang.base.organisations.tests import factories as organisations
from fawang.base.workorders.tests.factories import do, file
from fawang.front.workbench.tests.factories import client_of, text_of
from fawang.kernel import ids
from fawang.kernel.events import selectors as log
from fawang.kernel.outbox.services import drain
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import selectors, services
from fawang.middle.intake.models import Chat, Contact
from fawang.middle.intake.tests.factories import lawyer as on_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(staff):
    """A hotline with chat duty."""
    return organisations.make_institution(
        type="HOTLINE_CENTRE", name="示例热线", division_code="510000", level="PROVINCE"
    )


@pytest.fixture
def lawyer(unit):
    """A lawyer there, not signed in yet."""
    return organisations.make_staff("DUTY_LAWYER", unit)[1]


def start(words="老板拖欠三个月工资"):
    secret = ids.token(40)
    services.start_chat(VISITOR, secret=secret, words=words, domain="D03")
    return secret, Chat.objects.latest("id").token


def test_a_lawyer_signs_in_takes_talks_and_wraps_up(lawyer, unit):
    desk, (secret, token) = client_of(lawyer), start()
    _danger, first = start("他拿刀威胁我")
    assert "请先签到" in text_of(desk.post(f"/work/chats/{token}/take/", follow=True))
    desk.post("/work/chats/seat/", {"on": "1"})
    page = text_of(desk.get("/work/chats/"))
    assert page.index(first) < page.index(token) and "有危险" in page
    seen = page.split("seen=")[1].split("&")[0]
    assert desk.get(f"/work/chats/list/?seen={seen}").status_code == 204
    assert desk.post(f"/work/chats/{token}/take/").url == f"/work/chats/{token}/"
    assert "已由同事接待" in text_of(client_of(on_duty(unit)).post(f"/work/chats/{token}/take/", follow=True))
    page = text_of(desk.get(f"/work/chats/{token}/"))
    assert "老板拖欠三个月工资" in page and "data-phrase" in page and 'data-into="#q-text"' in page
    for _ in range(2):
        desk.post(f"/work/chats/{token}/say/", {"text": "有合同吗？", "key": "k1"})
    services.say(VISITOR, secret=secret, text="没有<i>签</i>")
    fresh = text_of(desk.get(f"/work/chats/{token}/new/?after=3"))
    assert "没有&lt;i&gt;签&lt;/i&gt;" in fresh and "有合同吗" not in fresh
    assert desk.post(f"/work/chats/{token}/say/", {"text": "", "key": "k2"}).status_code == 422
    wrong = desk.post(f"/work/chats/{token}/wrap-up/", {"answer": "", "wrap_up": "CONSULTATION"})
    assert wrong.status_code == 422 and "请填写" in text_of(wrong)
    made = desk.post(f"/work/chats/{token}/order/", {"service": "GENERAL_DEMAND"})
    number = Contact.objects.get(chat__token=token).number
    assert made.url == f"/hotline/contacts/{number}/?service=GENERAL_DEMAND"
    assert "老板拖欠三个月工资" in text_of(desk.get(made.url))
    desk.post(f"/work/chats/{token}/wrap-up/", {"answer": "可以仲裁", "wrap_up": "CONSULTATION", "domain": "D03"})
    assert selectors.contact(lawyer, number).outcome == "ANSWERED"
    assert "咨询" in text_of(desk.get(f"/work/chats/{token}/"))


def test_it_is_handed_on_and_a_supervisor_joins_in_sight_of_both(lawyer, unit):
    services.sign_in_to_chats(lawyer, is_on=True)
    colleague = on_duty(unit)
    (secret, token), desk = start(), client_of(lawyer)
    services.take_chat(lawyer, chat=token)
    other = client_of(organisations.make_staff("SUPERVISOR", unit)[1])
    assert other.get(f"/work/chats/{token}/").status_code == 404
    assert "加入后双方都能看到" in text_of(other.get("/work/chats/"))
    other.post(f"/work/chats/{token}/join/")
    assert other.post(f"/work/chats/{token}/say/", {"text": "请说明时效", "key": "s"}).status_code == 302
    assert other.post(f"/work/chats/{token}/take/").status_code == 404
    assert [line.side for line in selectors.chat_of(VISITOR, secret).lines][-2:] == ["SYSTEM", "SUPERVISOR"]
    page = text_of(desk.get(f"/work/chats/{token}/"))
    assert "请说明时效" in page and "也在" in page
    to = page.split('value="person:')[1].split('"')[0]
    desk.post(f"/work/chats/{token}/transfer/", {"to": f"person:{to}", "note": "您更熟"})
    assert "您更熟" in text_of(client_of(colleague).get(f"/work/chats/{token}/"))
    assert desk.get(f"/work/chats/{token}/").status_code == 404
    # the page that was open goes back to the desk instead of asking on
    left = desk.get(f"/work/chats/{token}/new/?after=1", headers={"HX-Request": "true"})
    assert left["HX-Redirect"] == "/work/chats/"


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1"])
def test_a_position_that_is_no_number_breaks_nothing(lawyer, number):
    services.sign_in_to_chats(lawyer, is_on=True)
    (_secret, token), desk = start(), client_of(lawyer)
    services.take_chat(lawyer, chat=token)
    assert desk.get(f"/work/chats/{token}/new/?after={number}").status_code == 200
    said = {"text": "您好", "key": "k", "after": number}
    assert desk.post(f"/work/chats/{token}/say/", said, headers={"HX-Request": "true"}).status_code == 200


def test_news_of_a_chat_that_is_over_are_a_reading_of_it(lawyer, unit):
    services.sign_in_to_chats(lawyer, is_on=True)
    (secret, token), colleague = start(), on_duty(unit)
    services.take_chat(lawyer, chat=token)
    services.say(VISITOR, secret=secret, text="没有签合同")
    services.leave_chat(VISITOR, secret=secret)
    assert "没有签合同" in text_of(client_of(colleague).get(f"/work/chats/{token}/new/"))
    contact = Contact.objects.get(chat__token=token)
    assert [one.actor for one in log.stream(f"contact:{contact.pk}", names=["intake.chat_read.v1"])] == [colleague.ref]


def test_an_answered_question_is_anonymised_for_review(staff):
    number = file(
        staff, service="CONSULT_MESSAGE",
        answers={"domain": "D03", "story": "李示例电话13900001234欠我工资", "area": "510107", "urgency": "U3"},
    )  # fmt: skip
    services.agree_to_publish(staff.citizen, order=number)
    do(staff.clerk, number, "queue")
    do(staff.dispatcher, number, "dispatch", unit=staff.token("firm"))
    do(staff.firm_liaison, number, "sign")
    do(staff.firm_liaison, number, "assign", handler=staff.handler_token("firm", "lawyer"))
    do(staff.lawyer, number, "accept")
    do(staff.lawyer, number, "note_contact", reached=True, text="核对")
    do(
        staff.lawyer,
        number,
        "give_opinion",
        facts="欠薪",
        text="申请仲裁",
        articles="《劳动合同法》第八十二条",
        path="arbitration",
    )
    do(staff.lawyer, number, "complete", result="ANSWERED", text="见意见书")
    drain()
    editor = client_of(organisations.make_staff("KNOWLEDGE_EDITOR", staff.units["province"])[1])
    assert f"/work/questions/{number}/" in text_of(editor.get("/work/questions/"))
    page = text_of(editor.get(f"/work/questions/{number}/"))
    before, after = page.split('<h2 class="panel__title" id="masked-title">')
    assert "13900001234" not in before and "13900001234" in after
    typed = {"title": "欠薪怎么办", "question": "某人欠我工资", "answer": "申请仲裁"}
    assert editor.post(f"/work/questions/{number}/", typed).status_code == 422
    assert editor.post(f"/work/questions/{number}/", {**typed, "checked": "1"}).status_code == 302
    assert "等另一位人员审核" in text_of(editor.get("/work/questions/"))
    assert client_of(staff.clerk).get(f"/work/questions/{number}/").status_code == 404
