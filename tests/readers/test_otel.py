"""Spans: attributes flat, in the SDK's object, in its JSON and in OTLP's JSON."""

from __future__ import annotations

from types import MappingProxyType, SimpleNamespace

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

ATTRIBUTES = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5",
    "gen_ai.response.model": "gpt-5-2025-08-07",
    "openai.response.service_tier": "flex",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 50,
    "gen_ai.usage.cache_read.input_tokens": 800,
    "gen_ai.usage.reasoning.output_tokens": 20,
}
QUANTITIES = {"input": 200, "cache_read": 800, "output": 30, "reasoning": 20}
OTLP = [
    {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
    for key, value in ATTRIBUTES.items()
]


def test_flat_attributes():
    """The model that answered is stronger than the one that was asked; the provider is named, and not proven."""
    usage = read_usage(ATTRIBUTES)
    assert (usage.quantities, usage.model, usage.service_tier) == (QUANTITIES, "gpt-5-2025-08-07", "flex")
    assert (usage.provider, usage.named_provider) == (None, "openai")
    assert (usage.context, usage.dialect) == (1000, "otel")
    asked = {key: value for key, value in ATTRIBUTES.items() if key != "gen_ai.response.model"}
    assert read_usage(asked).model == "gpt-5"


@pytest.mark.parametrize(
    ("span", "at"),
    [
        (SimpleNamespace(attributes=MappingProxyType(ATTRIBUTES), start_time=1790000000500000000), 1790000000),
        (
            {"name": "chat gpt-5", "attributes": ATTRIBUTES, "start_time": "2026-09-21T13:33:20Z"},
            "2026-09-21T13:33:20Z",
        ),
        ({"name": "chat gpt-5", "attributes": OTLP, "startTimeUnixNano": "1790000000500000000"}, 1790000000),
        ({"attributes": ATTRIBUTES}, None),
    ],
)
def test_spans(span, at):
    """Object, JSON and OTLP state the same usage, and when it was."""
    usage = read_usage(span)
    assert (usage.quantities, usage.model, usage.at) == (QUANTITIES, "gpt-5-2025-08-07", at)


@pytest.mark.parametrize(
    ("attribute", "meter"),
    [
        ("cache_read.input_tokens", "cache_read"),
        ("cache_read_input_tokens", "cache_read"),
        ("input_tokens.cached", "cache_read"),
        ("details.cache_read_tokens", "cache_read"),
        ("cache_write.input_tokens", "cache_write"),
        ("cache_creation.input_tokens", "cache_write"),
        ("cache_creation_input_tokens", "cache_write"),
        ("audio.input_tokens", "input_audio"),
        ("image.input_tokens", "input_image"),
        ("reasoning.output_tokens", "reasoning"),
        ("audio.output_tokens", "output_audio"),
        ("image.output_tokens", "output_image"),
    ],
)
def test_names_that_it_has_or_had(attribute, meter):
    """Each is a part of the input or of the output."""
    span = {"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 100, f"gen_ai.usage.{attribute}": 40}
    usage = read_usage(span)
    assert usage.quantities[meter] == 40
    assert (usage.input_tokens, usage.output_tokens) == (100, 100)


def test_old_names_of_the_totals():
    """Before they were input and output they were prompt and completion."""
    usage = read_usage({"gen_ai.usage.prompt_tokens": 7, "gen_ai.usage.completion_tokens": 2})
    assert usage.quantities == {"input": 7, "output": 2}


def test_the_spans_of_agents_are_sums():
    """Several requests have no context, so that no threshold is applied."""
    usage = read_usage({**ATTRIBUTES, "gen_ai.operation.name": "invoke_agent"})
    assert (usage.aggregate, usage.context, usage.quantities) == (True, None, QUANTITIES)
    assert read_usage(ATTRIBUTES).aggregate is False


@pytest.mark.parametrize("name", ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"])
def test_half_a_span(name):
    """What an instrumentation leaves out is not 0."""
    with pytest.raises(MissingUsageError, match=name):
        read_usage({key: value for key, value in ATTRIBUTES.items() if key != name})


def test_an_instrumentation_that_counts_the_cache_apart():
    """More cached tokens than input contradict the conventions, and are an error rather than a guess."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**ATTRIBUTES, "gen_ai.usage.cache_read.input_tokens": 1001})


def test_the_total_proves_it():
    """Where it also states a total, that decides: 3 + 800 + 50."""
    apart = {
        "gen_ai.usage.input_tokens": 3,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.cache_read.input_tokens": 800,
        "gen_ai.usage.total_tokens": 853,
    }
    assert read_usage(apart).quantities == {"input": 3, "cache_read": 800, "output": 50}


def test_priced():
    """200 x 1e-06, 800 x 1e-07, 50 x 8e-06."""
    row = {"input_cost_per_token": 1e-06, "cache_read_input_token_cost": 1e-07, "output_cost_per_token": 8e-06}
    assert bill(row, ATTRIBUTES) == lines(
        ("input", 200, "0.0002"),
        ("cache_read", 800, "0.00008"),
        ("output", 30, "0.00024"),
        ("reasoning", 20, "0.00016"),
    )
