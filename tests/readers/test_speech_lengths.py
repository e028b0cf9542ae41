"""Transcripts that state the length of their audio and nothing else."""

from __future__ import annotations

import pytest

from llmcost import InconsistentUsageError, MissingUsageError, read_usage

from .billing import bill, lines

ELEVENLABS = {
    "language_code": "eng",
    "text": "Hi",
    "words": [{"text": "Hi", "start": 0.1}],
    "audio_duration_secs": 12.5,
}
SONIOX = {"id": "t", "status": "completed", "model": "stt-async-v4", "audio_duration_ms": 12500, "filename": "a.mp3"}
GOOGLE = {"results": [{"alternatives": [{"transcript": "Hi"}]}], "totalBilledTime": "12.500s", "requestId": "1"}
GOOGLE_V2 = {"results": [{"languageCode": "en-us"}], "metadata": {"totalBilledDuration": "12.500s"}}
FORMS = {"elevenlabs": ELEVENLABS, "soniox": SONIOX, "google": GOOGLE, "google v2": GOOGLE_V2}


@pytest.mark.parametrize("transcript", FORMS.values(), ids=FORMS)
def test_the_length_is_billed(transcript):
    """12.5 seconds x 0.0002, in whichever unit they are stated."""
    row = {"mode": "audio_transcription", "input_cost_per_second": 0.0002, "output_cost_per_second": 0.0}
    (line,) = bill(row, transcript)
    assert line[0] == "input_seconds"
    assert line == lines(("input_seconds", line[1], "0.0025"))[0]
    assert line[1] == 12.5


def test_the_model_that_is_stated():
    """Soniox names it."""
    assert (read_usage(SONIOX).model, read_usage(SONIOX).named_provider) == ("stt-async-v4", "soniox")


@pytest.mark.parametrize("length", [None, ""])
def test_a_transcript_without_a_length(length):
    """It is not ready, which is not 0 seconds."""
    with pytest.raises(MissingUsageError):
        read_usage({**SONIOX, "status": "processing", "audio_duration_ms": length})


@pytest.mark.parametrize("length", ["soon", -1, [3], "1_5s", "\u0661s", "NaN", "Infinity"])
def test_a_length_that_is_none(length):
    """It is an error that shows it."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**SONIOX, "audio_duration_ms": length})
