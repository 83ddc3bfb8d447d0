"""PostgreSQL goes away in the middle of requests and comes back."""

import threading
import time

import pytest

from tests.bad_days.test_killed_servers import ORDERS
from tests.clients import Client, body, press

pytestmark = [pytest.mark.bad_days, pytest.mark.once]


def test_after_a_crash_of_postgresql_requests_succeed_again_and_nothing_acknowledged_is_lost(makers):
    maker = makers("postgresql")
    installation = maker.installation()
    try:
        server, key, acknowledged = installation.serve(workers=2, threads=2), installation.key(), []

        def send(client, number):
            answer = client.file(body(number), f"k{number}")
            if answer.status == 201:
                acknowledged.append(answer.number)
            return answer

        stop = threading.Event()

        def crash():
            maker.crash()
            time.sleep(0.5)
            maker.restart()
            time.sleep(1.5)
            stop.set()

        threading.Timer(1.0, crash).start()
        press(send, port=server.port, key=key, clients=4, stop=stop)
        before = len(acknowledged)
        client = Client(server.port, key)
        # each server process may notice its dead connections once, and says "try again"
        answers = [client.file(body(90_000 + number), f"after{number}") for number in range(12)]
        assert {answer.status for answer in answers} <= {201, 503}, [a.text for a in answers if a.status != 201]
        assert [answer.status for answer in answers[-6:]] == [201] * 6
        acknowledged += [answer.number for answer in answers if answer.status == 201]
        found = installation.ask(ORDERS)
        assert before > 0
        assert set(acknowledged) <= set(found["numbers"])
        assert len(set(found["numbers"])) == len(found["numbers"]) == found["whole"]
    finally:
        installation.stop()
