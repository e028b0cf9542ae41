"""Handlers in LiteLLM's shape, inline and on a thread."""

from __future__ import annotations

import threading
from datetime import timezone

import pytest

import llmcost
from llmcost.tracking import default

USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
RESPONSE = {"object": "chat.completion", "model": "gpt-4o", "usage": USAGE, "choices": [{"finish_reason": "stop"}]}


@pytest.fixture
def callbacks(monkeypatch):
    """The default tracker, with lists that are put back."""
    monkeypatch.setattr(default.DEFAULT, "success", default.DEFAULT.success)
    monkeypatch.setattr(default.DEFAULT, "failure", default.DEFAULT.failure)
    llmcost.success_callback = []
    llmcost.failure_callback = []


def test_litellms_arguments():
    """Four positional arguments; ``response_cost`` is 1000 x 2.5e-6 + 100 x 10e-6 = 0.0035."""
    got = []
    tracker = llmcost.Tracker(success=[lambda *given: got.append(given)])
    with llmcost.context(user="u-1", tags=["a"], metadata={"trace": 7}):
        tracker.track(lambda: RESPONSE)()
    ((kwargs, response_obj, start_time, end_time),) = got
    assert response_obj is RESPONSE
    assert start_time.tzinfo is timezone.utc
    assert end_time >= start_time
    assert kwargs["response_cost"] == 0.0035
    assert kwargs["cost"] is kwargs["call"].cost
    assert (kwargs["model"], kwargs["user"], kwargs["custom_llm_provider"]) == ("gpt-4o", "u-1", "openai")
    assert kwargs["litellm_params"]["metadata"] == {"trace": 7, "tags": ["a"]}
    assert kwargs["litellm_call_id"] == kwargs["call"].id


def test_success_and_failure():
    """What was answered goes to the one, what failed to the other."""
    got = []
    tracker = llmcost.Tracker(
        success=[lambda kwargs, *_: got.append(("success", kwargs["call"].status))],
        failure=[lambda kwargs, *_: got.append(("failure", kwargs["call"].status))],
    )

    def broken():
        raise ValueError

    for function in (lambda: RESPONSE, lambda: {**RESPONSE, "model": "nobodys"}):
        tracker.track(function)()
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        tracker.track(broken)()
    assert got == [("success", "priced"), ("success", "unpriced"), ("failure", "maybe_billed")]


@pytest.mark.usefixtures("callbacks")
def test_the_lists_of_the_package():
    """As in LiteLLM: append and assignment both work, and are read at each call."""
    got = []
    ask = llmcost.track(lambda: RESPONSE)
    llmcost.success_callback.append(lambda *_: got.append("appended"))
    ask()
    llmcost.success_callback = [lambda *_: got.append("assigned")]
    ask()
    llmcost.success_callback += [lambda *_: got.append("added")]
    ask()
    llmcost.success_callback[0] = lambda *_: got.append("replaced")
    ask()
    assert got == ["appended", "assigned", "assigned", "added", "replaced", "added"]
    assert llmcost.failure_callback == []


@pytest.mark.usefixtures("callbacks")
def test_a_text_is_no_handler():
    """LiteLLM's names of services would do nothing here, so that each way of giving one is an error."""
    with pytest.raises(TypeError, match=r"success_callback holds functions .*, not 'langfuse'"):
        llmcost.success_callback = ["langfuse"]
    with pytest.raises(TypeError, match=r"write \[handler\]"):
        llmcost.failure_callback = "langfuse"
    for put in (
        lambda: llmcost.success_callback.append("langfuse"),
        lambda: llmcost.success_callback.extend(["langfuse"]),
        lambda: llmcost.success_callback.insert(0, "langfuse"),
        lambda: llmcost.success_callback.__setitem__(slice(0, 0), ["langfuse"]),
        lambda: llmcost.success_callback.__iadd__(["langfuse"]),
    ):
        with pytest.raises(TypeError, match="not 'langfuse'"):
            put()
    assert llmcost.success_callback == []


def test_a_handler_that_raises_disturbs_nobody(caplog):
    """The call returns, the next handler runs, the traceback is logged once, and every time is counted."""
    got = []

    def broken(kwargs, response_obj, start_time, end_time):
        raise RuntimeError("broken handler")

    tracker = llmcost.Tracker(success=[broken, lambda *given: got.append(given)])
    ask = tracker.track(lambda: RESPONSE)
    assert [ask(), ask()] == [RESPONSE, RESPONSE]
    assert len(got) == 2
    assert tracker.stats()["errors"] == {"handler: RuntimeError": 2}
    (record,) = caplog.records
    assert record.exc_info[0] is RuntimeError


