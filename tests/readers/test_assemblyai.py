"""AssemblyAI: seconds of audio."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, UnrecognizedResponseError, read_usage

from .billing import bill, lines

ASSEMBLYAI = {
    "id": "t",
    "status": "completed",
    "text": "Hi",
    "audio_duration": 7200,
    "audio_url": "https://x",
    "speech_model": "nano",
}


def test_the_length_of_the_audio():
    """7200 x 0.00010278."""
    row = {"input_cost_per_second": 0.00010278, "output_cost_per_second": 0.0, "mode": "audio_transcription"}
    assert bill(row, ASSEMBLYAI) == lines(("input_seconds", 7200, "0.740016"))
    usage = read_usage(ASSEMBLYAI)
    assert (usage.model, usage.provider) == ("nano", "assemblyai")


@pytest.mark.parametrize(
    "own", ["text", "speech_model", "speech_models", "language_model", "acoustic_model", "audio_url"]
)
def test_what_tells_a_transcript(own):
    """A status and a length are not enough: one of its own fields stands beside them."""
    job = {"status": "completed", "audio_duration": 60}
    assert read_usage({**job, own: "x"}).duration == 60
    with pytest.raises(UnrecognizedResponseError):
        read_usage(job)


def test_a_transcript_that_failed():
    """It is not billed, and says why."""
    usage = read_usage({**ASSEMBLYAI, "status": "error", "error": "no speech", "audio_duration": None})
    assert usage.free == "a transcript that failed is not billed: no speech"


@pytest.mark.parametrize("status", ["queued", "processing"])
def test_a_transcript_that_is_not_ready(status):
    """It states no length yet."""
    with pytest.raises(MissingUsageError, match=status):
        read_usage({**ASSEMBLYAI, "status": status, "text": None, "audio_duration": None})


def test_what_is_found_in_a_transcript_costs_more():
    """A feature that was asked for has a price by the hour of its own; one that was not is stated as false."""
    usage = read_usage({**ASSEMBLYAI, "sentiment_analysis": True, "entity_detection": False, "summarization": None})
    assert (usage.duration, usage.unread) == (7200, {"sentiment_analysis": 1})
