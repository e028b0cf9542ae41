"""Whatever stands on bills and in a log: the causes add up to the difference, as a whole, in every view and cell."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

import llmcost
from llmcost.bills.bill import USAGE, Bill, BillLine
from llmcost.bills.causes import CREDIT, FEE, TAX, UNEXPLAINED
from llmcost.bills.cells import Conditions

FIRST = date(2026, 11, 1)
TOKENS = {
    "input_cost_per_token": "2e-6",
    "cache_read_input_token_cost": "2e-7",
    "cache_creation_input_token_cost": "2.5e-6",
    "cache_creation_input_token_cost_above_1hr": "4e-6",
    "output_cost_per_token": "8e-6",
    "input_cost_per_token_above_200k_tokens": "4e-6",
    "output_cost_per_token_above_200k_tokens": "12e-6",
    "input_cost_per_token_batches": "1e-6",
    "input_cost_per_token_priority": "4e-6",
    "web_search_cost_per_query": "0.01",
    "litellm_provider": "openai",
}
PRICES = llmcost.CostMap(
    {
        "m": TOKENS,
        "m-2026-10-01": {**TOKENS, "output_cost_per_token": "9e-6"},
        "anthropic/m": {**TOKENS, "litellm_provider": "anthropic"},
        "image": {"output_cost_per_image": "0.04", "litellm_provider": "openai", "mode": "image_generation"},
        "second": {"input_cost_per_second": "0.0001", "litellm_provider": "openai", "mode": "audio_transcription"},
        "request": {**TOKENS, "input_cost_per_request": "0.02"},
    }
)
TERMS = {
    "cost_discount_config": {"openai": 0.12},
    "cost_margin_config": {"openai": {"percentage": 0.1, "fixed_amount": 0.001}},
}
MAPS = [
    PRICES,
    *(PRICES.with_config({"litellm_settings": {name: term}, "model_list": []}) for name, term in TERMS.items()),
]
METERS = ("input", "cache_read", "cache_write", "cache_write_1h", "output", "web_searches", "output_images")
MODELS = ("m", "m-2026-10-01", "image", "second", "request", "nobody")
DAYS = st.integers(0, 2)
UNITS = st.sampled_from([0, 1, 7, 1000, 1000, 250_000])
AMOUNTS = st.fractions(-1, 3, max_denominator=10**6)
CONDITIONS = st.builds(
    Conditions,
    st.sampled_from([None, None, "standard", "batches", "priority"]),
    st.sampled_from([None, False, True]),
    st.sampled_from([None, None, "us"]),
)


@st.composite
def lines(draw):
    """Return a line of a bill: usage with or without units, a credit, a tax, a line that nobody knows."""
    kind = draw(st.sampled_from([USAGE, USAGE, USAGE, CREDIT, FEE, TAX, UNEXPLAINED, USAGE]))
    amount = draw(AMOUNTS)
    units, conditions = {}, Conditions()
    if kind == USAGE:
        stated = st.none() | UNITS.map(lambda count: Fraction(count if amount > 0 else -count))
        units, conditions = draw(st.dictionaries(st.sampled_from(METERS), stated, max_size=3)), draw(CONDITIONS)
    model = draw(st.sampled_from([None, *MODELS]))
    return BillLine("b:1", FIRST + timedelta(draw(DAYS)), kind, "text", model, units, amount, conditions)


@st.composite
def bills(draw, provider):
    """Return a bill of one provider, with lines of units alone beside those with money."""
    found = draw(st.lists(lines(), min_size=1, max_size=6))
    counted = [line._replace(amount=None) for line in draw(st.lists(lines(), max_size=2)) if line.kind == USAGE]
    return Bill(
        provider,
        "none",
        provider,
        [*found, *counted],
        providers=frozenset({provider}),
        step=draw(st.sampled_from([Fraction(0), Fraction(1, 10**6), Fraction(1, 100)])),
        states=draw(st.sets(st.sampled_from(["tier", "long", "region"]))),
        meters=frozenset(draw(st.sets(st.sampled_from(METERS)))),
        days=[FIRST, FIRST + timedelta(2)],
    )


@st.composite
def calls(draw):
    """Return a record of a log, with its cost or without."""
    model = draw(st.sampled_from(MODELS))
    counted = {"image": {"output_images": 2}, "second": {"input_seconds": 9}}.get(model)
    if counted is None:
        more = draw(st.dictionaries(st.sampled_from(METERS[1:4]), UNITS, max_size=2))
        counted = {"input": draw(UNITS), "output": draw(UNITS), **more}
    record = {"time": f"{FIRST + timedelta(draw(DAYS))}T12:00:00Z", "model": model, "usage": counted}
    facts = {
        "cost": st.sampled_from(["0", "0.01", "1.25"]),
        "provider": st.sampled_from(["openai", "anthropic"]),
        "service_tier": st.just("priority"),
        "batch": st.just(value=True),
    }
    return {**record, **draw(st.fixed_dictionaries({}, optional=facts))}


@settings(max_examples=60)
@given(bills("openai"), st.none() | bills("anthropic"), st.lists(calls(), max_size=8), st.sampled_from(MAPS))
def test_the_causes_add_up(one, other, log, prices):
    """One vendor or two, with terms of a contract or without: nothing is lost and nothing stands twice."""
    found = llmcost.reconcile([one] if other is None else [one, other], log, cost_map=prices)
    assert sum(cause.amount for cause in found.causes) == found.difference == found.billed - found.recorded
    for cell in found.cells:
        assert sum(cell.causes.values()) == cell.billed - cell.recorded
    for axis in ("day", "model", "meter"):
        rows = found.by(axis)
        assert (sum(row.billed for row in rows), sum(row.recorded for row in rows)) == (found.billed, found.recorded)
        assert all(sum(row.causes.values()) == row.difference for row in rows)
    assert json.loads(json.dumps(found.to_dict()))["bills"][0]["lines"] == len(one.lines)
