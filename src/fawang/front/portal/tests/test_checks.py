"""Self-checks: question after question without a log-in, the answer with its law, and nothing typed twice after it."""

import re
from datetime import datetime

import pytest

from fawang.base.catalogue import screening
from fawang.base.catalogue import selectors as catalogue
from fawang.front.frame.session import TOLD_KEY
from fawang.front.portal import checking
from fawang.front.portal.tests.factories import Person
from fawang.kernel import clock

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 9, 28, 10, 0, tzinfo=clock.SHANGHAI)


def answer(person, name, **given):
    """Answer the questions as they come; the last page."""
    url = f"/self-check/{name}/"
    page = person.get(url).content.decode()
    while (asked := re.search(r'name="question" value="(\w+)"', page)) is not None:
        sent = person.client.post(url, {"question": asked[1], **given[asked[1]]})
        assert sent.status_code == 302, (asked[1], sent.content.decode())
        page = person.get(url).content.decode()
    return page


def test_every_screener_names_services_that_exist(world):
    offered = {published.code for published in catalogue.items()}
    for screener in catalogue.screeners():
        named = {code for finding in screener.findings for code in finding.services}
        assert named <= offered, screener.screener
    assert len(catalogue.screeners()) >= 4


def test_a_worker_learns_that_aid_is_open_and_types_nothing_twice(world):
    visitor = Person()
    visitor.client.post("/find/", {"q": "老板欠我三个月工资不给"})
    page = answer(
        visitor, "legal_aid", topic={"topic": "wages"}, has_lawyer={"has_lawyer": "no"},
        is_migrant={"is_migrant": "yes"}, near={"near": "none"},
    )  # fmt: skip
    assert "免予核查经济困难状况" in page
    assert "/services/LEGAL_AID_LABOUR/" in page
    assert "老板欠我" not in str(visitor.client.session[TOLD_KEY]), "kept sealed"
    known = screening.carried(
        screening.screen(catalogue.screener("legal_aid"), {"topic": "wages", "has_lawyer": False, "is_migrant": True, "near": "none"}),
        catalogue.item("LEGAL_AID_LABOUR").item,
    )  # fmt: skip
    assert known == {"matter": "wages", "has_lawyer": False, "is_migrant": True}


def test_what_was_told_goes_through_the_log_in_into_the_form(world, sent):
    told = "楼上漏水三个月没人管，天花板都烂了"
    visitor = Person()
    visitor.client.post("/find/", {"q": told})
    visitor.client.post("/login/", {"phone": "13912345678"})
    assert visitor.client.post("/login/code/", {"code": sent.code}).status_code == 302
    assert "您刚才说过的 1 项会带进表单" in visitor.get("/apply/MEDIATION_PEOPLE/").content.decode()
    draft = visitor.begin()
    assert told in visitor.get(f"/apply/{draft}/check/").content.decode()


def test_a_period_that_is_over_is_never_called_lost(world):
    with clock.at(DAY):
        over = answer(
            Person(), "time_left", claim_kind={"claim_kind": "general"},
            knew_on={"knew_on__year": "2020", "knew_on__month": "3", "knew_on__day": "1"},
            happened={"happened": "same"}, asked_for={"asked_for": "unsure"},
        )  # fmt: skip
        assert "2023年3月1日" in over
        assert "请先问律师，不要自己放弃" in over
        assert "重新计算" in over
        near = answer(
            Person(), "time_left", claim_kind={"claim_kind": "appeal"},
            received_on={"received_on__year": "2026", "received_on__month": "9", "received_on__day": "18"},
        )  # fmt: skip
    # the fifteenth day lies in the holiday of October: it ends with the first working day after it (T3)
    assert "2026年10月8日" in near
    assert "快到了" in near


def test_changing_an_answer_forgets_what_it_no_longer_asks(world):
    person = Person()
    answer(
        person, "legal_aid", topic={"topic": "abuse"}, danger={"danger": "yes"}, has_lawyer={"has_lawyer": "no"}, near={"near": "none"}
    )  # fmt: skip
    page = person.get("/self-check/legal_aid/").content.decode()
    assert page.index("先保证安全") < page.index("不看经济条件")
    assert 'href="tel:110"' in page
    assert "已经回答的" in person.get("/self-check/legal_aid/?ask=has_lawyer").content.decode()
    person.client.post("/self-check/legal_aid/", {"question": "topic", "topic": "support"})
    page = person.get("/self-check/legal_aid/").content.decode()
    assert "您（或者您家）属于下面哪一种" in page
    person.client.post("/self-check/legal_aid/", {"restart": "1"})
    assert "是什么事" in person.get("/self-check/legal_aid/").content.decode()


def test_nothing_chosen_and_nonsense_say_so_and_lose_nothing(world):
    person = Person()
    person.client.post("/self-check/which_way/", {"question": "kind", "kind": "labour"})
    for sent in (
        {"question": "danger"},
        {"question": "danger", "danger": "perhaps"},
        {"question": "x' OR 1", "danger": ["", "\x00"]},
    ):
        refused = person.client.post("/self-check/which_way/", sent)
        assert refused.status_code == 422, sent
        assert "有问题" in refused.content.decode() or "请" in refused.content.decode()
    assert person.get("/self-check/no_such/").status_code == 404
    assert "和单位、老板" in person.get("/self-check/which_way/").content.decode()


def test_a_story_is_offered_the_checks_whose_words_it_has(world):
    assert [one.screener for one in checking.offered_for("三年前借的钱，现在去告来得及吗，过期了没有")][
        0
    ] == "time_left"
    assert [one.screener for one in checking.offered_for("asdf")] == ["legal_aid", "which_way"]
    assert "legal_aid" in [one.screener for one in checking.about("LEGAL_AID_LABOUR")]
