"""Engines: whole numbers as decimals of DuckDB, and each way to find and to multiply rates."""

from __future__ import annotations

import os
from decimal import Decimal

import pytest

import llmcost
from llmcost.errors import PriceDataError
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


def test_tables_of_a_database_are_not_taken_for_ours():
    """A DuckDB file may have tables of any name; the rates are found beside them: 1000 x 1e-6 USD."""
    connection = optional("duckdb").connect()
    for name in ("found", "right", "small", "relation", "columns", "llmcost_calls", "llmcost_found"):
        connection.execute(f'CREATE TABLE "{name}" AS SELECT 7 AS x')
    calls = connection.sql("SELECT 'm' AS model, 1000 AS input, TIMESTAMP '2026-01-01' AS when_it_was")
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6}})
    columns = {"model": "model", "input": "input", "time": "when_it_was"}
    assert llmcost.price_table(calls, columns, cost_map=prices, money="float", keep=["cost"]).fetchall()[0][-1] == 0.001
    connection.execute("SET python_enable_replacements = false")
    with pytest.raises(PriceDataError, match=r"DuckDB cannot read the table: .*llmcost_arrow_table"):
        llmcost.price_table(calls, columns, cost_map=prices)


def test_a_column_whose_name_holds_quotation_marks():
    """It is read; an older DuckDB finds no such column, which is an error of our own."""
    duckdb = optional("duckdb")
    calls = duckdb.connect().sql('SELECT \'m\' AS model, 1000 AS "a ""count"""')
    columns = {"model": "model", "input": 'a "count"'}
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6}})
    if int(duckdb.__version__.partition(".")[0]) < 2:
        with pytest.raises(PriceDataError, match="cannot read the table"):
            llmcost.price_table(calls, columns, cost_map=prices)
        return
    assert llmcost.price_table(calls, columns, cost_map=prices, money="float", keep=["cost"]).fetchall()[0][-1] == 0.001


def test_names_that_differ_in_case_are_one_to_duckdb():
    """A column Cost would get the costs; elsewhere it is a column of its own."""
    frame = optional("pyarrow").table({"model": ["m"], "input": [1000], "Cost": [5]})
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6}})
    with pytest.raises(PriceDataError, match="has a column 'cost' already"):
        llmcost.price_table(frame_of(frame, "duckdb"), cost_map=prices)
    (row,) = llmcost.price_table(frame, cost_map=prices, money="float").to_pylist()
    assert (row["Cost"], row["cost"]) == (5, 0.001)
    with pytest.raises(PriceDataError, match="columns of our own names: LLMCOST_Q_input"):
        llmcost.price_table(frame_of(frame.rename_columns(["model", "input", "LLMCOST_Q_input"]), "duckdb"))


def test_what_an_engine_cannot_read_is_said_in_a_line():
    """A lazy frame without the column that it selects, one that fails when it runs, and a text that is no JSON."""
    pl, duckdb = optional("polars"), optional("duckdb")
    calls = pl.LazyFrame({"model": ["m"], "input": [1]})
    for frame, said in (
        (calls.select("nobody"), r'^narwhals cannot read the table: .*"nobody"'),
        (calls.with_columns(pl.col("input").str.to_uppercase()), "^Polars cannot read the table: "),
        (duckdb.connect().sql("SELECT 'm'::JSON AS model, 1 AS input"), "^DuckDB cannot read the table: .*JSON"),
    ):
        with pytest.raises(PriceDataError, match=said) as caught:
            llmcost.price_table(frame)
        assert len(str(caught.value).splitlines()) == 1


