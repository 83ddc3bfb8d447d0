from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from fawang.base.knowledge import selectors, services
from fawang.base.knowledge.errors import Erased, OwnWork, PieceUnknown, Stale, WrongState
from fawang.base.knowledge.models import Piece
from fawang.base.knowledge.tests import factories
from fawang.base.knowledge.tests.factories import CITIZEN, EDITOR, REVIEWER
from fawang.base.knowledge.values import Doubt, PieceKind, PieceState
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotPermitted
from fawang.kernel.events import selectors as events
from fawang.kernel.policy import VISITOR

NEXT_YEAR = date(2027, 9, 1)


@pytest.fixture
def labour(library):
    (law,), _count = selectors.laws("劳动合同法")
    return law.key


def draft(labour, **more):
    values = {"kind": PieceKind.ANSWER, "title": "没签合同怎么办", "body": "可以要求二倍工资。"}
    return services.write(EDITOR, **values, basis=[services.Basis(labour, 82)], **more)


def published(labour):
    key = draft(labour)
    services.submit(EDITOR, key, version=1)
    services.publish(REVIEWER, key, version=2, review_by=NEXT_YEAR)
    return key


def test_a_piece_goes_from_draft_over_review_to_the_public(labour):
    key = draft(labour)
    with pytest.raises(PieceUnknown):
        selectors.piece(VISITOR, key)
    services.submit(EDITOR, key, version=1)
    assert [piece.id for piece in selectors.workload(REVIEWER, PieceState.IN_REVIEW)] == [key]
    services.publish(REVIEWER, key, version=2, review_by=NEXT_YEAR)
    piece = selectors.piece(VISITOR, key)
    assert (piece.state, piece.by, piece.reviewed_by, piece.review_by) == (
        PieceState.PUBLISHED, "account:1", "account:2", NEXT_YEAR,
    )  # fmt: skip
    assert [(ref.law.short, ref.label) for ref in piece.articles] == [("劳动合同法", "第八十二条")]
    assert [one.name.split(".")[1] for one in events.stream(f"piece:{key}")] == [
        "piece_written", "piece_submitted", "piece_published",
    ]  # fmt: skip


def test_what_is_published_is_found_by_its_article(labour):
    key = published(labour)
    assert [piece.id for piece in selectors.published_about([(labour, 82, 0)])] == [key]
    assert selectors.published_about([(labour, 47, 0)]) == [] == selectors.published_about([])
    assert [piece.id for piece in selectors.published(kind=PieceKind.ANSWER, text="合同")] == [key]
    assert selectors.published(kind=PieceKind.GUIDE) == []


def test_nobody_reviews_what_they_wrote_themselves(labour):
    key = draft(labour)
    services.submit(EDITOR, key, version=1)
    for act in (
        lambda: services.publish(EDITOR, key, version=2, review_by=NEXT_YEAR),
        lambda: services.send_back(EDITOR, key, version=2, remark="看看"),
    ):
        with pytest.raises(OwnWork):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Piece.objects.filter(key=key).update(reviewed_by="account:1")


def test_a_reviewer_sends_back_with_a_remark(labour):
    key = draft(labour)
    services.submit(EDITOR, key, version=1)
    services.send_back(REVIEWER, key, version=2, remark="请写明期限")
    piece = selectors.piece(EDITOR, key)
    assert (piece.state, piece.remark) == (PieceState.DRAFT, "请写明期限")
    services.submit(EDITOR, key, version=3)
    assert selectors.piece(EDITOR, key).remark == ""


def test_who_revises_is_the_author_then_and_another_review_is_needed(labour):
    key = published(labour)
    other = factories.Actor(ref="account:9", account_id=9, roles=frozenset({"KNOWLEDGE_EDITOR"}))
    services.revise(other, key, version=3, title="新题", body="新文", basis=[])
    piece = selectors.piece(other, key)
    assert (piece.state, piece.by, piece.reviewed_by, piece.articles) == (PieceState.DRAFT, "account:9", "", ())
    services.submit(other, key, version=4)
    with pytest.raises(OwnWork):
        services.publish(other, key, version=5, review_by=NEXT_YEAR)
    services.publish(EDITOR, key, version=5, review_by=NEXT_YEAR)


def test_a_stale_page_and_a_wrong_state_are_refused(labour):
    key = draft(labour)
    with pytest.raises(WrongState):
        services.publish(REVIEWER, key, version=1, review_by=NEXT_YEAR)
    services.submit(EDITOR, key, version=1)
    with pytest.raises(Stale):
        services.submit(EDITOR, key, version=1)
    with pytest.raises(WrongState):
        services.submit(EDITOR, key, version=2)
    with pytest.raises(PieceUnknown):
        services.submit(EDITOR, "nowhere", version=1)


def test_rights(labour):
    key = draft(labour)
    services.submit(EDITOR, key, version=1)
    for act in (
        lambda: services.write(CITIZEN, kind=PieceKind.GUIDE, title="题", body="文"),
        lambda: services.publish(CITIZEN, key, version=2, review_by=NEXT_YEAR),
        lambda: selectors.workload(CITIZEN, PieceState.DRAFT),
        lambda: selectors.overdue(CITIZEN),
        lambda: services.submit(REVIEWER, key, version=2),
    ):
        with pytest.raises(NotPermitted):
            act()


@pytest.mark.parametrize("day", [date(2026, 9, 23), date(2028, 10, 1)])
def test_the_day_of_the_next_review_is_ahead_and_within_two_years(labour, day):
    key = draft(labour)
    services.submit(EDITOR, key, version=1)
    with pytest.raises(Invalid):
        services.publish(REVIEWER, key, version=2, review_by=day)


