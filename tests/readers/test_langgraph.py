"""LangGraph: every answer among the messages of a state is a call."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError, UnrecognizedResponseError
from llmcost.readers import read_usage

ASKED = {"type": "human", "content": "x", "id": "h1"}


def answer(prompt, output, name=None):
    usage = {"input_tokens": prompt, "output_tokens": output, "total_tokens": prompt + output}
    return {
        "type": "ai",
        "content": "x",
        "id": name,
        "usage_metadata": usage,
        "response_metadata": {"finish_reason": "stop"},
    }


CALLED, SAID = answer(1000, 100, "a1"), answer(1200, 50, "a2")
STATE = {"messages": [ASKED, CALLED, {"type": "tool", "content": "x"}, SAID], "remaining_steps": 3}
MAP = CostMap({"m": {"input_cost_per_token": 2e-6, "output_cost_per_token": 1e-5}})


@pytest.mark.parametrize(
    "state",
    [
        STATE,
        {"messages": [*STATE["messages"], SAID]},
        {"messages": [{"type": m["type"], "data": m} for m in STATE["messages"]]},
        {"messages": [SimpleNamespace(**m) for m in STATE["messages"]]},
    ],
    ids=["state", "one twice", "dumped", "objects"],
)
def test_every_answer_is_a_call(state):
    """1000 x 2e-6 + 100 x 1e-5 + 1200 x 2e-6 + 50 x 1e-5 = 0.0059."""
    cost = MAP.calculate(state, model="m")
    assert (str(cost.total), cost.complete, len(cost.usage.parts)) == ("0.0059", True, 2)


def test_one_answer_is_the_call_itself():
    """Without a part of its own."""
    usage = read_usage({"messages": [ASKED, {**SAID, "response_metadata": {"model_name": "m"}}]})
    assert (usage.quantities, usage.model, usage.parts) == ({"input": 1200, "output": 50}, "m", ())


def test_an_answer_without_a_usage():
    """The others are a lower bound."""
    usage = read_usage({"messages": [ASKED, {**CALLED, "usage_metadata": None}, SAID]})
    assert (usage.quantities, usage.partial) == ({"input": 1200, "output": 50}, True)
    assert [note.code for note in usage.notes] == ["left_out"]


def test_no_answer_with_a_usage():
    """Messages alone are no usage."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"messages": [ASKED, {"type": "ai", "content": "x"}]})
    with pytest.raises(MissingUsageError):
        read_usage({"messages": [{**SAID, "usage_metadata": {"input_tokens": 5}}]})
