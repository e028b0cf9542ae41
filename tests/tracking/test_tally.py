"""Counts and the sum, under many threads."""

from __future__ import annotations

import threading
from contextlib import suppress
from decimal import Decimal

import pytest

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


def test_a_call_that_is_settled_in_the_middle_of_a_sum(monkeypatch):
    """The garbage collector may settle a stream while a sum is made: neither waits for the other, none is lost."""
    from llmcost.tracking import tally

    monkeypatch.setattr(tally, "_MANY", 1)
    tracker = llmcost.Tracker()
    ask = tracker.track(lambda: RESPONSE)
    again = []

    def sum_of(one, two):
        if not again:
            again.append(ask())
        return one[0] * two[1] + two[0] * one[1], one[1] * two[1]

    monkeypatch.setattr(tally, "add", sum_of)
    ask()
    stats = tracker.stats()
    assert (stats["priced"], stats["cost"]) == (2, Decimal("0.007"))


@pytest.mark.fuzz
def test_threads_for_long():
    """16 threads x 10,000 calls of 0.0035 USD are 560 USD, exactly."""
    tracker = llmcost.Tracker()
    ask = tracker.track(lambda: RESPONSE)
    threads = [threading.Thread(target=lambda: [ask() for _ in range(10_000)]) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tracker.stats()["priced"], tracker.stats()["cost"]) == (160_000, Decimal(560))
