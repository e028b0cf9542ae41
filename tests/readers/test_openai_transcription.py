"""Transcription: tokens or billed seconds, whichever the model is sold by."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError, UnrecognizedResponseError
from llmcost.readers import openai_transcription, read_usage
from tests.litellm_objects import made
from tests.sdks import Kind

Transcription = Kind("openai.types.audio.Transcription")
TranscriptionDiarized = Kind("openai.types.audio.TranscriptionDiarized")
TranscriptionStreamEvent = Kind("openai.types.audio.TranscriptionStreamEvent")
TranscriptionVerbose = Kind("openai.types.audio.TranscriptionVerbose")
TranslationVerbose = Kind("openai.types.audio.TranslationVerbose")

SPLIT = {
    "type": "tokens",
    "input_tokens": 14,
    "input_token_details": {"text_tokens": 4, "audio_tokens": 10},
    "output_tokens": 45,
    "total_tokens": 59,
}
UNSPLIT = {"type": "tokens", "input_tokens": 500, "output_tokens": 40, "total_tokens": 540}
SECONDS = {"type": "duration", "seconds": 27}
TRANSLATED = {"duration": 8.5, "language": "english", "text": "The beach", "segments": []}
VERBOSE = {
    "task": "transcribe",
    "language": "english",
    "duration": 8.470000267028809,
    "text": "The beach",
    "segments": [],
    "usage": {"type": "duration", "seconds": 9},
}
EVENTS = [
    {"type": "transcript.text.delta", "delta": "Hel"},
    {"type": "transcript.text.delta", "delta": "lo"},
    {"type": "transcript.text.done", "text": "Hello", "usage": SPLIT},
]
BOTH = {
    "input_cost_per_token": 2.5e-06,
    "input_cost_per_audio_token": 6e-06,
    "output_cost_per_token": 1e-05,
    "input_cost_per_second": 0.0001,
}


def priced(response, rates, **facts):
    return CostMap({"m": rates}).calculate(response, model="m", **facts)


def lines(cost):
    return [(line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_tokens_by_modality():
    """Audio and the text of a prompt are apart."""
    usage = read_usage({"text": "hi", "usage": SPLIT})
    assert usage.quantities == {"input": 4, "input_audio": 10, "output": 45}
    assert (usage.context, usage.total_tokens, usage.notes) == (14, 59, ())


@pytest.mark.parametrize(
    "details", [{}, {"input_token_details": None}, {"input_token_details": {"audio_tokens": None}}]
)
def test_tokens_without_a_split_are_audio(details):
    """What is transcribed is audio, and a note says that the response did not split it."""
    cost = priced({"text": "hi", "usage": {**UNSPLIT, **details}}, BOTH)
    assert lines(cost) == [("input_audio", 500, Decimal("0.003")), ("output", 40, Decimal("0.0004"))]
    assert cost.notes == ("500 of the input tokens are not split by modality: counted as audio",)


def test_tokens_win_over_a_price_per_second():
    """A card with both is billed by what the response counts."""
    assert [line.meter for line in priced({"text": "hi", "usage": SPLIT}, BOTH).line_items] == [
        "input",
        "input_audio",
        "output",
    ]


def test_seconds_are_billed_once():
    """whisper-1's row has the same price under two keys; 27 seconds are one line."""
    rates = {"input_cost_per_second": 0.0001, "output_cost_per_second": 0.0001}
    assert lines(priced({"text": "hi", "usage": SECONDS}, rates)) == [("input_seconds", 27, Decimal("0.0027"))]


def test_billed_seconds_win_over_the_length():
    """8.47 s of audio are billed as 9."""
    assert read_usage(VERBOSE).duration == 9
    assert lines(priced(VERBOSE, {"input_cost_per_second": 0.0001})) == [("input_seconds", 9, Decimal("0.0009"))]


def test_the_length_stands_in_with_a_note():
    """A translation states no usage: its length is used, and that is said."""
    cost = priced(TRANSLATED, {"input_cost_per_second": 0.0001})
    assert lines(cost) == [("input_seconds", 8.5, Decimal("0.00085"))]
    assert cost.notes == ("no billed seconds in the response: the length of the audio is used",)
    assert read_usage(TRANSLATED).dialect == "transcription"
    assert read_usage(TranslationVerbose.construct(**TRANSLATED)) == read_usage(TRANSLATED)


def test_the_caller_knows_better():
    """duration= replaces the length."""
    translated = {"duration": 8.5, "language": "english", "text": "The beach"}
    assert priced(translated, {"input_cost_per_second": 0.0001}, duration=9).total == Decimal("0.0009")


