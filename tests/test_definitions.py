"""A broken definition is refused with file and line; a published version never changes under anybody's feet."""

import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from fawang.base.catalogue import loader, reference, selectors, services
from fawang.base.catalogue.errors import DefinitionError, ItemClosed, NoSuchItem
from fawang.base.catalogue.models import Item, ItemVersion
from fawang.base.workorders import selectors as orders
from fawang.base.workorders import services as order_services
from fawang.base.workorders.tests.factories import ANSWERS, do, drive, file, filing
from fawang.kernel.errors import NotPermitted
from fawang.kernel.policy import Actor, system

SYSTEM = system("test")
ROOT = Path(__file__).resolve().parents[1]
MEDIATION = Path(apps.get_app_config("mediation").path) / "definitions"
CLAIM = "  - {id: claim, zh: 您希望怎样解决, en: What do you want, type: long_text, max_length: 1000}"
AMOUNT = "  - {id: amount, zh: 涉及多少钱, en: How much money is involved, type: amount, required: false}"
# people's mediation with its form alone: the tests bring rules and examples of their own
ITEM = re.sub(
    r"^(version: )\d+\n|^(?:eligibility|fee|results|examples):.*\n(?: .*\n)*",
    lambda found: f"{found[1]}1\n" if found[1] else "",
    (MEDIATION / "items" / "people.yaml")
    .read_text(encoding="utf-8")
    .replace("MEDIATION_PEOPLE", "TRIAL_ITEM")
    .replace("  - {use: claim}", CLAIM)
    .replace("  - {use: amount, required: false}", AMOUNT),
    flags=re.MULTILINE,
)
PROCESS = """\
process: trial
version: 1
extends: envelope
inner:
  - {code: BEGUN, zh: 开始, en: Begun, is_initial: true}
actions:
  - code: try_it
    zh: 试
    en: Try it
    from: [HANDLING]
    to: "="
    who: [handler]
    event: tried
limits:
  - id: TR-01
    zh: 试
    en: Trial
    span: {value: 3, unit: WD}
    starts_on: [accept]
    stops_on: [try_it]
    basis: "practice"
"""


