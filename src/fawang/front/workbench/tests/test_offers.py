"""Services on the staff's pages: who sees them, what they say, publishing from the page, and the printed poster."""

import re

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override

from fawang.base.catalogue import courses, loader, selectors, services, standing, writing
from fawang.base.catalogue.schema import Process
from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services as register
from fawang.base.organisations.tests.factories import SYSTEM
from fawang.base.workorders import selectors as seen
from fawang.base.workorders import services as orders
from fawang.base.workorders.tests.factories import filing
from fawang.front.workbench.offers import drawing
from fawang.front.workbench.offers.course import course_of
from fawang.front.workbench.offers.editions import value_words
from fawang.front.workbench.tests.factories import client_of, text_of
from fawang.kernel.events import selectors as events

LIST = "/work/admin/services/"
CODE = "TRIAL_TALK"
TRIAL = f"{LIST}{CODE}/"
PAGES = ("", "questions/", "course/", "examples/", "versions/", "poster/")
TEXT = writing.beginning(CODE, "consultation", "consultation").replace(
    "is_example: true\nuncertain: [everything]\n", ""
)
SECOND = TEXT.replace("version: 1", "version: 2").replace("zh: 免费。", "zh: 全部免费。")
FAILING = SECOND.replace("asked: [applicant_name, ", "asked: [")
HAN = re.compile("[\u4e00-\u9fff]+")


@pytest.fixture
def write(staff, settings, tmp_path):
    """Writes the trial service into this installation's own folder."""
    settings.HOME = tmp_path / "home"
    folder = settings.HOME / "definitions"
    folder.mkdir(parents=True)

    def written(text):
        (folder / "trial.yaml").write_text(text, encoding="utf-8")

    written.folder = folder
    return written


def mark_on(response):
    return re.search(r'name="mark" value="(\w+)"', text_of(response))[1]


# --- who -------------------------------------------------------------------------------------------------------------
def test_services_open_for_those_who_answer_for_them_and_for_nobody_else(staff):
    paths = [LIST, *(f"{LIST}MEDIATION_PEOPLE/{page}" for page in PAGES)]
    for name in ("department", "justice", "liaison"):
        for path in paths:
            assert client_of(getattr(staff, name)).get(path).status_code == 200, (name, path)
    for name in ("mediator", "dispatcher", "supervisor", "auditor", "clerk", "sysadmin"):
        for path in paths:
            assert client_of(getattr(staff, name)).get(path).status_code in {403, 404}, (name, path)
    assert Client().get(LIST).status_code == 302
    assert client_of(staff.department).get(f"{LIST}NO_SUCH_TALK/").status_code == 404


def test_only_the_department_publishes_closes_and_is_offered_to(staff, write):
    write(TEXT)
    for name in ("justice", "liaison"):
        client = client_of(getattr(staff, name))
        page = text_of(client.get(TRIAL))
        assert "看差别并发布" not in page
        assert "停止受理的原因" not in text_of(client.get(f"{LIST}MEDIATION_PEOPLE/"))
        assert client.get(f"{TRIAL}publish/").status_code == 404
        assert client.post(f"{TRIAL}publish/", {"mark": "x"}).status_code in {403, 404}
        assert client.post(f"{LIST}MEDIATION_PEOPLE/open/", {"act": "close", "reason": "x"}).status_code in {403, 404}
    assert selectors.is_open("MEDIATION_PEOPLE")
    assert events.stream(f"item:{CODE}") == []


# --- what they say ---------------------------------------------------------------------------------------------------
def test_the_list_counts_by_line_and_is_narrowed_by_words_and_state(staff, write):
    write(FAILING)
    client = client_of(staff.justice)
    items = (
        loader.read(write.folder.parent / "none").items if False else {p.code: p for p, _o, _w in selectors.offers()}
    )
    page = text_of(client.get(LIST))
    assert re.search(rf'figure__number">{len(items) + 1}</span><span class="figure__label">全部服务', page)
    mediation = sum(one.line == "mediation" for one in items.values())
    assert re.search(rf"<strong>调解</strong>\s*<span[^>]*>\s*{mediation} 项", page)
    found = text_of(client.get(f"{LIST}?q=trial"))
    assert CODE in found
    assert "MEDIATION_PEOPLE" not in found
    failing = text_of(client.get(f"{LIST}?state=failing"))
    assert CODE in failing
    assert "没有通过检查" in failing
    assert "没有符合条件的服务" in text_of(client.get(f"{LIST}?state=failing&line=mediation"))
    for odd in ("?q=%00", "?state=x", "?line=x", "?q=" + "长" * 500):
        assert client.get(LIST + odd).status_code == 200, odd


