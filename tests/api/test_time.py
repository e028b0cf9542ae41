"""Calls billed by time: what the caller states, what was measured, and what must not become 0."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, UnrecognizedResponseError, Usage

SAGEMAKER = {
    "ResponseMetadata": {"HTTPStatusCode": 200},
    "ContentType": "application/json",
    "InvokedProductionVariant": "AllTraffic",
    "Body": {"generated_text": "x"},
}
PRICES = CostMap(
    {
        "hosted": {"input_cost_per_second": 0.00042, "mode": "chat"},
        "tokens": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06},
        "media": {"input_cost_per_second": 0.0001, "input_cost_per_token": 1e-06, "mode": "audio_transcription"},
        "request": {"input_cost_per_request": 0.01},
    }
)


@pytest.mark.parametrize("how", ["duration", "elapsed"])
def test_a_hosted_model_is_billed_by_the_time_it_took(how):
    """12.5 s x 0.00042, stated or measured."""
    cost = PRICES.calculate(SAGEMAKER, model="hosted", **{how: 12.5})
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input_seconds", 12.5, Decimal("0.00525"))
    ]


@pytest.mark.parametrize("model", ["tokens", "media"])
def test_a_latency_does_not_stand_for_missing_counters(model):
    """Where the latency is not what is billed, a response without usage stays an error."""
    with pytest.raises((MissingUsageError, UnrecognizedResponseError)):
        PRICES.calculate(SAGEMAKER, model=model, elapsed=12.5)


def test_the_length_of_media_is_what_the_caller_states():
    """27 s x 0.0001; the latency beside it is not billed."""
    cost = PRICES.calculate(None, None, 27, model="media", elapsed=3)
    assert cost.total == Decimal("0.0027")


def test_a_request_is_billed_whatever_it_took():
    """One call, one request."""
    assert PRICES.calculate(SAGEMAKER, model="request", elapsed=1).total == Decimal("0.01")


@pytest.mark.parametrize("fact", ["elapsed", "duration"])
def test_a_fee_of_a_request_does_not_stand_for_missing_counters(fact):
    """The tokens beside the fee are sold too, and how many they were nobody states."""
    prices = {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06, "input_cost_per_request": 0.005}
    with pytest.raises((MissingUsageError, UnrecognizedResponseError)):
        CostMap({"m": prices}).calculate(SAGEMAKER, model="m", **{fact: 12.5})


def test_seconds_without_a_time_are_unpriced():
    """A per-second model without a time is marked, and the note names the keyword."""
    cost = PRICES.calculate(usage=Usage(input=10, output=10), model="hosted")
    assert (cost.total, cost.unpriced) == (0, ("input_seconds",))
    assert any("pass duration=" in note for note in cost.notes)


def test_an_explicit_zero_does_not_hide_the_other_price_per_second():
    """output_cost_per_second: 0 beside an input price: the seconds are billed once, by the price above 0."""
    prices = CostMap({"m": {"output_cost_per_second": 0, "input_cost_per_second": 0.001, "cost_per_second": 0}})
    cost = prices.calculate(duration=10, model="m")
    assert [(line.meter, line.amount) for line in cost.line_items] == [("input_seconds", Decimal("0.01"))]


def test_own_zero_token_prices_do_not_hide_an_own_price_per_second():
    """Tokens at 0 beside 0.001 a second: ten seconds are 0.01, and without a time the call is marked."""
    prices = CostMap({})
    prices.register({"m": {"input_cost_per_token": 0, "output_cost_per_token": 0, "input_cost_per_second": 0.001}})
    usage = Usage(input=10, output=10)
    cost = prices.calculate(usage=usage, model="m", duration=10)
    assert {line.meter: line.amount for line in cost.line_items}["input_seconds"] == Decimal("0.01")
    assert cost.total == Decimal("0.01")
    assert prices.calculate(usage=usage, model="m").unpriced == ("input_seconds",)
