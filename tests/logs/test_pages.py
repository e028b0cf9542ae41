"""Pages of an API of a log, and rows of a log that are no calls."""

from __future__ import annotations

import json

from llmcost import read_log

GENERATION = {
    "id": "o1",
    "traceId": "t1",
    "type": "GENERATION",
    "startTime": "2026-01-05T10:00:00.000Z",
    "model": "gpt-4o",
    "usageDetails": {"input": 1000, "output": 100, "total": 1100},
}
SPAN = {**GENERATION, "id": "o2", "type": "SPAN", "usageDetails": {}}
DAY = {
    "date": "2026-01-05",
    "model": "openai/gpt-4.1",
    "usage": 0.015,
    "byok_usage_inference": 0,
    "requests": 5,
    "prompt_tokens": 50,
    "completion_tokens": 125,
    "reasoning_tokens": 25,
}


def test_the_rows_of_a_page_are_calls():
    log = read_log([json.dumps({"data": [GENERATION, SPAN, GENERATION], "meta": {"page": 1}})])
    assert [(call.element, str(call.calculate())) for call in log] == [(0, "0.0035"), (2, "0.0035")]
    assert log.passed == {"SPAN": 1}


def test_rows_of_a_log_that_are_no_calls_are_passed_over():
    log = read_log([GENERATION, SPAN, {**SPAN, "type": "EVENT"}])
    assert [str(call.calculate()) for call in log] == ["0.0035"]
    assert log.passed == {"SPAN": 1, "EVENT": 1}


def test_openrouters_activity():
    assert [str(call.calculate()) for call in read_log([{"data": [DAY, {**DAY, "usage": 0.01}]}])] == ["0.015", "0.01"]


def test_other_data_are_no_page():
    (embedding,) = read_log(
        [
            {
                "object": "list",
                "model": "text-embedding-3-small",
                "data": [],
                "usage": {"prompt_tokens": 10, "total_tokens": 10},
            }
        ]
    )
    assert str(embedding.calculate()) == "0.0000002"
    assert len(list(read_log([{"data": [{"model": "x"}]}, {"data": [1]}, {"data": {}}]))) == 3
