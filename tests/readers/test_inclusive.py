"""Counts that hold their parts become quantities that hold each token once."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers.inclusive import split

EVERYTHING = {
    "cache_read": 400,
    "cache_write": 100,
    "cache_write_1h": 30,
    "input_audio": 100,
    "cache_read_audio": 40,
    "input_image": 60,
    "cache_read_image": 10,
    "input_video": 20,
    "reasoning": 50,
    "output_audio": 5,
    "output_image": 6,
}


def test_everything_at_once():
    """Cached audio is inside the audio and inside the cached; hours are inside the writes."""
    usage = split(1000, 200, EVERYTHING, {"model": "m"}, "otel", 1200)
    assert usage.quantities == {
        "cache_read": 350,
        "cache_read_audio": 40,
        "cache_read_image": 10,
        "cache_write": 70,
        "cache_write_1h": 30,
        "input_audio": 60,
        "input_image": 50,
        "input_video": 20,
        "input": 370,
        "output": 139,
        "reasoning": 50,
        "output_audio": 5,
        "output_image": 6,
    }
    assert (usage.input_tokens, usage.output_tokens, usage.context, usage.notes) == (1000, 200, 1000, ())


def test_totals_alone():
    """Parts that are 0 leave no meter."""
    usage = split(10, 5, dict.fromkeys(EVERYTHING, 0), {}, "otel")
    assert usage.quantities == {"input": 10, "output": 5}


def test_all_of_it_cached():
    """A part may be all of its whole, and not one token more."""
    assert split(40, 0, {"cache_read": 40, "input_audio": 40, "cache_read_audio": 40}, {}, "otel").quantities == {
        "cache_read_audio": 40
    }
    with pytest.raises(InconsistentUsageError, match="input_tokens=39"):
        split(39, 0, {"cache_read": 40, "input_audio": 40, "cache_read_audio": 40}, {}, "otel")


@pytest.mark.parametrize(
    "counts",
    [
        {"cache_read": 39, "input_audio": 100, "cache_read_audio": 40},
        {"cache_read": 100, "input_audio": 39, "cache_read_audio": 40},
        {"cache_write": 29, "cache_write_1h": 30},
        {"cache_read": 600, "cache_write": 500},
        {"reasoning": 201},
    ],
)
def test_parts_above_their_whole(counts):
    """Each is an error."""
    with pytest.raises(InconsistentUsageError):
        split(1000, 200, counts, {}, "otel")


def test_no_prompt():
    """A whole that is not stated is not 0."""
    with pytest.raises(MissingUsageError):
        split(None, 5, {}, {}, "otel")
    with pytest.raises(MissingUsageError):
        split(5, None, {}, {}, "otel")
