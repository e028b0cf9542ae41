"""Contracts in tables: prices of one's own with dates and regions, and terms, row by row as ``calculate`` says."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

import pytest

import llmcost
from tests.frames.engines import frame_of, rows_of
from tests.sdks import optional

INPUT, OUTPUT = 1000, 100
CONTRACT = {
    "prices": [
        {"from": "2026-01-01", "until": "2026-07-01", "input_cost_per_token": 1e-6},
        {"from": "2026-07-01", "input_cost_per_token": 9e-7},
        {"regions": ["eu"], "input_cost_per_token": 2e-6},
    ],
    "terms": [
        {"name": "volume", "kind": "discount", "value": "0.1", "meters": ["input"], "from": "2026-09-01"},
        {"name": "desk", "kind": "fee", "value": "0.01", "from": "2026-10-01"},
        {"name": "overhead", "kind": "margin", "value": "0.5", "from": "2026-11-01"},
    ],
}
PRICES = llmcost.CostMap(
    {
        "plain": {"input_cost_per_token": 3e-6, "output_cost_per_token": 1e-5, "litellm_provider": "acme"},
        "ours": {
            "input_cost_per_token": 3e-6,
            "output_cost_per_token": 1e-5,
            "litellm_provider": "acme",
            "llmcost": CONTRACT,
        },
    }
)
# (model, time, region, USD): 100 answers cost 0.001; the input 0.003, 0.001, 0.0009, or 0.002 in Europe.
ROWS = [
    ("plain", "2026-03-01T00:00:00", None, "0.004"),
    ("ours", "2025-12-31T23:59:59", None, "0.004"),
    ("ours", "2025-12-31T23:59:59", "eu", "0.003"),
    ("ours", "2026-01-01T00:00:00", None, "0.002"),
    ("ours", "2026-06-30T23:59:59", None, "0.002"),
    ("ours", "2026-07-01T00:00:00", None, "0.0019"),
    ("ours", "2026-07-01T00:00:00", "eu", "0.003"),
    ("ours", "2026-08-31T23:59:59", None, "0.0019"),
    # The discount is on the input alone: 0.0009 x 0.9 = 0.00081.
    ("ours", "2026-09-01T00:00:00", None, "0.00181"),
    ("ours", "2026-09-01T00:00:00", "eu", "0.0028"),
    # The fee is on every call.
    ("ours", "2026-10-01T00:00:00", None, "0.01181"),
    # The margin is on what stands before it, and the fee comes last: 0.00181 x 1.5 + 0.01.
    ("ours", "2026-11-01T00:00:00", None, "0.012715"),
]


def table():
    return [
        {
            "model": model,
            "input": INPUT,
            "output": OUTPUT,
            "region": region,
            "time": datetime.fromisoformat(time).replace(tzinfo=timezone.utc),
        }
        for model, time, region, _ in ROWS
    ]


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow"])
def test_every_day_and_region_of_a_contract(engine):
    """Both sides of every date, worked out by hand, and as ``calculate`` says."""
    optional(engine)
    optional("polars")
    found = rows_of(llmcost.price_table(frame_of(table(), engine), cost_map=PRICES))
    found.sort(key=lambda row: (row["model"] != "plain", row["time"], row["region"] or ""))
    assert [Decimal(row["cost"]) for row in found] == [Decimal(usd) for *_, usd in ROWS]
    usage = llmcost.Usage(input=INPUT, output=OUTPUT)
    for row, (model, time, region, usd) in zip(found, ROWS, strict=True):
        cost = PRICES.calculate(usage=usage, model=model, at=f"{time}Z", region=region)
        assert (cost.total, cost.basis, cost.matched_as) == (Decimal(usd), row["basis"], row["matched_as"])


def test_the_sides_of_terms():
    """Terms are neither input nor output: -0.00009, half of 0.00181, and 0.01."""
    optional("polars")
    last = rows_of(llmcost.price_table(frame_of(table(), "polars"), cost_map=PRICES))[-1]
    sides = [Decimal(last[f"cost_{side}"]) for side in ("input", "output", "other")]
    assert sides == [Decimal("0.0009"), Decimal("0.001"), Decimal("0.010815")]


def test_a_term_by_tag_is_not_in_it_and_is_named():
    """A table states no tags: 1000 x 3 USD a million, as ``calculate`` says of a call without any."""
    optional("polars")
    terms = [{"name": "resale", "kind": "margin", "value": 1, "tags": ["resold"]}]
    prices = llmcost.CostMap({name: {"input_cost_per_token": 3e-6} for name in ("plain", "ours")})
    prices.register({"ours": {"input_cost_per_token": 3e-6, "llmcost": {"terms": terms}}})
    calls = frame_of([{"model": name, "input": INPUT, "tags": "resold"} for name in ("plain", "ours")], "polars")

    found = rows_of(llmcost.price_table(calls, cost_map=prices))
    sheet = llmcost.rate_sheet(calls, cost_map=prices)

    assert [(row["cost"], row["status"]) for row in found] == [(Decimal("0.003"), "priced")] * 2
    said = [None if row["note_id"] is None else sheet.notes[row["note_id"] - 1] for row in found]
    assert said == [None, "terms for calls with tags are not in it, since a table states no tags: resale"]
