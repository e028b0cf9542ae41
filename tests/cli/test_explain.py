"""``llmcost explain``: the explanation of every call of the input."""

from __future__ import annotations

import json


def test_every_call_is_explained(run, completion, tmp_path):
    """Each with its place, its total and its lines."""
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(completion(cached=400)) + "\n" + json.dumps(completion("large-1")))
    result = run("explain", log)
    assert result.exit_code == 0
    first, second = result.stdout.split(f"\n{log}:2\n")
    # 600 x 1e-6 + 400 x 1e-7 + 100 x 4e-6, of which the cached tokens are 4 of 104 parts.
    assert first.splitlines()[:2] == [f"{log}:1", "small-1: 0.00104 USD"]
    assert "cache_read       400  token      0.10  0.00004   3.8%  map small-1: cache_read_input_token_cost" in first
    assert second.splitlines()[0] == "large-1: 0.0028 USD"


def test_facts_and_prices_are_taken(run, completion, tmp_path):
    """What the options say stands in the explanation."""
    (tmp_path / "a.json").write_text(json.dumps(completion()))
    result = run("explain", tmp_path / "a.json", "--service-tier", "flex", "--price", "output_cost_per_token_flex=1e-6")
    # 1000 x 5e-7 + 100 x 1e-6
    assert "small-1: 0.0006 USD" in result.stdout
    assert "requested=flex" in result.stdout
    assert "call prices: output_cost_per_token_flex [tier flex]" in result.stdout


def test_verbose_names_what_was_not_billed(run, completion, tmp_path):
    """The rates that this call did not use stand in the explanation only when they are asked for."""
    (tmp_path / "a.json").write_text(json.dumps(completion()))
    assert "output_cost_per_token_flex" not in run("explain", tmp_path / "a.json").stdout
    assert "output_cost_per_token_flex" in run("explain", tmp_path / "a.json", "-v").stdout


def test_errors_come_after_what_can_be_explained(run, completion, tmp_path):
    """An unknown model is exit code 2; the others are explained."""
    (tmp_path / "log.jsonl").write_text(json.dumps(completion("smal-1")) + "\n" + json.dumps(completion()))
    result = run("explain", tmp_path / "log.jsonl")
    assert result.exit_code == 2
    assert "small-1: 0.0014 USD" in result.stdout
    assert f"error: {tmp_path}/log.jsonl:1: no price is known for the model 'smal-1'" in result.stderr


def test_it_needs_a_file(run):
    """Without one it is a wrong command line."""
    result = run("explain")
    assert result.exit_code == 2
    assert "FILE" in result.stderr.splitlines()[-1]


def test_json(run, completion, tmp_path):
    """The Cost of each call, and its explanation as text."""
    (tmp_path / "a.json").write_text(json.dumps(completion()))
    found = json.loads(run("explain", tmp_path / "a.json", "--json").stdout)
    (call,) = found["calls"]
    # 1000 x 1e-6 + 100 x 4e-6
    assert (call["total"], call["explanation"][0], found["failed"]) == ("0.0014", "small-1: 0.0014 USD", 0)
    assert [line["meter"] for line in call["line_items"]] == ["input", "output"]
