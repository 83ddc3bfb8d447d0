import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from fawang.base.knowledge import selectors, services
from fawang.base.knowledge.errors import IndexNotReady, NothingToLearn
from fawang.base.knowledge.models import Corpus
from fawang.base.knowledge.search import indexing, learning, sparse, terms
from fawang.base.knowledge.search.inverted import Inverted
from fawang.base.knowledge.tests import factories
from fawang.kernel.errors import NotPermitted


def found(text, **more):
    return [hit.article.key for hit in selectors.search(text, **more).hits]


def test_every_word_must_be_there(library):
    assert found("劳动报酬") == ["t0#30"]
    assert found("夫妻 财产") and set(found("夫妻 财产")) == {"t1#1062", "t1#1063"}
    assert found("夫妻 仲裁") == []
    assert found("没有这样的话") == [] == found("") == found("，。")


def test_the_name_of_the_law_counts_as_text(library):
    assert found("刑法 醉酒") == ["t2#133之一"]


def test_full_width_and_capitals_do_not_matter(db, tmp_path):
    rows = factories.articles("t0", {1: "使用ＡＰＰ时应当同意。"})
    services.load(factories.ACTOR, factories.write(tmp_path / "one", [factories.law("t0", "测试法")], rows))
    assert found("app") == ["t0#1"]


def test_words_as_they_stand_come_before_their_pieces(db, tmp_path):
    texts = {1: "抚养费由父母养费负担，抚养。", 2: "本条只说抚养费。"}
    rows = factories.articles("t0", texts)
    services.load(factories.ACTOR, factories.write(tmp_path / "one", [factories.law("t0", "测试法")], rows))
    assert found("抚养费负担") == ["t0#1"]
    assert len(found("抚养费")) == 2


def test_local_and_former_law_only_where_asked(library):
    assert found("物业费") == []
    assert found("物业费", local=True) == ["l-1#9"]
    assert found("全面履行") == []
    assert found("全面履行", former=True) == ["t-gone#60"]


def test_pages_and_counts(library):
    every = selectors.search("应当")
    assert every.count == len(every.hits) > 2
    assert [hit.article.key for hit in selectors.search("应当", first=1, most=1).hits] == [every.hits[1].article.key]


def test_one_character_finds_what_begins_with_it(library):
    assert "t0#82" in found("月")


def test_a_question_finds_articles_by_its_words(library):
    best = selectors.relevant("老板拖欠我的工资和劳动报酬怎么办", 3)
    assert best[0].article.key == "t0#30"
    assert best[0].score > best[1].score
    assert selectors.relevant_keys("老板拖欠我的工资和劳动报酬怎么办", 3) == [hit.article.key for hit in best]
    assert selectors.relevant("？？？") == []
    assert selectors.relevant("劳动报酬" * 5_000, 1)[0].article.key == "t0#30"


def test_only_law_in_force_on_the_day_if_asked(library):
    text = "自然人申请商标注册"
    assert selectors.relevant(text, 1)[0].article.key == "t-soon#5"
    assert "t-soon#5" not in [hit.article.key for hit in selectors.relevant(text, 5, on=factories.TODAY.date())]


QUESTIONS = [
    ("老公出轨了我要和他分开", ["t1#1079"]), ("老公打我我想和他分开", ["t1#1079"]), ("老婆要和我分开", ["t1#1079"]),
    ("喝多了开车被查", ["t2#133之一"]), ("喝了点酒开车", ["t2#133之一"]), ("喝酒开车要坐牢吗", ["t2#133之一"]),
]  # fmt: skip


def test_it_learns_and_can_be_undone(library):
    before = selectors.relevant_keys("我老公天天打牌我要分开", 5)
    assert before[:1] != ["t1#1079"]
    taught = services.learn(factories.ACTOR, [*QUESTIONS, ("没有这一条", ["nowhere#1"])])
    assert (taught.examples, taught.left_out, taught.articles) == (6, 1, 2)
    assert selectors.relevant_keys("我老公天天打牌我要分开", 1) == ["t1#1079"]
    assert selectors.relevant_keys("昨晚喝完酒开车", 1) == ["t2#133之一"]
    # what words alone tell is not lost
    assert selectors.relevant_keys("拖欠劳动报酬", 1) == ["t0#30"]
    assert selectors.learned()["examples"] == 6
    assert services.unlearn(factories.ACTOR)
    assert selectors.relevant_keys("我老公天天打牌我要分开", 5) == before
    assert not services.unlearn(factories.ACTOR)


def test_learning_again_replaces_and_gives_the_same(library):
    services.learn(factories.ACTOR, QUESTIONS)
    scores = [hit.score for hit in selectors.relevant("喝酒", 3)]
    services.learn(factories.ACTOR, QUESTIONS[:3])
    services.learn(factories.ACTOR, QUESTIONS)
    assert [hit.score for hit in selectors.relevant("喝酒", 3)] == pytest.approx(scores)


def test_no_question_is_kept(library, settings):
    services.learn(factories.ACTOR, [("张三丰的身份证丢了喝酒开车", ["t2#133之一"]), *QUESTIONS])
    files = list((settings.HOME / "knowledge" / "learned").iterdir())
    assert files
    for path in files:
        assert "张三丰".encode() not in path.read_bytes()


