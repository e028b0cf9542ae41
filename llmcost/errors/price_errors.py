"""Errors of price data: a map that cannot be read, and a price that cannot be billed by."""

from __future__ import annotations

from .base import LLMCostError
from .printing import printable, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class PriceDataError(LLMCostError, ValueError):
    """A price map, or one entry of it, cannot be read."""


class UnknownPriceKeyError(PriceDataError):
    """A key looks like a price key but is not one: most often it is a typo, which would price nothing.

    Attributes:
        key: the key as it was written.
        where: the entry or the block it stands in, or "".
    """

    def __init__(self, key: str, nearest: str | Callable[[], str | None] | None = None, where: str = "") -> None:
        super().__init__(key)
        self.key, self._nearest, self.where = key, nearest, where

    @property
    def nearest(self) -> str | None:
        """The known key that is nearest to it, or None; found when first read, since that takes a while."""
        if callable(self._nearest):
            self._nearest = self._nearest()
        return self._nearest

    def found_in(self, where: str) -> UnknownPriceKeyError:
        """Return the error with the place where the key stands."""
        return UnknownPriceKeyError(self.key, self._nearest, where)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without the look-up function."""
        return type(self), (self.key, self.nearest, self.where)

    def __str__(self) -> str:
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        place = f" in {self.where}" if self.where else ""
        return printable(f"{self.key!r}{place} looks like a price key but is not one.{hint}")


class InvalidPriceError(PriceDataError):
    """A price is not a number that can be billed: negative, NaN, infinite, boolean or text.

    Attributes:
        key: the price key.
        value: the value as it was given.
        layer: where it was given (``call``, ``registered``, ``map`` ...).
    """

    def __init__(self, key: str, value: object, layer: str = "", why: str = "") -> None:
        super().__init__(key, value, layer, why)
        self.key, self.value, self.layer, self.why = key, value, layer, why

    def __str__(self) -> str:
        place = f" ({self.layer})" if self.layer else ""
        why = self.why or "a price is a finite number >= 0, in USD per unit"
        return printable(f"{self.key}={shown(self.value)}{place}: {why}")
