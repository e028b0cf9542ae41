"""Engines: whole numbers as decimals of DuckDB, and each way to find and to multiply rates."""

from __future__ import annotations

from decimal import Decimal

import pytest

import llmcost
from tests.frames.engines import frame_of, rows_of
from tests.sdks import optional


@pytest.mark.parametrize("number", [1, 10**8 - 1, 10**8, 10**9 - 1, 10**37])
def test_whole_numbers_of_thirty_places(number):
    """Of 38 digits 30 stand behind the point: 8 fit before it, and longer numbers are put together."""
    optional("narwhals")
    from llmcost.frames.engines import _duckdb_decimal

    one = optional("duckdb").connect().sql("SELECT 1 AS one").select(f"CAST({number} AS HUGEINT) AS n")
    assert one.select(_duckdb_decimal("n", 30, number)).fetchall() == [(Decimal(number).scaleb(-30),)]


PRICES = llmcost.CostMap(
    {
        "m": {
            "input_cost_per_token": 3e-6,
            "output_cost_per_token": 15e-6,
            "input_cost_per_token_above_200k_tokens": 6e-6,
            "input_cost_per_token_flex": 1e-6,
        }
    }
)
# 3 USD, 15 USD and 6 USD above 200,000 tokens, and 1 USD in flex, per million.
CALLS = [
    {"team": "0", "model": "m", "input": 1000, "output": 10, "service_tier": None},
    {"team": "1", "model": "m", "input": 200_001, "output": 0, "service_tier": None},
    {"team": "2", "model": "m", "input": 1000, "output": 10, "service_tier": "flex"},
    {"team": "3", "model": "n", "input": 1000, "output": 10, "service_tier": None},
]
UNITS = [3150, 1_200_006, 1150, None]


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "duckdb", "pandas", "pyarrow"])
@pytest.mark.parametrize("other", [None, "joins", "whole numbers"])
def test_each_way_of_an_engine_gives_the_same(monkeypatch, engine, other):
    """Polars looks values up or joins, DuckDB counts in doubles or in whole numbers: the costs are as listed above."""
    optional("pandas")
    if other == "joins":
        monkeypatch.setattr("llmcost.frames.engines._LOOKED_UP", 0)
    elif other == "whole numbers":
        monkeypatch.setattr("llmcost.frames.engines.Engine.has_quick_doubles", False)
    frame = llmcost.price_table(frame_of(CALLS, engine), cost_map=PRICES, money="units", keep=["cost"])
    found = sorted(rows_of(frame), key=lambda row: row["team"])
    assert [
        None if row["cost"] is None else int(row["cost"]) * 10**6 // int(row["cost_unit"]) for row in found
    ] == UNITS
    assert [row["model"] for row in found] == ["m", "m", "m", "n"]
