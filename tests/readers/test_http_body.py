"""Bodies in what gateways keep of an exchange."""

from __future__ import annotations

import json

import pytest

from llmcost import calculate, read_usage
from llmcost.errors import MissingUsageError, UnrecognizedResponseError

BODY = {
    "object": "chat.completion",
    "model": "gpt-4o-2024-08-06",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
}


@pytest.mark.parametrize("beside", [{}, {"status_code": 200}, {"status": 200, "headers": {"a": "b"}}])
@pytest.mark.parametrize("body", [BODY, json.dumps(BODY)])
def test_the_body_counts(beside, body):
    """1000 x 2.5 + 100 x 10 per million, and no batch."""
    cost = calculate({**beside, "body": body})
    assert str(cost.total) == "0.0035"
    assert cost.usage.batch is False


def test_a_failed_exchange_is_not_billed():
    failed = {"status_code": 429, "body": {"error": {"code": "rate_limit_exceeded"}}}
    assert read_usage(failed).free == "the request failed (429): not billed"


@pytest.mark.parametrize(
    ("exchange", "error"),
    [
        ({"body": "Bad gateway"}, MissingUsageError),
        ({"status_code": 200, "body": None}, MissingUsageError),
        ({"body": {"body": BODY}}, UnrecognizedResponseError),
        ({"status_code": 200, "body": {"hello": 1}}, UnrecognizedResponseError),
        ({"body": BODY, "subject": "a letter"}, UnrecognizedResponseError),
    ],
)
def test_what_is_no_answer(exchange, error):
    with pytest.raises(error):
        read_usage(exchange)


@pytest.mark.parametrize(
    "name",
    [
        *("status_code", "status", "statusCode", "headers", "request_id", "reason", "url", "method"),
        *("latency", "latency_ms", "elapsed"),
    ],
)
def test_what_may_stand_beside_a_body(name):
    """Each of them leaves the body what is billed: 1000 in and 100 out."""
    assert read_usage({name: 200, "body": BODY}).quantities == {"input": 1000, "output": 100}


@pytest.mark.parametrize("name", ["status_code", "status", "statusCode"])
def test_every_name_of_a_status_says_that_a_call_failed(name):
    assert read_usage({name: 500, "body": {"error": "x"}}).free == "the request failed (500): not billed"
