"""Groq: a stream's own place for the usage, compound systems, and searches."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

USAGE = {"prompt_tokens": 23, "completion_tokens": 19, "total_tokens": 42, "queue_time": 0.07, "total_time": 0.03}
BODY = {"object": "chat.completion", "model": "llama-3.3-70b-versatile", "x_groq": {"id": "req_1"}, "usage": USAGE}


def chunk(**more):
    choices = [{"index": 0, "delta": {}, "finish_reason": more.pop("finish", None)}]
    return {"object": "chat.completion.chunk", "model": "llama-3.3-70b-versatile", "choices": choices, **more}


def test_provider():
    """The key x_groq is Groq's own; times are not billed."""
    usage = read_usage({**BODY, "service_tier": "on_demand"})
    assert (usage.provider, usage.quantities, usage.duration) == ("groq", {"input": 23, "output": 19}, None)
    assert usage.service_tier == "on_demand"


def test_a_stream_states_its_usage_once_or_twice():
    """In x_groq alone, or in an ordinary usage chunk too: it is one usage."""
    last = chunk(finish="stop", x_groq={"id": "req_1", "usage": USAGE})
    once = read_usage([chunk(x_groq={"id": "req_1"}), last])
    twice = read_usage([chunk(x_groq={"id": "req_1"}), last, {**chunk(), "choices": [], "usage": USAGE}])
    assert once == twice
    assert (once.quantities, once.provider, once.partial) == ({"input": 23, "output": 19}, "groq", False)


def test_hardware_statistics_are_no_usage():
    """Without a stream x_groq.usage counts what the hardware cached, and is no substitute."""
    statistics = {"id": "req_1", "usage": {"dram_cached_tokens": 0, "sram_cached_tokens": 256}}
    assert read_usage({**BODY, "x_groq": statistics}).quantities == {"input": 23, "output": 19}
    with pytest.raises(MissingUsageError):
        read_usage({**BODY, "usage": None, "x_groq": statistics})


def test_a_compound_system():
    """The models that did the work replace the top level, each on its own row."""
    models = [
        {
            "model": "openai/gpt-oss-120b",
            "usage": {"prompt_tokens": 3000, "completion_tokens": 700, "total_tokens": 3700},
        },
        {"model": "llama-scout", "usage": {"prompt_tokens": 2000, "completion_tokens": 200, "total_tokens": 2200}},
    ]
    body = {
        **BODY,
        "model": "groq/compound",
        "usage": {"prompt_tokens": 5000, "completion_tokens": 900},
        "usage_breakdown": {"models": models},
    }
    usage = read_usage(body)
    assert (usage.quantities, usage.input_tokens, usage.output_tokens) == ({}, 5000, 900)
    prices = CostMap(
        {
            "groq/compound": {},
            "openai/gpt-oss-120b": {"input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07},
            "llama-scout": {"input_cost_per_token": 1.1e-07, "output_cost_per_token": 3.4e-07},
        }
    )
    cost = prices.calculate(body, model="groq/compound")
    assert [(line.model, line.meter, line.amount) for line in cost.line_items] == [
        ("openai/gpt-oss-120b", "input", Decimal("0.00045")),
        ("openai/gpt-oss-120b", "output", Decimal("0.00042")),
        ("llama-scout", "input", Decimal("0.00022")),
        ("llama-scout", "output", Decimal("0.000068")),
    ]


@pytest.mark.parametrize(
    ("model", "more", "provider"),
    [
        ("groq/compound", {}, "groq"),
        ("groq/compound-mini", {}, "groq"),
        ("compound-beta", {}, "groq"),
        ("compound", {"x_groq": {"id": "req_1"}}, "groq"),
        ("compound", {}, None),
        (None, {}, None),
    ],
)
def test_the_models_of_a_compound_system_are_groqs(model, more, provider):
    """Others sell a model of the same name at another price: Groq's is billed where the name or the key proves it."""
    row = {
        "model": "open-70b",
        "usage": {"prompt_tokens": 2000, "completion_tokens": 200, "total_tokens": 2200},
    }
    body = {
        "object": "chat.completion",
        "model": model,
        "usage": row["usage"],
        "usage_breakdown": {"models": [row]},
        **more,
    }
    usage = read_usage(body)
    assert (usage.provider, [part.provider for part in usage.parts]) == (provider, [provider])
    prices = CostMap(
        {
            "groq/open-70b": {"input_cost_per_token": 5.9e-07, "output_cost_per_token": 7.9e-07},
            "other/open-70b": {"input_cost_per_token": 2e-07, "output_cost_per_token": 2e-07},
        }
    )
    cost = prices.calculate(body)
    if provider is None:
        assert (cost.line_items, cost.unpriced) == ((), ("input", "output"))
    else:
        # 2000 x 0.00000059, 200 x 0.00000079
        assert [(line.model, line.meter, line.amount) for line in cost.line_items] == [
            ("groq/open-70b", "input", Decimal("0.00118")),
            ("groq/open-70b", "output", Decimal("0.000158")),
        ]


def test_an_empty_breakdown():
    """Without models the top level is the bill."""
    assert read_usage({**BODY, "usage_breakdown": {"models": []}}).quantities == {"input": 23, "output": 19}


def test_executed_searches():
    """Searches that Groq executed are counted; what else has a fee makes the cost a lower bound."""
    tools = [
        {"index": 0, "type": "search"},
        {"index": 1, "type": "function", "name": "browser.search"},
        {"type": "python"},
        {"type": "python"},
        {"type": "function", "name": "browser.open"},
        {"type": "mcp_call", "name": "mcp.mine"},
        {"type": "wolfram_alpha"},
    ]
    body = {**BODY, "choices": [{"message": {"executed_tools": tools}}, {"message": {"executed_tools": None}}]}
    usage = read_usage(body)
    assert usage.quantities == {"input": 23, "output": 19, "web_searches": 2}
    assert usage.unread == {"executed_tools.python": 2, "executed_tools.browser.open": 1}


def test_a_part_with_a_slash_in_its_name_is_groqs_too():
    """Groq serves openai/gpt-oss-120b at its own price: 3000 x 0.15 and 700 x 0.6 per million."""
    counters = {"prompt_tokens": 3000, "completion_tokens": 700, "total_tokens": 3700}
    body = {
        **BODY,
        "model": "groq/compound",
        "usage": counters,
        "usage_breakdown": {"models": [{"model": "openai/gpt-oss-120b", "usage": counters}]},
    }
    other = {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06, "litellm_provider": "together_ai"}
    groqs = {"input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07, "litellm_provider": "groq"}
    prices = CostMap({"groq/openai/gpt-oss-120b": groqs, "together_ai/openai/gpt-oss-120b": other})
    cost = prices.calculate(body)
    assert [(line.model, line.meter, line.amount) for line in cost.line_items] == [
        ("groq/openai/gpt-oss-120b", "input", Decimal("0.00045")),
        ("groq/openai/gpt-oss-120b", "output", Decimal("0.00042")),
    ]
    assert cost.complete
