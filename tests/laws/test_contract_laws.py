"""The laws of prices with dates and regions: what a block may change, and what it never does."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost import CostMap, LLMCostError, Usage

from .strategies import calls, cards, entry_of, quantities, usage_of

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


# Sold by the token, with thresholds, tiers and caches; by the second, the image, the character, the page.
NAMES = (
    *("gpt-4o", "gpt-5.4", "gpt-4o-audio-preview", "o3", "azure/gpt-4o", "claude-sonnet-4-5", "gemini/gemini-2.5-pro"),
    *("vertex_ai/gemini-2.5-flash", "mistral/mistral-large-latest", "rerank-v3.5"),
    *("deepseek/deepseek-chat", "xai/grok-4", "groq/llama-3.3-70b-versatile", "openrouter/openai/gpt-4o", "whisper-1"),
    *("dall-e-3", "text-embedding-3-small", "bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0", "our-own-model"),
)
FLAT = {"input_cost_per_token": "2e-6", "cache_read_input_token_cost": "3e-7", "input_cost_per_token_priority": "4e-6"}
# Blocks that say nothing, or are in force for no call of the test: another time, another region, another tag.
EMPTY = ({}, None, {"prices": []}, {"prices": None, "terms": [], "fees": {}}, {"replace": False, "scale_rest": False})
ELSEWHERE = (
    {"prices": [{"until": "2023-01-01", **FLAT}]},
    {"prices": [{"from": "2199-01-01", **FLAT}, {"regions": ["mars"], **FLAT}]},
    {
        "terms": [
            {"name": "over", "kind": "discount", "value": 0.5, "until": "2023-01-01"},
            {"name": "tagged", "kind": "margin", "value": 0.5, "tags": ["resold"]},
        ],
        "fees": {"crm": {"unit": "lookup", "price": 1}},
    },
)


def configured(flat, block, *, top=None, beside=True):
    """Return the bundled map under a configuration of all names, each with these flat keys and this block."""
    info = {**flat, **({"llmcost": block} if beside else {})}
    listed = [{"model_name": name, "litellm_params": {"model": name}, "model_info": info} for name in NAMES]
    return CostMap.bundled().with_config({"model_list": listed, **({"llmcost": top} if top is not None else {})})


def written(prices, name, counted, call, day):
    """Return everything that a Cost says, as bytes; or what is raised: a name has no price, or none yet."""
    try:
        cost = prices.calculate(usage=usage_of(counted, call), model=name, at=day.isoformat())
    except LLMCostError as error:
        return f"{type(error).__name__}: {error}".encode()
    return json.dumps(cost.to_dict()).encode()


BARE = {own: configured(flat, None, beside=False) for own, flat in ((True, FLAT), (False, {}))}
PAIRS = [
    *(pytest.param(own, block, None, id=f"{own}-{block}") for own in (True, False) for block in EMPTY),
    *(pytest.param(own, None, block, id=f"{own}-top-{block}") for own in (True, False) for block in EMPTY[:2]),
    *(pytest.param(True, block, None, id=f"elsewhere-{number}") for number, block in enumerate(ELSEWHERE)),
    pytest.param(False, ELSEWHERE[2], {"terms": ELSEWHERE[2]["terms"]}, id="elsewhere-top"),
]


@pytest.mark.parametrize(("own", "block", "top"), PAIRS)
def test_a_configuration_without_blocks_in_force_prices_as_one_without_blocks_byte_for_byte(own, block, top):
    flat = FLAT if own else {}
    other = configured(flat, block, top=top)

    @settings(max_examples=25)
    @given(st.sampled_from(NAMES), quantities, calls(), days)
    def law(name, counted, call, day):
        assert written(other, name, counted, call, day) == written(BARE[own], name, counted, call, day)

    law()


@given(st.sampled_from(NAMES), quantities, calls(), days)
def test_flat_keys_are_one_block_without_dates_byte_for_byte(name, counted, call, day):
    assert written(BLOCK, name, counted, call, day) == written(BARE[True], name, counted, call, day)


BLOCK = configured({}, {"prices": [FLAT]})
