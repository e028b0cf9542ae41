"""A completion of Grok whose cached tokens are more than its prompt: as both sellers count it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, read_usage
from llmcost.readers.hidden_prefix import both_readings


def test_the_prompt_of_each_reading():
    """7 tokens and 161 cached ones are a prompt of 168 at xAI, and of 7 at Azure."""
    counters = {"prompt_tokens": 7, "completion_tokens": 12, "total_tokens": 19}
    counters["prompt_tokens_details"] = {"cached_tokens": 161}
    usage = both_readings({"model": "grok-4"}, counters)
    assert [(reading.provider, reading.context) for reading in usage.readings] == [("xai", 168), ("azure_ai", 7)]


@pytest.mark.parametrize(("total", "answer"), [(24, 12), (19, 7)])
def test_the_total_tells_where_the_reasoning_is(total, answer):
    """7 + 12 + 5 = 24: beside the answer of 12 tokens. 7 + 12 = 19: inside it, so that 7 are left."""
    counters = {"prompt_tokens": 7, "completion_tokens": 12, "total_tokens": total}
    counters["prompt_tokens_details"] = {"cached_tokens": 161}
    counters["completion_tokens_details"] = {"reasoning_tokens": 5}
    usage = both_readings({"model": "grok-4"}, counters)
    for reading in usage.readings:
        assert (reading.quantities["output"], reading.quantities["reasoning"]) == (answer, 5)


RESPONSE = {
    "object": "response",
    "model": "grok-4",
    "status": "completed",
    "service_tier": "default",
    "output": [],
    "usage": {
        "input_tokens": 142,
        "output_tokens": 50,
        "total_tokens": 192,
        "input_tokens_details": {"cached_tokens": 4328},
        "output_tokens_details": {"reasoning_tokens": 10},
        "num_sources_used": 0,
    },
}
ROW = {"input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 5e-07}


def test_a_response():
    """142 x 2e-6 + 4,328 x 5e-7 + 50 x 1e-5 at xAI, whose reasoning is inside; without the cache at Azure."""
    prices = CostMap({"xai/grok-4": ROW, "azure_ai/grok-4": ROW})
    stream = [{"type": "response.completed", "response": RESPONSE}]
    for response in (RESPONSE, stream):
        assert prices.calculate(response, provider="xai").total == Decimal("0.002948")
        assert prices.calculate(response, provider="azure_ai").total == Decimal("0.000784")
        with pytest.raises(InconsistentUsageError, match="exceeds input_tokens=142"):
            prices.calculate(response, model="m", input_cost_per_token=2e-06, cache_read_input_token_cost=5e-07)


def test_a_charge_of_xai_tells_how_it_counts():
    """Its ticks are the bill, and the prompt is 142 + 4,328 tokens."""
    usage = read_usage({**RESPONSE, "usage": {**RESPONSE["usage"], "cost_in_usd_ticks": 29480000}})
    assert usage.quantities == {"input": 142, "cache_read": 4328, "output": 40, "reasoning": 10}
    assert (usage.context, usage.reported, usage.provider) == (4470, Decimal("0.002948"), "xai")
    assert (usage.model, usage.service_tier, usage.undecided) == ("grok-4", "default", None)
