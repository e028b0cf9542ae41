"""Mistral chat: seconds of audio beside the text, and a tier inside the usage."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

from ..billing import bill, lines

USAGE = {"prompt_tokens": 4, "completion_tokens": 635, "total_tokens": 3264, "prompt_audio_seconds": 203}


class Unset:
    """What the SDK puts where nothing was given: false, and not None."""

    def __bool__(self):
        return False


def body(**counters):
    return {"object": "chat.completion", "id": "cmpl-1", "model": "voxtral-mini-2507", "usage": {**USAGE, **counters}}


def test_seconds_and_tokens_add_up():
    """203 x 5e-05 + 4 x 4e-08 + 635 x 4e-08: the total that counts hidden audio tokens is no note."""
    row = {"input_cost_per_token": 4e-08, "output_cost_per_token": 4e-08, "input_cost_per_second": 5e-05}
    assert bill(row, body()) == lines(
        ("input", 4, "0.00000016"), ("output", 635, "0.0000254"), ("input_audio_seconds", 203, "0.01015")
    )
    assert read_usage(body()).notes == ()


def test_sold_by_the_second_alone():
    """A transcription model's row has no token prices, and the seconds are the bill."""
    assert bill({"input_cost_per_second": 5e-05}, body()) == lines(("input_audio_seconds", 203, "0.01015"))


def test_a_total_with_tokens_of_audio_tells_no_answer():
    """3264 holds what 203 seconds are in tokens; where these are stated, 3264 - 4 - 2625 = 635 is left."""
    with pytest.raises(MissingUsageError, match="without completion_tokens"):
        read_usage(body(completion_tokens=None))
    told = body(completion_tokens=None, prompt_tokens_details={"audio_tokens": 2625})
    assert read_usage(told).quantities == {"input": 4, "output": 635}


@pytest.mark.parametrize("nothing", [None, 0, Unset()])
def test_no_audio(nothing):
    """Absent seconds are none, the SDK's sentinel included."""
    usage = read_usage(body(prompt_audio_seconds=nothing, total_tokens=639, service_tier=nothing or None))
    assert (usage.quantities, usage.alternatives) == ({"input": 4, "output": 635}, ())


def test_cached_tokens_and_tier():
    """Cached tokens come as an undeclared extra, the tier stands among the counters."""
    usage = read_usage(
        body(
            prompt_audio_seconds=Unset(),
            total_tokens=639,
            prompt_tokens_details={"cached_tokens": 3},
            service_tier="priority",
        )
    )
    assert (usage.quantities, usage.service_tier) == ({"input": 1, "cache_read": 3, "output": 635}, "priority")
    assert read_usage({**body(service_tier="priority"), "service_tier": "standard"}).service_tier == "standard"


def test_no_provider():
    """The models are sold on other clouds with the same counters, so that they prove nothing."""
    assert read_usage(body()).provider is None


def test_zeros_that_nobody_stated():
    """The SDK fills an absent usage with zeros; an object knows which fields were given."""

    class UsageInfo:
        __pydantic_extra__ = None
        __pydantic_fields_set__ = frozenset()

        def __init__(self):
            self.prompt_tokens = self.completion_tokens = self.total_tokens = 0
            self.prompt_audio_seconds = Unset()

    with pytest.raises(MissingUsageError, match="not filled"):
        read_usage({**body(), "usage": UsageInfo()})


CACHED = {"prompt_tokens": 100, "num_cached_tokens": 64, "completion_tokens": 10, "total_tokens": 110}


@pytest.mark.parametrize(
    "counters",
    [
        CACHED,
        {**CACHED, "prompt_tokens_details": {"cached_tokens": 64}},
        {"prompt_tokens": 100, "completion_tokens": 10, "prompt_token_details": {"cached_tokens": 64}},
        {"prompt_tokens": 100, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 64}},
    ],
)
def test_cached_tokens_under_every_name(counters):
    """They are inside the prompt, stated once or twice; in an envelope, and bare."""
    for response in ({"object": "chat.completion", "model": "mistral-small-latest", "usage": counters}, counters):
        usage = read_usage(response)
        assert (usage.quantities, usage.notes) == ({"input": 36, "cache_read": 64, "output": 10}, ())


def test_more_cached_tokens_than_the_prompt_has():
    """All of the prompt is cached, and a note says so."""
    usage = read_usage({**CACHED, "num_cached_tokens": 128})
    assert usage.quantities == {"cache_read": 100, "output": 10}
    assert [note.code for note in usage.notes] == ["cached_above_prompt"]


@pytest.mark.parametrize(("prompt", "total"), [(20, 945), (20, 0), (895, 945)], ids=["beside", "no total", "inside"])
def test_tokens_of_audio_are_its_seconds(prompt, total):
    """875 tokens are 7 seconds in other words: 20 tokens of text, whether the prompt holds the audio or not."""
    counters = {
        "prompt_audio_seconds": 7,
        "prompt_tokens": prompt,
        "completion_tokens": 50,
        "total_tokens": total or None,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 875},
    }
    usage = read_usage({"object": "chat.completion", "model": "voxtral-small-latest", "usage": counters})
    assert (usage.quantities, usage.notes) == ({"input": 20, "output": 50}, ())
    assert usage.alternatives == (({"input_audio_seconds": 7}, {"compute_seconds": 7}),)
