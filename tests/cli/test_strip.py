"""``llmcost strip`` writes what is priced as the file is, or nothing at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from llmcost.cli._app import app

EXAMPLES = sorted(
    path for path in (Path(__file__).parents[2] / "examples").iterdir() if path.suffix in {".json", ".jsonl", ".sse"}
)


def ran(*arguments, **options):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_costs_the_same(path, tmp_path):
    """The calls of the written file have the lines that the calls of the whole file have."""
    target = tmp_path / path.name
    assert ran("strip", path, "-o", target).exit_code == 0
    whole, short = (json.loads(ran("price", "--json", file).stdout) for file in (path, target))
    assert whole["calls"]
    assert [call["line_items"] for call in short["calls"]] == [call["line_items"] for call in whole["calls"]]
    assert [call["total"] for call in short["calls"]] == [call["total"] for call in whole["calls"]]


def test_standard_input_and_output():
    """As a filter."""
    result = ran("strip", "-", input='{"model": "gpt-4o", "content": "Hello you"}')
    assert json.loads(result.stdout) == {"model": "gpt-4o", "content": "x1"}


def test_what_is_no_response_writes_nothing(tmp_path):
    """The error names the file and the line, and the target is not made."""
    source, target = tmp_path / "chat.txt", tmp_path / "out.json"
    source.write_text('{"a": 1}\nmy secret plan\n', encoding="utf-8")
    result = ran("strip", source, "-o", target)
    assert result.exit_code == 1
    assert f"{source}: line 2 is no JSON" in result.stderr
    assert "secret" not in result.output
    assert not target.exists()
