"""The threads about deployments, base models and regions, once more through a configuration."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from llmcost import CostMap, UnknownModelError

CASES = {
    case["id"]: case
    for line in (Path(__file__).parents[1] / "golden" / "regressions.jsonl").read_text(encoding="utf-8").splitlines()
    if (case := json.loads(line))["id"] in {"R24", "R25", "R28", "R29"}
}


def usage_of(case):
    usage = dict(case["input"]["usage"])
    return {"dialect": usage.pop("dialect"), "usage": usage}


def deployed(case, model, **info):
    listed = {"model_name": "m", "litellm_params": {"model": model}, "model_info": info}
    return CostMap(case["input"]["map"]).with_config({"model_list": [listed]})


@pytest.mark.parametrize("name", ["R24", "R25"])
def test_base_model_and_own_prices(name):
    """Explicit prices beat base_model, and base_model may belong to another provider."""
    case = CASES[name]
    config = case["input"]["config"]
    cost = deployed(case, config["model"], **config["model_info"]).calculate(model="m", **usage_of(case))

    assert cost.total == Decimal(case["expected_usd"])
    layers = {line.layer for line in cost.line_items}
    assert layers == ({"config model_info"} if name == "R24" else {"base_model"})


def test_r28_the_most_specific_region():
    """The regional row is used where there is one; where there is none the note says so."""
    case = CASES["R28"]
    costs = [deployed(case, model).calculate(model="m", **usage_of(case)) for model in case["input"]["models"]]

    assert [cost.total for cost in costs] == [Decimal("0.33"), Decimal("0.3")]
    assert costs[0].notes == ()
    assert "regional row missing: base row used, geo profiles usually cost more" in costs[1].notes


def test_r29_an_inference_profile_needs_a_base_model():
    """An application profile's ARN holds no model: without base_model it is unknown, and the error says so."""
    case = CASES["R29"]
    model = case["input"]["model"]
    with pytest.raises(UnknownModelError, match="base_model="):
        deployed(case, model).calculate(model="m", **usage_of(case))

    cost = deployed(case, model, base_model="eu.anthropic.claude-sonnet-4-6").calculate(model="m", **usage_of(case))
    assert cost.total == Decimal("0.00495")
