"""``llmcost models``: the names of a map, searched and filtered."""

from __future__ import annotations

import json
from importlib import import_module
from types import SimpleNamespace


def names(result):
    table = result.stdout.split("\n\n")[0]
    return [line.split()[0] for line in table.splitlines()[2:]]


def test_all_models(run):
    """Each with provider, mode, base prices per million, context, and what else there is to know."""
    result = run("models")
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()[2:5]] == [
        ["small-1", "acme", "chat", "1.00", "4.00", "100,000"],
        ["large-1", "acme", "chat", "2.00", "8.00", "retired", "2026-01-31"],
        ["clock-1", "acme", "audio_transcription", "0.001", "/", "second"],
    ]
    assert result.stdout.splitlines()[-1] == "3 of 3 models"


def test_search_and_filters(run):
    """Every word has to stand in the name; provider and mode have to be the same; retired ones can be left out."""
    assert names(run("models", "1", "ARGE")) == ["large-1"]
    assert names(run("models", "--mode", "chat")) == ["small-1", "large-1"]
    assert names(run("models", "--current", "--mode", "chat")) == ["small-1"]
    assert names(run("models", "--provider", "acme")) == ["small-1", "large-1", "clock-1"]


def test_nothing_found(run):
    """It is said, and the exit code too."""
    result = run("models", "--provider", "nobody")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "no model matches: none has --provider nobody.\n"
    assert "Did you mean 'chat'?" in run("models", "--mode", "chatt").stderr
    assert run("models", "smal-1").stderr == "no model matches; near it: small-1\n"


def test_words_in_quotes(run):
    """One argument of several words is several words."""
    assert names(run("models", "1 ARGE")) == ["large-1"]


def test_a_terminal_shows_the_first_rows(run, monkeypatch):
    """And says how to get the rest; a pipe has all of them."""
    listed = import_module("llmcost.cli.models")
    monkeypatch.setattr(listed, "BLOCK", 2)
    monkeypatch.setattr(listed, "sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    assert "... and 1 rows more: --all shows them, and so does a pipe or a file" in run("models").stdout
    assert "clock-1" not in run("models").stdout
    assert len(names(run("models", "--all"))) == 3


def test_json(run):
    """The entries with their price keys."""
    found = json.loads(run("models", "large", "--json").stdout)
    assert found["large-1"]["output_cost_per_token"] == 8e-6
    assert list(found) == ["large-1"]


def test_own_models_are_listed(run, tmp_path):
    """What is registered stands beside the map's."""
    (tmp_path / "own.json").write_text('{"mine": {"input_cost_per_token": 1e-6}}')
    assert names(run("models", "--register", tmp_path / "own.json")) == ["small-1", "large-1", "clock-1", "mine"]


def test_an_entry_that_cannot_be_compiled_is_a_row(run, tmp_path):
    """One bad row of a map hides no other."""
    (tmp_path / "bad.json").write_text('{"bad": {"input_cost_per_token": -1}, "good": {"input_cost_per_token": 1e-6}}')
    result = run("models", "--map", tmp_path / "bad.json")
    assert result.exit_code == 0
    assert "input_cost_per_token=-1" in result.stdout.splitlines()[2]
    assert names(result) == ["bad", "good"]


def test_aliases_and_free_models_say_so(run, tmp_path):
    """An alias is a name with the prices of its row; one of nothing is no name."""
    rows = {
        "good": {"input_cost_per_token": 1e-6},
        "best": {"alias_of": "good"},
        "lost": {"alias_of": "nobody"},
        "given": {"free": True, "mode": "chat"},
    }
    (tmp_path / "map.json").write_text(json.dumps(rows))
    result = run("models", "--map", tmp_path / "map.json")
    assert names(result) == ["good", "given", "best"]
    lines = result.stdout.splitlines()
    assert lines[3].split() == ["given", "chat", "free"]
    assert lines[4].split() == ["best", "1.00", "alias", "of", "good"]
    assert json.loads(run("models", "best", "--json", "--map", tmp_path / "map.json").stdout) == {"best": rows["good"]}
