"""The fields of a log that are ours: which types they have, and when a time is."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.errors import PriceDataError
from llmcost.logs.keywords import whole_seconds
from llmcost.prices.moments import LAST, moment


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2026-08-24T02:00:00Z", 1787536800),
        ("2026-08-24T02:00:00+00:00", 1787536800),
        ("2026-08-24 02:00:00Z", 1787536800),
        ("2026-08-24T02:00:00", 1787536800),
        ("2026-08-24T04:00:00+02:00", 1787536800),
        ("2026-08-24T02:00:00.999999Z", 1787536800),
        ("2026-08-24", 1787529600),
        (datetime(2026, 8, 24, 2, tzinfo=timezone.utc), 1787536800),
        (date(2026, 8, 24), 1787529600),
        (1787536800, 1787536800),
        (1787536800.9, 1787536800),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59Z", None),
        (10**9, 10**9),
        (LAST, LAST),
        ("9998-12-31T23:59:59Z", 253370764799),
    ],
)
def test_a_time_in_whole_seconds(written, seconds):
    """However it is written; prices change at whole seconds."""
    assert whole_seconds("time", written) == seconds


@pytest.mark.parametrize(
    "wrong", ["9999-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-08-24T02+00:00Z", 10**9 - 1, LAST + 1, True, "noon"]
)
def test_what_is_no_time(wrong):
    """On both sides of what a time of a call may be."""
    with pytest.raises(ValueError, match=r"time=.* is no time of a call"):
        whole_seconds("time", wrong)


@given(st.text("0123456789-T:.Z+ W", max_size=26) | st.datetimes().map(lambda at: at.isoformat() + "Z"))
def test_the_common_way_to_write_a_time_is_read_as_any_other(written):
    """A text is a time here where it is one elsewhere, and the same."""
    try:
        # In whole numbers: far from today a float has no room for microseconds.
        expected = (moment(written) - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1)
    except PriceDataError:
        with pytest.raises(ValueError, match="is no time"):
            whole_seconds("time", written)
        return
    assert whole_seconds("time", written) == (expected if expected >= 0 else None)
