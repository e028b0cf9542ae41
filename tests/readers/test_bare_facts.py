"""Facts beside bare counters: those of price are applied, those that look like it are noted, costs are not believed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, read_usage

MAP = CostMap(
    {
        "m": {
            "input_cost_per_token": 1e-6,
            "output_cost_per_token": 2e-6,
            "input_cost_per_token_flex": 5e-7,
            "output_cost_per_token_flex": 1e-6,
            "input_cost_per_token_batches": 2.5e-7,
            "output_cost_per_token_batches": 5e-7,
        }
    }
)
BASES = (
    {"prompt_tokens": 1000, "completion_tokens": 100},
    {"input_tokens": 1000, "output_tokens": 100},
    {"inputTokens": 1000, "outputTokens": 100},
)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(
    ("fact", "total"),
    [
        # 1000 x 1e-6 + 100 x 2e-6 at standard, half of it for flex, a quarter for batches.
        ({}, "0.0012"),
        ({"service_tier": "flex"}, "0.0006"),
        ({"serviceTier": "flex"}, "0.0006"),
        ({"tier": "flex"}, "0.0006"),
        ({"batch": True}, "0.0003"),
        ({"is_batch": True}, "0.0003"),
        ({"batch": False}, "0.0012"),
        # Tables write a flag in other ways.
        *[({"batch": flag}, "0.0003") for flag in ("true", "True", "yes", "1", 1, 1.0)],
        *[({"is_batch": flag}, "0.0012") for flag in ("false", "No", "0", "", 0, None)],
    ],
)
def test_tier_and_batch(base, fact, total):
    """They select a rate, whatever the counters are called."""
    cost = MAP.calculate(usage={**base, **fact}, model="m")
    assert cost.total == Decimal(total)
    assert cost.complete


def test_what_looks_like_a_fact_of_price_is_noted():
    """A region may decide the price, a word of a tier that nobody knows and a hit of a cache too: none is applied."""
    unknown = ({"batch": "batch_abc"}, {"is_batch": 7})
    for fact in ({"region": "eu-west-1"}, {"tier": "gold"}, {"cache_hit": True}, {"cache_hit": "True"}, *unknown):
        cost = MAP.calculate(usage={**BASES[0], **fact}, model="m")
        assert cost.total == Decimal("0.0012")
        assert [note.code for note in cost.notes] == ["fact_not_applied"]
    assert read_usage({**BASES[0], "tier": "gold"}).service_tier is None


@pytest.mark.parametrize("name", ["n", "top_p", "temperature", "seed", "index", "version", "start"])
def test_settings_and_labels_are_no_counters(name):
    """A number under one of these names is nothing that is billed."""
    assert read_usage({**BASES[0], name: 3}).unread == {}


@pytest.mark.parametrize(
    "name", ["total_cost", "totalCost", "cost_usd", "costUSD", "cost_in_usd", "response_cost", "spend"]
)
def test_a_cost_that_somebody_calculated(name):
    """It is named and not believed; only ``cost`` is a report."""
    cost = MAP.calculate(usage={**BASES[1], name: 5.0}, model="m")
    assert cost.total == Decimal("0.0012")
    assert [note.about for note in cost.notes] == [name]
    assert cost.complete
    assert MAP.calculate(usage={**BASES[1], "cost": "0.5"}, model="m").total == Decimal("0.5")


def test_place_and_speed():
    """Anthropic's words of what a call is billed by."""
    usage = read_usage({**BASES[1], "inference_geo": "us", "speed": "fast"})
    assert (usage.region, usage.speed) == ("us", "fast")


def test_model_provider_and_time():
    """The model is priced, the provider is a weak word, and the time is that of the price."""
    usage = read_usage({**BASES[1], "model_name": "m", "provider": "x_ai", "timestamp": "2026-05-01T00:00:00Z"})
    assert (usage.model, usage.named_provider, usage.at) == ("m", "x_ai", "2026-05-01T00:00:00Z")
    assert read_usage({**BASES[1], "model": "m", "cached_tokens": 5}).model == "m"


def test_a_usage_beside_its_model():
    """The commonest line of a log has no envelope; its facts stand beside the counters, or among them."""
    usage = read_usage({"model": "m", "service_tier": "flex", "usage": {**BASES[0], "total_tokens": 1100}})
    assert (usage.quantities, usage.model, usage.service_tier) == ({"input": 1000, "output": 100}, "m", "flex")
    usage = read_usage({"model": "m", "usage": {**BASES[0], "service_tier": "priority", "zzz": 7}})
    assert (usage.service_tier, usage.unread) == ("priority", {"zzz": 7})
    anthropic = {"input_tokens": 3, "cache_read_input_tokens": 9511, "output_tokens": 1944}
    assert read_usage({"model": "claude-x", "usage": anthropic}).quantities == {
        "input": 3,
        "cache_read": 9511,
        "output": 1944,
    }


def test_what_xai_charged():
    """13,000,000 ticks of 10^-10 USD are 0.0013: above 1000 x 1e-6 + 100 x 2e-6, and it counts."""
    cost = MAP.calculate(usage={**BASES[0], "cost_in_usd_ticks": 13_000_000}, model="m")
    assert (cost.total, cost.reported) == (Decimal("0.0013"), Decimal("0.0013"))
    assert [note.code for note in cost.notes] == ["reported_differs"]


@pytest.mark.parametrize(
    "name", ["total_cost", "totalCost", "cost_usd", "costUSD", "cost_in_usd", "response_cost", "spend"]
)
def test_a_cost_of_somebody_is_said_and_not_used(name):
    """Whatever a log calls it, a note says that the cost was calculated by prices of somebody's own."""
    usage = read_usage({"prompt_tokens": 1000, "completion_tokens": 10, name: 0.5})
    assert [(note.code, note.about) for note in usage.notes] == [("cost_not_used", name)]
    assert usage.reported is None


SHAPES = [
    {"prompt_tokens": 1000, "completion_tokens": 10},
    {"promptTokenCount": 1000, "candidatesTokenCount": 10},
    {"inputTokens": 1000, "outputTokens": 10},
]


@pytest.mark.parametrize("counters", SHAPES)
def test_ticks_of_a_row(counters):
    """5,000,000,000 ticks of a ten-thousandth of a millionth are half a dollar, whatever the counters are called."""
    usage = read_usage({**counters, "cost_in_usd_ticks": 5_000_000_000})
    assert (usage.provider, str(usage.reported)) == ("xai", "0.5")


def test_a_model_of_digits_in_a_row_of_text():
    """Counters written as text are numbers, and the name of a model stays text."""
    usage = read_usage({"prompt_tokens": "1000", "completion_tokens": "10", "model": "4"})
    assert (usage.model, usage.quantities) == ("4", {"input": 1000, "output": 10})


@pytest.mark.parametrize("counters", SHAPES)
def test_the_speed_beside_counters(counters):
    """A price may depend on it, whatever the counters are called."""
    assert read_usage({**counters, "speed": "fast"}).speed == "fast"


def test_requests_by_the_names_of_litellm():
    """Its spend by day adds up requests, and those that failed used nothing."""
    counters = {"model": "m", "prompt_tokens": 10, "completion_tokens": 5, "failed_requests": 1}
    for many, aggregate in ((3, True), (1, False)):
        usage = read_usage({**counters, "api_requests": many})
        assert (usage.aggregate, usage.unread) == (aggregate, {})
