"""Dimensions: when each kind of condition holds, which of two wins, and how it reads."""

from __future__ import annotations

import itertools

import pytest

from llmcost.core.call import Call
from llmcost.core.dimensions import DIMENSIONS, holds, ordered, strength, text


@pytest.mark.parametrize(
    ("condition", "call", "expected"),
    [
        (("context", 200_000), Call(200_000), False),
        (("context", 200_000), Call(200_001), True),
        (("context", 200_000), Call(200_000, inclusive=True), True),
        (("context", 200_000), Call(199_999, inclusive=True), False),
        (("context", 200_000), Call(None), False),
        (("tier", "flex"), Call(tier="flex"), True),
        (("tier", "flex"), Call(), False),
        (("window", "w"), Call(clock=lambda window: window == "w"), True),
        (("window", "v"), Call(clock=lambda window: window == "w"), False),
        (("window", "w"), Call(), False),
        (("interval", 15), Call(interval=15), False),
        (("interval", 15), Call(interval=15.1), True),
        (("interval", 15), Call(), False),
        (("results", 26), Call(results=25), False),
        (("results", 26), Call(results=26), True),
        (("results", 26), Call(), False),
        (("variant", "4k"), Call(variants=frozenset({"4k", "hd"})), True),
        (("variant", "4k"), Call(variants=frozenset({"2k"})), False),
    ],
)
def test_when_a_condition_holds(condition, call, expected):
    """Both sides of every threshold; an unknown fact never holds."""
    assert holds((condition,), call) is expected


def test_all_conditions_have_to_hold():
    """And none at all always do."""
    both = (("context", 10), ("tier", "flex"))
    assert holds(both, Call(11, "flex"))
    assert not holds(both, Call(11))
    assert not holds(both, Call(9, "flex"))
    assert holds((), Call())


SAMPLES = {"window": "w", "context": 10, "tier": "flex", "interval": 15, "results": 5, "variant": "4k"}


def test_the_first_dimension_is_the_strongest():
    """Window, then threshold, tier, interval, results, variant; and anything beats nothing."""
    names = [dimension.name for dimension in DIMENSIONS]
    assert names == list(SAMPLES)
    for earlier, later in itertools.combinations(names, 2):
        weaker = tuple((name, SAMPLES[name]) for name in names[names.index(later) :])
        assert strength(((earlier, SAMPLES[earlier]),)) > strength(weaker) > strength(())


@pytest.mark.parametrize("name", ["context", "interval", "results"])
def test_the_higher_threshold_is_the_stronger(name):
    """Above 256k beats above 128k where both hold."""
    assert strength(((name, 256),)) > strength(((name, 128),))


def test_ordered():
    """However conditions are written, equal ones make equal cells."""
    expected = tuple(SAMPLES.items())
    assert all(ordered(given) == expected for given in itertools.permutations(expected))


def test_conditions_as_text():
    """What a bill shows."""
    held = (("window", "w"), ("context", 10), ("tier", "flex"), ("interval", 15), ("results", 5), ("variant", "4k"))
    assert text(held) == "w, context > 10, tier flex, media > 15 s, >= 5 results, 4k"
    assert text(()) == ""
