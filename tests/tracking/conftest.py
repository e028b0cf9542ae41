from __future__ import annotations

import gc

import pytest

import llmcost


@pytest.fixture
def let_go():
    """What a test has left to the garbage collector goes before the next one begins.

    What is there before the test is frozen, so that the collector does not look through every module of the suite.
    """
    gc.collect()
    gc.freeze()
    yield
    gc.collect()


@pytest.fixture
def calls():
    """The tracked calls, in the order in which they were settled."""
    return []


@pytest.fixture
def tracker(calls):
    """A tracker that puts every call into ``calls``."""

    def keep(kwargs, response_obj, start_time, end_time):
        calls.append(kwargs["call"])

    return llmcost.Tracker(success=[keep], failure=[keep])
