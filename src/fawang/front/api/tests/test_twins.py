"""Twins: the same request twice at the same moment does its work once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from fawang.base.workorders.models import Order
from fawang.base.workorders.tests import factories as orders
from fawang.front.api.tests.factories import demand
from fawang.front.api.tests.factories import partner as make_partner

TWINS = 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_twins_of_a_filing_get_the_same_bytes_and_file_once(tmp_path):
    if connections["default"].vendor == "sqlite" and connections["default"].is_in_memory_db():
        pytest.skip("several connections need a database outside the memory of one")
    world = orders.build(tmp_path)
    caller, body, start = make_partner(world.centre), demand(), Barrier(TWINS)
    caller.post("/orders", demand())

    def send(_number):
        start.wait()
        try:
            response = make_client_of(caller).post("/orders", body, Idempotency_Key="twins")
            return response.status_code, response.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TWINS) as pool:
        answers = set(pool.map(send, range(TWINS)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert Order.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_actions_to_one_version_one_wins(tmp_path):
    if connections["default"].vendor == "sqlite" and connections["default"].is_in_memory_db():
        pytest.skip("several connections need a database outside the memory of one")
    world = orders.build(tmp_path)
    number = make_partner(world.centre).post("/orders", demand()).json()["number"]
    caller, start = make_partner(world.committee, "INSTITUTION_ADMIN"), Barrier(2)
    version = caller.get(f"/orders/{number}").json()["version"]

    def sign(_number):
        start.wait()
        try:
            return make_client_of(caller).post(f"/orders/{number}/actions/sign", {"version": version}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, range(2))) == [200, 409]


def make_client_of(caller):
    """The same key in another program."""
    return type(caller)(caller.key)
