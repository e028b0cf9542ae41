"""Routers that ask a fee on top of the price of the model that they picked."""

from __future__ import annotations

import pytest

from llmcost import CostMap, UnpricedUsageError
from llmcost.prices.vendors import ROUTER_FEES

# A fee of 0.14 USD per million tokens of the prompt; nano costs 0.05, 0.005 from the cache, and 0.4 out.
FEE = {"input_cost_per_token": 1.4e-07, "output_cost_per_token": 0.0, "litellm_provider": "azure"}
NANO = {
    "input_cost_per_token": 5e-08,
    "cache_read_input_token_cost": 5e-09,
    "output_cost_per_token": 4e-07,
    "input_cost_per_token_priority": 1e-07,
    "litellm_provider": "azure",
}
GROK = {"input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05, "litellm_provider": "azure_ai"}
ROWS = {
    "azure/model-router": FEE,
    "azure_ai/model_router": {**FEE, "litellm_provider": "azure_ai"},
    "azure/nano": NANO,
    "azure/us/nano": {**NANO, "input_cost_per_token": 6e-08},
    "azure_ai/grok": GROK,
    "nano": {"input_cost_per_token": 1, "litellm_provider": "openai"},
    "claude": {"input_cost_per_token": 1, "litellm_provider": "anthropic"},
}


def chat(model, **more):
    usage = {
        "prompt_tokens": 10_000,
        "completion_tokens": 1000,
        "total_tokens": 11_000,
        "prompt_tokens_details": {"cached_tokens": 4000},
    }
    return {"object": "chat.completion", "model": model, "usage": usage, **more}


def lines(cost):
    return [(line.map_key, line.meter, str(line.amount)) for line in cost.line_items]


# 6,000 x (0.05 + 0.14), 4,000 x (0.005 + 0.14), 1,000 x 0.4 USD per million
NANO_LINES = [
    ("azure/nano", "input", "0.00114"),
    ("azure/nano", "cache_read", "0.00058"),
    ("azure/nano", "output", "0.0004"),
]


@pytest.mark.parametrize(
    ("model", "row"),
    [
        ("azure/model-router", "azure/model-router"),
        ("azure_ai/model_router", "azure_ai/model_router"),
        ("azure_ai/model_router/my-deployment", "azure_ai/model_router"),
        ("azure_ai/model_router/model-router", "azure_ai/model_router"),
        ("model-router", "azure/model-router"),
    ],
)
@pytest.mark.parametrize("picked", ["nano", "nano-2025-08-07", "azure/nano", "azure_ai/nano-2025-08-07"])
def test_the_fee_is_on_top_of_the_model_that_was_picked(model, row, picked):
    """Every token of the prompt costs its own price and the fee; the answer is the picked model's alone."""
    cost = CostMap(ROWS).calculate(chat(picked), model=model)
    assert lines(cost) == NANO_LINES
    assert (str(cost.total), cost.matched_as, cost.model, cost.unpriced) == ("0.00212", "azure/nano", model, ())
    assert cost.notes == (
        f"{row} picked azure/nano: its fee is on every token of the prompt",
        f"0.00000005 + 0.00000014, the routing fee of {row}",
        f"0.000000005 + 0.00000014, the routing fee of {row}",
    )


def test_models_of_the_other_shelf_are_found_too():
    """Azure lists its own models under azure/ and those of others under azure_ai/; the region decides as ever."""
    prices = CostMap(ROWS)
    # 10,000 x 3.14, 1,000 x 15 USD per million: without a cache rate cached tokens cost the input's
    cost = prices.calculate(chat("grok"), model="azure/model-router")
    assert (cost.matched_as, str(cost.total)) == ("azure_ai/grok", "0.0464")
    # 6,000 x 0.2, 4,000 x 0.145, 1,000 x 0.4
    cost = prices.calculate(chat("nano"), model="azure/model-router", region="us")
    assert (cost.matched_as, str(cost.total)) == ("azure/us/nano", "0.00218")


def test_conditions_hold_with_the_fee():
    """A priority token costs its tier's price and the fee."""
    cost = CostMap(ROWS).calculate(chat("nano", service_tier="priority"), model="azure/model-router")
    # 6,000 x (0.1 + 0.14) USD per million
    assert lines(cost)[0] == ("azure/nano", "input", "0.00144")


@pytest.mark.parametrize(
    ("picked", "why"),
    [
        ("claude", "no price is known for 'claude'"),
        ("unheard-of", "no price is known for 'unheard-of'"),
        ("model-router", "no price is known for 'model-router'"),
        (None, "the response does not name it"),
    ],
)
def test_without_a_known_model_the_answer_is_unpriced(picked, why):
    """The fee alone is billed and marked as a lower bound; a seller that Azure is not is no substitute."""
    prices = CostMap(ROWS)
    cost = prices.calculate(chat(picked), model="azure/model-router")
    assert lines(cost) == [
        ("azure/model-router", "input", "0.00084"),
        ("azure/model-router", "cache_read", "0.00056"),
    ]
    assert (cost.unpriced, cost.lower_bound) == (("output",), True)
    note = "the price of azure/model-router is a routing fee: the model that it picked is billed on top, and " + why
    assert note in cost.notes
    with pytest.raises(UnpricedUsageError, match="routing fee"):
        prices.calculate(chat(picked), model="azure/model-router", strict=True)


def test_own_prices_of_the_router_are_used_as_they_are():
    """Whoever prices the router's name has priced the whole; what is not priced is the picked model's, with the fee."""
    prices = CostMap(ROWS)
    prices.register({"azure/model-router": {"input_cost_per_token": 1e-06}})
    # 6,000 x 1, 4,000 x (0.005 + 0.14), 1,000 x 0.4
    assert [amount for *_, amount in lines(prices.calculate(chat("nano"), model="azure/model-router"))] == [
        "0.006",
        "0.00058",
        "0.0004",
    ]
    cost = CostMap(ROWS).calculate(chat("nano"), model="azure/model-router", output_cost_per_token=2e-06)
    assert lines(cost)[2] == ("prices", "output", "0.002")
    cost = CostMap(ROWS).calculate(chat(None), model="azure/model-router", output_cost_per_token=2e-06)
    assert (str(cost.total), cost.unpriced) == ("0.0034", ())
    assert not any("routing fee: " in note for note in cost.notes)


def test_prices_registered_for_the_picked_model_get_the_fee():
    """They are over the map's, and the fee is on top of them as it would be of those."""
    prices = CostMap(ROWS)
    prices.register({"azure/nano": {"input_cost_per_token": 1e-06}, "azure_ai/own": {"input_cost_per_token": 2e-06}})
    # 6,000 x (1 + 0.14) USD per million
    line = prices.calculate(chat("nano"), model="azure/model-router").line_items[0]
    assert (line.layer, str(line.amount)) == ("registered", "0.00684")
    # 6,000 x (2 + 0.14) USD per million
    assert str(prices.calculate(chat("own"), model="azure/model-router").line_items[0].amount) == "0.01284"


@pytest.mark.parametrize("below", [{}, ROWS])
def test_a_registered_copy_of_a_map_has_the_fee_that_the_map_has(below):
    """The router's row among them, which says who sells it, is no price of the answer: the picked model is billed."""
    prices = CostMap(below)
    prices.register({name: row for name, row in ROWS.items() if "azure" in name})
    assert lines(prices.calculate(chat("nano"), model="azure/model-router")) == NANO_LINES
    assert prices.calculate(chat("unheard-of"), model="azure/model-router").unpriced == ("output",)


def test_a_registered_row_that_prices_the_answer_is_no_fee():
    """A map that prices both sides under the router's name may be registered too: the fee of the map below is gone."""
    prices = CostMap(ROWS)
    whole = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "litellm_provider": "azure"}
    prices.register({"azure/model-router": whole})
    cost = prices.calculate(chat("nano"), model="azure/model-router")
    # 6,000 x 1, 4,000 x 1, 1,000 x 2 USD per million; a cached token costs what every token of the prompt does.
    assert lines(cost) == [
        ("azure/model-router", "input", "0.006"),
        ("azure/model-router", "cache_read", "0.004"),
        ("azure/model-router", "output", "0.002"),
    ]
    assert cost.matched_as == "azure/model-router"
    assert "router_picked" not in [note.code for note in cost.notes]


