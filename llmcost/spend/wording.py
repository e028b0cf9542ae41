"""Wording: which calls a question is about, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo


def in_words(since: datetime | None, until: datetime | None, where: Mapping[str, object] | None, zone: tzinfo) -> str:
    """Return a question in words; empty for all calls.

    >>> from datetime import datetime, timezone
    >>> in_words(datetime(2026, 11, 1, tzinfo=timezone.utc), None, {"team": ["search", None]}, timezone.utc)
    'team search or not stated, since 2026-11-01 00:00'
    """
    said = []
    for axis, given in (where or {}).items():
        values = given if isinstance(given, (list, tuple, set, frozenset)) else (given,)
        said.append(f"{axis} {' or '.join('not stated' if value is None else str(value) for value in values)}")
    for word, moment in (("since", since), ("until", until)):
        if moment is not None:
            said.append(f"{word} {moment.astimezone(zone):%Y-%m-%d %H:%M}")
    return ", ".join(said)
