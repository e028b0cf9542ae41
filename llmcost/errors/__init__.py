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
    ├── PlacedError(ValueError)               .reason .source .line .place
    │   ├── LogError                          a log
    │   └── BillError                         a bill
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

import sys

from .base import ArgumentError, LLMCostError
from .price_errors import InvalidPriceError, PriceDataError, UnknownModelError, UnknownPriceKeyError
from .printing import did_you_mean, printable, several, shown, told, was_meant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .budget_errors import BudgetExceededError
    from .outer_errors import (
        BillError,
        ConfigError,
        LogError,
        MissingDependencyError,
        SpendLogError,
        UpdateError,
        how_to_install,
    )
    from .warning_classes import (
        ConfigWarning,
        IgnoredArgumentWarning,
        LLMCostWarning,
        StalePricesWarning,
        SuspiciousPriceWarning,
        UnpricedUsageWarning,
        UnreadUsageWarning,
    )

# What no common call raises or warns of loads when it is asked for: name -> where it stands.
_LATE = {
    name: module
    for module, names in {
        "budget_errors": "BudgetExceededError",
        "outer_errors": """
            BillError ConfigError LogError MissingDependencyError SpendLogError UpdateError how_to_install
        """,
        "warning_classes": """
            ConfigWarning IgnoredArgumentWarning LLMCostWarning StalePricesWarning SuspiciousPriceWarning
            UnpricedUsageWarning UnreadUsageWarning
        """,
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = f"{__name__}.{_LATE[name]}"
    __import__(module)
    # In another thread this package may not have its module as an attribute yet.
    found = globals()[name] = getattr(sys.modules[module], name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATE})


class UsageError(LLMCostError, ValueError):
    """The usage of a response cannot be billed: the base of three errors that say why.

    >>> import llmcost
    >>> issubclass(llmcost.MissingUsageError, llmcost.UsageError)
    True
    """


class UnrecognizedResponseError(UsageError):
    """No reader knows this shape.

    >>> import llmcost
    >>> try:
    ...     llmcost.read_usage({"answer": 42})
    ... except llmcost.UnrecognizedResponseError as error:
    ...     str(error).partition(",")[0]
    'no reader knows this response (its keys: answer)'
    """


class MissingUsageError(UsageError):
    """The shape is known, but the counters that it always states are not there.

    >>> import llmcost
    >>> try:
    ...     llmcost.read_usage({"object": "chat.completion", "model": "gpt-4o", "choices": []})
    ... except llmcost.MissingUsageError as error:
    ...     str(error).partition(".")[0]
    'this completion states no usage, and a missing usage is not zero'
    """


class InconsistentUsageError(UsageError):
    """Counters contradict each other, or are no counts at all.

    Attributes:
        whole: the counter that should hold the others, with its value.
        parts: the counters that do not fit, with their values.
        readings: the usages that the counters may mean, where they may mean several.
        costs: what each of the readings costs, where a card was asked.

    >>> import llmcost
    >>> try:
    ...     details = {"cached_tokens": 20}
    ...     llmcost.read_usage({"prompt_tokens": 10, "completion_tokens": 1, "prompt_tokens_details": details})
    ... except llmcost.InconsistentUsageError as error:
    ...     error.whole, error.parts, error.readings, error.costs
    ({'prompt_tokens': 10}, {'cache_read': 20}, (), ())
    """

    def __init__(
        self,
        message: str,
        whole: Mapping[str, object] | None = None,
        parts: Mapping[str, object] | None = None,
        readings: Sequence[object] = (),
        costs: Sequence[object] = (),
    ) -> None:
        self.whole, self.parts = _stated(whole), _stated(parts)
        self.readings, self.costs = several(readings), several(costs)
        super().__init__(message, self.whole, self.parts, self.readings, self.costs)


class UnpricedUsageError(LLMCostError, LookupError):
    """Something was used for which the rate card has no rate.

    Attributes:
        meters: the meters without a rate.

    >>> import llmcost
    >>> try:
    ...     llmcost.completion_cost(model="gpt-4o", usage=llmcost.Usage(ocr_pages=3))
    ... except llmcost.UnpricedUsageError as error:
    ...     error.meters
    ('ocr_pages',)
    """

    def __init__(self, message: str, meters: Sequence[str] = ()) -> None:
        super().__init__(message, meters)
        self.meters = several(meters)


def _stated(counters: Mapping[str, object] | None) -> dict[str, object]:
    # A dict of a foreign type may raise when it is asked for what it has.
    if issubclass(type(counters), dict):
        return dict(dict.items(counters))  # type: ignore[arg-type]
    return {} if counters is None else {"value": counters}


__all__ = [
    "ArgumentError",
    "BillError",
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
    "did_you_mean",
    "how_to_install",
    "printable",
    "shown",
    "told",
    "was_meant",
]
