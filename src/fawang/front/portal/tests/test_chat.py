"""A visitor's chat and written questions, as pages: without a log-in, without JavaScript, with nothing typed twice."""

from datetime import timedelta

import pytest

from fawang.base.knowledge import services as editors
from fawang.base.knowledge.values import PieceKind
from fawang.base.organisations.tests import factories as organisations
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests import factories
from fawang.front.portal.tests.factories import HIDDEN, Person
from fawang.kernel import clock
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import selectors, services
from fawang.middle.intake.models import Chat, Publication
from fawang.middle.intake.tests.factories import lawyer as on_duty

pytestmark = pytest.mark.django_db
STORY = "老板拖欠我三个月工资"
QUESTION = {"domain": "D03", "story": STORY, "area__0": "510100", "area__1": "510107", "urgency": "U3", "send": "1"}


@pytest.fixture
def lawyer(world):
    """A lawyer on chat duty at a hotline."""
    organisations.make_institution(type="HOTLINE_CENTRE", name="示例热线", division_code="510000", level="PROVINCE")
    return on_duty(world.units["province"])


def text(answer):
    return answer.content.decode()


def key_of(answer):
    return dict(HIDDEN.findall(text(answer)))["key"]


def start(visitor, **more):
    """Begin a chat as the form does it; the token staff know it by."""
    key = key_of(visitor.get("/chat/"))
    answer = visitor.client.post("/chat/", {"q": STORY, "domain": "D03", "key": key, "start": "1", **more})
    assert (answer.status_code, answer.url) == (302, "/chat/")
    return Chat.objects.latest("id").token


def test_a_visitor_talks_to_a_lawyer_without_a_log_in(lawyer):
    visitor, stranger = Person(), Person()
    page = visitor.client.post("/find/", {"q": STORY})
    assert 'action="/chat/"' in text(page)
    # what another page hands over stands in the form
    assert STORY in text(visitor.client.post("/chat/", {"q": STORY, "domain": "D03"}))
    token = start(visitor)
    cookie = visitor.client.cookies["fawang_chat"]
    assert cookie["httponly"] and cookie["path"] == "/chat/" and cookie["samesite"] == "Lax"
    page = visitor.get("/chat/")
    assert "您排在第一位" in text(page) and "现在还说不准要等多久" in text(page) and STORY in text(page)
    services.take_chat(lawyer, chat=token)
    services.answer_chat(lawyer, chat=token, text="有<b>合同</b>吗？")
    fresh = visitor.get("/chat/new/?after=1")
    assert "有&lt;b&gt;合同&lt;/b&gt;吗？" in text(fresh) and STORY not in text(fresh)
    seen = text(fresh).split('data-seen="')[1].split('"')[0]
    assert visitor.get(f"/chat/new/?after=3&seen={seen}").status_code == 204
    # a lost answer, sent again by the same form: one message
    for _ in range(2):
        assert visitor.client.post("/chat/say/", {"text": "没有签", "key": "abc"}).status_code == 302
    assert selectors.chat(lawyer, token).last == 4
    refused = visitor.client.post("/chat/say/", {"text": "哈" * 50, "key": "abd"})
    assert refused.status_code == 422 and "哈" * 50 in text(refused) and "用自己的话" in text(refused)
    sent = visitor.client.post(
        "/chat/say/", {"text": "在工地", "key": "abe", "after": "4"}, headers={"HX-Request": "true"}
    )
    assert "在工地" in text(sent) and "没有签" not in text(sent) and 'hx-swap-oob="true"' in text(sent)
    assert stranger.get("/chat/new/?after=0").status_code == 404
    visitor.client.post("/chat/end/")
    assert "这次服务怎么样" in text(visitor.get("/chat/"))
    visitor.client.post("/chat/rate/", {"grade": "4", "text": "好"})
    assert "您已经评价过" in text(visitor.get("/chat/"))
    visitor.client.post("/chat/again/")
    assert "开始，等律师来" in text(visitor.get("/chat/"))


def test_a_chat_is_not_found_by_who_sits_there_after_a_log_out_or_the_next_day(world, lawyer):
    person = Person(world.citizen)
    start(person)
    assert STORY in text(person.get("/chat/"))
    gone = person.client.post("/logout/").cookies["fawang_chat"]
    assert (gone.value, gone["path"], gone["max-age"]) == ("", "/chat/", 0)
    assert "fawang_chat" not in {name for name, one in person.client.cookies.items() if one.value}
    visitor = Person()
    start(visitor)
    visitor.client.post("/chat/end/")
    assert STORY in text(visitor.get("/chat/"))
    with clock.at(clock.now() + timedelta(hours=7)):
        assert STORY not in text(visitor.get("/chat/"))
        start(visitor)