def test_handlers_on_a_thread():
    """``handlers="thread"`` runs them beside the call, in order; ``flush`` waits for them."""
    names = []
    tracker = llmcost.Tracker(success=[lambda *_: names.append(threading.current_thread().name)], handlers="thread")
    before = threading.active_count()
    ask = tracker.track(lambda: RESPONSE)
    assert threading.active_count() == before, "no thread before it is needed"
    ask()
    ask()
    assert tracker.flush(10)
    assert names == ["llmcost-handlers"] * 2


def test_what_waits_is_bounded(monkeypatch):
    """A handler that hangs keeps 1 run, the queue another 2; the rest is dropped and counted."""
    monkeypatch.setattr("llmcost.tracking.worker._MOST_WAITING", 2)
    begun, go = threading.Event(), threading.Event()

    def slow(*given):
        begun.set()
        go.wait(10)

    tracker = llmcost.Tracker(success=[slow], handlers="thread")
    ask = tracker.track(lambda: RESPONSE)
    ask()
    assert begun.wait(10)
    for _ in range(5):
        ask()
    assert tracker.stats()["dropped"] == 3
    go.set()
    assert tracker.flush(10)
    assert tracker.stats()["priced"] == 6


@pytest.mark.parametrize(
    "settings",
    [{"handlers": "later"}, {"include_usage": "yes"}, {"prefer": "mine"}],
)
def test_settings_that_are_no_words(settings):
    """Each names itself."""
    with pytest.raises(ValueError, match=next(iter(settings))):
        llmcost.Tracker(**settings)


@pytest.mark.parametrize("settings", [{"log": object()}, {"colour": "red"}, {"success": [3]}, {"success": 3}])
def test_settings_that_cannot_be(settings):
    """Nothing is accepted and ignored."""
    with pytest.raises(TypeError, match=next(iter(settings))):
        llmcost.Tracker(**settings)


class Log:
    """A log like SpendLog: it can be called as a handler too, and keeps calls by ``record``."""

    def __init__(self):
        self.calls = []

    def __call__(self, *given):
        pytest.fail(f"record() counts before the object itself, which was given {len(given)} values")

    def record(self, call):
        self.calls.append(call)


@pytest.mark.parametrize("how", ["inline", "thread"])
def test_a_log_keeps_every_call(how):
    """Each once, whatever its status, in the thread of the call, when the call returns."""

    def broken():
        raise ValueError

    log = Log()
    tracker = llmcost.Tracker(log=log, handlers=how, success=[lambda *_: None], failure=[lambda *_: None])
    for function in (lambda: RESPONSE, lambda: {**RESPONSE, "model": "nobodys"}):
        tracker.track(function)()
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        tracker.track(broken)()
    assert [call.status for call in log.calls] == ["priced", "unpriced", "maybe_billed"]
    assert tracker.flush(10)


def test_a_function_is_a_log():
    """It is called with the call alone, after the handlers of the same call."""
    order = []
    tracker = llmcost.Tracker(
        success=[lambda *_: order.append("handler")], log=lambda call: order.append((call.status, call.response_cost))
    )
    tracker.track(lambda: RESPONSE)()
    assert order == ["handler", ("priced", 0.0035)]


def test_a_log_that_raises_disturbs_nobody(caplog):
    """A full disk is logged and counted; the call returns."""

    def full(call):
        raise OSError

    tracker = llmcost.Tracker(log=full)
    assert tracker.track(lambda: RESPONSE)() is RESPONSE
    assert tracker.stats()["errors"] == {"log: OSError": 1}
    assert len(caplog.records) == 1


def test_a_handler_that_ends_the_process_costs_no_call_its_place_in_the_log():
    """KeyboardInterrupt is the host's, and goes on; the call is kept before."""

    def interrupted(*given):
        raise KeyboardInterrupt

    log = Log()
    tracker = llmcost.Tracker(success=[interrupted], log=log)
    with pytest.raises(KeyboardInterrupt):
        tracker.track(lambda: RESPONSE)()
    assert [call.status for call in log.calls] == ["priced"]
