"""Commercial terms and fees of one's own: what a bill has on top of rates."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# The kinds of terms. A term has a line of its own, under its kind.
TERM_KINDS = frozenset({"discount", "margin", "fee"})


class Term:
    """A commercial term: ``discount`` and ``margin`` are shares of the sum before them, ``fee`` is in USD.

    Attributes:
        name: what a listed term is called; "" for a setting of a provider or of a deployment.
        meters: on whose cost it is; empty for the whole sum.
        models: whose calls it is for, by names or wildcards; empty for all.
        tags: calls with one of them have it; empty for all.
        start, until: the moments at which it begins and has ended, in seconds since 1970.
        used: whether it was on a bill.
        missed: how many calls it could have been for, and was not, before the first that had it.
    """

    __slots__ = (
        "denominator",
        "kind",
        "layer",
        "map_key",
        "meters",
        "missed",
        "models",
        "name",
        "numerator",
        "price_key",
        "start",
        "tags",
        "until",
        "used",
    )

    def __init__(self, kind: str, value: tuple[int, int], layer: str, map_key: str = "", price_key: str = "") -> None:
        self.kind = kind
        self.numerator, self.denominator = value
        self.layer, self.map_key, self.price_key = layer, map_key, price_key
        self.name, self.used, self.missed = "", False, 0
        self.meters: frozenset[str] = frozenset()
        self.models: tuple[str, ...] = ()
        self.tags: frozenset[str] = frozenset()
        self.start, self.until = float("-inf"), float("inf")


# What the meter of a fee of one's own begins with, before its name.
OWN_FEE = "fee:"


class Fee:
    """A fee of one's own: what one unit of it costs in USD, such as a call of an internal tool."""

    __slots__ = ("denominator", "layer", "map_key", "name", "numerator", "price_key", "unit")

    def __init__(
        self, name: str, unit: str, value: tuple[int, int], layer: str, map_key: str = "", price_key: str = ""
    ) -> None:
        self.name, self.unit = name, unit
        self.numerator, self.denominator = value
        self.layer, self.map_key, self.price_key = layer, map_key, price_key


def has_price(lines: Iterable[Any]) -> bool:
    """Return whether a line of a cost has a price. A commercial term has none: it is on top of prices."""
    return any(line.meter not in TERM_KINDS for line in lines)