@pytest.mark.parametrize("number", ["9" * 5000, "²", "٣", "-1", "1e3", "9" * 18])
def test_a_number_in_an_address_that_is_none_breaks_nothing(lawyer, number):
    visitor = Person()
    start(visitor)
    assert visitor.get(f"/chat/new/?after={number}").status_code == 200
    said = {"text": "没有签合同", "key": "k", "after": number}
    assert visitor.client.post("/chat/say/", said, headers={"HX-Request": "true"}).status_code == 200
    services.leave_chat(VISITOR, secret=visitor.client.cookies["fawang_chat"].value)
    assert visitor.client.post("/chat/rate/", {"grade": number}).status_code == 302
    assert visitor.get(f"/law/?first={number}").status_code == 200


def test_danger_comes_first_and_a_double_click_is_one_chat(lawyer):
    visitor = Person()
    key = key_of(visitor.get("/chat/"))
    for _ in range(2):
        visitor.client.post("/chat/", {"q": "他拿刀威胁我", "key": key, "start": "1"})
    assert Chat.objects.count() == 1
    page = text(visitor.get("/chat/"))
    assert page.index("tel:110") < page.index("您排在第一位")
    wrong = visitor.client.post("/chat/again/")
    wrong = visitor.client.post("/chat/", {"q": "", "key": key + "x", "start": "1"})
    assert wrong.status_code == 422 and "请填写" in text(wrong)


def test_outside_duty_hours_a_call_or_a_written_answer_is_offered(world):
    organisations.make_institution(type="HOTLINE_CENTRE", name="示例热线", division_code="510000", level="PROVINCE")
    visitor = Person()
    with clock.at(factories.NOON.replace(hour=23)):
        page = visitor.get("/chat/")
        assert "现在不是律师在线的时间" in text(page) and 'name="start"' not in text(page)
        data = {"q": STORY, "phone": "13900001234", "key": key_of(page)}
        assert visitor.client.post("/chat/call-back/", data).status_code == 302
        assert "律师会给您打电话" in text(visitor.get("/chat/"))
        assert STORY in text(visitor.client.post("/questions/ask/", {"q": STORY}))


def test_a_written_question_survives_the_log_in_and_its_consent_is_taken_back(world, sent):
    person = Person()
    answer = person.client.post("/questions/ask/", {**QUESTION, "may_publish": "anonymised"})
    assert answer.status_code == 302 and answer.url.endswith("?next=/questions/ask/")
    person.client.post("/login/", {"phone": "13912345678"})
    assert person.client.post("/login/code/", {"code": sent.code}).status_code == 302
    person.actor = None
    page = person.get("/questions/ask/")
    assert STORY in text(page) and 'value="510107" selected' in text(page)
    data = {**QUESTION, "may_publish": "anonymised", "agree": "1", "key": key_of(page)}
    assert person.client.post("/questions/ask/", {**data, "story": ""}).status_code == 422
    answer = person.client.post("/questions/ask/", data)
    assert answer.status_code == 302, text(answer)[-800:]
    assert person.client.post("/questions/ask/", data).url == answer.url
    number = answer.url.strip("/").split("/")[1]
    filed = Order.objects.get(number=number)
    assert (filed.service_code, filed.description) == ("CONSULT_MESSAGE", STORY)
    assert STORY not in text(person.get("/questions/ask/")), "it was sent"
    assert "您同意答复后匿名公开" in text(person.get(f"/mine/{number}/"))
    assert Person().client.post(f"/mine/{number}/publication/").status_code == 401
    assert Publication.objects.get().state == "AGREED"
    person.client.post(f"/mine/{number}/publication/")
    assert "您撤回了匿名公开的同意" in text(person.get(f"/mine/{number}/"))


def test_published_answers_are_found_and_read(world):
    assert "没有找到" in text(Person().get("/questions/?text=工资&domain=D03"))
    writer, checker = (
        organisations.make_staff(role, world.units["province"])[1] for role in ("KNOWLEDGE_EDITOR", "REVIEWER")
    )
    key = editors.write(writer, kind=PieceKind.ANSWER, title="拖欠工资怎么办", body="可以申请劳动仲裁。")
    assert Person().get(f"/questions/{key}/").status_code == 404
    editors.submit(writer, key, version=1)
    editors.publish(checker, key, version=2, review_by=clock.today() + timedelta(days=300))
    assert "拖欠工资怎么办" in text(Person().get("/questions/?text=工资"))
    assert "可以申请劳动仲裁" in text(Person().get(f"/questions/{key}/"))
    assert Person().get("/questions/abcdefghijkmnp/").status_code == 404
