"""The laws of prices with dates and regions: what a block may change, and what it never does."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from llmcost import CostMap, Usage

from .strategies import cards, entry_of, quantities

FIRST = date(2024, 1, 1)
days = st.integers(0, 1000).map(lambda number: FIRST + timedelta(days=number))
regions = st.sampled_from([None, "eu", "us", "jp"])
OUTSIDE = FIRST + timedelta(days=2000)


@st.composite
def contracts(draw):
    """Blocks that follow each other in time, some of them for regions of their own."""
    edges = sorted(draw(st.sets(days, min_size=2, max_size=5)))
    found = []
    for start, until in pairwise(edges):
        when = {"from": start.isoformat(), "until": until.isoformat()}
        found.append({**entry_of(draw(cards())), **when})
        if draw(st.booleans()):
            found.append({**entry_of(draw(cards())), **when, "regions": draw(st.sampled_from([["eu"], ["us", "jp"]]))})
    return [block for block in found if block.keys() - {"from", "until", "regions"}]


def bill(entries, counted, at, region, *, registered=False):
    """Return what a call costs, line by line, without the notes."""
    prices = CostMap({} if registered else entries)
    if registered:
        prices.register(entries)
    cost = prices.calculate(usage=Usage(**counted), model="m", at=at.isoformat(), region=region)
    lines = [(line.meter, line.quantity, line.rate, line.amount, line.price_key) for line in cost.line_items]
    return cost.total, cost.unpriced, lines


@given(cards(), contracts(), quantities, regions)
def test_a_block_that_is_not_in_force_changes_nothing(card, blocks, counted, region):
    flat = {"m": entry_of(card) | {"mode": "chat", "input_cost_per_token": "1e-6"}}
    dated = {"m": flat["m"] | {"llmcost": {"prices": blocks}}}

    assert bill(dated, counted, OUTSIDE, region) == bill(flat, counted, OUTSIDE, region)


@given(cards(), contracts(), quantities, regions, days, st.randoms(use_true_random=False))
def test_the_order_of_blocks_changes_nothing(card, blocks, counted, region, day, order):
    entry = entry_of(card) | {"mode": "chat", "input_cost_per_token": "1e-6"}
    mixed = list(blocks)
    order.shuffle(mixed)
    one, other = ({"m": entry | {"llmcost": {"prices": listed}}} for listed in (blocks, mixed))

    assert bill(one, counted, day, region) == bill(other, counted, day, region)


@given(cards(), quantities, regions, days)
def test_flat_keys_are_one_block_without_dates(card, counted, region, day):
    flat = {"m": entry_of(card) | {"input_cost_per_token": "1e-6"}}
    block = {"m": {"llmcost": {"prices": [flat["m"]]}}}

    for registered in (False, True):
        assert bill(block, counted, day, region, registered=registered) == bill(
            flat, counted, day, region, registered=registered
        )


@given(contracts(), quantities, regions, days)
def test_a_block_in_force_is_its_prices_over_the_flat_ones(blocks, counted, region, day):
    """What is in force is written flat, by hand: the block of the day, and that of its region over it."""
    holding = [
        block
        for block in blocks
        if block["from"] <= day.isoformat() < block["until"] and region in block.get("regions", [region])
    ]
    base = {"input_cost_per_token": "1e-6"}
    written = dict(base)
    for block in sorted(holding, key=lambda block: "regions" in block):
        written |= {key: value for key, value in block.items() if key not in {"from", "until", "regions"}}
    entry = {"m": base | {"llmcost": {"prices": blocks}}}

    assert bill(entry, counted, day, region) == bill({"m": written}, counted, day, region)
