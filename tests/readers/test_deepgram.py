"""Deepgram: seconds of audio, for each channel."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import InconsistentUsageError, MissingUsageError, read_usage
from llmcost.readers import deepgram

from .billing import bill, lines

DEEPGRAM = {
    "metadata": {
        "request_id": "r",
        "created": "2026-08-13T11:30:07.844Z",
        "duration": 61.5,
        "channels": 1,
        "models": ["2187e11a"],
        "model_info": {"2187e11a": {"name": "general-nova-3", "version": "2026-01-01", "arch": "nova-3"}},
    },
    "results": {"channels": [{"alternatives": [{"transcript": "Hi", "confidence": 0.99}]}]},
}
ROW = {"input_cost_per_second": 7.167e-05, "mode": "audio_transcription"}


def channels(number, **metadata):
    results = {"channels": [{"alternatives": []} for _ in range(number)]}
    return {"metadata": {**DEEPGRAM["metadata"], **metadata}, "results": results}


def test_the_length_of_the_audio():
    """61.5 x 7.167e-5."""
    assert bill(ROW, DEEPGRAM) == lines(("input_seconds", 61.5, "0.004407705"))
    usage = read_usage(DEEPGRAM)
    assert (usage.model, usage.provider, usage.at) == ("nova-3", "deepgram", "2026-08-13T11:30:07.844Z")
    assert (usage.quantities, usage.context) == ({}, 0)


def test_each_channel_is_billed():
    """Two channels of 3.6999376 seconds, exactly; a note says so."""
    usage = read_usage(channels(2, duration=3.6999376, channels=2))
    assert (usage.duration, [note.code for note in usage.notes]) == (Decimal("7.3998752"), ["several_media"])
    assert read_usage(channels(1, duration=3.6999376)).duration == 3.6999376


def test_several_models():
    """Which of them is billed nobody says, and the caller does."""
    assert read_usage(channels(1, model_info={"a": {"arch": "nova-3"}, "b": {"arch": "nova-2"}})).model is None


def test_without_its_length():
    """It raises, as does what is no length."""
    with pytest.raises(MissingUsageError, match="duration="):
        read_usage(channels(1, duration=None))
    with pytest.raises(InconsistentUsageError, match="duration"):
        read_usage(channels(1, duration="long"))


def test_what_is_another_shape():
    """Results and metadata of others."""
    assert not deepgram.READER.recognises({"metadata": {}, "results": [{"index": 0}]})
    assert not deepgram.READER.recognises({"metadata": {"usage": {}}})


@pytest.mark.parametrize("about", ["summary_info", "topics_info", "intents_info", "sentiment_info"])
def test_what_a_language_model_made_of_the_text_is_not_understood(about):
    """It is sold by tokens, of which no price is known: a note names them."""
    metadata = {**DEEPGRAM["metadata"], about: {"model_uuid": "m", "input_tokens": 100}}
    usage = read_usage({**DEEPGRAM, "metadata": metadata})
    assert usage.unread == {f"metadata.{about}.input_tokens": 100}


def test_the_note_of_channels_is_about_them():
    (note,) = read_usage(channels(2)).notes
    assert (note.code, note.about) == ("several_media", "channels")


def test_a_live_transcript():
    """The last event states the seconds, each channel is billed if it was transcribed apart, at the live price."""
    about = {"m": {"name": "x", "arch": "nova-3"}}
    end = {"type": "Metadata", "request_id": "r", "duration": 61.5, "channels": 2, "model_info": about}
    one = {"type": "Results", "channel_index": [0, 1], "duration": 2.0, "channel": {"alternatives": []}}
    two = {**one, "channel_index": [1, 2]}
    for events, seconds in ((end, 61.5), ([end], 61.5), ([one, one, end], 61.5), ([one, two, end], 123)):
        usage = read_usage(events)
        assert (usage.duration, usage.model, usage.provider) == (seconds, "streaming/nova-3", "deepgram")
        assert not usage.partial
    with pytest.raises(MissingUsageError, match="whose last event is not here"):
        read_usage([one, one])
