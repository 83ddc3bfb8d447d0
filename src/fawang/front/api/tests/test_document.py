"""The document is true: whatever it allows to be sent is answered as it says, and nothing breaks."""

import json

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from fawang.front.api import limits, v1
from fawang.front.api.tests.factories import Caller, demand, key_of

application = get_wsgi_application()
EXAMPLES = 12
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture
def _keeps_its_connection():
    """Requests through the real application must not close the connection that holds the test's transaction."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def _walk(operation, headers):
    """What one operation answers otherwise than the document says."""
    wrong = []

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    def walk(case):
        limits.buckets.forget()
        response = case.call(headers=headers)
        try:
            case.validate_response(response, checks=CHECKS)
        except (AssertionError, BaseExceptionGroup) as failed:
            wrong.append((operation.label, response.status_code, str(failed)[:600]))

    walk()
    return wrong


@pytest.mark.slow
@pytest.mark.usefixtures("_keeps_its_connection")
@pytest.mark.parametrize("role", ["PARTNER_12345", "RECEPTIONIST", "INSTITUTION_ADMIN", ""])
def test_what_the_document_allows_is_answered_as_it_says(world, role):
    key = key_of(world.centre, role) if role else ""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    wrong = []
    for result in schema.get_all_operations():
        wrong += _walk(result.ok(), headers)
    assert wrong == []


@pytest.mark.slow
@given(
    answers=st.dictionaries(
        st.sampled_from(["story", "claim", "amount", "area", "other_phone", "kind", "surprise"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_any_answers_are_taken_or_refused_in_the_one_shape(world, answers):
    caller = Caller(key_of(world.centre, "PARTNER_12345"))
    given_answers = {**demand()["answers"], **answers}
    response = caller.post("/orders", json.dumps(demand(answers=given_answers)))
    assert response.status_code in {201, 400, 422}
    if response.status_code != 201:
        assert set(response.json()) == {"code", "message", "fields", "retry"}


def test_the_document_hides_no_operation():
    assert all(about.get("operationId") for path in v1.api.make_document()["paths"].values() for about in path.values())
