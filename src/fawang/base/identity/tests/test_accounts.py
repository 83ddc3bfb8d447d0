"""Administered accounts: issued passwords, separated administrators, one's own password and authenticator, the record."""

from datetime import timedelta

import pytest

from fawang.base.identity import errors, selectors, services
from fawang.base.identity.models import Account
from fawang.base.identity.tests import factories
from fawang.kernel import clock
from fawang.kernel.errors import Invalid, NotFound, NotPermitted, RefusedByState, TooMany
from fawang.kernel.events import selectors as events

pytestmark = pytest.mark.django_db
IP = factories.IP
OWN = "Another-horse-9"
# ids of nobody: an administrator's own account is not the one at hand
SYS = factories.staff("SYS_ADMIN", account_id=900_001)
SEC = factories.staff("SEC_ADMIN", account_id=900_002)
AUDIT = factories.staff("AUDIT_ADMIN", account_id=900_003)


def challenge_of(account, password):
    with pytest.raises(errors.NeedsTotp) as asked:
        services.login_by_password(account.username, password, IP)
    return asked.value.data["challenge"]


def first_challenge(issued, secret=factories.SECRET):
    """Name, issued password and second factor are right: what is asked for then."""
    account = Account.objects.get(pk=issued.account_id)
    challenge = challenge_of(account, issued.password)
    if account.totp_confirmed_at is None:
        secret = services.begin_enrolment(challenge).split("secret=")[1].split("&")[0]
    with pytest.raises(errors.NeedsNewPassword) as asked:
        services.finish_with_totp(challenge, factories.totp_code(secret), IP)
    return asked.value.data["challenge"]


def test_an_issued_password_is_changed_before_anything_else():
    issued = services.open_account(SYS, username="first.user", display_name="新同事")
    assert Account.objects.get(pk=issued.account_id).last_login_at is None
    challenge = first_challenge(issued)
    for weak in ("12345", issued.password):
        with pytest.raises(Invalid) as refusal:
            services.finish_with_new_password(challenge, weak, IP)
        assert "password" in refusal.value.fields
    account = services.finish_with_new_password(challenge, OWN, IP)
    assert account.last_login_at is not None
    assert account.one_time_until is None
    with pytest.raises(errors.WrongLogin):
        services.login_by_password("first.user", issued.password, IP)
    with pytest.raises(errors.ChallengeOver):
        services.finish_with_new_password(challenge, "Third-horse-99", IP)
    challenge_of(account, OWN)


def test_the_ticket_for_the_second_factor_is_none_for_a_new_password():
    issued = services.open_account(SYS, username="second.user", display_name="新同事")
    account = Account.objects.get(pk=issued.account_id)
    with pytest.raises(errors.ChallengeOver):
        services.finish_with_new_password(challenge_of(account, issued.password), OWN, IP)


def test_an_issued_password_ends_after_three_days():
    issued = services.open_account(SYS, username="late.user", display_name="新同事")
    with clock.at(clock.now() + timedelta(days=2, hours=23)):
        challenge = first_challenge(issued)
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        with pytest.raises(errors.WrongLogin):
            services.login_by_password("late.user", issued.password, IP)
        with pytest.raises(errors.ChallengeOver):
            services.finish_with_new_password(challenge, OWN, IP)


def test_a_reset_password_ends_sessions_and_keeps_the_second_factor():
    account = factories.make_staff_account()
    before = account.get_session_auth_hash()
    issued = services.reset_password(SYS, account.pk)
    account.refresh_from_db()
    assert account.get_session_auth_hash() != before
    assert account.totp_confirmed_at is not None
    assert issued.password not in repr(issued)
    services.finish_with_new_password(first_challenge(issued), OWN, IP)


