"""Calls to keep in a log, at prices of the tests' own."""

from __future__ import annotations

import llmcost

# USD per token: two and eight millionths; a tenth of it for what is read from the cache.
PRICES = llmcost.CostMap(
    {
        "small": {
            "input_cost_per_token": 2e-6,
            "output_cost_per_token": 8e-6,
            "cache_read_input_token_cost": 2e-7,
            "litellm_provider": "openai",
        },
        "half": {"input_cost_per_token": 2e-6, "litellm_provider": "openai"},
        "hourly": {"input_cost_per_second": "0.0004", "mode": "chat"},
    }
)


def cost(input=1000, output=100, model="small", **facts):
    """Return the Cost of a call: at the prices of ``small`` 0.0028 USD."""
    return PRICES.calculate(usage=llmcost.Usage(input=input, output=output), model=model, **facts)


def exactly(usd):
    """Return the Cost of a call that costs just so many dollars."""
    return PRICES.calculate(usage=llmcost.Usage(requests=1), model="own", prices={"input_cost_per_request": usd})
