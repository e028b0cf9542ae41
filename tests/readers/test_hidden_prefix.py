"""A completion of Grok whose cached tokens are more than its prompt: as both sellers count it."""

from __future__ import annotations

import pytest

from llmcost.readers.hidden_prefix import both_readings


def test_the_prompt_of_each_reading():
    """7 tokens and 161 cached ones are a prompt of 168 at xAI, and of 7 at Azure."""
    counters = {"prompt_tokens": 7, "completion_tokens": 12, "total_tokens": 19}
    counters["prompt_tokens_details"] = {"cached_tokens": 161}
    usage = both_readings({"model": "grok-4"}, counters)
    assert [(reading.provider, reading.context) for reading in usage.readings] == [("xai", 168), ("azure_ai", 7)]


@pytest.mark.parametrize(("total", "answer"), [(24, 12), (19, 7)])
def test_the_total_tells_where_the_reasoning_is(total, answer):
    """7 + 12 + 5 = 24: beside the answer of 12 tokens. 7 + 12 = 19: inside it, so that 7 are left."""
    counters = {"prompt_tokens": 7, "completion_tokens": 12, "total_tokens": total}
    counters["prompt_tokens_details"] = {"cached_tokens": 161}
    counters["completion_tokens_details"] = {"reasoning_tokens": 5}
    usage = both_readings({"model": "grok-4"}, counters)
    for reading in usage.readings:
        assert (reading.quantities["output"], reading.quantities["reasoning"]) == (answer, 5)
