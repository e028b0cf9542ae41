"""Costs that a log, a gateway or a framework calculated: none is a bill, and each is named."""

from __future__ import annotations

import json

import pytest

from llmcost import read_usage

USED = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
BODY = {"object": "chat.completion", "id": "chatcmpl-1", "model": "gpt-4o", "choices": [], "usage": USED}
HELICONE = {"request_id": "q", "request_created_at": "2026-01-05T10:00:00Z", "response_model": "gpt-4o"}
# Parts of rows, and no rows.
observation = {"model": "gpt-4o", "traceId": "t", "usageDetails": {"input": 9, "output": 2, "total": 11}}
span = {"mlflow.spanType": "CHAT_MODEL", "mlflow.chat.tokenUsage": {"input_tokens": 9, "output_tokens": 2}}

# What states the cost, under which name.
ROWS = {
    "costUSD": {**HELICONE, "prompt_tokens": 1000, "completion_tokens": 100, "costUSD": 0.5},
    "cost_usd": {**HELICONE, "response_body": BODY, "cost_usd": 0.5},
    "spend": {"call_type": "acompletion", "model": "gpt-4o", "spend": 0.5, **USED},
    "response_cost": {"call_type": "acompletion", "model": "gpt-4o", "response_cost": "0.5", **USED},
    "totalCost": {**observation, "totalCost": 0.5},
    "costDetails.total": {**observation, "costDetails": json.dumps({"total": 0.5}), "totalCost": 7},
    "$ai_total_cost_usd": {
        "event": "$ai_generation",
        "properties": {"$ai_input_tokens": 9, "$ai_output_tokens": 2, "$ai_total_cost_usd": 0.5},
    },
    "cost": {"run_id": "r", "model": "gpt-4o", "metrics": {"input_tokens": 9, "output_tokens": 2, "cost": 0.5}},
    "total_cost": {"response": BODY, "total_cost": 0.5, "latency": 1},
    "mlflow.llm.cost": {"name": "x", "attributes": {**span, "mlflow.llm.cost": {"total_cost": 0.5}}},
}
# Cloudflare's gateway and a history of DSPy's call it alike.
CALLED_COST = [
    {"provider": "openai", "model": "gpt-4o", "tokens_in": 1000, "tokens_out": 100, "cost": 0.5},
    {"model": "openai/gpt-4o", "usage": USED, "cost": 0.5, "response": BODY, "outputs": ["x"], "uuid": "u"},
    {"input_tokens": 9, "output_tokens": 2, "cost": 0.5, "requests": 1, "tool_calls": 0, "cache_read_tokens": 0},
]


@pytest.mark.parametrize(
    ("name", "row"), [*ROWS.items(), *[("cost", row) for row in CALLED_COST]], ids=[*ROWS, "gateway", "dspy", "usage"]
)
def test_a_calculated_cost_is_named(name, row):
    """It is no bill, and a note says so once."""
    usage = read_usage(row)
    assert usage.reported is None
    notes = [note for note in usage.notes if note.code == "cost_not_used"]
    assert [note.about for note in notes] == [name]
    assert f"{name}=0.5 " in notes[0]


@pytest.mark.parametrize("value", [0, None, "", "free", -1])
def test_no_cost_and_no_number_is_no_remark(value):
    assert read_usage({**HELICONE, "prompt_tokens": 9, "completion_tokens": 2, "costUSD": value}).notes == ()


def test_a_bill_is_one():
    """OpenRouter's account states what was charged, and a response what its seller bills."""
    row = {"generation_id": "gen-1", "cost_total": 0.5, "tokens_prompt": 9, "tokens_completion": 2, "model": "m"}
    wrapped = {"response": {**BODY, "usage": {**USED, "cost": 0.25}}, "total_cost": 0.5}
    for usage, billed in ((read_usage(row), 0.5), (read_usage(wrapped), 0.25)):
        assert float(usage.reported) == billed
        assert "cost_not_used" not in [note.code for note in usage.notes]


def test_a_bill_that_cannot_be_read_is_named():
    """What a seller charged would have been the cost: where it cannot be read, a note says so once."""
    tokens = {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11}
    result = {"text": "Hi", "finishReason": "stop", "usage": tokens, "response": {"modelId": "m"}}
    attributes = {"gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 9, "gen_ai.usage.output_tokens": 2}
    metadata = json.dumps({"gateway": {"cost": "free"}})
    native = {"native_tokens_prompt": 9, "native_tokens_completion": 2}
    for name, rest in (
        ("usage", {"byok_usage_inference": 0, "requests": 1, "prompt_tokens": 9, "completion_tokens": 2}),
        ("cost_total", {"generation_id": "gen-1", "tokens_prompt": 9, "tokens_completion": 2}),
        ("total_cost", {"id": "gen-1", "model": "m", **native}),
        ("response_cost", {**BODY, "_hidden_params": {"response_cost": "free"}}),
        ("x-litellm-response-cost", {**BODY, "_hidden_params": {"additional_headers": {}}}),
        ("gen_ai.usage.cost", {"attributes": {**attributes, "gen_ai.provider.name": "openrouter"}}),
    ):
        row = json.loads(json.dumps(rest))
        holder = row.get("_hidden_params", row.get("attributes", row))
        holder.get("additional_headers", holder)[name] = "free"
        assert [note.about for note in read_usage(row).notes if note.code == "cost_not_read"] == [name]
    for stated in ({"gateway": {"cost": "free"}}, {"openrouter": {"usage": {"cost": "free"}}}):
        for row in (
            {**result, "providerMetadata": stated},
            {**result, "steps": [{**result, "providerMetadata": stated}]},
        ):
            assert [note.code for note in read_usage(row).notes] == ["cost_not_read"]
    embedded = {
        "value": "Hi",
        "embedding": [0.1],
        "usage": {"tokens": 9},
        "providerMetadata": {"gateway": {"cost": -1}},
    }
    span = {"attributes": {**attributes, "ai.response.providerMetadata": metadata}}
    for row in (embedded, span):
        assert [note.about for note in read_usage(row).notes] == ["cost"]