def test_the_overview_says_conditions_materials_limits_fee_and_who_confirmed(staff):
    item = selectors.item("LEGAL_AID_CIVIL").item
    page = text_of(client_of(staff.justice).get(f"{LIST}LEGAL_AID_CIVIL/"))
    for part in (item.guide.conditions, item.guide.remedies, item.materials[0], item.eligibility[0]):
        assert escape(part.zh) in page
    assert escape(item.eligibility[0].when) in page
    assert "LA-" in page
    assert "法定" in page
    assert "还是示例" in page
    assert escape(item.uncertain[0]) in page
    assert f"{len(item.examples)} 个算例通过" in page


def test_every_question_is_shown_as_people_meet_it_and_cannot_be_answered(staff):
    item = selectors.item("LEGAL_AID_CIVIL").item
    page = text_of(client_of(staff.justice).get(f"{LIST}LEGAL_AID_CIVIL/questions/"))
    asked = [q for q in item.questions if not (q.material or q.compute)]
    assert page.count('class="form phone__form" disabled') == len(asked) > 10
    for question in asked:
        assert f'id="p-{question.id}"' in page
        assert escape(question.zh) in page
    assert "<form" not in page.partition('<ol class="phones">')[2].partition("</ol>")[0].replace("<form class", "")
    shown_when = next(q for q in asked if q.show == 'matter == "abuse"')
    assert f"“{item.question('matter').zh}”是“" in page
    assert escape(shown_when.show) in page
    computed = next(q for q in item.questions if q.compute)
    assert f'<code translate="no">{computed.id}</code>' in page


def test_examples_say_what_came_out_and_why_one_fails(staff, write):
    page = text_of(client_of(staff.justice).get(f"{LIST}LEGAL_AID_CIVIL/examples/"))
    item = selectors.item("LEGAL_AID_CIVIL").item
    assert page.count("</span>通过") + page.count("<span>通过</span>") == len(item.examples)
    assert escape(item.examples[0].name) in page
    write(FAILING)
    failing = text_of(client_of(staff.justice).get(f"{TRIAL}examples/"))
    assert "没有通过，所以不能发布：" in failing
    assert "问到的问题：应是" in failing
    english = text_of(client_of(staff.justice, "en").get(f"{TRIAL}examples/"))
    assert "Questions asked: " in english


def test_the_drawing_has_every_state_and_a_number_for_every_arrow(staff):
    for process in loader.read().processes.values():
        picture, steps = course_of(process)
        assert [arrow.number for arrow in picture.arrows] == [step.number for step in steps]
        told = {text for box in picture.boxes for _y, text in box.lines}
        with override("zh-hans"):
            inner = {own.zh for own in process.inner}
        assert inner <= told, process.process
        assert all(0 <= arrow.x <= picture.width and 0 <= arrow.y <= picture.height for arrow in picture.arrows)
    page = text_of(client_of(staff.justice).get(f"{LIST}MEDIATION_PEOPLE/course/"))
    assert page.count("course__number") == len(course_of(selectors.item("MEDIATION_PEOPLE").process)[1])
    assert "征询对方意愿" in page


def test_arrows_of_one_side_share_a_lane_only_when_they_do_not_meet():
    names = [(str(n), f"state {n}", False) for n in range(8)]
    moves = [("0", "3"), ("1", "4"), ("4", "7"), ("0", "7"), ("3", "0"), ("2", "3")]
    picture = drawing.drawn(names, moves)
    lanes = {move: arrow.x for move, arrow in zip(moves, picture.arrows, strict=True)}
    assert lanes["0", "3"] != lanes["1", "4"]
    assert lanes["0", "7"] > max(lanes["0", "3"], lanes["1", "4"], lanes["4", "7"])
    assert lanes["3", "0"] < picture.left
    assert len({(arrow.x, arrow.y) for arrow in picture.arrows}) == len(moves)


