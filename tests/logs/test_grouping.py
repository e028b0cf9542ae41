"""Groups of calls: by values that calls have on axes, on the clock of a zone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost import CostMap
from llmcost.logs.grouping import Grouping, seconds_of_call, value_of
from llmcost.logs.record import Record

PRICES = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "acme"}})
USAGE = {"prompt_tokens": 1, "completion_tokens": 1}
ZONES = [
    timezone.utc,
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("Asia/Kathmandu"),
    timezone(timedelta(hours=-9, minutes=-30)),
]


@given(st.lists(st.integers(0, 4_000_000_000), min_size=1, max_size=5), st.sampled_from(ZONES))
def test_days_and_hours_are_those_of_the_clock(moments, zone):
    """However many calls came before: what is remembered of a quarter of an hour holds for all of it."""
    day, hour = value_of("day", zone), value_of("hour", zone)
    for seconds in moments:
        record = Record({"usage": USAGE, "model": "m", "at": max(seconds, 10**9)})
        clock = datetime.fromtimestamp(max(seconds, 10**9), zone)
        assert day(record, None) == f"{clock:%Y-%m-%d}"
        assert hour(record, None) == f"{clock:%Y-%m-%d %H:00}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"usage": USAGE, "model": "m", "time": "2026-01-05T10:00:00.9Z"}, 1767607200),
        ({"response": {"object": "chat.completion", "created": 1767607200, "model": "m", "usage": USAGE}}, 1767607200),
        ({"object": "chat.completion", "created": 1767607200, "model": "m", "usage": USAGE}, 1767607200),
        ({"usage": USAGE, "model": "m"}, None),
        ({"response": {"no": "usage"}, "model": "m"}, None),
    ],
)
def test_when_a_call_was_made(value, expected):
    """The same of a call with a cost and of one that has none."""
    record = Record(value)
    assert seconds_of_call(record, None) == expected
    if expected is not None:
        assert seconds_of_call(record, record.calculate(cost_map=PRICES)) == expected


def test_values():
    record = Record({"usage": USAGE, "model": "m", "team": "a", "n_shots": 3, "eval": True, "list": [1]}, "x.jsonl", 1)
    cost = record.calculate(cost_map=PRICES)
    axes = ("model", "provider", "file", "team", "user", "n_shots", "eval", "list")
    assert Grouping(axes).of(record, cost) == ("m", "acme", "x.jsonl", "a", None, "3", "true", None)
    assert Grouping(("model", "provider")).of(record, None) == ("m", None)
    assert Grouping(("model",)).of(Record({"no": "usage"}), None) == (None,)


def test_axes_that_no_call_states():
    grouping = Grouping(("model", "nope"))
    grouping.of(Record({"usage": USAGE, "model": "m"}), None)
    assert grouping.unstated == {"nope"}
