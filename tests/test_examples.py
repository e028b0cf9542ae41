"""Every example, priced line by line with the arithmetic beside it.

The prices stand here, as the vendors list them, so that the arithmetic can be followed and a price update changes
nothing; the last tests price the same files with the bundled map.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from llmcost import CostMap
from llmcost.logs.files import Files

EXAMPLES = Path(__file__).parent.parent / "examples"

# USD per token, second or query, as of November 2026.
PRICES = {
    "gpt-4o": {"input_cost_per_token": 2.5e-6, "cache_read_input_token_cost": 1.25e-6, "output_cost_per_token": 1e-5},
    "gpt-4o-mini": {
        "input_cost_per_token": 1.5e-7,
        "output_cost_per_token": 6e-7,
        "input_cost_per_token_batches": 7.5e-8,
        "output_cost_per_token_batches": 3e-7,
    },
    "gpt-audio": {
        "input_cost_per_token": 2.5e-6,
        "output_cost_per_token": 1e-5,
        "input_cost_per_audio_token": 3.2e-5,
        "output_cost_per_audio_token": 6.4e-5,
    },
    "gpt-5": {
        "input_cost_per_token": 1.25e-6,
        "cache_read_input_token_cost": 1.25e-7,
        "output_cost_per_token": 1e-5,
        "search_context_cost_per_query": {
            "search_context_size_low": 0.01,
            "search_context_size_medium": 0.01,
            "search_context_size_high": 0.01,
        },
    },
    "gpt-5-mini": {
        "input_cost_per_token": 2.5e-7,
        "cache_read_input_token_cost": 2.5e-8,
        "output_cost_per_token": 2e-6,
        "input_cost_per_token_flex": 1.25e-7,
        "cache_read_input_token_cost_flex": 1.25e-8,
        "output_cost_per_token_flex": 1e-6,
        "input_cost_per_token_priority": 4.5e-7,
        "output_cost_per_token_priority": 3.6e-6,
    },
    "gpt-5.4": {
        "input_cost_per_token": 2.5e-6,
        "cache_read_input_token_cost": 2.5e-7,
        "output_cost_per_token": 1.5e-5,
        "input_cost_per_token_above_272k_tokens": 5e-6,
        "cache_read_input_token_cost_above_272k_tokens": 5e-7,
        "output_cost_per_token_above_272k_tokens": 2.25e-5,
    },
    "claude-sonnet-4-5": {
        "input_cost_per_token": 3e-6,
        "cache_read_input_token_cost": 3e-7,
        "cache_creation_input_token_cost": 3.75e-6,
        "cache_creation_input_token_cost_above_1hr": 6e-6,
        "output_cost_per_token": 1.5e-5,
        "litellm_provider": "anthropic",
    },
    "claude-haiku-4-5": {
        "input_cost_per_token": 1e-6,
        "cache_read_input_token_cost": 1e-7,
        "output_cost_per_token": 5e-6,
    },
    "gemini-2.5-pro": {
        "input_cost_per_token": 1.25e-6,
        "output_cost_per_token": 1e-5,
        "litellm_provider": "vertex_ai-language-models",
        "search_context_cost_per_query": {
            "search_context_size_low": 0.035,
            "search_context_size_medium": 0.035,
            "search_context_size_high": 0.035,
        },
    },
    "text-embedding-3-small": {"input_cost_per_token": 2e-8},
    "gpt-image-2": {
        "input_cost_per_token": 5e-6,
        "input_cost_per_image_token": 8e-6,
        "output_cost_per_image_token": 3e-5,
        "mode": "image_generation",
    },
    "whisper-1": {"input_cost_per_second": 0.0001, "mode": "audio_transcription"},
}

# place -> lines of (meter, quantity, rate in USD per million tokens, or per unit of PER_UNIT).
LINES = {
    "chat.json": [("input", 1117, "2.5"), ("output", 46, "10")],
    # Of 2,006 prompt tokens 1,920 were read from the cache.
    "chat_cached.json": [("input", 2006 - 1920, "2.5"), ("cache_read", 1920, "1.25"), ("output", 300, "10")],
    "chat_audio.json": [
        ("input", 420 - 300, "2.5"),
        ("input_audio", 300, "32"),
        ("output", 260 - 200, "10"),
        ("output_audio", 200, "64"),
    ],
    # Reasoning is inside the 2,500 tokens of the answer, at the same rate.
    "chat_reasoning.json": [("input", 1000, "1.25"), ("output", 2500 - 2048, "10"), ("reasoning", 2048, "10")],
    # 300,000 > 272,000: cached tokens count towards the threshold, and the answer is dearer too.
    "chat_long_context.json": [
        ("input", 300_000 - 290_048, "5"),
        ("cache_read", 290_048, "0.5"),
        ("output", 2000, "22.5"),
    ],
    "chat_flex_tier.json": [
        ("input", 8000 - 4096, "0.125"),
        ("cache_read", 4096, "0.0125"),
        ("output", 1200 - 832, "1"),
        ("reasoning", 832, "1"),
    ],
    "chat_stream.jsonl:1": [("input", 12_000, "0.15"), ("output", 350, "0.6")],
    # Two searches (opening a page is none), one file search at 2.50 per 1,000, one container although it ran twice.
    "responses_tools.json": [
        ("input", 21_500 - 15_360, "1.25"),
        ("cache_read", 15_360, "0.125"),
        ("output", 1840 - 1216, "10"),
        ("reasoning", 1216, "10"),
        ("web_searches", 2, "0.01"),
        ("file_searches", 1, "0.0025"),
        ("code_sessions", 1, "0.03"),
    ],
    # Anthropic counts the cache beside the input, and the hour's writes inside all writes.
    "anthropic_cache_5m_1h.json": [
        ("input", 2048, "3"),
        ("cache_read", 18_000, "0.3"),
        ("cache_write", 4600, "3.75"),
        ("cache_write_1h", 1000, "6"),
        ("output", 503, "15"),
    ],
    # The last delta's 510 tokens replace the first event's 3.
    "anthropic_stream.sse": [("input", 2679, "1"), ("output", 510, "5")],
    # Tool-use tokens are input on top of the prompt, thoughts are on top of the candidates; two searches, one prompt.
    "gemini_thoughts_grounding.json": [
        ("input", 1450 + 210, "1.25"),
        ("output", 320, "10"),
        ("reasoning", 1180, "10"),
        ("grounded_prompts", 1, "0.035"),
    ],
    "hosted_per_second.json": [("input_seconds", Decimal("12.5"), "0.00042")],
    "embedding.json": [("input", 8192, "0.02")],
    "image.json": [("input", 62, "5"), ("input_image", 388, "8"), ("output_image", 1056, "30")],
    # Billed are the 94 seconds of the usage, not the 93.47 of the recording.
    "transcription.json": [("input_seconds", 94, "0.0001")],
    "batch_output.jsonl:1": [("input", 1200, "0.075"), ("output", 40, "0.3")],
    "batch_output.jsonl:2": [("input", 1800, "0.075"), ("output", 60, "0.3")],
    "log.jsonl:1": [("input", 1500, "2.5"), ("output", 200, "10")],
    "log.jsonl:2": [("input", 900, "1"), ("cache_read", 4000, "0.1"), ("output", 310, "5")],
    "log.jsonl:3": [("input", 600, "0.45"), ("output", 150, "3.6")],
}

PER_UNIT = {"web_searches", "file_searches", "code_sessions", "grounded_prompts", "input_seconds"}

# The sums of those lines, by hand.
TOTALS = {
    "chat.json": "0.0032525",  # 0.0027925 + 0.00046
    "chat_cached.json": "0.005615",  # 0.000215 + 0.0024 + 0.003
    "chat_audio.json": "0.0233",  # 0.0003 + 0.0096 + 0.0006 + 0.0128
    "chat_reasoning.json": "0.02625",  # 0.00125 + 0.00452 + 0.02048
    "chat_long_context.json": "0.239784",  # 0.04976 + 0.145024 + 0.045
    "chat_flex_tier.json": "0.0017392",  # 0.000488 + 0.0000512 + 0.000368 + 0.000832
    "chat_stream.jsonl:1": "0.00201",  # 0.0018 + 0.00021
    "responses_tools.json": "0.080495",  # 0.007675 + 0.00192 + 0.00624 + 0.01216 + 0.02 + 0.0025 + 0.03
    "anthropic_cache_5m_1h.json": "0.042339",  # 0.006144 + 0.0054 + 0.01725 + 0.006 + 0.007545
    "anthropic_stream.sse": "0.005229",  # 0.002679 + 0.00255
    "gemini_thoughts_grounding.json": "0.052075",  # 0.002075 + 0.0032 + 0.0118 + 0.035
    "openrouter_reported_cost.json": "0.012042",  # what the response says
    "hosted_per_second.json": "0.00525",
    "embedding.json": "0.00016384",
    "image.json": "0.035094",  # 0.00031 + 0.003104 + 0.03168
    "transcription.json": "0.0094",
    "batch_output.jsonl:1": "0.000102",  # 0.00009 + 0.000012
    "batch_output.jsonl:2": "0.000153",  # 0.000135 + 0.000018
    "log.jsonl:1": "0.00575",  # 0.00375 + 0.002
    "log.jsonl:2": "0.00285",  # 0.0009 + 0.0004 + 0.00155
    "log.jsonl:3": "0.00081",  # 0.00027 + 0.00054
}

CALLS = {call.place.removeprefix(f"{EXAMPLES}/"): call for call in Files([str(EXAMPLES)])}


def price(place, prices):
    return CALLS[place].calculate(cost_map=prices)


def test_every_example_is_worked_out_here():
    """No file is forgotten, and none is left over."""
    assert set(CALLS) == set(TOTALS)


@pytest.mark.parametrize("place", LINES)
def test_the_lines_of_an_example(place):
    """Each line has its quantity, its rate and their product."""
    cost = price(place, CostMap(PRICES))
    expected = [
        (meter, quantity, Decimal(rate) * quantity / (1 if meter in PER_UNIT else 1_000_000))
        for meter, quantity, rate in LINES[place]
    ]
    assert sorted((line.meter, line.quantity, line.amount) for line in cost.line_items) == sorted(expected)
    assert cost.total == Decimal(TOTALS[place])
    assert cost.complete
    assert not cost.lower_bound


def test_the_example_with_a_cost_of_its_own():
    """It is one line, and the card's calculation stands beside it."""
    entry = {**PRICES["claude-sonnet-4-5"], "litellm_provider": "openrouter"}
    cost = price("openrouter_reported_cost.json", CostMap({"openrouter/anthropic/claude-sonnet-4.5": entry}))
    assert [(line.meter, str(line.amount)) for line in cost.line_items] == [("reported", "0.012042")]
    # 39 x 3e-6 + 8000 x 3e-7 + 2300 x 3.75e-6 + 60 x 1.5e-5 = 0.000117 + 0.0024 + 0.008625 + 0.0009
    assert cost.calculated.total == Decimal("0.012042")


@pytest.mark.parametrize("place", TOTALS)
def test_the_bundled_map_prices_every_example(place):
    """With the prices of today nothing is unknown, unpriced or a lower bound."""
    cost = price(place, CostMap.bundled())
    assert cost.total > 0
    assert cost.complete
    assert not cost.lower_bound


def test_the_table_of_examples_lists_every_file():
    """A row per file, and no row without one."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    listed = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert listed == {path.name for path in EXAMPLES.iterdir() if path.name not in {"README.md", "__pycache__"}}
