"""Configurations as they are in public use load without a complaint, and price what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmcost import CostMap
from llmcost.config import examine

PUBLIC = Path(__file__).parent / "public"

# file -> deployments, and what one call by a name costs: 1,000 tokens in and 500 out.
EXPECTED = {
    "aliases_and_teams": (2, "gpt-4", "0.006"),  # gpt-4.1: 1,000 x 2e-06 + 500 x 8e-06
    "anchors": (2, "sonnet-long", "0.0127"),  # 1,000 x 2.7e-06 + 500 x 2e-05
    "audio_images_rerank": (6, "embed", "0.00002"),  # 1,000 x 2e-08; its output costs nothing
    "azure_load_balanced": (2, "gpt-4o", "0.0075"),  # 1,000 x 2.5e-06 + 500 x 1e-05
    "bedrock_roles": (3, "team-sonnet", "0.01155"),  # 1,000 x 3.3e-06 + 500 x 1.65e-05
    "charge_back": (3, "gpt-4o", "0.00825"),  # 0.0075 and 10%
    "empty": (0, "gpt-4o", "0.0075"),
    "observability_and_mcp": (5, "gpt-4o", "0.0069"),  # 1,000 x 1.9e-06 + 500 x 1e-05
    "openrouter_and_friends": (4, "kimi", "0.00185"),  # 1,000 x 6e-07 + 500 x 2.5e-06
    "ptu_and_budgets": (2, "gpt-4o-ptu", "0.0075"),
    "self_hosted": (3, "llama-70b", "0.00"),
    "wildcards": (4, "anthropic/claude-sonnet-4-5-20250929", "0.0105"),  # 1,000 x 3e-06 + 500 x 1.5e-05
}


def test_every_file_is_expected():
    """There is an expectation for each file, and there are at least ten kinds."""
    assert {path.stem for path in PUBLIC.glob("*.yaml")} == set(EXPECTED)
    assert len(EXPECTED) >= 10


@pytest.mark.parametrize("name", EXPECTED)
def test_a_public_config_loads_without_a_complaint(bundled, name):
    """No error and no doubt: nothing in it is wrong, however much of it is not about prices."""
    deployments, problems = examine(PUBLIC / f"{name}.yaml", bundled)

    assert len(deployments) == EXPECTED[name][0]
    assert problems.errors == []
    assert [str(finding) for _, finding in problems.doubts] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_a_public_config_prices(bundled, chat, name):
    """The name that its callers use has the price that it says."""
    _, model, total = EXPECTED[name]
    cost = bundled.with_config(PUBLIC / f"{name}.yaml").calculate(chat(model), model=model)

    assert str(cost) == total
    assert cost.complete


def test_prices_that_are_really_zero(bundled, chat):
    """An explicit 0 is a price: two lines of 0 USD, set by the configuration, and no note that the map says so."""
    cost = bundled.with_config(PUBLIC / "self_hosted.yaml").calculate(chat("llama"), model="llama-70b")

    assert [(line.meter, str(line.amount), line.layer) for line in cost.line_items] == [
        ("input", "0", "config model_info"),
        ("output", "0", "config model_info"),
    ]
    assert cost.notes == ()


def test_a_zero_per_second_hides_no_other(bundled):
    """``output_cost_per_second: 0`` does not hide ``input_cost_per_second``: 100 s x 0.00006."""
    cost = bundled.with_config(PUBLIC / "self_hosted.yaml").calculate(model="phi", duration=100)

    assert [(line.meter, str(line.amount)) for line in cost.line_items] == [("input_seconds", "0.006")]


def test_the_threshold_of_a_configured_price(bundled, chat):
    """``_above_128k_tokens`` re-rates the whole call, strictly above."""
    prices = bundled.with_config(PUBLIC / "openrouter_and_friends.yaml")
    at, above = (prices.calculate(chat("x", prompt=n, completion=0), model="kimi") for n in (128_000, 128_001))

    assert str(at) == "0.0768"
    assert str(above) == "0.1536012"


@pytest.mark.parametrize("file", ["gpt-4o", "openai/gpt-4o"])
def test_nothing_of_a_config_reaches_the_map_it_was_made_from(bundled, chat, file):
    """``with_config`` gives a new map; the one it was made from prices as before."""
    before = str(CostMap.bundled().calculate(chat(), model=file))
    bundled.with_config(PUBLIC / "charge_back.yaml")

    assert str(bundled.calculate(chat(), model=file)) == before == "0.0075"
