"""Lines of a log that holds a record a line."""

from __future__ import annotations

import pytest

from llmcost import CostMap
from llmcost.logs.lines import line_of, with_cost

CHAT = {
    "object": "chat.completion",
    "model": "m",
    "created": 1767312000,
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}
COUNTERS = {"prompt_tokens": 10, "completion_tokens": 5}


def test_a_new_cost_is_written_like_the_old_one():
    """Number, text or object, under the same name; a response alone gets a record around it."""
    cost = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}}).calculate(CHAT)
    assert with_cost(CHAT, cost) == {"response": CHAT, "cost": 2e-05}
    assert with_cost({"response": CHAT, "user": "ada"}, cost) == {"response": CHAT, "user": "ada", "cost": 2e-05}
    assert with_cost({"response": CHAT, "response_cost": 1}, cost) == {"response": CHAT, "response_cost": 2e-05}
    assert with_cost({"response": CHAT, "cost": "1"}, cost)["cost"] == "0.00002"
    assert with_cost({"response": CHAT, "cost": {"total": "1"}}, cost)["cost"] == cost.to_dict()
    both = with_cost({"response": CHAT, "cost": 1, "response_cost": "1"}, cost)
    assert (both["cost"], both["response_cost"]) == (2e-05, "0.00002")


def test_a_line_is_one_record():
    """Text or bytes; what is no JSON says so."""
    assert line_of('{"a": 1}\n') == line_of(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    for wrong in ("{", b"\xff\xfe\x00", "[" * 100_000, "1" * 5000):
        with pytest.raises(ValueError, match=r"^no JSON"):
            line_of(wrong)
