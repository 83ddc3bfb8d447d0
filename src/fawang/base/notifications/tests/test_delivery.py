import email
import email.policy
import hashlib
import hmac
import json
from datetime import datetime, timedelta

import pytest

from fawang.base.identity.services import set_preferences
from fawang.base.notifications import delivery, selectors, services
from fawang.base.notifications.errors import BadSignature, NoRecipient, PersonalDataInMessage, ReceiptRefused
from fawang.base.notifications.models import Message, Receipt
from fawang.base.notifications.tests import factories as make
from fawang.base.notifications.values import Recipient
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotPermitted, PartnerUnavailable
from fawang.kernel.events import selectors as log
from fawang.kernel.outbox import services as outbox
from fawang.kernel.outbox.models import Effect

pytestmark = pytest.mark.django_db
NUMBER = "PLS20261124510107020001239"
MORNING = datetime(2026, 11, 24, 10, tzinfo=clock.SHANGHAI)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def _standing_clock():
    with clock.at(MORNING):
        yield


def tell(to, template="withdrawn", **more):
    data = more.pop("data", {"number": NUMBER})
    return services.tell(actor=make.SYSTEM, to=to, template=template, data=data, order_ref=NUMBER, **more)


def message(token):
    return Message.objects.get(token=token)


def receipt(token, state, seconds=0, **more):
    at = clock.now() + timedelta(seconds=seconds)
    services.record_receipt(actor=make.SYSTEM, message_token=token, state=state, at=at, **more)


def gateway_settings(settings, server):
    settings.FAWANG_SMS_SENDER = "http"
    settings.FAWANG_SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_address[1]}/sms"
    settings.FAWANG_SMS_GATEWAY_KEY = "shared"


def test_a_message_is_queued_with_its_transaction_and_delivered_by_the_worker(capsys):
    token = tell(Recipient(party_id=make.party()), channels=["SMS"])
    assert message(token).state == "QUEUED"
    outbox.drain()
    assert message(token).state == "DELIVERED"
    said = capsys.readouterr().out
    assert NUMBER in said
    assert "13800138000" not in said


def test_neither_queue_nor_tables_hold_an_address_or_a_text_in_the_clear():
    token = tell(Recipient(phone="13900139000"), channels=["SMS"])
    row = message(token)
    stored = " ".join(
        str(getattr(row, field.attname)) for field in Message._meta.fields if field.attname != "order_ref"
    )
    stored += " ".join(Effect.objects.values_list("payload", flat=True))
    assert "13900139000" not in stored
    assert NUMBER not in stored


def test_an_address_or_identity_number_in_the_data_is_refused_and_nothing_is_queued():
    with pytest.raises(PersonalDataInMessage):
        tell(Recipient(phone="13900139000"), data={"number": "请拨13800138000"})
    assert not Message.objects.exists()
    assert not Effect.objects.exists()


@pytest.mark.parametrize(
    "to", [Recipient(), Recipient(party_id=1, account_id=1), Recipient(party_id=1, phone="13800138000")]
)
def test_a_message_needs_exactly_one_recipient(to):
    with pytest.raises(NoRecipient):
        tell(to)


def test_a_bare_address_that_no_channel_can_use_is_refused():
    with pytest.raises(NoRecipient):
        tell(Recipient(phone="13900139000"), channels=["EMAIL", "IN_APP"])


def test_the_same_cause_tells_once_and_another_cause_tells_again():
    to = Recipient(party_id=make.party())
    first = tell(to, cause="event-1")
    assert tell(to, cause="event-1") == first
    assert tell(to, cause="event-2") != first
    assert tell(to) != tell(to)
    assert Effect.objects.count() == 4