@pytest.mark.parametrize(
    ("registered", "answer"),
    [
        # A fact that prices nothing: the answer costs 1,000 x 0.4 USD per million, as nano's does.
        ({"mode": "chat"}, ("azure/nano", "output", "0.0004")),
        # 1,000 x 2 USD per million.
        ({"output_cost_per_token": 2e-06}, ("azure/model-router", "output", "0.002")),
    ],
)
@pytest.mark.parametrize("seller", [{}, {"litellm_provider": "azure"}])
def test_a_registered_row_without_a_price_of_the_prompt_leaves_the_fee(seller, registered, answer):
    """Who sells the router says nothing of its fee: the prompt costs the picked model's price and the map's fee."""
    prices = CostMap(ROWS)
    prices.register({"azure/model-router": {**registered, **seller}})
    cost = prices.calculate(chat("nano"), model="azure/model-router")
    assert lines(cost) == [*NANO_LINES[:2], answer]
    assert (cost.matched_as, cost.unpriced) == ("azure/nano", ())
    assert "azure/model-router picked azure/nano: its fee is on every token of the prompt" in cost.notes


def test_a_deployment_and_a_base_model_may_be_the_router():
    """The name by which callers know it says nothing of a router; what stands behind it does."""
    config = {"model_list": [{"model_name": "chat", "litellm_params": {"model": "azure/model-router"}}]}
    assert lines(CostMap(ROWS).with_config(config).calculate(chat("nano"), model="chat")) == NANO_LINES
    cost = CostMap(ROWS).calculate(chat("nano"), model="azure/my-deployment", base_model="azure/model-router")
    assert lines(cost) == NANO_LINES
    assert cost.match_rule == "base_model"


def test_a_row_that_prices_the_answer_is_no_fee():
    """If a map prices both sides under the router's name, that is its price."""
    whole = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "litellm_provider": "azure"}
    cost = CostMap({**ROWS, "azure/model-router": whole}).calculate(chat("nano"), model="azure/model-router")
    # 10,000 x 1, 1,000 x 2 USD per million
    assert (cost.matched_as, str(cost.total)) == ("azure/model-router", "0.012")


@pytest.mark.parametrize("row", sorted(ROUTER_FEES))
def test_the_bundled_rows_are_fees(row):
    """0.14 USD per million tokens in and none out; GPT-5 nano costs 0.05 and 0.4, and less from the cache."""
    entry = CostMap()[row]
    assert (entry["input_cost_per_token"], entry["output_cost_per_token"]) == (1.4e-07, 0)
    response = chat("gpt-5-nano-2025-08-07")
    del response["usage"]["prompt_tokens_details"]
    # 10,000 x 0.19, 1,000 x 0.4 USD per million
    assert [str(line.amount) for line in CostMap().calculate(response, model=row).line_items] == ["0.0019", "0.0004"]
    # A date of the past is that of the picked model's prices.
    dated = CostMap().calculate({**response, "created": 1780272000}, model=row)
    assert [str(line.amount) for line in dated.line_items] == ["0.0019", "0.0004"]
