"""Tracked functions: sync and async, with and without streams, with errors, with clients inside."""

from __future__ import annotations

import asyncio
import gc
import inspect
import time
from decimal import Decimal
from types import SimpleNamespace

import pytest

import llmcost
from llmcost.tracking.context import Cover, cover
from llmcost.tracking.results import Steps

# gpt-4o on 2024-08-06: 2.5 USD and 10 USD a million: 1000 x 2.5e-6 + 100 x 10e-6 = 0.0035.
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
RESPONSE = {"object": "chat.completion", "model": "gpt-4o", "usage": USAGE, "choices": [{"finish_reason": "stop"}]}
CHUNK = {"object": "chat.completion.chunk", "model": "gpt-4o"}
STREAM = [
    {**CHUNK, "choices": [{"delta": {"content": "a"}, "finish_reason": None}]},
    {**CHUNK, "choices": [{"delta": {}, "finish_reason": "stop"}]},
    {**CHUNK, "choices": [], "usage": USAGE},
]


@pytest.fixture
def calls():
    return []


@pytest.fixture
def tracker(calls):
    def keep(kwargs, response, start, end):
        calls.append(kwargs["call"])

    return llmcost.Tracker(success=[keep], failure=[keep])


def test_a_function(tracker, calls):
    """The response is handed on as it is; 1000 x 2.5e-6 + 100 x 10e-6 = 0.0035 USD."""
    ask = tracker.track(lambda: RESPONSE)
    assert ask() is RESPONSE
    (call,) = calls
    assert (call.status, call.model, call.cost.total, call.response_cost) == (
        "priced",
        "gpt-4o",
        Decimal("0.0035"),
        0.0035,
    )
    assert call.error is None
    assert call.latency_us >= 0


def test_the_signature_is_kept(tracker):
    """Name, docstring, signature and kind are those of the function."""

    async def ask(question: str, *, model: str = "gpt-4o") -> dict:
        """Ask."""

    async def stream(question: str):
        yield question

    found = tracker.track(ask)
    assert (found.__name__, found.__doc__) == ("ask", "Ask.")
    assert inspect.signature(found) == inspect.signature(ask)
    assert inspect.iscoroutinefunction(found)
    assert inspect.isasyncgenfunction(tracker.track(stream))


def test_a_coroutine_function_with_an_async_handler(tracker, calls):
    """An async handler has run when the awaited call returns, in its loop."""
    loops = []

    async def handler(kwargs, response_obj, start_time, end_time):
        await asyncio.sleep(0)
        loops.append((asyncio.get_running_loop(), kwargs["response_cost"], response_obj, end_time - start_time))

    tracker.success.append(handler)

    @tracker.track
    async def ask():
        return RESPONSE

    async def main():
        assert await ask() is RESPONSE
        assert loops[0][0] is asyncio.get_running_loop()

    asyncio.run(main())
    assert loops[0][1:3] == (0.0035, RESPONSE)
    assert [call.status for call in calls] == ["priced"]


def test_an_async_handler_of_a_sync_call_runs_on_the_handler_thread(tracker):
    """There is no loop to run it in, so it gets one of its own."""
    costs = []

    async def handler(kwargs, response_obj, start_time, end_time):
        await asyncio.sleep(0)
        costs.append(kwargs["response_cost"])

    tracker.success.append(handler)
    tracker.track(lambda: RESPONSE)()
    assert tracker.flush(10)
    assert costs == [0.0035]


@pytest.mark.parametrize("close", [False, True])
def test_a_generator(tracker, calls, close):
    """A stream to its end is priced; closed before its last chunk it may have been billed, and nothing is known."""

    @tracker.track
    def ask():
        yield from STREAM

    stream = ask()
    if close:
        assert next(stream) is STREAM[0]
        stream.close()
        (call,) = calls
        assert (call.status, call.response_cost, call.error) == ("maybe_billed", None, None)
    else:
        assert list(stream) == STREAM
        (call,) = calls
        assert (call.status, call.response_cost) == ("priced", 0.0035)
        assert call.ttft_us is not None


