"""Which of several rows of one id is kept: a total order, so that they may come in any order."""

from __future__ import annotations

import pytest

from llmcost.spend.rows import WEIGHT, weight

ROW = {"output": 5, "input": 9, "nano": 7, "atto": 3, "at": 100, "status": 1, "usage": "{}", "lines": "[1]"}


@pytest.mark.parametrize(
    "change",
    [
        {"output": 6},
        {"input": 10},
        {"nano": 8},
        {"atto": 4},
        # What is handed over again is kept on the day on which it was made.
        {"at": 99},
        {"status": 2},
        {"usage": "{~}"},
        {"lines": "[2]"},
    ],
)
def test_what_weighs_more(change):
    """Every column decides where those before it are equal: more of it, but the earlier time."""
    names = list(ROW)
    assert names == list(WEIGHT)
    # The columns after it may say whatever they say.
    later = names[names.index(next(iter(change))) + 1 :]
    heavier = {**ROW, **{name: 0 if isinstance(ROW[name], int) else None for name in later}, **change}
    assert weight(list(heavier.values())) > weight(list(ROW.values()))


@pytest.mark.parametrize("name", ["usage", "lines"])
def test_a_text_weighs_more_than_none(name):
    """A row without a usage or without lines can be compared with one that has them."""
    without = weight(list({**ROW, name: None}.values()))
    assert without < weight(list(ROW.values()))
    assert without == weight(list({**ROW, name: ""}.values()))