def test_long_names_break_into_two_lines():
    [box] = drawing.drawn([("a", "Agreement signed, the lawyer is at work", True)], []).boxes
    assert [text for _y, text in box.lines] == ["Agreement signed, the", "lawyer is at work"]


# --- publishing ------------------------------------------------------------------------------------------------------
def test_the_difference_is_seen_then_published_and_drafts_keep_their_version(staff, write):
    client = client_of(staff.department)
    write(TEXT)
    first = client.get(f"{TRIAL}publish/")
    assert "第一次发布，第 1 版" in text_of(first)
    assert client.post(f"{TRIAL}publish/", {"mark": mark_on(first)}).url == f"{TRIAL}versions/"
    answers = {"applicant_name": "王示例", "applicant_phone": "13800000001", "story": "说说", "area": "510107"}
    draft = orders.start_draft(actor=staff.citizen, filing=filing(staff.citizen, service=CODE, answers=answers)).draft
    write(SECOND)
    shown = client.get(f"{TRIAL}publish/")
    page = text_of(shown)
    for said in ("第 1 版变为第 2 版", "办事指南 › 收费说明 › 中文", "免费。", "全部免费。", "填了一半的表格"):
        assert said in page
    assert client.post(f"{TRIAL}publish/", {"mark": mark_on(shown)}).status_code == 302
    assert selectors.item(CODE).item.version == 2
    assert selectors.version(seen.get(staff.citizen, draft).item_version_id).item.version == 1
    who = identity.account_names([staff.department.account_id])[staff.department.account_id]
    assert text_of(client.get(f"{TRIAL}versions/")).count(f">{who}</td>") == 2
    published = [row for row in events.stream(f"item:{CODE}") if row.name == "catalogue.item_published.v1"]
    assert [row.actor for row in published] == [staff.department.ref] * 2


def test_a_failing_example_refuses_the_publication_and_is_named(staff, write):
    client = client_of(staff.department)
    write(TEXT)
    client.post(f"{TRIAL}publish/", {"mark": mark_on(client.get(f"{TRIAL}publish/"))})
    write(FAILING)
    page = text_of(client.get(f"{TRIAL}publish/"))
    assert 'name="mark"' not in page
    assert "改正这些之前不能发布" in page
    refused = client.post(f"{TRIAL}publish/", {"mark": "whatever"})
    assert refused.status_code in {409, 422}
    assert "算例没有通过，不能发布：“somebody ordinary”" in text_of(refused)
    assert selectors.item(CODE).item.version == 1
    assert str(write.folder) not in text_of(refused)


def test_a_file_that_changed_after_it_was_seen_is_not_published(staff, write):
    client = client_of(staff.department)
    write(TEXT)
    mark = mark_on(client.get(f"{TRIAL}publish/"))
    write(SECOND)
    refused = client.post(f"{TRIAL}publish/", {"mark": mark})
    assert refused.status_code == 409
    assert "又改动了" in text_of(refused)
    assert events.stream(f"item:{CODE}") == []


def test_any_two_versions_are_compared_in_both_languages(staff, write):
    for text in (TEXT, SECOND, SECOND.replace("version: 2", "version: 3").replace("  - {use: story}\n", "", 1)
                 .replace("title_from: [story]\ndescription_from: story\n", "title_from: [applicant_name]\n")
                 .replace("story: 说说发生了什么, ", "").replace("applicant_phone, story,", "applicant_phone,")):  # fmt: skip
        write(text)
        services.publish_all(SYSTEM)
    ids = [edition.version_id for edition in reversed(standing.editions(CODE))]
    client = client_of(staff.justice)
    page = text_of(client.get(f"{TRIAL}versions/?before={ids[0]}&after={ids[2]}"))
    assert "去掉了" in page
    assert re.search("问题“[^”]+”", page)
    english = text_of(client_of(staff.justice, "en").get(f"{TRIAL}versions/?before={ids[2]}&after={ids[0]}"))
    assert "question “" in english
    assert "New" in english
    other = selectors.item("MEDIATION_PEOPLE").version_id
    for odd in (f"?before={other}&after={ids[0]}", "?before=x&after=%00", "?before=file&after=²"):
        assert "请选两个版本" in text_of(client.get(f"{TRIAL}versions/{odd}")), odd


