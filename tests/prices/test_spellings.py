"""Declared spellings of a name, and the date behind one."""

from __future__ import annotations

from llmcost.prices.spellings import spellings, split_date

CHEAP = {"input_cost_per_token": 1e-06}
DEAR = {"input_cost_per_token": 2e-06}


def test_spellings_are_listed_once():
    """Every spelling is tried once, the most specific first."""
    found = [spelling for spelling, _, _ in spellings("converse/us.a.m-20240718", "bedrock", "eu")]
    assert found == [
        "eu/converse/us.a.m-20240718",
        "converse/us.a.m-20240718",
        "us.a.m-20240718",
        "a.m-20240718",
        # A date as other sellers write it, and then none.
        *("converse/us.a.m-2024-07-18", "converse/us.a.m@20240718"),
        *("us.a.m-2024-07-18", "us.a.m@20240718"),
        *("a.m-2024-07-18", "a.m@20240718"),
        "converse/us.a.m",
        "us.a.m",
        "a.m",
    ]


def test_split_date():
    """A name without a date is whole."""
    assert split_date("claude-3@20240229") == ("claude-3@20240229", "")
    assert split_date("20240229") == ("20240229", "")


def test_the_publisher_before_a_model_of_vertex():
    """Its endpoint in OpenAI's shape asks for google/gemini-x; another seller's own ids stay as they are."""
    assert "gemini-x" in [spelling for spelling, _, _ in spellings("google/gemini-x", "vertex_ai", None)]
    assert "gemini-x" not in [spelling for spelling, _, _ in spellings("google/gemini-x", "deepinfra", None)]
