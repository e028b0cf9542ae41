"""Tables that nobody would make on purpose: each is priced as single calls are, or is refused in words of our own."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

import llmcost
from llmcost.errors import PriceDataError
from tests.frames.engines import rows_of
from tests.frames.test_traps import EXACT, priced, table
from tests.sdks import optional


@pytest.mark.parametrize("engine", EXACT)
def test_a_time_outside_of_the_calendar_dates_no_other_row(engine):
    """o3 cost 10 USD per million in May 2025; the years 1 and 9999 are no time of a single call: today's 2 USD."""
    pa = optional("pyarrow")
    days = [datetime(year, 5, 1, tzinfo=timezone.utc) for year in (1, 2025, 9999)]
    times = pa.array(days, pa.timestamp("us", "UTC"))
    frame = table(engine, model=["o3"] * 3, input=[10**6] * 3, n=[0, 1, 2], time=times)
    rows = sorted(rows_of(llmcost.price_table(frame, money="float")), key=lambda row: row["n"])
    assert [row["cost"] for row in rows] == [2, 10, 2]
    usage = llmcost.Usage(input=10**6, at=days[0])
    assert llmcost.calculate(usage=usage, model="o3").total == 2


@pytest.mark.parametrize("engine", EXACT)
def test_a_batch_of_a_day_with_another_standard_price(engine):
    """On 2026-10-25 the model cost 0.44 per million and its batch 0.048; 0.44 is 22/7 of the next price, 0.14."""
    pa = optional("pyarrow")
    times = pa.array([datetime(2026, 10, 25, tzinfo=timezone.utc)] * 2, pa.timestamp("us", "UTC"))
    model = "openrouter/deepseek/deepseek-v4-flash-0731"
    frame = table(engine, model=[model] * 2, input=[10**6] * 2, batch=[False, True], time=times)
    rows = rows_of(llmcost.price_table(frame, keep=["cost"]))
    assert sorted(str(row["cost"].normalize()) for row in rows) == ["0.048", "0.44"]


@pytest.mark.parametrize("engine", EXACT)
def test_numbers_that_64_bits_do_not_hold(engine):
    """Unsigned 2^63 + 5 is no count, beside 1,000 that are 0.001 USD; no engine's error, and nothing wraps."""
    pa = optional("pyarrow")
    counts = pa.array([2**63 + 5, 1000, 0, None], pa.uint64())
    rows = priced(engine, {"m": {"input_cost_per_token": 1e-6}}, {"money": "float"}, model=["m"] * 4, input=counts)
    told = sorted((str(row["cost"]), row["status"]) for row in rows)
    assert told == [("0.0", "priced"), ("0.001", "priced"), ("None", "inconsistent_usage"), ("None", "unpriced")]