def test_diarized():
    """Tokens are billed; where somebody sells the model by the second, its length is there."""
    diarized = {"task": "transcribe", "duration": 42.7, "text": "Hi", "segments": [], "usage": UNSPLIT}
    assert priced(diarized, BOTH).total == Decimal("0.0034")
    cost = priced(diarized, {"input_cost_per_second": 0.001})
    assert lines(cost) == [("input_seconds", 42.7, Decimal("0.0427"))]
    assert read_usage(TranscriptionDiarized.construct(**diarized)) == read_usage(diarized)
    assert read_usage(TranscriptionDiarized.model_validate(diarized)) == read_usage(diarized)


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        (Transcription, {"text": "hi", "usage": SPLIT}),
        (Transcription, {"text": "hi", "usage": UNSPLIT}),
        (Transcription, {"text": "hi", "usage": SECONDS}),
        (TranscriptionVerbose, VERBOSE),
    ],
)
def test_sdk_object(kind, response):
    """The SDK's object gives what its dict gives."""
    assert read_usage(kind.construct(**response)) == read_usage(response)
    assert read_usage(kind.model_validate(response)) == read_usage(response)


def test_stream():
    """The event that ends the transcript states the usage; dict, event and SDK events agree."""
    usage = read_usage(EVENTS)
    assert usage == read_usage(EVENTS[-1]) == read_usage({"text": "Hello", "usage": SPLIT})
    assert read_usage([TranscriptionStreamEvent.event(event) for event in EVENTS]) == usage


@pytest.mark.parametrize("events", [EVENTS[:2], [{"type": "transcript.text.done", "text": "Hello", "usage": None}]])
def test_stream_without_usage_raises(events):
    """A stream that broke off, or whose end states nothing, is not free."""
    with pytest.raises(MissingUsageError):
        read_usage(events)


def test_bare_usage():
    """The usage object alone is told by its type."""
    assert read_usage(SPLIT) == read_usage({"text": "hi", "usage": SPLIT})
    assert read_usage(SECONDS).duration == 27


def test_provider_of_the_same_shape():
    """Groq's transcripts carry its mark."""
    heard = {"text": "hi", "duration": 3.0, "segments": [], "x_groq": {"id": "req_1"}}
    assert read_usage(heard).provider == "groq"


@pytest.mark.parametrize(
    "usage",
    [
        {**SPLIT, "input_tokens": 13},
        {**SPLIT, "output_tokens": -1},
        {"type": "duration", "seconds": -1},
        {"type": "duration", "seconds": "long"},
        {"type": "duration", "seconds": float("inf")},
    ],
)
def test_contradictions_raise(usage):
    """Parts above their whole, and seconds that are none."""
    with pytest.raises(InconsistentUsageError):
        read_usage({"text": "hi", "usage": usage})


@pytest.mark.parametrize(
    "usage", [{"type": "tokens", "input_tokens": 5}, {"type": "tokens", "output_tokens": 5}, {"type": "duration"}]
)
def test_missing_counters_raise(usage):
    """A missing counter is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage({"text": "hi", "usage": usage})


@pytest.mark.parametrize("response", [{"text": "hi"}, {"text": "hi", "usage": None}, {"text": "hi", "meta": {}}])
def test_text_alone_is_no_transcript(response):
    """Many things have a text: the shape is not guessed."""
    assert not openai_transcription.recognises(response)


def test_text_alone_raises():
    """Nothing says what it cost."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"text": "hi"})


def test_text_with_a_duration_from_the_caller():
    """The plain form states nothing; the caller's seconds do."""
    assert priced({"text": "hi"}, {"input_cost_per_second": 0.0001}, duration=9).total == Decimal("0.0009")


def test_a_text_and_its_length_are_a_transcript():
    """As LiteLLM's object is, with the length as an attribute of its own: 30 s x 0.0001."""
    row = {"input_cost_per_second": 0.0001}
    assert priced({"text": "hi", "duration": 30}, row).total == Decimal("0.003")
    heard = made("TranscriptionResponse", text="hi")
    heard.duration = 30
    assert priced(heard, row).total == Decimal("0.003")
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"text": "hi", "duration": 30, "steps": 4})


def test_tokens_under_the_names_of_chat():
    """60 x 1e-6 + 40 x 6e-6 + 10 x 1e-5: what is not split is text there."""
    row = {"input_cost_per_token": 1e-6, "input_cost_per_audio_token": 6e-6, "output_cost_per_token": 1e-5}
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    heard = {"text": "hi", "usage": {**usage, "prompt_tokens_details": {"audio_tokens": 40}}}
    assert priced(heard, row).total == Decimal("0.0004")
    assert priced({"text": "hi", "usage": usage}, row).total == Decimal("0.0002")
    assert priced(heard, row).complete
    assert read_usage({"text": "hi", "usage": {**usage, "zzz_tokens": 7}}).unread == {"zzz_tokens": 7}


def test_openrouters_usage_has_no_type():
    """Tokens that are not split are text, or the seconds are billed; what was charged is stated."""
    counters = {"seconds": 9.2, "total_tokens": 113, "input_tokens": 83, "output_tokens": 30, "cost": 0.000508}
    response = {"text": "x", "usage": counters}
    usage = read_usage(response)
    assert (usage.quantities, usage.duration) == ({"input": 83, "output": 30}, 9.2)
    assert str(usage.reported) == "0.000508"
    assert read_usage({"text": "x", "usage": {"seconds": 9.2}}).duration == 9.2
    cost = CostMap({"m": {"input_cost_per_second": 0.0001}}).calculate(response, model="m", prefer="calculated")
    assert [(line.meter, str(line.amount)) for line in cost.line_items] == [("input_seconds", "0.00092")]
