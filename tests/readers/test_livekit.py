"""LiveKit Agents: metrics of a request, of a model in a session, and the sum of a session."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError, UnrecognizedResponseError
from llmcost.readers import read_usage

LLM = {
    "label": "livekit.plugins.openai.llm.LLM",
    "type": "llm_metrics",
    "request_id": "r",
    "timestamp": 1789000000.5,
    "duration": 1.2,
    "ttft": 0.4,
    "cancelled": False,
    "completion_tokens": 50,
    "prompt_tokens": 1000,
    "prompt_cached_tokens": 600,
    "total_tokens": 1050,
    "tokens_per_second": 41.6,
    "speech_id": None,
    "metadata": {"model_name": "gpt-4o", "model_provider": "openai"},
}
REALTIME = {
    "label": "livekit.plugins.openai.realtime.RealtimeModel",
    "type": "realtime_model_metrics",
    "timestamp": 1789000000.5,
    "ttft": 0.3,
    "input_tokens": 400,
    "output_tokens": 100,
    "total_tokens": 500,
    "input_token_details": {
        "text_tokens": 100,
        "audio_tokens": 300,
        "image_tokens": 0,
        "cached_tokens": 250,
        "cached_tokens_details": {"text_tokens": 50, "audio_tokens": 200, "image_tokens": 0},
    },
    "output_token_details": {"text_tokens": 20, "audio_tokens": 80, "image_tokens": 0},
    "metadata": {"model_name": "gpt-realtime", "model_provider": "api.openai.com"},
}
STT = {
    "type": "stt_metrics",
    "label": "livekit.plugins.deepgram.stt.STT",
    "request_id": "r",
    "timestamp": 1789000000.5,
    "duration": 0.0,
    "audio_duration": 31.5,
    "streamed": True,
    "metadata": {"model_name": "nova-3", "model_provider": "Deepgram"},
}
TTS = {
    "type": "tts_metrics",
    "label": "livekit.plugins.openai.tts.TTS",
    "request_id": "r",
    "timestamp": 1789000000.5,
    "ttfb": 0.3,
    "duration": 1.0,
    "audio_duration": 7.5,
    "cancelled": False,
    "characters_count": 1032,
    "streamed": False,
    "metadata": {"model_name": "tts-1", "model_provider": "openai"},
}
JS_TTS = {"type": "tts_metrics", "requestId": "r", "charactersCount": 1032, "audioDurationMs": 7500, "streamed": False}
LLM_OF_A_SESSION = {
    "provider": "openai",
    "type": "llm_usage",
    "model": "gpt-realtime",
    "input_tokens": 400,
    "input_cached_tokens": 250,
    "input_audio_tokens": 300,
    "input_cached_audio_tokens": 200,
    "input_text_tokens": 100,
    "input_cached_text_tokens": 50,
    "input_image_tokens": 0,
    "input_cached_image_tokens": 0,
    "output_tokens": 100,
    "output_audio_tokens": 80,
    "output_text_tokens": 20,
    "session_duration": 12.5,
}
session = {
    "model_usage": [
        LLM_OF_A_SESSION,
        {"type": "tts_usage", "provider": "openai", "model": "tts-1", "characters_count": 1032, "audio_duration": 70.1},
        {"type": "stt_usage", "provider": "deepgram", "model": "nova-3", "audio_duration": 31.5},
    ]
}
summary = {
    "llm_prompt_tokens": 1000,
    "llm_prompt_cached_tokens": 600,
    "llm_input_audio_tokens": 0,
    "llm_completion_tokens": 50,
    "llm_output_audio_tokens": 0,
    "tts_characters_count": 1032,
    "tts_audio_duration": 70.1,
    "stt_audio_duration": 31.5,
}
SPOKEN = {"input": 50, "cache_read": 50, "input_audio": 100, "cache_read_audio": 200, "output": 20, "output_audio": 80}


def test_a_language_model():
    """The prompt holds what was cached: 400 x 2.5e-6 + 600 x 1.25e-6 + 50 x 10e-6."""
    usage = read_usage(LLM)
    assert (usage.model, usage.quantities) == ("gpt-4o", {"input": 400, "cache_read": 600, "output": 50})
    assert (usage.aggregate, usage.context, usage.unread) == (False, 1000, {})
    assert CostMap().calculate(LLM).total == Decimal("0.00225")
    event = {"type": "metrics_collected", "metrics": LLM}
    assert read_usage(event).quantities == usage.quantities


def test_claude_counts_inside_too():
    """LiveKit adds what was cached to the prompt of every maker."""
    usage = read_usage({**LLM, "metadata": {"model_name": "claude-sonnet-4-5", "model_provider": "anthropic"}})
    assert usage.quantities == {"input": 400, "cache_read": 600, "output": 50}


def test_a_realtime_model():
    """Cached tokens are split by modality; the model of a session has the same counters by names of its own."""
    assert read_usage(REALTIME).quantities == SPOKEN
    usage = read_usage(LLM_OF_A_SESSION)
    assert (usage.quantities, usage.aggregate, usage.context) == (SPOKEN, True, None)


def test_speech():
    """31.5 seconds at 0.00007167; 1032 characters at 15 USD a million, in Python and in JavaScript."""
    assert CostMap().calculate(STT).total == Decimal("0.002257605")
    for metrics in (TTS, JS_TTS):
        assert CostMap().calculate(metrics, model="tts-1").total == Decimal("0.01548")
    by_the_second = CostMap({"voice": {"output_cost_per_second": 0.01}})
    assert by_the_second.calculate(JS_TTS, model="voice").total == Decimal("0.075")


def test_speech_in_tokens():
    """Tokens are one of the units in which the same work is counted: 66 x 2.5e-6 + 22 x 10e-6."""
    heard = {**STT, "input_tokens": 66, "output_tokens": 22, "metadata": {"model_name": "gpt-4o-transcribe"}}
    cost = CostMap().calculate(heard)
    assert [(line.meter, line.quantity) for line in cost.line_items] == [("input_audio", 66), ("output", 22)]
    assert (cost.total, cost.usage.dialect) == (Decimal("0.000385"), "livekit")


def test_a_session_by_model():
    """50 x 4e-6 + 50 x 4e-7 + 100 x 32e-6 + 200 x 4e-7 + 20 x 16e-6 + 80 x 64e-6, the voice, and the ear."""
    cost = CostMap().calculate(session)
    assert (cost.total, cost.complete) == (Decimal("0.00894") + Decimal("0.01548") + Decimal("0.002257605"), True)


@pytest.mark.parametrize("name", ["total_requests", "totalRequests"])
def test_whose_turn_it_is(name):
    """The same session: interruptions are not billed, and what tells the end of a turn makes it a lower bound."""
    interruptions = {"type": "interruption_usage", "provider": "livekit", "model": "adaptive interruption", name: 5}
    turns = {"type": "eot_usage", "provider": "livekit", "model": "turn detector", name: 7}
    for rows, complete, unread in (
        ([interruptions, {**turns, name: 0}], True, {}),
        ([interruptions, turns], False, {"eot_usage.total_requests": 7}),
    ):
        cost = CostMap().calculate({"model_usage": [*rows, *session["model_usage"]]})
        assert cost.total == Decimal("0.00894") + Decimal("0.01548") + Decimal("0.002257605")
        assert (cost.complete, cost.usage.unread) == (complete, unread)
        with pytest.raises(MissingUsageError):
            read_usage({"model_usage": rows})


def test_the_sum_of_a_session_names_no_model():
    """What no model is known for is unpriced, and the rest a lower bound."""
    cost = CostMap().calculate(summary, model="gpt-4o", transcription_model="deepgram/nova-3")
    # 0.00225 of the language model and 31.5 seconds at 0.00007167
    assert (cost.total, cost.complete) == (Decimal("0.004507605"), False)
    assert "input_characters" in cost.unpriced
    heard = {**summary, "llm_prompt_tokens": 0, "llm_completion_tokens": 0, "tts_characters_count": 0}
    heard |= {"tts_audio_duration": 0, "llm_prompt_cached_tokens": 0}
    assert CostMap().calculate(heard, model="deepgram/nova-3").total == Decimal("0.002257605")


@pytest.mark.parametrize(
    "metrics",
    [
        {**LLM, "prompt_tokens": None},
        {**STT, "audio_duration": 0},
        {**TTS, "characters_count": 0, "audio_duration": 0},
        dict.fromkeys(summary, 0),
        {"model_usage": [LLM_OF_A_SESSION, {"type": "avatar_usage"}]},
    ],
)
def test_nothing_counted(metrics):
    """Metrics without their counters are missing, and no zero."""
    with pytest.raises(MissingUsageError):
        read_usage(metrics)


def test_what_contradicts_itself():
    """More cached than sent, and what is no count."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**LLM, "prompt_cached_tokens": 1001, "total_tokens": 1060})
    with pytest.raises(InconsistentUsageError):
        read_usage({**TTS, "characters_count": -1})


def test_other_metrics_are_no_calls():
    """How long somebody was silent is billed by nobody."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"type": "vad_metrics", "label": "v", "timestamp": 1.0, "idle_time": 2.0, "inference_count": 30})
