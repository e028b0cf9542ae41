"""Counters that are all 0 beside tokens in another place: the cost is a lower bound, and a note names the tokens."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmcost import CostMap, InconsistentUsageError, read_usage

PRICES = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})
ZERO = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
CHAT = {"object": "chat.completion", "model": "m", "choices": [], "usage": ZERO}


@pytest.mark.parametrize(
    ("response", "unread"),
    [
        # The names of the API hold zeros, and a gateway has put its own counters beside them.
        ({**CHAT, "result": {"usage": {"total_tokens": 540}}}, {"result.usage.total_tokens": 540}),
        ({**CHAT, "x": [{"inputTokens": 7}, {"outputTokens": 8}]}, {"x.inputTokens": 7, "x.outputTokens": 8}),
        ({**CHAT, "x": SimpleNamespace(token_count=3)}, {"x.token_count": 3}),
        ({**CHAT, "x": {"tokens_in": 5, "tokens_per_second": 9}}, {"x.tokens_in": 5}),
        ({**CHAT, "x": {"llm.token_count.total": 5, "min_tokens": 1}}, {"x.llm.token_count.total": 5}),
        # A rate and a ratio are no numbers of tokens; what was generated, or counted for Whisper, is one.
        (
            {**CHAT, "x": {"generated_tokens": 5, "whisper_tokens": 6, "tokens_rate": 7, "tokensPerSecond": 8}},
            {"x.generated_tokens": 5, "x.whisper_tokens": 6},
        ),
        ({**CHAT, "details": {"generated_tokens": 50}}, {"details.generated_tokens": 50}),
        # Genkit counts the characters by itself, and has the tokens from a plugin.
        (
            {"inputTokens": 0, "outputTokens": 0, "inputCharacters": 400, "outputCharacters": 0},
            {"inputCharacters": 400},
        ),
        ({**CHAT, "x": {"max_characters": 9, "character_count": 3}}, {"x.character_count": 3}),
        # The word may stand anywhere in the name.
        (
            {**CHAT, "x": {"num_tokens_prompt_total": 31, "first_tokens_cost": 2, "cached_write_tokens_1h": 40}},
            {"x.num_tokens_prompt_total": 31, "x.cached_write_tokens_1h": 40},
        ),
        ({**CHAT, "x": {"ephemeral_5m_input_tokens": 418}}, {"x.ephemeral_5m_input_tokens": 418}),
        ([{**CHAT, "object": "chat.completion.chunk"}, {"x_groq": {"usage": {"total_tokens": 9}}}], None),
        (
            {"embeddings": [{"values": [0.1], "statistics": {"tokenCount": 0}, "usage": {"prompt_tokens": 60}}]},
            {"embeddings.usage.prompt_tokens": 60},
        ),
        # Cohere bills 0 units of a call that had tokens.
        (
            {"response_id": "x", "meta": {"billed_units": {"input_tokens": 0}, "tokens": {"input_tokens": 808}}},
            {"meta.tokens.input_tokens": 808},
        ),
        # Voyage's total above parts that are 0, and Mistral's cached tokens above a prompt of 0.
        (
            {"object": "list", "data": [], "usage": {"text_tokens": 0, "image_pixels": 0, "total_tokens": 3576}},
            {"usage.total_tokens": 3576},
        ),
        ({**CHAT, "usage": {**ZERO, "num_cached_tokens": 64}}, {"usage.num_cached_tokens": 64}),
        # Gemini's details above a prompt of 0.
        (
            {
                "candidates": [],
                "usageMetadata": {
                    "promptTokenCount": 0,
                    "promptTokensDetails": [{"tokenCount": 9}],
                },
            },
            {"usageMetadata.promptTokensDetails.tokenCount": 9},
        ),
    ],
)
def test_tokens_in_another_place(response, unread):
    """Nothing is priced, 0, and the cost is no whole."""
    usage = read_usage(response)
    assert usage.quantities == {}
    assert dict(usage.unread) == unread if unread is not None else usage.unread
    cost = PRICES.of_usage(usage, model="m", provider=None)
    assert (cost.total, cost.complete) == (0, False)
    assert {note.code for note in cost.notes} >= {"not_understood"}


@pytest.mark.parametrize(
    "beside",
    [
        {"max_tokens": 5},
        {"thinking": {"budget_tokens": 1024}},
        {"headers": {"x-ratelimit-remaining-tokens": 99}},
        {"logprobs": [{"token": "5"}], "prompt_token_ids": [1, 2]},
        {"note": {"total_tokens": "9"}},
        {"speed": {"tokens_per_second": 80.5, "tokensRate": 2}, "price": {"tokens_price": 3, "cost_of_tokens": 4}},
        # What a gateway's cache spared, and what Anthropic's API took out of the conversation before the call:
        # https://docs.claude.com/en/docs/build-with-claude/context-editing
        {"cache": {"tokens_saved": 120, "saved_input_tokens": 80}},
        {"context_management": {"applied_edits": [{"type": "clear_tool_uses_20250919", "cleared_input_tokens": 9}]}},
        {5: {"total_tokens": 9}},
        {"x": {"total_tokens": 0, "tokens": None}},
    ],
)
def test_what_counts_no_tokens_that_were_used(beside):
    """A limit, an id, a text: nothing was used, and the cost is 0."""
    cost = PRICES.calculate({**CHAT, **beside})
    assert (cost.total, cost.complete, [note.code for note in cost.notes]) == (0, True, ["nothing_used"])


def test_what_is_counted_or_free_is_not_doubted():
    """10 x 1e-6, whatever stands beside it; and an entry of a batch that failed is free."""
    cost = PRICES.calculate({**CHAT, "usage": {"prompt_tokens": 10, "completion_tokens": 0}, "x": {"total_tokens": 9}})
    assert (cost.response_cost, cost.complete) == (1e-05, True)
    failed = {"custom_id": "x", "result": {"type": "errored", "error": {"type": "error", "input_tokens": 5}}}
    assert not read_usage(failed).unread


def test_what_has_no_end_is_looked_at_for_a_while():
    """Values may be nested for ever, and there may be very many: the first thousand names, and eight of those found."""
    loop: dict = {}
    loop["loop"] = [loop]
    assert not read_usage({**CHAT, "loop": loop}).unread
    assert not read_usage({**CHAT, "a": {number: {} for number in range(3000)}, "b": {"total_tokens": 9}}).unread
    assert len(read_usage({**CHAT, "x": [{f"a{number}_tokens": 5} for number in range(90)]}).unread) == 8


@pytest.mark.parametrize("total", [{}, {"total_tokens": 12}])
def test_an_answer_of_0_beside_reasoning(total):
    """It is no other tokenizer that found nothing: the parts of the answer exceed it."""
    usage = {"prompt_tokens": 12, "completion_tokens": 0, "completion_tokens_details": {"reasoning_tokens": 78}}
    with pytest.raises(InconsistentUsageError, match=r"the parts of the answer exceed completion_tokens=0"):
        read_usage({**CHAT, "usage": {**usage, **total}})
