"""What is kept of the texts that were asked for last."""

from __future__ import annotations

from llmcost.core.remembering import LONGEST, remembered


def test_both_sides_of_the_longest_text():
    """The longest text that is kept is answered once, and a longer one each time."""
    asked = []

    @remembered(2)
    def length(text):
        asked.append(text)
        return len(text)

    for size in (LONGEST, LONGEST + 1):
        assert [length("x" * size) for _ in range(3)] == [size] * 3
    assert [len(text) for text in asked] == [LONGEST, *[LONGEST + 1] * 3]
    assert length.cache_info().currsize == 1


def test_the_least_recent_goes():
    """No more answers are kept than there is room for."""

    @remembered(2)
    def same(text):
        return text

    assert [same(text) for text in "abcab"] == list("abcab")
    assert same.cache_info().currsize == 2
