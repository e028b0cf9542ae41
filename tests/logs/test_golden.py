"""The golden cases in files of every layout: the same costs as in Python, no call lost and none joined."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from llmcost import CostMap, LLMCostError, Record
from llmcost.logs.calls import calls
from llmcost.logs.source import Source
from llmcost.logs.values import values

CASES = [
    case
    for line in (Path(__file__).parent.parent / "golden" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    if (case := json.loads(line))["response"] is not None
]


def layouts(response):
    """The texts in which one response may stand in a file."""
    yield json.dumps(response, indent=1)
    yield json.dumps(response)
    if isinstance(response, list):
        yield "\n".join(map(json.dumps, response))
        yield "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in response)


def of_another_call(text):
    """The same response with another id."""
    return re.sub(r'("(?:id|responseId|response_id)": ")([^"])', r"\1other-\2", text)


def costs(text, case):
    """The sum of what the calls in a text cost, and the errors among them."""
    prices = CostMap({case["model_for_pricing"]: case["rates"], **case.get("extra_rates", {})})
    model = case.get("context", {}).get("model") or case["model_for_pricing"]
    total, errors = Decimal(0), set()
    for call in calls(values(io.StringIO(text)), Source("a.jsonl")):
        assert isinstance(call, Record)
        try:
            total += call.calculate(cost_map=prices, model=model, prefer="calculated").total
        except LLMCostError as error:
            errors.add(type(error).__name__)
    return total, errors


def directly(case):
    """What the response costs without a file around it."""
    prices = CostMap({case["model_for_pricing"]: case["rates"], **case.get("extra_rates", {})})
    model = case.get("context", {}).get("model") or case["model_for_pricing"]
    try:
        return prices.calculate(case["response"], model=model, prefer="calculated").total, set()
    except LLMCostError as error:
        return Decimal(0), {type(error).__name__}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_response_in_a_file(case):
    """However it is written down, it costs what it costs."""
    expected = directly(case)
    for text in layouts(case["response"]):
        assert costs(text, case) == expected


# Cumulative events of a session that never says that it began cannot be told from those of the next.
ALONE = {"openai-live-session-seconds-cumulative"}


@pytest.mark.parametrize("case", [c for c in CASES if c["id"] not in ALONE], ids=lambda case: case["id"])
def test_two_responses_in_a_file(case):
    """Two calls of the same shape cost twice as much, with ids and, where the shape has none, without."""
    total, errors = directly(case)
    for text in layouts(case["response"]):
        assert costs(f"{text}\n{of_another_call(text)}", case) == (2 * total, errors)


def test_lines_without_ids_are_not_joined():
    """Whole responses that look like the chunks of their stream are calls of their own, if nothing says otherwise."""
    shapes = [
        {"embedding": [0.1], "inputTextTokenCount": 12},
        {
            "recordId": "1",
            "modelInput": {},
            "modelOutput": {
                "generation": "Hi",
                "prompt_token_count": 5,
                "generation_token_count": 7,
                "stop_reason": "stop",
            },
        },
        {"type": "ai", "content": "Hi", "usage_metadata": {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12}},
        {"model": "llama3", "response": "Hi", "done": True, "prompt_eval_count": 5, "eval_count": 7},
    ]
    for shape in shapes:
        text = "\n".join([json.dumps(shape)] * 3)
        assert [call.chunks for call in calls(values(io.StringIO(text)), Source("a.jsonl"))] == [0, 0, 0]


def test_streams_without_ids_are_not_joined():
    """A new stream begins after the last word of the one before, which usage and filters may still follow."""
    say = {
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}}],
    }
    stop = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    usage = {"object": "chat.completion.chunk", "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 7}}
    filters = {"choices": [{"index": 0, "finish_reason": None, "content_filter_offsets": {}}], "id": "", "object": ""}
    text = "\n".join(map(json.dumps, [say, say, stop, usage, filters, say, stop, usage]))
    assert [call.chunks for call in calls(values(io.StringIO(text)), Source("a.jsonl"))] == [5, 3]
