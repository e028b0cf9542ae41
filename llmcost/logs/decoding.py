"""JSON of a line: by orjson where it is installed, which takes a third of the time, else by the standard library.

What orjson does not accept is left to the standard library, so that the same lines are read, and refused in the same
words. One thing differs: orjson reads a whole number of more than 64 bits as a float.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

try:
    from orjson import loads as _loads
except ImportError:
    _loads = None

_decoder = json.JSONDecoder()
# What the decoder itself asks, without the function around it.
_scan = _decoder.scan_once  # type: ignore[attr-defined]


def _by_standard(line: str) -> tuple[object, str]:
    try:
        value, end = _scan(line, 0)
    except StopIteration:
        value, end = _decoder.raw_decode(line)  # raises the error that says what is wrong
    return value, line[end:]


def _by_orjson(line: str) -> tuple[object, str]:
    try:
        return _loads(line), "\n" if line.endswith("\n") else ""
    except ValueError:
        return _by_standard(line)


def _alone_by_standard(line: str | bytes) -> object:
    if type(line) is bytes:
        line = line.decode()
    try:
        value, end = _scan(line, 0)
    except StopIteration:
        raise ValueError from None
    if line[end:] != "\n" and line[end:].strip():
        raise ValueError
    return value


# Return the value of a line, text or UTF-8, that holds nothing more. Raise ValueError or RecursionError for any other
# line, and for some that the next function reads.
alone: Callable[[str | bytes], object] = _alone_by_standard if _loads is None else _loads
# Return the value that a line begins with, and what follows it; of a line that holds nothing more, its end alone.
# Raise ValueError or RecursionError if it is no JSON.
first_of_line: Callable[[str], tuple[object, str]] = _by_standard if _loads is None else _by_orjson
