"""Shrinking: of an input that fails, the least that still does, so that it can be kept as a test."""

from __future__ import annotations

import copy

# Inputs that are tried for one failure.
_MOST = 2000


def shrunk(value, fails):
    """Return the smallest input found, of bytes, lists and dicts, for which ``fails`` is still true."""
    tried, found = 0, True
    while found and tried < _MOST:
        found = False
        for smaller in _smaller(value):
            tried += 1
            if fails(copy.deepcopy(smaller)):
                value, found = smaller, True
                break
            if tried >= _MOST:
                break
    return value


def _smaller(value):
    """Yield the same input without one of its parts, the large parts first."""
    if isinstance(value, (bytes, list)):
        size = len(value) // 2
        while size:
            for start in range(0, len(value), size):
                yield value[:start] + value[start + size :]
            size //= 2
        if len(value) == 1:
            yield value[:0]
    if isinstance(value, dict):
        for name in value:
            yield {key: inner for key, inner in value.items() if key != name}
        for name, inner in value.items():
            for smaller in _smaller(inner) if isinstance(inner, (list, dict)) else ():
                yield {**value, name: smaller}
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            for smaller in _smaller(inner) if isinstance(inner, (list, dict)) else ():
                yield [*value[:place], smaller, *value[place + 1 :]]
