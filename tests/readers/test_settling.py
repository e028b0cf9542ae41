"""Counters that contradict each other: one rule for every reader."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, read_usage
from llmcost.readers.settling import settle

MAP = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})
DETAILS = {"completion_tokens_details": {"reasoning_tokens": 53}}
# More was thought than the answer holds: 40 in, 50 out, of which 53 were thought.
ABOVE = {
    "chat": {
        "object": "chat.completion",
        "choices": [],
        "usage": {"prompt_tokens": 40, "completion_tokens": 50, "total_tokens": 90, **DETAILS},
    },
    "chat without a total": {
        "object": "chat.completion",
        "choices": [],
        "usage": {"prompt_tokens": 40, "completion_tokens": 50, **DETAILS},
    },
    "responses": {
        "object": "response",
        "output": [],
        "usage": {
            "input_tokens": 40,
            "output_tokens": 50,
            "total_tokens": 90,
            "output_tokens_details": {"reasoning_tokens": 53},
        },
    },
    "AI SDK": {"finishReason": "stop", "usage": {"inputTokens": 40, "outputTokens": 50, "reasoningTokens": 53}},
    "LangChain": {
        "response_metadata": {},
        "usage_metadata": {"input_tokens": 40, "output_tokens": 50, "output_token_details": {"reasoning": 53}},
    },
    "a span": {
        "gen_ai.usage.input_tokens": 40,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.reasoning_tokens": 53,
    },
    "bare": {"input_tokens": 40, "output_tokens": 50, "reasoning_output_tokens": 53},
}


@pytest.mark.parametrize("response", ABOVE.values(), ids=ABOVE)
def test_the_answer_is_what_is_billed(response):
    """The other count is that of another tokenizer: 40 x 1e-6 + 50 x 4e-6, and a note says so."""
    usage = read_usage(response)
    assert usage.quantities == {"input": 40, "reasoning": 50}
    cost = MAP.calculate(response, model="m")
    assert cost.total == Decimal("0.00024")
    assert cost.complete
    assert "reasoning_above_answer" in {note.code for note in cost.notes}


def test_a_rate_for_reasoning_of_its_own_leaves_it_open():
    """Between 50 answered tokens (0.00024) and 50 thought ones (40 x 1e-6 + 50 x 9e-6) nothing decides."""
    with pytest.raises(InconsistentUsageError, match="They cost differently") as caught:
        MAP.calculate(ABOVE["chat"], model="m", output_cost_per_reasoning_token=9e-6)
    assert [cost.total for cost in caught.value.costs] == [Decimal("0.00049"), Decimal("0.00024")]
    assert [reading.quantities for reading in caught.value.readings] == [
        {"input": 40, "reasoning": 50},
        {"input": 40, "output": 50},
    ]


def test_a_total_proves_what_stands_beside():
    """40 + 50 + 53 = 143: thought is on top. 10 + 5 + 90 = 105: the cache is."""
    assert settle(40, 50, 143, {}, {"reasoning": 53}).quantities == {"input": 40, "output": 50, "reasoning": 53}
    found = settle(10, 5, 105, {"cache_read": 90}, {})
    assert (found.quantities, found.context) == ({"input": 10, "cache_read": 90, "output": 5}, 100)


def test_a_total_above_the_sum_says_that_something_is_missing():
    """240 of which 40 are told: a lower bound. One below is a note."""
    counters = {"prompt_tokens": 30, "completion_tokens": 10}
    cost = MAP.calculate(usage={**counters, "total_tokens": 240}, model="m")
    assert [note.code for note in cost.doubts] == ["total_above"]
    assert not cost.complete
    below = MAP.calculate(usage={**counters, "total_tokens": 20}, model="m")
    assert below.complete
    assert [note.code for note in below.notes] == ["total_differs"]


@pytest.mark.parametrize(
    ("prompt", "answer", "total", "inside", "outside"),
    [
        (10, 5, None, {"cache_read": 50}, {}),
        (10, 5, 15, {"cache_read": 6, "cache_write": 6}, {}),
        (10, 5, 15, {}, {"output_audio": 6}),
        (10, 5, 20, {}, {"reasoning": 7}),
    ],
)
def test_everything_else_is_an_error(prompt, answer, total, inside, outside):
    """It has the whole and the parts."""
    with pytest.raises(InconsistentUsageError) as caught:
        settle(prompt, answer, total, inside, outside)
    assert caught.value.parts == inside or outside
    assert set(caught.value.whole.values()) <= {10, 5}
