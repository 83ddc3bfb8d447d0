from datetime import timedelta

import pytest
from django.db import connection, transaction

from fawang.base.identity import errors, selectors, services
from fawang.base.identity.models import Account, LoginCode, Party, Throttle
from fawang.base.identity.services import throttle
from fawang.base.identity.tests import factories
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotPermitted, PartnerUnavailable, TooMany
from fawang.kernel.events import selectors as events
from fawang.kernel.events.models import Event
from fawang.kernel.policy import system

pytestmark = pytest.mark.django_db
IP = factories.IP
PHONE = "13900009999"


@pytest.fixture(autouse=True)
def _still():
    with clock.at(clock.now()):
        yield


def _names(stream):
    return [event.name for event in events.stream(stream)]


def _log_in(sent, phone=PHONE):
    services.request_phone_code(phone, IP)
    return services.login_by_phone_code(phone, sent.code, IP)


def test_a_code_opens_an_account_of_level_1_the_first_time_and_finds_it_the_next(sent):
    account = _log_in(sent)
    assert account.party.level == 1
    assert not account.is_staff
    clock.advance(timedelta(minutes=2))
    assert _log_in(sent).pk == account.pk
    assert _names(account.ref) == ["identity.account_opened.v1", "identity.logged_in.v1", "identity.logged_in.v1"]


def test_a_code_and_a_phone_are_nowhere_in_clear(sent):
    account = _log_in(sent)
    row = LoginCode.objects.get()
    assert sent.code not in row.digest
    account.refresh_from_db()
    assert PHONE not in account.phone_sealed + account.phone_index + row.phone_index
    assert not [e for e in Event.objects.all() if PHONE in e.stream + (e.body.data or "")]


def test_a_code_works_once(sent):
    _log_in(sent)
    with pytest.raises(errors.WrongCode):
        services.login_by_phone_code(PHONE, sent.code, IP)


def test_a_code_is_over_after_five_minutes(sent):
    services.request_phone_code(PHONE, IP)
    clock.advance(timedelta(minutes=5, seconds=1))
    with pytest.raises(errors.WrongCode):
        services.login_by_phone_code(PHONE, sent.code, IP)


def test_a_new_code_takes_the_old_ones_place(sent):
    services.request_phone_code(PHONE, IP)
    old = sent.code
    clock.advance(timedelta(seconds=61))
    services.request_phone_code(PHONE, IP)
    if old != sent.code:
        with pytest.raises(errors.WrongCode):
            services.login_by_phone_code(PHONE, old, IP)
    assert services.login_by_phone_code(PHONE, sent.code, IP)


def test_after_five_wrong_tries_the_right_code_is_refused_too(sent):
    services.request_phone_code(PHONE, IP)
    wrong = "000000" if sent.code != "000000" else "000001"
    for _try in range(5):
        with pytest.raises(errors.WrongCode):
            services.login_by_phone_code(PHONE, wrong, IP)
    with pytest.raises(errors.WrongCode):
        services.login_by_phone_code(PHONE, sent.code, IP)


def test_one_code_a_minute_and_five_an_hour(sent):
    services.request_phone_code(PHONE, IP)
    with pytest.raises(TooMany):
        services.request_phone_code(PHONE, IP)
    for _time in range(4):
        clock.advance(timedelta(seconds=61))
        services.request_phone_code(PHONE, IP)
    clock.advance(timedelta(seconds=61))
    with pytest.raises(TooMany) as refusal:
        services.request_phone_code(PHONE, IP)
    assert "15" in refusal.value.text
    assert len(sent.texts) == 5


def test_one_address_cannot_ask_for_codes_without_end(sent):
    for number in range(throttle.CODES_FROM_IP.limit):
        services.request_phone_code(f"1390001{number:04d}", IP)
    with pytest.raises(TooMany):
        services.request_phone_code("13900029999", IP)
    services.request_phone_code("13900029998", "198.51.100.1")


def test_asking_for_a_code_tells_nothing_about_accounts(sent):
    factories.make_account(number="13900008888")
    assert services.request_phone_code("13900008888", IP) is None
    assert services.request_phone_code("13900007777", IP) is None
    for phone in ("13900008888", "13900007777"):
        with pytest.raises(errors.WrongCode) as refusal:
            services.login_by_phone_code(phone, "99999x", IP)
        assert refusal.value.data == {}


def test_a_landline_cannot_receive_a_code(sent):
    with pytest.raises(Invalid) as refusal:
        services.request_phone_code("028-12345678", IP)
    assert "phone" in refusal.value.fields