def test_a_party_without_an_account_is_reached_by_sms_when_in_app_comes_first(capsys):
    token = tell(Recipient(party_id=make.party()))
    outbox.drain()
    row = message(token)
    assert (row.state, row.channel, row.attempt) == ("DELIVERED", "SMS", 2)
    assert list(Receipt.objects.filter(message=row, state="FAILED").values_list("channel", "detail")) == [
        ("IN_APP", "no_address")
    ]


def test_a_party_with_an_account_finds_the_message_in_the_inbox_in_their_language():
    party = make.party()
    account = make.account(party_id=party)
    me = make.citizen(party, account)
    set_preferences(me, language="en")
    tell(Recipient(party_id=party))
    outbox.drain()
    shown = selectors.inbox(me).messages[0]
    assert shown.state == "DELIVERED"
    assert shown.subject == "The application is withdrawn"


def test_email_really_arrives(settings):
    party = make.party(email="wang@example.com")
    with make.mail_server() as server:
        settings.EMAIL_BACKEND, settings.EMAIL_PORT = SMTP, server.server_address[1]
        token = tell(Recipient(party_id=party), channels=["EMAIL"])
        outbox.drain()
    assert message(token).state == "ACCEPTED"
    mail = email.message_from_bytes(server.mails[0], policy=email.policy.default)
    assert mail["Subject"] == "申请已撤回"
    assert mail["To"] == "wang@example.com"
    assert mail["Message-ID"].startswith(f"<{token}-1@")
    assert NUMBER in mail.get_content()


def test_a_mailbox_that_does_not_exist_falls_back_to_sms_at_once(settings, capsys):
    party = make.party(email="nobody@example.com")
    with make.mail_server() as server:
        server.refusal = "550 no such mailbox"
        settings.EMAIL_BACKEND, settings.EMAIL_PORT = SMTP, server.server_address[1]
        token = tell(Recipient(party_id=party), channels=["EMAIL", "SMS"])
        outbox.drain()
    row = message(token)
    assert (row.state, row.channel) == ("DELIVERED", "SMS")
    assert Receipt.objects.get(message=row, state="FAILED").detail == "smtp_550"
    assert NUMBER in capsys.readouterr().out


def test_a_mail_server_that_is_down_is_tried_again_later(settings):
    party = make.party(email="wang@example.com")
    with make.mail_server() as server:
        port = server.server_address[1]
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = SMTP, port
    token = tell(Recipient(party_id=party), channels=["EMAIL"])
    outbox.drain()
    row = message(token)
    assert (row.state, row.attempt) == ("QUEUED", 2)
    assert Receipt.objects.filter(message=row, state="FAILED_TEMPORARY").exists()
    with make.mail_server() as server:
        settings.EMAIL_PORT = server.server_address[1]
        clock.advance(timedelta(minutes=1))
        outbox.drain()
    assert message(token).state == "ACCEPTED"


def test_the_gateway_fails_first_and_succeeds_at_the_second_try_with_a_true_signature(settings):
    with make.gateway(503) as server:
        gateway_settings(settings, server)
        token = tell(Recipient(party_id=make.party()), channels=["SMS"])
        outbox.drain()
        assert message(token).state == "QUEUED"
        clock.advance(timedelta(minutes=1))
        outbox.drain()
    assert message(token).state == "ACCEPTED"
    assert [content["id"] for _h, _b, content in server.requests] == [f"{token}-1", f"{token}-2"]
    headers, body, content = server.requests[1]
    signed = headers["X-Fawang-Timestamp"].encode() + b"." + body
    assert headers["X-Fawang-Signature"] == hmac.new(b"shared", signed, hashlib.sha256).hexdigest()
    assert content["to"] == "13800138000"
    assert content["text"].startswith("【公共法律服务】")


