"""Every error and warning of llmcost.

::

    LLMCostError(Exception)
    ├── PriceDataError(ValueError)            a price map that cannot be read
    │   ├── UnknownPriceKeyError              .key .nearest
    │   └── InvalidPriceError                 .key .value .layer
    ├── ConfigError(ValueError)               .path .problems (each with line and address)
    ├── ArgumentError(TypeError, ValueError)  an argument of a wrong type, or no value that it may have
    ├── UnknownModelError(LookupError)        .model .provider .tried .nearest
    ├── UsageError(ValueError)
    │   ├── UnrecognizedResponseError
    │   ├── MissingUsageError
    │   └── InconsistentUsageError            .whole .parts
    ├── UnpricedUsageError(LookupError)       .meters
    ├── LogError(ValueError)                  .reason .source .line .place
    ├── MissingDependencyError(ImportError)   .extra
    ├── SpendLogError(RuntimeError)
    ├── BudgetExceededError(RuntimeError)     .budget .limit .spent .reserved .asked .reason
    └── UpdateError

    LLMCostWarning(UserWarning)
    ├── UnpricedUsageWarning
    ├── IgnoredArgumentWarning
    ├── UnreadUsageWarning
    ├── StalePricesWarning
    ├── SuspiciousPriceWarning
    └── ConfigWarning

Each error inherits the builtin that its caller would guess, carries the objects it is about, and says what to do next.
The text of an error or a warning is safe to show: values from responses, files and callers go through ``printable``.
"""

from __future__ import annotations