def test_what_was_learned_survives_a_new_load(library, tmp_path):
    services.learn(factories.ACTOR, QUESTIONS)
    laws, rows, local = factories.library()
    laws.insert(0, factories.law("new", "中华人民共和国新法"))
    rows += factories.articles("new", {1: "全新的一条。"})
    services.load(factories.ACTOR, factories.write(tmp_path / "more", laws, rows, local))
    assert selectors.relevant_keys("昨晚喝完酒开车", 1) == ["t2#133之一"]
    assert selectors.relevant_keys("全新的一条", 1) == ["new#1"]


def test_nothing_to_learn_and_no_right_to_teach(library):
    with pytest.raises(NothingToLearn):
        services.learn(factories.ACTOR, [("问", ["nowhere#1"]), (" ", ["t0#82"])])
    with pytest.raises(NotPermitted):
        services.learn(factories.CITIZEN, QUESTIONS)


def test_the_index_follows_the_corpus_and_old_ones_go(library, tmp_path, settings):
    assert found("劳动报酬") == ["t0#30"]
    laws, rows, local = factories.library()
    next(row for row in rows if row["id"] == "t0#30")["text"] = "改成别的说法。"
    services.load(factories.ACTOR, factories.write(tmp_path / "new", laws, rows, local))
    assert found("劳动报酬") == []
    assert found("别的说法") == ["t0#30"]
    assert len(list((settings.HOME / "knowledge").glob("index-*"))) == 1


def test_another_process_notices_within_seconds(library, monkeypatch):
    assert found("劳动报酬")
    old = indexing.current()
    Corpus.objects.update(stamp="changedelsewhere")
    assert indexing.current() is old
    monkeypatch.setattr(indexing, "_looked_up", 0.0)
    assert indexing.current().stamp == "changedelsewhere"


def test_a_large_corpus_is_not_indexed_in_a_request(library, monkeypatch, settings):
    monkeypatch.setattr(indexing, "_AT_ONCE", 1)
    Corpus.objects.update(stamp="restored")
    indexing.forget()
    with pytest.raises(IndexNotReady):
        selectors.search("劳动")
    assert services.index(factories.ACTOR) == library.articles
    assert found("劳动报酬") == ["t0#30"]


def test_before_anything_is_loaded_nothing_is_found(db):
    assert selectors.search("劳动").hits == ()
    assert selectors.relevant("劳动") == []
    assert not selectors.has_laws()


def test_the_commands_search_and_learn(library, tmp_path, capsys):
    source, target, taught = tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "learn.jsonl"
    source.write_text(json.dumps({"id": "a", "text": "拖欠劳动报酬"}) + "\n", encoding="utf-8")
    call_command("knowledge", "search", str(source), str(target), "--top", "2")
    (row,) = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert row["id"] == "a" and row["articles"][0] == "t0#30" and len(row["articles"]) == 2
    taught.write_text("".join(json.dumps({"question": q, "gold": g}) + "\n" for q, g in QUESTIONS), encoding="utf-8")
    call_command("knowledge", "learn", str(taught))
    call_command("knowledge", "show")
    assert "taught: 6 questions" in capsys.readouterr().out
    call_command("knowledge", "unlearn")
    source.write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(CommandError, match=r"in\.jsonl:1"):
        call_command("knowledge", "search", str(source), str(target))


def test_pieces_do_not_cross_signs_or_texts():
    codes, owners = terms.pieces_of_many(["劳动，报酬", "AB"])
    assert owners.tolist() == [0, 0, 1]
    assert len(set(codes.tolist())) == 3


def test_scores_are_those_of_a_plain_reckoning():
    texts = ["甲乙丙丁", "甲乙甲乙", "丙丁戊己"]
    index = Inverted.build(*terms.pieces_of_many(texts), size=3)
    scores = index.scores(terms.pieces("甲乙"))
    rarity, mean = np.log1p((3 - 2 + 0.5) / (2 + 0.5)), 3.0
    expected = [rarity * 2.2 * n / (n + 1.2 * (0.4 + 0.6 * 3 / mean)) for n in (1, 2)]
    assert scores.tolist() == pytest.approx([*expected, 0.0], rel=1e-5)


def test_sparse_rows_multiply_as_dense_ones(monkeypatch):
    monkeypatch.setattr(sparse, "_AT_ONCE", 3)
    random = np.random.default_rng(1)
    dense = (random.random((7, 5)) < 0.4) * random.random((7, 5))
    rows, columns = np.nonzero(dense)
    matrix = sparse.Rows.gather(rows, columns, dense[rows, columns], dense.shape)
    other = random.random((5, 4)).astype(np.float32)
    assert np.allclose(matrix.times(other), dense @ other, atol=1e-5)
    tall = random.random((7, 2)).astype(np.float32)
    assert np.allclose(matrix.turned().times(tall), dense.T @ tall, atol=1e-5)
    picked = np.array([3, 0, 3])
    assert np.allclose(matrix.pick(picked).times(other), dense[picked] @ other, atol=1e-5)
    assert learning.DIMENSIONS > 0
