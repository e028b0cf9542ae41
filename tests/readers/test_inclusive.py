"""Counts that hold their parts become quantities that hold each token once."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers.inclusive import disjoint

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
    usage = disjoint(1000, 200, EVERYTHING, {"model": "m"}, "otel", 1200)
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
    usage = disjoint(10, 5, dict.fromkeys(EVERYTHING, 0), {}, "otel")
    assert usage.quantities == {"input": 10, "output": 5}


def test_all_of_it_cached():
    """A part may be all of its whole, and not one token more."""
    assert disjoint(40, 0, {"cache_read": 40, "input_audio": 40, "cache_read_audio": 40}, {}, "otel").quantities == {
        "cache_read_audio": 40
    }
    with pytest.raises(InconsistentUsageError, match="prompt_tokens=39"):
        disjoint(39, 0, {"input_audio": 40}, {}, "otel")


@pytest.mark.parametrize(
    "counts",
    [
        {"cache_read": 1001, "total": 1300},
        {"cache_read": 39, "input_audio": 100, "cache_read_audio": 40},
        {"cache_read": 100, "input_audio": 39, "cache_read_audio": 40},
        {"cache_write": 29, "cache_write_1h": 30},
        {"cache_read": 600, "cache_write": 500},
        {"output_audio": 201},
    ],
)
def test_parts_above_their_whole(counts):
    """Each is an error; more cached tokens than input are one where the total is no sum of any kind."""
    counts = dict(counts)
    with pytest.raises(InconsistentUsageError):
        disjoint(1000, 200, counts, {}, "otel", counts.pop("total", None))


@pytest.mark.parametrize("total", [None, 50, 6250])
def test_more_cached_tokens_than_input(total):
    """What is more than its whole stands beside it: 40 + 6000 + 200, with or without a total that agrees."""
    usage = disjoint(40, 10, {"cache_read": 6000, "cache_write": 200, "reasoning": 4}, {}, "otel", total)
    assert usage.quantities == {"input": 40, "cache_read": 6000, "cache_write": 200, "output": 6, "reasoning": 4}
    assert (usage.context, [note.code for note in usage.notes]) == (6240, ["counted_on_top"])


def test_read_and_written_are_together_more_than_the_input():
    """Each of them fits into it, so that the same tokens may be meant twice: nothing is proven."""
    with pytest.raises(InconsistentUsageError):
        disjoint(1000, 10, {"cache_read": 600, "cache_write": 500}, {}, "otel")


def test_no_prompt():
    """A whole that is not stated is not 0."""
    with pytest.raises(MissingUsageError):
        disjoint(None, 5, {}, {}, "otel")
    with pytest.raises(MissingUsageError):
        disjoint(5, None, {}, {}, "otel")


def test_what_is_no_part_of_a_side_stands_beside_both():
    """Searches and citations are in neither side; a name that is no meter counts nothing."""
    usage = disjoint(1000, 100, {"cache_read": 800, "web_searches": 2, "citation": 30, "5m": 7}, {}, "d")
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 100, "web_searches": 2, "citation": 30}
