"""How prices may be written: numbers, texts, references, per million, per hour."""

from __future__ import annotations

import os
import textwrap
from decimal import Decimal

import pytest

import llmcost
from llmcost import CostMap, Usage


def priced(text, monkeypatch=None, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return CostMap({}).with_config(
        "model_list:\n  - model_name: m\n    litellm_params: {model: openai/none}\n    model_info:\n"
        + textwrap.indent(text, "      ")
    )


@pytest.mark.parametrize(
    "written", ["4e-07", '"0.0000004"', "0.4e-6", "0.0000004", "4.0e-7", '" 4e-7 "', "+4e-7", "!!float 4e-7"]
)
def test_every_spelling_of_a_number_is_a_price(written):
    """1,000,000 tokens at 4e-07 are 0.4 USD, however the price is written."""
    cost = priced(f"input_cost_per_token: {written}\n").calculate(usage=Usage(input=1_000_000), model="m")

    assert str(cost) == "0.40"


def test_a_reference_is_a_price(monkeypatch):
    """``os.environ/PRICE`` is looked up, also inside a nested block."""
    text = (
        "input_cost_per_token: os.environ/LLMCOST_TEST_IN\n"
        "search_context_cost_per_query: {search_context_size_medium: os.environ/LLMCOST_TEST_SEARCH}\n"
    )
    prices = priced(text, monkeypatch, LLMCOST_TEST_IN="0.42e-3", LLMCOST_TEST_SEARCH=" 0.01 ")
    cost = prices.calculate(usage=Usage(input=1000, web_searches=2), model="m")

    assert {line.meter: str(line.amount) for line in cost.line_items} == {"input": "0.42", "web_searches": "0.02"}


def test_a_reference_to_what_the_configuration_sets(monkeypatch):
    """``environment_variables`` of the file count as the environment, and are stronger, as in LiteLLM."""
    monkeypatch.setenv("LLMCOST_TEST_IN", "9")
    prices = CostMap({}).with_config(
        {
            "environment_variables": {"LLMCOST_TEST_IN": 0.000002},
            "model_list": [
                {
                    "model_name": "m",
                    "litellm_params": {"model": "x", "input_cost_per_token": "os.environ/LLMCOST_TEST_IN"},
                }
            ],
        }
    )

    assert str(prices.calculate(usage=Usage(input=1000), model="m")) == "0.002"


class Watched(dict):
    """An environment that remembers what was looked up."""

    def __init__(self, given):
        super().__init__(given)
        self.asked = []

    def get(self, name, default=None):
        self.asked.append(name)
        return super().get(name, default)

    def __getitem__(self, name):
        self.asked.append(name)
        return super().__getitem__(name)


def test_only_what_a_price_needs_is_looked_up(bundled, monkeypatch):
    """The price, the model, the base_model and the region are; the keys are not, and may be missing."""
    assert "gpt-4o" in bundled  # the map is read by now
    environment = Watched({"P": "1e-6", "M": "gpt-4o", "B": "gpt-4o", "SECRET": "sk-1"})
    monkeypatch.setattr(os, "environ", environment)
    prices = bundled.with_config(
        """
        model_list:
          - model_name: m
            litellm_params:
              model: os.environ/M
              api_key: os.environ/SECRET
              api_base: os.environ/UNSET
              aws_region_name: os.environ/UNSET_REGION
              input_cost_per_token: os.environ/P
            model_info: {base_model: os.environ/B}
        general_settings: {master_key: os.environ/SECRET}
        """
    )

    # The day that it is belongs to the prices, and not to the configuration.
    assert set(environment.asked) - {"LLMCOST_TODAY"} == {"P", "M", "B", "UNSET_REGION"}
    [deployment] = prices.deployments
    assert (deployment.backend, deployment.base_model, deployment.region) == ("gpt-4o", "gpt-4o", None)


def test_no_secret_is_kept(bundled):
    """Nothing that a deployment holds, however deep, is a key or a header of the file."""
    prices = bundled.with_config(
        {
            "model_list": [
                {
                    "model_name": "m",
                    "litellm_params": {
                        "model": "gpt-4o",
                        "api_key": "sk-hidden",
                        "extra_headers": {"Authorization": "sk-hidden"},
                        "input_cost_per_token": 1e-6,
                    },
                    "model_info": {"notes": "sk-hidden", "mode": "chat"},
                }
            ],
            "general_settings": {"master_key": "sk-hidden"},
        }
    )
    seen, waiting = set(), [prices.deployments]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        assert thing != "sk-hidden"
        if isinstance(thing, dict):
            waiting += [*thing, *thing.values()]
        elif isinstance(thing, (list, tuple, set, frozenset)):
            waiting += thing
        else:
            slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
            waiting += [getattr(thing, name) for name in slots] + list(getattr(thing, "__dict__", {}).values())
    assert len(seen) > 20


@pytest.mark.parametrize(
    ("line", "usage", "total"),
    [
        ("input_cost_per_million_tokens: 3", Usage(input=1000), "0.003"),
        ("output_cost_per_million_tokens: '15.00'", Usage(output=1000), "0.015"),
        ("cache_read_input_cost_per_million_tokens: 0.30", Usage(cache_read=1000), "0.0003"),
        ("cache_creation_input_cost_per_million_tokens_above_1hr: 6", Usage(cache_write_1h=1000), "0.006"),
        ("input_cost_per_million_audio_tokens: 40", Usage(input_audio=100), "0.004"),
        ("output_cost_per_million_reasoning_tokens: 8", Usage(reasoning=1000), "0.008"),
        ("input_cost_per_million_tokens_above_200k_tokens: 6", Usage(input=200_001), "1.200006"),
        ("input_cost_per_million_characters: 15", Usage(input_characters=1000), "0.015"),
        ("input_cost_per_audio_per_minute: 0.006", Usage(input_audio_seconds=90), "0.009"),
    ],
)
def test_prices_per_million_and_per_minute(line, usage, total):
    """The way vendors print their prices, with every suffix of the grammar."""
    assert str(priced(line + "\n").calculate(usage=usage, model="m")) == total


def test_an_hour_of_a_gpu_is_exact():
    """1 USD per hour for 7 s is 7/3600 USD: the float is the nearest, the Decimal says that it is not exact."""
    cost = priced("input_cost_per_hour: 1\n").calculate(model="m", duration=7)

    assert cost.response_cost == 7 / 3600
    assert not cost.exact
    assert str(cost.total) == "0.001944444444444444444444444444444444444444"
    assert [(line.meter, line.price_key) for line in cost.line_items] == [("input_seconds", "input_cost_per_hour")]


def test_an_hour_that_divides_is_a_decimal():
    """2.88 USD per hour is 0.0008 USD per second, exact; one hour costs what it says."""
    prices = priced("cost_per_hour: 2.88\n")

    assert prices.calculate(model="m", duration=1).total == Decimal("0.0008")
    assert prices.calculate(model="m", duration=3600).total == Decimal("2.88")
    assert prices.calculate(model="m", duration=0.1).total == Decimal("0.00008")


def test_the_spellings_hold_outside_a_configuration():
    """A call, ``register_model`` and a map of one's own take them too."""
    prices = CostMap({"a": {"input_cost_per_million_tokens": 2}})
    prices.register({"b": {"input_cost_per_million_tokens": "3"}})
    usage = Usage(input=1000)

    assert str(prices.calculate(usage=usage, model="a")) == "0.002"
    assert str(prices.calculate(usage=usage, model="b")) == "0.003"
    assert str(prices.calculate(usage=usage, model="a", input_cost_per_million_tokens=5)) == "0.005"
    with pytest.raises(llmcost.InvalidPriceError, match="keep one of the two"):
        prices.calculate(usage=usage, model="a", input_cost_per_million_tokens=5, input_cost_per_token=1e-6)


def test_nothing_unsets_a_price(configured, chat):
    """A key without a value un-sets the rate of weaker layers: the tokens are unpriced, never 0."""
    prices = configured(
        "model_list: [{model_name: m, litellm_params: {model: openai/gpt-4o}, model_info: {output_cost_per_token: }}]"
    )
    cost = prices.calculate(chat(), model="m")

    assert cost.unpriced == ("output",)
    assert [line.meter for line in cost.line_items] == ["input"]


def test_mode_of_the_deployment_decides_what_seconds_are(configured):
    """``mode: audio_transcription`` bills the length of the media, so that a measured latency is not billed."""
    prices = configured(
        """
        model_list:
          - model_name: own-whisper
            litellm_params: {model: openai/own, input_cost_per_second: 0.0001}
            model_info: {mode: audio_transcription}
          - model_name: own-gpu
            litellm_params: {model: openai/own2, input_cost_per_second: 0.0001}
        """
    )

    assert str(prices.calculate(usage=Usage(duration=60), model="own-whisper")) == "0.006"
    assert prices.calculate(usage=Usage(elapsed=60), model="own-whisper").unpriced == ("input_seconds",)
    assert str(prices.calculate(usage=Usage(elapsed=60), model="own-gpu")) == "0.006"
