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

from .base import ArgumentError, LLMCostError, PlacedError
from .budget_errors import BudgetExceededError
from .price_errors import InvalidPriceError, PriceDataError, UnknownModelError, UnknownPriceKeyError
from .printing import did_you_mean, printable, shown
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
    from collections.abc import Mapping, Sequence


class ConfigError(LLMCostError, ValueError):
    """A configuration has problems; all of them are in this one error.

    Attributes:
        problems: one text per problem, each with its line and its address.
        path: the file, or None.
        line: the line of the first problem, or None.
        address: the address of the first problem, such as ``model_list[2].model_info``.

    >>> import llmcost
    >>> deployment = {"model_name": "fast", "litellm_params": {"model": "gpt-4o", "input_cost_per_tokn": 2e-6}}
    >>> try:
    ...     llmcost.CostMap.bundled().with_config({"model_list": [deployment]})
    ... except llmcost.ConfigError as error:
    ...     error.address, len(error.problems), error.path, error.line
    ('model_list[0].litellm_params.input_cost_per_tokn', 1, None, None)
    """

    def __init__(
        self, problems: Sequence[str], path: str | None = None, line: int | None = None, address: str | None = None
    ) -> None:
        super().__init__(problems, path, line, address)
        self.problems, self.path, self.line, self.address = tuple(problems), path, line, address

    def __str__(self) -> str:
        return "\n".join(map(printable, self.problems))


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
        self.whole, self.parts = dict(whole or {}), dict(parts or {})
        self.readings, self.costs = tuple(readings), tuple(costs)
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
        self.meters = tuple(meters)


class LogError(PlacedError):
    """A place of a log holds no call that can be read.

    Attributes:
        reason: why.
        source: the file, as it was named.
        line: the line, from 1; None if it is the file itself that cannot be read.

    >>> import llmcost
    >>> try:
    ...     list(llmcost.read_log(["no JSON"]))
    ... except llmcost.LogError as error:
    ...     error.place, error.source, error.line, error.reason.partition(",")[0]
    ('log:1', 'log', 1, 'expected a JSON object or array')
    """


class BillError(PlacedError):
    """A provider's bill cannot be read.

    >>> error = BillError("the row is torn: it has 4 of 8 columns", "cur.csv", 3)
    >>> error.place, str(error)
    ('cur.csv:3', 'cur.csv:3: the row is torn: it has 4 of 8 columns')

    Attributes:
        reason: why, and what to do.
        source: the file, as it was named.
        line: the line, from 1; None if it is the file itself that cannot be read.
    """


class MissingDependencyError(LLMCostError, ImportError):
    """An optional package is not installed.

    Attributes:
        extra: the extra of the distribution ``llm-costmap`` that brings it.

    >>> MissingDependencyError("polars is not installed", "frames").extra
    'frames'
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
    """A call cannot be kept in the spend log, or the log cannot be read.

    >>> issubclass(SpendLogError, RuntimeError)
    True
    """


class UpdateError(LLMCostError):
    """A price update was refused or failed; the last good prices stay in use.

    >>> import llmcost
    >>> try:
    ...     llmcost.CostMap.update("/no/such/folder")
    ... except llmcost.UpdateError as error:
    ...     str(error)
    '/no/such/folder/map_info.json cannot be read: No such file or directory'
    """


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
]
