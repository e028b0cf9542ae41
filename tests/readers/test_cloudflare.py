"""Cloudflare Workers AI."""

from __future__ import annotations

import pytest

from llmcost import UnrecognizedResponseError, UsageError, read_usage

TEXT = {
    "response": "x",
    "tool_calls": [],
    "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
}
ANSWER = {"result": TEXT, "success": True, "errors": [], "messages": []}


@pytest.mark.parametrize("response", [TEXT, ANSWER, {**TEXT, "response": None}])
def test_a_text(response):
    """It is sold by Cloudflare, whichever way it came."""
    usage = read_usage(response)
    assert (usage.quantities, usage.named_provider) == ({"input": 100, "output": 10}, "cloudflare")


def test_a_record_of_a_log_is_none():
    """A text with its counters may be of anybody, who says it or not."""
    record = {"response": "x", "model": "m", "usage": TEXT["usage"]}
    with pytest.raises(UnrecognizedResponseError):
        read_usage(record)


def test_a_text_without_usage():
    """A missing usage is not zero."""
    with pytest.raises(UsageError):
        read_usage({"result": {"response": "x"}, "success": True})