def test_a_gateway_that_refuses_for_good_leaves_the_message_visible_as_undelivered(settings, monkeypatch):
    monkeypatch.setattr(selectors, "_order_rule", [])  # the message is about no order of this database
    unit = make.institution()
    with make.gateway(400) as server:
        gateway_settings(settings, server)
        token = tell(Recipient(party_id=make.party()), channels=["SMS"], unit_id=unit, area="510105")
        outbox.drain()
    assert message(token).state == "UNDELIVERED"
    facts = log.stream(f"message:{token}")
    assert [(fact.name, fact.data["order_ref"]) for fact in facts] == [("notifications.message_undelivered.v1", NUMBER)]
    seen = selectors.undelivered(make.staff("RECEPTIONIST", unit_id=unit)).messages
    assert [view.token for view in seen] == [token]
    receipt(token, "DELIVERED", 5, attempt=1)
    assert message(token).state == "DELIVERED"


def test_temporary_failures_end_in_the_next_channel(settings):
    party = make.party()
    account = make.account(party_id=party)
    with make.gateway(*[500] * 9) as server:
        gateway_settings(settings, server)
        token = tell(Recipient(party_id=party), channels=["SMS", "IN_APP"])
        for _ in range(6):
            outbox.drain()
            clock.advance(timedelta(hours=2))
    assert account
    assert len(server.requests) == 5
    assert (message(token).state, message(token).channel) == ("DELIVERED", "IN_APP")


def test_running_the_effect_twice_sends_once(settings):
    with make.gateway() as server:
        gateway_settings(settings, server)
        token = tell(Recipient(party_id=make.party()), channels=["SMS"])
        delivery.deliver(token=token, attempt=1)
        delivery.deliver(token=token, attempt=1)
        delivery.deliver(token="unknown", attempt=1)
        assert len(server.requests) == 1


def test_at_night_an_sms_waits_until_eight_unless_it_is_urgent(capsys):
    clock.move_to(datetime(2026, 11, 24, 23, 30, tzinfo=clock.SHANGHAI))
    to = Recipient(party_id=make.party())
    quiet = tell(to, channels=["SMS"])
    urgent = tell(to, template="phone_code", data={"code": "482913", "minutes": 5})
    outbox.drain()
    assert message(quiet).state == "QUEUED"
    assert message(urgent).state == "DELIVERED"
    clock.move_to(datetime(2026, 11, 25, 7, 59, tzinfo=clock.SHANGHAI))
    outbox.drain()
    assert message(quiet).state == "QUEUED"
    clock.move_to(datetime(2026, 11, 25, 8, 0, tzinfo=clock.SHANGHAI))
    outbox.drain()
    assert message(quiet).state == "DELIVERED"


@pytest.mark.parametrize(
    ("hour", "minute", "wakes"), [(22, 0, 25), (3, 0, 24), (7, 59, 24), (8, 0, None), (21, 59, None)]
)
def test_the_edges_of_the_quiet_hours(hour, minute, wakes):
    until = delivery.quiet_until("SMS", datetime(2026, 11, 24, hour, minute, tzinfo=clock.SHANGHAI))
    assert (until.day if until else None) == wakes
    assert delivery.quiet_until("EMAIL", datetime(2026, 11, 24, 23, tzinfo=clock.SHANGHAI)) is None


def test_a_bounce_that_comes_before_the_earlier_delivery_receipt(settings):
    with make.gateway() as server:
        gateway_settings(settings, server)
        token = tell(Recipient(party_id=make.party()), channels=["SMS"])
        outbox.drain()
        receipt(token, "BOUNCED", 9)
        receipt(token, "DELIVERED", 5)
        receipt(token, "DELIVERED", 5)
    assert message(token).state == "UNDELIVERED"


def test_accepted_then_temporary_failure_is_tried_again_and_a_late_delivery_calls_it_off(settings):
    with make.gateway() as server:
        gateway_settings(settings, server)
        token = tell(Recipient(party_id=make.party()), channels=["SMS"])
        outbox.drain()
        receipt(token, "FAILED_TEMPORARY", 3)
        receipt(token, "FAILED_TEMPORARY", 3, attempt=1)
        assert (message(token).state, message(token).attempt) == ("QUEUED", 2)
        receipt(token, "DELIVERED", 6, attempt=1)
        clock.advance(timedelta(minutes=5))
        outbox.drain()
        assert len(server.requests) == 1
        assert message(token).state == "DELIVERED"
        receipt(token, "BOUNCED", 20, attempt=1)
        outbox.drain()
        assert len(server.requests) == 2


