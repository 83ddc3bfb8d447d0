"""Servers and workers are killed while they work: what was acknowledged is there, exactly once."""

import random
import threading
import time

import pytest

from tests.clients import Client, body, press

pytestmark = [pytest.mark.bad_days, pytest.mark.once]
KILLS = 20

ORDERS = """
from collections import Counter
from fawang.base.workorders.models import Clock, Order
from fawang.kernel.events.models import Event
from fawang.kernel.replies.models import Reply
numbers = list(Order.objects.values_list('number', flat=True))
whole = 0
for order in Order.objects.all():
    sequences = list(Event.objects.filter(stream=f'order:{order.pk}').order_by('sequence').values_list('sequence', flat=True))
    whole += sequences == list(range(1, order.version + 1)) and Clock.objects.filter(order=order).exists()
answer = {'numbers': numbers, 'whole': whole, 'replies': Reply.objects.count()}
"""


def test_every_acknowledged_order_is_there_exactly_once_after_twenty_kills(installation):
    key, chance, acknowledged = installation.key(), random.Random(20), {}
    sent = set()

    def send(client, number):
        idempotency_key = f"{round_number}-{number}"
        sent.add(idempotency_key)
        answer = client.file(body(round_number * 1_000 + number), idempotency_key)
        if answer.status == 201:
            acknowledged[idempotency_key] = answer.number
        return answer

    for round_number in range(KILLS):
        server, stop = installation.serve(workers=1, threads=2), threading.Event()

        def kill(server=server, stop=stop):
            server.kill()
            stop.set()

        timer = threading.Timer(chance.uniform(0.25, 0.6), kill)
        timer.start()
        press(send, port=server.port, key=key, clients=3, stop=stop)
        timer.join()
    # what was in doubt is sent again with its key: still one order each
    server = installation.serve()
    client = Client(server.port, key)
    for idempotency_key in sorted(sent - set(acknowledged)):
        round_number, number = map(int, idempotency_key.split("-"))
        answer = client.file(body(round_number * 1_000 + number), idempotency_key)
        assert answer.status == 201, answer
        acknowledged[idempotency_key] = answer.number
    found = installation.ask(ORDERS)
    assert len(acknowledged) > KILLS
    assert sorted(found["numbers"]) == sorted(acknowledged.values())
    assert len(set(found["numbers"])) == len(found["numbers"]) == found["whole"] == found["replies"]


KILL_IN_THE_MIDDLE = """
import os, signal
from fawang.base.notifications import delivery
from fawang.kernel.outbox import services
kept = services._handlers['{kind}']
def die(payload):
    kept(payload)
    os.kill(os.getpid(), signal.SIGKILL)
services._handlers['{kind}'] = die
while services.run_due(1):
    pass
"""

MESSAGES = """
from datetime import timedelta
from fawang.base.notifications.models import Message, Receipt
from fawang.kernel import clock
from fawang.kernel.events.services import number_committed
from fawang.kernel.outbox import services
from fawang.kernel.outbox.models import Effect
with clock.at(clock.now() + services.LEASE + timedelta(seconds=5)):
    first = services.drain()
with clock.at(clock.now() + timedelta(hours=15)):
    services.drain()
answer = {
    'drained': first,
    'messages': Message.objects.filter(template='order_submitted').count(),
    'sent': Receipt.objects.filter(message__template='order_submitted', state='SENT', attempt=1).count(),
    'undone': Effect.objects.filter(done_at=None, attempts__gt=0).count(),
    'stuck': Effect.objects.filter(is_stuck=True).count(),
}
"""


@pytest.mark.parametrize("kind", ["workorders.tell", "notifications.deliver"])
def test_a_worker_killed_in_the_middle_of_a_task_is_made_up_for_and_tells_the_person_once(installation, kind):
    server, key = installation.serve(), installation.key()
    answer = Client(server.port, key).file(body(1))
    assert answer.status == 201, answer.text
    server.stop()
    setup = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'fawang.site.settings'; import django; django.setup()\n"
    killed = installation.start("-c", setup + KILL_IN_THE_MIDDLE.format(kind=kind))
    assert killed.popen.wait(60) == -9
    found = installation.ask(MESSAGES)
    assert found["drained"] > 0
    assert (found["messages"], found["sent"], found["undone"], found["stuck"]) == (1, 1, 0, 0)


def test_the_worker_stops_after_the_effect_in_hand_when_asked(installation):
    worker = installation.work()
    time.sleep(4)
    worker.popen.terminate()
    assert worker.popen.wait(20) == 0
