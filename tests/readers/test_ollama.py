"""Ollama: counters in the chunk that is done, durations in nanoseconds."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

DONE = {
    "model": "gemma3",
    "created_at": "2025-10-17T23:14:07.414671Z",
    "done": True,
    "done_reason": "stop",
    "total_duration": 174560334,
    "load_duration": 101397084,
    "prompt_eval_count": 11,
    "prompt_eval_duration": 13074791,
    "eval_count": 18,
    "eval_duration": 52479709,
}
GENERATE = {**DONE, "response": "Hello!"}
CHAT = {**DONE, "message": {"role": "assistant", "content": "Hello!"}}
ROW = {"input_cost_per_token": 1e-07, "output_cost_per_token": 4e-07, "cache_read_input_token_cost": 1e-08}


@pytest.mark.parametrize("response", [GENERATE, CHAT])
def test_priced(response):
    """11 x 1e-07 + 18 x 4e-07."""
    assert bill(ROW, response) == lines(("input", 11, "0.0000011"), ("output", 18, "0.0000072"))


def test_cached_tokens_are_inside():
    """3 x 1e-07 + 8 x 1e-08 + 18 x 4e-07; not one more than the prompt."""
    assert bill(ROW, {**CHAT, "prompt_eval_cached_count": 8}) == lines(
        ("input", 3, "0.0000003"), ("cache_read", 8, "0.00000008"), ("output", 18, "0.0000072")
    )
    assert read_usage({**CHAT, "prompt_eval_cached_count": 11}).quantities == {"cache_read": 11, "output": 18}
    with pytest.raises(InconsistentUsageError, match="prompt_eval_cached_count=12"):
        read_usage({**CHAT, "prompt_eval_cached_count": 12})


def test_wall_clock():
    """0.174560334 s on a machine of one's own at 0.001 a second."""
    usage = read_usage(GENERATE)
    assert (usage.elapsed, usage.duration) == (0.174560334, None)
    assert bill({"input_cost_per_second": 0.001}, GENERATE) == lines(("input_seconds", 0.174560334, "0.000174560334"))


def test_probabilities_of_tokens_are_no_counters():
    """They stand beside the answer, a list with a number for each token, and are not billed."""
    assert read_usage({**GENERATE, "logprobs": [{"token": "Hello", "logprob": -0.2, "bytes": [72]}]}).unread == {}


def test_free_models():
    """The map lists what runs at home at 0."""
    free = {"input_cost_per_token": 0, "output_cost_per_token": 0}
    assert bill(free, CHAT) == lines(("input", 11, "0"), ("output", 18, "0"))


def test_stream():
    """Only the last chunk has counters."""
    running = {"model": "gemma3", "created_at": "2025-10-17T23:14:07Z", "message": {"content": "Hel"}, "done": False}
    assert read_usage([running, CHAT]) == read_usage(CHAT)
    with pytest.raises(MissingUsageError, match="done=true"):
        read_usage([running, running])
    with pytest.raises(MissingUsageError, match="done=true"):
        read_usage(running)


@pytest.mark.parametrize("name", ["prompt_eval_count", "eval_count"])
def test_a_missing_counter(name):
    """Servers leave out what they took from a cache, which is not 0."""
    with pytest.raises(MissingUsageError, match=name):
        read_usage({key: value for key, value in GENERATE.items() if key != name})


def test_only_loaded():
    """A call without a prompt loads the model and generates nothing."""
    usage = read_usage({"model": "gemma3", "response": "", "done": True, "done_reason": "load"})
    assert (usage.quantities, usage.free) == ({}, "the call only loaded or unloaded the model")


def test_embed():
    """An embedding has no answer."""
    usage = read_usage(
        {"model": "embeddinggemma", "embeddings": [[0.1]], "total_duration": 14143917, "prompt_eval_count": 8}
    )
    assert (usage.quantities, usage.elapsed) == ({"input": 8}, 0.014143917)