def test_nobody_holds_both_halves_of_an_account():
    account = factories.make_staff_account()
    for act in (
        lambda: services.reset_totp(SYS, account.pk),
        lambda: services.unlock_account(SYS, account.pk),
        lambda: services.reset_password(SEC, account.pk),
        lambda: services.open_account(SEC, username="mine", display_name="我"),
        lambda: services.reset_password(AUDIT, account.pk),
        lambda: services.close_account(AUDIT, account.pk, reason="x"),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_administrators_do_not_administer_themselves():
    account = factories.make_staff_account()
    both = factories.staff("SYS_ADMIN", "SEC_ADMIN", account_id=account.pk)
    for act in (
        lambda: services.reset_password(both, account.pk),
        lambda: services.reset_totp(both, account.pk, reason="x"),
        lambda: services.close_account(both, account.pk, reason="x"),
    ):
        with pytest.raises(errors.OwnAccount):
            act()


def test_an_account_is_closed_for_a_reason_and_opened_again():
    account = factories.make_staff_account()
    with pytest.raises(Invalid):
        services.close_account(SEC, account.pk, reason=" ")
    services.close_account(SEC, account.pk, reason="离职")
    with pytest.raises(RefusedByState):
        services.close_account(SYS, account.pk, reason="离职")
    with pytest.raises(errors.WrongLogin):
        services.login_by_password(account.username, factories.PASSWORD, IP)
    services.reopen_account(SYS, account.pk)
    with pytest.raises(RefusedByState):
        services.reopen_account(SYS, account.pk)
    challenge_of(account, factories.PASSWORD)


def test_citizens_accounts_are_not_listed_and_get_no_passwords():
    citizen = factories.make_account()
    for act in (
        lambda: services.reset_password(SYS, citizen.pk),
        lambda: selectors.account_of_token(SYS, citizen.token),
    ):
        with pytest.raises(NotFound):
            act()
    assert citizen.pk not in {row.id for row in selectors.accounts(SYS).rows}


def test_a_locked_account_is_seen_and_let_in_again():
    account = factories.make_staff_account()
    for _time in range(6):
        with pytest.raises((errors.WrongLogin, TooMany)):
            services.login_by_password(account.username, "wrong", IP)
    with pytest.raises(TooMany):
        services.login_by_password(account.username, factories.PASSWORD, IP)
    assert selectors.locked_until(SEC, account.pk) > clock.now()
    services.unlock_account(SEC, account.pk)
    assert selectors.locked_until(SEC, account.pk) is None
    challenge_of(account, factories.PASSWORD)


def test_accounts_are_found_by_name_and_state_page_by_page():
    for name in ("zhang.san", "li.si", "wang.wu"):
        factories.make_staff_account(name, display_name=f"Clerk {name}")
    services.open_account(SYS, username="new.one", display_name="刚来的")
    services.close_account(SYS, selectors.account_by_username(SYS, "wang.wu").pk, reason="离职")
    seen, after = [], ""
    while True:
        page = selectors.accounts(AUDIT, after=after, limit=2)
        assert page.count == 4
        seen += [row.username for row in page.rows]
        after = page.next
        if not after:
            break
    assert seen == ["li.si", "new.one", "wang.wu", "zhang.san"]
    for query, names in (
        ({"text": "CLERK li"}, ["li.si"]), ({"text": "刚来"}, ["new.one"]), ({"state": "closed"}, ["wang.wu"]),
        ({"state": "one_time"}, ["new.one"]), ({"state": "no_authenticator"}, ["new.one"]), ({"text": "%"}, []),
        ({"text": "\x00li"}, ["li.si"]), ({"state": "nonsense", "text": "zhang"}, ["zhang.san"]),
    ):  # fmt: skip
        assert [row.username for row in selectors.accounts(SEC, **query).rows] == names, query
    with pytest.raises(NotPermitted):
        selectors.accounts(factories.staff("INSTITUTION_ADMIN"))


def test_one_phone_belongs_to_one_account():
    factories.make_staff_account(phone="13900001111")
    with pytest.raises(Invalid) as refusal:
        services.open_account(SYS, username="other.one", display_name="别人", phone="13900001111")
    assert "phone" in refusal.value.fields


# --- one's own -------------------------------------------------------------------------------------------------------
def test_the_own_password_is_not_guessed_and_not_kept():
    account = factories.make_staff_account()
    actor = factories.staff("HANDLER", account_id=account.pk)
    with pytest.raises(Invalid):
        services.change_password(actor, old=factories.PASSWORD, new=factories.PASSWORD)
    with pytest.raises(Invalid):
        services.change_password(actor, old=factories.PASSWORD, new="short")
    for _time in range(6):
        with pytest.raises((errors.WrongLogin, TooMany)):
            services.change_password(actor, old="guess", new=OWN)
    with pytest.raises(TooMany):
        services.change_password(actor, old=factories.PASSWORD, new=OWN)


def test_a_new_authenticator_takes_the_old_ones_place_only_when_it_works():
    account = factories.make_staff_account()
    actor = factories.staff("HANDLER", account_id=account.pk)
    with pytest.raises(errors.WrongTotp):
        services.begin_new_authenticator(actor, code="000000")
    address, ticket = services.begin_new_authenticator(actor, code=factories.totp_code())
    secret = address.split("secret=")[1].split("&")[0]
    assert secret not in ticket
    with pytest.raises(errors.WrongTotp):
        services.finish_new_authenticator(actor, ticket=ticket, code="000000")
    later = clock.now() + timedelta(minutes=1)
    with clock.at(later):
        services.check_totp(account, factories.totp_code())  # the old one still counts
        services.finish_new_authenticator(actor, ticket=ticket, code=factories.totp_code(secret))
    with clock.at(later + timedelta(minutes=1)):
        with pytest.raises(errors.WrongTotp):
            services.check_totp(account, factories.totp_code())
        services.check_totp(account, factories.totp_code(secret))
    names = [event.name for event in events.stream(account.ref)]
    assert "identity.totp_changed.v1" in names


def test_a_ticket_for_a_new_authenticator_is_ones_own_and_ends():
    account, other = factories.make_staff_account(), factories.make_staff_account()
    actor = factories.staff("HANDLER", account_id=account.pk)
    address, ticket = services.begin_new_authenticator(actor, code=factories.totp_code())
    code = factories.totp_code(address.split("secret=")[1].split("&")[0])
    with pytest.raises(errors.ChallengeOver):
        services.finish_new_authenticator(factories.staff("HANDLER", account_id=other.pk), ticket=ticket, code=code)
    with pytest.raises(errors.ChallengeOver):
        services.finish_new_authenticator(actor, ticket="nonsense", code=code)
    with clock.at(clock.now() + timedelta(minutes=11)), pytest.raises(errors.ChallengeOver):
        services.finish_new_authenticator(actor, ticket=ticket, code=code)


# --- the record ------------------------------------------------------------------------------------------------------
NAMES = ("identity.account_created.v1", "identity.account_closed.v1", "identity.log_in_failed.v1")


def test_the_record_is_read_by_auditors_alone_and_reading_is_recorded():
    account = factories.make_staff_account()
    with pytest.raises(NotPermitted):
        services.read_log(SEC, names=NAMES)
    page = services.read_log(AUDIT, names=NAMES, kind="accounts", account_id=account.pk)
    assert [row.name for row in page.rows] == ["identity.account_created.v1"]
    [read] = events.stream(AUDIT.ref)
    assert (read.name, read.data["kind"], read.data["account"]) == ("identity.log_read.v1", "accounts", account.pk)


def test_the_record_is_narrowed_by_person_and_time_and_paged():
    account, other = factories.make_staff_account(), factories.make_staff_account()
    begin = clock.now()
    with clock.at(begin + timedelta(days=1)):
        services.close_account(factories.staff("SEC_ADMIN", account_id=other.pk), account.pk, reason="离职")
    for one in (account.pk, other.pk):
        # what was done to somebody, and what somebody did
        rows = services.read_log(AUDIT, names=NAMES, account_id=one, since=begin + timedelta(hours=1)).rows
        assert [row.name for row in rows] == ["identity.account_closed.v1"]
    assert services.read_log(AUDIT, names=NAMES, since=begin + timedelta(days=2)).rows == ()
    assert len(services.read_log(AUDIT, names=NAMES, until=begin + timedelta(hours=1)).rows) == 2
    seen, before = [], 0
    while True:
        page = services.read_log(AUDIT, names=NAMES, before=before, limit=2)
        assert page.count == 3
        seen += [row.id for row in page.rows]
        before = page.next
        if not before:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 3
