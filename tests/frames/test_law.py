"""The law: a row of a table costs what ``calculate`` says of it, on every engine.

``LLMCOST_LAW=200000 pytest --timeout=0 tests/frames/test_law.py`` tries as many rows, over every name of the map.
"""

from __future__ import annotations

import os
import random
from fractions import Fraction

import pytest

import llmcost
from tests.frames.calls import COMPARED, differences, hard_rows
from tests.frames.engines import arrow, frame_of, rows_of
from tests.sdks import optional

ROWS = int(os.environ.get("LLMCOST_LAW", "5000"))


@pytest.fixture(scope="module")
def prices():
    return llmcost.CostMap()


@pytest.fixture(scope="module")
def rows(prices):
    names = list(prices)
    if ROWS <= 5000:
        # Every fifth name, and all with prices by the hour.
        chosen = random.Random(5)
        names = [name for name in names if chosen.random() < 0.2 or "off_peak_pricing" in prices[name]]
    return [{**row, "team": f"team {number}"} for number, row in enumerate(hard_rows(prices, ROWS, names=names))]


@pytest.fixture(scope="module")
def priced(prices, rows):
    """The rows as Polars prices them."""
    optional("polars")
    return rows_of(llmcost.price_table(frame_of(rows, "polars"), cost_map=prices))


def test_every_row_is_what_calculate_says(prices, rows, priced):
    """Total, sides, status, unpriced meters, map key and basis of every row; among them all statuses that occur."""
    assert [row["team"] for row in priced] == [row["team"] for row in rows]
    assert differences(priced, rows, prices) == []
    seen = {row["status"] for row in priced}
    assert seen >= {"priced", "partial", "free", "unpriced", "unknown_model", "inconsistent_usage"}
    without = {row["status"] for row in priced if row["cost"] is None}
    assert without == seen - {"priced", "partial", "free"}


def test_a_table_without_a_column_of_time(prices, rows):
    """Every row is priced by today, so that no price of another day tells two kinds of call apart."""
    optional("polars")
    dateless = [{name: value for name, value in row.items() if name != "time"} for row in rows[: ROWS // 4]]
    frame = frame_of(dateless, "polars")
    priced = rows_of(llmcost.price_table(frame, cost_map=prices))
    assert differences(priced, dateless, prices) == []
    assert {row["basis"] for row in priced} >= {"current"}
    assert not llmcost.rate_sheet(frame, cost_map=prices).steps("time")


@pytest.fixture(scope="module")
def sheet(prices, rows):
    """The rate sheet of the rows, which every engine makes alike."""
    optional("polars")
    return llmcost.rate_sheet(frame_of(rows, "polars"), cost_map=prices)


@pytest.mark.parametrize("engine", ["polars-lazy", "duckdb", "pandas", "pandas-numpy", "pyarrow"])
def test_every_engine_says_the_same(rows, priced, sheet, engine):
    """No row is lost or doubled, and each says the same; pandas and PyArrow keep the order too."""
    optional("pandas")
    found = rows_of(llmcost.price_table(frame_of(rows, engine), sheet=sheet))
    if engine == "duckdb":
        found.sort(key=lambda row: int(row["team"].partition(" ")[2]))
    names = ("team", *COMPARED)
    assert [[row[name] for name in names] for row in found] == [[row[name] for name in names] for row in priced]


@pytest.mark.parametrize("engine", ["polars-lazy", "duckdb", "pandas", "pyarrow"])
def test_every_engine_makes_the_same_sheet(prices, rows, engine):
    """Its names, its kinds of call and its rates."""
    optional("pandas")
    few = rows[:200]
    assert llmcost.rate_sheet(frame_of(few, engine), cost_map=prices) == llmcost.rate_sheet(
        frame_of(few, "polars"), cost_map=prices
    )


CONFIG = {
    "model_list": [
        {"model_name": "chat", "litellm_params": {"model": "openai/gpt-4o"}},
        {
            "model_name": "dear",
            "litellm_params": {
                "model": "openai/gpt-4o-mini",
                "input_cost_per_token": 3e-6,
                "output_cost_per_token": 9e-6,
            },
        },
        {
            "model_name": "ear",
            "litellm_params": {"model": "openai/whisper-1"},
            "model_info": {"input_cost_per_second": 0.000420, "mode": "audio_transcription"},
        },
    ],
    "litellm_settings": {"cost_discount_config": {"openai": 0.05}, "cost_margin_config": {"openai": 0.1}},
}
REGISTERED = {
    "own-seconds": {"input_cost_per_second": 0.00042, "litellm_provider": "sagemaker", "mode": "chat"},
    "own-tokens": {
        "input_cost_per_token": 6e-6,
        "output_cost_per_token": 3e-5,
        "input_cost_per_token_above_128k_tokens": 1.2e-5,
        "input_cost_per_token_priority": 7e-6,
    },
    "own-requests": {"input_cost_per_request": 0.01, "output_cost_per_image": 0.04, "mode": "chat"},
    "gpt-4o": {"input_cost_per_token": 2e-6},
}


def test_with_prices_of_ones_own_and_commercial_terms():
    """Registered prices, a configuration with its own, a discount of 5 % and a margin of 10 %."""
    optional("polars")
    prices = llmcost.CostMap()
    prices.register(REGISTERED)
    prices = prices.with_config(CONFIG)
    names = ["chat", "dear", "ear", *REGISTERED, "claude-sonnet-4-5", "gemini/gemini-2.5-pro", "whisper-1"]
    rows = hard_rows(prices, max(1500, ROWS // 10), names=names)
    priced = rows_of(llmcost.price_table(frame_of(rows, "polars"), cost_map=prices))
    assert differences(priced, rows, prices) == []
    assert {row["status"] for row in priced} >= {"priced", "partial", "unpriced"}


@pytest.mark.timeout(1800)
@pytest.mark.skipif(os.environ.get("SPARK") != "1", reason="SPARK=1 runs it: Spark takes a minute to start")
# PySpark leaves the closing of its sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark(rows, priced, sheet):
    """The same on PySpark, on one machine."""
    sql = optional("pyspark.sql")
    builder = sql.SparkSession.builder.master("local[2]").config("spark.sql.session.timeZone", "UTC")
    # Many rows and their sheet stand in the memory of one process here.
    spark = builder.config("spark.driver.memory", "4g").getOrCreate()
    frame = spark.createDataFrame(arrow(rows))
    found = rows_of(llmcost.price_table(frame, sheet=sheet, money="units", keep=COMPARED).toArrow())
    found.sort(key=lambda row: int(row["team"].partition(" ")[2]))
    assert [row["status"] for row in found] == [row["status"] for row in priced]
    unit = found[0]["cost_unit"]
    assert [None if row["cost"] is None else Fraction(int(row["cost"]), int(unit)) for row in found] == [
        None if row["cost"] is None else Fraction(row["cost"]) for row in priced
    ]
