"""Zhipu and Z.ai: what a completion searched for stands in ``web_search``; a search is a fee on top.

The list holds results, and not the number of searches. https://docs.z.ai/guides/tools/web-search
"""

from __future__ import annotations

from ...core.notes import Note
from ..fields import items
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block()
_RESULTS = "web_search"


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with the one search that results prove at least."""
    del counters
    if "web_searches" in usage.quantities or not items(fields, _RESULTS):
        return usage
    usage.quantities["web_searches"] = 1
    said = "the response holds results of a search and does not count its searches: 1 search"
    usage.notes = (*usage.notes, Note("query_assumed", said, _RESULTS))
    return usage
