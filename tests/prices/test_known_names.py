"""The order of the names that a hint shows."""

from __future__ import annotations

import pytest

from llmcost import CostMap, UnknownModelError
from llmcost.prices.known_names import KnownNames
from llmcost.prices.name_index import Index


def test_nothing_is_like_it():
    """No letters, or none that a name has: no hint."""
    assert KnownNames(["gpt-4o"]).nearest("???") == ()
    assert KnownNames(["gpt-4o"]).nearest("zzzzzzzz") == ()
    assert KnownNames([]).nearest("gpt-4o") == ()


def test_what_it_begins_with():
    """After a slip of the pen and before what only looks like it, the longer first; a-small-model is half like it."""
    names = ["a-big-model", "a-big", "a", "a-small-model", "a-big-model-x"]
    assert KnownNames(names).nearest("a-big-model-of-mine") == ("a-big-model", "a-big", "a-big-model-x")


def test_a_slip_stands_before_a_beginning():
    """gpt-4-turbp shares 10 of 11 letters with gpt-4-turbo, 20 of 22 in all, and begins with gpt-4."""
    assert KnownNames(["gpt-4", "gpt-4-turbo"]).nearest("gpt-4-turbp") == ("gpt-4-turbo", "gpt-4")


def test_all_words_in_any_order_and_at_most_five():
    """Seven have both words: in the order in which they were typed first, then by the letters."""
    names = [f"red-blue-{letter}" for letter in "fedcba"] + ["blue-red"]
    assert KnownNames(names).nearest("blue red") == ("blue-red", *(f"red-blue-{letter}" for letter in "abcd"))


def test_registered_names_are_among_them_and_the_order_is_kept():
    """The names of the map alone are put in order once, and those of a map with registrations once more."""
    base, own, none = Index(["gpt-4o"], []), Index(["gpt-4omni"], []), Index([], [])
    assert base.known_names(none) is base.known_names(none)
    assert base.known_names(none).nearest("gpt-4omn") == ("gpt-4o",)
    assert base.known_names(own) is base.known_names(own)
    assert base.known_names(own).nearest("gpt-4omn") == ("gpt-4omni", "gpt-4o")


def test_a_name_that_is_registered_later():
    """An error after the registration names it, and one before does not."""
    prices = CostMap({"gpt-4o": {"input_cost_per_token": 1e-6}})
    for expected in (("gpt-4o",), ("gpt-4omni", "gpt-4o")):
        with pytest.raises(UnknownModelError) as error:
            prices.rate_card("gpt-4omn")
        assert error.value.nearest == expected
        prices.register({"gpt-4omni": {"input_cost_per_token": 1e-6}})
