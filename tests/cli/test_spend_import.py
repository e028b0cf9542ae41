"""``llmcost spend import`` and ``export``: logs into the log of calls, and calls out of it."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest

from tests.sdks import optional

USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}


@pytest.fixture
def spend(runner, tmp_path, price_map):
    """Run a subcommand on a log of its own; ``import`` with the small map."""
    optional("sqlalchemy")
    from llmcost.cli._app import app

    def run(command, *args):
        prices = ["--map", price_map] if command == "import" else []
        given = ["spend", command, "--db", str(tmp_path / "spend.db"), *prices, *map(str, args)]
        result = runner.invoke(app, given)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def log(tmp_path):
    """Three calls that can be priced, one of an unknown model, one without a time, and a line that is no JSON."""
    rows = [{"model": "small-1", "usage": USAGE, "time": f"2026-01-0{day}", "team": "search"} for day in (5, 6, 7)]
    rows += [{"model": "no-such", "usage": USAGE, "time": "2026-01-08"}, {"model": "small-1", "usage": USAGE}]
    file = tmp_path / "log.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"broken\n')
    return file


def test_an_import_says_what_it_did(spend, log, tmp_path):
    """1000 x 1 + 100 x 4 per million each."""
    dry = spend("import", "--dry-run", log)
    assert dry.stdout.splitlines()[0].endswith("spend.db: 4 calls, >=0.0042 USD")
    assert not (tmp_path / "spend.db").exists()
    first = spend("import", log)
    lines = first.stdout.splitlines()
    assert lines[0].startswith("kept in ")
    assert lines[0].endswith("spend.db: 4 calls, >=0.0042 USD")
    assert lines[1:3] == [
        "  1 of the kept ones have no price",
        "  1 state no time and are not kept: --at TIME says when they were made",
    ]
    assert first.exit_code == 2
    assert "no-such" in first.stderr
    assert f"{log}:6: no JSON" in first.stderr
    second = spend("import", "--json", log)
    assert json.loads(second.stdout) == {
        "new": 0,
        "known": 4,
        "grown": 0,
        "unpriced": 0,
        "undated": 1,
        "failed": 0,
        "cost": "0",
        "lower_bound": False,
        "dry_run": False,
    }
    assert second.exit_code == 1


def test_times_that_are_given(spend, log):
    assert json.loads(spend("import", "--json", "--at", "2026-01-09", log).stdout)["new"] == 5
    assert spend("import").exit_code == 2


def test_an_export_adds_up(spend, log, tmp_path):
    spend("import", log)
    rows = list(csv.DictReader(io.StringIO(spend("export").stdout)))
    assert sum(Fraction(row["usd"]) for row in rows) == Fraction(42, 10_000)
    assert [row["status"] for row in rows] == ["priced", "priced", "priced", "unpriced"]
    file = tmp_path / "out.jsonl"
    result = spend("export", "--since", "2026-01-06", "--until", "2026-01-08", "-o", file)
    assert result.stderr == f"{file}: 2 calls, 0.0028 USD\n"
    assert [json.loads(line)["usd"] for line in file.read_text().splitlines()] == ["0.0014", "0.0014"]


def test_files_are_not_replaced_by_mistake(spend, log, tmp_path):
    spend("import", log)
    file = tmp_path / "out.csv"
    file.write_text("mine")
    assert spend("export", "-o", file).exit_code == 2
    assert file.read_text() == "mine"
    assert spend("export", "-o", file, "--force").exit_code == 0
    assert file.read_text().startswith("at,id,")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


@pytest.mark.parametrize("options", [["--format", "parquet"], ["-o", "calls.xlsx"], ["-o", "no/such/folder.csv"]])
def test_what_cannot_be_written(spend, log, options):
    spend("import", log)
    assert spend("export", *options).exit_code == 2
