"""A configuration with dates, terms and fees is one for LiteLLM too: its router takes it, and prices as before."""

from __future__ import annotations

import json

import pytest
import yaml

from llmcost import CostMap
from tests.sdks import optional

# What pydantic says of LiteLLM's own classes.
pytestmark = pytest.mark.filterwarnings("ignore:Items? .* on TypedDict class:UserWarning", "ignore::DeprecationWarning")

CONFIG = """
model_list:
  - model_name: house-model
    litellm_params: {model: openai/gpt-4o, api_key: sk-none}
    model_info:
      input_cost_per_token: 0.000003
      llmcost:
        prices:
          - {from: 2026-01-01, until: 2027-01-01, regions: [eu], input_cost_per_token: 0.000002}
        terms: [{name: volume, kind: discount, value: 0.2, meters: [input], from: 2026-01-01}]
        fees: {crm: {unit: lookup, price: 0.004}}
llmcost:
  terms: [{name: resale, kind: margin, value: 0.15, tags: [resold]}]
"""


@pytest.fixture
def litellm(monkeypatch):
    # It asks the network for its price map otherwise.
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    library = optional("litellm")
    # Its router puts a row with days into its map, which other tests write as JSON.
    monkeypatch.setattr(library, "model_cost", dict(library.model_cost))
    return library


def test_its_router_takes_the_blocks_and_passes_them_on(litellm):
    config = yaml.safe_load(CONFIG)

    router = litellm.Router(model_list=config["model_list"])

    (deployment,) = router.get_model_list(model_name="house-model")
    # It keeps every block, and writes days as text.
    stated = json.loads(json.dumps(config["model_list"][0]["model_info"]["llmcost"], default=str))
    assert deployment["model_info"]["llmcost"] == stated
    assert deployment["model_info"]["input_cost_per_token"] == 0.000003
    assert len(CostMap.bundled().with_config(config).deployments) == 1


def test_its_mock_answer_is_made_and_priced_by_us(litellm):
    """10 tokens of input at 0.000003, 20% off; 20 of output at the map's 0.00001."""
    config = yaml.safe_load(CONFIG)
    router = litellm.Router(model_list=config["model_list"])

    answer = router.completion(
        model="house-model", messages=[{"role": "user", "content": "x"}], mock_response="the answer"
    )
    answer.usage = litellm.Usage(prompt_tokens=10, completion_tokens=20, total_tokens=30)

    cost = CostMap.bundled().with_config(config).calculate(answer, model="house-model", at="2026-06-01")
    assert str(cost) == "0.000224"
