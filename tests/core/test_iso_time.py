"""Times in ISO text: one form for every Python."""

from __future__ import annotations

from datetime import datetime

import pytest

from llmcost.core.iso_time import as_iso


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-01-05", "2026-01-05"),
        ("20260105", "2026-01-05"),
        (" 2026-01-05T12 ", "2026-01-05T12:00:00.000000"),
        ("2026-01-05 12:30", "2026-01-05T12:30:00.000000"),
        # Python 3.10 reads three or six digits of a second, and no Z.
        ("2026-01-05T12:00:00.5Z", "2026-01-05T12:00:00.500000+00:00"),
        ("2026-01-05t12:00:00,1234567z", "2026-01-05T12:00:00.123456+00:00"),
        ("20260105T120000+05", "2026-01-05T12:00:00.000000+05:00"),
        ("2026-01-05T12:00:00 -0730", "2026-01-05T12:00:00.000000-07:30"),
    ],
)
def test_what_is_written_alike(text, found):
    """The offset and the digits stay; digits after the sixth are dropped."""
    assert as_iso(text) == found
    assert datetime.fromisoformat(found).year == 2026


@pytest.mark.parametrize("text", [" ", "7d", "2026-01", "2026-0105", "2026-W10-1", "12:00", "2026-01-05T", "٢٠٢٦-01-05"])
def test_what_is_no_such_time(text):
    """Some Pythons read such a text and others do not, or it is none."""
    with pytest.raises(ValueError, match=text):
        as_iso(text)
