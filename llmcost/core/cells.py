"""Cells of CSV: text that no spreadsheet takes for a formula."""

from __future__ import annotations

# What a spreadsheet takes for the start of one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(text: str) -> str:
    """Return a text as a spreadsheet shows it and does not run it.

    >>> safe("=1+1"), safe("gpt-4o")
    ("'=1+1", 'gpt-4o')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
