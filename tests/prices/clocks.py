"""Times and windows, as the tests of both write them."""

from __future__ import annotations

from datetime import datetime, timezone

from llmcost.prices.windows import Window

UTC = timezone.utc


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(**block) -> Window:
    return Window(block, "off_peak_pricing", "map")
