"""Rows of an exported spend log: what they cost is stated, and nothing else can be calculated from them."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest

import llmcost
from llmcost import CostMap, read_log, read_usage
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.logs.whose import Whose, whose

PRICES = CostMap(
    {"m": {"input_cost_per_token": 1e-6, "cache_read_input_token_cost": 1e-7, "output_cost_per_token": 4e-6}}
)


def row(**more):
    """A row; no constant, since the laws calculate each of those anew, which such a row refuses."""
    return {
        "at": "2026-01-05T10:00:00+00:00",
        "id": "call-0123456789abcdef",
        "status": "priced",
        "model": "m",
        "provider": "openai",
        "deployment": None,
        "team": "search",
        "user": "ada",
        "session": None,
        "tags": ["a", "b"],
        "input": 1000,
        "output": 100,
        "usd": "0.00068",
        "latency_us": 1200000,
        "ttft_us": None,
        "attempt": 1,
        "error": None,
        "metadata": None,
        **more,
    }


def test_the_stated_cost_counts():
    """800 of the 1000 tokens were cached, which the row does not say: 200 x 1 + 800 x 0.1 + 100 x 4 per million."""
    cost = PRICES.calculate(row())
    assert (cost.total, cost.complete, cost.usage.quantities) == (
        Decimal("0.00068"),
        True,
        {"input": 1000, "output": 100},
    )
    assert cost.usage.at == row()["at"]
    with pytest.raises(InconsistentUsageError, match="not how many of them were cached"):
        PRICES.calculate(row(), prefer="calculated")


@pytest.mark.parametrize(("status", "usd"), [("reported", "0.01"), ("failed", "0"), ("cached", "0"), ("free", "0")])
def test_a_cost_that_is_known(status, usd):
    cost = PRICES.calculate(row(status=status, usd=usd))
    assert (cost.total, cost.lower_bound) == (Decimal(usd), False)


@pytest.mark.parametrize(
    ("status", "usd", "why"),
    [
        ("unpriced", "0", "no price"),
        ("partial", "0.01", "a price for a part of it alone"),
        ("maybe_billed", "0", "no answer that was whole"),
        ("priced", None, "no price"),
    ],
)
def test_a_cost_that_is_not_known(status, usd, why):
    """It is neither 0 USD nor what is known of it."""
    with pytest.raises(MissingUsageError, match=f"this call had {why}"):
        read_usage(row(status=status, usd=usd))


def test_a_row_of_csv_without_its_empty_cells():
    """And somebody's own record with a field of the same name, which is none."""
    cells = {name: value for name, value in row().items() if value is not None}
    assert read_usage(cells).reported == Decimal("0.00068")
    assert (
        read_usage({"at": 1767607200, "status": 200, "usd": 1, "model": "m", "input": 5, "output": 1}).reported is None
    )


def test_whose_call_it_was():
    assert whose(next(read_log([row()]))) == Whose(row()["id"], "search", "ada", None, ("a", "b"))


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_is_read_again(form, tmp_path):
    """The total is that of the log, and the log knows each of its calls."""
    pytest.importorskip("sqlalchemy")
    rows = [
        {
            "model": "m",
            "time": 1767607200 + number,
            "team": "=a",
            "usage": {"input": 7, "cache_read": number, "output": 1},
        }
        for number in range(3)
    ]
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", drain=False) as log:
        log.import_calls(read_log(rows), cost_map=PRICES)
        text = io.StringIO()
        total = log.export(text, form)
        path = tmp_path / f"export.{form}"
        path.write_text(text.getvalue())
        calls = list(read_log(path, cost_map=PRICES))
        # 7 x 1 + 1 x 4 and 0, 1 and 2 x 0.1 per million.
        assert sum(call.calculate().total for call in calls) == total.cost == Decimal("0.0000333")
        assert log.import_calls(calls, cost_map=PRICES).known == 3
