"""Values: whatever the types of columns are, they say what they say, or are refused by their name."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

import llmcost
from llmcost.errors import PriceDataError
from tests.frames.engines import rows_of
from tests.frames.test_traps import EXACT, STEPPED, WINDOW, table
from tests.sdks import optional

THRESHOLD = llmcost.CostMap(STEPPED)
BATCHED = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6, "input_cost_per_token_batches": 5e-7}})


@pytest.mark.parametrize("engine", EXACT)
def test_a_flag_may_be_a_number_of_any_type(engine):
    """pandas makes floats of 0 and 1 beside a null: 1000 x 5e-7 in a batch, 1000 x 1e-6 otherwise. 2 is refused."""
    pa = optional("pyarrow")
    for kind in (pa.float64(), pa.float32(), pa.int8(), pa.uint64(), pa.decimal128(5, 2)):
        batch = pa.array([1, 0, None], pa.int64()).cast(pa.decimal128(21, 0) if pa.types.is_decimal(kind) else kind)
        frame = table(engine, model=["m"] * 3, input=[1000] * 3, batch=batch.cast(kind), n=[0, 1, 2])
        rows = rows_of(llmcost.price_table(frame, cost_map=BATCHED, money="float"))
        assert [row["cost"] for row in sorted(rows, key=lambda row: row["n"])] == [0.0005, 0.001, 0.001]
    with pytest.raises(PriceDataError, match=r"column 'batch' holds 2\.0; batch is a boolean, or 0 and 1"):
        llmcost.price_table(table(engine, model=["m"], input=[1], batch=[2.0]), cost_map=BATCHED)


@pytest.mark.parametrize("engine", EXACT)
def test_a_number_of_calls_may_be_a_float(engine):
    """A day of 100 calls is a sum of calls, and one of which it is not known is none."""
    pa = optional("pyarrow")
    calls = pa.array([100.0, None, 0.0])
    frame = table(engine, model=["m"] * 3, input=[1000] * 3, aggregate=calls, n=[0, 1, 2])
    rows = sorted(rows_of(llmcost.price_table(frame, cost_map=THRESHOLD)), key=lambda row: row["n"])
    assert [row["status"] for row in rows] == ["partial", "priced", "priced"]


@pytest.mark.parametrize("engine", EXACT)
def test_what_stands_nowhere_may_be_of_any_type(engine):
    """A CSV gives an empty column the type of doubles: 1000 x 1e-6 USD. One value in it is refused."""
    pa = optional("pyarrow")
    nothing = pa.array([None], pa.float64())
    said = dict.fromkeys(("provider", "region", "service_tier", "batch", "time", "duration"), nothing)
    frame = table(engine, model=["m"], input=[1000], **said)
    (row,) = rows_of(llmcost.price_table(frame, cost_map=BATCHED, money="float"))
    assert (row["cost"], row["status"]) == (0.001, "priced")
    with pytest.raises(PriceDataError, match="column 'provider' is of type Float64; a name is text"):
        llmcost.price_table(table(engine, model=["m"], input=[1000], provider=[1.0]), cost_map=BATCHED)


def test_a_frame_without_a_row_needs_no_types():
    """pandas knows no types of empty lists."""
    pd = optional("pandas")
    optional("pyarrow")
    assert len(llmcost.price_table(pd.DataFrame({"model": [], "input": []}), cost_map=BATCHED)) == 0


LETTERS = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6}, "M": {"input_cost_per_token": 2e-6}})


@pytest.mark.parametrize("kind", ["VARCHAR COLLATE NOCASE", "VARCHAR"], ids=["of the column", "of the connection"])
def test_letters_count_whatever_the_collation(kind):
    """DuckDB may take m and M for one: 1000 x 1e-6 and 1000 x 2e-6 USD, each row once."""
    connection = optional("duckdb").connect()
    connection.execute(f"CREATE TABLE calls (model {kind}, input BIGINT)")
    connection.execute("INSERT INTO calls VALUES ('m', 1000), ('M', 1000)")
    if kind == "VARCHAR":
        connection.execute("SET default_collation = 'nocase'")
    priced = llmcost.price_table(connection.table("calls"), cost_map=LETTERS, money="float", keep=["cost"])
    assert sorted(priced.fetchall()) == [("M", 1000, 0.002), ("m", 1000, 0.001)]


@pytest.mark.parametrize("engine", EXACT)
def test_a_prompt_beyond_the_engines_numbers(engine):
    """Twice 2^63 - 1 is no sum of 64 bits, and neither is a count; the other row costs 2000 x 1e-6 USD."""
    rates = {"m": {"input_cost_per_token": 1e-6, "cache_read_input_token_cost": 1e-6}}
    rates["m"]["input_cost_per_token_above_200k_tokens"] = 2e-6
    most = 2**63 - 1
    frame = table(engine, model=["m"] * 2, input=[most, 1000], cache_read=[most, 1000])
    rows = rows_of(llmcost.price_table(frame, cost_map=llmcost.CostMap(rates), money="float"))
    assert sorted((str(row["cost"]), row["status"]) for row in rows) == [
        ("0.002", "priced"),
        ("None", "inconsistent_usage"),
    ]


@pytest.mark.parametrize("engine", EXACT)
def test_hours_before_1970(engine):
    """An engine's remainder of a time before 1970 may be below 0: 18:00 is within 16:30 to 00:30, and 12:00 is not."""
    days = [datetime(1960, 3, 6, hour, tzinfo=timezone.utc) for hour in (12, 18)]
    pa = optional("pyarrow")
    frame = table(engine, model=["m"] * 2, input=[1000] * 2, time=pa.array(days, pa.timestamp("us", "UTC")))
    prices = llmcost.CostMap({"m": {**WINDOW["m"], "off_peak_pricing": DAILY}})
    rows = rows_of(llmcost.price_table(frame, cost_map=prices, money="float"))
    assert sorted((row["time"].hour, row["cost"]) for row in rows) == [(12, 0.002), (18, 0.001)]


