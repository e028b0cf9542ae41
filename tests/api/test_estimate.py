"""Estimates: shares of tokens, a tier, and what calls cost in a day and a month, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, UsageError, estimate


def test_shares_of_the_prompt_and_of_the_answer():
    """Of 1,001 tokens half is read, rounded down: 500; a tenth is written, rounded up: 101; 400 are fresh.

    400 x 1e-6 + 500 x 1e-7 + 101 x 1.25e-6 = 0.00057625; a quarter of 1,000 tokens of an answer are thoughts, at 8e-6
    instead of 4e-6: 750 x 4e-6 + 250 x 8e-6 = 0.005.
    """
    prices = CostMap(
        {
            "m": {
                "input_cost_per_token": 1e-6,
                "cache_read_input_token_cost": 1e-7,
                "cache_creation_input_token_cost": 1.25e-6,
                "output_cost_per_token": 4e-6,
                "output_cost_per_reasoning_token": 8e-6,
            }
        }
    )
    asked = {"input": 1001, "max_output": 1000, "cached": 0.5, "written": "0.1", "reasoning": Decimal("0.25")}
    found = estimate("m", **asked, calls_a_day=2.5, cost_map=prices)
    assert found.range == (Decimal("0.00057625"), Decimal("0.00557625"))
    assert found.per_day == (Decimal("0.001440625"), Decimal("0.013940625"))
    assert found.per_month == (Decimal("0.04321875"), Decimal("0.41821875"))


def test_a_tier_and_what_is_assumed():
    """Half the price in a batch; whatever is not said is named."""
    prices = CostMap(
        {"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6, "input_cost_per_token_batches": 5e-7,
               "output_cost_per_token_batches": 2e-6, "max_output_tokens": 100}}
    )  # fmt: skip
    found = estimate("m", input=1000, batch=True, cost_map=prices)
    assert found.range == (Decimal("0.0005"), Decimal("0.0007"))
    assert found.assumed == (
        "the answer has at most the 100 tokens that the model allows",
        "nothing of the prompt is cached",
    )
    assert "the tier is standard" in estimate("m", input=1000, cost_map=prices).assumed
    with pytest.raises(UsageError, match="calls_a_day="):
        found.per_day


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"cached": 1.5}, "cached=1.5: it is a share from 0 to 1"),
        ({"cached": -0.5}, "cached=-0.5: it is a share from 0 to 1"),
        ({"reasoning": "much"}, "reasoning='much': not a decimal number"),
        ({"cached": 0.5, "cache_read": 10}, "cache_read=10 and cached=0.5 say the same"),
        ({"cached": 0.8, "written": 0.3}, "exceed input=1000"),
        ({"calls_a_day": -1}, "calls_a_day=-1"),
        ({"calls_a_day": "often"}, "calls_a_day='often'"),
    ],
)
def test_what_is_no_share(wrong, said):
    with pytest.raises(UsageError) as raised:
        estimate("gpt-4o", input=1000, max_output=10, **wrong)
    assert said in str(raised.value)


def test_a_search_of_every_call_is_said_to_be_assumed():
    """Perplexity searches at each call for a fee, here 0.012; the caller may know of more, or of none."""
    prices = CostMap(
        {
            "sonar": {
                "litellm_provider": "perplexity",
                "input_cost_per_token": "1e-6",
                "output_cost_per_token": "1e-6",
                "web_search_cost_per_query": "0.012",
            }
        }
    )

    found = [
        estimate("sonar", input=1000, max_output=1000, cost_map=prices, **given)
        for given in ({}, {"web_searches": 2}, {"web_searches": 0})
    ]

    assert [str(one) for one in found] == ["0.013 to 0.014", "0.025 to 0.026", "0.001 to 0.002"]
    assert [sum("searches" in text for text in one.assumed) for one in found] == [1, 0, 0]
