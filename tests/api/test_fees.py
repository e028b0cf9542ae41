"""Fees of one's own: a line ``fee:name`` each, priced by the deployment, the row, or the top of a configuration."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import Cost, CostMap, PriceDataError, Usage
from llmcost.errors import LLMCostError

CONFIG = """
model_list:
  - model_name: a
    litellm_params: {model: openai/own}
    model_info:
      input_cost_per_million_tokens: 2
      llmcost: {fees: {crm: {unit: lookup, price: 0.002}, export: "0.25"}}
  - model_name: b
    litellm_params: {model: openai/own, input_cost_per_million_tokens: 2}
llmcost:
  fees: {crm: {unit: lookup, price: 0.001}}
  terms: [{name: half, kind: discount, value: 0.5, meters: ["fee:crm"]}]
mcp_servers:
  zapier:
    mcp_info:
      mcp_server_cost_info: {default_cost_per_query: 0.01, tool_name_to_cost_per_query: {send_email: 0.05}}
"""
USAGE = Usage(input=1_000_000)


@pytest.fixture
def prices():
    return CostMap({}).with_config(CONFIG)


def fees(cost):
    return [(line.meter, str(line.quantity), line.unit, str(line.amount)) for line in cost.line_items[1:]]


def test_a_fee_is_a_line_and_terms_hold_for_it(prices):
    """3 x 0.002, half of it off; 1.5 x 0.25."""
    cost = prices.calculate(usage=USAGE, model="a", fees={"crm": 3, "export": Decimal("1.5"), "none": 0})

    assert fees(cost) == [
        ("fee:crm", "3", "lookup", "0.006"),
        ("fee:export", "1.5", "call", "0.375"),
        ("discount", "1", "term", "-0.003"),
    ]
    assert (cost.total, cost.other, cost.complete) == (Decimal("2.378"), Decimal("0.378"), True)
    assert Cost.from_dict(cost.to_dict()) == cost


def test_a_deployment_without_a_fee_has_that_of_all(prices):
    cost = prices.calculate(usage=USAGE, model="b", fees={"crm": 2})

    assert fees(cost) == [("fee:crm", "2", "lookup", "0.002"), ("discount", "1", "term", "-0.001")]
    assert cost.line_items[1].price_key == "llmcost.fees.crm"


def test_tools_of_mcp_servers_are_fees(prices):
    cost = prices.calculate(usage=USAGE, model="b", fees={"zapier/send_email": 2, "zapier/other": 1})

    assert fees(cost) == [
        ("fee:zapier/send_email", "2", "call", "0.1"),
        ("fee:zapier/other", "1", "call", "0.01"),
    ]


@pytest.mark.parametrize("registered", [False, True])
def test_a_row_has_fees_too(registered):
    row = {"m": {"input_cost_per_token": "2e-6", "llmcost": {"fees": {"crm": {"unit": "lookup", "price": "0.5"}}}}}
    prices = CostMap({} if registered else row)
    if registered:
        prices.register(row)

    assert fees(prices.calculate(usage=USAGE, model="m", fees={"crm": 3})) == [("fee:crm", "3", "lookup", "1.5")]


def test_a_fee_without_a_price_is_unpriced(prices):
    cost = prices.calculate(usage=USAGE, model="a", fees={"crn": 3})

    assert (cost.unpriced, cost.complete, cost.total) == (("fee:crn",), False, 2)
    assert [note for note in cost.notes if note.code == "fee_without_price"] == [
        "no price is known for the fee 'crn': llmcost.fees of the configuration has crm, export, zapier/*, "
        "zapier/send_email"
    ]
    with pytest.raises(LLMCostError, match="fee:crn"):
        prices.calculate(usage=USAGE, model="a", fees={"crn": 3}, strict=True)


def test_an_answer_of_the_own_cache_costs_no_fee(prices):
    cost = prices.calculate(usage=USAGE, model="a", fees={"crm": 3}, cache_hit=True)

    assert cost.total == 0
    assert cost.line_items[1].factors == ("x 0 (answered from the application's own cache)",)


def test_fees_do_not_leak_into_the_next_call(prices):
    response = {"object": "chat.completion", "model": "own", "usage": {"prompt_tokens": 10**6, "completion_tokens": 0}}

    found = [prices.calculate(response, model="b", **more).total for more in ({}, {"fees": {"crm": 2}}, {})]

    assert found == [2, Decimal("2.001"), 2]


@pytest.mark.parametrize("wrong", ["crm", ["crm"], {1: 2}, {"": 1}, {"crm": -1}, {"crm": "3"}, {"crm": None}])
def test_fees_are_numbers_by_name(prices, wrong):
    with pytest.raises(LLMCostError, match="fees"):
        prices.calculate(usage=USAGE, model="a", fees=wrong)


def test_a_wrong_price_of_a_row_says_where():
    with pytest.raises(PriceDataError, match=r"llmcost.fees.crm.price = -1: a price is a finite number"):
        CostMap({}).register({"m": {"llmcost": {"fees": {"crm": {"price": -1}}}}})
