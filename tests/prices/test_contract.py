"""Prices of one's own with dates and regions: in registered rows and in entries of a map."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, PriceDataError, Usage
from llmcost.errors import LLMCostError
from llmcost.prices.contract import Block, Contract, edge_of, overlaps, regions_of
from llmcost.prices.entries import compile_entry

pytestmark = pytest.mark.usefixtures("build_day")

USAGE = Usage(input=1_000_000)


def entry(*blocks, **flat):
    return {"m": {"output_cost_per_token": "1e-5", **flat, "llmcost": {"prices": list(blocks)}}}


def block(price, start=None, until=None, regions=None):
    when = {"from": start, "until": until, "regions": regions}
    return {"input_cost_per_token": price, **{key: value for key, value in when.items() if value is not None}}


# Two steps, and a price of Europe in the second of them.
STEPS = entry(
    block("3e-6", "2025-01-01", "2026-01-01"),
    block("2e-6", "2026-01-01", "2027-01-01"),
    block("4e-6", "2026-01-01", "2027-01-01", ["eu", "EU-West-1"]),
)


def total(prices, **call):
    cost = prices.calculate(usage=USAGE, model="m", **call)
    return cost.total if cost.complete else cost.unpriced


@pytest.mark.parametrize(
    ("at", "region", "expected"),
    [
        ("2024-12-31T23:59:59Z", None, ("input",)),
        ("2025-01-01", None, Decimal(3)),
        ("2025-12-31T23:59:59.999Z", "eu", Decimal(3)),
        ("2026-01-01T00:00:00Z", None, Decimal(2)),
        ("2026-01-01T00:00:00Z", "eu", Decimal(4)),
        ("2026-01-01T00:00:00Z", "eu-west-1", Decimal(4)),
        ("2026-01-01T00:00:00Z", "us", Decimal(2)),
        # The same moments on other clocks.
        ("2026-01-01T00:59:59+01:00", "eu", Decimal(3)),
        ("2025-12-31T19:00:00-05:00", None, Decimal(2)),
        ("2026-12-31T23:59:59Z", "eu", Decimal(4)),
        ("2027-01-01", "eu", ("input",)),
        # The present of the tests lies in 2026.
        (None, None, Decimal(2)),
        (None, "eu", Decimal(4)),
    ],
)
@pytest.mark.parametrize("registered", [False, True])
def test_a_block_holds_between_its_dates_in_its_regions(at, region, expected, registered):
    prices = CostMap({} if registered else STEPS)
    if registered:
        prices.register(STEPS)

    assert total(prices, at=at, region=region) == expected


def test_the_time_of_the_response_counts_too():
    """1767225599 is the last second of 2025, 1767225600 the first of 2026."""
    prices = CostMap(STEPS)
    response = {"object": "chat.completion", "model": "m", "usage": {"prompt_tokens": 10**6, "completion_tokens": 0}}

    found = [prices.calculate({**response, "created": second}).total for second in (1767225599, 1767225600) * 2]

    assert found == [3, 2, 3, 2]


def test_a_moment_within_a_day_divides_it():
    prices = CostMap(entry(block("1e-6", None, "2026-03-01T12:00:00+02:00"), block("2e-6", "2026-03-01T10:00:00Z")))
    moments = ("2026-03-01T09:59:59Z", "2026-03-01T10:00:00Z", "2026-03-01T09:59:59Z")

    assert [total(prices, at=at) for at in moments] == [1, 2, 1]


def test_flat_keys_are_what_holds_where_no_block_does():
    prices = CostMap(entry(block("2e-6", "2027-01-01"), block("9e-6", regions=["eu"]), input_cost_per_token="1e-6"))

    assert total(prices) == 1
    assert total(prices, at="2027-01-01") == 2
    assert total(prices, at="2027-01-01", region="eu") == 9
    assert prices.calculate(usage=USAGE, model="m").notes == ()


def test_a_line_says_which_block_it_is_of():
    cost = CostMap(STEPS).calculate(usage=Usage(input=1, output=1), model="m", region="eu")

    assert [(line.meter, line.note, line.note.code) for line in cost.line_items] == [
        (
            "input",
            "llmcost.prices[2] of map m is in force from 2026-01-01 until 2027-01-01 in eu, eu-west-1",
            "own_price_in_force",
        ),
        ("output", "", ""),
    ]


def test_a_gap_falls_to_the_layer_below_and_says_so():
    """The map has 5, the contract 2 from March until July."""
    prices = CostMap({"m": {"input_cost_per_token": "5e-6"}})
    prices.register({"m": {"llmcost": {"prices": [block("2e-6", "2026-03-01", "2026-07-01")]}}})

    before, within, after = (
        prices.calculate(usage=USAGE, model="m", at=at) for at in ("2026-02-28", "2026-03-01", "2026-07-01")
    )

    assert [cost.total for cost in (before, within, after)] == [5, 2, 5]
    assert [line.layer for cost in (before, within, after) for line in cost.line_items] == ["map", "registered", "map"]
    assert before.line_items[0].note == (
        "input_cost_per_token of registered m is not in force: llmcost.prices[0] begins on 2026-03-01"
    )
    assert after.line_items[0].note == (
        "input_cost_per_token of registered m is not in force: llmcost.prices[0] ended on 2026-07-01"
    )
    assert {note.code for cost in (before, after) for note in cost.notes} == {"own_price_not_in_force"}


def test_another_region_is_a_gap_too():
    prices = CostMap({"m": {"input_cost_per_token": "5e-6"}})
    prices.register({"m": {"llmcost": {"prices": [block("2e-6", regions=["eu"])]}}})

    assert [total(prices, region=region) for region in ("eu", "us", None)] == [2, 5, 5]
    assert prices.calculate(usage=USAGE, model="m", region="us").notes == (
        "input_cost_per_token of registered m is not in force: llmcost.prices[0] holds in eu and the call is in us",
    )


def test_a_price_of_the_call_is_stronger_than_every_block():
    cost = CostMap(STEPS).calculate(usage=USAGE, model="m", at="2030-01-01", input_cost_per_token="7e-6")

    assert cost.total == 7
    assert cost.notes == ()


def test_replace_of_a_gap_replaces_nothing():
    prices = CostMap({"m": {"input_cost_per_token": "5e-6"}})
    prices.register({"m": {"llmcost": {"prices": [block("2e-6", "2026-03-01", "2026-07-01")]}}}, replace=True)

    assert total(prices, at="2026-08-01") == 5


def test_a_reported_cost_counts_in_a_gap():
    """A gateway states 0.5 USD; the contract of 2 is stronger while it holds."""
    prices = CostMap({"m": {"input_cost_per_token": "5e-6"}})
    prices.register({"m": {"llmcost": {"prices": [block("2e-6", "2026-03-01", "2026-07-01")]}}})
    response = {
        "object": "chat.completion",
        "model": "m",
        "usage": {"prompt_tokens": 10**6, "completion_tokens": 0, "total_tokens": 10**6, "cost": 0.5},
    }

    found = [prices.calculate(response, at=at) for at in ("2026-03-01", "2026-07-01")]

    assert [(cost.counts, cost.total) for cost in found] == [("calculated", 2), ("reported", Decimal("0.5"))]


def test_keys_that_are_registered_again_leave_the_blocks_in_place():
    prices = CostMap({})
    prices.register(STEPS)
    prices.register({"m": {"output_cost_per_token": "2e-5"}})

    cost = prices.calculate(usage=Usage(input=1, output=1), model="m", at="2025-06-01")

    assert cost.total == Decimal("0.000023")


def test_blocks_price_by_time_and_by_token_in_turn():
    """Tokens until the model is hosted; seconds, which put tokens out of force, from then on."""
    hosted = {"from": "2026-06-01", "input_cost_per_second": "0.5"}
    prices = CostMap({"m": {"input_cost_per_token": "5e-6"}})
    prices.register({"m": {"llmcost": {"prices": [block("2e-6", None, "2026-06-01"), hosted]}}})

    found = [prices.calculate(usage=USAGE, model="m", duration=3, at=at).total for at in ("2026-05-31", "2026-06-01")]

    assert found == [2, Decimal("1.5")]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (7, "llmcost = 7: a mapping is expected"),
        ({"price": []}, "llmcost.price = []: is no option here; there are prices"),
        ({"prices": {}}, ""),
        ({"prices": "x"}, "llmcost.prices = 'x': a list of blocks is expected"),
        ({"prices": [3]}, "llmcost.prices[0] = 3: a mapping of from, until, regions and price keys is expected"),
        ({"prices": [{"from": "2026-01-01"}]}, "llmcost.prices[0]: sets no price"),
        ({"prices": [block("1e-6", 2026)]}, "llmcost.prices[0].from = 2026: a day is written YYYY-MM-DD"),
        ({"prices": [block("1e-6", "soon")]}, "llmcost.prices[0].from = 'soon': is no day"),
        (
            {"prices": [block("1e-6", "2026-01-02", "2026-01-02")]},
            "llmcost.prices[0].until = '2026-01-02': is not",
        ),
        ({"prices": [block("1e-6", regions="eu")]}, "llmcost.prices[0].regions = 'eu': a list of regions is expected"),
        ({"prices": [block("1e-6", regions=[1])]}, "llmcost.prices[0].regions = [1]: a region is a name"),
        ({"prices": [{"form": "2026-01-01", "input_cost_per_token": 1e-6}]}, "llmcost.prices[0].form"),
        ({"prices": [{"input_cost_per_tokn": 1e-6}]}, "input_cost_per_tokn"),
        ({"prices": [block(-1)]}, "input_cost_per_token"),
        (
            {"prices": [block("1e-6", "2026-01-01"), block("2e-6", "2025-01-01", "2026-01-02")]},
            "llmcost.prices[1].input_cost_per_token: is also set by llmcost.prices[0] from 2026-01-01 at that time",
        ),
        (
            {"prices": [block("1e-6", regions=["eu", "us"]), block("2e-6", regions=["jp", "us"])]},
            "llmcost.prices[1].input_cost_per_token: is also set by llmcost.prices[0] in eu, us at that time",
        ),
    ],
)
def test_a_mistake_names_its_block_and_its_key(stated, said):
    prices = CostMap({})
    row = {"m": {"output_cost_per_token": 1e-6, "llmcost": stated}}
    if not said:
        prices.register(row)
        assert "m" in prices
        return

    with pytest.raises((LLMCostError, PriceDataError)) as error:
        prices.register(row)

    assert said in str(error.value)
    assert "m" not in prices


def test_a_flat_key_and_a_block_without_dates_are_two_prices_of_one_cell():
    with pytest.raises(PriceDataError, match="is also set by the flat keys"):
        CostMap(entry(block("1e-6"), input_cost_per_token="1e-6")).rate_card("m")


def test_each_block_is_told_once_however_many_it_meets():
    """The third meets the first and the second, and is told with the one that began first."""
    prices = compile_entry({"input_cost_per_token": 1e-6}, "map", "m")
    first, second, third = (Block(name, prices, start) for name, start in (("a", 1.0), ("b", 2.0), ("c", 3.0)))
    assert list(overlaps([third, first, second])) == [
        (first, second, "input_cost_per_token"),
        (third, first, "input_cost_per_token"),
    ]


def test_blocks_that_only_touch_do_not_overlap():
    prices = CostMap(entry(block("1e-6", None, "2026-01-01"), block("2e-6", "2026-01-01", None)))

    assert [total(prices, at=at) for at in ("2025-12-31", "2026-01-01")] == [1, 2]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("2026-01-01", 1767225600), ("2026-01-01T00:00:00Z", 1767225600), ("2026-01-01T02:00+02:00", 1767225600)],
)
def test_an_edge_is_a_day_of_utc_or_a_moment(value, seconds):
    assert edge_of(value) == seconds


@pytest.mark.parametrize("value", [True, 20260101, 1.5, "01.01.2026", [], {}, ""])
def test_anything_else_is_no_edge(value):
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        edge_of(value)


def test_regions_are_names_in_lower_case():
    assert regions_of(["EU", " us-east-1 "]) == {"eu", "us-east-1"}


def test_a_block_may_un_set_a_cell():
    """2 USD for the input; the map's 1 USD for a read of the cache is out of force, so that a read costs 2 as well."""
    prices = CostMap({"m": {"input_cost_per_token": "5e-6", "cache_read_input_token_cost": "1e-6"}})
    prices.register(
        {"m": {"llmcost": {"prices": [{**block("2e-6", "2026-01-01"), "cache_read_input_token_cost": None}]}}}
    )
    usage = Usage(input=1_000_000, cache_read=1_000_000)

    before, within = (prices.calculate(usage=usage, model="m", at=at) for at in ("2025-12-31", "2026-01-01"))

    assert [(line.meter, str(line.amount)) for line in before.line_items] == [("input", "5"), ("cache_read", "1")]
    assert [(line.meter, str(line.amount)) for line in within.line_items] == [("input", "2"), ("cache_read", "2")]
    assert within.line_items[1].notes == (
        "cache_read rate missing: input rate used",
        "llmcost.prices[0] of registered m is in force from 2026-01-01",
    )


