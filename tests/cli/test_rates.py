"""``llmcost rates``: sheets and SQL as files."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from click.testing import CliRunner

import llmcost
from llmcost.cli._app import app


def run(*arguments):
    return CliRunner().invoke(app, ["rates", *map(str, arguments)])


def test_a_sheet_and_its_sql(tmp_path):
    """The script makes two tables and a view in SQLite; 1000 tokens of gpt-4o in and 100 out are 0.0035 USD."""
    result = run(
        "gpt-4o", "nobody", "--sheet", tmp_path / "r.json", "--sql", "sqlite", "--meter", "input", "--meter", "output"
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("2 names, ")
    assert result.stderr == "warning: no price is known for nobody: its calls get the status unknown_model\n"
    sheet = llmcost.Sheet.load(tmp_path / "r.json")
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE calls (model, input, output, service_tier, batch)")
        database.execute("INSERT INTO calls VALUES ('gpt-4o', 1000, 100, NULL, 0), ('nobody', 1, 1, NULL, 0)")
        database.executescript((tmp_path / "r.sql").read_text(encoding="utf-8"))
        rows = database.execute("SELECT cost_units, cost_unit, cost_status FROM priced_calls ORDER BY model").fetchall()
    assert [(None if units is None else units / unit, status) for units, unit, status in rows] == [
        (0.0035, "priced"),
        (None, "unknown_model"),
    ]
    assert rows[0][1] == sheet.unit


def test_what_is_wrong_is_said(tmp_path):
    """An unknown dialect, an unknown form of file and an unknown meter are mistakes of the command line."""
    wrong = run("gpt-4o", "--sheet", tmp_path / "r.json", "--meter", "inptu")
    assert (wrong.exit_code, "'inptu'" in wrong.stderr, "Did you mean 'input'?" in wrong.stderr) == (2, True, True)
    assert run("gpt-4o", "--sheet", tmp_path / "r.json", "--sql", "oracle").exit_code == 2
    assert "give --sql" in run("gpt-4o", "--sheet", tmp_path / "r.json", "--table", "billing.calls").output
    result = run("gpt-4o", "--sheet", tmp_path / "r.xlsx")
    assert result.exit_code == 2
    assert "*.json, *.csv or *.parquet" in result.output
    assert run("gpt-4o").exit_code == 2
    nowhere = tmp_path / "none" / "r.json"
    result = run("gpt-4o", "--sheet", nowhere)
    assert (result.exit_code, result.output) == (1, f"Error: {nowhere} cannot be written: No such file or directory\n")


def test_without_the_extra(tmp_path):
    """A sheet of names needs no package beyond the command line's."""
    result = run("gpt-4o", "--sheet", tmp_path / "r.csv")
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "r.csv" / "sheet.json").read_text())["meters"][0] == "input"
