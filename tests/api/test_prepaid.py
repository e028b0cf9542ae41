"""Prepaid capacity is that of the model: its own work adds nothing, its tools and other models are billed."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal

import pytest

from llmcost import CostMap

PRICES = CostMap(
    {
        "gpt": {
            "input_cost_per_token": 2e-06,
            "output_cost_per_token": 8e-06,
            "cache_read_input_token_cost": 5e-07,
            "web_search_cost_per_query": 0.01,
        },
        "gpt-image": {"input_cost_per_token": 5e-06, "output_cost_per_image_token": 4e-05},
        "nova": {"input_cost_per_token": 8e-07, "output_cost_per_token": 3.2e-06},
        "bedrock/guardrails": {"guardrail_cost_per_unit": {"topicPolicyUnits": 0.00015}},
    }
)


def response(tier: str, **more):
    return {
        "object": "response",
        "model": "gpt",
        "service_tier": tier,
        "output": [{"type": "web_search_call"}] * 2,
        "usage": {"input_tokens": 1000, "output_tokens": 100, "input_tokens_details": {"cached_tokens": 400}},
        **more,
    }


def lines(cost):
    return [(line.model, line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_tool_fees_are_billed_beside_prepaid_tokens():
    """The tokens stand on their lines at 0, with the reason; the searches at their price."""
    cost = PRICES.calculate(response("scale"))
    assert lines(cost) == [
        ("gpt", "input", 600, 0),
        ("gpt", "cache_read", 400, 0),
        ("gpt", "output", 100, 0),
        ("gpt", "web_searches", 2, Decimal("0.02")),
    ]
    assert (cost.total, cost.other, cost.input, cost.saved) == (Decimal("0.02"), Decimal("0.02"), 0, 0)
    assert [bool(line.factors) for line in cost.line_items] == [True, True, True, False]
    assert "x 0 (prepaid capacity: the model's own work adds nothing)" in cost.explain()
    assert "prepaid" in cost.waived


def test_the_same_call_on_demand():
    """Nothing but the tier makes the difference: 600 x 2e-6 + 400 x 5e-7 + 100 x 8e-6 + 2 x 0.01."""
    assert PRICES.calculate(response("default")).total == Decimal("0.0222")


@pytest.mark.parametrize("keyword", ["served_tier", "service_tier"])
def test_the_caller_may_say_it(keyword):
    """A tier that the caller states is waived the same way."""
    body = response("scale", service_tier=None)
    assert PRICES.calculate(body, **{keyword: "scale"}) == PRICES.calculate(response("scale"))


def test_a_part_of_another_model_is_billed():
    """The capacity of one model pays for no other: the image model's tokens stand at their price."""
    image = {"input_tokens": 50, "output_tokens": 200, "total_tokens": 250}
    cost = PRICES.calculate(response("scale", output=[], tool_usage={"image_gen": image}), image_model="gpt-image")
    # 50 x 5e-6 + 200 x 4e-5
    assert cost.total == Decimal("0.00825")
    assert lines(cost)[-2:] == [
        ("gpt-image", "input", 50, Decimal("0.00025")),
        ("gpt-image", "output_image", 200, Decimal("0.008")),
    ]


def test_guardrails_are_billed_beside_reserved_tokens():
    """Guardrail units are those of another service."""
    assessment = {"invocationMetrics": {"usage": {"topicPolicyUnits": 3}}}
    body = {
        "output": {"message": {}},
        "stopReason": "end_turn",
        "serviceTier": {"type": "reserved"},
        "usage": {"inputTokens": 100, "outputTokens": 10, "totalTokens": 110},
        "trace": {"guardrail": {"inputAssessment": {"g": assessment}}},
    }
    cost = PRICES.calculate(body, model="nova")
    # 3 x 0.00015
    assert lines(cost) == [
        ("nova", "input", 100, 0),
        ("nova", "output", 10, 0),
        ("bedrock/guardrails", "guardrail_units", 3, Decimal("0.00045")),
    ]


def test_turns_of_the_same_model_are_prepaid_too():
    """A session's turns are the model's own work."""
    turn = {"type": "response.done", "event_id": "e", "response": {"usage": {"input_tokens": 10, "output_tokens": 5}}}
    cost = PRICES.calculate([turn, turn], model="gpt", served_tier="scale")
    assert (len(cost.line_items), cost.total) == (4, 0)


def test_an_own_cache_hit_costs_nothing_at_all():
    """What the application answered itself was not searched for either."""
    assert PRICES.calculate(response("scale"), cache_hit=True).total == 0
    assert PRICES.calculate(response("default"), cache_hit=True).waived.startswith("answered from")


def test_it_survives_json_sums_and_pickling():
    """The lines of a sum and of a restored cost are those of the cost."""
    cost = PRICES.calculate(response("scale"))
    assert json.loads(json.dumps(cost.to_dict()))["total"] == "0.02"
    assert (cost + cost).total == Decimal("0.04")
    assert pickle.loads(pickle.dumps(cost)) == cost