def test_blocks_of_different_cells_hold_at_once():
    """2 USD for the input by one block, 3 for the output by another, from the same day."""
    prices = CostMap(entry(block("2e-6", "2026-01-01"), {"from": "2026-01-01", "output_cost_per_token": "3e-6"}))

    cost = prices.calculate(usage=Usage(input=1_000_000, output=1_000_000), model="m")

    assert [(line.meter, str(line.amount)) for line in cost.line_items] == [("input", "2"), ("output", "3")]


@pytest.mark.parametrize("first", [True, False])
def test_free_is_a_price_that_two_blocks_may_not_both_set(first):
    """The bill would depend on which of the two is written last."""
    blocks = [{"from": "2026-01-01", "free": first}, {"from": "2026-01-01", "free": not first}]

    with pytest.raises(PriceDataError, match=r"llmcost\.prices\[1\]\.free: is also set by llmcost\.prices\[0\]"):
        CostMap({}).register({"m": {"input_cost_per_token": "5e-6", "llmcost": {"prices": blocks}}})


def test_free_may_begin_and_end():
    """5 USD until 2026, and nothing from then on: a block with dates is over the flat keys."""
    prices = CostMap({"m": {"input_cost_per_token": "5e-6"}})
    prices.register({"m": {"free": False, "llmcost": {"prices": [{"from": "2026-01-01", "free": True}]}}})

    assert [total(prices, at=at) for at in ("2025-12-31", "2026-01-01")] == [5, 0]


