"""Searches of the web by themselves, in Perplexity's shape, which LiteLLM gives every provider's.

Neither the queries nor the results that were asked for stand in the response: it is one query, unless the caller says
more. https://docs.perplexity.ai/api-reference/search-post, https://docs.litellm.ai/docs/search
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from .fields import count, sub, text
from .reader import Block, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a search: its queries, or one where they are not stated.

    >>> read({"object": "search", "results": []}).quantities
    {'queries': 1}

    Raises:
        InconsistentUsageError: the queries are no count.
    """
    stated = count(sub(fields, "usage") or {}, "search_queries")
    model = text(fields, "model")
    usage = Usage.of({"queries": stated or 1}, 0, "search", {} if model is None else {"model": model})
    if not stated:
        usage.notes = (Note("query_assumed", "the response does not count its queries: 1 query", "queries"),)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a list of search results."""
    return fields.get("object") == "search"


READER = Reader("Search", recognises, read, {"usage": Block("search_queries")}, objects=("search",))
