"""OpenAI's container: a session of the code interpreter."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, UnrecognizedResponseError, read_usage

CONTAINER = {
    "id": "cntr_1",
    "object": "container",
    "created_at": 1780000000,
    "status": "running",
    "expires_after": {"anchor": "last_active_at", "minutes": 20},
    "last_active_at": 1780000000,
    "name": "x",
    "memory_limit": "1g",
}


@pytest.mark.parametrize(("limit", "expected"), [("1g", "0.03"), (None, "0.03"), ("4g", "0.12"), ("64g", "1.92")])
def test_a_container_is_a_session_of_its_size(limit, expected):
    """0.03 for each GB; how long it lives is not stated, which a note says."""
    cost = CostMap().calculate({**CONTAINER, "memory_limit": limit})
    assert (cost.total, cost.model) == (Decimal(expected), "container")
    assert [note.code for note in cost.notes if note.code == "session_assumed"] == ["session_assumed"]


def test_when_it_was_created():
    """The price is that of the day."""
    assert read_usage(CONTAINER).at == 1780000000


def test_what_is_no_container():
    """Its deletion, and a file in it."""
    for kind in ("container.deleted", "container.file"):
        with pytest.raises(UnrecognizedResponseError):
            read_usage({"id": "x", "object": kind, "status": "running"})
