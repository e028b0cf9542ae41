"""Threads that do not start: the host's call, its cost and what is kept of it are as with them."""

from __future__ import annotations

import atexit
import threading
from decimal import Decimal

import pytest

import llmcost
from llmcost.tracking import threads
from llmcost.tracking._guard import Guard
from llmcost.tracking.worker import Worker
from tests.sdks import optional

USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
RESPONSE = {"object": "chat.completion", "model": "gpt-4o", "usage": USAGE, "choices": [{"finish_reason": "stop"}]}


@pytest.fixture
def no_threads(monkeypatch):
    """Let no thread start, as a system without more of them does."""

    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threads.Thread, "start", refuse)
    monkeypatch.setattr(threads, "_TOLD", set())


def test_handlers_run_in_the_call(no_threads, caplog):
    """The host gets its answer; 1000 x 2.5e-6 + 100 x 10e-6 is handed to the handler. The log says it once."""
    got = []
    tracker = llmcost.Tracker(success=[lambda kwargs, *_: got.append(kwargs["response_cost"])], handlers="thread")
    ask = tracker.track(lambda: RESPONSE)
    assert [ask(), ask()] == [RESPONSE, RESPONSE]
    assert tracker.flush()
    assert got == [0.0035, 0.0035]
    assert tracker.stats()["errors"] == {}
    (said,) = [record.getMessage() for record in caplog.records]
    assert said == (
        "llmcost: the thread llmcost-handlers does not start (can't start new thread): handlers run in the calls"
    )


def test_calls_wait_in_their_files(no_threads, tmp_path, caplog):
    """A call that is recorded waits until the log is asked to store it, or is closed."""
    optional("sqlalchemy")
    cost = llmcost.calculate(RESPONSE)
    with llmcost.SpendLog(tmp_path / "a.db") as log:
        log.record(cost, id="1")
        log.record(cost, id="2")
        assert log.drain(60)
        assert log.total().cost == Decimal("0.007")
        log.record(cost, id="3")
    assert ["wait in their files" in record.getMessage() for record in caplog.records] == [True]
    with llmcost.SpendLog(tmp_path / "a.db", drain=False) as log:
        assert log.total().cost == Decimal("0.0105")


def test_a_shared_budget_holds(no_threads, tmp_path):
    """A call that fits is made and charged, one that does not is refused."""
    optional("sqlalchemy")
    with llmcost.SpendLog(tmp_path / "a.db") as log:
        budget = llmcost.Budget("0.007", name="team", shared=log)
        ask = llmcost.Tracker(budget=budget).track(lambda **_: RESPONSE)
        for _ in range(2):
            ask(model="gpt-4o", messages=[{"role": "user", "content": "x"}], max_tokens=1)
        assert budget.spent == Decimal("0.007")
        with pytest.raises(llmcost.BudgetExceededError):
            ask(model="gpt-4o", messages=[{"role": "user", "content": "x"}], max_tokens=1)


def test_the_thread_of_handlers_ends_with_the_process(monkeypatch):
    """After everything has run: an interpreter inside a process cannot end while a thread of it is alive."""
    ends, ran = [], []
    monkeypatch.setattr(atexit, "register", lambda function, *given: ends.append(lambda: function(*given)))
    worker = Worker(Guard(), lambda: None)
    before = set(threading.enumerate())
    for number in range(100):
        worker.put(ran.append, number)
    (thread,) = set(threading.enumerate()) - before
    (end,) = ends
    end()
    assert ran == list(range(100))
    assert not thread.is_alive()
    # What is put later starts another one.
    worker.put(ran.append, 100)
    assert worker.flush(60)
    assert ran[-1] == 100
    end()
