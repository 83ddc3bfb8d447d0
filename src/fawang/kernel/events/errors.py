"""What can go wrong with the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import FawangError

MARK = "append-only"


class AppendOnly(FawangError):
    """The database refused to change or delete what was recorded."""

    code = "events.append_only"
    status = 409
    message = _("事件记录只能追加，不能修改或删除。要更正，请追加一条新的记录；要删除个人信息，请用“清除”。")


@contextmanager
def refusals() -> Iterator[None]:
    """Within the block a guard's refusal is AppendOnly (IntegrityError on SQLite, ProgrammingError on PostgreSQL)."""
    try:
        yield
    except DatabaseError as error:
        if MARK in str(error):
            raise AppendOnly from error
        raise
