"""Results of a search are one query."""

from __future__ import annotations

from llmcost import read_usage

from .billing import bill, lines

SEARCH = {"object": "search", "results": [{"title": "a", "url": "https://e", "snippet": "c"}]}


def test_one_query():
    """0.008, and a note that nobody counted it."""
    assert bill({"input_cost_per_query": 0.008, "mode": "search"}, SEARCH) == lines(("queries", 1, "0.008"))
    assert [note.code for note in read_usage(SEARCH).notes] == ["query_assumed"]
    assert read_usage({**SEARCH, "results": []}).quantities == {"queries": 1}