def test_a_closed_account_does_not_log_in(sent):
    account = _log_in(sent)
    services.close_account(factories.SYSTEM, account.pk, reason="本人要求")
    clock.advance(timedelta(minutes=2))
    with pytest.raises(errors.AccountClosed):
        _log_in(sent)
    assert selectors.account(account.pk) is None
    services.reopen_account(factories.SYSTEM, account.pk)
    clock.advance(timedelta(minutes=2))
    assert _log_in(sent).pk == account.pk


def test_the_console_prints_codes_only_in_a_demonstration(settings, capsys):
    settings.FAWANG_SMS_SENDER = "console"
    settings.FAWANG_IS_DEMONSTRATION = True
    services.request_phone_code(PHONE, IP)
    assert PHONE in capsys.readouterr().out
    settings.FAWANG_IS_DEMONSTRATION = False
    with pytest.raises(PartnerUnavailable):
        services.request_phone_code("13900006666", IP)
    assert not capsys.readouterr().out


def test_a_gateway_that_is_not_there_is_said_to_be_unavailable(settings):
    settings.FAWANG_SMS_SENDER = "http"
    with pytest.raises(PartnerUnavailable):
        services.request_phone_code(PHONE, IP)
    settings.FAWANG_SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    clock.advance(timedelta(minutes=2))
    with pytest.raises(PartnerUnavailable):
        services.request_phone_code(PHONE, IP)


def _challenge(account, password=factories.PASSWORD):
    with pytest.raises(errors.NeedsTotp) as asked:
        services.login_by_password(account.username, password, IP)
    return asked.value.data["challenge"]


def test_staff_log_in_with_password_and_authenticator():
    account = factories.make_staff_account()
    challenge = _challenge(account)
    assert services.finish_with_totp(challenge, factories.totp_code(), IP).pk == account.pk
    assert _names(account.ref)[-1] == "identity.logged_in.v1"
    assert Account.objects.get(pk=account.pk).last_login_at == clock.now()


def test_password_and_code_may_come_together():
    account = factories.make_staff_account()
    assert services.login_by_password(account.username, factories.PASSWORD, IP, factories.totp_code()).pk == account.pk


def test_a_time_based_code_works_once_and_an_earlier_one_not_after_it():
    account = factories.make_staff_account()
    code = factories.totp_code()
    services.check_totp(account, code)
    with pytest.raises(errors.WrongTotp):
        services.check_totp(account, code)
    with pytest.raises(errors.WrongTotp):
        services.check_totp(account, factories.totp_code(step=-1))
    clock.advance(timedelta(seconds=30))
    services.check_totp(account, factories.totp_code())


