"""Money is an integer number of fen; this room only shows and reads it."""

from __future__ import annotations

import re
from decimal import Decimal

# no exponents, no underscores, no endless numbers: what people write as an amount, below ten million million yuan
_YUAN = re.compile(r"[+-]?(\d{1,13}(\.\d{0,10})?|\.\d{1,10})")


def show(fen: int) -> str:
    """`123456` → `¥1,234.56`."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}.{rest:02d}"


def parse(text: str) -> int:
    """Yuan as people write them (`1,234.5`, `¥12`) → fen. Raises ValueError beyond two decimals or for no number."""
    cleaned = text.strip().removeprefix("¥").removeprefix("￥").replace(",", "").replace("，", "").strip()
    if not _YUAN.fullmatch(cleaned):
        raise ValueError("not an amount")
    fen = Decimal(cleaned) * 100
    if fen != fen.to_integral_value():
        raise ValueError("more than two decimals")
    return int(fen)
