"""The differences of two maps: complete, the biggest first, and independent of anybody's decimal context."""

from __future__ import annotations

from decimal import Decimal, localcontext

from llmcost.updates.differences import Change, differences


def test_differences_are_sorted_and_counted():
    """The biggest move first, then what came and went; percent of the old price."""
    old = {"a": {"input_cost_per_token": 1e-06, "mode": "chat"}, "b": {"output_cost_per_token": 1e-06}, "gone": {}}
    new = {"a": {"input_cost_per_token": 2e-06, "mode": "x"}, "b": {"output_cost_per_token": 4e-06}, "came": {}}
    found = differences(old, new)
    assert [str(change) for change in found] == [
        "b output_cost_per_token 0.000001 -> 0.000004 (+300.0%)",
        "a input_cost_per_token 0.000001 -> 0.000002 (+100.0%)",
        "came added",
        "gone removed",
    ]
    assert found[0].to_dict()["percent"] == 300.0
    assert Change("changed", "m", "tiered_pricing", None, [{}]).factor is None
    assert str(Change("changed", "m", "tiered_pricing", None, [{}])) == "m tiered_pricing none -> [{}]"
    assert differences({"m": {"input_cost_per_token": 1}}, {"m": {"input_cost_per_token": 1.0}}) == []


def test_nested_prices_are_compared_place_by_place():
    """A block that moves tenfold is as visible as a key that does."""
    old = {"m": {"tiered_pricing": [{"range": [0, 32000], "input_cost_per_token": 1e-06}]}}
    new = {"m": {"tiered_pricing": [{"range": [0, 32000], "input_cost_per_token": 1e-05}, {"range": [32000, 64000]}]}}
    found = differences(old, new)
    assert [str(change) for change in found] == [
        "m tiered_pricing[0].input_cost_per_token 0.000001 -> 0.00001 (+900.0%)",
        "m tiered_pricing[1].range[0] none -> 32000",
        "m tiered_pricing[1].range[1] none -> 64000",
    ]
    assert found[0].factor == 10


def test_what_falls_to_zero_comes_first():
    """There is no bigger change, though it has no factor."""
    old = {"a": {"input_cost_per_token": 1e-06}, "b": {"input_cost_per_token": 1e-06}, "c": {"input_cost_per_token": 0}}
    new = {"a": {"input_cost_per_token": 9e-06}, "b": {"input_cost_per_token": 0}, "c": {"input_cost_per_token": 1e-06}}
    found = differences(old, new)
    assert [(change.model, change.percent, change.to_zero) for change in found] == [
        ("b", Decimal(-100), True),
        ("c", None, False),
        ("a", Decimal(800), False),
    ]


def test_the_callers_decimal_context_changes_nothing():
    """A percentage is a percentage."""
    change = Change("changed", "m", "input_cost_per_token", 3e-06, 3.3333e-06)
    with localcontext() as context:
        context.prec = 2
        assert (change.percent, str(change)) == (
            Decimal("11.11"),
            "m input_cost_per_token 0.000003 -> 0.0000033333 (+11.1%)",
        )
    wide = Change("changed", "m", "input_cost_per_token", 1e-30, 1e17)
    assert wide.to_dict()["percent"] == 1e49


def test_a_row_that_becomes_an_alias_moves_its_price():
    """100 -> 10 per million, by standing for another row: a move of ten times, beside the word that it is an alias."""
    old = {"best": {"input_cost_per_token": 1e-04}, "small": {"input_cost_per_token": 1e-05}}
    new = {"best": {"alias_of": "small"}, "small": {"input_cost_per_token": 1e-05}}
    changes = differences(old, new)
    assert [(change.key, change.old, change.new) for change in changes] == [
        ("input_cost_per_token", 1e-04, 1e-05),
        ("alias_of", None, "small"),
    ]
    assert changes[0].factor == 10


def test_an_alias_that_moves_moves_its_price():
    """The name stood for the dear row and stands for the cheap one."""
    rows = {"dear": {"input_cost_per_token": 4e-05}, "cheap": {"input_cost_per_token": 1e-06}}
    changes = differences({**rows, "best": {"alias_of": "dear"}}, {**rows, "best": {"alias_of": "cheap"}})
    assert [(change.model, change.key) for change in changes] == [
        ("best", "input_cost_per_token"),
        ("best", "alias_of"),
    ]
