"""Exports as CSV: rows are the values of a log, and a table that is no log is none."""

from __future__ import annotations

import csv
import io
import json

import pytest

from llmcost import read_log
from llmcost.logs.csv_rows import columns_of, csv_values, is_csv, is_csv_log
from llmcost.logs.values import Problem, Value

METADATA = {
    "usage_object": {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 800}}
}
CALL = {
    "request_id": "r1",
    "call_type": "acompletion",
    "spend": "0.0025",
    "total_tokens": "1100",
    "prompt_tokens": "1000",
    "completion_tokens": "100",
    "startTime": "2026-01-05T10:00:00Z",
    "model": "gpt-4o",
    "custom_llm_provider": "openai",
    "metadata": json.dumps(METADATA),
    "request_tags": '["a", "b"]',
    "cache_hit": "False",
}
HEADER = ",".join(CALL) + "\n"
ROW = ",".join('"' + cell.replace('"', '""') + '"' for cell in CALL.values()) + "\n"


def read(text):
    return list(csv_values(io.StringIO(text, newline="")))


def test_cells_become_values():
    found = read('a,b,c,d,e,f,g\n12,0123,1.50,True,,"{""x"": 1}",12345678901234567890\n')
    assert found == [
        Value(2, {"a": 12, "b": "0123", "c": "1.50", "d": True, "f": {"x": 1}, "g": "12345678901234567890"})
    ]


def test_a_row_may_go_over_lines_and_is_named_by_its_first():
    assert [(item.line, item.value["b"]) for item in read('a,b\n1,"x\ny"\n2,z\n\n3,w\n')] == [
        (2, "x\ny"),
        (4, "z"),
        (6, "w"),
    ]


def test_what_is_no_row_is_said_and_the_rest_is_read():
    found = read("a,b\n1\n2,3\n4,5,6\n")
    assert found[1] == Value(3, {"a": 2, "b": 3})
    assert [(item.line, item.message) for item in found if isinstance(item, Problem)] == [
        (2, "no row of this table: 1 cells under 2 names"),
        (4, "no row of this table: 3 cells under 2 names"),
    ]


def test_a_long_cell_is_read_and_the_limit_of_others_is_no_lower():
    before = csv.field_size_limit()
    assert len(read("a,b\n1," + "x" * 500_000 + "\n")[0].value["b"]) == 500_000
    assert csv.field_size_limit() >= before


def test_litellm_spend_logs_as_csv(tmp_path):
    """200 x 2.5 + 800 x 1.25 + 100 x 10 per million, with the cost that LiteLLM states beside it."""
    file = tmp_path / "spend.csv"
    file.write_text("\ufeff" + HEADER + ROW, encoding="utf-8")
    (call,) = read_log(file)
    assert (call.place, str(call.calculate().total), str(call.cost)) == (f"{file}:2", "0.0025", "0.0025")
    assert [record.line for record in read_log(file, jobs=2)] == [2]


def test_which_tables_are_logs(tmp_path):
    log, table = tmp_path / "a.csv", tmp_path / "b.CSV"
    log.write_text(HEADER, encoding="utf-8")
    table.write_text("model,input,output\ngpt-4o,1,2\n", encoding="utf-8")
    assert (is_csv_log(str(log)), is_csv_log(str(table))) == (True, False)
    assert (is_csv("x.csv"), is_csv("x.csv.gz"), is_csv("x.jsonl")) == (True, True, False)
    log.write_text(HEADER + ROW, encoding="utf-8")
    assert [call.source for call in read_log(tmp_path)] == [str(log)]


def test_a_header_that_the_csv_module_refuses_has_no_names(tmp_path):
    """It takes no longer cell than its limit, which is one for the process."""
    table = tmp_path / "b.csv"
    table.write_text(f"model|{'x' * 200}\n", encoding="utf-8")
    assert columns_of(str(table)) == ["model", "x" * 200]
    before = csv.field_size_limit(100)
    try:
        assert columns_of(str(table)) == []
    finally:
        csv.field_size_limit(before)


def test_an_empty_table(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("", encoding="utf-8")
    assert is_csv_log(str(file)) is False
    assert list(read_log(file)) == []


@pytest.mark.parametrize("wrong", ['a,b\n1,"x\n', "a,b\n1,2\0\n"])
def test_text_that_is_no_csv_is_no_crash(wrong):
    assert len(read(wrong)) == 1


def test_tables_of_spreadsheets():
    """Between semicolons, tabs or bars a comma is the decimal point, but for what may be thousands."""
    cells = {"a": "0,0035", "b": "-12,5", "c": "1,000", "d": '{"x": 1}', "e": "0,125", "f": "3"}
    for separator in ";\t|":
        row = separator.join(cell.replace('{"x": 1}', '"{""x"": 1}"') for cell in cells.values())
        found = read(f"{separator.join(cells)}\n{row}\n")
        assert found == [Value(2, {"a": "0.0035", "b": "-12.5", "c": "1,000", "d": {"x": 1}, "e": "0.125", "f": 3})]
    assert read('a,b\n"0,5",1\n') == [Value(2, {"a": "0,5", "b": 1})]


def test_an_export_between_semicolons(tmp_path):
    """1000 x 2.5e-6 + 100 x 1e-5, recorded at 0.0035."""
    path = tmp_path / "spend.csv"
    names = "request_id;call_type;spend;prompt_tokens;completion_tokens;total_tokens;startTime;model"
    row = "r1;acompletion;0,0035;1000;100;1100;2026-01-05T10:00:00Z;gpt-4o"
    path.write_text(f"\ufeff{names}\n{row}\n", encoding="utf-8")
    assert is_csv_log(str(path))
    assert [(str(call.cost), str(call.calculate())) for call in read_log(path)] == [("0.0035", "0.0035")]
