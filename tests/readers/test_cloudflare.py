"""Cloudflare Workers AI."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, UsageError, read_usage

TEXT = {
    "response": "x",
    "tool_calls": [],
    "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
}
HEARD = {
    "transcription_info": {"language": "en", "duration": 60.5, "duration_after_vad": 50.0},
    "text": "x",
    "word_count": 1,
    "segments": [],
}
ANSWER = {"result": TEXT, "success": True, "errors": [], "messages": []}


@pytest.mark.parametrize("response", [TEXT, ANSWER, {**TEXT, "response": None}, {**TEXT, "result": {"type": "x"}}])
def test_a_text(response):
    """It is sold by Cloudflare, whichever way it came."""
    usage = read_usage(response)
    assert (usage.quantities, usage.named_provider) == ({"input": 100, "output": 10}, "cloudflare")


def test_a_record_of_a_log_is_not_sold_by_cloudflare():
    """A text with its counters may be of anybody, who says it or not."""
    usage = read_usage({"response": "x", "model": "m", "usage": TEXT["usage"]})
    assert (usage.quantities, usage.model, usage.named_provider) == ({"input": 100, "output": 10}, "m", None)


def test_a_text_without_usage():
    """A missing usage is not zero."""
    with pytest.raises(UsageError):
        read_usage({"result": {"response": "x"}, "success": True})


@pytest.mark.parametrize("response", [HEARD, {**ANSWER, "result": HEARD}], ids=["alone", "rest"])
def test_a_transcript(response):
    """60.5 x 0.0001: the length of the audio, and not what was left of it without silence."""
    usage = read_usage(response)
    assert (usage.duration, usage.named_provider) == (60.5, "cloudflare")
    prices = CostMap({"m": {"input_cost_per_second": 0.0001, "mode": "audio_transcription"}})
    assert prices.calculate(response, model="m").total == Decimal("0.00605")
    with pytest.raises(MissingUsageError, match="this transcript"):
        read_usage({**HEARD, "transcription_info": {"duration": 0}})
