"""The guard tells a bounded number of kinds apart."""

from __future__ import annotations

import asyncio
import logging
import sys

import pytest

from llmcost.tracking._guard import Guard


@pytest.fixture
def silent():
    """Nothing is logged."""
    logger = logging.getLogger("llmcost")
    logger.disabled = True
    yield
    logger.disabled = False


@pytest.mark.usefixtures("silent")
def test_further_kinds_are_counted_together():
    """The first 1000 by their names; of three more, one of them twice, only that there were four."""
    guard = Guard()
    for number in [*range(1003), 1002]:
        guard.caught(f"place {number}", ValueError())
    found = guard.failures()
    assert (len(found), found["others"], found["place 999: ValueError"]) == (1001, 4, 1)


async def _awaits_a_cancelled_task():
    task = asyncio.ensure_future(asyncio.sleep(3600))
    task.cancel()
    await task


@pytest.mark.usefixtures("silent")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="tasks do not count their cancellations")
def test_a_cancellation_of_a_handler_ends_in_the_guard():
    """The host's task was not cancelled: it goes on, and the kind is counted."""
    guard = Guard()

    async def host():
        await guard.wait("handler", _awaits_a_cancelled_task())
        return "went on"

    assert asyncio.run(host()) == "went on"
    assert guard.failures() == {"handler: CancelledError": 1}


@pytest.mark.parametrize("by_itself", [False, True])
def test_a_cancellation_of_the_host_passes(by_itself):
    """Whether somebody else cancels its task while a handler runs, or it has done so itself before."""
    guard = Guard()

    async def host():
        if by_itself:
            asyncio.current_task().cancel()
        await guard.wait("handler", asyncio.sleep(3600))

    async def main():
        task = asyncio.ensure_future(host())
        await asyncio.sleep(0)
        if not by_itself:
            task.cancel()
        return await asyncio.gather(task, return_exceptions=True)

    (found,) = asyncio.run(main())
    assert isinstance(found, asyncio.CancelledError)
    assert guard.failures() == {}


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_process_passes(kind):
    """From a handler that is awaited, and from one that is called."""
    guard = Guard()

    def raising():
        raise kind

    async def raising_later():
        raise kind

    with pytest.raises(kind):
        guard.call("handler", raising)
    with pytest.raises(kind):
        guard.wait("handler", raising_later()).send(None)
    assert guard.failures() == {}


@pytest.mark.usefixtures("silent")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="tasks do not count their cancellations")
@pytest.mark.parametrize(("raises", "failures"), [(False, {}), (True, {"handler: ValueError": 1})])
def test_a_handler_does_not_keep_a_cancellation_of_the_host(raises, failures):
    """It swallows the cancellation, or raises something else in its place: the host is cancelled all the same."""
    guard = Guard()

    async def handler():
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if raises:
                raise ValueError from None

    async def main():
        task = asyncio.ensure_future(guard.wait("handler", handler()))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        return task.cancelled()

    assert asyncio.run(main()) is True
    assert guard.failures() == failures


@pytest.mark.usefixtures("silent")
def test_the_outcome_of_a_cancelled_task_ends_in_the_guard():
    """A handler that awaits nothing asks a cancelled task for its result."""
    guard = Guard()

    async def main():
        task = asyncio.ensure_future(asyncio.sleep(3600))
        task.cancel()
        await asyncio.wait({task})
        return guard.call("handler", task.result, default="went on")

    assert asyncio.run(main()) == "went on"
    assert guard.failures() == {"handler: CancelledError": 1}


def test_a_closed_generator_and_classes_of_the_host_pass():
    """GeneratorExit and exceptions beside Exception say what the host's own machinery wants, such as a timeout."""
    guard = Guard()

    class Timeout(BaseException):
        pass

    def raising(kind):
        raise kind

    for kind in (GeneratorExit, Timeout):
        with pytest.raises(kind):
            guard.call("handler", raising, kind)
    assert guard.failures() == {}
