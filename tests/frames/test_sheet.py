"""A rate sheet is data: it is saved, read and compared."""

from __future__ import annotations

import gc
import json
import warnings
from decimal import Decimal

import pytest

import llmcost
from llmcost.errors import PriceDataError
from llmcost.frames.building import Names
from tests.frames.engines import frame_of, rows_of
from tests.sdks import optional

ROWS = [
    {"model": "gpt-4o", "input": 1000, "output": 100, "service_tier": "priority", "duration": None},
    {"model": "whisper-1", "input": None, "output": None, "service_tier": None, "duration": 90.5},
    {"model": "no-such-model", "input": 1, "output": 1, "service_tier": None, "duration": None},
]


@pytest.fixture
def sheet():
    optional("polars")
    return llmcost.rate_sheet(frame_of(ROWS, "polars"))


@pytest.mark.parametrize("name", ["sheet.json", "sheet.csv", "sheet.parquet"])
def test_a_saved_sheet_prices_alike(sheet, tmp_path, name):
    """gpt-4o priority is 4.25 and 17 USD per million: 0.00595; 90.5 s of whisper-1 at 0.0001 are 0.00905."""
    sheet.save(tmp_path / name)
    again = llmcost.Sheet.load(tmp_path / name)
    assert again == sheet
    costs = [row["cost"] for row in rows_of(llmcost.price_table(frame_of(ROWS, "polars"), sheet=again, money="float"))]
    assert costs == [0.00595, 0.00905, None]


def test_a_sheet_says_what_it_is(sheet):
    """Its day, its unit, and the notes of its kinds of call."""
    assert sheet.as_of == llmcost.CostMap().as_of != ""
    assert repr(sheet).startswith("<Sheet: 3 names, 2 kinds of call, 1 USD = ")
    unknown = sheet.names["note_id"][sheet.names["model"].index("no-such-model")]
    assert "no-such-model" in sheet.notes[unknown - 1]


def test_what_the_sheet_does_not_hold_is_said(sheet):
    """A name, a tier or a kind of call that it was made without is no 0 and no guess: the row says so."""
    rows = [
        {**ROWS[0], "model": "gpt-4o-mini"},
        {**ROWS[0], "service_tier": "flex"},
        {**ROWS[0], "service_tier": None},
        ROWS[0],
    ]
    priced = rows_of(llmcost.price_table(frame_of(rows, "polars"), sheet=sheet))
    assert [(row["cost"] is None, row["status"]) for row in priced] == [(True, "not_in_sheet")] * 3 + [
        (False, "priced")
    ]


@pytest.mark.parametrize("more", [{"cache_read": 5}, {"batch": True}])
def test_a_counter_or_fact_that_the_sheet_lacks_is_an_error(sheet, more):
    """Its columns would be left out of the cost."""
    with pytest.raises(PriceDataError, match=f"made without {next(iter(more))}"):
        llmcost.price_table(frame_of([{**ROWS[0], **more}], "polars"), sheet=sheet)


