"""Dimensions: when each kind of condition holds, which of two wins, and how it reads."""

from __future__ import annotations

import itertools

import pytest

from llmcost.core.dimensions import (
    DIMENSIONS,
    PREPAID,
    STANDARD,
    TIER_WORDS,
    TIERS,
    Call,
    holds,
    kind_of,
    ordered,
    sides_of,
    strength,
    text,
    variants,
)


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


SAMPLES = {"context": 10, "tier": "flex", "window": "w", "interval": 15, "results": 5, "variant": "4k"}


def test_the_first_dimension_is_the_strongest():
    """Threshold, then tier, window, interval, results, variant; and anything beats nothing."""
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
    assert text(tuple(SAMPLES.items())) == "context > 10, tier flex, w, media > 15 s, >= 5 results, 4k"
    assert text(()) == ""


def test_every_tier_has_a_word():
    """Each tier with prices is what some provider calls it; prepaid and standard are none of them."""
    assert set(TIER_WORDS.values()) == TIERS | {STANDARD, PREPAID}
    assert all(word == word.lower() for word in TIER_WORDS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, set()),
        ({"resolution": "1080P"}, {"1080p"}),
        ({"resolution": 1080, "quality": "HD"}, {"1080", "hd"}),
        ({"size": "1280x720"}, {"1280x720", "720p"}),
        ({"size": "1024-x-1024"}, {"1024-x-1024", "1024p", "1k", "1024"}),
        ({"size": "2160x3840"}, {"2160x3840", "2160p", "4k"}),
        ({"size": "2560x1440"}, {"2560x1440", "1440p", "2k"}),
        ({"size": 1024}, {"1024"}),
        ({"size": "auto"}, {"auto"}),
        ({"size": "x" * 5000}, {"x" * 5000}),
        ({"size": "9" * 5000 + "x1"}, {"9" * 5000 + "x1"}),
        ({"search_context_size": "High"}, {"search high"}),
        ({"variant": "contentPolicyUnits"}, {"contentPolicyUnits"}),
    ],
)
def test_the_words_of_a_call(given, expected):
    """A size has several names; numbers may be numbers, and no text is too odd."""
    assert variants(**given) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [("1x2", (1, 2)), ("1X2", (1, 2)), ("999999x1", (999999, 1)), ("1000000x1", None), ("x1", None), ("1x", None),
     ("1x2x3", None), (None, None), (5, None), ("-1x2", None)],
)  # fmt: skip
def test_the_sides_of_a_size(size, expected):
    """Two whole numbers of at most six digits."""
    assert sides_of(size) == expected


@pytest.mark.parametrize(
    ("word", "kind"),
    [("search high", "search"), ("720p", "size"), ("2k", "size"), ("0.5k", "size"), ("1024", "size"), ("1x1", "size"),
     ("hd", "other"), ("p", "other"), ("", "other"), ("contentPolicyUnits", "other")],
)  # fmt: skip
def test_the_kind_of_a_variant(word, kind):
    """So that a stated quality is not taken for an unknown resolution."""
    assert kind_of(word) == kind
