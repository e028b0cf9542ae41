"""A whole response inside an object that somebody made around it."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from llmcost import CostMap, MissingUsageError, UnrecognizedResponseError, read_usage

from . import test_haystack

CHAT = {
    "object": "chat.completion",
    "model": "gpt-4o-2024-08-06",
    "choices": [],
    "usage": test_haystack.USAGE,
}
MESSAGE = {"type": "message", "role": "assistant", "usage": {"input_tokens": 10, "output_tokens": 5}}
# An answer of HTTP as many programs log it.
LOGGED = {"status_code": 200, "headers": {"x-request-id": "r"}, "elapsed_seconds": 1.5, "body": CHAT}
# An entry of DSPy's history, whose cost and usage LiteLLM made of the response.
HISTORY = {
    "prompt": None,
    "messages": [],
    "kwargs": {"temperature": 0.0, "n": 2},
    "response": CHAT,
    "outputs": ["x"],
    "usage": CHAT["usage"],
    "cost": 0.0025,
    "model": "openai/gpt-4o",
}
NESTED = {"request": {"model": "gpt-4o"}, "response": {"status_code": 200, "body": CHAT}}
QUANTITIES = {"input": 200, "cache_read": 800, "output": 100}


@pytest.mark.parametrize(
    "response", [{name: CHAT} for name in ("response", "body", "result", "raw_response", "response_body")]
)
def test_the_response_inside(response):
    """It is read as it would be alone, by whatever of these names it is kept."""
    usage = read_usage(response)
    assert (usage.quantities, usage.model) == (QUANTITIES, "gpt-4o-2024-08-06")


def test_the_last_result_of_an_orchestration():
    """SAP repeats the answer of the model among the results of the steps: it is one call."""
    for steps, last in (("intermediate_results", "final_result"), ("module_results", "orchestration_result")):
        assert read_usage({"request_id": "r", steps: {"llm": CHAT}, last: CHAT}).quantities == QUANTITIES


@pytest.mark.parametrize("response", [LOGGED, HISTORY, NESTED])
def test_what_stands_beside_it_is_not_billed(response):
    """Times, sums and costs of whoever wrapped it are no counters, and no bill."""
    usage = read_usage(response)
    assert (usage.quantities, usage.unread, usage.reported) == (QUANTITIES, {}, None)


def test_the_model_and_the_seller_beside_it():
    """They count where the response names none: 10 x 4 + 5 x 20 per million of the seller that is named."""
    rates = {"input_cost_per_token": 4e-6, "output_cost_per_token": 2e-5, "litellm_provider": "bedrock"}
    prices = CostMap({"bedrock/claude-toy": rates, "claude-toy": {**rates, "litellm_provider": "anthropic"}})
    cost = prices.calculate({"response": MESSAGE, "model": "claude-toy", "provider": "bedrock"})
    assert (cost.total, cost.matched_as) == (Decimal("0.00014"), "bedrock/claude-toy")
    assert read_usage({"response": CHAT, "model": "mine"}).model == "gpt-4o-2024-08-06"


def test_several_responses_are_several_calls():
    """Nothing tells which of them is meant."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"response": CHAT, "result": CHAT})


def test_a_response_without_usage_and_endless_wrapping():
    """The error is that of the response; an object in an object for ever is none.

    What carries a body over HTTP is not looked at.
    """
    with pytest.raises(MissingUsageError):
        read_usage({"body": {"object": "chat.completion", "choices": []}})
    wrapped: dict = {}
    for _ in range(3000):
        wrapped = {"response": wrapped}
    carrier = SimpleNamespace(json=dict, headers={}, usage=CHAT["usage"], object="chat.completion")
    for response in (wrapped, {"response": carrier}):
        with pytest.raises(UnrecognizedResponseError):
            read_usage(response)