def test_receipts_that_cannot_be_are_refused():
    token = tell(Recipient(party_id=make.party()), channels=["SMS"])
    for state in ("READ", "SENT", "UNDELIVERED", "NONSENSE"):
        with pytest.raises(ReceiptRefused):
            receipt(token, state)
    with pytest.raises(ReceiptRefused):
        receipt(token, "DELIVERED", 3600)
    with pytest.raises(ReceiptRefused):
        receipt(token, "DELIVERED", attempt=7)
    with pytest.raises(NotFound):
        receipt("unknown", "DELIVERED")
    with pytest.raises(NotPermitted):
        services.record_receipt(
            actor=make.staff("HANDLER", unit_id=1), message_token=token, state="DELIVERED", at=clock.now()
        )


def test_a_gateway_s_reason_with_a_number_in_it_is_not_kept():
    token = tell(Recipient(party_id=make.party()), channels=["SMS"])
    receipt(token, "FAILED", detail="13800138000 unknown\0")
    receipt(token, "FAILED", 1, attempt=1, detail="blocked\0 " + "x" * 99)
    details = list(Receipt.objects.filter(state="FAILED").order_by("at").values_list("detail", flat=True))
    assert details == ["withheld", "blocked " + "x" * 52]


def test_a_reference_that_is_too_long_is_refused_and_a_long_cause_still_dedupes():
    to = Recipient(party_id=make.party())
    with pytest.raises(Invalid):
        services.tell(actor=make.SYSTEM, to=to, template="withdrawn", data={"number": NUMBER}, order_ref="x" * 41)
    assert tell(to, cause="c" * 60) == tell(to, cause="c" * 60)
    assert tell(to, cause="c" * 60) != tell(to, cause="c" * 61)


def test_the_gateway_posts_signed_receipts(settings):
    with make.gateway() as server:
        gateway_settings(settings, server)
        token = tell(Recipient(party_id=make.party()), channels=["SMS"])
        outbox.drain()
    body = json.dumps({"id": f"{token}-1", "status": "delivered", "at": clock.now().isoformat()}).encode()
    stamp = str(int(clock.now().timestamp()))
    signature = hmac.new(b"shared", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    services.receive_gateway_receipt(timestamp=stamp, signature=signature, body=body)
    assert message(token).state == "DELIVERED"
    with pytest.raises(BadSignature):
        services.receive_gateway_receipt(timestamp=stamp, signature=signature, body=body + b" ")
    clock.advance(timedelta(hours=1))
    with pytest.raises(BadSignature):
        services.receive_gateway_receipt(timestamp=stamp, signature=signature, body=body)


@pytest.mark.parametrize("body", [b"no json", b"[]", b"{}", b'{"id": "x-1", "status": "delivered", "at": "today"}'])
def test_a_signed_receipt_that_makes_no_sense_is_refused(settings, body):
    settings.FAWANG_SMS_GATEWAY_KEY = "shared"
    stamp = str(int(clock.now().timestamp()))
    signature = hmac.new(b"shared", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    with pytest.raises(ReceiptRefused):
        services.receive_gateway_receipt(timestamp=stamp, signature=signature, body=body)


def test_log_in_codes_go_through_the_same_gateway(settings):
    from fawang.base.identity.senders import sender

    with make.gateway(202, 500) as server:
        gateway_settings(settings, server)
        sender().send("13800138000", "482913")
        with pytest.raises(PartnerUnavailable):
            sender().send("13800138000", "482913")
    assert server.requests[0][2]["text"] == "482913"
