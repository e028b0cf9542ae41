"""A function that loads with its first call, and is called directly from then on."""

from __future__ import annotations

import math

from llmcost.core.late import Late

_lcm, _again = Late("math", "lcm"), Late("math", "lcm")
_kept = [_again]


def test_the_name_is_the_functions_from_the_first_call_on():
    """lcm(4, 6) is 12. Another Late of the same function, which nobody called, stays what it is."""
    assert isinstance(_lcm, Late)
    assert _lcm(4, 6) == 12
    assert _lcm is math.lcm
    assert isinstance(_again, Late)


def test_one_without_a_name_in_the_calling_module_works_all_the_same():
    """In a list, or handed to a function, it stays a Late and remembers what it loaded."""
    (late,) = (Late("math", "lcm"),)
    assert (late(4, 6), late(6, 9)) == (12, 18)
    assert isinstance(late, Late)
    assert (_kept[0](2, 3), _again) == (6, math.lcm)