def test_a_generator_takes_what_is_sent_and_thrown(tracker, calls):
    """Values and errors reach the function, and what it returns its caller."""
    got = []

    @tracker.track
    def ask():
        got.append((yield STREAM[0]))
        try:
            yield STREAM[1]
        except KeyError as error:
            got.append(error)
        yield STREAM[2]
        return "end"

    stream = ask()
    next(stream)
    stream.send("sent")
    error = KeyError("x")
    assert stream.throw(error) is STREAM[2]
    with pytest.raises(StopIteration) as end:
        next(stream)
    assert (got, end.value.value) == (["sent", error], "end")
    assert [call.response_cost for call in calls] == [0.0035]


def test_an_async_generator(tracker, calls):
    """As a generator; what is thrown in reaches the function, and an early end is one call that may be billed."""
    got = []

    @tracker.track
    async def ask():
        for chunk in STREAM:
            try:
                yield chunk
            except KeyError as error:
                got.append(error)

    async def main():
        assert [chunk async for chunk in ask()] == STREAM
        stream = ask()
        await stream.__anext__()
        error = KeyError("x")
        assert await stream.athrow(error) is STREAM[1]
        assert got == [error]
        await stream.aclose()

    asyncio.run(main())
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.0035), ("maybe_billed", None)]


def test_a_stream_that_is_let_go_of(tracker, calls):
    """A generator that nobody reads on is settled when it goes, once."""

    @tracker.track
    def ask():
        yield from STREAM

    stream = ask()
    next(stream)
    del stream
    gc.collect()
    assert [call.status for call in calls] == ["maybe_billed"]


def test_a_function_that_returns_a_stream(tracker, calls):
    """The iterator looks like the one that was returned, and is priced when it has been read."""

    class Stream:
        def __init__(self):
            self.chunks = iter(STREAM)
            self.closed = False

        def __iter__(self):
            return self

        def __next__(self):
            return next(self.chunks)

        def close(self):
            self.closed = True

    inner = Stream()
    stream = tracker.track(lambda: inner)()
    assert isinstance(stream, Stream)
    assert not calls
    assert list(stream) == STREAM
    assert [call.response_cost for call in calls] == [0.0035]
    stream.close()
    assert inner.closed
    assert len(calls) == 1


def test_a_coroutine_function_that_returns_a_stream(tracker, calls):
    """An async iterator is priced when it has been read."""

    async def chunks():
        for chunk in STREAM:
            yield chunk

    async def ask():
        return chunks()

    async def main():
        assert [chunk async for chunk in await tracker.track(ask)()] == STREAM

    asyncio.run(main())
    assert [call.response_cost for call in calls] == [0.0035]


class StatusError(Exception):
    status_code = 429


class ConnectTimeout(Exception):  # noqa: N818 - as HTTP libraries call it
    pass


class ReadTimeout(Exception):  # noqa: N818 - as HTTP libraries call it
    pass


@pytest.mark.parametrize(
    ("error", "status", "cost", "http"),
    [
        (StatusError("prompt"), "failed", 0.0, 429),
        (ConnectTimeout(), "failed", 0.0, None),
        (ReadTimeout(), "maybe_billed", None, None),
        (ValueError("prompt"), "maybe_billed", None, None),
    ],
)
def test_errors(tracker, calls, error, status, cost, http):
    """What the provider refused or never got is free; of the rest nothing is known. No message is kept."""

    @tracker.track
    def ask():
        raise error

    with pytest.raises(type(error)) as raised:
        ask()
    assert raised.value is error
    (call,) = calls
    assert (call.status, call.response_cost, call.error) == (status, cost, (type(error).__name__, http))
    assert "prompt" not in str(call.to_dict())


def test_a_hosted_model_is_billed_by_its_time(calls):
    """0.36 USD a second on the clock: whole microseconds, times 0.36 / 1,000,000."""
    prices = llmcost.CostMap({"my-host": {"input_cost_per_second": 0.36, "mode": "chat"}})
    tracker = llmcost.Tracker(
        cost_map=prices, model="my-host", success=[lambda kwargs, *_: calls.append(kwargs["call"])]
    )
    tracker.track(lambda: "text")()
    tracker.track(lambda: {"object": "chat.completion", "model": "x", "usage": USAGE})()
    for call in calls:
        assert call.status == "priced"
        assert call.cost.total == Decimal(call.latency_us) * Decimal("0.36") / 1_000_000


