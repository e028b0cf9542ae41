"""The documented examples of custom pricing, with their names and figures, priced to the digit."""

from __future__ import annotations

from decimal import Decimal

import pytest

import llmcost

SAGEMAKER = """
model_list:
  - model_name: sagemaker-completion-model
    litellm_params:
      model: sagemaker/berri-benchmarking-Llama-2-70b-chat-hf-4
    model_info:
      input_cost_per_second: 0.000420
  - model_name: sagemaker-embedding-model
    litellm_params:
      model: sagemaker/berri-benchmarking-gpt-j-6b-fp16
    model_info:
      input_cost_per_second: 0.000420
"""
AZURE = """
model_list:
  - model_name: azure-model
    litellm_params:
      model: azure/<your_deployment_name>
      api_key: os.environ/AZURE_API_KEY
      api_base: os.environ/AZURE_API_BASE
      api_version: os.envrion/AZURE_API_VERSION
    model_info:
      input_cost_per_token: 0.000421 # 👈 ONLY to track cost per token
      output_cost_per_token: 0.000520 # 👈 ONLY to track cost per token
"""
ANTHROPIC = """
model_list:
  - model_name: "prod/claude-3-5-sonnet-20241022"
    litellm_params:
      model: "anthropic/claude-3-5-sonnet-20241022"
      api_key: os.environ/ANTHROPIC_PROD_API_KEY
    model_info:
      input_cost_per_token: 0.000006
      output_cost_per_token: 0.00003
      cache_creation_input_token_cost: 0.0000075
      cache_read_input_token_cost: 0.0000006
"""
BASE_MODEL = """
model_list:
  - model_name: azure-gpt-3.5
    litellm_params:
      model: azure/chatgpt-v-2
      api_base: os.environ/AZURE_API_BASE
      api_key: os.environ/AZURE_API_KEY
      api_version: "2023-07-01-preview"
    model_info:
      base_model: azure/gpt-4-1106-preview
"""


def lines(cost):
    return [(line.meter, line.quantity, str(line.amount), line.layer, line.price_key) for line in cost.line_items]


@pytest.mark.parametrize("alias", ["sagemaker-completion-model", "sagemaker-embedding-model"])
def test_sagemaker_is_billed_by_the_second(configured, alias):
    """10 seconds at 0.000420 are 0.0042 USD, and the line says that model_info set the price."""
    cost = configured(SAGEMAKER).calculate(model=alias, duration=10)

    assert lines(cost) == [("input_seconds", 10, "0.0042", "config model_info", "input_cost_per_second")]
    assert cost.response_cost == 0.0042
    assert f"config model_info {alias}: input_cost_per_second" in cost.explain()


def test_seconds_are_billed_although_the_response_counts_tokens(configured, chat):
    """A per-second model with token usage present bills the seconds, and nothing for the tokens."""
    cost = configured(SAGEMAKER).calculate(chat("x"), model="sagemaker-completion-model", duration=2.5)

    assert lines(cost) == [("input_seconds", 2.5, "0.00105", "config model_info", "input_cost_per_second")]
    assert cost.complete


def test_a_missing_duration_is_unpriced_and_says_how_to_give_one(configured, chat):
    """Without a time nothing is billed, nothing is 0, and the note names the keyword."""
    cost = configured(SAGEMAKER).calculate(chat("x"), model="sagemaker-completion-model")

    assert cost.line_items == ()
    assert cost.unpriced == ("input_seconds",)
    assert any("duration=" in note for note in cost.notes)
    with pytest.raises(llmcost.UnpricedUsageError, match="duration="):
        configured(SAGEMAKER).completion_cost(chat("x"), model="sagemaker-completion-model")


def test_a_measured_latency_is_a_duration_for_hosted_models(configured, chat):
    """``elapsed=`` is used where a model is billed by the time it takes."""
    cost = configured(SAGEMAKER).calculate(chat("x"), model="sagemaker-completion-model", elapsed=2)

    assert lines(cost) == [("input_seconds", 2, "0.00084", "config model_info", "input_cost_per_second")]


