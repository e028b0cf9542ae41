"""Bedrock agents: every trace in which a model answered is a call on that model."""

from __future__ import annotations

import pytest

from llmcost import CostMap, MissingUsageError, read_usage
from llmcost.readers import bedrock_agent


def trace(kind, **inside):
    return {"trace": {"agentId": "A", "sessionId": "s", "trace": {kind: inside}}}


def answered(tokens, answer):
    return {"metadata": {"usage": {"inputTokens": tokens, "outputTokens": answer}}, "traceId": "t"}


# Not in capitals: its calls are those of two models, and the laws know one.
agent = [
    trace("preProcessingTrace", modelInvocationInput={"foundationModel": "small", "text": "..."}),
    trace("preProcessingTrace", modelInvocationOutput=answered(7, 2)),
    trace("orchestrationTrace", modelInvocationInput={"foundationModel": "big", "text": "..."}),
    trace("orchestrationTrace", modelInvocationOutput=answered(10, 3)),
    trace("orchestrationTrace", observation={"type": "FINISH"}),
    {"chunk": {"bytes": b"The answer"}},
]
text = {"chunk": {"bytes": b"The answer"}}


def test_every_call_on_its_model():
    """7 x 1e-6 + 2 x 2e-6 on the one, 10 x 1e-5 + 3 x 2e-5 on the other; the agent adds nothing."""
    prices = CostMap(
        {
            "small": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
            "big": {"input_cost_per_token": 1e-05, "output_cost_per_token": 2e-05},
        }
    )
    cost = prices.calculate(agent)
    assert [(line.model, line.meter, line.quantity) for line in cost.line_items] == [
        ("small", "input", 7),
        ("small", "output", 2),
        ("big", "input", 10),
        ("big", "output", 3),
    ]
    assert (str(cost.total), cost.complete) == ("0.000171", True)


@pytest.mark.parametrize("kind", ["preProcessingTrace", "postProcessingTrace", "routingClassifierTrace", "customTrace"])
def test_traces_of_every_kind(kind):
    """Alone, in a list, and inside the trace of an agent that another one called."""
    one = trace(kind, modelInvocationOutput=answered(7, 2))
    for response in (one, [one], [text, one], [one, text]):
        usage = read_usage(response)
        assert (usage.quantities, usage.parts, usage.provider) == ({"input": 7, "output": 2}, (), "bedrock")


def test_without_traces():
    """The text of the answer says nothing of tokens, and the error says how to get them."""
    for response in ([text], [text, text], [trace("orchestrationTrace", observation={})]):
        with pytest.raises(MissingUsageError, match="enableTrace=True"):
            read_usage(response)


def test_what_is_no_agent():
    """Converse has a trace too, and streams of models send JSON in their chunks."""
    assert not bedrock_agent.READER.recognises({"trace": {"guardrail": {}}, "usage": {}})
    assert not bedrock_agent.READER.chunk({"chunk": {"bytes": b'{"outputs": []}'}})
    assert not bedrock_agent.READER.chunk({"metadata": {"trace": {}}})
