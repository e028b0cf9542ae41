"""DashScope: Alibaba's own API, and the cache of its chat completions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, read_usage

# Prices of the tests' own: USD per million tokens.
MAP = CostMap(
    {
        "dashscope/qwen-toy": {
            "litellm_provider": "dashscope",
            "mode": "chat",
            "input_cost_per_token": 2e-6,
            "output_cost_per_token": 8e-6,
            "cache_read_input_token_cost": 4e-7,
            "explicit_cache_read_input_token_cost": 2e-7,
            "cache_creation_input_token_cost": 2.5e-6,
        },
        "dashscope/wan-toy": {
            "litellm_provider": "dashscope",
            "mode": "video_generation",
            "output_cost_per_second": 0.1,
            "output_cost_per_second_720p": 0.06,
        },
        "dashscope/image-toy": {
            "litellm_provider": "dashscope",
            "mode": "image_generation",
            "output_cost_per_image": 0.03,
        },
    }
)
CHAT = {
    "status_code": 200,
    "request_id": "r",
    "code": "",
    "message": "",
    "output": {"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "x"}}]},
    "usage": {
        "input_tokens": 100,
        "output_tokens": 10,
        "total_tokens": 110,
        "prompt_tokens_details": {"cached_tokens": 64},
        "output_tokens_details": {"text_tokens": 4, "reasoning_tokens": 6},
    },
}
SEEN = {
    "output": {"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": [{"text": "x"}]}}]},
    "usage": {
        "total_tokens": 1276,
        "input_tokens_details": {"image_tokens": 1247, "text_tokens": 19},
        "output_tokens": 10,
        "input_tokens": 1266,
        "output_tokens_details": {"text_tokens": 10},
        "image_tokens": 1247,
    },
    "request_id": "r",
}
SEARCHED = {
    "output": {"choices": []},
    "usage": {
        "input_tokens": 100,
        "output_tokens": 10,
        "total_tokens": 110,
        "plugins": {"search": {"count": 1, "strategy": "turbo"}},
    },
    "request_id": "r",
}
EMBEDDED = {"output": {"embeddings": [{"text_index": 0}]}, "usage": {"total_tokens": 26}, "request_id": "r"}
FILM = {
    "request_id": "r",
    "output": {"task_id": "t", "task_status": "SUCCEEDED", "video_url": "u"},
    "usage": {"video_duration": 5, "video_count": 1, "SR": 720},
}
IMAGE = {
    "request_id": "r",
    "output": {"results": [{"url": "u"}]},
    "usage": {"image_count": 2, "width": 1328, "height": 1328},
}
SPOKEN = {"request_id": "r", "output": {"audio": {"url": "u"}}, "usage": {"characters": 195}}
STREAM = [
    {
        "output": {"finish_reason": "null", "text": "x"},
        "usage": {"total_tokens": 21, "input_tokens": 20, "output_tokens": 1},
        "request_id": "r",
    },
    {
        "output": {"finish_reason": "stop", "text": "xy"},
        "usage": {"total_tokens": 23, "input_tokens": 20, "output_tokens": 3},
        "request_id": "r",
    },
]
# The same company through the envelope of chat completions.
COMPATIBLE = {
    "object": "chat.completion",
    "model": "qwen-toy",
    "choices": [],
    "usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {
            "cached_tokens": 800,
            "cache_creation_input_tokens": 100,
            "cache_creation": {"ephemeral_5m_input_tokens": 100},
            "cache_type": "ephemeral",
        },
    },
}


def lines(cost):
    """Return meter, quantity and amount of every line."""
    return [(line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_a_chat():
    """36 x 2 + 64 x 0.4 + 10 x 8 per million, of which 6 are reasoning at the price of the answer."""
    cost = MAP.calculate(CHAT, model="qwen-toy")
    assert lines(cost) == [
        ("input", 36, Decimal("0.000072")),
        ("cache_read", 64, Decimal("0.0000256")),
        ("output", 4, Decimal("0.000032")),
        ("reasoning", 6, Decimal("0.000048")),
    ]
    assert cost.complete


def test_images_of_the_prompt_stand_twice_and_count_once():
    """The details and the older counter beside the wholes state the same tokens, and the answer is text."""
    assert read_usage(SEEN).quantities == {"input": 19, "input_image": 1247, "output": 10}
    older = {**SEEN, "usage": {**SEEN["usage"], "input_tokens_details": None}}
    assert read_usage(older).quantities == {"input": 19, "input_image": 1247, "output": 10}


def test_a_search_is_counted():
    """Its price is in no row, so that it is marked."""
    cost = MAP.calculate(SEARCHED, model="qwen-toy")
    assert (cost.usage.quantities["web_searches"], cost.unpriced, cost.complete) == (1, ("web_searches",), False)


def test_an_embedding_has_no_answer():
    """The total is the input."""
    assert read_usage(EMBEDDED).quantities == {"input": 26}


def test_what_is_made_is_billed_by_its_length_or_number():
    """5 s x 0.06 at 720 lines; 2 images x 0.03; 195 characters."""
    film = MAP.calculate(FILM, model="wan-toy")
    assert (film.total, film.usage.unread, film.complete) == (Decimal("0.30"), {}, True)
    assert MAP.calculate(IMAGE, model="image-toy").total == Decimal("0.06")
    assert read_usage(SPOKEN).quantities == {"input_characters": 195}
    heard = {**SPOKEN, "usage": {"seconds": 12}}
    assert read_usage(heard).duration == 12


def test_a_stream_states_the_usage_so_far():
    """The last event counts; one that breaks off is a lower bound."""
    assert read_usage(STREAM).quantities == {"input": 20, "output": 3}
    assert not read_usage(STREAM).partial
    assert read_usage(STREAM[:1]).partial


def test_the_cache_that_was_asked_for():
    """100 x 2 + 800 x 0.2, a tenth of the input, + 100 written x 2.5 + 100 x 8 per million."""
    cost = MAP.calculate(COMPATIBLE)
    assert lines(cost) == [
        ("input", 100, Decimal("0.0002")),
        ("cache_read_explicit", 800, Decimal("0.00016")),
        ("cache_write", 100, Decimal("0.00025")),
        ("output", 100, Decimal("0.0008")),
    ]
    assert cost.complete
    native = {
        **CHAT,
        "usage": {**CHAT["usage"], "prompt_tokens_details": {"cached_tokens": 64, "cache_type": "ephemeral"}},
    }
    assert read_usage(native).quantities["cache_read_explicit"] == 64
    bare = COMPATIBLE["usage"]
    assert read_usage(bare).quantities["cache_read_explicit"] == 800


def test_the_cache_that_works_by_itself():
    """Without the word it is the plain one: 800 x 0.4 per million."""
    details = {**COMPATIBLE["usage"]["prompt_tokens_details"], "cache_type": None}
    plain = {**COMPATIBLE, "usage": {**COMPATIBLE["usage"], "prompt_tokens_details": details}}
    assert ("cache_read", 800, Decimal("0.00032")) in lines(MAP.calculate(plain))


def test_nothing_counted_and_too_much():
    """A missing usage is not zero, and parts do not exceed their whole."""
    with pytest.raises(MissingUsageError):
        read_usage({**CHAT, "usage": {}})
    with pytest.raises(InconsistentUsageError):
        read_usage({**CHAT, "usage": {**CHAT["usage"], "prompt_tokens_details": {"cached_tokens": 640}}})


def test_images_and_characters_beside_tokens_of_0():
    """Newer models state both kinds of counters; 2 images x 0.03."""
    zero = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    assert MAP.calculate({**IMAGE, "usage": {**zero, "image_count": 2}}, model="image-toy").total == Decimal("0.06")
    assert read_usage({**SPOKEN, "usage": {**zero, "characters": 195}}).quantities == {"input_characters": 195}
    with pytest.raises(MissingUsageError):
        read_usage({**SPOKEN, "usage": zero})


def test_images_beside_tokens_are_marked():
    """Which of both is billed, the response does not say."""
    used = {"input_tokens": 10, "output_tokens": 20, "total_tokens": 30, "image_count": 2}
    found = read_usage({**IMAGE, "usage": used})
    assert (found.quantities, found.unread) == ({"input": 10, "output": 20}, {"usage.image_count": 2})


def test_details_of_others_are_not_taken():
    """A name that OpenAI has for a detail is none of DashScope's: it is noted, and makes the cost a lower bound."""
    details = {"cached_tokens": 64, "cache_write_tokens": 5}
    usage = read_usage({**CHAT, "usage": {**CHAT["usage"], "prompt_tokens_details": details}})
    assert usage.quantities == {"input": 36, "cache_read": 64, "output": 4, "reasoning": 6}
    assert usage.unread == {"prompt_tokens_details.cache_write_tokens": 5}


def test_writes_to_the_explicit_cache():
    """150 written and 50 read of 300: the writes by their life, which is the same number again, are no doubt."""
    inside = {
        "cached_tokens": 50,
        "cache_creation_input_tokens": 150,
        "cache_creation": {"ephemeral_5m_input_tokens": 150},
        "cache_type": "ephemeral",
        "text_tokens": 300,
    }
    usage = {"input_tokens": 300, "output_tokens": 10, "total_tokens": 310, "prompt_tokens_details": inside}
    cost = MAP.calculate({**CHAT, "usage": usage}, model="dashscope/qwen-toy")
    # 100 x 2 + 50 x 0.2 + 150 x 2.5 + 10 x 8 millionths
    assert (cost.total, cost.complete, cost.notes) == (Decimal("0.000665"), True, ())


def test_the_names_of_chat_completions():
    """Where they stand alone they are the wholes; the total is no input then."""
    counters = {"prompt_tokens": 30, "completion_tokens": 7, "total_tokens": 37}
    assert read_usage({"output": {"text": "Hi"}, "usage": counters, "request_id": "r"}).quantities == {
        "input": 30,
        "output": 7,
    }
