"""The tables of data/NOTICE.md that name every pinned wheel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .fetch import Source

_LISTS = re.compile(r"(?<=\| litellm \| date \| sha256 of the wheel \|\n\|---\|---\|---\|\n)(?:\|.*\n)+")


def with_sources(notice: str, sources: Sequence[Source]) -> str:
    """Return the notice with the versions, days and sums of the sources; what a source is used for stays as it is."""
    lists = [source for source in sources if source.package == "litellm"]
    rows = "".join(f"| {source.version} | {source.data_date} | `{source.sha256}` |\n" for source in lists)
    notice = _LISTS.sub(lambda _: rows, notice, count=1)
    for source in sources:
        row = re.compile(rf"^(\| {re.escape(source.package)} \|) [^|]+ \| [^|]+ \|(.*\|) `[0-9a-f]+` \|$", re.MULTILINE)
        facts = f" {source.version} | {source.data_date} |"
        notice = row.sub(rf"\g<1>{facts}\g<2> `{source.sha256}` |", notice, count=1)
    return notice
