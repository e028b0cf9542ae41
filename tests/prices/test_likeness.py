"""What looks like a text is what difflib says, and is found without comparing every text."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches

from hypothesis import given
from hypothesis import strategies as st

from llmcost import CostMap
from llmcost.prices.likeness import Likeness
from tests.fuzz.test_responses import work

TEXTS = st.text("abc-1", min_size=1, max_size=9)


@given(st.lists(TEXTS, max_size=12, unique=True), TEXTS, st.integers(1, 5), st.sampled_from([0.3, 0.6, 0.9, 1.0]))
def test_the_answers_are_those_of_difflib(texts, text, most, cutoff):
    found = Likeness(texts).close(text, most, cutoff)
    assert [known for _, known in found] == get_close_matches(text, texts, most, cutoff)
    for likeness, known in found:
        assert likeness == SequenceMatcher(None, known, text).ratio()


def test_letters_that_are_no_letters_of_the_texts():
    """2 x 3 of 3 + 5 letters are alike, and none of a text of others."""
    assert Likeness(["ape"]).close("ape\u20ac\u20ac", 3, 0.6) == [(0.75, "ape")]
    assert Likeness(["ape"]).close("\u20ac", 3, 0.1) == []
    assert Likeness([]).close("ape", 3, 0.6) == []


def test_few_of_the_names_of_the_map_are_compared():
    """A comparison takes some hundred steps: all names would take two hundred thousand."""
    likeness = Likeness(dict.fromkeys(name.rpartition("/")[2] for name in CostMap()))
    for name in ("gpt-4x-1-7", "name-3-17", "claude-opus-99", "nobody-1"):
        assert work(lambda name=name: likeness.close(name, 5, 0.6)) < 20_000, name
