"""``llmcost schema`` writes the JSON Schemas that lie in docs/."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmcost.cli._app import app

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("arguments", "kept"), [((), "llmcost-config.schema.json"), (("--cost",), "cost.schema.json")])
def test_each_schema_is_the_kept_file(runner, tmp_path, arguments, kept):
    """To standard output and to a file, to the last byte."""
    expected = (DOCS / kept).read_text(encoding="utf-8")
    result = runner.invoke(app, ["schema", *arguments])
    assert (result.exit_code, result.stdout) == (0, expected)
    target = tmp_path / "schema.json"
    assert runner.invoke(app, ["schema", *arguments, "-o", str(target)]).stdout == ""
    assert target.read_text(encoding="utf-8") == expected
    assert json.loads(expected)["$schema"].startswith("http")