from .base import LLMCostError
from .budget_errors import BudgetExceededError
from .price_errors import InvalidPriceError, PriceDataError, UnknownPriceKeyError
from .printing import printable, shown
from .warning_classes import (
    ConfigWarning,
    IgnoredArgumentWarning,
    LLMCostWarning,
    StalePricesWarning,
    SuspiciousPriceWarning,
    UnpricedUsageWarning,
    UnreadUsageWarning,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class ConfigError(LLMCostError, ValueError):
    """A configuration has problems; all of them are in this one error.

    Attributes:
        problems: one text per problem, each with its line and its address.
        path: the file, or None.
        line: the line of the first problem, or None.
        address: the address of the first problem, such as ``model_list[2].model_info``.
    """

    def __init__(
        self, problems: Sequence[str], path: str | None = None, line: int | None = None, address: str | None = None
    ) -> None:
        super().__init__(problems, path, line, address)
        self.problems, self.path, self.line, self.address = tuple(problems), path, line, address

    def __str__(self) -> str:
        return "\n".join(map(printable, self.problems))


class ArgumentError(LLMCostError, TypeError, ValueError):
    """An argument is of the wrong type, is no value that it may have, or does not go with another one."""


class UnknownModelError(LLMCostError, LookupError):
    """No price is known for this model; nothing is guessed.

    Attributes:
        model: the name that was asked for.
        provider: the provider it was looked up under, or None.
        tried: the names that were looked for, in order.
        nearest: known names that look like it. They are a hint, never a match.
        choices: what the caller has to choose between, because they price differently; empty if nothing is known.
        prices: of which day the prices are, in words; empty for prices of one's own.
    """

    prices = ""

    def __init__(
        self,
        model: str,
        provider: str | None = None,
        tried: Sequence[str] = (),
        why: str = "",
        nearest: Sequence[str] | Callable[[], Sequence[str]] = (),
        choices: Sequence[str] = (),
    ) -> None:
        super().__init__(model)
        self.model, self.provider, self.tried, self.why = model, provider, tuple(tried), why
        self.choices = tuple(choices)
        self._nearest = nearest

    @property
    def nearest(self) -> tuple[str, ...]:
        """Known names that look like it; found when first read, since most handlers never do."""
        if callable(self._nearest):
            self._nearest = tuple(self._nearest())
        return tuple(self._nearest)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without the look-up function."""
        told = {"prices": self.prices}
        return type(self), (self.model, self.provider, self.tried, self.why, self.nearest, self.choices), told

    @property
    def said(self) -> list[str]:
        """What is wrong, in lines, without the advice for a program in Python."""
        of = f" of provider {self.provider!r}" if self.provider else ""
        lines = [(self.why or f"no price is known for the model {self.model!r}") + of]
        if self.tried:
            lines.append("tried: " + ", ".join(self.tried))
        if self.nearest:
            lines.append("nearest names (not used): " + ", ".join(self.nearest))
        if self.prices:
            lines.append(self.prices)
        return lines

    def __str__(self) -> str:
        way = "give a price (input_cost_per_token=..., register_model({...})), or name the model it is priced as: "
        return "\n  ".join(map(printable, [*self.said, f"{way}base_model=..."]))


class UsageError(LLMCostError, ValueError):
    """What a response says about its usage cannot be billed."""


class UnrecognizedResponseError(UsageError):
    """No reader knows this shape."""


class MissingUsageError(UsageError):
    """The shape is known, but the counters that it always states are not there."""


class InconsistentUsageError(UsageError):
    """Counters contradict each other, or are no counts at all.

    Attributes:
        whole: the counter that should hold the others, with its value.
        parts: the counters that do not fit, with their values.
        readings: the usages that the counters may mean, where they may mean several.
        costs: what each of the readings costs, where a card was asked.
    """

    def __init__(
        self,
        message: str,
        whole: Mapping[str, object] | None = None,
        parts: Mapping[str, object] | None = None,
        readings: Sequence[object] = (),
        costs: Sequence[object] = (),
    ) -> None:
        self.whole, self.parts = dict(whole or {}), dict(parts or {})
        self.readings, self.costs = tuple(readings), tuple(costs)
        super().__init__(message, self.whole, self.parts, self.readings, self.costs)


class UnpricedUsageError(LLMCostError, LookupError):
    """Something was used for which the rate card has no rate.

    Attributes:
        meters: the meters without a rate.
    """

    def __init__(self, message: str, meters: Sequence[str] = ()) -> None:
        super().__init__(message, meters)
        self.meters = tuple(meters)


class LogError(LLMCostError, ValueError):
    """A place of a log holds no call that can be read.

    Attributes:
        reason: why.
        source: the file, as it was named.
        line: the line, from 1; None if it is the file itself that cannot be read.
    """

    def __init__(self, reason: str, source: str, line: int | None = None) -> None:
        super().__init__(reason, source, line)
        self.reason, self.source, self.line = reason, source, line

    @property
    def place(self) -> str:
        """``file:line``, or the file."""
        return self.source if self.line is None else f"{self.source}:{self.line}"

    def __str__(self) -> str:
        return printable(f"{self.place}: {self.reason}")


class MissingDependencyError(LLMCostError, ImportError):
    """An optional package is not installed.

    Attributes:
        extra: the extra of the distribution ``llm-costmap`` that brings it.
    """

    def __init__(self, message: str, extra: str) -> None:
        super().__init__(message, extra)
        self.extra = extra


def how_to_install(extra: str, *packages: str) -> str:
    """Return the line that installs the packages of an extra, wherever llmcost itself came from, and the extra's name.

    >>> how_to_install("cli", "click", "rich")
    'pip install click rich (the extra cli of llm-costmap)'
    """
    return f"pip install {' '.join(packages)} (the extra {extra} of llm-costmap)"


class SpendLogError(LLMCostError, RuntimeError):
    """A call cannot be kept in the spend log, or the log cannot be read."""


class UpdateError(LLMCostError):
    """A price update was refused or failed; the last good prices stay in use."""


__all__ = [
    "ArgumentError",
    "BudgetExceededError",
    "ConfigError",
    "ConfigWarning",
    "IgnoredArgumentWarning",
    "InconsistentUsageError",
    "InvalidPriceError",
    "LLMCostError",
    "LLMCostWarning",
    "LogError",
    "MissingDependencyError",
    "MissingUsageError",
    "PriceDataError",
    "SpendLogError",
    "StalePricesWarning",
    "SuspiciousPriceWarning",
    "UnknownModelError",
    "UnknownPriceKeyError",
    "UnpricedUsageError",
    "UnpricedUsageWarning",
    "UnreadUsageWarning",
    "UnrecognizedResponseError",
    "UpdateError",
    "UsageError",
    "how_to_install",
    "printable",
    "shown",
]
