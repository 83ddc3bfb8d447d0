import gettext as gettext_module
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.translation import trans_real

from fawang.base.catalogue import selectors as catalogue
from fawang.base.identity import services as identities
from fawang.base.identity.tests.factories import SYSTEM, citizen, id_card, make_account, make_party
from fawang.base.notifications import selectors as notifications
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.tests import factories
from fawang.front.portal.tests.factories import Person, drive
from fawang.kernel import clock
from fawang.kernel.outbox.services import run_due

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/",
    "/services/",
    "/services/MEDIATION_PEOPLE/",
    "/track/",
    "/directory/",
    "/directory/people/",
    "/map/",
    "/law/",
    "/help/",
    "/privacy/",
    "/find/?q=漏水",
]
OWN = ["/join/", "/mine/", "/messages/", "/me/", "/me/verify/", "/apply/MEDIATION_PEOPLE/"]
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("url", [*PUBLIC, "/robots.txt", "/manifest.webmanifest"])
def test_everybody_reads_the_public_pages(world, person, url):
    for reader in (Person(), person):
        assert reader.get(url).status_code == 200


@pytest.mark.parametrize("url", OWN)
def test_own_pages_send_visitors_to_log_in_and_back(world, person, url):
    answer = Person().get(url)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=")
    assert person.get(url).status_code == 200


def test_an_ended_session_says_that_nothing_was_saved_and_keeps_the_way_back(person):
    number = person.file()
    person.client.logout()
    answer = person.client.post(
        f"/mine/{number}/do/withdraw/", {}, headers={"Referer": f"http://testserver/mine/{number}/"}
    )
    assert answer.status_code == 401
    assert f"next=%2Fmine%2F{number}%2F" in answer.content.decode()


def test_what_does_not_exist_is_not_found(world, person):
    for url in (
        "/services/NOTHING/",
        "/apply/NOTHING/",
        "/mine/PLS20260101510107010000000/",
        "/directory/aaaaaaaaaaaa/",
        "/documents/aaaaaaaaaaaaaaaa/",
        "/apply/aaaaaaaaaaaaaaaa/",
    ):
        assert person.get(url).status_code == 404, url


def test_words_of_danger_put_the_telephone_first(world):
    page = Person().client.post("/find/", {"q": "他要打死我"}).content.decode()
    assert page.index("tel:110") < page.index("最合适的服务") if "最合适的服务" in page else "tel:110" in page
    calm = Person().client.post("/find/", {"q": "楼上漏水"}).content.decode()
    assert "tel:110" not in calm


def test_an_empty_box_asks_for_a_sentence(world):
    assert Person().client.post("/find/", {"q": " "}).status_code == 422


def test_a_matter_is_followed_by_number_code_and_phone_without_a_log_in(world, person):
    number = person.file()
    code = orders.query_code(person.actor, number)
    last_four = identities.own_values(person.actor).phone[-4:]
    right = {"number": number, "code": code, "last_four": last_four}
    visitor = Person()
    page = visitor.client.post("/track/", right)
    assert page.status_code == 200
    assert "楼上漏水三个月没人管" not in page.content.decode()
    assert f"/mine/{number}/" in page.content.decode()
    spaced = {**right, "number": f"{number[:3]} {number[3:11]} {number[11:]}", "code": code.lower()}
    assert visitor.client.post("/track/", spaced).status_code == 200
    sentences = set()
    for wrong in ({"number": "PLS20260101510107010000000"}, {"code": "ABCDEFGH"}, {"last_four": "0000"}):
        answer = visitor.client.post("/track/", {**right, **wrong})
        assert answer.status_code == 404
        sentences.add(re.search(r"对不上[^<]*", answer.content.decode()).group())
    assert len(sentences) == 1


def test_following_is_throttled_by_address(world, person):
    visitor = Person()
    for _time in range(10):
        assert visitor.client.post("/track/", {"number": "x", "code": "y", "last_four": "1"}).status_code == 404
    assert visitor.client.post("/track/", {"number": "x", "code": "y", "last_four": "1"}).status_code == 429
    clock.advance(timedelta(minutes=16))
    assert visitor.client.post("/track/", {"number": "x", "code": "y", "last_four": "1"}).status_code == 404


def test_messages_are_read_in_the_inbox(world, person):
    number = person.file()
    while run_due():
        pass
    page = person.get("/messages/").content.decode()
    assert f"/mine/{number}/" in page
    assert "都看过了" in page
    person.client.post("/messages/")
    assert notifications.unread_count(person.actor) == 0
    assert "都看过了" not in person.get("/messages/").content.decode()


def test_own_details_are_masked_and_an_address_can_be_changed(world, person):
    own = identities.own_values(person.actor)
    page = person.get("/me/").content.decode()
    assert own.phone not in page
    assert own.id_no not in page
    wrong = person.client.post("/me/", {"email": "nonsense"})
    assert wrong.status_code == 422
    assert "nonsense" in wrong.content.decode()
    assert person.client.post("/me/", {"email": "wang@example.com"}).status_code == 302
    assert identities.own_values(person.actor).email == "wang@example.com"


