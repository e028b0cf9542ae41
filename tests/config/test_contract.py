"""Prices with dates and regions in ``model_info`` of a configuration, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from llmcost import ConfigError, Usage

pytestmark = pytest.mark.usefixtures("build_day")

STEPS = """
model_list:
  - model_name: our-gpt
    litellm_params: {model: openai/gpt-4o}
    model_info:
      llmcost:
        prices:
          - from: 2025-01-01
            until: 2026-01-01
            input_cost_per_million_tokens: 2.2
            output_cost_per_million_tokens: 9
          - from: 2026-01-01
            until: 2027-01-01
            input_cost_per_million_tokens: os.environ/OUR_INPUT
          - {from: 2026-01-01, regions: [eu], input_cost_per_million_tokens: 2.1}
environment_variables: {OUR_INPUT: "2"}
"""


# gpt-4o of the map: 2.50 USD a million tokens of input, 10 of output.
@pytest.mark.parametrize(
    ("at", "region", "expected"),
    [
        ("2024-12-31T23:59:59Z", None, "12.5"),
        ("2025-01-01", None, "11.2"),
        ("2025-12-31T23:59:59Z", "eu", "11.2"),
        ("2026-01-01", None, "12"),
        ("2026-01-01", "eu", "12.1"),
        ("2027-01-01", None, "12.5"),
        ("2027-01-01", "eu", "12.1"),
    ],
)
def test_steps_and_a_region(configured, at, region, expected):
    usage = Usage(input=1_000_000, output=1_000_000)

    cost = configured(STEPS).calculate(usage=usage, model="our-gpt", at=at, region=region)

    assert cost.total == Decimal(expected)


def test_the_region_of_the_deployment_counts(bundled):
    text = STEPS.replace("{model: openai/gpt-4o}", "{model: openai/gpt-4o, region_name: EU}")
    prices = bundled.with_config(text)

    found = [prices.calculate(usage=Usage(input=10**6), model="our-gpt", region=r).total for r in (None, "us")]

    assert found == [Decimal("2.1"), 2]


def test_a_mapping_may_have_dates(bundled):
    """What PyYAML makes of ``from: 2026-01-01``."""
    blocks = [{"from": date(2026, 1, 1), "until": date(2027, 1, 1), "input_cost_per_token": 1e-6}]
    listed = {
        "model_name": "m",
        "litellm_params": {"model": "openai/gpt-4o"},
        "model_info": {"llmcost": {"prices": blocks}},
    }
    prices = bundled.with_config({"model_list": [listed]})

    found = [prices.calculate(usage=Usage(input=10**6), model="m", at=at).total for at in ("2026-12-31", "2027-01-01")]

    assert found == [1, Decimal("2.5")]


def test_deployments_of_one_name_are_compared_with_their_blocks(bundled, configured):
    """Both price the same today and not in 2028, so that one has to be named."""
    two = """
    model_list:
      - {model_name: a, litellm_params: {model: openai/gpt-4o}, model_info: {id: one}}
      - model_name: a
        litellm_params: {model: openai/gpt-4o}
        model_info: {id: two, llmcost: {prices: [{from: 2028-01-01, input_cost_per_token: 1e-6}]}}
    """
    prices = configured(two)

    with pytest.raises(LookupError, match="several deployments that price differently"):
        prices.calculate(usage=Usage(input=1), model="a")
    assert prices.calculate(usage=Usage(input=10**6), deployment="two", at="2028-01-01").total == 1


WRONG = """\
model_list:
  - model_name: a
    litellm_params:
      model: openai/gpt-4o
      llmcost: {prices: []}
    model_info:
      input_cost_per_token: 1e-6
      llmcost:
        price: []
        prices:
          - from: 2026-02-30
            input_cost_per_token: 1e-6
          - from: 20260101
            input_cost_per_token: 1e-6
          - from: 2026-03-01
            until: 2026-03-01
            input_cost_per_token: 1e-6
          - regions: eu
            input_cost_per_token: 1e-6
          - regions: []
            input_cost_per_token: 1e-6
          - regions: [7]
            input_cost_per_token: 1e-6
          - input_cost_per_tokn: 1e-6
          - input_cost_per_token: -1
          - input_cost_per_token: 1,5e-6
          - input_cost_per_token: os.environ/NOT_SET_ANYWHERE
          - form: 2026-01-01
            input_cost_per_token: 1e-6
          - until: 2026-01-01
          - 2026-01-01
          - {input_cost_per_token: 2e-6}
          - {from: 2030-01-01, output_cost_per_token: 2e-6}
          - {from: 2031-01-01, output_cost_per_token: 3e-6}
          - {regions: [us, jp], from: 2031-01-01, output_cost_per_token: 3e-6}
          - {regions: [jp], from: 2032-01-01, output_cost_per_token: 3e-6}
          - from: 2033-01-01
            input_cost_per_token: 1e-6
            input_cost_per_token: 2e-6
          - {from: 2034-01-01, until: 2035-01-01, input_cost_per_million_tokens: 1, input_cost_per_token: 2e-6}
  - model_name: b
    litellm_params: {model: openai/gpt-4o}
    model_info: {llmcost: {prices: {from: 2026-01-01}}}
