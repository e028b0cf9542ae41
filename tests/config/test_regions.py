"""Where a deployment runs: what it says itself, else the host of its own seller."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap

ROW = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "regional_processing_uplift_multiplier_eu": 1.1,
    "fedramp_uplift_multiplier": 1.2,
    "litellm_provider": "openai",
}
BODY = {
    "object": "chat.completion",
    "model": "m",
    "choices": [],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000},
}


def total(model: str, **params: object) -> Decimal:
    """What 1000 tokens cost that a deployment with these parameters took."""
    listed = {"model_name": "mine", "litellm_params": {"model": model, **params}}
    prices = CostMap({"m": ROW, "azure/m": {**ROW, "litellm_provider": "azure"}})
    return prices.with_config({"model_list": [listed]}).calculate(BODY, model="mine").total


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        # 1000 x 2e-6, a tenth more in the EU, and a fifth more under FedRAMP
        ({"api_base": "https://eu.api.openai.com/v1"}, "0.0022"),
        ({"base_url": "https://EU.api.openai.com"}, "0.0022"),
        ({"api_base": "https://gov.api.openai.com/v1"}, "0.0024"),
        ({"api_base": "https://api.openai.com/v1"}, "0.002"),
        ({"api_base": "https://eu.example.com/v1"}, "0.002"),
        ({"api_base": "https://[eu"}, "0.002"),
        ({"api_base": 4711}, "0.002"),
        # what the deployment says is stronger than its host
        ({"api_base": "https://eu.api.openai.com/v1", "region_name": "us"}, "0.002"),
    ],
)
def test_the_host_names_the_region(params, expected):
    """OpenAI serves a region at a host of its own: https://platform.openai.com/docs/guides/your-data."""
    assert total("openai/m", **params) == Decimal(expected)
    assert total("m", **params) == Decimal(expected)


def test_the_host_of_another_seller_says_nothing():
    """A proxy at OpenAI's address would be odd, and its region is not Azure's."""
    assert total("azure/m", api_base="https://eu.api.openai.com/v1") == Decimal("0.002")


def test_a_host_in_a_variable(monkeypatch):
    """It is looked up; without a value it says nothing."""
    assert total("openai/m", api_base="os.environ/NO_BASE") == Decimal("0.002")
    monkeypatch.setenv("MY_BASE", "https://eu.api.openai.com/v1")
    assert total("openai/m", api_base="os.environ/MY_BASE") == Decimal("0.0022")


def test_a_credential_says_where_its_deployments_run():
    """``litellm_credential_name``: its values take the place of the deployment's own, and keys are not read."""
    listed = {"model_name": "mine", "litellm_params": {"model": "openai/m", "litellm_credential_name": "there"}}
    values = {"api_key": "sk-secret", "api_base": "https://eu.api.openai.com/v1"}
    there = {"credential_name": "there", "credential_values": values}
    other = {"credential_name": "other", "credential_values": {"region_name": "us"}}
    prices = CostMap({"m": ROW})

    def of(*credentials: object, **params: object) -> Decimal:
        own = {**listed, "litellm_params": {**listed["litellm_params"], **params}}
        config = {"model_list": [own], "credential_list": list(credentials)}
        return prices.with_config(config).calculate(BODY, model="mine").total

    # 1000 x 2e-6, and a tenth more in the EU
    assert of(other, there) == of(there, api_base="https://api.openai.com/v1") == Decimal("0.0022")
    named = {"credential_name": "there", "credential_values": {"region_name": "eu"}}
    assert of(named, region_name="us") == Decimal("0.0022")
    assert of() == of(other) == of({"credential_name": "there"}) == of("there") == Decimal("0.002")
