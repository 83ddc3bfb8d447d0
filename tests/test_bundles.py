"""A bundle: one application, what is shared asked once, and an order of its own for each thing that was chosen."""

from io import StringIO

import pytest
from django.core.management import call_command

from fawang.base.catalogue import forms, loader, selectors, services
from fawang.base.catalogue.errors import DefinitionError
from fawang.base.documents import selectors as files
from fawang.base.documents import services as documents
from fawang.base.documents.errors import NoSuchDocument
from fawang.base.documents.tests.factories import upload
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as order_services
from fawang.base.workorders.errors import LevelTooLow, NotYours
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import do, filing
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system
from fawang.middle.dispatch import services as dispatch

SYSTEM = system("test")
GUIDE = "guide: {conditions: &x {zh: 无, en: None}, materials: *x, steps: *x, limits: *x, fees: *x, basis: *x, result: *x, remedies: *x}"
HEAD = f"""\
version: 1
summary: {{zh: 试, en: Trial}}
demand_type: APPLY
applicant_kinds: [PERSON]
channels: ["*"]
{GUIDE}
"""
TALK = f"""\
code: TRIAL_TALK
line: mediation
process: mediation
zh: 试谈
en: Trial talk
{HEAD}
questions:
  - {{use: applicant_name}}
  - {{use: story, max_length: 100}}
  - {{use: amount, required: false, checks: [{{rule: 'amount >= 10000', zh: 一百元以上才谈, en: At least 100 yuan}}]}}
  - {{use: other_name}}
  - {{use: other_phone}}
  - {{use: area}}
  - {{id: proceedings, zh: 在别处吗, en: Elsewhere, type: choice, options: [{{value: none, zh: 没有, en: "No"}}]}}
title_from: [story]
description_from: story
area_from: area
"""
ADVICE = f"""\
code: TRIAL_ADVICE
line: consultation
process: consultation
zh: 试问
en: Trial advice
urgency: U2
{HEAD}
questions:
  - {{use: area}}
  - {{use: story}}
  - {{id: kind, zh: 哪一种, en: Which kind, type: choice, options: [{{value: long, zh: 长, en: Long}}, {{value: short, zh: 短, en: Short}}]}}
  - {{id: more, zh: 还有什么, en: What else, type: text, max_length: 5, show: 'kind == "long"'}}
  - {{use: amount}}
  - {{id: twice, zh: 两倍, en: Twice, type: number, required: false, compute: 'amount * 2'}}
  - {{id: big, zh: 大额说明, en: About the large sum, type: text, show: 'twice > 100000 && kind == "long"'}}
  - {{id: domain, zh: 哪方面, en: What about, type: choice, table: domain1}}
title_from: [story]
description_from: story
area_from: area
domain_from: domain
"""
PROOF = f"""\
code: TRIAL_PROOF
line: mediation
process: mediation
zh: 试证
en: Trial proof
identity_level: 2
{HEAD}
questions:
  - {{use: applicant_name}}
  - {{use: area}}
  - {{use: copies}}
  - {{id: kind, zh: 什么证, en: What kind, type: text}}
  - {{use: evidence}}
title_from: [kind]
area_from: area
"""
BUNDLE = f"""\
code: TRIAL_BUNDLE
line: bundles
process: bundles
zh: 试套餐
en: Trial bundle
identity_level: 2
{HEAD}
questions:
  - {{id: wants, zh: 要办哪几件, en: What is to be done, type: choices, required: false, options: [{{value: talk, zh: 谈, en: Talk}}, {{value: advice, zh: 问, en: Ask}}, {{value: proof, zh: 证, en: Prove}}]}}
  - {{id: is_long, zh: 事情复杂吗, en: Is it complicated, type: yes_no}}
  - {{use: area}}
area_from: area
parts:
  - {{item: TRIAL_TALK, when: '"talk" in wants', answers: {{proceedings: '"none"'}}}}
  - {{item: TRIAL_ADVICE, when: '"advice" in wants', answers: {{kind: 'is_long ? "long" : "short"', domain: '"D04"'}}}}
  - {{item: TRIAL_PROOF, when: '"proof" in wants', answers: {{kind: '"收据"'}}}}
examples:
  - name: all of it
    answers: &all {{wants: [talk, advice, proof], is_long: true, area: "510107", applicant_name: 王示例, story: 借出去的钱要不回来, amount: "600.00", other_name: 李示例, more: 借条, big: 六百, copies: 2}}
    expect: {{asked: [wants, is_long, area, applicant_name, story, amount, other_name, other_phone, more, big, copies, evidence]}}
  - name: a short question
    answers: {{wants: [advice], is_long: false, area: "510107", story: 借出去的钱要不回来, amount: "5"}}
    expect: {{asked: [wants, is_long, area, story, amount]}}
"""
ANSWERS = {
    "wants": ["talk", "advice"], "is_long": True, "area": "510107", "applicant_name": "王示例",
    "story": "借出去的钱要不回来", "amount": "300.00", "other_name": "李示例", "other_phone": "13900001234", "more": "有借条",
}  # fmt: skip


