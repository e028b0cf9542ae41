"""Costs that a response states: exact, or none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.core.usage import Usage
from llmcost.readers.dialects.reported import add_charged, doubt_cost, usd


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.012042, "0.012042"),
        (4.2e-06, "0.0000042"),
        (1e-09, "0.000000001"),
        (0.0, "0"),
        (2.0, "2"),
        (3, "3"),
        ("0.0045405", "0.0045405"),
        (Decimal("0.1"), "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_numbers(value, expected):
    """A float is read by its shortest repr; 0 is a cost."""
    assert usd(value) == Decimal(expected)


@pytest.mark.parametrize("value", [None, True, -0.01, float("nan"), float("inf"), 1e300, "free", "1e999", {}, []])
def test_no_cost(value):
    """What is no finite number at or above 0 is no cost."""
    assert usd(value) is None


def test_other_units():
    """Ticks of xAI: 10,000,000,000 make one USD."""
    assert usd(232856000, 10**10) == Decimal("0.0232856")
    assert usd(1.5, 10**10) == Decimal("0.00000000015")


@pytest.mark.parametrize(("cost", "notes"), [(0.5, 1), ("0.5", 1), (0, 0), (None, 0), ("free", 0)])
def test_a_cost_that_somebody_calculated(cost, notes):
    """A cost above 0 is noted and not believed."""
    usage = Usage(input=5)
    doubt_cost(usage, {"total_cost": cost}, "cost", "total_cost")
    assert (len(usage.notes), usage.reported) == (notes, None)


@pytest.mark.parametrize(
    ("cost", "reported"),
    [
        ({"total_cost": 0.5}, "0.5"),
        ({"total_cost": 0.5, "currency": "USD"}, "0.5"),
        ({"total_cost": 0.5, "currency": "EUR"}, None),
    ],
)
def test_a_charge_in_its_parts(cost, reported):
    """Only US dollars are a cost here."""
    usage = Usage(input=1)
    add_charged(usage, {"cost": cost})
    assert usage.reported == (None if reported is None else Decimal(reported))