def problems(folder, **files):
    """What `read` says about an installation's own folder with these files."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    try:
        loader.read(folder)
    except DefinitionError as error:
        return [line.removeprefix(f"{folder}/") for line in error.problems]
    return []


def test_the_definitions_used_in_these_tests_fit_as_they_are(tmp_path):
    assert problems(tmp_path, item=ITEM, process=PROCESS) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("to: \"=\"", "to: NOWHERE", 7, "no state NOWHERE"),
        ("from: [HANDLING]", "from: [HANDLING, LOST]", 7, "no state LOST"),
        ("who: [handler]", "who: [handler]\n    guards: [trial.nothing]", 7, "no rule is named trial.nothing"),
        ("who: [handler]", "who: [handler]\n    inner_from: [ENDED]", 7, "no inner state ENDED"),
        ("who: [handler]", "who: [handler]\n    then: try_it", 7, "comes back"),
        ("who: [handler]", "who: [handler]\n    then: fly", 7, "then fly"),
        ("who: [handler]", "who: [handler]\n    may_lead_to: [DONE]", 7, "belong together"),
        ("who: [handler]", "who: [handler]\n    colour: red", 13, "Extra inputs"),
        ("    en: Try it\n", "", 7, "en: Field required"),
        ("code: try_it", "code: approve", 7, "declared twice"),
        ("stops_on: [try_it]", "stops_on: [fly]", 15, "no action fly"),
        ("starts_on: [accept]", "starts_on: [accept]\n    starts_in: [LOST]", 15, "no state LOST"),
        ("is_initial: true", "is_initial: false", 1, "exactly one"),
        ("extends: envelope", "extends: nothing", 3, "not there"),
        ("limits:", "changes:\n  fly: {is_main: true}\nlimits:", 15, "unknown actions: fly"),
        ("span: {value: 3, unit: WD}", "span: {value: 3, unit: WEEK}", 18, "unit"),
        ("version: 1", "version: 1\nversion: 2", 3, "written twice"),
        ("version: 1", "version: [1", 3, ""),
        ("process: trial", "process: envelope", 1, "declared in"),
        ("event: tried", "event: tried\n    form:\n      - {id: b, zh: b, en: b, type: text, show: 'a == 1'}", 7, "undeclared reference to 'a'"),
        ("event: tried", "event: tried\n    form:\n      - {id: b, zh: b, en: b, type: choice, table: nowhere}", 7, "no code table nowhere"),
    ],
)  # fmt: skip
def test_a_broken_process_names_file_and_line(tmp_path, old, new, line, words):
    assert old in PROCESS
    found = problems(tmp_path, process=PROCESS.replace(old, new, 1))
    assert any(p.startswith(f"process.yaml:{line}: ") and words in p for p in found), found


def line_in(text, wanted):
    return next(i for i, row in enumerate(text.splitlines(), 1) if wanted in row)


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("icon: heart_handshake", "icon: heart_handshake\nprice: 3", "price: 3", "Extra inputs"),
        ("process: mediation", "process: nothing", "process: nothing", "no process nothing"),
        ("channels: [\"*\"]", "channels: [\"77\"]", "channels:", "unknown channels 77"),
        ("area_from: area", "area_from: nowhere", "code: TRIAL_ITEM", "no question nowhere"),
        ("- {id: claim,", "- {id: other_name,", "code: TRIAL_ITEM", "occurs twice"),
        ("{id: claim,", "{id: claim, show: 'claim == \"x\"',", "{id: claim", "`show` names claim, asked after it"),
        ("{id: claim,", "{id: claim, show: 'proceedings == \"x\"',", "{id: claim", "`show` names proceedings, asked after"),
        ("{id: claim,", "{id: claim, options: [{value: a, zh: a, en: a}],", "{id: claim", "options"),
        ("identity_level: 1", "identity_level: 9", "identity_level: 9", "less than or equal"),
    ],
)  # fmt: skip
def test_a_broken_item_names_file_and_line(tmp_path, old, new, at, words):
    assert old in ITEM
    text = ITEM.replace(old, new, 1)
    found = problems(tmp_path, item=text)
    line = line_in(text, at)
    assert any(p.startswith(f"item.yaml:{line}: ") and words in p for p in found), (line, found)


def test_a_text_without_its_english_is_refused_with_its_line(tmp_path):
    text = ITEM.replace("  fees: {zh: 不收任何费用。, en: No fee of any kind.}", "  fees: {zh: 不收任何费用。}")
    assert text != ITEM
    found = problems(tmp_path, item=text)
    assert found == [f"item.yaml:{line_in(text, 'fees:')}: guide.fees.en: Field required"]


def test_what_is_no_definition_in_an_installations_folder_is_said(tmp_path):
    assert problems(tmp_path, item="proces: x\n") == [
        "item.yaml:1: neither a service, a family, a process, a bank nor dated data"
    ]
    assert "already" in problems(tmp_path, item="table: channel\nsource: x\nrows: []\n")[0]
    (tmp_path / "item.yaml").write_bytes(b"\xff\xfe\x00")
    assert problems(tmp_path) == ["item.yaml:1: not UTF-8 text"]


def test_every_problem_is_told_at_once_by_the_command(tmp_path):
    (tmp_path / "a.yaml").write_text(PROCESS.replace("[HANDLING]", "[LOST]"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(ITEM.replace("process: mediation", "process: nothing"), encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        call_command("catalogue", "check", dir=tmp_path, stdout=StringIO())
    assert "a.yaml:7:" in str(refusal.value)
    assert "b.yaml:" in str(refusal.value)


# --- publishing --------------------------------------------------------------------------------------------------
def test_publishing_twice_is_nothing_new(db):
    assert set(services.publish_all(SYSTEM)) >= {"MEDIATION_PEOPLE", "CONSULT_MESSAGE"}
    before = ItemVersion.objects.count()
    assert services.publish_all(SYSTEM) == []
    assert ItemVersion.objects.count() == before


def test_changed_content_without_a_higher_version_is_refused_naming_the_file(db, tmp_path):
    path = tmp_path / "item.yaml"
    path.write_text(ITEM, encoding="utf-8")
    services.publish_all(SYSTEM, extra=tmp_path)
    path.write_text(ITEM.replace("zh: 您希望怎样解决", "zh: 您的要求"), encoding="utf-8")
    with pytest.raises(DefinitionError) as refusal:
        services.publish_all(SYSTEM, extra=tmp_path)
    assert str(path) in str(refusal.value)
    assert "raise its version to 2" in str(refusal.value)
    assert ItemVersion.objects.filter(code="TRIAL_ITEM").count() == 1
    path.write_text(
        ITEM.replace("zh: 您希望怎样解决", "zh: 您的要求").replace("version: 1", "version: 2"), encoding="utf-8"
    )
    assert services.publish_all(SYSTEM, extra=tmp_path) == ["TRIAL_ITEM"]
    assert [p.item.version for p in selectors.versions("TRIAL_ITEM")] == [2, 1]


def test_orders_stay_with_their_version_and_a_half_filled_draft_can_still_be_sent(world, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "item.yaml").write_text(ITEM, encoding="utf-8")
    services.publish_all(SYSTEM, extra=folder)
    running = drive(world, file(world, service="TRIAL_ITEM", answers=ANSWERS), "HANDLING")
    draft = order_services.start_draft(
        actor=world.citizen, filing=filing(world.citizen, service="TRIAL_ITEM", answers=ANSWERS)
    )
    newer = ITEM.replace("version: 1", "version: 2").replace(
        "title_from:", '  - {id: more, zh: 新问题, en: A new question, type: text}\ntitle_from:'
    )  # fmt: skip
    (folder / "item.yaml").write_text(newer, encoding="utf-8")
    services.publish_all(SYSTEM, extra=folder)
    assert selectors.item("TRIAL_ITEM").item.version == 2
    assert orders.get(world.mediator, running).item_version == 1
    do(world.mediator, running, "note_contact", reached=True, text="好")
    sent = order_services.submit_draft(actor=world.citizen, draft=draft.draft)
    assert orders.get(world.citizen, sent.number).item_version == 1
    assert Item.objects.get(pk="TRIAL_ITEM").revision == 2


def test_an_item_is_closed_and_opened_again_by_those_who_may(db):
    services.publish_all(SYSTEM)
    with pytest.raises(NotPermitted):
        services.close_item(Actor("account:1", frozenset({"DISPATCHER"}), 1), code="CONSULT_MESSAGE", reason="x")
    services.close_item(SYSTEM, code="CONSULT_MESSAGE", reason="维护")
    with pytest.raises(ItemClosed):
        selectors.item("CONSULT_MESSAGE", must_be_open=True)
    assert "CONSULT_MESSAGE" not in {p.code for p in selectors.items()}
    services.publish_all(SYSTEM)
    assert not selectors.is_open("CONSULT_MESSAGE")
    services.reopen_item(SYSTEM, code="CONSULT_MESSAGE", reason="好了")
    assert selectors.is_open("CONSULT_MESSAGE")
    for code in ("NOTHING", "", "a\0"):
        with pytest.raises(NoSuchItem):
            selectors.item(code)
        with pytest.raises(NoSuchItem):
            services.close_item(SYSTEM, code=code, reason="x")


def test_the_reference_page_is_what_the_command_prints():
    out = StringIO()
    call_command("catalogue", "reference", stdout=out)
    page = (ROOT / "docs" / "reference" / "catalogue.md").read_text(encoding="utf-8")
    assert page.rstrip("\n") == out.getvalue().rstrip("\n") == reference.reference_page().rstrip("\n")


def test_a_line_is_its_folder(tmp_path):
    """What a line declares stands in its own folder: a copy of it elsewhere is the same line twice, and said so."""
    shutil.copytree(MEDIATION, tmp_path / "copy")
    assert any("process mediation is declared in" in p for p in problems(tmp_path))


def test_an_installation_may_put_its_own_in_place_of_a_service_but_not_two(tmp_path):
    confirmed = ITEM.replace("TRIAL_ITEM", "MEDIATION_PEOPLE").replace("version: 1", "version: 9")
    assert problems(tmp_path, one=confirmed) == []
    assert loader.read(tmp_path).items["MEDIATION_PEOPLE"].version == 9
    assert "MEDIATION_PEOPLE is declared in" in problems(tmp_path, two=confirmed)[0]


FAMILY = """\
family: trial
template:
  code: "TRIAL_{number}"
  line: mediation
  version: 1
  zh: "{zh}"
  en: "{en}"
  summary: {zh: "办理{zh}。", en: "Deals with {en}."}
  demand_type: APPLY
  applicant_kinds: [PERSON]
  channels: ["*"]
  process: mediation
  guide: {conditions: &x {zh: 无, en: None}, materials: *x, steps: *x, limits: *x, fees: *x, basis: *x, result: *x, remedies: *x}
  questions: [{use: applicant_name}, {use: area}]
  area_from: area
  examples: [{name: anybody, answers: {applicant_name: 王示例, area: "510107"}, expect: {asked: "{asked}"}}]
