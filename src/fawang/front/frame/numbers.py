"""Whole numbers that an address or a hidden field says."""

from __future__ import annotations

# longer ones are nobody's, and Python refuses to read thousands of digits
_MOST_DIGITS = 18


def number_in(text: str) -> int:
    """The whole number of a text; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
