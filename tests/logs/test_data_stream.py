"""Lines of the data stream of version 4 of the AI SDK."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, LogError, read_log
from llmcost.logs.data_stream import part_of

MAP = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}})
STREAM = [
    'f:{"messageId":"msg-1"}',
    '0:"Hello"',
    '9:{"toolCallId":"c","toolName":"t","args":{}}',
    'e:{"finishReason":"tool-calls","usage":{"promptTokens":900,"completionTokens":100},"isContinued":false}',
    'f:{"messageId":"msg-2"}',
    '2:[{"some":"data"}]',
    'e:{"finishReason":"stop","usage":{"promptTokens":1000,"completionTokens":50},"isContinued":false}',
    'd:{"finishReason":"stop","usage":{"promptTokens":1900,"completionTokens":150}}',
]


def test_a_message_is_one_call():
    """900 + 1000 tokens at 1e-06 and 100 + 50 at 2e-06: the last line repeats the sum of the steps."""
    (call,) = read_log(STREAM)
    cost = call.calculate(cost_map=MAP, model="m")
    assert (cost.total, cost.complete) == (Decimal("0.0022"), True)


def test_messages_one_after_the_other():
    """Each ends with its own line."""
    calls = list(read_log([*STREAM, *STREAM]))
    assert [(call.calculate(cost_map=MAP, model="m").total, call.line) for call in calls] == [
        (Decimal("0.0022"), 1),
        (Decimal("0.0022"), 9),
    ]


def test_a_message_that_broke_off():
    """900 x 1e-06 + 100 x 2e-06 is a lower bound."""
    (call,) = read_log(STREAM[:5])
    cost = call.calculate(cost_map=MAP, model="m")
    assert (cost.total, cost.lower_bound) == (Decimal("0.0011"), True)


@pytest.mark.parametrize("line", ["0:Hello", "h:{}", "10:{}", "d:1", "note: {}"])
def test_what_is_no_such_line(line):
    """It is text that cannot be read, as in any log."""
    with pytest.raises(LogError, match="expected a JSON object or array"):
        list(read_log([line]))


def test_a_part_without_fields():
    """It stays JSON."""
    assert part_of("d:{}") == '{"type": "finish"}'
    assert part_of("no line") is None