def test_values_of_definitions_are_told_in_words():
    with override("zh-hans"):
        assert value_words({"zh": "禁毒", "en": "Drugs", "value": "drugs"}) == "禁毒 / Drugs（值 drugs）"
        assert value_words([]) == "没有"
        assert value_words(True) == "是"
        assert len(value_words("长" * 5000)) < 700


# --- the poster ------------------------------------------------------------------------------------------------------
def test_a_poster_leads_to_the_service_of_its_place(staff, settings):
    settings.FAWANG_SITE_URL = "https://law.example"
    register.add_window(SYSTEM, staff.centre, name="1 号窗口")
    [window] = organisations.windows(staff.centre)
    client = client_of(staff.department)
    url = f"{LIST}MEDIATION_PEOPLE/poster/"
    page = text_of(client.get(url, {"unit": "武侯中心", "window": window.token, "board": "V3-north"}))
    item = selectors.item("MEDIATION_PEOPLE").item
    for said in ("武侯中心 · 1 号窗口", item.zh, escape(item.en), "12348", "data:image/svg+xml;base64,"):
        assert said in page
    typed = re.search(r"<code translate=\"no\">law\.example(/scan/[^<]+)</code>", page)[1]
    assert typed == "/scan/MEDIATION_PEOPLE/510107/V3-north/"
    scanned = Client().get(typed)
    assert scanned.status_code == 302
    assert scanned.url == "/services/MEDIATION_PEOPLE/"
    own = text_of(client_of(staff.liaison).get(url))
    assert "武侯调委会" in own
    assert re.search(r"/scan/MEDIATION_PEOPLE/510107/[a-z0-9]{6}/", own)


def test_a_poster_needs_a_place_a_mark_that_can_be_typed_and_a_published_service(staff, write):
    client = client_of(staff.department)
    url = f"{LIST}MEDIATION_PEOPLE/poster/"
    for sent, field in (({"unit": "没有这一家"}, "unit"), ({"unit": "武侯中心", "board": "村 口"}, "board")):
        answer = client.get(url, sent)
        assert answer.status_code == 422
        assert f'href="#q-{field}"' in text_of(answer)
        assert 'class="poster"' not in text_of(answer)
    write(TEXT)
    page = text_of(client.get(f"{TRIAL}poster/"))
    assert "发布后才能做海报" in page
    assert 'class="poster"' not in page
    assert "主管单位确认之前不要张贴" in text_of(client.get(f"{LIST}LEGAL_AID_CIVIL/poster/"))


# --- every page ------------------------------------------------------------------------------------------------------
def test_every_page_keeps_to_the_content_security_policy_and_opens_in_english(staff, write):
    write(TEXT)
    client_of(staff.department).post(
        f"{TRIAL}publish/", {"mark": mark_on(client_of(staff.department).get(f"{TRIAL}publish/"))}
    )
    write(FAILING)
    paths = [LIST, f"{LIST}?state=failing", f"{TRIAL}publish/"]
    paths += [f"{LIST}{code}/{page}" for code in (CODE, "NOTARY_N20", "BUNDLE_WAGES", "FIND_PERSON") for page in PAGES]
    paths += [f"{TRIAL}{page}?of=file" for page in PAGES]
    for path in paths:
        for language in ("zh-hans", "en"):
            answer = client_of(staff.department, language).get(path)
            text = text_of(answer)
            assert answer.status_code == 200, path
            ids = re.findall(r'\sid="([^"]+)"', text)
            assert sorted(ids) == sorted(set(ids)), path
            assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son\w+=|<script(?![^>]*\ssrc=)", text), path
        # what is left are sources in law, answers of examples, both sides of differences, and the poster's own Chinese
        words = re.sub(r'<(\w+)[^>]*(?:lang="zh-Hans"|translate="no")[^>]*>.*?</\1>', "", text, flags=re.DOTALL)
        words = re.sub(r"<(dd|option|strong|a|input|span)\b[^>]*>[^<]*", "", words)
        assert set(HAN.findall(words)) <= {"开放法网", "中文"}, (path, HAN.findall(words))


def test_a_process_without_states_of_its_own_is_drawn_as_well():
    process = loader.read().processes["bundles"]
    assert isinstance(process, Process)
    assert {state for pair in courses.whole(process) for state in pair} <= set(courses.MAIN)
    assert len(course_of(process)[0].boxes) == len(courses.MAIN)
