"""Cells of CSV: text that no spreadsheet takes for a formula."""

from __future__ import annotations

import re

# What a spreadsheet takes for the start of one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


def safe(text: str) -> str:
    """Return a text as a spreadsheet shows it and does not run it; a number stays one.

    >>> safe("=1+1"), safe("gpt-4o"), safe("-0.25")
    ("'=1+1", 'gpt-4o', '-0.25')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
