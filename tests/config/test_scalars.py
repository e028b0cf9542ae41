"""What a scalar says: YAML 1.1's numbers and words, and text for everything else."""

from __future__ import annotations

import pytest

from llmcost.config.scalars import LONGEST_NUMBER, MERGE, plain, tagged


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12", 12),
        ("-7", -7),
        ("0x1F", 31),
        ("1:30", 90),
        ("1_000", 1000),
        ("1.5e+3", 1500.0),
        ("1.0e-400", "1.0e-400"),
        ("-0.0_1e-999", "-0.0_1e-999"),
        ("0.0e-400", 0.0),
        (".5", 0.5),
        ("1e-6", "1e-6"),
        ("off", False),
        ("Yes", True),
        ("yess", "yess"),
        ("null", None),
        ("", None),
        ("2026-01-01", "2026-01-01"),
        ("=", "="),
        ("gpt-4o", "gpt-4o"),
        ("é", "é"),
    ],
)
def test_a_plain_text(text, said):
    """By the forms of https://yaml.org/type/: 1:30 is 90 in base 60, and 1e-6 has no point, so that it is text."""
    found = plain(text)
    assert (type(found), found) == (type(said), said)


def test_a_merge():
    assert plain("<<") is MERGE
    assert plain("<<<") == "<<<"


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("yes", "bool", True),
        ("maybe", "bool", "maybe"),
        ("1.5.2", "float", "1.5.2"),
        ("", "int", ""),
        ("7", "str", "7"),
        ("x", "null", None),
        ("9" * (LONGEST_NUMBER + 1), "int", "9" * (LONGEST_NUMBER + 1)),
        ("9" * LONGEST_NUMBER, "int", 10**LONGEST_NUMBER - 1),
    ],
)
def test_a_tag(text, kind, said):
    """What a tag promises and its text does not hold stays text, and so does a number of any length."""
    assert tagged(text, f"tag:yaml.org,2002:{kind}") == said


def test_a_tag_of_one_s_own():
    assert tagged("5", "!five") == "5"
