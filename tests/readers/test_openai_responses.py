"""OpenAI's Responses: what stands beside the answer."""

from __future__ import annotations

from llmcost import read_usage


def test_an_item_without_a_type_is_no_tool():
    """Nothing but the tokens is billed."""
    response = {
        "object": "response",
        "model": "m",
        "output": [{"type": None}, {"id": "x"}, {"type": "function_call"}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15},
    }
    assert read_usage(response).quantities == {"input": 10, "output": 5}
