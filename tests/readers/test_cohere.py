"""Cohere: billed units are the bill, in floats, in five places."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

ROW = {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05}
TOKENS = {"input_tokens": 71.0, "output_tokens": 418.0}
BILLED = {"input_tokens": 5.0, "output_tokens": 418.0}
MESSAGE = {"role": "assistant", "content": [{"type": "text", "text": "Hi"}]}
V2 = {"id": "c1", "finish_reason": "COMPLETE", "message": MESSAGE, "usage": {"billed_units": BILLED, "tokens": TOKENS}}
V1 = {
    "text": "Hi",
    "generation_id": "g",
    "finish_reason": "COMPLETE",
    "meta": {"billed_units": BILLED, "tokens": TOKENS},
}


@pytest.mark.parametrize("response", [V2, V1])
def test_billed_units_alone(response):
    """5 and not 71 tokens of input: what Cohere adds to the prompt is not billed."""
    assert bill(ROW, response) == lines(("input", 5, "0.0000125"), ("output", 418, "0.00418"))
    usage = read_usage(response)
    assert all(type(quantity) is int for quantity in usage.quantities.values())
    assert (usage.model, usage.provider) == (None, None)


def test_cached_tokens_change_nothing():
    """No discount is published, which a note says."""
    usage = read_usage({**V2, "usage": {**V2["usage"], "cached_tokens": 384.0}})
    assert usage.quantities == {"input": 5, "output": 418}
    assert "no discount is published" in usage.notes[0]


def test_stream_of_version_2():
    """The last event's delta has the usage."""
    events = [
        {"type": "message-start", "id": "x", "delta": {"message": {"role": "assistant"}}},
        {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "Hi"}}}},
        {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": V2["usage"]}},
    ]
    assert read_usage(events) == read_usage(V2)
    with pytest.raises(MissingUsageError):
        read_usage(events[:-1])


def test_stream_of_version_1():
    """The last event holds the whole response."""
    events = [
        {"event_type": "stream-start", "generation_id": "g"},
        {"event_type": "text-generation", "text": "Hi"},
        {"event_type": "stream-end", "response": V1},
    ]
    assert read_usage(events) == read_usage(V1)


def embedded(**billed):
    return {
        "id": "e",
        "embeddings": {"float": [[0.1]]},
        "meta": {"api_version": {"version": "2"}, "billed_units": billed},
    }


def test_embed_text():
    """Tokens of text are input."""
    assert bill(ROW, embedded(input_tokens=1200)) == lines(("input", 1200, "0.003"))


def test_embed_images():
    """Older models sell the image, newer ones its tokens; the row decides."""
    assert bill({"input_cost_per_image": 0.0001}, embedded(images=3)) == lines(("input_images", 3, "0.0003"))
    both = embedded(images=3, image_tokens=900, text_tokens=40, input_tokens=940)
    assert bill({"input_cost_per_token": 1.2e-07, "input_cost_per_image_token": 4.7e-07}, both) == lines(
        ("input", 40, "0.0000048"), ("input_image", 900, "0.000423")
    )
    assert read_usage(both).input_tokens == 940


def test_classifications():
    """A classification is a query on one text."""
    response = {"id": "c", "classifications": [], "meta": {"billed_units": {"classifications": 4}}}
    assert bill({"input_cost_per_query": 0.00005}, response) == lines(("queries", 4, "0.0002"))


@pytest.mark.parametrize(
    "usage", [None, {}, {"tokens": TOKENS}, {"billed_units": None}, {"billed_units": {"input_tokens": None}}]
)
def test_no_billed_units(usage):
    """Tokens are no substitute for what is billed."""
    with pytest.raises(MissingUsageError):
        read_usage({**V2, "usage": usage})


def test_unknown_units():
    """A unit that no meter counts is named, and the cost is a lower bound; alone it is an error."""
    assert read_usage(embedded(input_tokens=5, thoughts=7)).unread == {"billed_units.thoughts": 7}
    with pytest.raises(MissingUsageError):
        read_usage(embedded(thoughts=7))
    assert read_usage(embedded(input_tokens=5, thoughts=0)).quantities == {"input": 5}


@pytest.mark.parametrize("place", ["usage", "meta", "counters"])
def test_unknown_units_beside_the_billed_ones(place):
    """What stands beside billed_units is looked at wherever they stand, in counters without a response too."""
    counters = {"billed_units": {"input_tokens": 5, "output_tokens": 0}, "tokens": TOKENS, "characters": 195}
    assert read_usage(counters if place == "counters" else {**V2, place: counters}).unread == {"characters": 195}


def test_no_count():
    """Half a token is none."""
    with pytest.raises(InconsistentUsageError, match="not a whole number"):
        read_usage(embedded(input_tokens=5.5))
