"""``llmcost migrate check``: what of LiteLLM a code base uses."""

from __future__ import annotations

import pytest

pytest.importorskip("click")

from click.testing import CliRunner

from llmcost.cli._app import app

CODE = """\
import litellm
from litellm import completion_cost as cost, Router
from litellm.utils import get_model_info

litellm.cost_discount_config = {"openai": 0.1}
litellm.max_budget = 10
litellm.model_cost["x"] = {}
print(cost(response, total_time=5), litellm.cost_per_token("gpt-4o", 1, 1))
litellm.completion(model="gpt-4o")
print(litellm.supports_reasoning("o3"), other.completion())
"""
SUCCESS = "success_callback: same"
CONFIG = """\
model_list:
  - model_name: chat
    litellm_params: {model: openai/gpt-4o, input_cost_per_token: 1e-6}
litellm_settings: {drop_params: true, num_retries: 2}
"""


def run(*arguments):
    return CliRunner().invoke(app, ["migrate", "check", *map(str, arguments)])


def test_a_code_base_is_listed_with_file_and_line(tmp_path):
    """What changes and what is not here; what is the same is counted."""
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "other.yml").write_text("a: 1", encoding="utf-8")
    hidden = tmp_path / ".venv"
    hidden.mkdir()
    (hidden / "x.py").write_text("import litellm\nlitellm.completion()", encoding="utf-8")
    result = run(tmp_path)
    lines = [line.removeprefix(f"{tmp_path}/") for line in result.output.splitlines()]
    assert result.exit_code == 0
    assert [line.partition(" (")[0] for line in lines] == [
        "app.py:2: Router: not here",
        "app.py:3: get_model_info: changes",
        "app.py:6: max_budget = ...: not here",
        "app.py:7: model_cost[...] = ...: changes",
        "app.py:8: completion_cost(total_time=): changes",
        "app.py:9: completion: not here",
        "app.py:10: supports_reasoning: changes",
        "config.yaml:4: litellm_settings.drop_params: not here",
        "config.yaml:4: litellm_settings.num_retries: not here",
        "5 same, 4 changes, 5 not here",
    ]
    assert "response_time_ms=" in result.output


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import litellm\nlitellm.utils.register_model({})", ["register_model: same"]),
        ("import litellm as l\nl.cost_calculator.completion_cost(r)", ["completion_cost: same"]),
        ("import litellm\nlitellm.exceptions.Timeout", ["Timeout: not here"]),
        ("from litellm import cost_calculator as c\nc.cost_per_token('m')", ["cost_per_token: same"]),
        ("import litellm\nx = litellm.success_callback + litellm.model_cost['m']", ["model_cost: same", SUCCESS]),
        ("import litellm\nlitellm.model_cost['m']['x'] = 1", ["model_cost: same", "model_cost[...] = ...: changes"]),
        ("import litellm\nlitellm.model_cost.update({})", ["model_cost: same", "model_cost.update(): changes"]),
        ("import litellm\nlitellm.model_cost = {}", ["model_cost = ...: changes"]),
        (
            "import litellm\nlitellm.success_callback = ['langfuse', tell]",
            ["success_callback = ...: same", "success_callback of 'langfuse': changes"],
        ),
        ("import litellm\nlitellm.success_callback = [tell]", ["success_callback = ...: same"]),
        (
            "import litellm\nlitellm.success_callback.append('langfuse')",
            [SUCCESS, "success_callback of 'langfuse': changes"],
        ),
        (
            "import litellm\nlitellm.success_callback += ['langfuse']",
            ["success_callback = ...: same", "success_callback of 'langfuse': changes"],
        ),
        ("import litellm\nlitellm.input_callback = ['langfuse']", ["input_callback = ...: not here"]),
        ("from own.llm import litellm\nlitellm.completion_cost(r)", ["completion_cost: same"]),
        ("litellm = load()\nlitellm.completion_cost(r)", ["completion_cost: same"]),
        ("lib = import_module('litellm')\nlib.completion_cost(r)", ["completion_cost: same"]),
        ("from .litellm import Backend\nfrom . import litellm\nlitellm.run()", []),
    ],
)
def test_litellm_is_found_however_it_is_reached(tmp_path, code, found):
    """By its modules, through another module, by a call; a module of one's own of this name is none of it."""
    (tmp_path / "a.py").write_text(code, encoding="utf-8")
    lines = [line.partition(" a.py:")[2] or line for line in run(tmp_path / "a.py", "--all").output.splitlines()]
    names = [line.rpartition("/")[2].partition(": ")[2].partition(" (")[0] for line in lines if "a.py:2:" in line]
    assert sorted(names) == sorted(found)


def test_all_lists_what_stays_the_same(tmp_path):
    """With the deployments of a configuration."""
    (tmp_path / "app.py").write_text("from litellm import cost_per_token", encoding="utf-8")
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    result = run(tmp_path, "--all")
    assert "app.py:1: cost_per_token: same" in result.output
    assert "config.yaml: 1 deployments: same" in result.output


def test_a_problem_of_a_configuration_is_named(tmp_path):
    """With its address."""
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.replace("1e-6", "-1"), encoding="utf-8")
    assert "input_cost_per_token" in run(config).output


def test_what_is_no_python_is_said(tmp_path):
    """And the rest is read all the same."""
    (tmp_path / "a.py").write_text("def (", encoding="utf-8")
    (tmp_path / "b.py").write_text("import litellm\nlitellm.Router()", encoding="utf-8")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "b.py:2: Router: not here" in result.output


def test_code_without_litellm_has_nothing():
    """This file."""
    result = run(__file__)
    assert result.output == f"{__file__}: no use of LiteLLM's cost functions was found\n"