rows:
  - {number: "01", zh: 甲, en: the first, asked: [applicant_name, area]}
  - {number: "02", zh: 乙, en: the second, asked: [applicant_name, area, copies], add: {questions: [{use: copies, required: false, zh: "要几份{zh}"}]}}
"""


def test_a_family_makes_a_service_of_each_row(tmp_path):
    assert problems(tmp_path, family=FAMILY) == []
    items = loader.read(tmp_path).items
    assert items["TRIAL_01"].summary.say("en") == "Deals with the first."
    assert [q.id for q in items["TRIAL_02"].questions] == ["applicant_name", "area", "copies"]
    assert items["TRIAL_02"].question("copies").zh == "要几份乙"
    assert items["TRIAL_02"].question("copies").meaning == "matter.copies"


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("en: the second", "more: 1", '{number: "02"', "the row lacks en"),
        ("{use: copies", "{use: copise", '{number: "02"', "the bank has no question copise"),
        ("asked: [applicant_name, area]}", "asked: [area]}", '{number: "01"', "where ['area'] is expected"),
    ],
)
def test_a_row_that_does_not_fit_is_named_by_its_line(tmp_path, old, new, at, words):
    text = FAMILY.replace(old, new, 1)
    assert text != FAMILY
    found = problems(tmp_path, family=text)
    assert any(p.startswith(f"family.yaml:{line_in(text, at)}: ") and words in p for p in found), found


BROKEN = [
    ("show: 'amount > 1'", "undeclared reference to 'amount'"),
    ("compute: 'size(story)'", "gives INT where STRING is needed"),
    ("checks: [{rule: 'size(claim)', zh: 短, en: short}]", "gives INT where BOOL is needed"),
    ("compute: 'claim'", "its rule comes back to itself"),
    ("meaning: no.such", "no.such is no code of table meaning"),
]


@pytest.mark.parametrize(("more", "words"), BROKEN)
def test_a_rule_that_cannot_be_is_refused_with_file_and_line(tmp_path, more, words):
    text = ITEM.replace("{id: claim,", f"{{id: claim, {more},", 1).replace("  - {id: amount,", "  - {id: money,")
    found = problems(tmp_path, item=text)
    assert any(p.startswith(f"item.yaml:{line_in(text, '{id: claim')}: ") and words in p for p in found), found


RULES = """\
eligibility:
  - {id: small, when: 'amount < 100000', answer: yes, zh: 小额, en: small, basis: practice}
  - {id: court, when: 'proceedings == "court"', answer: no, zh: 法院已受理, en: in court, basis: practice, sets: [elsewhere]}
