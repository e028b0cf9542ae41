"""Entry: one model's row of a price map, decoded into rates, factors and info; and how one is added to it."""

from __future__ import annotations

from ..core.exact import decimal_of, plain, ratio
from ..core.meters import METERS, TOKEN_METERS
from ..core.rate import PUBLIC, Factor, Rate
from ..errors import InvalidPriceError, PriceDataError, UnknownPriceKeyError, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.dimensions import Conditions
    from ..core.set_aside import SetAside

    # Whether a price-like key that is not known is set aside; it is an error otherwise.
    Tolerate = Callable[[str], bool]

# A price of one token above this was most likely meant for 1K or 1M tokens.
_SUSPICIOUS = (1, 1000)


class Entry:
    """One entry, decoded.

    Attributes:
        rates: ``(meter, conditions) -> Rate``; None un-sets the cell of weaker layers.
        factors: region and speed factors.
        unset: blocks and factors that are null: what weaker layers say there is out of force.
        info: the keys that are no prices (mode, provider, limits ...).
        unknown: price-like keys that this version does not know, set aside.
        batch: the seller's row for batches of a past or future day; None at present, and where there is none.
        guessed: keys of a past or future day whose price then nobody states.
    """

    __slots__ = ("_tolerate", "batch", "factors", "guessed", "info", "key", "layer", "rates", "unknown", "unset")

    def __init__(self, layer: str, key: str, tolerate: Tolerate | None = None) -> None:
        self.layer, self.key, self._tolerate = layer, key, tolerate
        self.unknown: list[SetAside] = []
        self.rates: dict[tuple[str, Conditions], Rate | None] = {}
        self.factors: list[Factor] = []
        self.unset: set[str] = set()
        self.batch: Entry | None = None
        self.guessed: frozenset[str] = frozenset()
        self.info: dict[str, object] = {}

    @property
    def where(self) -> str:
        """Where it stands, for messages."""
        return f"{self.layer} {self.key}"

    def unsets(self, price_key: str) -> bool:
        """Return whether a rate or factor that a weaker layer states under this key is out of force."""
        return any(price_key == key or price_key.startswith((f"{key}.", f"{key}[")) for key in self.unset)

    def set_aside(self, error: UnknownPriceKeyError, value: object, place: str = "", meter: str | None = None) -> None:
        """Keep a price-like key that is not known; raise ``error`` in a layer that a person wrote.

        ``place`` is the block it stands in, and ``meter`` what that block prices under a condition.
        """
        if self.layer not in PUBLIC and (self._tolerate is None or not self._tolerate(error.key)):
            raise error
        if value is not None:
            from .unknown_keys import set_aside

            found = set_aside(error.key, value, place, meter)
            found.layer, found.map_key = self.layer, self.key
            self.unknown.append(found)


def price(key: str, value: object, layer: str) -> tuple[int, int]:
    """Return a price as an exact ratio; raise InvalidPriceError if it cannot be billed."""
    try:
        found = ratio(str.strip(value) if isinstance(value, str) else value)
    except (TypeError, ValueError) as problem:
        raise InvalidPriceError(key, value, layer, f"{problem}; a price is a number >= 0 in USD") from None
    if found[0] < 0:
        raise InvalidPriceError(key, value, layer)
    return found


def check_key(key: object, where: str) -> None:
    """Raise PriceDataError unless a key is text."""
    if not issubclass(type(key), str):
        raise PriceDataError(f"{where}: {shown(key)} is no price key: keys are text")


def add_rate(entry: Entry, meter: str, conditions: Conditions, value: object, key: str, per: int = 1) -> None:
    """Put a price in the cell of its key. Two spellings of a cell have to agree if a person wrote them."""
    cell = (meter, conditions)
    if value is None:
        entry.rates.setdefault(cell, None)
        return
    numerator, denominator = price(key, value, entry.layer)
    rate = Rate(meter, conditions, (numerator, denominator * per), entry.layer, entry.key, key)
    before = entry.rates.get(cell)
    if before is not None:
        if before.numerator * rate.denominator == rate.numerator * before.denominator:
            return
        if entry.layer not in PUBLIC:
            raise InvalidPriceError(
                key,
                value,
                entry.layer,
                f"{before.price_key} sets the same rate to {plain(before.usd, 0)}; keep one of the two",
            )
        # In a public map the first spelling of the meter's row counts: it is the one that is kept up to date. With
        # cache_read_input_token_cost: 7e-8 and input_cost_per_token_cache_hit: 1.3e-8 a cached token costs 7e-8.
        spellings = METERS[meter].keys
        if key not in spellings or (
            before.price_key in spellings and spellings.index(before.price_key) < spellings.index(key)
        ):
            return
    entry.rates[cell] = rate


def add_factor(entry: Entry, fact: str, value: str, factor: object, key: str) -> None:
    """Add a factor; null removes the factor of weaker layers."""
    if factor is None:
        entry.unset.add(key)
        return
    numerator, denominator = price(key, factor, entry.layer)
    if not numerator:
        raise InvalidPriceError(key, factor, entry.layer, "a factor is above 0")
    entry.factors.append(Factor(fact, value, (numerator, denominator), entry.layer, entry.key, key))


def suspicious(rate: Rate) -> str | None:
    """Return what a per-token price reads as if it is a thousand times too high, else None."""
    if rate.meter not in TOKEN_METERS:
        return None
    if rate.numerator * _SUSPICIOUS[1] <= rate.denominator * _SUSPICIOUS[0]:
        return None
    million = decimal_of(rate.numerator * 1_000_000, rate.denominator)[0]
    return f"{rate.price_key}={plain(rate.usd, 0)} is {million:,f} USD per 1M tokens: is it a price per 1K or per 1M?"
