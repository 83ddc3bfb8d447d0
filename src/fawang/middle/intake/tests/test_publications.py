"""A published answer has nobody in it, is checked by two people, and comes down when its asker says so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services as editors
from fawang.base.knowledge.errors import Erased, OwnWork, PieceUnknown
from fawang.base.knowledge.models import Piece
from fawang.base.notifications.models import Message
from fawang.base.organisations.tests import factories as organisations
from fawang.base.workorders import selectors as orders
from fawang.base.workorders.errors import NoSuchOrder
from fawang.base.workorders.tests.conftest import noon, world  # noqa: F401 - fixtures
from fawang.base.workorders.tests.factories import do, file
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotPermitted
from fawang.kernel.outbox.services import drain
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import selectors, services
from fawang.middle.intake.errors import NotPublishable
from fawang.middle.intake.masking import mask
from fawang.middle.intake.models import Publication
from fawang.middle.intake.services.publishing import follow_publications

pytestmark = pytest.mark.django_db
STORY = "我叫李示例，电话13900001234，住成都市人民南路12号3栋501室，四川某某建筑有限公司拖欠工资3500元，卡号6222021234567890123"
OPINION = {
    "facts": "拖欠工资",
    "text": "可以申请劳动仲裁。",
    "articles": "《劳动合同法》第八十二条",
    "path": "arbitration",
}


@pytest.fixture
def number(world):  # noqa: F811 - the fixture above
    """A question whose asker agreed, answered and told."""
    filed = file(
        world, service="CONSULT_MESSAGE",
        answers={"domain": "D03", "story": STORY, "area": "510107", "urgency": "U3"},
    )  # fmt: skip
    services.agree_to_publish(world.citizen, order=filed)
    do(world.clerk, filed, "queue")
    do(world.dispatcher, filed, "dispatch", unit=world.token("firm"))
    do(world.firm_liaison, filed, "sign")
    do(world.firm_liaison, filed, "assign", handler=world.handler_token("firm", "lawyer"))
    do(world.lawyer, filed, "accept")
    do(world.lawyer, filed, "note_contact", reached=True, text="核对")
    with pytest.raises(NotPublishable):
        selectors.publishable(world.editor, filed)
    do(world.lawyer, filed, "give_opinion", **OPINION)
    do(world.lawyer, filed, "complete", result="ANSWERED", text="见意见书")
    drain()
    return filed


@pytest.fixture(autouse=True)
def editors_there(world):  # noqa: F811 - the fixture above
    """An editor and a reviewer."""
    for name, role in (("editor", "KNOWLEDGE_EDITOR"), ("checker", "REVIEWER")):
        world.people[name] = organisations.make_staff(role, world.units["province"])[1]
    world.people["handler"] = world.people["lawyer"]
    world.people["lawyer"] = replace(world.lawyer, roles=world.lawyer.roles | {"DUTY_LAWYER"})


def draft(actor, number):
    shown = selectors.publishable(actor, number)
    return services.draft_publication(
        actor, order=number, title="拖欠工资怎么办", question=shown.question.text, answer=shown.answer.text,
        is_checked=True,
    )  # fmt: skip


def publish(actor, key):
    version = knowledge.piece(actor, key).version
    return editors.publish(actor, key, version=version, review_by=clock.today() + timedelta(days=365))


def test_what_identifies_people_is_masked_and_said():
    found = mask(STORY + "，身份证51010719900307123X，微信abc_12345，川A12345，（2025）川01民终123号，王芳女士")
    for secret in (
        "李示例",
        "13900001234",
        "人民南路",
        "501",
        "某某建筑",
        "622202",
        "5101071990",
        "abc_12345",
        "A12345",
        "民终",
        "王芳",
    ):
        assert secret not in found.text, found.text
    assert "3500元" in found.text and "拖欠工资" in found.text
    kinds = {kind for kind, _words in found.found}
    assert kinds >= {"name", "phone", "address", "company", "bank card", "identity number", "plate", "case number"}
    assert mask("老板欠我三个月工资不给") == mask("老板欠我三个月工资不给", ["王芳"])
    assert mask("老板欠我三个月工资不给").found == ()
    assert mask("和赵六六签的合同", ["赵六六"]).text == "和某人签的合同"


def test_an_answer_is_published_by_two_and_found_by_everybody(world, number):  # noqa: F811
    assert [one.number for one in selectors.publishables(world.lawyer)] == [number]
    with pytest.raises(Invalid):
        services.draft_publication(
            world.lawyer, order=number, title="t", question="q", answer="a", is_checked=False
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        selectors.publishables(world.citizen)
    with pytest.raises(NotPermitted):
        selectors.publishables(world.handler)
    with pytest.raises(NotPublishable):
        selectors.publishable(organisations.make_staff("DUTY_LAWYER", world.units["firm"])[1], number)
    key = draft(world.lawyer, number)
    assert draft(world.lawyer, number) == key
    assert selectors.published_answers() == []
    with pytest.raises((OwnWork, NotPermitted)):
        publish(world.lawyer, key)
    publish(world.checker, key)
    assert [(piece.id, domain) for piece, domain in selectors.published_answers(domain="D03", text="工资")] == [
        (key, "D03")
    ]
    assert selectors.published_answers(domain="D08") == []
    text = str(Piece.objects.values().get())
    assert "李示例" not in text and "13900001234" not in text and number not in text
    assert (follow_publications(), follow_publications()) == (1, 0)
    drain()
    assert Message.objects.filter(template="answer_published").count() == 1


def test_a_consent_is_taken_back_by_its_asker_only(world, number):  # noqa: F811
    key = draft(world.editor, number)
    publish(world.checker, key)
    for other in (world.lawyer, world.other_citizen, VISITOR):
        with pytest.raises((NoSuchOrder, NotPermitted)):
            services.withdraw_publication(other, order=number)
    services.withdraw_publication(world.citizen, order=number)
    services.withdraw_publication(world.citizen, order=number)
    assert selectors.published_answers() == []
    with pytest.raises(PieceUnknown):
        knowledge.piece(VISITOR, key)
    assert selectors.publication_of(orders.get(world.citizen, number)) == "WITHDRAWN"
    assert selectors.publishables(world.editor) == ()


@pytest.mark.parametrize("stage", ["in review", "published", "withdrawn by an editor"])
def test_whatever_became_of_it_a_withdrawn_consent_erases_it_for_good(world, number, stage):  # noqa: F811
    key = draft(world.lawyer, number)
    if stage != "in review":
        publish(world.checker, key)
    if stage == "withdrawn by an editor":
        editors.withdraw(world.checker, key, version=knowledge.piece(world.checker, key).version, remark="写得不清楚")
    services.withdraw_publication(world.citizen, order=number)
    piece = knowledge.piece(world.checker, key)
    assert piece.state == "WITHDRAWN" and "工资" not in str(Piece.objects.values().get())
    with pytest.raises(Erased):
        editors.revise(world.editor, key, version=piece.version, title="拖欠工资", body="申请仲裁")
    with pytest.raises(Erased):
        publish(world.checker, key)
    assert Publication.objects.get().state == "WITHDRAWN"
    assert follow_publications() == 0
