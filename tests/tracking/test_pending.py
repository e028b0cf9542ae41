"""Work that is not done yet: what becomes of the calls that nobody asks for any more."""

import asyncio
import json

from llmcost.tracking._guard import Guard
from llmcost.tracking.answer import Answer
from llmcost.tracking.attempt import Attempt
from llmcost.tracking.body import Body
from llmcost.tracking.loops import current_loop
from llmcost.tracking.pending import Pending
from llmcost.tracking.pricing import Facts
from llmcost.tracking.tracker import Tracker


def test_an_async_handler_is_told_of_the_oldest_call(monkeypatch):
    """Where too many calls wait, the oldest is settled inside another call: its async handler runs all the same."""
    monkeypatch.setattr("llmcost.tracking.pending._MOST", 1)
    told = []

    async def handler(kwargs, *_):
        told.append((kwargs["call"].id, kwargs["call"].status))

    async def host():
        tracker = Tracker(success=[handler])
        for name in ("a", "b"):
            attempt = Attempt(tracker, lambda: Facts("gpt-4o"), current_loop(), id=name)
            Answer(attempt, "application/json", "").decoded(b'{"id": "resp_%s", "status": "queued"}' % name.encode())
        await asyncio.to_thread(tracker.flush)
        for _ in range(10):
            await asyncio.sleep(0)
        return tracker.stats()["pending"]

    assert asyncio.run(host()) == 1
    assert told == [("a", "unpriced")]


def test_a_status_that_is_no_word():
    """An answer that says more of its status than a word is not put off."""
    for status in ({"code": 0}, ["queued"], None, 5):
        body = Body(Guard(), "application/json", "")
        body.feed(json.dumps({"id": "resp_1", "status": status}).encode(), decoded=True)
        assert not Pending().put_off(object(), body)


def test_a_call_that_another_thread_settles_meanwhile():
    """Two threads ask for the result of one work: what the first has settled is no error of the second."""

    class Settled(dict):
        def __contains__(self, name):
            return super().pop(name, None) is not None

    pending, attempt = Pending(), object()
    pending._calls = Settled({"resp_1": attempt})
    assert pending.named("/v1/responses/resp_1") is attempt
    assert pending.named("/v1/responses/resp_2") is None
