"""``llmcost price FILE.parquet``: the rows of tables, totalled by model."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from llmcost.cli._app import app
from tests.sdks import optional

CALLS = {
    "model": ["gpt-4o", "gpt-4o", "nobody"],
    "prompt_tokens": [1000, 2000, 5],
    "completion_tokens": [100, 0, 5],
}


def run(*arguments):
    return CliRunner().invoke(app, ["price", *map(str, arguments)])


@pytest.fixture(params=["calls.parquet", "calls.csv"])
def file(request, tmp_path):
    optional("duckdb")
    pl = optional("polars")
    path = tmp_path / request.param
    frame = pl.DataFrame(CALLS)
    frame.write_parquet(path) if path.suffix == ".parquet" else frame.write_csv(path)
    return path


def test_totals_by_model(file):
    """gpt-4o: 3000 x 2.5 and 100 x 10 per million are 0.0085; the other model is unknown, and the code says so."""
    result = run(file, "--columns", "openai")
    assert result.exit_code == 2, result.output
    lines = [line.split() for line in result.output.splitlines()]
    assert ["gpt-4o", "2", "0.0085"] in lines
    assert next(line for line in lines if line[:1] == ["total"])[2:] == [">=", "0.0085"]


def test_as_json(file):
    """The same for programs."""
    result = run(file, "--columns", "openai", "--json")
    told = json.loads(result.output)
    assert (told["calls"], told["cost"], told["lower_bound"]) == (3, "0.0085", True)
    assert told["models"][1]["statuses"] == {"unknown_model": 1}


def test_what_is_wrong_is_said(file):
    """A table beside a log, facts that stand in columns, a layout that nobody knows, a missing file."""
    assert "in calls of their own" in run(file, "log.jsonl").output
    assert "leave the options out" in run(file, "--model", "gpt-4o").output
    assert run(file, "--columns", "nobody").exit_code == 2
    theirs = file.with_name("theirs.csv")
    theirs.write_text("model,prompt_tokens,completion_tokens\nm,1,1\n", encoding="utf-8")
    assert "--columns 'meters': no column counts anything" in run(theirs).stderr
    assert run(theirs).stderr.endswith("are those of --columns 'openai' or --columns 'litellm_spend'\n")
    assert "no such file" in run("missing.parquet").output
    for header in ("model,input,output,input", "model;Input;input"):
        theirs.write_text(f"{header}\nm,1,1,2\n", encoding="utf-8")
        result = run(theirs)
        assert (result.exit_code, "several columns are called 'input': rename" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cut.parquet", "PAR1x", "cut.parquet is no table that can be read: "),
        ("late.csv", "model,input\n" + "gpt-4o,5\n" * 30_000 + "gpt-4o,abc\n", "'abc'"),
    ],
)
def test_a_damaged_file_is_one_line_of_our_own(tmp_path, name, text, said):
    """A file that was cut off, and a word among the counts of a row far below the first ones."""
    optional("duckdb")
    path = tmp_path / name
    path.write_text(text)
    result = run(path)
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert said.replace("'", '"') in result.output.replace("'", '"')


def test_a_file_without_rows(tmp_path):
    """The day on which nothing was called: a header alone costs nothing."""
    optional("duckdb")
    path = tmp_path / "calls.csv"
    path.write_text("model,prompt_tokens,completion_tokens\n")
    result = run(path, "--columns", "openai")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].split() == ["total", "0", "0.00"]