def test_names_and_values_of_pandas_that_no_other_engine_has():
    """Names that are numbers pass through, and are not read; 2^70 and half of a surrogate pair are in no column."""
    pd = optional("pandas")
    optional("pyarrow")
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6}})
    priced = llmcost.price_table(pd.DataFrame({"model": ["m"], "input": [1000], 7: ["x"]}), cost_map=prices)
    assert list(priced.columns[:4]) == ["model", "input", 7, "cost"]
    with pytest.raises(PriceDataError, match="column 0 is read, and its name is no text"):
        llmcost.price_table(pd.DataFrame([["m", 5]]), {"model": 0, "input": 1})
    two = pd.MultiIndex.from_tuples([("a", "model"), ("a", "input")])
    with pytest.raises(PriceDataError, match=r"no column names the model; the table has \('a', 'model'\)"):
        llmcost.price_table(pd.DataFrame([["m", 5]], columns=two))
    for column, values in {"input": [2**70, 1], "model": ["m", "\ud800"]}.items():
        frame = pd.DataFrame({"model": ["m", "m"], "input": [1, 1], column: pd.Series(values, dtype=object)})
        with pytest.raises(PriceDataError, match="a column of the frame has values that are no column of Arrow"):
            llmcost.price_table(frame)


def test_pyarrow_alone_takes_columns_that_it_does_not_join(monkeypatch):
    """Views of text, dictionaries, nothing and lists: 1000 x 1e-6 USD."""
    pa = optional("pyarrow")
    optional("narwhals")
    from llmcost.frames import handing

    monkeypatch.setattr(handing, "INSIDE", ())
    frame = pa.table(
        {
            "model": pa.array(["m"]).cast(pa.string_view()),
            "provider": pa.nulls(1),
            "region": pa.array(["eu"]).dictionary_encode(),
            "input": [1000],
            "output": pa.nulls(1),
            "tags": [[1, 2]],
        }
    )
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6}})
    for lines in (False, True):
        priced = llmcost.price_table(frame, cost_map=prices, lines=lines, keep=["cost"] if not lines else ["status"])
        assert priced.select(frame.column_names).equals(frame)


@pytest.mark.parametrize("inside", [("polars",), ("duckdb",), ()], ids=["polars", "duckdb", "pyarrow"])
def test_lines_keep_the_rows_that_they_are_of(monkeypatch, inside):
    """Index, types and objects of a pandas frame: one line of the first row, two of the second, none of the third."""
    pd = optional("pandas")
    optional("pyarrow")
    for name in ("narwhals", *inside):
        optional(name)
    from llmcost.frames import handing

    monkeypatch.setattr(handing, "INSIDE", inside)
    thing = object()
    frame = pd.DataFrame(
        {
            "model": ["m", "m", "x"],
            "input": [1, 2, 3],
            "output": [0, 1, 0],
            "team": pd.Categorical(["a", "b", "b"]),
            "thing": pd.Series([thing, 5, None], dtype=object).to_list(),
        },
        index=[5, 5, 6],
    )
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}})
    lines = llmcost.price_table(frame, cost_map=prices, lines=True, keep=["status"]).sort_values(["input", "meter"])
    assert lines["meter"].to_list()[:3] == ["input", "input", "output"]
    assert lines.index.to_list() == [5, 5, 5, 6]
    assert lines["thing"].to_list()[0] is thing
    assert lines[frame.columns].dtypes.equals(frame.dtypes)


@pytest.mark.timeout(1800)
@pytest.mark.skipif(os.environ.get("SPARK") != "1", reason="SPARK=1 runs it: Spark takes a minute to start")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_time_without_a_zone_is_in_utc_in_spark():
    """o3 cost 10 USD per million until 2025-06-10 at 0:00 UTC, which is 20:00 of the day before in New York."""
    sql = optional("pyspark.sql")
    spark = sql.SparkSession.builder.master("local[2]").getOrCreate()
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        for time, usd in (
            ("TIMESTAMP_NTZ'2025-06-09 23:30:00'", 10),
            ("TIMESTAMP'2025-06-09 23:30:00'", 2),
            ("DATE'2025-06-09'", 10),
        ):
            frame = spark.sql(f"SELECT 'o3' AS model, 1000000L AS input, {time} AS time")
            priced = llmcost.price_table(frame, cost_map=llmcost.CostMap(), money="float", keep=["cost"])
            assert [row["cost"] for row in priced.collect()] == [usd]
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)
