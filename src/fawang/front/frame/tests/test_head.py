"""Monitors and link checkers ask with HEAD."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/nothing-here/"])
def test_head_gets_the_headers_of_get_without_a_body(path):
    client = Client(raise_request_exception=False)
    shown, asked = client.get(path), client.head(path)
    assert asked.status_code == shown.status_code
    assert asked.content == b""
    assert int(asked.headers["Content-Length"]) > 0
