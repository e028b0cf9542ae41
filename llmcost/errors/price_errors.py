"""Errors of price data: a map that cannot be read, a price that cannot be billed by, and a model without a price."""

from __future__ import annotations

from .base import LLMCostError
from .printing import is_told, several, shown, told, was_meant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    _Stated = TypeVar("_Stated")

# So many names stand in a message, and so many characters of each.
_MOST_NAMES, _LONGEST_NAME = 100, 200


class PriceDataError(LLMCostError, ValueError):
    """A price map, or one entry of it, cannot be read.

    >>> import llmcost
    >>> llmcost.register_model({"my-model": 0.002})
    Traceback (most recent call last):
    llmcost.errors.price_errors.PriceDataError: register: 'my-model': expected an object of prices, got float
    """


class UnknownPriceKeyError(PriceDataError):
    """A key looks like a price key but is not one: most often it is a typo, which would price nothing.

    Attributes:
        key: the key as it was written.
        where: the entry or the block it stands in, or "".

    >>> import llmcost
    >>> try:
    ...     llmcost.register_model({"my-model": {"input_cost_per_tokn": 2e-6}})
    ... except llmcost.UnknownPriceKeyError as error:
    ...     error.key, error.nearest, error.where
    ('input_cost_per_tokn', 'input_cost_per_token', 'registered my-model')
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
        """Return the error with the place where the key stands.

        >>> UnknownPriceKeyError("input_cost_per_tokn").found_in("my-model").where
        'my-model'
        """
        return UnknownPriceKeyError(self.key, self._nearest, where)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without the look-up function."""
        return _anew(self, self.key, self.nearest, self.where)

    def __str__(self) -> str:
        near = self.nearest
        hint = was_meant(near) if is_told(near) else ""
        place = f" in {told(self.where)}" if is_told(self.where) else ""
        return f"{shown(self.key)}{place} looks like a price key but is not one.{hint}"


class InvalidPriceError(PriceDataError):
    """A price is not a number that can be billed: negative, NaN, infinite, boolean or text.

    Attributes:
        key: the price key.
        value: the value as it was given.
        layer: where it was given (``call``, ``registered``, ``map`` ...).
        why: what a price of this key has to be; empty if it is a number of USD.

    >>> import llmcost
    >>> try:
    ...     llmcost.completion_cost(model="gpt-4o", usage={"input": 10}, input_cost_per_token=-1)
    ... except llmcost.InvalidPriceError as error:
    ...     error.key, error.value, error.layer
    ('input_cost_per_token', -1, 'call')
    """

    def __init__(self, key: str, value: object, layer: str = "", why: str = "") -> None:
        super().__init__(key, value, layer, why)
        self.key, self.value, self.layer, self.why = key, value, layer, why

    def __str__(self) -> str:
        place = f" ({told(self.layer)})" if is_told(self.layer) else ""
        why = told(self.why) if is_told(self.why) else "a price is a finite number >= 0, in USD per unit"
        return f"{told(self.key)}={shown(self.value)}{place}: {why}"


class UnknownModelError(LLMCostError, LookupError):
    """No price is known for this model; nothing is guessed.

    Attributes:
        model: the name that was asked for.
        provider: the provider it was looked up under, or None.
        tried: the names that were looked for, in order.
        nearest: known names that look like it. They are a hint, never a match.
        choices: what the caller has to choose between, because they price differently; empty if nothing is known.
        prices: of which day the prices are, in words; empty for prices of one's own.

    The last four may be given as functions: each is asked when it is read, since most handlers never do.

    >>> import llmcost
    >>> try:
    ...     llmcost.CostMap({"my-model": {"input_cost_per_token": 2e-6}}).rate_card("my-modle")
    ... except llmcost.UnknownModelError as error:
    ...     error.model, error.nearest, error.said[0], error.why, error.choices, error.prices
    ('my-modle', ('my-model',), "no price is known for the model 'my-modle'", '', (), '')
    """

    def __init__(
        self,
        model: str,
        provider: str | None = None,
        tried: Sequence[str] = (),
        why: str | Callable[[], str] = "",
        nearest: Sequence[str] | Callable[[], Sequence[str]] = (),
        choices: Sequence[str] | Callable[[], Sequence[str]] = (),
        prices: str | Callable[[], str] = "",
    ) -> None:
        super().__init__(model)
        self.model, self.provider, self.tried = model, provider, several(tried)
        self._why, self._nearest, self._choices, self._prices = why, nearest, choices, prices

    @property
    def why(self) -> str:
        """Why there is no price, where it is known."""
        return _read(self._why)

    @property
    def nearest(self) -> tuple[str, ...]:
        """Known names that look like it."""
        self._nearest = several(_read(self._nearest))
        return self._nearest

    @property
    def choices(self) -> tuple[str, ...]:
        """What the caller has to choose between, because they price differently."""
        return several(_read(self._choices))

    @property
    def prices(self) -> str:
        """Of which day the prices are, in words."""
        return _read(self._prices)

    @prices.setter
    def prices(self, told: str | Callable[[], str]) -> None:
        self._prices = told

    def __copy__(self) -> UnknownModelError:
        """Return an error that was not raised: a raised one keeps every frame alive that it passed."""
        stated = (self._why, self._nearest, self._choices, self._prices)
        return UnknownModelError(self.model, self.provider, self.tried, *stated)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without the look-up functions."""
        carried = (self.model, self.provider, self.tried, self.why, self.nearest, self.choices, self.prices)
        return _anew(self, *carried)

    @property
    def said(self) -> list[str]:
        """What is wrong, in lines, without the advice for a program in Python."""
        why = told(self.why) if is_told(self.why) else f"no price is known for the model {shown(self.model)}"
        lines = [f"{why} (provider {shown(self.provider)})" if is_told(self.provider) else why]
        for what, names in (("tried", several(self.tried)), ("nearest names (not used)", self.nearest)):
            if names:
                lines.append(f"{what}: {_listed(names)}")
        if is_told(self.model) and is_told(self.prices):
            lines.append(told(self.prices))
        return lines

    def __str__(self) -> str:
        lines = self.said
        if is_told(self.model):
            way = "give a price (input_cost_per_token=..., register_model({...})), or name the model it is priced as: "
            lines = [*lines, f"{way}base_model=..."]
        return "\n  ".join(lines)


def _listed(names: Sequence[object]) -> str:
    more = ["..."] if len(names) > _MOST_NAMES else []
    return ", ".join([*(told(name, _LONGEST_NAME) for name in names[:_MOST_NAMES]), *more])


def _read(stated: _Stated | Callable[[], _Stated]) -> _Stated:
    """Return what is stated, or what a function says that stands for it."""
    return stated() if callable(stated) else stated


def _anew(error: LLMCostError, *carried: object) -> tuple[object, ...]:
    """Return how an error is made again in another process: of what it carries, as far as that travels."""
    from .travelling import portable

    return type(error), portable(carried)
