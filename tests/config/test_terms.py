"""Discounts and margins: by provider and by deployment, each a line of its own, and no total below 0."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import Usage

HEAD = """
model_list:
  - model_name: plain
    litellm_params: {model: openai/gpt-4o}
  - model_name: own
    litellm_params: {model: openai/gpt-4o}
    model_info: {llmcost: {discount: 0.2}}
  - model_name: both
    litellm_params: {model: openai/gpt-4o}
    model_info: {llmcost: {discount: 0.5, margin: {percentage: 2, fixed_amount: 0.01}}}
  - model_name: cheap
    litellm_params: {model: openai/gpt-4o}
    model_info: {llmcost: {multiplier: 0.8}}
  - model_name: dear
    litellm_params: {model: openai/gpt-4o}
    model_info: {llmcost: {multiplier: 1.25}}
  - model_name: same
    litellm_params: {model: openai/gpt-4o}
    model_info: {llmcost: {multiplier: 1}}
  - model_name: free
    litellm_params: {model: openai/gpt-4o}
    model_info: {llmcost: {discount: 1}}
  - model_name: vertex
    litellm_params: {model: vertex_ai/gemini-2.5-pro}
  - model_name: hosted
    litellm_params: {model: my-model, custom_llm_provider: vllm, input_cost_per_token: 1e-6}
"""
SETTINGS = """
litellm_settings:
  cost_discount_config: {openai: 0.1, vertex_ai: "0.05"}
  cost_margin_config:
    global: 0.5
    vertex_ai: {percentage: 0.08, fixed_amount: 0.0005}
    vllm: 0
"""


def terms(cost):
    return [(line.meter, str(line.amount)) for line in cost.line_items if line.meter in {"discount", "margin", "fee"}]


# 1,000 x 2.5e-06 + 500 x 1e-05 = 0.0075
@pytest.mark.parametrize(
    ("model", "expected", "total"),
    [
        ("plain", [("discount", "-0.00075"), ("margin", "0.003375")], "0.010125"),
        ("own", [("discount", "-0.0015"), ("margin", "0.003")], "0.009"),
        ("both", [("discount", "-0.00375"), ("margin", "0.0075"), ("fee", "0.01")], "0.02125"),
        ("cheap", [("discount", "-0.0015"), ("margin", "0.003")], "0.009"),
        ("dear", [("discount", "-0.00075"), ("margin", "0.0016875")], "0.0084375"),
        ("same", [("discount", "-0.00075"), ("margin", "0.003375")], "0.010125"),
        ("free", [("discount", "-0.0075"), ("margin", "0")], "0.00"),
    ],
)
def test_terms_of_a_deployment_and_its_provider(configured, chat, model, expected, total):
    """A deployment's own discount takes the place of its provider's, its own margin that of the margins."""
    cost = configured(HEAD + SETTINGS).calculate(chat(), model=model)

    assert terms(cost) == expected
    assert str(cost) == total
    assert sum(line.amount for line in cost.line_items) == cost.total


def test_a_discount_for_some_models_of_a_provider(configured, chat):
    """LiteLLM's ``openai/gpt-4*``: 0.0075 less 40%, and o3 (1,000 x 2e-06 + 500 x 8e-06 = 0.006) less 10%."""
    prices = configured("litellm_settings: {cost_discount_config: {openai: 0.1, openai/gpt-4*: 0.4}}")
    costs = [prices.calculate(chat(), model=name) for name in ("gpt-4o", "o3")]

    assert [(terms(cost), str(cost)) for cost in costs] == [
        ([("discount", "-0.003")], "0.0045"),
        ([("discount", "-0.0006")], "0.0054"),
    ]
    assert costs[0].line_items[-1].map_key == "openai/gpt-4*"


def test_a_providers_terms_are_its_own(configured, chat):
    """Vertex: 5% off, 8% on what is left, and a fee; 1,000 x 1.25e-06 + 500 x 1e-05 = 0.00625."""
    cost = configured(HEAD + SETTINGS).calculate(chat("gemini-2.5-pro"), model="vertex")

    assert terms(cost) == [("discount", "-0.0003125"), ("margin", "0.000475"), ("fee", "0.0005")]
    assert [(line.layer, line.map_key) for line in cost.line_items[2:]] == [
        ("config litellm_settings", "vertex_ai")
    ] * 3


def test_the_providers_terms_hold_without_a_deployment(configured, chat):
    """A call that no deployment serves has the terms of its provider too."""
    cost = configured(SETTINGS).calculate(chat("gpt-4o"))

    assert terms(cost) == [("discount", "-0.00075"), ("margin", "0.003375")]


def test_a_margin_of_zero_is_a_margin(configured):
    """``vllm: 0`` keeps the global margin away."""
    cost = configured(HEAD + SETTINGS).calculate(usage=Usage(input=1000), model="hosted")

    assert terms(cost) == [("margin", "0")]
    assert str(cost) == "0.001"


def test_terms_hold_for_every_component(configured):
    """Tokens, audio, cache and searches: the discount is taken off their sum."""
    usage = Usage(input=1000, cache_read=1000, output=100, web_searches=1)
    prices = configured(HEAD)
    full, reduced = (
        prices.calculate(usage=usage, model=model, web_search_cost_per_query=0.01) for model in ("plain", "own")
    )

    assert len(full.line_items) == 4
    assert reduced.total == full.total * Decimal("0.8")
    assert reduced.line_items[:4] == full.line_items


def test_a_hit_of_the_own_cache_owes_no_fee(configured, chat):
    """What costs nothing has no margin and no fee."""
    cost = configured(HEAD).calculate(chat(), model="both", cache_hit=True)

    assert str(cost) == "0.00"
    assert terms(cost) == []


def test_a_reported_cost_knows_no_terms(configured):
    """Where a discount is set our own calculation counts, and the reported cost stays beside it."""
    response = {
        "object": "chat.completion",
        "model": "openai/gpt-4o",
        "provider": "OpenAI",
        "id": "gen-1",
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500, "cost": 0.0075},
    }
    cost = configured(HEAD).calculate(response, model="own")

    assert str(cost) == "0.006"
    assert cost.reported == Decimal("0.0075")
    assert "discount" in [line.meter for line in cost.line_items]


def test_the_explanation_shows_each_term(configured, chat):
    """One line each, with who set it."""
    text = configured(HEAD + SETTINGS).calculate(chat(), model="both").explain(verbose=True)

    assert "config model_info both: llmcost.discount" in text
    assert "config model_info both: llmcost.margin.fixed_amount" in text
    assert "fee 0.01 USD for each call" in text
