"""Speech: tokens where the stream states them, else the caller's characters."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

DONE = {"type": "speech.audio.done", "usage": {"input_tokens": 14, "output_tokens": 101, "total_tokens": 115}}
DELTA = {"type": "speech.audio.delta", "audio": "aGk="}
RATES = {
    "input_cost_per_token": 6e-07,
    "output_cost_per_audio_token": 1.2e-05,
    "output_cost_per_second": 0.00025,
    "output_cost_per_token": 1e-05,
}


def test_output_is_audio():
    """Text goes in and audio comes out; neither the text rate nor the seconds of the row are used."""
    usage = read_usage([DELTA, DONE])
    assert usage.quantities == {"input": 14, "output_audio": 101}
    cost = CostMap({"gpt-4o-mini-tts": RATES}).calculate([DELTA, DONE], model="gpt-4o-mini-tts")
    assert [(line.meter, line.amount) for line in cost.line_items] == [
        ("input", Decimal("0.0000084")),
        ("output_audio", Decimal("0.001212")),
    ]


def test_event_alone():
    """The last event by itself is the same call."""
    assert read_usage(DONE) == read_usage([DELTA, DELTA, DONE])


def test_bytes_are_priced_by_characters():
    """The plain response is audio: the characters of the request are what is billed."""
    cost = CostMap({"tts-1": {"input_cost_per_character": 1.5e-05}}).calculate(model="tts-1", characters=1234)
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input_characters", 1234, Decimal("0.01851"))
    ]


@pytest.mark.parametrize(
    "events",
    [[DELTA, DELTA], [{"type": "speech.audio.done"}], [{"type": "speech.audio.done", "usage": {"input_tokens": 14}}]],
)
def test_missing_usage_raises(events):
    """A stream that broke off, or ends without counters, is not free."""
    with pytest.raises(MissingUsageError, match="characters="):
        read_usage(events)


def test_counters_that_are_no_counts_raise():
    """Negative tokens are no count."""
    with pytest.raises(InconsistentUsageError):
        read_usage({"type": "speech.audio.done", "usage": {"input_tokens": 14, "output_tokens": -1}})