def contract(*blocks):
    """Return the contract of blocks ``(price keys, start, regions)``."""
    return Contract(
        Block(f"llmcost.prices[{index}]", compile_entry(keys, "registered", "m"), start, regions=frozenset(regions))
        for index, (keys, start, regions) in enumerate(blocks)
    )


TWO = {"input_cost_per_token": "2e-6"}


@pytest.mark.parametrize(
    "other",
    [
        (),
        (({"input_cost_per_token": "3e-6"}, 10.0, ()),),
        ((TWO, 20.0, ()),),
        ((TWO, 10.0, ("eu",)),),
        (({"output_cost_per_token": "2e-6"}, 10.0, ()),),
        (({"input_cost_per_token": None}, 10.0, ()),),
        (({**TWO, "free": True}, 10.0, ()),),
        (({**TWO, "regional_processing_uplift_multiplier_eu": 1.1}, 10.0, ()),),
        (({**TWO, "tiered_pricing": None}, 10.0, ()),),
        ((TWO, 10.0, ()), (TWO, 10.0, ("eu",))),
    ],
)
def test_contracts_that_price_otherwise_at_some_time_have_another_text(other):
    """A price, a date, a region, a cell, a null, a free model and a factor each make a difference."""
    assert contract(*other).text != contract((TWO, 10.0, ())).text


def test_the_text_of_a_contract_knows_neither_order_nor_spelling():
    """2e-6 a token is 2 USD a million; blocks that cannot meet may be written in any order."""
    one = contract((TWO, 10.0, ()), (TWO, 10.0, ("eu", "us")))
    same = contract((TWO, 10.0, ("us", "eu")), ({"input_cost_per_million_tokens": 2}, 10.0, ()))

    assert one.text == same.text
    assert one.moments == (10.0,)
