"""Messages, partners and load: what is told when the other side is down, and what a flood does (docs/known-failures.md)."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fawang.base.notifications import selectors as notifications
from fawang.base.notifications.models import Message
from fawang.base.notifications.tests import factories as gateways
from fawang.base.workorders import selectors, telling
from fawang.base.workorders.models import Order
from fawang.base.workorders.tests.factories import do, drive, file, filing
from fawang.kernel import clock
from fawang.kernel.events.models import Event
from fawang.kernel.outbox import services as outbox
from fawang.kernel.outbox.models import Effect
from fawang.middle.intake import services as intake


def sms_through(settings, server):
    settings.FAWANG_SMS_SENDER = "http"
    settings.FAWANG_SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_address[1]}/sms"
    settings.FAWANG_SMS_GATEWAY_KEY = "shared"


def test_the_gateway_is_down_at_submit_the_number_is_issued_all_the_same_and_the_person_told_later(world, settings):
    with gateways.gateway(*[503] * 3) as server:
        sms_through(settings, server)
        sent = intake.file_demand(world.citizen, filing=filing(world.citizen))
        assert sent.number.startswith("PLS") and sent.extra["query_code"]
        outbox.drain()
        told = Message.objects.get(order_ref=sent.number, template="order_submitted")
        assert told.state == "QUEUED" and Order.objects.get(number=sent.number).state == "DISPATCHED"
        for _ in range(6):
            clock.advance(timedelta(minutes=40))
            outbox.drain()
        told.refresh_from_db()
        assert told.state == "ACCEPTED"
        assert sent.number in server.requests[-1][2]["text"]


def test_what_got_stuck_is_carried_out_after_an_operators_reset_and_only_once(world, monkeypatch):
    number = drive(world, file(world), "HANDLING")
    outbox.drain()
    do(world.citizen, number, "urge")
    calls, real = [], telling.tell_about

    def broken(*args, **more):
        calls.append(1)
        raise ConnectionError

    monkeypatch.setattr(telling, "tell_about", broken)
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.drain()
        clock.advance(timedelta(hours=2))
    [stuck] = Effect.objects.filter(is_stuck=True, kind="workorders.tell")
    assert stuck.last_error == "ConnectionError"
    do(world.liaison, number, "answer_urge", text="明天答复您")  # the order itself is not held up
    monkeypatch.setattr(telling, "tell_about", real)
    outbox.drain()
    assert not Message.objects.filter(order_ref=number, template="urged").exists()
    assert outbox.release(stuck.pk)
    assert not outbox.release(stuck.pk)
    for _ in range(3):
        outbox.drain()
    reached = list(Message.objects.filter(order_ref=number, template="urged").values_list("account_id", flat=True))
    assert sorted(reached) == sorted([world.mediator.account_id, world.liaison.account_id])


def test_an_act_that_is_rolled_back_tells_nobody_and_leaves_no_event(world):
    number = drive(world, file(world), "HANDLING")
    outbox.drain()
    before = Effect.objects.count(), Event.objects.count(), Message.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        do(world.citizen, number, "urge")
        raise RuntimeError
    outbox.drain()
    assert (Effect.objects.count(), Event.objects.count(), Message.objects.count()) == before
    assert selectors.get(world.citizen, number).urged_count == 0


def test_telling_twice_about_the_same_act_arrives_once(world):
    number = drive(world, file(world), "HANDLING")
    outbox.drain()
    told = Message.objects.filter(order_ref=number).count()
    Effect.objects.filter(kind="workorders.tell").update(done_at=None, attempts=0, leased_until=None)
    outbox.drain()
    assert Message.objects.filter(order_ref=number).count() == told


def test_what_moved_on_before_the_worker_came_is_told_all_the_same(world):
    recalled = drive(world, file(world), "DISPATCHED")
    do(world.dispatcher, recalled, "recall", reason="派错了")
    handed_back = drive(world, file(world), "ASSIGNED")
    do(world.mediator, handed_back, "ask_transfer", reason="RT07")
    do(world.liaison, handed_back, "agree_transfer")
    taken = drive(world, file(world), "TO_DISPATCH")
    do(world.dispatcher, taken, "offer", unit=world.token("committee"), minutes=30)
    do(world.liaison, taken, "accept_offer")
    outbox.drain()
    assert not Effect.objects.filter(attempts__gt=0, done_at__isnull=True).exists()
    assert Message.objects.filter(order_ref=recalled, template="order_dispatched").exists()
    assert Message.objects.filter(order_ref=handed_back, template="transferred").exists()


def test_an_offer_is_told_to_the_unit_that_is_asked_not_to_the_one_that_had_it(world):
    number = drive(world, file(world), "CLOSED")
    do(world.citizen, number, "reopen", reason="又漏了")
    do(world.dispatcher, number, "offer", unit=world.token("city_committee"), minutes=30)
    Effect.objects.filter(kind="dispatch.place").delete()
    outbox.drain()
    asked = Message.objects.filter(order_ref=number, template="unit_offered").values_list("account_id", flat=True)
    assert list(asked) == [world.city_liaison.account_id]


def test_every_message_an_act_causes_can_be_written_for_everybody_it_goes_to(world):
    """All templates that any process names, told about one order: no variable is missing, whatever the state."""
    from fawang.base.catalogue import loader

    tells = {(tell.template, tell.to) for p in loader.read().processes.values() for a in p.actions for tell in a.tells}
    assert len(tells) > 25
    for until in ("SUBMITTED", "TO_DISPATCH", "HANDLING", "DONE"):
        order = Order.objects.get(number=drive(world, file(world), until))
        for template, to in sorted(tells):
            telling.tell_about(order, template, to, order.version)
    outbox.drain()
    assert not Effect.objects.filter(attempts__gt=0, done_at__isnull=True).exists()


@pytest.mark.parametrize(
    "text",
    [
        "请拨13800138000找李调解员",
        "身份证51010719900307531X已核对",
        "发到 a.b@example.com",
        "很" * 3_000,
        "一\n\n二\t三",
        "《民法典》{number} %s",
    ],
)
def test_whatever_a_handler_writes_the_person_is_told(world, text):
    """A text that no message may carry must not keep the message from being sent: it is masked and cut."""
    number = drive(world, file(world), "HANDLING")
    do(world.mediator, number, "note_contact", reached=True, text=text[:1000])
    do(world.citizen, number, "urge", text=text[:300])
    do(world.mediator, number, "answer_urge", text=text[:600])
    do(world.mediator, number, "request_supplement", items=text[:1000])
    do(world.citizen, number, "reply_supplement", reply=text[:2000])
    do(world.mediator, number, "end_mediation", why="no_agreement", text=text[:1000])
    do(world.mediator, number, "complete", result="NOT_AGREED", text=text)
    do(world.reviewer, number, "send_back", reason=text[:1000])
    do(world.mediator, number, "start_redo")
    do(world.mediator, number, "complete", result="NOT_AGREED", text=text)
    do(world.reviewer, number, "approve")
    do(world.supervisor, number, "rectify", problem=text[:1000], demand=text[:1000])
    do(world.supervisor, number, "supervise", level="1", text=text[:1000])
    outbox.drain()
    assert not Effect.objects.filter(attempts__gt=0, done_at__isnull=True).exists()
    told = set(Message.objects.filter(order_ref=number).values_list("template", flat=True))
    assert {
        "urge_answered",
        "supplement_requested",
        "result_delivered",
        "sent_back",
        "rectification_ordered",
        "supervised",
    } <= told
    bodies = " ".join(m.body for m in notifications.messages_of(world.citizen, number))
    assert not any(secret in bodies for secret in ("13800138000", "51010719900307531X", "a.b@example.com"))


# --- a flood -----------------------------------------------------------------------------------------------------
@pytest.fixture
def flood(world):
    """One place sends a great many orders at once."""
    first = Order.objects.get(number=file(world))
    rows = []
    for n in range(1_200):
        row = Order(**{f.attname: getattr(first, f.attname) for f in Order._meta.concrete_fields if f.name != "id"})
        row.number, row.draft_token = f"PLS2026092851010701{n:06d}X", f"flood{n:06d}abcdef"
        rows.append(row)
    Order.objects.bulk_create(rows)
    return world


def test_counting_stops_at_a_thousand_and_says_so(flood):
    with CaptureQueriesContext(connection) as seen:
        page = selectors.queue(flood.dispatcher, name="area")
    assert (page.count, page.count_text, len(page.rows)) == (1_000, "1,000+", 50)
    counting = [q["sql"] for q in seen if "COUNT(" in q["sql"].upper()]
    reading = [q["sql"] for q in seen if 'FROM "workorders_order"' in q["sql"]]
    assert reading and all("LIMIT 1000" in sql or " IN (" in sql for sql in reading), reading
    assert not counting or all("LIMIT 1000" in sql for sql in counting)
    assert len(seen) <= 5


def test_a_page_far_down_the_list_costs_what_the_first_one_costs(flood):
    page, costs = selectors.queue(flood.dispatcher, name="area"), []
    for _ in range(20):
        with CaptureQueriesContext(connection) as seen:
            page = selectors.queue(flood.dispatcher, name="area", after=page.next_key)
        costs.append(len(seen))
        assert not [q for q in seen if "OFFSET" in q["sql"].upper()]
    # near the top the keys of the first thousand are at hand; further down a page finds its own
    assert max(costs) <= 5
    assert costs[-1] <= max(costs[:-1])


def test_the_load_of_all_units_is_one_statement_however_many_orders_there_are(flood):
    with CaptureQueriesContext(connection) as seen:
        selectors.open_by_unit(list(flood.units.values()))
    assert len(seen) == 1
