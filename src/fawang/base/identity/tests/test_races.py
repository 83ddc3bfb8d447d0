"""Several at once, on a database with several writers (SQLite has one at a time: its tests are the sequential ones)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from fawang.base.identity import errors, services
from fawang.base.identity.models import Account, Party
from fawang.base.identity.tests import factories
from fawang.kernel.errors import FawangError, TooMany
from fawang.kernel.events import selectors as events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time"),
]


def _at_once(count, act):
    """What each of `count` threads got, starting in the same instant."""
    ready = Barrier(count)

    def run(number):
        try:
            connection.ensure_connection()
            ready.wait()
            return act(number)
        except FawangError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_eight_at_once_make_one_party():
    data = factories.party_data()
    refs = _at_once(8, lambda _n: services.take_party(factories.SYSTEM, data))
    assert len({ref.id for ref in refs}) == 1
    assert Party.objects.count() == 1


def test_of_twelve_guesses_at_once_five_are_checked_and_all_are_recorded():
    account = factories.make_staff_account()
    got = _at_once(12, lambda _n: services.login_by_password(account.username, "wrong", factories.IP))
    kinds = [type(refusal) for refusal in got]
    assert kinds.count(errors.WrongLogin) == 5
    assert kinds.count(TooMany) == 7
    names = [event.name for event in events.stream(account.ref)]
    assert names.count("identity.log_in_failed.v1") == 5
    assert names.count("identity.log_in_locked.v1") == 7


def test_one_code_sent_to_two_browsers_at_once_logs_in_one(sent):
    services.request_phone_code("13900003333", factories.IP)
    got = _at_once(4, lambda _n: services.login_by_phone_code("13900003333", sent.code, factories.IP))
    assert [type(one) for one in got].count(Account) == 1
    assert [type(one) for one in got].count(errors.WrongCode) == 3
    assert Account.objects.count() == 1


def test_one_time_based_code_is_accepted_once():
    account = factories.make_staff_account()
    code = factories.totp_code()
    got = _at_once(4, lambda _n: services.check_totp(account, code))
    assert [type(one) for one in got].count(Account) == 1
