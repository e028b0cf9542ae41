"""Transcription as Mistral counts it: seconds, with tokens beside them."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

USAGE = {"prompt_audio_seconds": 203, "prompt_tokens": 4, "completion_tokens": 635, "total_tokens": 3264}
BODY = {"model": "voxtral-mini-latest", "text": "Hi", "language": None, "segments": [], "usage": USAGE}
EVENTS = [
    {"type": "transcription.language", "audio_language": "en"},
    {"type": "transcription.text.delta", "text": "Hi"},
    {**BODY, "type": "transcription.done"},
]


def test_sold_by_the_second():
    """203 x 5e-05; the tokens are not billed a second time."""
    assert bill({"input_cost_per_second": 5e-05}, BODY) == lines(("input_audio_seconds", 203, "0.01015"))


def test_facts():
    """The model stands beside the text."""
    usage = read_usage(BODY)
    assert (usage.model, usage.quantities, usage.notes) == ("voxtral-mini-latest", {"input": 4, "output": 635}, ())


def test_stream():
    """The last event is the whole response, bare or as the SDK wraps it."""
    wrapped = [{"event": event["type"], "data": event} for event in EVENTS]
    assert read_usage(EVENTS) == read_usage(wrapped) == read_usage(BODY)


def test_no_usage():
    """A stream that was cut off says nothing."""
    with pytest.raises(MissingUsageError, match="duration="):
        read_usage(EVENTS[:-1])
