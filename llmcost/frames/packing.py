"""Packing: what tells kinds of call apart, as one whole number.

A number is made of digits, each of a place of its own: which card, which tier, above how many of the card's steps. A
table finds the rates of a row by this number alone.
"""

from __future__ import annotations

from operator import mul
from typing import TYPE_CHECKING, NamedTuple

from ..errors import PriceDataError

if TYPE_CHECKING:
    from collections.abc import Mapping

# The digits, the most significant first. ``presence`` is a set of bits, one for each counter that matters to the card.
DIGITS = ("card", "tier", "batch", "aggregate", "context", "time", "week", "duration", "counted", "presence")
# Whole numbers of 64 bits are below it. Codes are such numbers in every engine.
INT_64 = 1 << 63


class Code(NamedTuple):
    """The digits of one kind of call.

    Attributes:
        card: the number of the rate card.
        tier: the number of the tier's word; 0 for none.
        batch: 1 for a batch.
        aggregate: 1 for the sum of several calls.
        context: how many steps of the prompt's length it is above.
        time: 0 without a time, else 1 and the steps of time that it is above.
        week: how many steps within the clock's period its time is above.
        duration: 0 without a duration, else 1 and the steps of duration that it is above.
        counted: 1 if a counter is above 0 that has no bit in ``presence``.
        presence: bits of counters above 0.
    """

    card: int
    tier: int = 0
    batch: int = 0
    aggregate: int = 0
    context: int = 0
    time: int = 0
    week: int = 0
    duration: int = 0
    counted: int = 0
    presence: int = 0


class Packing:
    """How the digits of a kind of call make one number.

    Attributes:
        sizes: how many values each digit has.
        places: what a digit of 1 adds to the number.
        codes: how many numbers there are; each is below.

    Raises PriceDataError if the numbers would not fit into 64 bits.
    """

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = {digit: sizes[digit] for digit in DIGITS}
        self.places: dict[str, int] = {}
        place = 1
        for digit in reversed(DIGITS):
            self.places[digit] = place
            place *= self.sizes[digit]
        self._weights = tuple(self.places[digit] for digit in DIGITS)
        self.codes = place
        if place > INT_64:
            told = ", ".join(f"{size:,} of {digit}" for digit, size in self.sizes.items())
            raise PriceDataError(f"the kinds of call do not fit into 64 bits ({told}): price fewer models at a time")

    def pack(self, code: Code) -> int:
        """Return the number of a kind of call."""
        return sum(map(mul, code, self._weights))

    def unpack(self, number: int) -> Code:
        """Return the digits of a number.

        >>> packing = Packing({**dict.fromkeys(DIGITS, 3), "presence": 8})
        >>> packing.unpack(packing.pack(Code(2, tier=1, presence=5)))
        Code(card=2, tier=1, batch=0, aggregate=0, context=0, time=0, week=0, duration=0, counted=0, presence=5)
        """
        digits = []
        for digit in DIGITS:
            value, number = divmod(number, self.places[digit])
            digits.append(value)
        return Code(*digits)
