"""``llmcost whatif``: another model, batches, another day."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from llmcost.cli._app import app


@pytest.fixture
def log(tmp_path, completion):
    """A call of small-1, at 1 and 4 USD per 1M tokens: 0.0014."""
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps(completion()))
    return path


def cells(result):
    """The cells of the first row."""
    return result.stdout.splitlines()[2].split()


def test_another_model(run, log):
    """large-1 costs twice as much; the note says what is not known."""
    result = run("whatif", log, "--model", "large-1")
    assert cells(result) == ["small-1", "1", "0.0014", "0.0028", "+0.0014", "+100.0%"]
    assert "note: the tokens are those that the called models counted" in result.stdout
    assert result.exit_code == 0


def test_json(run, log):
    """The same facts."""
    found = json.loads(run("whatif", log, "--model", "large-1", "--json").stdout)
    assert (found["models"][0]["model"], found["total"]["new"], found["errors"]) == ("small-1", "0.0028", [])


def test_batches_and_days(tmp_path):
    """o3 in a batch costs half: 0.0028 became 0.0014 per call, and 0.014 was the price before 2025-06-10."""
    log = tmp_path / "log.jsonl"
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    log.write_text(json.dumps({"model": "o3", "usage": usage, "time": "2025-06-11T12:00:00Z"}))
    for option, new in (("--batch", "0.0014"), ("--no-batch", "0.0028"), ("--at=2025-06-09", "0.014")):
        result = CliRunner().invoke(app, ["whatif", str(log), option])
        assert cells(result)[:4] == ["o3", "1", "0.0028", new]


def test_a_question_that_is_none(run, log):
    """It is the command line that is wrong, and no line of the log."""
    for options, why in (
        ((), "give --model, --batch or --at"),
        (("--provider", "acme", "--batch"), "give both"),
        (("--model", "unheard-of"), "no price is known for the model 'unheard-of'"),
        (("--at", "soon"), "is no time"),
    ):
        result = run("whatif", log, *options)
        assert result.exit_code == 2
        assert why in result.stderr
        assert result.stdout == ""


def test_lines_that_fail(run, log, completion):
    """They are named, and the total is a lower bound."""
    log.write_text(json.dumps(completion()) + "\n{\n")
    result = run("whatif", log, "--model", "large-1")
    assert result.stdout.splitlines()[4].split()[:7] == [
        "total,",
        "1",
        "not",
        "priced",
        "1",
        ">=0.0014",
        ">=0.0028",
    ]
    assert f"error: {log}:2: no JSON" in result.stderr
    assert result.exit_code == 1
