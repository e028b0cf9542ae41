"""Every golden case is exact to the last digit: as dict, through JSON, and as the SDK's object."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import LLMCostError

from . import sdk_objects
from .harness import cases, price

CASES = cases("cases.jsonl")
PRICED = [case for case in CASES if not case.get("expected_error")]
FAILING = [case for case in CASES if case.get("expected_error")]


def named(group):
    return pytest.mark.parametrize("case", group, ids=[case["id"] for case in group])


def assert_exact(case, cost):
    assert cost.total == Decimal(case["expected_cost_usd"]), cost.explain()
    # A session that was not seen to close is a lower bound by nature, and so are its seconds.
    assert cost.complete or (cost.usage is not None and cost.usage.partial and not cost.unpriced)
    assert sum(line.amount for line in cost.line_items) == cost.total
    if "expected_reported_cost_usd" in case:
        assert cost.reported == Decimal(case["expected_reported_cost_usd"])


def test_all_cases_are_here():
    """The file is whole."""
    assert len(CASES) == 148
    assert len(PRICED) + len(FAILING) == 148
    assert len(FAILING) == sum(case["expected_cost_usd"] is None for case in CASES)


@named(PRICED)
def test_dict(case):
    """A raw dict is priced to the last digit."""
    assert_exact(case, price(case, case["response"]))


@named(PRICED)
def test_through_json(case):
    """What went through JSON and back is the same call."""
    assert_exact(case, price(case, json.loads(json.dumps(case["response"]))))


@named(FAILING)
def test_error(case):
    """What cannot be priced raises; it is never 0."""
    with pytest.raises(LLMCostError):
        price(case, case["response"])


@named([case for case in PRICED if sdk_objects.supports(case)])
def test_sdk_object(case):
    """The SDK's own object gives what its dict gives, lines included."""
    found = price(case, sdk_objects.build(case))
    assert_exact(case, found)
    assert found.line_items == price(case, case["response"]).line_items


def test_sdk_objects_cover_the_flavours():
    """No flavour of which an SDK has the type is left out by accident."""
    covered = {case["flavour"] for case in PRICED if sdk_objects.supports(case)}
    assert covered >= {
        "chat.completions",
        "chat.completions.stream",
        "completions",
        "responses",
        "responses.stream",
        "messages",
        "messages.stream",
        "generateContent",
        "streamGenerateContent",
    }


@named(PRICED)
def test_explanation_shows_every_line(case):
    """The explanation holds the amount of every line, and the total."""
    cost = price(case, case["response"])
    text = cost.explain()
    assert str(cost) in text
    assert all(format(line.amount, "f").rstrip("0").rstrip(".") in text for line in cost.line_items)
    json.dumps(cost.to_dict())
