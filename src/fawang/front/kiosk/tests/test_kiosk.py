"""A kiosk: enrolled by staff, larger, and empty again after each visitor."""

from django.test import Client
from django.urls import reverse

from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.models import Order
from fawang.front.frame import pinyin, terminal
from fawang.front.frame.session import BACKEND


def log_in(client, world):
    """The citizen logs in on this browser, without losing its cookies."""
    client.force_login(identity.account(world.citizen.account_id), backend=BACKEND)
    return client


def test_only_staff_of_a_unit_make_a_device_a_kiosk(world):
    for client, refusal in ((Client(), 401), (log_in(Client(), world), 403)):
        assert client.post("/kiosk/enrol/", {"name": "大厅"}).status_code == refusal
        assert terminal.COOKIE not in client.cookies


def test_whoever_enrols_it_is_logged_out_and_the_kiosk_knows_where_it_stands(world, kiosk):
    assert "_auth_user_id" not in kiosk.session
    page = kiosk.get("/kiosk/")
    text = page.content.decode()
    assert "一楼大厅1号" in text
    assert 'data-kiosk="1"' in text
    assert "frame/kiosk.js" in text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_forged_cookie_makes_no_kiosk(world):
    client = Client()
    client.cookies[terminal.COOKIE] = "eyJuYW1lIjoieCJ9:forged"
    assert "data-kiosk" not in client.get("/kiosk/").content.decode()


def test_the_end_of_a_visit_leaves_nothing_but_the_kiosk(world, kiosk):
    log_in(kiosk, world)
    assert kiosk.get("/mine/").status_code == 200
    ended = kiosk.post("/kiosk/end/")
    assert ended.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert kiosk.get("/mine/").status_code == 302
    assert "_auth_user_id" not in kiosk.session
    assert "一楼大厅1号" in kiosk.get("/kiosk/").content.decode()


def test_an_application_at_a_kiosk_is_on_its_channel_and_remembers_the_kiosk(world, kiosk):
    log_in(kiosk, world)
    begun = kiosk.post("/apply/MEDIATION_PEOPLE/", {"agree": "1", "key": "k1"})
    draft = Order.objects.get(state="DRAFT")
    assert begun.status_code == 302
    assert (draft.channel, draft.source) == (
        "31",
        f"kiosk:{organisations.institution(world.clerk.unit_id).token}:一楼大厅1号",
    )
    # the place of the kiosk is filled in already
    assert draft.answers["area"] == organisations.institution(world.clerk.unit_id).division_code


def test_a_scanned_code_opens_the_service_and_the_order_remembers_the_board(world):
    client = Client()
    page = client.get("/scan/MEDIATION_PEOPLE/510107/cun-07/")
    assert page.url == reverse("portal:service", args=["MEDIATION_PEOPLE"])
    log_in(client, world)
    client.post("/apply/MEDIATION_PEOPLE/", {"agree": "1", "key": "k1"})
    draft = Order.objects.get(state="DRAFT")
    assert (draft.source, draft.answers) == ("code:510107:cun-07", {"area": "510107"})
    assert orders.get(world.citizen, draft.draft_token).source == "code:510107:cun-07"
    assert Client().get("/scan/MEDIATION_PEOPLE/999999/x/").status_code == 404
    assert Client().get("/scan/NOTHING_HERE/510107/x/").status_code == 404


def test_the_screens_keyboard_finds_chinese_by_pinyin_the_common_words_first(world):
    pinyin._text.cache_clear()
    pinyin.candidates.cache_clear()
    assert "调解" in pinyin.candidates("tiaojie")[:3]
    assert "工" in pinyin.candidates("gong")
    assert pinyin.candidates("zzz") == ()
    assert pinyin.candidates("<script>") == ()
    assert Client().get("/pinyin/?typed=tiaojie").json()["candidates"][0] == "调解"
