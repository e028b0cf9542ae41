"""Declared spellings of a name, and the date behind one."""

from __future__ import annotations

import pytest

from llmcost import CostMap, Usage
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


PRICES = CostMap()


def of_region(model, region, **facts):
    """Return the row, and what is said of the region."""
    cost = PRICES.calculate(usage=Usage(input=1000), model=model, region=region, **facts)
    return cost.matched_as, [str(note) for note in cost.notes if note.code == "base_of_region"]


@pytest.mark.parametrize(
    ("model", "row", "region"),
    [
        ("gpt-5-mini", "gpt-5-mini", "mars-1"),
        ("groq/llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile", "eu-west-1"),
        ("openrouter/openai/gpt-4o", "openrouter/openai/gpt-4o", "eu"),
        # Its factors are of eu and us, and not of their parts.
        ("gpt-6-sol", "gpt-6-sol", "eu-west-1"),
        ("azure/gpt-4o", "azure/gpt-4o", "swedencentral"),
        ("anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-4-6", "eu-central-1"),
    ],
)
def test_a_region_without_a_price_is_said(model, row, region):
    """The price without a region is used, and which region has none."""
    said = f"{row} has no price of its own for the region {region!r}: its price without a region is used"
    assert of_region(model, region) == (row, [said])


@pytest.mark.parametrize(
    ("model", "row", "region"),
    [
        ("gpt-5-mini", "gpt-5-mini", "global"),
        ("gpt-5-mini", "gpt-5-mini", ""),
        # A factor of the region, or of any; a row of it; a geography in the name; and what is free everywhere.
        ("gpt-6-sol", "gpt-6-sol", "EU"),
        ("vertex_ai/claude-opus-5-5", "vertex_ai/claude-opus-5-5", "us-east5"),
        ("azure/gpt-4o", "azure/eu/gpt-4o", "eu"),
        ("us.anthropic.claude-sonnet-4-6", "us.anthropic.claude-sonnet-4-6", "us-east-1"),
        ("ollama/llama3", "ollama/llama3", "eu"),
    ],
)
def test_a_region_with_a_price_needs_no_note(model, row, region):
    """Its price is used."""
    assert of_region(model, region) == (row, [])


def test_a_price_of_ones_own_holds_in_every_region():
    """Who sets one without regions means all of them."""
    assert of_region("gpt-5-mini", "mars-1", input_cost_per_token=1e-6) == ("gpt-5-mini", [])