def test_what_is_entered_is_checked(labour):
    for wrong in ({"title": " "}, {"title": "长" * 121}, {"body": ""}, {"basis": [services.Basis("nowhere", 1)]},
                  {"basis": [services.Basis(labour, 0)]}):  # fmt: skip
        with pytest.raises(Invalid):
            services.write(EDITOR, **{"kind": PieceKind.GUIDE, "title": "题", "body": "文"} | wrong)


def reload(tmp_path, change):
    laws, rows, local = factories.library()
    change(laws, rows)
    return services.load(factories.ACTOR, factories.write(tmp_path / "again", laws, rows, local))


def test_a_changed_article_lists_what_must_be_reviewed(labour, tmp_path):
    key = published(labour)

    def change(_laws, rows):
        next(row for row in rows if row["id"] == "t0#82")["text"] = "每月付给三倍的工资。"

    assert reload(tmp_path, change).doubtful == 1
    (piece,) = selectors.overdue(REVIEWER)
    assert (piece.id, piece.doubts[0].why, piece.doubts[0].about) == (key, Doubt.CHANGED, "劳动合同法第八十二条")
    assert selectors.published_about([(labour, 82, 0)]) == []
    assert events.stream(f"piece:{key}")[-1].name == "knowledge.piece_doubted.v1"
    assert reload(tmp_path, change).doubtful == 0
    services.confirm(REVIEWER, key, version=3, review_by=NEXT_YEAR)
    assert selectors.overdue(REVIEWER) == []
    assert [piece.id for piece in selectors.published_about([(labour, 82, 0)])] == [key]


def test_other_articles_and_new_line_breaks_change_nothing(labour, tmp_path):
    published(labour)

    def change(_laws, rows):
        next(row for row in rows if row["id"] == "t0#47")["text"] = "别的。"
        row = next(row for row in rows if row["id"] == "t0#82")
        row["text"] = row["text"].replace("\n", "\n　")

    assert reload(tmp_path, change).doubtful == 0
    assert selectors.overdue(REVIEWER) == []


def test_a_law_that_went_lists_what_rests_on_it(labour, tmp_path):
    key = published(labour)

    def change(laws, _rows):
        laws[0]["status"] = "已废止"

    assert reload(tmp_path, change).doubtful == 1
    (piece,) = selectors.overdue(REVIEWER)
    assert (piece.id, piece.doubts[0].why) == (key, Doubt.GONE)


def test_a_version_that_comes_into_force_is_noticed_on_its_day(labour, tmp_path):
    key = published(labour)

    def change(laws, rows):
        title = laws[0]["title"]
        laws.append(factories.law("t0-new", title, publish="2026-09-01", effective="2026-12-01"))
        rows += factories.articles("t0-new", {82: "新的写法。"})

    assert reload(tmp_path, change).doubtful == 0
    with clock.at(datetime(2026, 12, 1, 1, 0, tzinfo=clock.SHANGHAI)):
        assert services.look_again(factories.ACTOR) == 1
    assert selectors.overdue(REVIEWER)[0].id == key


def test_a_piece_whose_day_has_come_is_listed(labour):
    key = published(labour)
    assert selectors.overdue(EDITOR) == []
    with clock.at(factories.TODAY + timedelta(days=400)):
        (piece,) = selectors.overdue(EDITOR)
        assert (piece.id, [doubt.why for doubt in piece.doubts]) == (key, [Doubt.DATE])


def test_what_is_withdrawn_is_no_longer_public(labour):
    key = published(labour)
    services.withdraw(REVIEWER, key, version=3, remark="已过时")
    with pytest.raises(PieceUnknown):
        selectors.piece(CITIZEN, key)
    assert selectors.piece(EDITOR, key).state == PieceState.WITHDRAWN


def _at_review(labour):
    key = draft(labour)
    services.submit(EDITOR, key, version=1)
    return key


def _withdrawn(labour):
    key = published(labour)
    services.withdraw(REVIEWER, key, version=3, remark="已过时")
    return key


@pytest.mark.parametrize("made", [draft, _at_review, published, _withdrawn])
def test_what_is_erased_has_no_words_and_never_comes_back(labour, made):
    key = made(labour)
    Piece.objects.filter(key=key).update(summary="二倍工资的提要", source="一次咨询")
    before = selectors.piece(EDITOR, key).version
    with pytest.raises(NotPermitted):
        services.erase(CITIZEN, key, reason="不得公开")
    version = services.erase(REVIEWER, key, reason="不得公开")
    assert (version, services.erase(REVIEWER, key, reason="又一次")) == (before + 1, before + 1)
    piece = selectors.piece(EDITOR, key)
    assert (piece.state, piece.title, piece.articles) == (PieceState.WITHDRAWN, "不得公开", ())
    assert "工资" not in str(Piece.objects.filter(key=key).values()) and piece.source == ""
    with pytest.raises(PieceUnknown):
        selectors.piece(VISITOR, key)
    for seen in (before, version):
        for act in (
            lambda v: services.revise(EDITOR, key, version=v, title="没签合同怎么办", body="可以要求二倍工资。"),
            lambda v: services.submit(EDITOR, key, version=v),
            lambda v: services.publish(REVIEWER, key, version=v, review_by=NEXT_YEAR),
            lambda v: services.send_back(REVIEWER, key, version=v, remark="看看"),
        ):
            with pytest.raises(Erased):
                act(seen)
    assert [one.name for one in events.stream(f"piece:{key}")].count("knowledge.piece_erased.v1") == 1


def test_what_is_not_there_is_not_erased(library):
    with pytest.raises(PieceUnknown):
        services.erase(REVIEWER, "none", reason="不得公开")
