"""The guard tells a bounded number of kinds apart."""

from __future__ import annotations

import logging

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