def test_a_response_that_carries_its_latency(configured):
    """litellm's responses hold ``_response_ms``: 2,500 ms x 0.00042 per second."""

    class ModelResponse:
        __module__ = "litellm.types.utils"
        object, model, id = "chat.completion", "llama", "x"
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        _response_ms = 2500.0
        _hidden_params = {}

    cost = configured(SAGEMAKER).calculate(ModelResponse(), model="sagemaker-completion-model")

    assert lines(cost) == [("input_seconds", 2.5, "0.00105", "config model_info", "input_cost_per_second")]


def test_azure_per_token(configured, chat, monkeypatch):
    """1,000 x 0.000421 + 500 x 0.00052 = 0.681, whatever stands in the keys and in the misspelled reference."""
    for name in ("AZURE_API_KEY", "AZURE_API_BASE", "AZURE_API_VERSION"):
        monkeypatch.delenv(name, raising=False)
    cost = configured(AZURE).calculate(chat("gpt-4"), model="azure-model")

    assert lines(cost) == [
        ("input", 1000, "0.421", "config model_info", "input_cost_per_token"),
        ("output", 500, "0.26", "config model_info", "output_cost_per_token"),
    ]
    assert str(cost) == "0.681"


def test_the_four_prices_of_a_mapped_model(configured):
    """The override names four prices, and each is used: 6e-06, 3e-05, 7.5e-06 and 6e-07."""
    response = {
        "type": "message",
        "model": "claude-3-5-sonnet-20241022",
        "usage": {
            "input_tokens": 1000,
            "output_tokens": 500,
            "cache_creation_input_tokens": 2000,
            "cache_read_input_tokens": 10_000,
        },
    }
    cost = configured(ANTHROPIC).calculate(response, model="prod/claude-3-5-sonnet-20241022")

    layer = "config model_info"
    assert sorted(lines(cost)) == [
        ("cache_read", 10_000, "0.006", layer, "cache_read_input_token_cost"),
        ("cache_write", 2000, "0.015", layer, "cache_creation_input_token_cost"),
        ("input", 1000, "0.006", layer, "input_cost_per_token"),
        ("output", 500, "0.015", layer, "output_cost_per_token"),
    ]
    assert cost.total == Decimal("0.042")
    text = cost.explain()
    for line in cost.line_items:
        assert f"config model_info prod/claude-3-5-sonnet-20241022: {line.price_key}" in text


def test_the_response_alone_finds_the_deployment(configured, chat):
    """Without ``model=`` the response's model is matched to the backends of the configuration."""
    cost = configured(ANTHROPIC).calculate(chat("claude-3-5-sonnet-20241022"))

    assert [line.layer for line in cost.line_items] == ["config model_info"] * 2
    assert str(cost) == "0.021"


def test_base_model_beats_what_azure_answers(configured, chat):
    """Azure says ``gpt-4``; the deployment is priced as gpt-4-1106-preview: 1,000 x 1e-05 + 500 x 3e-05."""
    cost = configured(BASE_MODEL).calculate(chat("gpt-4"), model="azure-gpt-3.5")

    assert lines(cost) == [
        ("input", 1000, "0.01", "base_model", "input_cost_per_token"),
        ("output", 500, "0.015", "base_model", "output_cost_per_token"),
    ]
    assert (cost.matched_as, cost.match_rule) == ("azure/gpt-4-1106-preview", "base_model")
    assert "base_model azure/gpt-4-1106-preview: input_cost_per_token" in cost.explain()


def test_prices_of_a_call_are_the_strongest(configured, chat):
    """Keyword arguments of the call win over the configuration, for that call only."""
    prices = configured(ANTHROPIC)
    response = chat("claude-3-5-sonnet-20241022")
    mine = prices.calculate(
        response, model="prod/claude-3-5-sonnet-20241022", input_cost_per_token=1e-6, output_cost_per_token=2e-6
    )
    after = prices.calculate(response, model="prod/claude-3-5-sonnet-20241022")

    assert lines(mine) == [
        ("input", 1000, "0.001", "call", "input_cost_per_token"),
        ("output", 500, "0.001", "call", "output_cost_per_token"),
    ]
    assert str(after) == "0.021"


def test_prices_of_a_call_need_no_configuration(chat):
    """``completion_cost(response, input_cost_per_token=...)`` prices a model that nobody knows."""
    cost = llmcost.completion_cost(
        chat("a-model-of-mine"), input_cost_per_token=0.000006, output_cost_per_token=0.00003
    )

    assert cost == 0.021
