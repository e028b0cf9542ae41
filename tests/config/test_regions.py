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


VERTEX_ROW = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "regional_endpoint_uplift_multiplier": 1.1,
    "litellm_provider": "vertex_ai",
}
BEDROCK_ROWS = {
    "anthropic.m": {**ROW, "litellm_provider": "bedrock"},
    "bedrock/us-gov-west-1/anthropic.m": {"input_cost_per_token": 3e-06, "litellm_provider": "bedrock"},
}


def of_blocks(model: str, params: dict[str, object], **blocks: object) -> Decimal:
    """What 1000 tokens cost that a deployment took, in a configuration with these blocks."""
    listed = {"model_name": "mine", "litellm_params": {"model": model, **params}}
    prices = CostMap({"m": ROW, "vertex_ai/m": VERTEX_ROW, **BEDROCK_ROWS})
    return prices.with_config({"model_list": [listed], **blocks}).calculate(BODY, model="mine").total


@pytest.mark.parametrize(
    ("params", "blocks", "expected"),
    [
        ({}, {}, "0.002"),
        ({}, {"litellm_settings": {"vertex_location": "us-east5"}}, "0.0022"),
        ({}, {"litellm_settings": {"vertex_location": "global"}}, "0.002"),
        ({}, {"environment_variables": {"VERTEXAI_LOCATION": "us-east5"}}, "0.0022"),
        ({}, {"environment_variables": {"VERTEX_LOCATION": "us-east5"}}, "0.0022"),
        # the setting is stronger than the variable, and what the deployment says than both
        (
            {},
            {
                "litellm_settings": {"vertex_location": "global"},
                "environment_variables": {"VERTEXAI_LOCATION": "us-east5"},
            },
            "0.002",
        ),
        ({"vertex_location": "global"}, {"litellm_settings": {"vertex_location": "us-east5"}}, "0.002"),
        # the host to which a deployment sends its calls is stronger than a default
        (
            {"api_base": "https://us-east5-aiplatform.googleapis.com/v1"},
            {"environment_variables": {"VERTEXAI_LOCATION": "global"}},
            "0.0022",
        ),
        # the global endpoint is a place too
        (
            {"api_base": "https://aiplatform.googleapis.com/v1"},
            {"litellm_settings": {"vertex_location": "us-east5"}},
            "0.002",
        ),
        # it is the place of calls that no deployment takes
        ({}, {"default_vertex_config": {"vertex_location": "us-east5"}}, "0.002"),
    ],
)
def test_where_all_models_of_vertex_run(params, blocks, expected):
    """LiteLLM's own order. A regional endpoint costs a tenth more: 1000 x 2e-6 x 1.1."""
    assert of_blocks("vertex_ai/m", params, **blocks) == Decimal(expected)


def test_the_place_of_vertex_is_not_that_of_others():
    """Neither a setting of Vertex nor a variable of AWS says anything of OpenAI."""
    blocks = {"litellm_settings": {"vertex_location": "eu"}, "environment_variables": {"AWS_REGION_NAME": "eu"}}
    assert of_blocks("openai/m", {}, **blocks) == Decimal("0.002")


@pytest.mark.parametrize("variable", ["AWS_REGION_NAME", "AWS_REGION"])
def test_where_all_models_of_bedrock_run(variable):
    """GovCloud has a row of its own: 1000 x 3e-6."""
    blocks = {"environment_variables": {variable: "us-gov-west-1"}}
    assert of_blocks("bedrock/anthropic.m", {}, **blocks) == Decimal("0.003")
    assert of_blocks("bedrock/anthropic.m", {"aws_region_name": "us-east-1"}, **blocks) == Decimal("0.002")


def test_a_default_in_a_variable(monkeypatch):
    """It is looked up; what is written as no region may be a secret, and names none."""
    blocks = {"litellm_settings": {"vertex_location": "os.environ/OUR_PLACE"}}
    assert of_blocks("vertex_ai/m", {}, **blocks) == Decimal("0.002")
    monkeypatch.setenv("OUR_PLACE", "us-east5")
    assert of_blocks("vertex_ai/m", {}, **blocks) == Decimal("0.0022")
    monkeypatch.setenv("OUR_PLACE", "sk-proj-4711")
    assert of_blocks("vertex_ai/m", {}, **blocks) == Decimal("0.002")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"model": "vertex_ai/m"}, "0.0022"),
        ({"provider": "vertex_ai", "model": "m"}, "0.0022"),
        ({"model": "vertex_ai/m", "region": "global"}, "0.002"),
        ({"model": "openai/m"}, "0.002"),
        ({"model": "mine"}, "0.002"),  # a deployment says itself where it runs
    ],
)
def test_where_calls_of_vertex_run_that_pass_through(facts, expected):
    """``default_vertex_config`` says it: https://docs.litellm.ai/docs/pass_through/vertex_ai."""
    prices = CostMap({"m": ROW, "vertex_ai/m": VERTEX_ROW, "vertex_ai/n": VERTEX_ROW}).with_config(
        {
            "model_list": [{"model_name": "mine", "litellm_params": {"model": "vertex_ai/n"}}],
            "default_vertex_config": {"vertex_project": "p", "vertex_location": "us-east5"},
        }
    )
    assert prices.calculate(BODY, **facts).total == Decimal(expected)


def test_check_asks_where_a_deployment_of_vertex_runs():
    """If it matters, and nothing says it."""
    from llmcost.config.check import check

    def warnings(**params: object) -> tuple[str, ...]:
        listed = {"model_name": "mine", "litellm_params": {"model": "vertex_ai/m", **params}}
        return check({"model_list": [listed]}, CostMap({"vertex_ai/m": VERTEX_ROW})).warnings

    assert [text for text in warnings() if "Write vertex_location" in text]
    assert not warnings(vertex_location="global")
    assert not warnings(vertex_location="us-east5")
