"""Search results: what a search provider found, in the one envelope that proxies give them.

A search is one query, and no provider counts it. https://docs.litellm.ai/docs/search
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from .fields import text
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the query that the results are those of.

    >>> read({"object": "search", "results": []}).quantities
    {'queries': 1}
    """
    model = text(fields, "model")
    usage = Usage.of({"queries": 1}, 0, "search", {} if model is None else {"model": model})
    usage.notes = (Note("query_assumed", "a search is taken as one query", "queries"),)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether these are results of a search."""
    return fields.get("object") == "search" and "results" in fields


READER = Reader("Search results", recognises, read, "a search is one query, and nothing is counted in it")
