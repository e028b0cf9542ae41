"""A contract on the command line: the rate card of a day, the tags and fees of calls, and terms that nobody had."""

from __future__ import annotations

import json

import pytest

CONFIG = """
model_list:
  - model_name: house
    litellm_params: {model: acme/small-1}
    model_info:
      llmcost:
        prices:
          - {from: 2025-01-01, until: 2026-01-01, output_cost_per_token: 3e-6}
          - {from: 2026-01-01, output_cost_per_token: 2e-6}
        fees: {crm: 0.5}
llmcost:
  terms:
    - {name: resale, kind: margin, value: 0.5, tags: [resold]}
    - {name: lent, kind: margin, value: 1, tags: [lent]}
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def log(tmp_path):
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 1_000_000, "total_tokens": 2_000_000}
    calls = [
        {"usage": usage, "model": "house", "time": "2025-12-31T23:59:59Z", "tags": ["resold"]},
        {"usage": usage, "model": "house", "time": "2026-01-01T00:00:00Z", "fees": {"crm": 2}},
    ]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(f"{json.dumps(call)}\n" for call in calls), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("at", "rate", "layer"),
    [
        ("2024-12-31", "0.000004", "map"),
        ("2025-12-31", "0.000003", "config model_info"),
        ("2026-01-01", "0.000002", "config model_info"),
    ],
)
def test_show_the_rates_of_a_day(run, config, at, rate, layer):
    found = json.loads(run("show", "house", "--config", config, "--at", at, "--json").stdout)

    (output,) = [row for row in found["rates"] if row["meter"] == "output" and not row["conditions"]]
    assert output["rate"] == rate
    assert output["layer"] == layer
    assert len(output["remarks"]) == 1


def test_show_says_of_which_day_it_is(run, config):
    said = run("show", "house", "--config", config, "--at", "2025-12-31").stdout

    assert "  at          2025-12-31, dated: current" in said
    assert "llmcost.prices[0] of config model_info house is in force from 2025-01-01 until 2026-01-01" in said


def totals(found):
    assert found.exit_code == 0
    return [call["total"] for call in json.loads(found.stdout)["calls"]]


def test_a_log_has_its_tags_and_fees(run, config, log):
    """1 + 3 and half of it; 1 + 2 + 2 x 0.5."""
    assert totals(run("price", log, "--config", config, "--json")) == ["6", "4"]


def test_options_for_tags_and_fees(run, config, log):
    """They are stronger than what a record says: 4 + 0.5 and half of it; 3 + 0.5 and half of it."""
    found = run("price", log, "--config", config, "--tag", "resold", "--fee", "crm=1", "--json")

    assert totals(found) == ["6.75", "5.25"]
    wrong = run("price", log, "--fee", "crm")
    assert wrong.exit_code == 2
    assert "is not NAME=N, such as crm_lookup=3" in wrong.stderr


def test_check_lists_terms_that_no_call_had(run, config, log):
    said = run("check", config, log).stdout

    assert said.splitlines()[-2:] == [
        "terms that none of these calls had",
        " - lent: config llmcost lent, llmcost.terms[1]",
    ]