materials:
  - {id: photo, zh: 照片, en: Photo, why: {zh: 看, en: to see}, supplier: {zh: 您, en: you}, when: 'kind == "neighbour"'}
  - {id: id_card, zh: 身份证, en: Identity card, why: {zh: 核对, en: to check}, supplier: {zh: 您, en: you}, fetched_from: DS_ID}
fee: {kind: computed, amount: 'amount / 100', basis: practice}
examples:
  - name: a neighbour, small
    answers: {applicant_name: 王示例, kind: neighbour, story: 漏水, claim: 修, amount: "500", other_name: 李示例, area: "510107", proceedings: none}
    expect: {eligible: "yes", flags: [], materials: [photo, id_card], fee: 500, limits: [ME-01], line: mediation}
  - name: a court has it
    answers: {applicant_name: 王示例, kind: debt, story: 欠款, claim: 还, amount: "5000", other_name: 李示例, area: "510107", proceedings: court}
    expect: {eligible: "no", flags: [elsewhere], materials: [id_card], fee: 5000}
  - name: nothing decides
    answers: {applicant_name: 王示例, kind: debt, story: 欠款, claim: 还, other_name: 李示例, area: "510107", proceedings: none}
    expect: {eligible: person}
  - {name: nothing said, answers: {}, expect: {refused: [applicant_name, kind, story, claim, other_name, area, proceedings]}}
