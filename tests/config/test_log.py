"""``LLMCOST_LOG``: each call says how it was priced, and nothing is loaded for it otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.usefixtures("build_day")

SCRIPT = """
import json, sys
import llmcost
prices = llmcost.CostMap({}).with_config({
    "model_list": [{"model_name": "mine", "litellm_params": {"model": "openai/x", "api_key": "sk-hidden"},
                    "model_info": {"input_cost_per_token": 2e-6, "output_cost_per_token": 0}}]})
response = {"object": "chat.completion", "model": "x",
            "usage": {"prompt_tokens": 1000, "completion_tokens": 5, "total_tokens": 1005}}
assert prices.calculate(response, model="mine").response_cost == 0.002
assert llmcost.cost_per_token("gpt-4o", 1000, 100) == (0.0025, 0.001)
try:
    prices.calculate(response, model="unheard-of")
except llmcost.UnknownModelError:
    pass
try:
    prices.with_config("model_list: 3\\n")
except llmcost.ConfigError:
    pass
print("logging" in sys.modules)
"""


def run(**environment):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout, done.stderr


def test_debug_shows_the_decision_path():
    """Per call: names tried, deployment, layers with what became of each key; per failure why; never a secret."""
    _, log = run(LLMCOST_LOG="DEBUG")

    assert "llmcost DEBUG configured model_list[0] (openai/x), model_name 'mine', no file: config model_info" in log
    assert "deployment   model_list[0] (openai/x), found by its model_name 'mine'" in log
    assert "names tried  openai/x, x" in log
    assert "input_cost_per_token 0.000002 USD/token billed" in " ".join(log.split())
    assert "llmcost INFO not priced: UnknownModelError: no price is known for the model 'unheard-of'" in log
    assert "llmcost INFO configuration refused:\n<text>:1: model_list: a list of deployments is expected" in log
    assert log.count("DEBUG priced") == 2
    assert "sk-hidden" not in log


def test_info_is_one_line_a_call():
    """Title and total only."""
    _, log = run(LLMCOST_LOG="info")

    assert "llmcost INFO priced openai/x: 0.002 USD\n" in log
    assert "decision path" not in log


def test_a_level_that_is_none_is_told():
    """The calls go on, and one line says what the variable may be."""
    _, log = run(LLMCOST_LOG="loud")

    assert "LLMCOST_LOG=loud is no level; it is DEBUG or INFO" in log
    assert log.count("llmcost") == 1


@pytest.mark.parametrize("environment", [{}, {"LLMCOST_LOG": ""}])
def test_without_the_variable_nothing_is_logged(environment):
    """Nor is ``logging`` imported."""
    environment = {"LLMCOST_LOG": "", **environment}
    out, log = run(**environment)

    assert (out.strip(), log) == ("False", "")
