"""Cells of CSV: text that no spreadsheet runs as a formula, and no terminal obeys."""

from __future__ import annotations

import re

from ..errors import printable

# A spreadsheet reads a cell with one of these at its start as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


def safe(text: str) -> str:
    r"""Return a text as a spreadsheet shows it and does not run it, on one line, with control characters spelled out.

    A number stays one.

    >>> safe("=1+1"), safe("gpt-4o"), safe("a\x1b[2J"), safe("-0.25")
    ("'=1+1", 'gpt-4o', 'a\\x1b[2J', '-0.25')
    """
    if _NUMBER.fullmatch(text):
        return text
    shown = printable(text)
    return f"'{shown}" if text.strip().startswith(_FORMULA) or text.startswith(_FORMULA) else shown