"""


def test_worked_examples_run_with_every_check(tmp_path):
    assert problems(tmp_path, item=ITEM + RULES) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('eligible: "no"', 'eligible: "yes"', "a court has it”: eligible: no where yes is expected"),
        ("fee: 500,", "fee: 501,", "fee: 500 where 501 is expected"),
        ("[photo, id_card], fee", "[id_card], fee", "materials:"),
        ("limits: [ME-01]", "limits: [ME-99]", "ME-99 do not apply"),
        ("fetched_from: DS_ID", "fetched_from: DS_XX", "no register DS_XX"),
        ("'amount / 100'", "'amount > 1'", "gives BOOL where INT is needed"),
    ],
)
def test_an_example_that_comes_out_otherwise_blocks_publishing(db, tmp_path, old, new, words):
    assert old in RULES
    assert any(words in p for p in problems(tmp_path, item=ITEM + RULES.replace(old, new, 1)))
    with pytest.raises(DefinitionError):
        services.publish_all(SYSTEM, extra=tmp_path)
    assert not ItemVersion.objects.exists()


def test_the_service_of_the_tutorial_is_one(tmp_path):
    page = (ROOT / "docs" / "tutorial-new-service.md").read_text(encoding="utf-8")
    assert problems(tmp_path, talk=page.split("```yaml\n")[1].split("```")[0]) == []
    item = loader.read(tmp_path).items["SCHOOL_TALK"]
    assert (item.line, item.question("applicant_phone").meaning) == ("outreach", "applicant.phone")


# --- for people who write services -------------------------------------------------------------------------------
def said(*words, **options):
    out = StringIO()
    call_command("catalogue", *words, stdout=out, **options)
    return out.getvalue()


def test_a_new_file_fits_as_it_is_and_is_not_overwritten(tmp_path):
    assert "my_service.yaml" in said("new", "MY_SERVICE", line="notary", dir=tmp_path)
    assert loader.read(tmp_path).items["MY_SERVICE"].line == "notary"
    with pytest.raises(CommandError, match="is declared in"):
        said("new", "MY_SERVICE", line="notary", dir=tmp_path)
    with pytest.raises(CommandError, match="there is no line nothing"):
        said("new", "OTHER_SERVICE", line="nothing", dir=tmp_path)


def test_what_changed_is_told_line_by_line_and_nothing_when_nothing_did(db, tmp_path):
    (tmp_path / "item.yaml").write_text(ITEM + RULES, encoding="utf-8")
    services.publish_all(SYSTEM, extra=tmp_path)
    assert said("diff", "TRIAL_ITEM", dir=tmp_path).strip() == "nothing is different"
    changed = (ITEM + RULES).replace("version: 1", "version: 2").replace("zh: 您希望怎样解决", "zh: 您的要求")
    changed = changed.replace("'amount / 100'", "'amount / 100 + 0'").replace(
        "title_from:", '  - {id: more, zh: 新问题, en: New, type: text, required: false}\ntitle_from:'
    )  # fmt: skip
    (tmp_path / "item.yaml").write_text(changed, encoding="utf-8")
    told = said("diff", "TRIAL_ITEM", dir=tmp_path)
    for line in (
        "~ version: 1 → 2",
        "~ questions[claim].zh: 您希望怎样解决 → 您的要求",
        "+ questions[more]: 新问题",
        "~ fee.amount:",
    ):
        assert line in told, told


def test_an_exported_service_is_a_file_that_says_the_same(db, tmp_path):
    services.publish_all(SYSTEM)
    before = selectors.item("LEGAL_AID_LABOUR").item
    (tmp_path / "own.yaml").write_text(said("export", "LEGAL_AID_LABOUR"), encoding="utf-8")
    again = loader.read(tmp_path).items["LEGAL_AID_LABOUR"]
    assert again == before
    assert services.publish_all(SYSTEM, extra=tmp_path) == []


def test_a_service_is_shown_page_by_page_in_both_languages(tmp_path):
    text = said("preview", "MEDIATION_PEOPLE", language="en")
    assert "What happened" in text
    assert "ME-01" in text
    assert "发生了什么" in said("preview", "MEDIATION_PEOPLE")
    with pytest.raises(CommandError, match="name the service"):
        said("preview")
