"""OpenAI's usage API: rows of every kind, buckets and pages."""

from __future__ import annotations

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

ROW = {
    "object": "organization.usage.completions.result",
    "input_tokens": 100_000,
    "output_tokens": 5000,
    "input_cached_tokens": 80_000,
    "num_model_requests": 50,
    "model": "gpt-4o-2024-08-06",
    "batch": None,
}
MEDIA = {
    **ROW,
    "input_cache_write_tokens": 300,
    "input_cache_write_12h_tokens": 200,
    "input_audio_tokens": 300,
    "input_cached_audio_tokens": 40,
    "output_audio_tokens": 500,
}
BUCKET = {"object": "bucket", "start_time": 1_790_000_000, "end_time": 1_790_086_400, "results": [ROW, ROW]}
PAGE = {"object": "page", "data": [BUCKET, {**BUCKET, "results": []}], "has_more": False}


def row(kind, **counters):
    return {"object": f"organization.usage.{kind}.result", **counters}


def test_completions():
    """Cached tokens are inside; a sum of requests has no context, and its model is OpenAI's."""
    usage = read_usage(ROW)
    assert usage.quantities == {"input": 20_000, "cache_read": 80_000, "output": 5000}
    assert (usage.aggregate, usage.context, usage.named_provider, usage.batch) == (True, None, "openai", False)
    assert read_usage({**ROW, "batch": True}).batch is True


def test_media_and_writes():
    """Audio is counted without what was cached of it: 300 fresh and 40 cached, of 80,000 cached in all."""
    usage = read_usage(MEDIA)
    assert usage.quantities == {
        "input": 100_000 - 80_000 - 100 - 200 - 300,
        "cache_read": 79_960,
        "cache_read_audio": 40,
        "cache_write": 100,
        "cache_write_12h": 200,
        "input_audio": 300,
        "output": 4500,
        "output_audio": 500,
    }
    assert usage.input_tokens == 100_000
    with pytest.raises(InconsistentUsageError):
        read_usage({**MEDIA, "input_cache_write_12h_tokens": 200_000})


@pytest.mark.parametrize(
    ("kind", "counters", "quantities"),
    [
        ("embeddings", {"input_tokens": 900}, {"input": 900}),
        ("audio_speeches", {"characters": 4000}, {"input_characters": 4000}),
        ("audio_transcriptions", {"seconds": 61}, {"input_seconds": 61}),
        ("code_interpreter_sessions", {"num_sessions": 4}, {"code_sessions": 4}),
        ("vector_stores", {"usage_bytes": 2_000_000_000}, {"storage_gb_days": 2}),
    ],
)
def test_rows_of_other_kinds(kind, counters, quantities):
    """Each in the unit that it is sold in; bytes are kept for the day of their bucket."""
    usage = read_usage(row(kind, **counters))
    assert usage.quantities == quantities
    name = next(iter(counters))
    with pytest.raises(MissingUsageError):
        read_usage(row(kind, **{name: None}))


def test_images():
    """They are sold by the piece or by the pixel: 3 x 1024 x 1024 at 1e-08."""
    images = row("images", images=3, size="1024x1024", model="m")
    assert read_usage(images).alternatives[0][:2] == ({"output_images": 3}, {"output_pixels": 3 * 1024 * 1024})
    assert str(CostMap({"m": {"output_cost_per_pixel": 1e-08}}).calculate(images).total) == "0.03145728"


def test_sessions_are_those_of_a_container():
    """The map prices them by that name: 4 x 0.03."""
    sessions = row("code_interpreter_sessions", num_sessions=4)
    prices = CostMap({"openai/container": {"code_interpreter_cost_per_session": 0.03, "litellm_provider": "openai"}})
    assert str(prices.calculate(sessions).total) == "0.12"


def test_moderations_are_free():
    """The reason is the only line."""
    assert read_usage(row("moderations", input_tokens=9)).free == "moderation is free of charge"


def test_bytes_by_the_days_of_a_bucket():
    """3 GB for a week are 21."""
    week = {**BUCKET, "end_time": BUCKET["start_time"] + 7 * 86_400}
    usage = read_usage({**week, "results": [row("vector_stores", usage_bytes=3_000_000_000)]})
    assert usage.quantities == {"storage_gb_days": 21}


@pytest.mark.parametrize("response", [BUCKET, PAGE])
def test_buckets_and_pages(response):
    """Every row is a part: 2 x (20,000 x 2e-06 + 80,000 x 1e-06 + 5000 x 1e-05)."""
    prices = {"input_cost_per_token": 2e-06, "cache_read_input_token_cost": 1e-06, "output_cost_per_token": 1e-05}
    assert str(CostMap({"gpt-4o-2024-08-06": prices}).calculate(response).total) == "0.34"
    with pytest.raises(MissingUsageError):
        read_usage({**BUCKET, "results": []})


def test_rows_of_batches_beside_others():
    """Half the price for the row that is one: 1000 x 2e-6 + 1000 x 1e-6."""
    rows = [
        {**ROW, "input_tokens": 1000, "output_tokens": 0, "input_cached_tokens": 0, "batch": one}
        for one in (None, True)
    ]
    prices = CostMap({"gpt-4o-2024-08-06": {"input_cost_per_token": 2e-6, "input_cost_per_token_batches": 1e-6}})
    cost = prices.calculate({**BUCKET, "results": rows})
    assert str(cost.total) == "0.003"
    # The caller's word is stronger.
    assert str(prices.calculate({**BUCKET, "results": rows}, batch=True).total) == "0.002"
    assert str(prices.calculate({**BUCKET, "results": rows}, batch=False).total) == "0.004"