@pytest.mark.parametrize(
    ("day", "timed", "said"),
    [
        # Google doubles the price on 2026-12-01; the price map is of 2026-11-20.
        ("2026-11-30", False, ""),
        ("2026-12-01", False, "a price of the rate sheet was known to hold until 2026-11-30 only"),
        # A row that states its time has the price of that time.
        ("2026-12-01", True, ""),
        ("2027-12-25", True, "the prices of the rate sheet are of 2026-11-20, 400 days old"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_sheet_that_is_out_of_date_warns(day, timed, said, monkeypatch):
    """1,000 x 2 per million is the price of the day on which the sheet was made; the rates stay as they are."""
    optional("polars")
    monkeypatch.setenv("LLMCOST_TODAY", "2026-11-26")
    rows = [{"model": "gemini/gemini-4-argon", "input": 1000, "output": 0, "batch": False}]
    if timed:
        rows[0]["time"] = 1_795_651_200  # 2026-11-26
    frame = frame_of(rows, "polars")
    sheet = llmcost.rate_sheet(frame)
    stated = {**sheet.to_dict(), "as_of": "2026-11-20"}
    sheet = llmcost.Sheet.from_dict(stated)
    assert sheet.valid_until == "2026-11-30"
    monkeypatch.setenv("LLMCOST_TODAY", day)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        priced = llmcost.price_table(frame, sheet=sheet, money="float")
    assert rows_of(priced)[0]["cost"] == 0.002
    made = f"{said}: make it anew with rate_sheet(table)"
    assert [(one.category, str(one.message)) for one in caught] == (
        [(llmcost.StalePricesWarning, made)] if said else []
    )


def test_what_is_no_sheet_is_refused(tmp_path):
    """A file that is missing, that is no JSON, and one that says something else."""
    (tmp_path / "other.json").write_text(json.dumps({"gpt-4o": {}}))
    (tmp_path / "broken.json").write_text("{")
    for name in ("other.json", "broken.json", "missing.json"):
        with pytest.raises(PriceDataError, match="is no rate sheet"):
            llmcost.Sheet.load(tmp_path / name)
    with pytest.raises(ValueError, match=r"\*\.json, \*\.csv or \*\.parquet"):
        llmcost.Sheet.from_dict(EMPTY).save(tmp_path / "sheet.txt")


def test_a_sheet_of_names(tmp_path):
    """gpt-4o: 2.5 USD per million, 4.25 at priority, 1.25 in a batch; above 200,000 tokens gemini-2.5-pro costs 2.5."""
    names = ["gpt-4o", ("gpt-4o", "openai"), ("gemini-2.5-pro", None, "global"), "nobody"]
    sheet = llmcost.rate_sheet(names, meters=["input", "output"])
    assert sheet.names["status"] == [None, None, None, "unknown_model"]
    sheet.save(tmp_path / "s.json")
    optional("polars")
    rows = [
        {"model": "gpt-4o", "input": 10**6, "output": 0, "service_tier": None, "batch": False},
        {"model": "gpt-4o", "input": 10**6, "output": 0, "service_tier": "priority", "batch": False},
        {"model": "gpt-4o", "input": 10**6, "output": 0, "service_tier": "default", "batch": True},
        {"model": "gpt-4o", "input": 10**6, "output": 0, "service_tier": "turbo", "batch": None},
        {"model": "nobody", "input": 10**6, "output": 0, "service_tier": None, "batch": None},
    ]
    priced = rows_of(llmcost.price_table(frame_of(rows, "polars"), sheet=llmcost.Sheet.load(tmp_path / "s.json")))
    assert [row["cost"] for row in priced] == [Decimal("2.5"), Decimal("4.25"), Decimal("1.25"), None, None]
    assert [row["status"] for row in priced][3:] == ["not_in_sheet", "unknown_model"]


def test_rows_of_the_same_prices_keep_their_own_names():
    """Two rows that differ in their names alone are priced alike; what is said of each names it and not the other."""
    row = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6, "mode": "chat"}
    prices = llmcost.CostMap({"first": row, "second": row, "third": {**row, "input_cost_per_token": 2e-6}})
    sheet = llmcost.rate_sheet(prices, meters=["input", "output"], facts=["batch"])
    assert sheet.rates["matched_as"] == ["first", "first", "second", "second", "third", "third"]
    assert [rate * 10**6 // sheet.unit for rate in sheet.rates["rate_input"]] == [1, 1, 1, 1, 2, 2]
    assert [sheet.notes[note - 1] if note else "" for note in sheet.rates["note_id"]] == [
        text
        for name in ("first", "second", "third")
        for text in ("", f"no batches rates for {name}: billed at standard")
    ]


def test_the_collector_of_cycles_waits_for_a_sheet(monkeypatch):
    """It would look through all cards again and again."""
    waits, add = [], Names.add
    monkeypatch.setattr(Names, "add", lambda names, key: (waits.append(not gc.isenabled()), add(names, key))[1])
    llmcost.rate_sheet(["gpt-4o"])
    assert waits == [True]
    assert gc.isenabled()


def test_a_card_without_counters_of_its_own_kind_has_no_bits_for_them():
    """gpt-4o prices all six counters of text by themselves: one kind for a call, and one for a batch."""
    sheet = llmcost.rate_sheet([("gpt-4o", "openai")], facts=["batch"])
    assert (sheet.needs, "asks" in sheet.names) == ({}, False)
    assert [rate / sheet.unit for rate in sheet.rates["rate_output"]] == [1e-05, 5e-06]
    # A model of images does not: what it is counted decides what is unpriced, and gpt-4o beside it is not asked.
    both = llmcost.rate_sheet([("gpt-4o", "openai"), "dall-e-3"], facts=[])
    assert both.names["asks"] == [0, 1]
    card = [code for code in both.rates["code"] if both.packing.unpack(code).card == 0]
    assert [both.packing.unpack(code).counted for code in card] == [1]


def test_what_is_no_name_is_refused():
    """A number, and a tuple of too many texts."""
    for name in (3, ("a", "b", "c", "d")):
        with pytest.raises(PriceDataError, match="is no name"):
            llmcost.rate_sheet([name])


def test_a_sheet_of_another_form_is_refused(sheet):
    """An older version numbered the kinds of call in another way: its rates would be found for other calls."""
    with pytest.raises(PriceDataError, match="of form 1, and this version reads form 2"):
        llmcost.Sheet.from_dict({**sheet.to_dict(), "schema": 1})


EMPTY = {
    "schema": 2,
    "unit": "1",
    "as_of": "",
    "valid_until": "",
    "meters": [],
    "facts": [],
    "tiers": {},
    "notes": [],
    "names": {name: [] for name in ("model", "provider", "region", "base", "status", "note_id")},
    "rates": {name: [] for name in ("code", "status", "unpriced", "matched_as", "basis", "note_id")},
    "sizes": dict.fromkeys(
        ("card", "tier", "batch", "aggregate", "context", "time", "week", "duration", "counted", "presence"), 1
    ),
}


def damaged(sheet):
    """Yield what is wrong, and the data of a sheet with it."""
    whole = sheet.to_dict()
    names, rates = whole["names"], whole["rates"]
    twice = {name: [*values, values[0]] for name, values in rates.items()}
    yield "rates has several rows of one call", {**whole, "rates": twice}
    yield "names has several rows", {**whole, "names": {name: [*values, values[0]] for name, values in names.items()}}
    yield "rates has no column status", {**whole, "rates": {n: v for n, v in rates.items() if n != "status"}}
    yield "column 'rate_input' of rates has not 2 rows", {**whole, "rates": {**rates, "rate_input": [1]}}
    yield "column 'rate_input' of rates holds 2.5", {**whole, "rates": {**rates, "rate_input": [2.5, 1]}}
    yield "column 'rate_input' of rates holds None", {**whole, "rates": {**rates, "rate_input": [None, 1]}}
    yield "column 'rate_input' of rates holds -5", {**whole, "rates": {**rates, "rate_input": [-5, 1]}}
    yield "column 'rate_tokens' of rates is of no counter", {**whole, "rates": {**rates, "rate_tokens": [1, 1]}}
    yield "rates names the note 9 of 1", {**whole, "rates": {**rates, "note_id": [9, None]}}
    yield "column 'code' of rates holds True", {**whole, "rates": {**rates, "code": [True, 1]}}
    yield "column 'model' of names holds 7", {**whole, "names": {**names, "model": [7, "a", "b"]}}
    yield "'dear' is no status", {**whole, "rates": {**rates, "status": ["dear", "priced"]}}
    yield "unit is '-1'", {**whole, "unit": "-1"}
    yield "unit is 10", {**whole, "unit": 10}
    yield "meters is None", {name: value for name, value in whole.items() if name != "meters"}
    yield "'tokens' is none of the meters", {**whole, "meters": ["tokens"]}
    yield r"sizes\['card'\] is None", {**whole, "sizes": {}}
    yield r"tiers\['flex'\] is '1'", {**whole, "tiers": {"flex": "1"}}
    yield "more is 1", {**whole, "more": 1}


def test_a_damaged_sheet_prices_nothing(sheet, tmp_path):
    """A row that stands twice would double calls, and a rate that is missing would be no cost: neither is read."""
    for said, data in damaged(sheet):
        (tmp_path / "sheet.json").write_text(json.dumps(data))
        with pytest.raises(PriceDataError, match=f"the rate sheet is damaged: {said}"):
            llmcost.Sheet.load(tmp_path / "sheet.json")


def test_damaged_files_of_a_folder_are_no_sheet(sheet, tmp_path):
    """A CSV with a short row, one without any line, and a Parquet file of other bytes."""
    sheet.save(tmp_path / "s.csv")
    rates = tmp_path / "s.csv" / "rates.csv"
    text = rates.read_text()
    for other in (text + "1,2\n", "", text.replace("priced", 'pri"ced', 1)[:-5]):
        rates.write_text(other)
        with pytest.raises(PriceDataError, match=r"is no rate sheet|is damaged"):
            llmcost.Sheet.load(tmp_path / "s.csv")
    optional("pyarrow")
    sheet.save(tmp_path / "s.parquet")
    (tmp_path / "s.parquet" / "rates.parquet").write_bytes(b"PAR1")
    with pytest.raises(PriceDataError, match="is no rate sheet"):
        llmcost.Sheet.load(tmp_path / "s.parquet")


ODD_NAMES = ["\ud800", "a\r\nb", 'a"b,c', " ", "None", "1", "naïve 模型"]


@pytest.mark.parametrize("name", ["s.json", "s.csv", "s.parquet"])
def test_names_of_any_letters_are_saved(tmp_path, name):
    """Half of a surrogate pair is in no text of CSV and Parquet, which say so; every other name is the same again."""
    if name == "s.parquet":
        optional("pyarrow")
    given = ODD_NAMES if name == "s.json" else ODD_NAMES[1:]
    sheet = llmcost.rate_sheet(
        llmcost.CostMap({one: {"input_cost_per_token": 1e-6} for one in given}), meters=["input"]
    )
    sheet.save(tmp_path / name)
    assert llmcost.Sheet.load(tmp_path / name) == sheet
    assert sheet.names["model"] == given
    if name != "s.json":
        with pytest.raises(PriceDataError, match=r"can't stand in such a file: .*surrogates.*; save it as \*\.json"):
            llmcost.rate_sheet(["\ud800"]).save(tmp_path / f"other{name[1:]}")


def test_arguments_of_a_sheet_of_names_that_are_none():
    """A text is no list of meters, and a list is no meter."""
    for given in ("input", [["input"]]):
        with pytest.raises(llmcost.ArgumentError, match="meters="):
            llmcost.rate_sheet(["gpt-4o"], meters=given)
