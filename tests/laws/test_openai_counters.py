"""Laws of the counters of images, audio and sessions: nothing is lost, and nothing is counted twice."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from llmcost import CostMap
from llmcost.readers import read_usage

counts = st.integers(min_value=0, max_value=10**9)
splits = st.tuples(counts, counts, counts)


@st.composite
def turns(draw):
    text, audio, image = draw(splits)
    cached = [draw(st.integers(0, part)) for part in (text, audio, image)]
    said = draw(st.tuples(counts, counts))
    usage = {
        "input_tokens": text + audio + image,
        "output_tokens": sum(said),
        "input_token_details": {
            "text_tokens": text,
            "audio_tokens": audio,
            "image_tokens": image,
            "cached_tokens": sum(cached),
        },
        "output_token_details": {"text_tokens": said[0], "audio_tokens": said[1]},
    }
    if draw(st.booleans()):
        names = ("text_tokens", "audio_tokens", "image_tokens")
        usage["input_token_details"]["cached_tokens_details"] = dict(zip(names, cached, strict=True))
    return {"type": "response.done", "event_id": "e", "response": {"usage": usage}}


def stated(events, side):
    return sum(event["response"]["usage"][f"{side}_tokens"] for event in events)


@given(st.lists(turns(), min_size=1, max_size=5))
def test_a_session_holds_what_its_turns_state(events):
    """Input and output of a session are the sums of its turns, and no quantity is negative."""
    usage = read_usage(events)
    assert usage.input_tokens == stated(events, "input")
    assert usage.output_tokens == stated(events, "output")
    assert all(quantity > 0 for part in usage.walk() for quantity in part.quantities.values())


@given(st.lists(turns(), min_size=1, max_size=4))
def test_a_session_costs_what_its_turns_cost(events):
    """Pricing the turns one by one gives the same sum."""
    rates = {"input_cost_per_token": 3e-06, "input_cost_per_audio_token": 7e-06, "output_cost_per_token": 1.1e-05}
    prices = CostMap({"m": rates})
    alone = sum((prices.calculate(event, model="m").total for event in events), Decimal(0))
    assert prices.calculate(events, model="m").total == alone


@given(splits, st.tuples(counts, counts), st.booleans())
def test_images_hold_all_their_tokens(sent, drawn, split):
    """Text, image and what is not split add up to the counters."""
    text, image, rest = sent
    usage = {
        "input_tokens": text + image + rest,
        "input_tokens_details": {"text_tokens": text, "image_tokens": image},
        "output_tokens": sum(drawn),
    }
    if split:
        usage["output_tokens_details"] = {"image_tokens": drawn[0], "text_tokens": drawn[1]}
    found = read_usage({"created": 1, "data": [{"b64_json": "x"}], "usage": usage})
    assert (found.input_tokens, found.output_tokens) == (text + image + rest, sum(drawn))


@given(splits, counts)
def test_transcripts_hold_all_their_tokens(sent, written):
    """Audio, text and what is not split add up to the counters, in the response and in its last event.

    Where all are 0 nothing was said: a text beside them would be an error.
    """
    text, audio, rest = sent
    details = {"text_tokens": text, "audio_tokens": audio}
    usage = {"type": "tokens", "input_tokens": sum(sent), "output_tokens": written, "input_token_details": details}
    said = "x" if written or any(sent) else ""
    found = read_usage({"text": said, "usage": usage})
    assert found == read_usage([{"type": "transcript.text.done", "text": said, "usage": usage}])
    assert found.quantities.get("input_audio", 0) == audio + rest
    assert found.total_tokens == sum(sent) + written


@given(st.lists(st.decimals(min_value=0, max_value=10**6, places=3).map(float), min_size=1, max_size=6))
def test_a_live_session_is_its_last_total(totals):
    """However often a session states its seconds, only the last of them count."""
    events = [{"type": "session.usage.updated", "usage": {"seconds": seconds}} for seconds in totals]
    assert read_usage(events).duration == totals[-1]


@given(st.integers(1, 10), st.integers(1, 4096), st.integers(1, 4096))
def test_pixels_are_images_times_their_sides(images, width, height):
    """The caller's size and the response's make the same units."""
    data = [{"url": "https://x"}] * images
    size = f"{width}x{height}"
    (group,) = read_usage({"created": 1, "data": data, "size": size}).alternatives
    assert {"output_pixels": images * width * height} in group
    prices = CostMap({"m": {"output_cost_per_pixel": 1e-09}})
    asked = prices.calculate({"created": 1, "data": data}, model="m", size=size)
    assert asked.line_items == prices.calculate({"created": 1, "data": data, "size": size}, model="m").line_items
