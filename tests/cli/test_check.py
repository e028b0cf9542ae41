"""``llmcost check --json``: warnings that a program reads."""

from __future__ import annotations

import json

from click.testing import CliRunner

from llmcost.cli._app import app

CONFIG = """
model_list:
  - model_name: mine
    litellm_params: {model: openai/small-1}
    model_info: {input_cost_per_token: 0.005}
"""


def test_json(tmp_path, price_map, completion):
    """5000 USD per million tokens is warned about; 1000 of them cost 5, and the output has no rate."""
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "a.json").write_text(json.dumps(completion()))
    files = [str(tmp_path / name) for name in ("config.yaml", "a.json")]
    done = CliRunner().invoke(app, ["check", *files, "--map", price_map, "--model", "mine", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert any("input_cost_per_token" in warning for warning in found["warnings"])
    assert [(call["total"], call["unpriced"]) for call in found["calls"]] == [("5", ["output"])]
    assert any("mine" in line for line in found["text"])
    alone = json.loads(CliRunner().invoke(app, ["check", files[0], "--map", price_map, "--json"]).stdout)
    assert alone == {"warnings": found["warnings"], "text": found["text"]}