def test_what_is_no_response_is_unpriced(tracker, calls):
    """A text states no usage: unpriced, never 0."""
    assert tracker.track(lambda: "text")() == "text"
    (call,) = calls
    assert (call.status, call.cost, call.response_cost, call.error.kind) == (
        "unpriced",
        None,
        None,
        "UnrecognizedResponseError",
    )


def test_an_unknown_model_is_unpriced_and_keeps_its_usage(tracker, calls):
    """What was used is known: 1000 and 100 tokens."""
    tracker.track(lambda: {**RESPONSE, "model": "nobodys-model"})()
    (call,) = calls
    assert (call.status, call.response_cost, call.error) == ("unpriced", None, ("UnknownModelError", None))
    assert call.usage.quantities == {"input": 1000, "output": 100}


def test_the_model_of_the_call_is_its_keyword(tracker, calls):
    """A function with a keyword ``model`` is priced as that; a bare usage names none itself."""

    @tracker.track
    def ask(*, model):
        return USAGE

    ask(model="gpt-4o-mini")
    # 1000 x 0.15e-6 + 100 x 0.6e-6 = 0.00021
    assert [(call.model, call.response_cost) for call in calls] == [("gpt-4o-mini", 0.00021)]


def test_a_call_inside_is_counted_once(tracker, calls):
    """The innermost tracked function counts; those around it do not."""

    @tracker.track
    def inner():
        assert cover() is not None
        return RESPONSE

    @tracker.track
    def outer():
        inner()
        inner()
        return RESPONSE

    outer()
    assert len(calls) == 2
    assert cover() is None


def test_a_cover_of_another_task_is_left_alone():
    """Leaving a cover that is not the innermost changes nothing."""
    one, two = Cover(), Cover()
    one.enter()
    two.enter()
    one.leave()
    assert cover() is two
    two.count()
    assert one.counted
    two.leave()
    one.leave()
    assert cover() is None


def test_untrack_gives_the_function_back(tracker):
    """A function that is tracked twice is tracked once; untracked, it is itself."""

    def ask():
        return RESPONSE

    assert llmcost.untrack(tracker.track(tracker.track(ask))) is ask
    assert llmcost.untrack(ask) is ask


def test_what_cannot_be_tracked():
    """The error says what can."""
    with pytest.raises(TypeError, match=r"a builtins\.int"):
        llmcost.track(3)


def test_a_value_that_is_sent_into_an_async_generator(tracker, calls):
    """It reaches the body, whose answer to it is the next chunk."""

    async def echo():
        got = yield STREAM[0]
        yield {**STREAM[1], "echo": got}
        yield STREAM[2]

    async def main():
        stream = tracker.track(echo)()
        await stream.__anext__()
        found = await stream.asend("a value")
        return found, [chunk async for chunk in stream]

    assert asyncio.run(main()) == ({**STREAM[1], "echo": "a value"}, [STREAM[2]])
    assert [call.status for call in calls] == ["priced"]


def test_the_time_of_a_call_is_its_own(tracker, calls):
    """It is no longer than what passes around it."""
    before = time.monotonic_ns()
    tracker.track(lambda: RESPONSE)()
    passed = time.monotonic_ns() - before
    assert 0 <= calls[0].latency_us * 1000 <= passed


@pytest.mark.parametrize("given", [(KeyError("own"),), (KeyError, KeyError("own")), (KeyError, KeyError("own"), None)])
def test_an_error_that_is_thrown_into_the_steps_of_a_generator(given):
    """However it is given, the generator sees the error itself."""

    def body():
        try:
            yield 1
        except KeyError as error:
            yield error.args

    inner = body()
    steps = Steps(inner, SimpleNamespace(cover=Cover(), chunk=str, over=bool))
    assert next(steps) == 1
    assert steps.throw(*given) == ("own",)
