"""Several async handlers of one call: none breaks the host's call or its cancellation, and each runs or is counted."""

from __future__ import annotations

import asyncio
import logging

import pytest

import llmcost

RESPONSE = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "choices": [],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010},
}
ALL = ["0 begun", "0 done", "1 begun", "1 done", "2 begun", "2 done"]


class Told:
    """A tracker with three async handlers, which write down how far each has come."""

    def __init__(self, last=None):
        self.lines, self.may_end, self._last = [], asyncio.Event(), last
        handlers = [self._handler(number) for number in range(3)]
        self.tracker = llmcost.Tracker(success=handlers, failure=handlers)

    def _handler(self, number):
        async def handler(kwargs, *rest):
            self.lines.append(f"{number} begun")
            await self.may_end.wait()
            if number == 0 and self._last is not None:
                await self._last()
            self.lines.append(f"{number} done")

        return handler

    async def ask(self):
        return RESPONSE

    def task(self):
        return asyncio.ensure_future(self.tracker.track(self.ask)())

    async def rest(self):
        """Let everything run that can."""
        for _ in range(20):
            await asyncio.sleep(0)

    def counted(self):
        stats = self.tracker.stats()
        return stats["priced"], stats["dropped"], stats["errors"]


async def _cancels_a_task_of_its_own():
    task = asyncio.ensure_future(asyncio.sleep(3600))
    task.cancel()
    await task


def test_the_host_is_cancelled_while_it_waits():
    """Its cancellation is at once its own; the handler at work and those after it run to their end."""

    async def main():
        told = Told()
        task = told.task()
        await told.rest()
        task.cancel()
        (found,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(found, asyncio.CancelledError)
        assert told.lines == ["0 begun"]
        told.may_end.set()
        await told.rest()
        assert told.lines == ALL
        assert told.counted() == (1, 0, {})

    asyncio.run(main())


def test_a_handler_has_cancelled_something():
    """The host's call returns, and the other handlers have run."""
    logging.getLogger("llmcost").disabled = True

    async def main():
        told = Told(_cancels_a_task_of_its_own)
        told.may_end.set()
        assert await told.task() == RESPONSE
        assert told.lines == [line for line in ALL if line != "0 done"]
        assert told.counted() == (1, 0, {"handler: CancelledError": 1})

    try:
        asyncio.run(main())
    finally:
        logging.getLogger("llmcost").disabled = False


@pytest.mark.parametrize("cancelled", [True, False])
def test_the_loop_ends_before_the_handlers(cancelled, caplog):
    """What has not run to its end is counted, and said once."""
    found = []

    async def main():
        told = Told()
        found.append(told)
        task = told.task()
        await told.rest()
        if cancelled:
            task.cancel()
            await told.rest()

    asyncio.run(main())
    (told,) = found
    assert told.lines == ["0 begun"]
    assert told.counted() == (1, 3, {})
    (record,) = caplog.records
    assert "stats()['dropped'] counts them" in record.getMessage()


@pytest.mark.parametrize("in_a_loop", [True, False])
def test_a_call_that_is_closed(in_a_loop):
    """A coroutine that is closed may not wait: its handlers run in its loop or, without one, on the thread."""
    told = None

    async def close():
        coroutine = told.tracker.track(told.never)()
        coroutine.send(None)
        coroutine.close()

    class Closed(Told):
        async def never(self):
            await asyncio.futures.Future() if in_a_loop else await _Forever()

    class _Forever:
        def __await__(self):
            yield

    async def main():
        nonlocal told
        told = Closed()
        told.may_end.set()
        await close()
        await told.rest()

    if in_a_loop:
        asyncio.run(main())
    else:
        told = Closed()
        told.may_end.set()
        with pytest.raises(StopIteration):
            close().send(None)
        assert told.tracker.flush(10)
    assert told.lines == ALL
    assert told.tracker.stats()["errors"] == {}


def test_another_library_than_asyncio_cancels_the_host():
    """Its handlers are awaited in place: what it breaks off, and the ones after it, are counted."""

    class Cancelled(BaseException):
        pass

    class Never:
        def __await__(self):
            yield

    async def handler(*given):
        await Never()

    async def ask():
        return RESPONSE

    tracker = llmcost.Tracker(success=[handler] * 3)
    host = tracker.track(ask)()
    host.send(None)
    with pytest.raises(Cancelled):
        host.throw(Cancelled())
    assert tracker.stats()["dropped"] == 3


def test_a_handler_that_ends_the_process():
    """A plain one: those after it are not told, which is counted, and async ones before it run."""
    lines = []

    async def first(*given):
        lines.append("ran")

    def second(*given):
        raise KeyboardInterrupt

    tracker = llmcost.Tracker(success=[first, second, first])

    async def ask():
        return RESPONSE

    with pytest.raises(KeyboardInterrupt):
        tracker.track(ask)().send(None)
    assert tracker.flush(10)
    assert (lines, tracker.stats()["dropped"]) == (["ran"], 1)
