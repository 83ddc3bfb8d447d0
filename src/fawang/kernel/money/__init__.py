"""Money is an integer number of fen; this room only shows and reads it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def show(fen: int) -> str:
    """`123456` → `¥1,234.56`."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}.{rest:02d}"


def parse(text: str) -> int:
    """Yuan as people write them (`1,234.5`, `¥12`) → fen. Raises ValueError beyond two decimals or for no number."""
    cleaned = text.strip().removeprefix("¥").removeprefix("￥").replace(",", "").replace("，", "").strip()
    try:
        yuan = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError("not an amount") from None
    if not yuan.is_finite():
        raise ValueError("not an amount")
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise ValueError("more than two decimals")
    return int(fen)