@pytest.mark.parametrize(("step", "works"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_time_based_code_may_be_one_step_early_or_late(step, works):
    account = factories.make_staff_account()
    if works:
        services.check_totp(account, factories.totp_code(step=step))
    else:
        with pytest.raises(errors.WrongTotp):
            services.check_totp(account, factories.totp_code(step=step))


def test_guessing_time_based_codes_locks_for_a_quarter_of_an_hour():
    account = factories.make_staff_account()
    for _try in range(5):
        with pytest.raises(errors.WrongTotp):
            services.check_totp(account, "abc")
    with pytest.raises(TooMany):
        services.check_totp(account, factories.totp_code())
    clock.advance(timedelta(minutes=15, seconds=1))
    services.check_totp(account, factories.totp_code())


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour_and_the_message_says_so():
    account = factories.make_staff_account()
    for _try in range(5):
        with pytest.raises(errors.WrongLogin):
            services.login_by_password(account.username, "wrong", IP)
    with pytest.raises(TooMany) as refusal:
        services.login_by_password(account.username, factories.PASSWORD, IP)
    assert "15" in refusal.value.text
    assert refusal.value.data["wait_seconds"] == 900
    assert _names(account.ref)[-2:] == ["identity.log_in_failed.v1", "identity.log_in_locked.v1"]
    clock.advance(timedelta(minutes=15, seconds=1))
    _challenge(account)


def test_a_right_password_makes_earlier_mistakes_forgotten():
    account = factories.make_staff_account()
    for _round in range(3):
        for _try in range(4):
            with pytest.raises(errors.WrongLogin):
                services.login_by_password(account.username, "wrong", IP)
        _challenge(account)


def test_a_wrong_name_a_wrong_password_and_a_closed_account_look_the_same():
    account = factories.make_staff_account()
    closed = factories.make_staff_account()
    services.close_account(factories.SYSTEM, closed.pk, reason="离职")
    texts = set()
    for username, password in (
        ("nobody", "x"),
        (account.username, "x"),
        (closed.username, factories.PASSWORD),
        ("", ""),
        ("a\x00b", "x"),
    ):
        with pytest.raises(errors.WrongLogin) as refusal:
            services.login_by_password(username, password, IP)
        texts.add((refusal.value.text, tuple(refusal.value.data)))
    assert len(texts) == 1


def test_unknown_names_are_locked_out_like_known_ones():
    for _try in range(5):
        with pytest.raises(errors.WrongLogin):
            services.login_by_password("nobody", "x", IP)
    with pytest.raises(TooMany):
        services.login_by_password("nobody", "x", IP)


def test_log_ins_refuse_to_run_inside_a_transaction():
    account = factories.make_staff_account()
    marked = [block._from_testcase for block in connection.atomic_blocks]
    assert all(marked)
    with transaction.atomic(), pytest.raises(RuntimeError):
        services.login_by_password(account.username, "wrong", IP)


def test_the_first_log_in_of_staff_sets_up_the_authenticator():
    account = factories.make_staff_account(totp_secret="")
    with pytest.raises(errors.NeedsTotp) as asked:
        services.login_by_password(account.username, factories.PASSWORD, IP)
    assert asked.value.data["is_enrolled"] is False
    challenge = asked.value.data["challenge"]
    uri = services.begin_enrolment(challenge)
    secret = uri.split("secret=")[1].split("&")[0]
    assert services.finish_with_totp(challenge, factories.totp_code(secret), IP).pk == account.pk
    with pytest.raises(errors.AlreadyEnrolled):
        services.begin_enrolment(challenge)
    services.reset_totp(factories.SYSTEM, account.pk)
    assert services.enrol_totp(selectors.account(account.pk)).startswith("otpauth://")


def test_a_challenge_that_was_changed_or_is_old_is_refused():
    account = factories.make_staff_account()
    challenge = _challenge(account)
    with pytest.raises(errors.ChallengeOver):
        services.finish_with_totp(challenge[:-2] + "xx", factories.totp_code(), IP)
    services.close_account(factories.SYSTEM, account.pk, reason="离职")
    with pytest.raises(errors.ChallengeOver):
        services.finish_with_totp(challenge, factories.totp_code(), IP)


def test_staff_who_log_in_by_phone_need_the_authenticator_as_well(sent):
    factories.make_staff_account(phone=PHONE)
    services.request_phone_code(PHONE, IP)
    with pytest.raises(errors.NeedsTotp):
        services.login_by_phone_code(PHONE, sent.code, IP)


def test_only_those_who_manage_accounts_create_and_close_them():
    account = factories.make_staff_account()
    citizen = factories.citizen(factories.make_account())
    for act in (
        lambda: services.create_account(citizen, username="me", display_name="我", password=factories.PASSWORD),
        lambda: services.close_account(citizen, account.pk, reason="x"),
        lambda: services.reset_password(citizen, account.pk),
        lambda: services.reset_totp(citizen, account.pk),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_weak_passwords_odd_names_and_taken_names_are_refused():
    account = factories.make_staff_account()
    for changes, field in (({"password": "12345"}, "password"), ({"username": "9 x"}, "username")):
        with pytest.raises(Invalid) as refusal:
            factories.make_staff_account(**changes)
        assert field in refusal.value.fields
    with pytest.raises(errors.NameTaken):
        factories.make_staff_account(account.username)


def test_one_changes_the_own_password_with_the_old_one():
    account = factories.make_staff_account()
    actor = factories.staff("RECEPTIONIST", account_id=account.pk)
    with pytest.raises(errors.WrongLogin):
        services.change_password(actor, old="wrong", new="Another-horse-9")
    services.change_password(actor, old=factories.PASSWORD, new="Another-horse-9")
    _challenge(account, "Another-horse-9")


def test_preferences_stay_with_the_account():
    account = factories.make_account()
    services.set_preferences(factories.citizen(account), language="en", elder_mode=True)
    account.refresh_from_db()
    assert (account.language, account.elder_mode) == ("en", True)
    with pytest.raises(Invalid):
        services.set_preferences(factories.citizen(account), language="xx")


def test_log_ins_are_shown_to_oneself_and_to_the_auditor_only(sent):
    account = _log_in(sent)
    assert selectors.log_ins(factories.citizen(account), account.pk)
    assert selectors.log_ins(factories.staff("AUDIT_ADMIN"), account.pk)
    with pytest.raises(NotPermitted):
        selectors.log_ins(factories.staff("HANDLER", account_id=account.pk + 1), account.pk)


def test_windows_and_codes_that_are_over_are_forgotten(sent):
    _log_in(sent)
    assert Throttle.objects.exists()
    clock.advance(timedelta(days=3))
    assert throttle.forget_old() >= 2
    assert not Throttle.objects.exists()
    assert not LoginCode.objects.exists()


def test_a_citizen_made_beforehand_logs_in_by_phone(sent):
    account = factories.make_account(number=PHONE)
    assert _log_in(sent).pk == account.pk
    assert Party.objects.count() == 1
    assert services.create_citizen(system("test"), phone=PHONE, data=factories.party_data()) == account.pk
