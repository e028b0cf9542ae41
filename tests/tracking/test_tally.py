"""Counts and the sum, under many threads."""

from __future__ import annotations

import threading
from contextlib import suppress
from decimal import Decimal

import llmcost

RESPONSE = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    "choices": [{"finish_reason": "stop"}],
}


def test_threads():
    """16 threads x 1,000 calls of 0.0035 USD are 56 USD, exactly; every tenth fails and costs nothing: 50.4 USD."""
    tracker = llmcost.Tracker()

    class RefusedError(Exception):
        status_code = 400

    @tracker.track
    def ask(number):
        if number % 10 == 0:
            raise RefusedError
        return RESPONSE

    def work():
        for number in range(1000):
            with suppress(RefusedError):
                ask(number)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stats = tracker.stats()
    assert (stats["seen"], stats["priced"], stats["failed"]) == (16_000, 14_400, 1_600)
    assert stats["cost"] == Decimal("50.4")
    assert stats["errors"] == {}
