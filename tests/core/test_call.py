"""The call: the words by which price lists name what it asked for."""

from __future__ import annotations

import pytest

from llmcost.core.call import kind_of, sides_of, variants


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
        # The widths that have a name, each beside one that has none: film (4096, 2048) and television (3840).
        ({"size": "4096x2160"}, {"4096x2160", "2160p", "4k"}),
        ({"size": "4097x2160"}, {"4097x2160", "2160p"}),
        ({"size": "2048x1080"}, {"2048x1080", "1080p", "2k"}),
        ({"size": "2049x1080"}, {"2049x1080", "1080p"}),
        ({"size": "1024x576"}, {"1024x576", "576p", "1k"}),
        ({"size": "1025x576"}, {"1025x576", "576p"}),
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
    [
        ("1x2", (1, 2)),
        ("1X2", (1, 2)),
        ("999999x1", (999999, 1)),
        ("1000000x1", None),
        ("x1", None),
        ("1x", None),
        ("1x2x3", None),
        (None, None),
        (5, None),
        ("-1x2", None),
    ],
)
def test_the_sides_of_a_size(size, expected):
    """Two whole numbers of at most six digits."""
    assert sides_of(size) == expected


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("search high", "search"),
        ("720p", "size"),
        ("2k", "size"),
        ("1.2.3k", "other"),
        ("0.5k", "size"),
        ("1024", "size"),
        ("1x1", "size"),
        ("hd", "other"),
        ("p", "other"),
        ("", "other"),
        ("contentPolicyUnits", "other"),
    ],
)
def test_the_kind_of_a_variant(word, kind):
    """So that a stated quality is not taken for an unknown resolution."""
    assert kind_of(word) == kind


@pytest.mark.parametrize("size", ["\uff11\uff10x\uff11\uff10", "10x\uff11\uff10", "\u0661x\u0661"])
def test_digits_of_other_scripts_are_no_size(size):
    """Nobody writes a size so; Python would read them as numbers."""
    assert sides_of(size) is None