"""


def test_twenty_mistakes_are_one_report(bundled, tmp_path):
    """Each with its file, its line and its address, in the order of the file; nothing is applied."""
    path = tmp_path / "config.yaml"
    path.write_text(WRONG, encoding="utf-8")

    with pytest.raises(ConfigError) as error:
        bundled.with_config(path)

    said = str(error.value).splitlines()
    own = "model_list[0].model_info.llmcost"
    expected = [
        ("config.yaml:5", "model_list[0].litellm_params.llmcost: belongs in model_info"),
        ("config.yaml:9", f"{own}.price: is no option here"),
        ("config.yaml:11", f"{own}.prices[0].from = '2026-02-30': is no day"),
        ("config.yaml:13", f"{own}.prices[1].from = 20260101: a day is written YYYY-MM-DD"),
        ("config.yaml:16", f"{own}.prices[2].until = '2026-03-01': is not after from"),
        ("config.yaml:18", f"{own}.prices[3].regions = 'eu': a list of regions"),
        ("config.yaml:20", f"{own}.prices[4].regions = a list: a list of regions"),
        ("config.yaml:22", f"{own}.prices[5].regions = a list: a region is a name"),
        ("config.yaml:24", f"{own}.prices[6].input_cost_per_tokn = '1e-6': looks like a price key but is not one. Did"),
        ("config.yaml:25", f"{own}.prices[7].input_cost_per_token = -1: a price is a finite number"),
        ("config.yaml:26", f"{own}.prices[8].input_cost_per_token = '1,5e-6': not a decimal number"),
        ("config.yaml:27", f"{own}.prices[9].input_cost_per_token = 'os.environ/NOT_SET_ANYWHERE': the variable"),
        ("config.yaml:28", f"{own}.prices[10].form = '2026-01-01': is no key of a block. Did you mean 'from'?"),
        ("config.yaml:30", f"{own}.prices[11]: sets no price"),
        ("config.yaml:31", f"{own}.prices[12] = '2026-01-01': a mapping of from, until"),
        (
            "config.yaml:32",
            f"{own}.prices[13].input_cost_per_token: is also set by model_list[0].model_info.input_cost_per_token",
        ),
        (
            "config.yaml:34",
            f"{own}.prices[15].output_cost_per_token: is also set by {own}.prices[14].output_cost_per_token "
            "(config.yaml:33) for the same time:",
        ),
        (
            "config.yaml:36",
            f"{own}.prices[17].output_cost_per_token: is also set by {own}.prices[16].output_cost_per_token "
            "(config.yaml:35) for the same time and region:",
        ),
        ("config.yaml:39", f"{own}.prices[18].input_cost_per_token: stands twice in this mapping"),
        ("config.yaml:40", f"{own}.prices[19].input_cost_per_token = '2e-6': input_cost_per_million_tokens sets the"),
        ("config.yaml:43", "model_list[1].model_info.llmcost.prices: a list of blocks is expected"),
    ]
    assert len(said) == len(expected)
    for line, (place, text) in zip(said, expected, strict=True):
        assert line.startswith(f"{place}: {text}")
    assert bundled.calculate(usage=Usage(input=10**6), model="gpt-4o").total == Decimal("2.5")