DAILY = {"hours_utc": "16:30-00:30", "input_cost_per_token": 1e-6}


@pytest.mark.parametrize("engine", EXACT)
def test_a_sum_of_calls_that_counts_nothing_has_no_cost(engine):
    """It is a lower bound without a line, and so is the cost of a single call; 1000 x 1e-6 USD is one with a line."""
    frame = table(engine, model=["m"] * 2, input=[0, 1000], aggregate=[True, True])
    rows = rows_of(llmcost.price_table(frame, cost_map=THRESHOLD, money="float"))
    assert sorted((str(row["cost"]), row["status"]) for row in rows) == [("0.001", "partial"), ("None", "unpriced")]
    usage = llmcost.Usage(input=0, aggregate=True)
    assert THRESHOLD.calculate(usage=usage, model="m").line_items == ()


@pytest.mark.parametrize("engine", EXACT)
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_times_of_every_unit(engine, unit, zone):
    """o3 cost 10 USD per million until 2025-06-10 at 0:00 UTC, and 2 USD since then; pandas has nanoseconds."""
    pa = optional("pyarrow")
    moments = [datetime(2025, 6, 9, 23, 59, 59, tzinfo=timezone.utc), datetime(2025, 6, 10, tzinfo=timezone.utc)]
    days = pa.array(moments, pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
    times = days.cast(pa.timestamp(unit))
    if zone is not None:
        times = days.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp(unit, zone))
    frame = table(engine, model=["o3"] * 2, input=[10**6] * 2, time=times, n=[0, 1])
    rows = sorted(rows_of(llmcost.price_table(frame, money="float", keep=["cost"])), key=lambda row: row["n"])
    assert [row["cost"] for row in rows] == [10, 2]
