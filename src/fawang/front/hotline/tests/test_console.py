import re

import pytest
from django.urls import reverse

from fawang.base.identity.models import Account
from fawang.base.knowledge.tests import factories as library
from fawang.base.workorders import selectors as orders
from fawang.kernel import ids
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services
from fawang.middle.intake.models import Contact, ContactOrder
from fawang.middle.intake.tests import factories
from fawang.middle.intake.tests.factories import PHONE, ring

pytestmark = pytest.mark.django_db


def page(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def url(name, *args):
    return reverse(f"hotline:{name}", args=args)


def take_call(client):
    """A call rings and is answered; the contact's number."""
    call = ring()
    response = client.post(url("answer-call"), {"call": call.token})
    assert response.status_code == 302
    return response.url.rstrip("/").rsplit("/", 1)[-1]


def save(client, number, *, version=None, htmx=True, **given):
    version = version or Contact.objects.get(number=number).version
    data = {f"contact_{name}": value for name, value in given.items()} | {"version": version}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(url("notes", number), data, headers=headers)


ORDER = {
    "caller__name": "王芳",
    "story": "老板拖欠三个月工资",
    "area__0": "510000",
    "area__1": "510100",
    "area__2": "510107",
    "domain": "D03",
}


def test_a_call_rings_is_answered_written_down_and_becomes_an_order(client, operator, orders_possible):
    actor = operator[1]
    assert "没有来电" in page(client.get(url("console")))
    call = ring()
    shown = page(client.get(url("ringing")))
    assert "139****1234" in shown
    assert PHONE not in shown
    number = client.post(url("answer-call"), {"call": call.token}).url.rstrip("/").rsplit("/", 1)[-1]
    workspace = page(client.get(url("contact", number)))
    assert PHONE not in workspace
    assert "GENERAL_DEMAND" in page(save(client, number, words="老板拖欠三个月工资", domain="D03", name="王芳"))
    opened = page(client.post(url("service", number), {"service": "GENERAL_DEMAND"}, headers={"HX-Request": "true"}))
    assert "老板拖欠三个月工资" in opened
    assert 'value="王芳"' in opened
    filed = client.post(url("order", number, "GENERAL_DEMAND"), {**ORDER, "key": "once"})
    assert filed.url == url("done", number)
    done = page(client.get(filed.url))
    made = intake.contact(actor, number).orders[0]
    assert re.search(r"PLS \d{8} \d{6} 11", done)
    code = orders.query_code(actor, made)
    assert f"{code[:4]} {code[4:]}" in done
    assert client.post(url("done", number), {"wrap_up": "HELP"}).url == url("console")
    assert intake.contact(actor, number).wrap_up == "HELP"


def test_a_double_click_files_once(client, orders_possible):
    number = take_call(client)
    for _ in range(2):
        client.post(url("order", number, "GENERAL_DEMAND"), {**ORDER, "key": "same"})
    assert ContactOrder.objects.count() == 1


def test_what_is_wrong_in_an_order_is_shown_with_what_was_typed(client, orders_possible):
    number = take_call(client)
    wrong = page(client.post(url("order", number, "GENERAL_DEMAND"), {"caller__name": "", "story": "只写了这个"}), 422)
    assert "只写了这个" in wrong
    assert 'href="#q-caller__name"' in wrong
    assert ContactOrder.objects.count() == 0


def test_narrowing_a_place_without_javascript_files_nothing(client, orders_possible):
    number = take_call(client)
    shown = page(client.post(url("order", number, "GENERAL_DEMAND"), {**ORDER, "narrow": "area"}))
    assert "老板拖欠三个月工资" in shown
    assert ContactOrder.objects.count() == 0


def test_an_answer_on_the_spot_is_read_aloud_with_number_and_code(client, operator):
    number = take_call(client)
    data = {
        "contact_words": "试用期",
        "contact_answer": "不超过六个月。",
        "contact_wrap_up": "CONSULTATION",
        "version": 1,
    }
    assert client.post(url("answer", number), {**data, "key": "k"}).url == url("done", number)
    seen = intake.contact(operator[1], number)
    assert (seen.outcome, seen.words, seen.orders) == ("ANSWERED", "试用期", ())
    assert "CT " in page(client.get(url("done", number)))


def test_an_empty_answer_is_refused_and_nothing_typed_is_lost(client):
    number = take_call(client)
    shown = page(
        client.post(url("answer", number), {"contact_words": "写了很多", "contact_answer": "", "version": 1}), 422
    )
    assert "写了很多" in shown
    assert "请填写这一项" in shown


def test_two_pages_of_one_contact_keep_both_texts(client, operator):
    number = take_call(client)
    first = Contact.objects.get(number=number).version
    save(client, number, words="第一页")
    conflict = page(save(client, number, version=first, words="第二页"))
    assert "第一页" in conflict
    assert "两段都保留" in conflict
    assert intake.contact(operator[1], number).words == "第一页"
    page(client.post(url("both", number), {"contact_words": "第二页"}, headers={"HX-Request": "true"}))
    words = intake.contact(operator[1], number).words
    assert "第一页" in words
    assert "第二页" in words


def test_a_half_typed_phone_does_not_keep_the_notes_from_being_saved(client, operator):
    number = services.open_contact(operator[1]).number
    shown = page(save(client, number, words="记下来", phone="1390000"))
    assert "已自动保存" not in shown
    assert intake.contact(operator[1], number).words == "记下来"


def test_words_of_danger_show_110_first_and_preset_the_urgency(client, operator):
    number = take_call(client)
    assert "110" in page(save(client, number, words="他拿刀还在打我"))
    assert intake.contact(operator[1], number).urgency == "U1"


def test_polling_says_nothing_while_nothing_changes(client, django_assert_max_num_queries):
    seen = re.search(r"seen=(\w+)", page(client.get(url("ringing"))))[1]
    with django_assert_max_num_queries(6):
        assert client.get(url("ringing"), {"seen": seen}).status_code == 204
    ring()
    assert client.get(url("ringing"), {"seen": seen}).status_code == 200


def test_of_two_operators_the_second_is_told(client, client_of, unit):
    other = client_of(factories.agent(unit)[0])
    call = ring()
    assert client.post(url("answer-call"), {"call": call.token}).status_code == 302
    assert "已由同事接听" in page(other.post(url("answer-call"), {"call": call.token}, follow=True))


def test_a_known_caller_is_recognised_and_the_order_is_urged_and_read(client, operator, orders_possible):
    number = take_call(client)
    client.post(url("order", number, "GENERAL_DEMAND"), ORDER)
    made = intake.contact(operator[1], number).orders[0]
    ring()
    assert made in page(client.get(url("ringing")))
    again = services.open_contact(operator[1], phone=PHONE).number
    workspace = page(client.get(url("contact", again)))
    assert made in workspace
    assert "王*" in workspace
    assert "王芳" not in workspace.split("以前的来访")[0].split("contact-form")[0]
    key = ids.token()
    assert "已催办" in page(client.post(url("urge", again), {"order": made, "key": key}, follow=True))
    client.post(url("urge", again), {"order": made, "key": key})
    assert orders.get(operator[1], made).urged_count == 1
    assert "没有找到" in page(client.post(url("urge", again), {"order": "PLS0", "key": "x"}, follow=True))
    assert "承办单位" in page(client.get(url("progress", again, made), headers={"HX-Request": "true"}))


def test_call_backs_are_planned_listed_and_recorded(client, operator):
    number = take_call(client)
    data = {"callback_day": "2099-01-02", "callback_time": "09:30", "version": 1}
    assert client.post(url("plan-callback", number), data).url == url("done", number)
    listed = page(client.get(url("callbacks"), {"contact": number}))
    assert number in listed
    version = Contact.objects.get(number=number).version
    empty = page(client.post(url("attempt", number), {"reached": "yes", "text": "", "version": version}), 422)
    assert "请填写这一项" in empty
    client.post(url("attempt", number), {"reached": "yes", "text": "说明白了", "version": version})
    assert intake.contact(operator[1], number).outcome == "ANSWERED"
    late = client.post(url("attempt", number), {"reached": "no", "version": version}, follow=True)
    assert "没有待回拨" in page(late)


def test_referring_and_ending_without_an_answer(client, operator):
    first, second = take_call(client), take_call(client)
    assert client.post(url("refer", first), {"refer_to": "", "version": 1}).status_code == 422
    client.post(url("refer", first), {"refer_to": "12345", "version": 1})
    client.post(url("close", second), {"version": 1})
    outcomes = [intake.contact(operator[1], number).outcome for number in (first, second)]
    assert outcomes == ["REFERRED", "ABANDONED"]


def test_another_units_contact_looks_like_not_there(client, client_of, operator):
    number = take_call(client)
    stranger = client_of(factories.agent(factories.hotline())[0])
    assert stranger.get(url("contact", number)).status_code == 404
    assert stranger.get(url("done", number)).status_code == 404
    for name in ("notes", "answer", "service", "close", "refer", "plan-callback", "attempt", "both", "urge"):
        refused = stranger.post(
            url(name, number), {"version": 1, "contact_answer": "x", "refer_to": "y", "reached": "no"}
        )
        assert refused.status_code in (404, 302), name
    assert intake.contact(operator[1], number).outcome == "OPEN"


def test_citizens_and_visitors_do_not_enter(client_of, unit):
    from django.test import Client

    assert Client().get(url("console")).status_code == 302
    supervisor = client_of(factories.agent(unit, "SUPERVISOR")[0])
    assert supervisor.get(url("console")).status_code == 403
    assert supervisor.get(url("contacts")).status_code == 200


def test_a_supervisor_reads_a_contact_without_the_means_to_change_it(client, client_of, unit):
    number = take_call(client)
    shown = page(client_of(factories.agent(unit, "SUPERVISOR")[0]).get(url("contact", number)))
    assert "contact-form" not in shown


def test_words_of_a_chat_are_not_shown_to_who_may_not_read_them(client, client_of, unit):
    secret, lawyer = ids.token(40), factories.lawyer(unit)
    services.start_chat(VISITOR, secret=secret, words="他打我，我叫王示例", domain="D01")
    services.call_me_back(VISITOR, secret=secret, phone=factories.PHONE)
    number = Contact.objects.get().number
    account, _actor = factories.agent(unit, "CALLBACK_AGENT")
    office = client_of(factories.agent(unit, "JUSTICE_ADMIN_PROV")[0])
    for browser, address in (
        (client, url("contact", number)), (client, url("contacts")), (client, url("callbacks") + f"?contact={number}"),
        (client_of(account), url("callbacks") + f"?contact={number}"), (office, url("contact", number)),
    ):  # fmt: skip
        text = page(browser.get(address))
        assert "王示例" not in text and "在线请求回电 · 婚姻家庭" in text
    assert "王示例" in page(client_of(Account.objects.get(pk=lawyer.account_id)).get(url("contact", number)))


def test_numbers_are_searched_in_the_body_and_the_lists_filter(client):
    number = take_call(client)
    assert number in page(client.post(url("contacts"), {"text": PHONE}))
    assert number not in page(client.post(url("contacts"), {"text": "13900007777"}))
    assert number in page(client.get(url("contacts"), {"mine": "1", "outcome": "OPEN"}))
    assert number not in page(client.get(url("contacts"), {"outcome": "ANSWERED"}))


def test_a_call_by_hand_and_a_wrong_number(client):
    assert client.post(url("open"), {"phone": "12", "key": "a"}).status_code == 422
    assert "contacts/CT" in client.post(url("open"), {"phone": "", "key": "b"}).url


def test_the_demonstrations_button_rings(client, settings):
    settings.FAWANG_IS_DEMONSTRATION = True
    assert "接听" in page(client.post(url("simulate"), follow=True))


def test_seats_change_their_state(client, operator):
    client.post(url("seat"), {"state": "BREAK", "code": "801"})
    assert intake.seat(operator[1]).state == "BREAK"
    assert "未就绪" in page(client.get(url("console")))


def test_the_law_stands_beside_the_notes(client, tmp_path, settings):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    library.forget()
    library.load(tmp_path / "source")
    number = take_call(client)
    assert 'data-into="#q-answer"' in page(client.get(url("contact", number)))
    typed = {"law_q": "", "contact_words": "老板拖欠劳动报酬三个月"}
    rows = page(client.post(reverse("frame:law"), typed, headers={"HX-Request": "true"}))
    assert "《劳动合同法》第三十条：“用人单位应当" in rows and "文本截至2026年8月31日" in rows
    library.forget()
