"""LlamaIndex: events and handlers that count tokens, and responses around the provider's own."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

EVENT = {"prompt_token_count": 60, "completion_token_count": 10, "total_token_count": 70, "event_id": "e"}
HANDLER = {
    "llm_token_counts": [],
    "prompt_llm_token_count": 120,
    "completion_llm_token_count": 20,
    "total_llm_token_count": 140,
}
RESPONSE = {
    "message": {"role": "assistant", "blocks": []},
    "raw": {
        "object": "chat.completion",
        "model": "gpt-4o-2024-08-06",
        "choices": [],
        "usage": {"prompt_tokens": 60, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 40}},
    },
    "additional_kwargs": {"prompt_tokens": 60, "completion_tokens": 10, "total_tokens": 70},
}


def test_an_event():
    """Its names are half of Gemini's: the completion is not left out."""
    usage = read_usage(EVENT)
    assert (usage.quantities, usage.context, usage.dialect) == ({"input": 60, "output": 10}, 60, "llama_index")


def test_a_handler():
    """Two calls have no context; what was embedded is a part, of which the caller names the model."""
    usage = read_usage({**HANDLER, "llm_token_counts": [EVENT, EVENT], "total_embedding_token_count": 900})
    assert (usage.quantities, usage.aggregate, usage.context) == ({"input": 120, "output": 20}, True, None)
    (part,) = usage.parts
    assert (part.quantities, part.model_keyword) == ({"input": 900}, "embedding_model")
    assert read_usage({**HANDLER, "llm_token_counts": [EVENT]}).aggregate is False
    with pytest.raises(MissingUsageError):
        read_usage({"prompt_llm_token_count": 0, "completion_llm_token_count": 0})


def test_the_price_of_a_handler():
    """120 x 2e-06 and 20 x 8e-06, and 900 x 1e-07 of the model that embedded; unnamed, it is unpriced and marked."""
    prices = CostMap(
        {
            "m": {"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06},
            "e": {"input_cost_per_token": 1e-07, "output_cost_per_token": 0.0},
        }
    )
    handler = {**HANDLER, "total_embedding_token_count": 900}
    assert prices.calculate(handler, model="m", embedding_model="e").total == Decimal("0.00049")
    unnamed = prices.calculate(handler, model="m")
    assert (unnamed.total, unnamed.unpriced, unnamed.complete) == (Decimal("0.0004"), ("input",), False)
    assert any("embedding_model=" in note for note in unnamed.notes)


def test_a_response():
    """The provider's own response is what counts; the counters beside it stand in where it has none."""
    usage = read_usage(RESPONSE)
    assert (usage.quantities, usage.model) == ({"input": 20, "cache_read": 40, "output": 10}, "gpt-4o-2024-08-06")
    as_object = SimpleNamespace(**{**RESPONSE, "raw": SimpleNamespace(**RESPONSE["raw"])})
    assert read_usage(as_object) == usage
    chunk = {**RESPONSE["raw"], "object": "chat.completion.chunk", "usage": None}
    assert read_usage({**RESPONSE, "raw": chunk}).quantities == {"input": 60, "output": 10}
    assert read_usage({**RESPONSE, "raw": None}).quantities == {"input": 60, "output": 10}
    with pytest.raises(MissingUsageError):
        read_usage({**RESPONSE, "raw": None, "additional_kwargs": {}})


def test_objects_of_the_package():
    """A handler has its sums as properties, and an event is a dataclass."""
    counting = pytest.importorskip("llama_index.core.callbacks.token_counting")
    event = counting.TokenCountingEvent("x", "y", completion_token_count=10, prompt_token_count=60)
    assert read_usage(event).quantities == {"input": 60, "output": 10}
    handler = counting.TokenCountingHandler(tokenizer=str.split)
    handler.llm_token_counts = [event, event]
    assert read_usage(handler).quantities == {"input": 120, "output": 20}


def test_a_contradiction_of_the_provider_is_no_missing_usage():
    """The counters beside it have lost what was cached, and do not stand for it."""
    raw = {**RESPONSE["raw"], "usage": {**RESPONSE["raw"]["usage"], "prompt_tokens_details": {"cached_tokens": 61}}}
    with pytest.raises(InconsistentUsageError):
        read_usage({**RESPONSE, "raw": raw})
