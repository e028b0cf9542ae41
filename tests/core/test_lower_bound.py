"""A usage that is a lower bound for one cause or for two, in whichever order they are found."""

from __future__ import annotations

from llmcost import CostMap, Usage
from llmcost.core.lower_bound import break_off, leave_out

PRICES = CostMap({"m": {"input_cost_per_token": 2e-6}})


def codes(usage):
    """The codes of the notes of the usage, and of those of its cost: 10 x 2e-6."""
    cost = PRICES.calculate(usage=usage, model="m")
    assert (str(cost), cost.lower_bound) == ("0.00002", True)
    return [note.code for note in usage.notes], [note.code for note in cost.notes]


def test_one_cause():
    """That a response broke off is said by its cost alone."""
    lacking, broken = Usage(input=10), Usage(input=10)
    leave_out(lacking, "a turn states no usage", "turn")
    break_off(broken)
    assert codes(lacking) == (["left_out"], ["left_out"])
    assert (str(lacking.notes[0]), lacking.notes[0].about) == ("a turn states no usage", "turn")
    assert codes(broken) == ([], ["broken_off"])


def test_two_causes():
    """Both are said, once each."""
    for first, second in (("leave", "break"), ("break", "leave")):
        usage = Usage(input=10)
        for cause in (first, second, second):
            break_off(usage) if cause == "break" else leave_out(usage, "a turn states no usage")
        told = list(dict.fromkeys(codes(usage)[0]))
        assert (told, codes(usage)[1]) == (["left_out", "broken_off"], ["left_out", "broken_off"])
