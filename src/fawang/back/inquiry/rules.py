"""Rules of the line, called by name from its process."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue.rules import Context, guard
from fawang.kernel.errors import Invalid

_DIGEST = re.compile(r"[0-9a-f]{64}")


@guard("inquiry.is_a_digest")
def is_a_digest(context: Context) -> None:
    """What is noted as the file's digest is one: 256 bits in hexadecimal (SM3, GB/T 32905; SHA-256)."""
    if not _DIGEST.fullmatch(str(context.data.get("digest") or "").strip().lower()):
        raise Invalid({"digest": _("校验值应为 64 位十六进制字符，请从校验工具复制。")})
