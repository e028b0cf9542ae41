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
    assert alone == {name: found[name] for name in ("warnings", "text", "deployments")}


MORE = """
  - model_name: nobody
    litellm_params: {model: openai/no-such}
  - {model_name: "openai/*", litellm_params: {model: "openai/*"}}
"""


def test_every_deployment_has_its_card(tmp_path, price_map):
    """Which layer sets each rate, and which rate it puts out of force; without a price, why; of a wildcard, nothing."""
    (tmp_path / "config.yaml").write_text(CONFIG + MORE)
    done = CliRunner().invoke(app, ["check", str(tmp_path / "config.yaml"), "--map", price_map, "--json"])
    own, unknown, wild = json.loads(done.stdout)["deployments"]
    assert (own["address"], own["model_name"], own["model"]) == ("model_list[0]", "mine", "openai/small-1")
    assert own["place"].endswith("config.yaml:3")
    rates = {rate["price_key"]: (rate["rate"], rate["layer"]) for rate in own["card"]["rates"]}
    assert rates["input_cost_per_token"] == ("0.005", "config model_info")
    assert (unknown["card"], "no-such" in unknown["error"]) == (None, True)
    of_no_call = CliRunner().invoke(app, ["check", str(tmp_path / "config.yaml"), "--map", price_map, "--region", "eu"])
    assert (of_no_call.exit_code, "name the responses" in of_no_call.output) == (2, True)
    assert (wild["card"], wild["error"]) == (None, "")


def test_a_rate_that_is_not_used_says_why(tmp_path):
    """Of the map: what the configuration sets anew."""
    (tmp_path / "map.json").write_text(
        json.dumps({"gpt": {"input_cost_per_token": 1e-6, "litellm_provider": "openai"}})
    )
    (tmp_path / "config.yaml").write_text(CONFIG.replace("openai/small-1", "openai/gpt"))
    command = ["check", str(tmp_path / "config.yaml"), "--map", str(tmp_path / "map.json"), "--json"]
    (own,) = json.loads(CliRunner().invoke(app, command).stdout)["deployments"]
    assert own["card"]["not_used"] == [
        {
            "rate": "0.000001",
            "layer": "map",
            "map_key": "gpt",
            "price_key": "input_cost_per_token",
            "why": "config model_info sets it",
        }
    ]
