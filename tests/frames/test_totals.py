"""Totals of a priced table, and its lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

import llmcost
from llmcost.errors import PriceDataError
from tests.frames.engines import frame_of, rows_of
from tests.sdks import optional

PRICES = llmcost.CostMap(
    {
        "both": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "input_cost_per_request": 0.01},
        "half": {"input_cost_per_token": 1e-6},
    }
)
ROWS = [
    {"model": "both", "input": 1000, "output": 100, "team": "a"},
    {"model": "both", "input": 500, "output": 0, "team": "b"},
    {"model": "half", "input": 100, "output": 7, "team": "a"},
    {"model": "half", "input": 0, "output": 7, "team": "b"},
    {"model": "nobody", "input": 1, "output": 1, "team": "a"},
]
ENGINES = ("polars", "polars-lazy", "duckdb", "pandas", "pyarrow")


def priced(engine, **given):
    optional("pandas")
    return llmcost.price_table(frame_of(ROWS, engine), cost_map=PRICES, **given)


@pytest.mark.parametrize("money", ["decimal", "float", "units"])
@pytest.mark.parametrize("engine", ENGINES)
def test_totals_say_when_they_are_lower_bounds(engine, money):
    """both: 0.0112 + 0.0105; half: 0.0001 and a row whose output has no rate; nobody: nothing is known."""
    frame = llmcost.summarize_table(priced(engine, money=money))
    assert type(frame) is type(frame_of(ROWS, engine))
    rows = sorted(rows_of(frame), key=lambda row: row["model"])
    told = [(row["model"], row["rows"], row["lower_bound"], row["priced"], row["partial"]) for row in rows]
    assert told == [("both", 2, False, 2, 0), ("half", 2, True, 0, 1), ("nobody", 1, True, 0, 0)]
    assert [row["unpriced"] for row in rows] == [0, 1, 0]
    assert [row["unknown_model"] for row in rows] == [0, 0, 1]
    unit = rows[0].get("cost_unit", 1)
    assert [round(Decimal(str(row["cost"] or 0)) / unit, 9) for row in rows] == [
        Decimal("0.0217"),
        Decimal("0.0001"),
        0,
    ]


def test_by_other_columns():
    """Team a: 0.0112 + 0.0001; team b: 0.0105; both with a row that has no cost."""
    frame = priced("polars", money="float", keep=["cost", "status"])
    rows = rows_of(llmcost.summarize_table(frame, by=["team"]).sort("team"))
    assert [(row["team"], row["cost"], row["lower_bound"]) for row in rows] == [
        ("a", 0.0113, True),
        ("b", 0.0105, True),
    ]
    with pytest.raises(PriceDataError, match="no column 'region'"):
        llmcost.summarize_table(frame, by="region")
    with pytest.raises(PriceDataError, match="no column 'cost'"):
        llmcost.summarize_table(frame.drop("cost"))


@pytest.mark.parametrize("engine", ENGINES)
def test_lines_of_each_call(engine):
    """Input, output and the request of the first, two lines of the second, one of the third; the others keep a row."""
    frame = priced(engine, money="float", lines=True, keep=["status"])
    assert type(frame) is type(frame_of(ROWS, engine))
    rows = rows_of(frame)
    lines = {(r["model"], r["team"], r["meter"], r["quantity"], r["amount"], r["status"]) for r in rows}
    assert len(lines) == len(rows)
    assert lines == {
        ("both", "a", "input", 1000, 0.001, "priced"),
        ("both", "a", "output", 100, 0.0002, "priced"),
        ("both", "a", "requests", 1, 0.01, "priced"),
        ("both", "b", "input", 500, 0.0005, "priced"),
        ("both", "b", "requests", 1, 0.01, "priced"),
        ("half", "a", "input", 100, 0.0001, "partial"),
        ("half", "b", None, None, None, "unpriced"),
        ("nobody", "a", None, None, None, "unknown_model"),
    }
    assert set(rows[0]) == {"model", "team", "input", "output", "meter", "quantity", "amount", "status"}


def test_lines_of_terms_and_of_time():
    """90.5 s at 0.0001 are 0.00905 and a tenth off is -0.000905."""
    config = {
        "model_list": [
            {
                "model_name": "ear",
                "litellm_params": {"model": "openai/whisper-1"},
                "model_info": {"id": "ear", "input_cost_per_second": 0.0001, "mode": "audio_transcription"},
            }
        ],
        "litellm_settings": {"cost_discount_config": {"openai": 0.1}},
    }
    prices = llmcost.CostMap().with_config(config)
    frame = frame_of([{"model": "ear", "duration": 90.5}], "polars")
    rows = rows_of(llmcost.price_table(frame, cost_map=prices, lines=True, money="float", keep=["status"]))
    told = {row["meter"]: (row["quantity"], row["amount"]) for row in rows}
    assert sum(Decimal(str(row["amount"])) for row in rows) == prices.calculate(duration=90.5, model="ear").total
    assert told["discount"][1] == -0.000905


ODD = {
    "a status that is none": ({"status": ["priced", None]}, "model", "column 'status' holds None"),
    "a cost in text": ({"cost": ["1", "2"]}, "model", "column 'cost' is of type String; a cost is a number"),
    "several units": ({"cost_unit": [10, 100]}, "model", "column 'cost_unit' holds 10 and 100"),
    "a column of the totals": ({"rows": ["a", "b"]}, "rows", "by='rows': the totals have a column of that name"),
}


@pytest.mark.parametrize(("columns", "by", "said"), ODD.values(), ids=ODD)
def test_what_cannot_be_summed_is_refused(columns, by, said):
    """Each would be a wrong total, or an error in the words of an engine."""
    frame = optional("polars").DataFrame(
        {"model": ["m", "m"], "cost": [1, 2], "status": ["priced", "priced"], **columns}
    )
    with pytest.raises(PriceDataError, match=said):
        llmcost.summarize_table(frame, by=by)


@pytest.mark.parametrize("odd", ["nan", "inf"])
@pytest.mark.parametrize("engine", ["polars", "duckdb", "pyarrow"])
def test_a_float_that_is_no_number_makes_no_total(engine, odd):
    """0.0112 + NaN is NaN, which says nothing of the other rows: it is refused, and not taken for a cost."""
    pa = optional("pyarrow")
    costs = [0.0112, float(odd), None]
    table = pa.table({"model": ["both"] * 3, "cost": costs, "status": ["priced", "priced", "unknown_model"]})
    with pytest.raises(PriceDataError, match="column 'cost' holds 1 values that are NaN or infinite"):
        llmcost.summarize_table(frame_of(table, engine))


def test_a_nan_of_pandas_is_a_row_without_a_cost():
    """pandas writes null as NaN: 0.0112 is what is known, and the total is a lower bound."""
    pandas = optional("pandas")
    frame = pandas.DataFrame(
        {"model": ["both"] * 2, "cost": [0.0112, float("nan")], "status": ["priced", "unknown_model"]}
    )
    (row,) = rows_of(llmcost.summarize_table(frame))
    assert (row["cost"], row["lower_bound"], row["unknown_model"]) == (0.0112, True, 1)
