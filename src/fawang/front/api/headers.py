"""Headers of requests, and answers that are texts already."""

from __future__ import annotations

import re
from typing import Annotated

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Header
from pydantic import StringConstraints

from fawang.kernel.errors import Invalid

Key = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=r"^[\x21-\x7e]+$"),
    Header(
        alias="Idempotency-Key",
        description="made by the sender, a new one for each thing to be done, the same one for every repeat",
    ),
]
_VERSION = re.compile(r'(W/)?"?(\d{1,9})"?')


def version_of(in_body: int | None, if_match: str) -> int | None:
    """The version that the sender saw: from the body, else from `If-Match`. Raises Invalid when they differ."""
    match = _VERSION.fullmatch(if_match.strip()) if if_match.strip() not in {"", "*"} else None
    if if_match.strip() not in {"", "*"} and match is None:
        raise Invalid({"If-Match": _('请填写工单的版本号,例如 "3"。')})
    in_header = int(match[2]) if match else None
    if in_body is not None and in_header is not None and in_body != in_header:
        raise Invalid({"version": _("内容里的版本和 If-Match 不一致。")})
    return in_body if in_body is not None else in_header


def json_text(text: str, status: int) -> HttpResponse:
    """An answer whose bytes are decided: they are sent as they are."""
    return HttpResponse(text.encode(), status=status, content_type="application/json")
