"""Definitions and forms that change under people's hands (docs/known-failures.md)."""

import re

import pytest

from fawang.base.catalogue import loader
from fawang.base.catalogue import services as publishing
from fawang.base.catalogue.errors import ItemClosed
from fawang.base.identity import selectors as identity
from fawang.base.workorders import selectors, services
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import ANSWERS, SYSTEM, do, drive, file, filing
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.events import selectors as events
from tests.test_definitions import ITEM

ASKS_MORE = ITEM.replace("version: 1", "version: 2").replace(
    "title_from:", '  - {id: more, zh: 新问题, en: A new question, type: text}\ntitle_from:'
)  # fmt: skip


@pytest.fixture
def republish(world, tmp_path):
    """Publish an item of the installation's own; again with a question more."""
    folder = tmp_path / "own"
    folder.mkdir()

    def publish(text):
        (folder / "item.yaml").write_text(text, encoding="utf-8")
        publishing.publish_all(SYSTEM, extra=folder)

    publish(ITEM)
    return publish


@pytest.mark.parametrize("until", ["SUBMITTED", "DISPATCHED", "HANDLING", "DONE_REVIEW", "DONE"])
def test_a_new_version_meanwhile_changes_nothing_for_an_order_wherever_it_is(world, republish, until):
    number = drive(world, file(world, service="TRIAL_ITEM", answers=ANSWERS), until)
    before = [choice.code for choice in selectors.actions(SYSTEM, number)]
    republish(ASKS_MORE)
    assert [choice.code for choice in selectors.actions(SYSTEM, number)] == before
    assert selectors.get(SYSTEM, number).item_version == 1
    do(world.supervisor, number, "supervise", level="1", text="请抓紧")


def test_an_order_that_rests_or_waits_for_a_second_person_goes_on_by_its_own_version(world, republish):
    paused = drive(world, file(world, service="TRIAL_ITEM", answers=ANSWERS), "HANDLING")
    do(world.mediator, paused, "request_supplement", items="照片")
    asked = drive(world, file(world, service="TRIAL_ITEM", answers=ANSWERS), "HANDLING")
    do(world.mediator, asked, "ask_cohandling", units=world.token("firm"), text="请出意见")
    republish(ASKS_MORE)
    do(world.citizen, paused, "reply_supplement", reply="见附件")
    do(world.lawyer, asked, "reply_cohandling", text="可以")
    assert [selectors.get(SYSTEM, n).state for n in (paused, asked)] == ["HANDLING", "HANDLING"]


def test_of_two_tabs_the_older_submits_by_its_version_and_the_newer_by_the_new_one(world, republish):
    old = services.start_draft(actor=world.citizen, filing=filing(world.citizen, service="TRIAL_ITEM", answers=ANSWERS))
    republish(ASKS_MORE)
    new = services.start_draft(actor=world.citizen, filing=filing(world.citizen, service="TRIAL_ITEM", answers=ANSWERS))
    sent = services.submit_draft(actor=world.citizen, draft=old.draft)
    assert selectors.get(world.citizen, sent.number).item_version == 1
    with pytest.raises(Invalid) as refusal:
        services.submit_draft(actor=world.citizen, draft=new.draft)
    assert set(refusal.value.fields) == {"more"}


def test_a_service_closed_while_the_last_page_is_open_refuses_and_says_where_to_go(world, republish):
    draft = services.start_draft(
        actor=world.citizen, filing=filing(world.citizen, service="TRIAL_ITEM", answers=ANSWERS)
    ).draft
    publishing.close_item(SYSTEM, code="TRIAL_ITEM", reason="维护")
    with pytest.raises(ItemClosed) as refusal:
        services.submit_draft(actor=world.citizen, draft=draft)
    assert "已保存" in refusal.value.text and "12348" in refusal.value.text
    publishing.reopen_item(SYSTEM, code="TRIAL_ITEM", reason="好了")
    assert services.submit_draft(actor=world.citizen, draft=draft).number
    history = [event.name for event in events.stream("item:TRIAL_ITEM")]
    assert history == ["catalogue.item_published.v1", "catalogue.item_closed.v1", "catalogue.item_reopened.v1"]


def test_looking_at_a_service_or_at_the_first_page_makes_no_draft(world):
    from django.test import Client

    client = Client()
    client.force_login(identity.account(world.citizen.account_id))
    for code in ("MEDIATION_PEOPLE", "CONSULT_MESSAGE"):
        for url in ("/", f"/services/{code}/", f"/apply/{code}/", "/mine/"):
            assert client.get(url).status_code == 200, url
    assert not Order.objects.exists()


def test_a_refusal_says_which_condition_stood_against_it(world):
    number = drive(world, file(world), "HANDLING")
    refusals = {
        "不同意延长": lambda: do(world.mediator, number, "ask_extension", reason="x", agree=False),
        "明确拒绝": lambda: do(world.mediator, number, "ask_will", agrees=False, text="不愿意"),
        "没有被督办": lambda: do(world.mediator, number, "answer_supervision", text="x"),
    }
    for words, act in refusals.items():
        with pytest.raises(RefusedByRule) as refusal:
            act()
        assert words in refusal.value.text


def test_every_rule_of_every_process_has_its_source_in_words():
    from fawang.base.catalogue import rules

    for name in rules.names():
        rule = rules.find(name)
        assert rule.__doc__ and len(rule.__doc__) > 15, name


def test_every_action_of_every_process_can_be_reached_and_left():
    """No state is a trap: from each open state some action leads on, and each state is some action's target."""
    for process in loader.read().processes.values():
        leads, entered = {}, {"DRAFT", "SUBMITTED"}
        for action in process.actions:
            targets = {*action.may_lead_to, action.to} - {"=", "?"}
            entered |= targets
            for state in action.sources:
                leads.setdefault(state, set()).update(targets - {state})
        for state in process.states:
            assert state.code in entered, state.code
            assert state.is_end or leads.get(state.code), state.code


def test_a_line_says_in_both_languages_what_it_asks_and_does():
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for process in loader.read().processes.values():
        for action in process.actions:
            for text in (action, *action.form, *(option for question in action.form for option in question.options)):
                assert text.zh and text.en and not chinese.search(text.en), (process.process, action.code)