def write(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    """An installation's own definitions: three services of two lines, and a bundle of them."""
    return write(tmp_path / "own", talk=TALK, advice=ADVICE, proof=PROOF, bundle=BUNDLE)


@pytest.fixture
def offered(world, folder):
    services.publish_all(SYSTEM, extra=folder)
    return world


def send(world, key=None, **changes):
    """File the bundle the way a door does; the outcome."""
    answers = {name: value for name, value in {**ANSWERS, **changes}.items() if value is not None}
    wanted = filing(world.citizen, service="TRIAL_BUNDLE", answers=answers)
    return order_services.file(actor=world.citizen, filing=wanted, key=key, plan=dispatch.plan)


def test_what_parts_share_is_asked_once_and_only_for_what_was_chosen(folder):
    bundle = loader.read(folder).items["TRIAL_BUNDLE"]
    ids = [question.id for question in bundle.questions]
    assert ids == [
        "wants", "is_long", "area", "applicant_name", "story", "amount", "other_name", "other_phone", "more", "big", "copies", "evidence",
    ]  # fmt: skip
    assert bundle.question("story").max_length == 100, "an answer that both parts take"
    asked = [q.id for q in forms.asked(bundle.questions, {"wants": ["proof"], "is_long": False})]
    assert asked == ["wants", "is_long", "area", "applicant_name", "copies", "evidence"]
    assert {part.item: part.names.get("story") for part in bundle.parts} == {
        "TRIAL_TALK": "story", "TRIAL_ADVICE": "story", "TRIAL_PROOF": None,
    }  # fmt: skip


def test_parts_ask_in_words_that_say_what_they_are_about(folder):
    bundle = loader.read(folder).items["TRIAL_BUNDLE"]
    assert bundle.question("more").zh == "试问：还有什么", "a part's own question names its service"
    assert bundle.question("other_name").say("en") == "The other side's name"
    # two wordings of one question of the bank: the bank's own
    write(folder, talk=TALK.replace("{use: other_name}", "{use: other_name, zh: 跟谁谈}"),
          proof=PROOF.replace("{use: copies}", "{use: copies}\n  - {use: other_name, zh: 证明谁}"),
          bundle=BUNDLE.split("examples:", maxsplit=1)[0])  # fmt: skip
    assert loader.read(folder).items["TRIAL_BUNDLE"].question("other_name").zh == "对方姓名或单位名称"
    # about somebody else: asked for itself
    apart = BUNDLE.split("examples:", maxsplit=1)[0].replace(
        "answers: {kind: '\"收据\"'}", "answers: {kind: '\"收据\"'}, apart: [other_name]"
    )
    write(folder, bundle=apart)
    found = loader.read(folder).items["TRIAL_BUNDLE"]
    assert found.question("trial_proof__other_name").zh == "试证：证明谁"
    assert found.question("other_name").zh == "跟谁谈"


def test_what_nobody_could_be_asked_is_no_question_of_the_bundle(folder):
    never = "  - {use: employer_name, show: 'applicant_kind == \"ORG\"'}\n  - {use: event_date, show: 'kind == \"other\"'}\n"
    write(folder, proof=PROOF.replace("title_from", never + "title_from"))
    bundle = loader.read(folder).items["TRIAL_BUNDLE"]
    assert bundle.question("employer_name") is None and bundle.question("event_date") is None
    assert not {"employer_name", "event_date"} & set(bundle.parts[2].names)


def test_the_amount_is_required_and_checked_only_for_the_part_that_says_so(folder):
    questions = loader.read(folder).items["TRIAL_BUNDLE"].questions
    base = {"is_long": False, "area": "510107", "applicant_name": "王示例", "story": "x", "other_name": "李示例"}
    with forms.cleaners.trusting_places():
        assert "amount" not in forms.clean(questions, {**base, "wants": ["talk"]})
        for wants, amount in ((["advice"], None), (["talk"], "5"), (["advice", "talk"], "5")):
            with pytest.raises(Invalid) as refusal:
                forms.clean(questions, {**base, "wants": wants, "amount": amount})
            assert set(refusal.value.fields) == {"amount"}
        assert forms.clean(questions, {**base, "wants": ["advice"], "amount": "5"})["amount"] == 500


def test_an_application_becomes_an_order_for_each_thing_that_was_chosen(offered):
    outcome = send(offered)
    assert outcome.state == "SPLIT"
    talk, advice = (orders.get(offered.citizen, number) for number in outcome.extra["parts"])
    assert len({outcome.number, talk.number, advice.number}) == 3
    assert (talk.line, talk.service_code, advice.line, advice.service_code) == (
        "mediation", "TRIAL_TALK", "consultation", "TRIAL_ADVICE",
    )  # fmt: skip
    assert talk.answers == {
        "applicant_name": "王示例", "story": "借出去的钱要不回来", "amount": 30000, "other_name": "李示例",
        "other_phone": "13900001234", "area": "510107", "proceedings": "none",
    }  # fmt: skip
    assert advice.answers["kind"] == "long" and advice.answers["more"] == "有借条" and advice.answers["twice"] == 60000
    assert advice.title == "借出去的钱要不回来" and advice.domain == "D04" and advice.urgency == "U2"
    # each has its own holder and its own clocks
    assert organisations.institution(talk.unit_id).name == "武侯调委会"
    assert organisations.institution(advice.unit_id).name == "示例律所"
    assert {c.limit_id for c in orders.clocks(offered.citizen, talk.number)} == {"WO-SIGN", "ME-01"}
    assert {c.limit_id for c in orders.clocks(offered.citizen, advice.number)} == {"WO-SIGN", "CO-05"}
    assert talk.due_at and advice.due_at and not orders.get(offered.citizen, outcome.number).due_at
    # and all are tied to the application
    assert orders.links(offered.citizen, talk.number) == [("BUNDLE", outcome.number)]
    assert sorted(orders.links(offered.citizen, outcome.number)) == sorted(
        [("BUNDLE_OF", talk.number), ("BUNDLE_OF", advice.number)]
    )
    # a telephone number stays sealed in the tables on its way into the part
    assert "sealed" in Order.objects.get(number=talk.number).answers["other_phone"]
    # what the committee holds is not the firm's to see
    assert [o.number for o in orders.queue(offered.liaison, name="unit").rows] == [talk.number]
    do(offered.liaison, talk.number, "sign")


def test_a_part_that_was_not_chosen_makes_no_order(offered):
    outcome = send(offered, wants=["advice"], applicant_name=None, other_name=None, other_phone=None)
    assert [orders.get(offered.citizen, n).service_code for n in outcome.extra["parts"]] == ["TRIAL_ADVICE"]
    assert Order.objects.count() == 2
    for nothing in ([], None):
        with pytest.raises(RefusedByRule):
            send(offered, wants=nothing)
    assert Order.objects.count() == 2


def test_a_refused_answer_of_a_part_is_told_under_the_bundles_name(offered, tmp_path):
    # the part asks for the sheets because of an answer that the bundle has only later: the part has the last word
    late = "{id: sort, zh: 种类, en: Sort, type: text}\n  - {use: copies, id: sheets, required: false, require: 'sort == \"x\"'}"
    bundle = BUNDLE.replace("  - {use: area}", "  - {use: area}\n  - {use: copies, required: false}")
    folder = write(
        tmp_path / "own", proof=PROOF.replace("{use: copies}", late).replace("version: 1", "version: 2"),
        bundle=bundle.replace("version: 1", "version: 2").split("examples:")[0],
    )  # fmt: skip
    services.publish_all(SYSTEM, extra=folder)
    with pytest.raises(Invalid) as refusal:
        send(offered, wants=["talk", "proof"], sort="x")
    assert set(refusal.value.fields) == {"copies"}
    assert Order.objects.count() == 0, "nothing of it is kept"
    parts = send(offered, wants=["talk", "proof"], sort="x", copies=3).extra["parts"]
    assert orders.get(offered.citizen, parts[1]).answers["sheets"] == 3


def test_what_nobody_was_asked_is_told_with_the_name_of_the_service(offered, tmp_path):
    broken = BUNDLE.replace("proceedings: '\"none\"'", 'proceedings: \'is_long ? "nowhere" : "none"\'').split(
        "examples:"
    )[0]
    services.publish_all(SYSTEM, extra=write(tmp_path / "own", bundle=broken.replace("version: 1", "version: 2")))
    with pytest.raises(Invalid) as refusal:
        send(offered)
    assert set(refusal.value.fields) == {"trial_talk__proceedings"}
    assert "试谈" in str(refusal.value.fields["trial_talk__proceedings"])


def test_a_file_goes_with_the_part_that_asked_for_it_and_with_no_other(offered):
    file = documents.store(offered.citizen, upload())
    outcome = send(offered, wants=["talk", "advice", "proof"], copies=1, big="大", evidence=file.token)
    documents.attach(offered.citizen, file.token, outcome.number)
    talk, advice, proof = outcome.extra["parts"]
    # both are the committee's; only the second asked for it
    assert [d.token for d in files.of_order(offered.liaison, proof)] == [file.token]
    assert files.of_order(offered.liaison, talk) == [] == files.of_order(offered.firm_liaison, advice)
    assert files.get(offered.liaison, file.token).order_ref == outcome.number
    with pytest.raises(NoSuchDocument):
        files.get(offered.firm_liaison, file.token)


def test_sending_twice_with_one_key_files_once(offered):
    first, second = send(offered, key="k1"), send(offered, key="k1")
    assert first == second
    assert Order.objects.count() == 3


def test_a_draft_is_filled_in_step_by_step_and_comes_apart_when_it_is_sent(offered):
    draft = order_services.start_draft(
        actor=offered.citizen, filing=filing(offered.citizen, service="TRIAL_BUNDLE", answers={"wants": ["advice"]})
    ).draft
    questions = selectors.item("TRIAL_BUNDLE").item.questions
    told = {"is_long": True, "area": "510107", "story": "借钱", "amount": "3", "more": "有", "applicant_name": None}
    while True:
        given = orders.get(offered.citizen, draft).answers
        ahead = next((q.id for q in forms.asked(questions, given) if q.id not in given), None)
        if ahead is None:
            break
        do(offered.citizen, draft, "fill", answers={ahead: told[ahead]})
    sent = order_services.submit_draft(actor=offered.citizen, draft=draft, plan=dispatch.plan)
    assert sent.state == "SPLIT" and len(sent.extra["parts"]) == 1
    assert orders.get(offered.citizen, sent.extra["parts"][0]).answers["more"] == "有"
    # whichever door sends it
    other = order_services.start_draft(
        actor=offered.citizen, filing=filing(offered.citizen, service="TRIAL_BUNDLE", answers=ANSWERS)
    ).draft
    assert do(offered.citizen, other, "submit").state == "SPLIT"
    with pytest.raises(NotYours):
        order_services.perform(actor=offered.citizen, order=sent.number, action="unbundle")


def test_a_part_keeps_its_own_rules(offered, folder):
    """Identity, and whether it is offered at all: the whole is refused, and says for which service."""
    low = filing(offered.citizen, service="TRIAL_BUNDLE", answers=ANSWERS)
    from dataclasses import replace

    with pytest.raises(LevelTooLow):
        order_services.file(actor=replace(offered.citizen, level=1), filing=low)
    services.close_item(SYSTEM, code="TRIAL_ADVICE", reason="停办")
    with pytest.raises(RefusedByRule) as refusal:
        send(offered)
    assert "试问" in refusal.value.text
    assert Order.objects.count() == 0
    assert send(offered, wants=["talk"]).state == "SPLIT"


def test_somebody_at_a_counter_files_for_a_person(offered):
    wanted = filing(offered.citizen, service="TRIAL_BUNDLE", answers=ANSWERS, channel="21", is_registered=True)
    outcome = order_services.file(actor=offered.clerk, filing=wanted, plan=dispatch.plan)
    parts = [Order.objects.get(number=number) for number in outcome.extra["parts"]]
    assert {(o.registrar, o.applicant_id) for o in parts} == {(offered.clerk.ref, offered.citizen.party_id)}


def test_a_bundle_whose_part_is_gone_is_left_out_and_said_so(db, folder):
    (folder / "proof.yaml").unlink()
    found = loader.read(folder)
    assert "TRIAL_BUNDLE" not in found.items and "TRIAL_TALK" in found.items
    line = BUNDLE[: BUNDLE.index("parts:")].count("\n") + 1
    assert found.left_out["TRIAL_BUNDLE"] == f"{folder}/bundle.yaml:{line}: no service TRIAL_PROOF is declared"
    said = StringIO()
    call_command("catalogue", "check", dir=folder, stdout=StringIO(), stderr=said)
    assert "warning: " in said.getvalue() and "the bundle TRIAL_BUNDLE is left out" in said.getvalue()
    assert "TRIAL_BUNDLE" not in services.publish_all(SYSTEM, extra=folder)
    # what is wrong with it besides is a problem all the same
    write(folder, bundle=BUNDLE.replace('"talk" in wants', '"talk" in wishes'))
    with pytest.raises(DefinitionError, match="wishes"):
        loader.read(folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("proceedings: '\"none\"'", "proceedings: '\"nowhere\"'", "TRIAL_TALK.proceedings: nowhere is none of its options"),
        ("proceedings: '\"none\"'", "proceedings: 'is_long ? \"nowhere\" : \"none\"'", "all of it”: TRIAL_TALK refuses proceedings"),
        ("proceedings: '\"none\"'", "proceedings: is_long", "gives BOOL where STRING is needed"),
        ("proceedings: '\"none\"'", "weather: is_long", "TRIAL_TALK has no question weather"),
        ("proceedings: '\"none\"'}", "proceedings: '\"none\"'}, apart: [weather]", "TRIAL_TALK has no question weather"),
        ("identity_level: 2", "identity_level: 1", "TRIAL_PROOF needs identity level 2"),
        ("applicant_kinds: [PERSON]", "applicant_kinds: [PERSON, ORG]", "does not serve all of"),
        ("wants: [advice], is_long", "is_long", "a short question”: nothing is chosen"),
    ],
)  # fmt: skip
def test_a_bundle_that_cannot_be_is_refused_with_file_and_line(folder, old, new, words):
    assert old in BUNDLE
    write(folder, bundle=BUNDLE.replace(old, new, 1))
    with pytest.raises(DefinitionError) as refusal:
        loader.read(folder)
    assert any("/bundle.yaml:" in problem and words in problem for problem in refusal.value.problems), (
        refusal.value.problems
    )


def test_nothing_of_the_release_is_left_out():
    """Every part of every bundle of the release is declared by the release."""
    assert loader.read().left_out == {}
