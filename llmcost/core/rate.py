"""What a rate card is made of: rates, factors on them, and commercial terms."""

from __future__ import annotations

from ..errors import printable
from . import dimensions
from .exact import decimal_of, plain
from .notes import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal
    from typing import Any

    from .call import Call
    from .dimensions import Conditions


# The layers of public prices.
PUBLIC = frozenset({"map", "base_model"})


class Rate:
    """A price per one unit of a meter under conditions, with its provenance.

    Attributes:
        meter: what it prices.
        conditions: when it holds; empty for always.
        numerator, denominator: USD per one unit, exact.
        layer: where it was set (``map``, ``registered``, ``call`` ...).
        map_key: the entry it stands in.
        price_key: the key it was written under.
        derived: the rules that computed it, in order; empty for a rate as it was written.
        remarks: when it is in force, where that is not always, or what is not in force in its place.
    """

    __slots__ = (
        "conditions",
        "denominator",
        "derived",
        "layer",
        "map_key",
        "meter",
        "numerator",
        "price_key",
        "remarks",
    )

    def __init__(
        self,
        meter: str,
        conditions: Conditions,
        value: tuple[int, int],
        layer: str,
        map_key: str,
        price_key: str,
        derived: tuple[Note, ...] = (),
    ) -> None:
        self.meter, self.conditions = meter, conditions
        self.numerator, self.denominator = value
        self.layer, self.map_key, self.price_key, self.derived = layer, map_key, price_key, derived
        self.remarks: tuple[Note, ...] = ()

    @property
    def usd(self) -> Decimal:
        """USD per one unit."""
        return decimal_of(self.numerator, self.denominator)[0]

    @property
    def per_million(self) -> Decimal:
        """USD per 1,000,000 units."""
        return decimal_of(self.numerator * 1_000_000, self.denominator)[0]

    def times(self, factor: tuple[int, int], *derived: Note, **changes: str) -> Rate:
        """Return this rate times a factor, as a rate that says how it was derived."""
        value = self.numerator * factor[0], self.denominator * factor[1]
        found = Rate(
            changes.get("meter", self.meter),
            self.conditions,
            value,
            self.layer,
            self.map_key,
            self.price_key,
            derived,
        )
        found.remarks = self.remarks
        return found

    def __repr__(self) -> str:
        when = f" if {dimensions.text(self.conditions)}" if self.conditions else ""
        return printable(f"<{self.meter} {plain(self.usd, 0)} USD{when}, {self.layer} {self.map_key}:{self.price_key}>")


# Why a rate is not in force.
SET = "set by a stronger layer"
UNSET = "un-set"
CARD_REPLACED = "card replaced"
FREE_MODEL = "free model"
ANOTHER_UNIT = "another unit"
ZERO_BESIDE_A_PRICE = "zero beside a price"
LIKE_ITS_PARENT = "like its parent"
ROUTING_FEE = "routing fee"
IMAGE_PRICE = "image price"
PRICED_BY_SIZE = "priced by size"


class Shadow:
    """A rate that is not in force, and why.

    Attributes:
        rate: the rate.
        reason: why, as a value: ``SET``, ``UNSET`` ...
        by: the layer that put it out of force; empty where the card as a whole does.
        what: what the reason is about: the unit that the layer prices by, the parent that is followed, or the rows of
            sizes that count instead.
    """

    __slots__ = ("by", "rate", "reason", "what")

    def __init__(self, rate: Rate, by: str, reason: str, what: str = "") -> None:
        self.rate, self.by, self.reason, self.what = rate, by, reason, what

    def __repr__(self) -> str:
        return f"<{self.rate!r}: {', '.join(filter(None, (self.reason, self.by, self.what)))}>"


# The value of a factor for every region that has no factor of its own, except the global one.
ANY = "*"
# Regions and speeds at which the base rates hold.
NOWHERE = frozenset({"", "global", "standard"})


class Factor:
    """A factor that a vendor puts on token rates for a region or for a speed.

    Attributes:
        fact: the fact it depends on, ``region`` or ``speed``.
        value: the value of that fact; ``*`` for any but the global one.
    """

    __slots__ = ("denominator", "fact", "layer", "map_key", "numerator", "price_key", "value")

    def __init__(
        self, fact: str, value: str, factor: tuple[int, int], layer: str, map_key: str, price_key: str
    ) -> None:
        self.fact, self.value = fact, value
        self.numerator, self.denominator = factor
        self.layer, self.map_key, self.price_key = layer, map_key, price_key

    def holds(self, call: Call) -> bool:
        """Return whether the call is made in this region or at this speed."""
        stated = call.region if self.fact == "region" else call.speed
        word = str(stated or "").lower()
        return word == self.value or (self.value == ANY and word not in {"", "global"})

    @property
    def text(self) -> str:
        """The factor as a person reads it: ``x 1.1 (region us)``."""
        return f"x {decimal_of(self.numerator, self.denominator)[0]} ({self.fact} {self.value})"


def price_doubts(lines: Iterable[Any]) -> Iterator[Note]:
    """Yield a note for each row of a public map if its sources dispute a price, or if the price moves."""
    for name in dict.fromkeys(line.map_key for line in lines if line.layer in PUBLIC):
        source = next(line for line in lines if line.map_key == name).source
        if source.get("confidence") == "disputed":
            others = source.get("differ")
            who = f": {', '.join(sorted(others))} differ" if isinstance(others, dict) and others else ""
            yield Note("disputed_price", f"the price of {name} is disputed{who}")
        if source.get("moves"):
            yield Note("moving_price", f"the price of {name} moves: {source['moves']}", name)
