import pytest
from django.utils import translation

from fawang.base.notifications import selectors, services
from fawang.base.notifications.tests import factories as make
from fawang.base.notifications.values import Recipient
from fawang.kernel.errors import NotFound, NotLoggedIn, NotPermitted
from fawang.kernel.outbox import services as outbox
from fawang.kernel.policy import VISITOR, Actor

pytestmark = pytest.mark.django_db
NUMBER = "PLS20261124510107020001239"


@pytest.fixture(autouse=True)
def _no_orders(monkeypatch):
    """The numbers here are of no order: the rule that the room of orders sets is put aside."""
    monkeypatch.setattr(selectors, "_order_rule", [])


@pytest.fixture
def unit():
    return make.institution()


@pytest.fixture
def party():
    return make.party()


def told(party, unit=None, template="withdrawn", area="510105", **data):
    return services.tell(
        actor=make.SYSTEM,
        to=Recipient(party_id=party),
        template=template,
        data={"number": NUMBER, **data},
        order_ref=NUMBER,
        unit_id=unit,
        area=area,
    )


def test_only_one_s_own_messages_are_in_the_inbox(party):
    token = told(party)
    other = make.citizen(make.party("李四", "13900139000"), 2)
    assert [view.token for view in selectors.inbox(make.citizen(party, 1)).messages] == [token]
    assert selectors.inbox(other).messages == ()
    assert selectors.unread_count(other) == 0
    with pytest.raises(NotFound):
        services.mark_read(actor=other, token=token)


def test_a_visitor_has_no_inbox():
    with pytest.raises(NotLoggedIn):
        selectors.inbox(VISITOR)
    assert selectors.unread_count(VISITOR) == 0
    with pytest.raises(NotLoggedIn):
        services.mark_read(actor=VISITOR, token="x")


def test_reading_is_counted_once(party):
    me, token = make.citizen(party, 1), told(party)
    assert selectors.unread_count(me) == 1
    services.mark_read(actor=me, token=token)
    services.mark_read(actor=me, token=token)
    shown = selectors.inbox(me).messages[0]
    assert (selectors.unread_count(me), shown.is_read, shown.state) == (0, True, "READ")
    assert outbox.drain() == 1  # the queued effect sees that it is read


def test_a_staff_message_is_the_account_s_and_nobody_else_s(unit):
    account = make.account("zhao", is_staff=True)
    token = services.tell(
        actor=make.SYSTEM,
        to=Recipient(account_id=account),
        template="reminder_due",
        data={"number": NUMBER, "stage": "办理", "due": "2026-11-30T09:00:00+08:00"},
    )
    outbox.drain()
    me = make.staff("HANDLER", unit_id=unit, account_id=account)
    assert [(v.token, v.state) for v in selectors.inbox(me).messages] == [(token, "DELIVERED")]
    assert selectors.inbox(make.staff("HANDLER", unit_id=unit, account_id=account + 1)).messages == ()


def test_pages_follow_one_another_and_a_foreign_cursor_shows_nothing(party):
    me = make.citizen(party, 1)
    tokens = [told(party) for _ in range(5)][::-1]
    first = selectors.inbox(me, limit=2)
    second = selectors.inbox(me, limit=2, before=first.next)
    third = selectors.inbox(me, limit=2, before=second.next)
    assert [v.token for page in (first, second, third) for v in page.messages] == tokens
    assert third.next == ""
    foreign = told(make.party("李四", "13900139000"))
    assert selectors.inbox(me, before=foreign).messages == ()


def test_staff_see_what_was_told_in_their_unit_or_area_without_its_secrets(party, unit):
    token = told(party, unit, "claim_code", code="QK7P2M", until="2026-12-01")
    for actor in (
        make.staff("RECEPTIONIST", unit_id=unit),
        make.staff("SUPERVISOR", unit_id=unit + 1, area="5101"),
        make.staff("JUSTICE_ADMIN_PROV", unit_id=unit + 1, area=""),
        make.SYSTEM,
    ):
        (view,) = selectors.messages_of(actor, NUMBER)
        assert view.token == token
        assert "QK7P2M" not in view.body
        assert [r.state for r in view.receipts] == ["QUEUED"]
    (mine,) = selectors.messages_of(make.citizen(party, 1), NUMBER)
    assert "QK7P2M" in mine.body


def test_other_units_areas_and_strangers_see_nothing(party, unit):
    told(party, unit)
    for actor in (
        make.staff("RECEPTIONIST", unit_id=unit + 1),
        make.staff("SUPERVISOR", unit_id=unit + 1, area="5107"),
        make.staff("ANALYST", unit_id=unit),
        make.citizen(party + 1000, 5),
        Actor(ref="account:7", roles=frozenset({"RECEPTIONIST"}), account_id=7),
    ):
        assert selectors.messages_of(actor, NUMBER) == []
    with pytest.raises(NotLoggedIn):
        selectors.messages_of(VISITOR, NUMBER)
    with pytest.raises(NotPermitted):
        selectors.undelivered(make.citizen(party, 1))
    assert selectors.messages_of(make.SYSTEM, "") == []


def test_once_the_room_of_orders_decides_its_word_alone_counts(party, unit):
    told(party, unit)
    inside, outside = make.staff("HANDLER", unit_id=unit + 1), make.staff("HANDLER", unit_id=unit)
    selectors.let_orders_decide(lambda actor, number: number == NUMBER and actor.unit_id == unit + 1)
    assert len(selectors.messages_of(inside, NUMBER)) == 1
    assert selectors.messages_of(outside, NUMBER) == []
    assert len(selectors.messages_of(make.citizen(party, 1), NUMBER)) == 1


def test_a_message_whose_language_is_not_known_yet_is_shown_in_the_reader_s(party):
    told(party)
    with translation.override("en"):
        assert selectors.inbox(make.citizen(party, 1)).messages[0].subject == "The application is withdrawn"
    with translation.override("zh-hans"):
        assert selectors.inbox(make.citizen(party, 1)).messages[0].subject == "申请已撤回"
