"""Exports: a row for each call, whose costs add up to the total of the log to the last digit."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction

import pytest

from llmcost import CostMap, SpendLogError, Usage
from llmcost.errors import MissingDependencyError
from llmcost.spend import exporting

# Rates whose products have many digits.
PRICES = CostMap({"m": {"input_cost_per_token": 1.23e-10, "output_cost_per_token": 7e-13}})
COLUMNS = list(exporting.COLUMNS)


@pytest.fixture
def filled(log):
    """A log of 25 calls, with names that are formulas, and one without a price."""
    for number in range(25):
        cost = PRICES.calculate(usage=Usage(input=number + 1, output=3), model="m")
        log.record(
            cost,
            id=f"c{number}",
            team="=1+1" if number % 2 else "docs",
            tags=["a", "b"],
            metadata={"n": number},
            at=1767607200 + number,
        )
    log.drain()
    return log


def exact(log, **asked):
    return Fraction(*log.total(**asked).as_integer_ratio())


def test_csv(filled):
    out = io.StringIO()
    total = filled.export(out, "csv")
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert list(rows[0]) == COLUMNS
    assert sum(Fraction(row["usd"]) for row in rows) == exact(filled)
    # 1 to 25 input tokens, and 75 of output.
    assert exact(filled) == Fraction(325 * 123, 10**12) + Fraction(75 * 7, 10**13)
    assert (total.calls, len(rows)) == (25, 25)
    assert (rows[1]["team"], rows[0]["team"], rows[0]["tags"]) == ("'=1+1", "docs", "a b")
    assert rows[0]["at"] == "2026-01-05T10:00:00+00:00"


def test_json_lines(filled, tmp_path):
    file = tmp_path / "calls.jsonl"
    filled.export(file, "jsonl", where={"team": "docs"})
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert sum(Fraction(row["usd"]) for row in rows) == exact(filled, where={"team": "docs"})
    assert (rows[0]["id"], rows[0]["tags"], rows[0]["metadata"]) == ("c0", ["a", "b"], {"n": 0})
    assert len(rows) == 13


def test_parquet(filled, tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(exporting, "_BATCH", 10)
    file = tmp_path / "calls.parquet"
    filled.export(file, "parquet", until=1767607200 + 20)
    table = parquet.read_table(file)
    assert table.column_names == COLUMNS
    assert table.num_rows == 20
    assert sum((Fraction(usd) for usd in table["usd"].to_pylist()), Fraction(0)) == exact(filled, until=1767607200 + 20)
    assert table["at"].to_pylist()[0].isoformat() == "2026-01-05T10:00:00+00:00"
    assert table["team"].to_pylist()[1] == "=1+1"


def test_an_empty_log(log, tmp_path):
    out = io.StringIO()
    assert log.export(out, "csv").calls == 0
    assert out.getvalue() == ",".join(COLUMNS) + "\n"
    pytest.importorskip("pyarrow")
    log.export(tmp_path / "x.parquet", "parquet")
    assert (tmp_path / "x.parquet").stat().st_size > 0


def test_a_cost_that_parquet_does_not_hold_is_said(log, tmp_path):
    pytest.importorskip("pyarrow")
    tiny = CostMap({"m": {"input_cost_per_token": Decimal("1e-25")}})
    log.record(tiny.calculate(usage=Usage(input=1), model="m"), id="tiny", at=1767607200)
    log.drain()
    with pytest.raises(SpendLogError, match=r"'tiny' costs 0\.0000000000000000000000001 USD.*CSV"):
        log.export(tmp_path / "x.parquet", "parquet")
    out = io.StringIO()
    log.export(out, "csv")
    assert Fraction(next(csv.DictReader(io.StringIO(out.getvalue())))["usd"]) == exact(log)


def test_an_export_that_fails_leaves_the_file_that_was_there(log, tmp_path):
    """A cost of 25 places does not fit into Parquet: the export of yesterday stays, and nothing lies beside it."""
    pytest.importorskip("pyarrow")
    target = tmp_path / "calls.parquet"
    target.write_bytes(b"of yesterday")
    tiny = CostMap({"m": {"input_cost_per_token": Decimal("1e-25")}})
    log.record(tiny.calculate(usage=Usage(input=1), model="m"), at=1767607200)
    log.drain()
    with pytest.raises(SpendLogError, match="does not hold"):
        log.export(target, "parquet")
    assert target.read_bytes() == b"of yesterday"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".calls")] == []


def test_forms(log, monkeypatch, tmp_path):
    with pytest.raises(ValueError, match="one of csv, jsonl, parquet"):
        log.export(io.StringIO(), "xlsx")
    with pytest.raises(ValueError, match="pass a path"):
        log.export(io.StringIO(), "parquet")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingDependencyError, match="pip install pyarrow"):
        log.export(tmp_path / "x.parquet", "parquet")
