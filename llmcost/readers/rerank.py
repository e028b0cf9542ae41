"""Reranks: Cohere's shape, which Jina, Together, vLLM, Infinity and LiteLLM answer in too, and Google's records.

The same work is sold by the query or by the token, and a response may state either, both or nothing. A search unit
is one query over up to 100 documents. https://docs.cohere.com/reference/rerank, https://aws.amazon.com/bedrock/pricing/
https://cloud.google.com/generative-ai-app-builder/docs/ranking
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from .dialects.reported import add_charged
from .fields import count, items, sub, text
from .reader import Block, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_DOCUMENTS = 100
_RECORDS = "records"
_ALONE = frozenset({_RECORDS, "model"})
_UNITS = Block("search_units", "total_tokens", "input_tokens")
_BLOCK = Block("total_tokens", "prompt_tokens", "search_units", "cost", inner={"billed_units": _UNITS})
_GROSS = "counts the same work in another way; billed_units is what is billed"
_META = Block(ignored={"tokens": _GROSS, "api_version": "a version"}, inner={"billed_units": _UNITS}, label="meta")


def read(fields: Fields) -> Usage:
    """Return the usage of a rerank: queries and tokens as alternatives, whichever the card has a price for.

    A rerank that says nothing is one query for every 100 documents that it returns.

    >>> read({"results": [{"index": 3, "relevance_score": 0.9}], "usage": {"total_tokens": 812}}).alternatives
    (({'queries': 1}, {'input': 812}),)

    Raises:
        InconsistentUsageError: a counter is no count.
    """
    billed = sub(sub(fields, "meta") or {}, "billed_units") or {}
    counters = sub(fields, "usage") or {}
    places = (billed, sub(counters, "billed_units") or {}, counters)
    queries = next((found for place in places if (found := count(place, "search_units"))), 0)
    tokens = (
        count(billed, "total_tokens")
        or count(billed, "input_tokens")
        or count(counters, "total_tokens")
        or count(counters, "prompt_tokens")
    )
    facts = {"model": text(fields, "model")}
    if queries and not tokens:
        usage = Usage.of({"queries": queries}, 0, "rerank", facts)
        add_charged(usage, counters)
        return usage
    usage = Usage.of({}, tokens, "rerank", facts)
    add_charged(usage, counters)
    # Further documents may have been ranked and not returned.
    ranked = items(fields, "results") or items(fields, _RECORDS)
    least = max(1, -(-len(ranked) // _DOCUMENTS))
    units: list[Quantities] = [{"queries": queries or least}, {"input": tokens}]
    usage.alternatives = (tuple(unit for unit in units if all(unit.values())),)
    if not queries:
        said = f"no search units in the response: priced by query, it is {least} quer{'y' if least == 1 else 'ies'}"
        usage.notes = (*usage.notes, Note("query_assumed", said, "queries"))
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a list of documents with their relevance."""
    if fields.get("object") == "rerank":
        return True
    # Bedrock's own answer spells it in the other way.
    if any("relevance_score" in item or "relevanceScore" in item for item in items(fields, "results")[:1]):
        return True
    # Google's has nothing beside its records, which others have beside the counters of another work.
    return _ALONE.issuperset(fields) and any("score" in item and "id" in item for item in items(fields, _RECORDS)[:1])


# Before Cohere's other responses, which are known by their billed units alone.
READER = Reader("Rerank", recognises, read, {"usage": _BLOCK, "meta": _META}, objects=("rerank",), rank=40)
