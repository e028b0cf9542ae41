"""Pieces and seconds of media among the details of a prompt, as LiteLLM counts what was embedded."""

from __future__ import annotations

import pytest

from llmcost import read_usage

from .billing import bill, lines

# Four kinds of media, each sold in its own unit.
NOVA = {
    "input_cost_per_token": 1.35e-07,
    "input_cost_per_image": 6e-05,
    "input_cost_per_audio_per_second": 0.00014,
    "input_cost_per_video_per_second": 0.0007,
    "mode": "embedding",
}
# Not in capitals: its tokens are the same work as its image, so that no law of tokens holds for it.
embedded = {
    "object": "list",
    "data": [],
    "usage": {"prompt_tokens": 768, "total_tokens": 768, "prompt_tokens_details": {"image_count": 1}},
}


def response(prompt, **details):
    usage = {"prompt_tokens": prompt, "completion_tokens": 0, "total_tokens": prompt, "prompt_tokens_details": details}
    return {"object": "list", "data": [], "usage": usage}


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"image_count": 2}, ("input_images", 2, "0.00012")),
        ({"video_length_seconds": 30}, ("input_video_seconds", 30, "0.021")),
        ({"audio_length_seconds": 30.5}, ("input_audio_seconds", 30.5, "0.00427")),
    ],
)
def test_counts_without_tokens(details, expected):
    """2 x 0.00006; 30 x 0.0007; 30.5 x 0.00014."""
    assert bill(NOVA, response(0, **details)) == lines(expected)
    # The same as a bare usage, and in a chat's envelope.
    assert bill(NOVA, response(0, **details)["usage"]) == lines(expected)
    assert bill(NOVA, {**response(0, **details), "object": "chat.completion", "choices": []}) == lines(expected)


def test_a_count_stands_for_the_tokens_of_its_medium():
    """One image, which is 768 tokens as well: 0.00006, and no token a second time."""
    assert bill(NOVA, embedded) == lines(("input_images", 1, "0.00006"))
    told = response(768, image_count=1, image_tokens=700)
    # The 68 tokens that are none of the image are text: 68 x 1.35e-7.
    assert bill(NOVA, told) == lines(("input", 68, "0.00000918"), ("input_images", 1, "0.00006"))
    written = response(768, image_count=1, text_tokens=68)
    assert bill(NOVA, written) == lines(("input", 68, "0.00000918"), ("input_images", 1, "0.00006"))


def test_a_card_of_tokens_rates_the_tokens():
    """The unit that has a price: 768 x 1e-6."""
    assert bill({"input_cost_per_token": 1e-06}, embedded) == lines(("input", 768, "0.000768"))


def test_text_by_the_query_or_the_character():
    """Marengo sells queries, older models characters; 9 tokens are the same text."""
    assert bill({"input_cost_per_query": 7e-05}, response(9, query_count=2)) == lines(("queries", 2, "0.00014"))
    row = {"input_cost_per_character": 2e-07, "input_cost_per_token": 8e-07}
    assert bill(row, response(9, character_count=50)) == lines(("input_characters", 50, "0.00001"))
    assert bill({"input_cost_per_token": 8e-07}, response(9, character_count=50)) == lines(("input", 9, "0.0000072"))


def test_several_media():
    """An image and a video, with 20 tokens of text: 20 x 1.35e-7 + 1 x 0.00006 + 10 x 0.0007."""
    mixed = response(320, image_count=1, video_length_seconds=10, text_tokens=20)
    assert bill(NOVA, mixed) == lines(
        ("input", 20, "0.0000027"), ("input_images", 1, "0.00006"), ("input_video_seconds", 10, "0.007")
    )


def test_the_context_is_the_prompt():
    """Thresholds are of tokens, however they are billed."""
    assert read_usage(embedded).context == 768


def test_queries_stand_for_the_whole_prompt():
    """4 of 9 tokens are said to be text: without a price of queries all 9 are billed, at 8e-7."""
    marked = response(9, query_count=1, text_tokens=4)
    assert bill({"input_cost_per_token": 8e-07}, marked) == lines(("input", 9, "0.0000072"))
