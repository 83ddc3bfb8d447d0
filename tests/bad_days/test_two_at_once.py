"""Two people, or one impatient one, do the same thing at the same moment."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clients import Client, body

pytestmark = [pytest.mark.bad_days, pytest.mark.once]
TIMES = 6


def at_once(*works):
    """All of them, together; what each gave."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(work) for work in works]]


def manual(number):
    """A demand that waits for a dispatcher."""
    told = json.loads(body(number))
    told["service_code"] = "GENERAL_DEMAND"
    told["answers"] = {"story": f"不知道该找谁，第{number}次来问。", "area": "510107"}
    return json.dumps(told, ensure_ascii=False).encode()


def test_twins_with_one_key_make_one_order_and_get_identical_answers(installation):
    server, key = installation.serve(workers=2, threads=2), installation.key()
    for number in range(TIMES):
        clients = [Client(server.port, key) for _ in range(4)]
        answers = at_once(*(lambda c=c, n=number: c.file(body(n), f"twin{n}") for c in clients))
        assert {answer.status for answer in answers} == {201}, [a.text for a in answers]
        assert len({answer.text for answer in answers}) == 1
    assert installation.ask("from fawang.base.workorders.models import Order\nanswer = Order.objects.count()") == TIMES


RACE = """
import threading
from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import selectors, services
from fawang.base.workorders.models import Order
from fawang.kernel.errors import FawangError
from fawang.kernel.events.models import Event
from fawang.kernel.policy import system
from django.db import connection
SYSTEM = system('test')
dispatcher = organisations.actor_for(identity.account_by_username(SYSTEM, 'dispatcher'))
units = [row.token for row in organisations.candidates('consultation', ['510107', '510100', '510000'])][:2]
answer = []
for number in Order.objects.filter(state='TO_DISPATCH').order_by('pk').values_list('number', flat=True):
    version, said, ready = selectors.get(dispatcher, number).version, [], threading.Barrier(2)
    def act(unit, version=version, number=number, said=said, ready=ready):
        ready.wait()
        try:
            services.perform(actor=dispatcher, order=number, action='dispatch', data={'unit': unit},
                             version=version if WITH_VERSION else None)
            said.append('ok')
        except FawangError as refusal:
            said.append(type(refusal).__name__)
        finally:
            connection.close()
    threads = [threading.Thread(target=act, args=(unit,)) for unit in units]
    [t.start() for t in threads]
    [t.join() for t in threads]
    pk = Order.objects.get(number=number).pk
    dispatches = Event.objects.filter(stream=f'order:{pk}', name='workorders.dispatched.v1').count()
    answer.append([sorted(said), dispatches])
"""


@pytest.mark.parametrize(("with_version", "conflict"), [(True, "Stale"), (False, "WrongState")])
def test_of_two_dispatchers_one_succeeds_and_one_is_told_clearly(installation, with_version, conflict):
    server, key = installation.serve(), installation.key()
    client = Client(server.port, key)
    for number in range(TIMES):
        assert client.file(manual(number)).status == 201
    server.stop()
    found = installation.ask(f"WITH_VERSION = {with_version}\n{RACE}")
    assert Counter(map(str, found)) == {str([sorted(["ok", conflict]), 1]): TIMES}


TAKE = """
import threading
from fawang.base.identity import services as identity
from fawang.base.identity.values import PartyData
from fawang.kernel.policy import system
from django.db import connection
found, ready = [], threading.Barrier(4)
def take():
    ready.wait()
    found.append(identity.take_party(system('test'), PartyData(name='王示例', phone='13910000001')).id)
    connection.close()
threads = [threading.Thread(target=take) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
answer = len(set(found))
"""


def test_a_person_named_twice_at_once_is_one_person(installation):
    assert installation.ask(TAKE) == 1