def test_a_consent_is_withdrawn_as_easily_as_given(world, person):
    person.begin()
    assert "撤回同意" in person.get("/me/").content.decode()
    assert person.client.post("/me/consent/").status_code == 302
    assert "我已阅读并同意" in person.get("/apply/MEDIATION_PEOPLE/").content.decode()


def test_a_representation_is_ended_by_its_own_people_only(world, person, other):
    row = identities.ask_to_represent(
        SYSTEM, principal_id=make_party(), agent_id=person.actor.party_id, kind="PROXY", evidence="委托书"
    )
    identities.decide_representation(SYSTEM, row, is_granted=True)
    token = person.get("/me/").content.decode().split('name="token" value="')[1].split('"')[0]
    assert other.client.post("/me/representation/", {"token": token}).status_code == 404
    assert person.client.post("/me/representation/", {"token": token}).status_code == 302
    assert "已结束" in person.get("/me/").content.decode()


def test_wrong_numbers_are_refused_at_their_field(world, person):
    answer = person.client.post("/me/verify/", {"name": "王示例", "id_no": "110"})
    assert answer.status_code == 422
    assert 'href="#q-id_no"' in answer.content.decode()


def test_a_service_that_must_know_the_person_says_how_and_leads_back(world, settings):
    one = Person(citizen(make_account(level=1, name="王示例", id_no="")))
    start = "/apply/BUNDLE_DEATH/"
    assert "先实名核验" in one.get(start).content.decode()
    data = {"name": "王示例", "id_no": id_card(), "next": start}
    assert one.client.post("/me/verify/", data).url == start
    assert "还要确认是您本人" in one.get(start).content.decode()
    settings.FAWANG_PRESENCE_CHECK = "none"
    assert "窗口可以帮您" in one.get("/me/verify/").content.decode()
    assert one.client.post("/me/verify/", {"confirm": "1", "next": start}).status_code == 503
    settings.FAWANG_PRESENCE_CHECK = "demonstration"
    assert one.client.post("/me/verify/", {"confirm": "1", "next": start}).url == start
    assert "开始填写" in one.get(start).content.decode()


def test_institutions_are_found_and_shown(world):
    visitor = Person()
    page = visitor.get("/directory/?text=武侯").content.decode()
    assert "武侯调委会" in page
    assert "郫都中心" not in page
    assert "没有找到" in visitor.get("/directory/?text=xyzxyz").content.decode()
    assert (
        "武侯调委会"
        in visitor.get(
            f"/directory/{factories.organisations.institution(world.units['committee']).token}/"
        ).content.decode()
    )


def _data(world):
    """Chinese that is data, not words of the pages."""
    names = [p.name for p in factories.organisations.institutions(limit=100).rows]
    basis = [limit.basis for p in catalogue.items() for limit in [*p.process.limits, *p.item.limits]]
    addresses = [p.address for p in factories.organisations.institutions(limit=100).rows if p.address]
    people = [
        "王示例",
        "赵示例",
        "楼上漏水三个月没人管",
        "修好并赔偿",
        "李示例",
        "开放法网",
        "中文",
        "漏水",
        "承办",
        "王**",
    ]
    return sorted([*names, *basis, *addresses, *people], key=len, reverse=True)


def _read_english_afresh():
    """Compile the catalogues and forget those that were read before."""
    call_command("translations", "compile", stdout=StringIO())
    gettext_module._translations.clear()
    trans_real._translations.clear()
    trans_real._default = None
    trans_real._active = trans_real.Local()


def test_english_pages_are_english(world, person):
    _read_english_afresh()
    number = person.file()
    drive(world, number, "DISPATCHED")
    draft = person.begin()
    person.client.post("/language/", {"language": "en"})
    urls = [
        *PUBLIC,
        *OWN,
        f"/mine/{number}/",
        f"/done/{number}/",
        f"/mine/{number}/do/withdraw/",
        f"/mine/{number}/do/urge/",
        f"/mine/{number}/visit/",
        f"/apply/{draft}/story/",
        f"/apply/{draft}/file/",
        f"/apply/{draft}/check/",
        f"/apply/{draft}/discard/",
        f"/directory/{world.token('committee')}/",
    ]
    left = {}
    for url in urls:
        html = re.sub(r"<title>|<textarea.*?</textarea>", "", person.get(url).content.decode(), flags=re.DOTALL)
        # what is quoted in Chinese, and says so to a screen reader
        html = re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>[^<]*</\1>', "", html)
        for word in _data(world):
            html = html.replace(word, "")
        found = HAN.findall(html)
        if found:
            left[url] = re.findall(r"[^<>\n]*[\u4e00-\u9fff][^<>\n]*", html)[:6]
    assert not left


def test_pages_carry_no_styles_or_scripts_of_their_own(world, person):
    number = person.file()
    for url in [*PUBLIC, *OWN, f"/mine/{number}/", f"/done/{number}/"]:
        html = person.get(url).content.decode()
        assert " style=" not in html
        assert not re.search(r"<script(?![^>]*src=)", html)
        assert not re.search(r"\son\w+=", html)


def test_staff_do_not_apply_as_members_of_their_unit(world):
    assert Person(world.clerk).get("/apply/MEDIATION_PEOPLE/").status_code in {403, 404}
