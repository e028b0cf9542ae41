"""What a price may be, and which one looks a thousand times too high."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import InvalidPriceError
from llmcost.prices.entries import compile_entry
from llmcost.prices.entry import price, suspicious


def rates(raw, layer="call"):
    """Return ``(meter, conditions as text) -> (USD, price key)`` of an entry."""
    return {
        (meter, ", ".join(f"{name} {value}" for name, value in conditions)): (str(rate.usd), rate.price_key)
        for (meter, conditions), rate in compile_entry(raw, layer, "m").rates.items()
        if rate is not None
    }


# What a price may be.


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, (0, 1)),
        (2.5e-06, (1, 400_000)),
        ("4e-07", (1, 2_500_000)),
        (" 0.0000004 ", (1, 2_500_000)),
        ("0.42e-3", (21, 50_000)),
        (Decimal("0.000006"), (3, 500_000)),
    ],
)
def test_a_price_in_any_spelling(value, expected):
    """PyYAML reads 4e-07 as text; a float is read by its repr."""
    assert price("k", value, "call") == expected


@pytest.mark.parametrize(
    "value",
    [-1e-06, float("nan"), float("inf"), True, False, "free", "1,5e-6", "", "-1", [], {}, {1, 2}, b"1", 10**20, object],
)
def test_what_nobody_can_be_billed_by(value):
    """Negative, endless, boolean and textual prices are refused where they enter, with key and layer."""
    with pytest.raises(InvalidPriceError) as error:
        compile_entry({"input_cost_per_token": value}, "registered", "m")
    assert (error.value.key, error.value.value, error.value.layer) == ("input_cost_per_token", value, "registered")


def test_an_integer_of_thousands_of_digits():
    """It is refused, and the message can be printed."""
    with pytest.raises(InvalidPriceError, match=r"out of range"):
        compile_entry({"input_cost_per_token": 10**5000}, "call", "m")


# Suspicious prices.


def test_a_price_per_million_in_a_per_token_key_is_suspicious():
    """Above 0.001 USD per token it reads like a price per 1K or 1M; exactly that much does not."""

    def text(raw):
        return suspicious(next(iter(compile_entry(raw, "call", "m").rates.values())))

    assert text({"input_cost_per_token": 2.5}) == (
        "input_cost_per_token=2.5 is 2,500,000 USD per 1M tokens: is it a price per 1K or per 1M?"
    )
    assert text({"input_cost_per_token": 0.001}) is None
    assert text({"input_cost_per_token": "0.0010001"}) is not None
    assert text({"input_cost_per_second": 2.5}) is None
    assert text({"computer_use_input_cost_per_1k_tokens": 2.5}) is None
