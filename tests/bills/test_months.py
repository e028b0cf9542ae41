"""A month of every format, with faults: each is named with its amount, and the sum is the difference."""

from __future__ import annotations

from fractions import Fraction

import pytest

from llmcost.bills.causes import CREDIT, DAY_BOUNDARY, DISCOUNT, MISSING, OTHER_METER, RATE, ROUNDING, UNEXPLAINED
from llmcost.bills.reconciling import reconcile
from tests.bills.month import Month, price_map, written

# What a format has no line for, or does not tell apart.
WITHOUT = {
    "openai": {"credit"},
    "anthropic": {"credit"},
    "openrouter": {"credit", "moved", "lost", "late"},
}
ALL = {"lost", "stale", "batch", "moved", "discount", "late", "credit"}
VENDORS = ("openai", "anthropic", "openrouter", "bedrock", "focus")
# Half of the last digit of an amount of these bills.
HALF = Fraction("0.00005")


def sums(found):
    """Return kind -> USD, and check that the causes add up to the difference, in all three views."""
    by_kind = {}
    for cause in found.causes:
        by_kind[cause.kind] = by_kind.get(cause.kind, 0) + cause.amount
    assert sum(by_kind.values()) == found.difference == found.billed - found.recorded
    for axis in ("day", "model", "meter"):
        rows = found.by(axis)
        assert sum(row.billed for row in rows) == found.billed
        assert sum(row.recorded for row in rows) == found.recorded
        for row in rows:
            assert sum(row.causes.values()) == row.difference
    return by_kind


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_month_with_every_fault(vendor, tmp_path):
    """Each fault of the month comes to what was planted, to half of the last digit of each of its lines."""
    month = Month(vendor, faults=ALL - WITHOUT.get(vendor, set()))
    found = reconcile(written(month, tmp_path), month.calls, cost_map=price_map(vendor))
    by_kind = sums(found)
    rounding = by_kind.pop(ROUNDING, 0)
    assert abs(rounding) <= HALF * month.lines
    assert by_kind.keys() == month.planted.keys(), [str(cause) for cause in found.causes]
    for kind, amount in month.planted.items():
        # A rate or a discount is what is left of rounded amounts; units are exact.
        slack = HALF * month.lines if kind in {RATE, DISCOUNT} else 0
        assert abs(by_kind[kind] - amount) <= slack, kind


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_month_without_a_fault(vendor, tmp_path):
    """A right log and a right bill differ by rounding alone."""
    month = Month(vendor, faults=())
    by_kind = sums(reconcile(written(month, tmp_path), month.calls, cost_map=price_map(vendor)))
    assert by_kind.keys() <= {ROUNDING}


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_said_of_the_faults(vendor, tmp_path):
    """The tier, the meters, the share and the credit are named."""
    month = Month(vendor, faults=ALL - WITHOUT.get(vendor, set()))
    found = reconcile(written(month, tmp_path), month.calls, cost_map=price_map(vendor))
    said = {cause.kind: cause.text for cause in found.causes}
    assert "tier batches" in said[RATE]
    assert said[DISCOUNT].startswith("discount 12 % on ")
    if DAY_BOUNDARY in month.planted:
        assert said[DAY_BOUNDARY] == "counted on the day before or after"
    if OTHER_METER in month.planted:
        assert said[OTHER_METER].endswith(" tokens counted as input instead of cache_read")
    if CREDIT in month.planted:
        assert said[CREDIT].startswith("credits: ")
    assert all(cause.advice for cause in found.causes)


def test_a_missing_call_where_the_bill_does_not_tell_what_was_cached(tmp_path):
    """Tokens of the prompt are taken at the mean of the day; what the missing call cost beside it is not spread."""
    month = Month("openrouter", faults={"lost"})
    by_kind = sums(reconcile(written(month, tmp_path), month.calls, cost_map=price_map("openrouter")))
    assert by_kind.keys() == {MISSING, UNEXPLAINED, ROUNDING}
    assert abs(by_kind[MISSING] + by_kind[UNEXPLAINED] - month.planted[MISSING]) <= HALF * 2
