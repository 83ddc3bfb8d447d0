"""The product's WSGI application with a baseline beside it: one durable single-row insert a request.

`POST /baseline` writes one row through the same server, worker, thread and database connection, and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction

from fawang.site.wsgi import application as product

Start = Callable[..., Any]
_QUERIES = os.environ.get("FAWANG_COUNT_STATEMENTS") == "1"


def _baseline(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_row (content) VALUES (%s)", [content.decode()])
    start("201 Created", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


class _Counted:
    """Counts the statements of a request, savepoints among them; what only begins or ends a transaction is none."""

    def __init__(self) -> None:
        self.count = 0
        self.inside = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("BEGIN", "COMMIT")):
            self.count += 1
            self.inside += context["connection"].in_atomic_block
        return execute(sql, params, many, context)


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """The baseline at its path, the product everywhere else."""
    if environ.get("PATH_INFO") == "/baseline":
        return _baseline(environ, start)
    if not _QUERIES:
        return product(environ, start)
    counted = _Counted()

    def counting_start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        counts = [("X-Statements", str(counted.count)), ("X-In-Transaction", str(counted.inside))]
        return start(status, [*headers, *counts], *rest)

    with connection.execute_wrapper(counted):
        return list(product(environ, counting_start))
