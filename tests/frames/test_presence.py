"""Which counters are above 0: as bits of a set of counters, or of each row where the sets are many."""

from __future__ import annotations

import pytest

import llmcost
from tests.frames.engines import frame_of, rows_of
from tests.sdks import optional

# "all" has prices of input and output; "half" has none of output, so that it matters whether there is some.
PRICES = llmcost.CostMap(
    {
        "all": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
        "half": {"input_cost_per_token": 1e-6},
        "call": {"input_cost_per_request": 0.01},
    }
)
ROWS = [
    {"model": "all", "input": 1000, "output": 100},
    {"model": "half", "input": 1000, "output": 0},
    {"model": "half", "input": 1000, "output": 1},
    {"model": "half", "input": 0, "output": 1},
    {"model": "half", "input": 0, "output": 0},
    {"model": "call", "input": 1, "output": None},
    {"model": "nobody", "input": 1, "output": 1},
]
COSTS = [0.0012, 0.001, 0.001, None, 0.0, 0.01, None]
STATUSES = ["priced", "priced", "partial", "unpriced", "priced", "priced", "unknown_model"]


@pytest.mark.parametrize("most", [12, 1, 0])
@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow"])
def test_each_row_is_told_from_others_of_its_card(monkeypatch, engine, most):
    """1,000 tokens at 1 USD and 100 at 2 USD per million are 0.0012 USD; a part without a rate makes it partial."""
    optional("pandas")
    monkeypatch.setattr("llmcost.frames.presence._MOST_PATTERNS", most)
    rows = [{**row, "team": str(number)} for number, row in enumerate(ROWS)]
    found = rows_of(llmcost.price_table(frame_of(rows, engine), cost_map=PRICES, money="float"))
    found.sort(key=lambda row: row["team"])
    assert [row["cost"] for row in found] == COSTS
    assert [row["status"] for row in found] == STATUSES


def test_sets_of_counters_have_numbers():
    """A name asks for nothing, for one of two sets, or has no card; more sets than wanted leave the names alone."""
    optional("narwhals")
    from llmcost.frames import presence

    names = {"base": [0, 1, 2, None], "asks": [0, 1, 1, 1], "need_input": [0, 1, 0, 0], "need_output": [0, 2, 1, 0]}
    found, patterns = presence.by_pattern(names)
    assert found == {"base": [0, 1, 2, None], "asks": [0, 1, 2, 0]}
    assert patterns == [{"input": 1, "output": 2}, {"input": 0, "output": 1}]
    assert presence.by_pattern({"base": [0]}) == ({"base": [0]}, None)