@pytest.mark.parametrize("engine", EXACT)
def test_columns_in_which_nothing_stands(engine):
    """A column of nulls without a type says nothing: 1,000 tokens at 1e-06 USD; a row without any count is unpriced."""
    nothing = optional("pyarrow").nulls(2)
    said = dict.fromkeys(("output", "provider", "service_tier", "batch", "aggregate", "time", "duration"), nothing)
    rates = {"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}}
    columns = {"model": ["m", "m"], "input": [1000, None], **said}
    rows = priced(engine, rates, {"money": "float"}, **columns)
    assert sorted(str(row["cost"]) for row in rows) == ["0.001", "None"]
    assert {row["status"] for row in rows} == {"priced", "unpriced"}


@pytest.mark.parametrize("engine", EXACT)
def test_text_columns_without_any_value_say_nothing(engine):
    """As an engine reads the empty column of a CSV; one value in it is an error that names the column."""
    empty = optional("pyarrow").array([None], "string")
    rates = {"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}}
    (row,) = priced(engine, rates, {"money": "float"}, model=["m"], input=[1000], output=empty, time=empty, batch=empty)
    assert (row["cost"], row["status"]) == (0.001, "priced")
    with pytest.raises(PriceDataError, match="column 'output' is of type String"):
        priced(engine, rates, model=["m"], input=[1000], output=["7"])


def test_values_that_no_column_may_have():
    """Values of several types, two columns of one name, a number of batches, a closed connection: each is said."""
    pd, pa, duckdb = optional("pandas"), optional("pyarrow"), optional("duckdb")
    mixed = pd.DataFrame({"model": ["m", "m"], "input": pd.Series([1, "x"], dtype=object)})
    with pytest.raises(PriceDataError, match=r"Could not convert 'x' with type str.*column input"):
        llmcost.price_table(mixed)
    for twice in (
        pd.DataFrame([["m", 1, 2]], columns=["model", "input", "input"]),
        pa.table([["m"], [1], [2]], ["model", "input", "input"]),
    ):
        with pytest.raises(PriceDataError, match=r"several columns of one name.*'input' 2 times"):
            llmcost.price_table(twice)
    with pytest.raises(PriceDataError, match="column 'batch' holds 2; batch is a boolean, or 0 and 1"):
        llmcost.price_table(pa.table({"model": ["m"], "input": [1], "batch": [2]}))
    connection = duckdb.connect()
    relation = connection.sql("SELECT 'm' AS model, 1 AS input")
    connection.close()
    with pytest.raises(PriceDataError, match=r"DuckDB cannot read the table: .*closed"):
        llmcost.price_table(relation)
    with pytest.raises(ValueError, match=r"columns=5: it is the name of a layout, or a mapping"):
        llmcost.price_table(mixed, 5)
    with pytest.raises(ValueError, match=r"sheet=\{\}: it is what rate_sheet"):
        llmcost.price_table(mixed, sheet={})


def test_a_map_without_a_row_is_a_map():
    """Its models are unknown; they are not priced by another map. What is no map is an error."""
    calls = optional("polars").DataFrame({"model": ["gpt-4o"], "input": [1]})
    (row,) = rows_of(llmcost.price_table(calls, cost_map=llmcost.CostMap({})))
    assert (row["cost"], row["status"]) == (None, "unknown_model")
    assert llmcost.rate_sheet(llmcost.CostMap({})).names["model"] == []
    with pytest.raises(ValueError, match=r"cost_map=\{\}: it is a CostMap"):
        llmcost.price_table(calls, cost_map={})


def test_a_name_that_is_given_twice_doubles_no_row():
    """A sheet of names holds each of them once, however it is written: one call of 1,000 tokens is one row."""
    sheet = llmcost.rate_sheet(["gpt-4o", ("gpt-4o",), ("gpt-4o", ""), "gpt-4o"], meters=["input"], facts=[])
    assert sheet.names["model"] == ["gpt-4o"]
    calls = optional("polars").DataFrame({"model": ["gpt-4o"], "input": [1000]})
    assert llmcost.price_table(calls, sheet=sheet, money="float")["cost"].to_list() == [0.0025]


BATCHED = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6, "input_cost_per_token_batches": 5e-7}})


def test_a_column_of_nothing_says_of_no_call_that_it_was_in_a_batch():
    """1000 x 1e-6, and not the half of it."""
    pl = optional("polars")
    table = pl.DataFrame({"model": ["m"], "input": [1000], "batch": pl.Series([None], dtype=pl.Null)})
    assert llmcost.price_table(table, cost_map=BATCHED, money="float")["cost"].to_list() == [0.001]


def test_a_count_far_below_0_is_no_count():
    """No 64 bits hold it, and the other rows have their cost."""
    pl = optional("polars")
    table = pl.DataFrame({"model": ["m", "m"], "input": pl.Series([1000, -(2**70)], dtype=pl.Int128)})
    found = llmcost.price_table(table, cost_map=BATCHED, money="float")
    assert found["status"].to_list() == ["priced", "inconsistent_usage"]
    assert found["cost"].to_list() == [0.001, None]
