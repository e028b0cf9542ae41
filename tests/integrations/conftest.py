"""The integrations' tests leave nothing behind for others."""

from __future__ import annotations

import pytest

from llmcost.tracking import context


@pytest.fixture(autouse=True)
def _no_cover_stays():
    """LiteLLM does not say when a call has ended, so that its cover is never left."""
    yield
    context._COVER.set(None)
