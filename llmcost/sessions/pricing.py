"""What the calls of an index cost, as its rows keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import LLMCostError, printable
from ..logs.sums import tokens
from ..spend.money import split

if TYPE_CHECKING:
    from ..api.costmap import CostMap
    from ..logs.record import Record

# The model of a call that names none.
NOT_STATED = ""


class Priced(NamedTuple):
    """What a call costs; the fields are columns of ``calls``.

    ``failure`` says why it has no cost; empty for one that has.
    """

    model: str
    input: int
    cached: int
    output: int
    nano: int
    atto: int
    rest: str | None
    bound: bool
    failure: str


def priced(call: Record, cost_map: CostMap) -> Priced:
    """Return what a call costs."""
    try:
        cost = call.calculate(cost_map=cost_map)
        numerator, denominator = cost.as_integer_ratio()
        nano, atto, rest = split(numerator, denominator)
    except (LLMCostError, ValueError, OverflowError) as error:
        return Priced(
            NOT_STATED, 0, 0, 0, 0, 0, None, bound=True, failure=f"{type(error).__name__}: {printable(error)}"
        )
    read, cached, written = (int(number) for number in tokens(cost))
    return Priced(
        cost.matched_as or cost.model or NOT_STATED, read, cached, written, nano, atto, rest, cost.lower_bound, ""
    )
