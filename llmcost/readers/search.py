"""Searches of the web by themselves: in Perplexity's shape, which LiteLLM gives all, and as Exa, Serper, Tavily answer.

Neither the queries nor the results that were asked for stand in most responses: it is one query, unless the caller says
more. Exa states what it charged. Serper states its credits, which are what it sells: each is taken for a query.
https://docs.perplexity.ai/api-reference/search-post, https://docs.litellm.ai/docs/search, https://serper.dev
https://docs.exa.ai/reference/search, https://docs.tavily.com/documentation/api-reference/endpoint/search
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from .dialects.reported import charge
from .fields import count, items, sub, text
from .reader import Block, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_CHARGED, _ASKED = "costDollars", "searchParameters"
_SIGNS = ({"results", _CHARGED}, {_ASKED, "credits"}, {"results", "query", "response_time"})
_FOUND = {"url", "snippet"}
_CREDITS = "what the depth of the search costs, which the name of the model tells"
_BLOCK = Block("search_queries", ignored={"credits": _CREDITS})


def read(fields: Fields) -> Usage:
    """Return the usage of a search: its queries, or one where they are not stated.

    >>> read({"object": "search", "results": []}).quantities
    {'queries': 1}

    Raises:
        InconsistentUsageError: the queries are no count.
    """
    stated = count(sub(fields, "usage") or {}, "search_queries")
    if _ASKED in fields:
        stated = count(fields, "credits")
    model = text(fields, "model")
    usage = Usage.of({"queries": stated or 1}, 0, "search", {} if model is None else {"model": model})
    usage.reported = charge(usage, (sub(fields, _CHARGED) or {}).get("total"), f"{_CHARGED}.total")
    if not stated:
        usage.notes = (
            *usage.notes,
            Note("query_assumed", "the response does not count its queries: 1 query", "queries"),
        )
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a list of search results; an answer that cites some has tokens beside them."""
    if fields.get("object") == "search":
        return True
    told = any(signs.issubset(fields) for signs in _SIGNS)
    if not told and not any(_FOUND.issubset(item) for item in items(fields, "results")[:1]):
        return False
    return _BLOCK.names.issuperset(sub(fields, "usage") or ())


READER = Reader(
    "Search",
    recognises,
    read,
    {"usage": _BLOCK},
    objects=("search",),
)
