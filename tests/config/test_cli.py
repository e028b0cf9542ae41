"""``llmcost check`` and ``llmcost schema`` at the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from llmcost.config.schema import schema

pytestmark = pytest.mark.usefixtures("build_day")

CONFIG = """
model_list:
  - model_name: mine
    litellm_params: {model: openai/gpt-4o, api_key: sk-hidden}
    model_info: {input_cost_per_token: 6e-06}
"""
RESPONSE = {
    "object": "chat.completion",
    "model": "gpt-4o-2024-08-06",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
}


def llmcost(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "llmcost", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def files(tmp_path):
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "response.json").write_text(json.dumps(RESPONSE), encoding="utf-8")
    return tmp_path


def test_check_shows_the_rates_and_the_warnings(files):
    """Exit code 0: a warning is no failure."""
    code, out, err = llmcost("check", files / "config.yaml")

    assert (code, err) == (0, "")
    assert "model_list[0] mine -> openai/gpt-4o  (config.yaml:3)" in out
    assert "config.yaml:3: model_list[0] mine: input_cost_per_token is set here, but rates of map gpt-4o" in out
    assert "sk-hidden" not in out


def test_check_prices_a_response(files):
    """The decision path of that call: names tried, deployment chosen, what became of each key."""
    code, out, err = llmcost("check", files / "config.yaml", files / "response.json", "--model", "mine")

    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "asked for the call says 'mine'; the response says 'gpt-4o-2024-08-06'" in lines
    assert "deployment model_list[0] (openai/gpt-4o), config.yaml:3, found by its model_name 'mine'" in lines
    assert "input_cost_per_token 0.000006 USD/token billed" in lines
    # 1,000 x 6e-06 + 100 x 1e-05
    assert "total 0.007" in lines


def test_check_of_a_wrong_configuration(files):
    """Exit code 2, the problems on standard error, each at its line."""
    (files / "config.yaml").write_text(CONFIG.replace("6e-06", "six"), encoding="utf-8")
    code, out, err = llmcost("check", files / "config.yaml")

    assert (code, out) == (2, "")
    assert "config.yaml:5: model_list[0].model_info.input_cost_per_token = 'six': not a decimal number" in err


def test_check_of_a_response_that_cannot_be_read(files):
    """The configuration is shown, the response is reported, and the exit code is 1."""
    (files / "response.json").write_text("{", encoding="utf-8")
    code, out, err = llmcost("check", files / "config.yaml", files / "response.json")

    assert code == 1
    assert "model_list[0] mine" in out
    assert "response.json" in err


def test_schema_writes_a_file_or_to_standard_output(tmp_path):
    """The same schema in both."""
    code, out, _ = llmcost("schema")
    llmcost("schema", "-o", tmp_path / "s.json")

    assert code == 0
    assert json.loads(out) == json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == schema()
