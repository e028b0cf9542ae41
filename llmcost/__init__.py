"""What did this LLM call cost, and why?

>>> import llmcost
>>> response = {
...     "object": "chat.completion",
...     "model": "gpt-4o-2024-08-06",
...     "usage": {
...         "prompt_tokens": 2006,
...         "completion_tokens": 300,
...         "total_tokens": 2306,
...         "prompt_tokens_details": {"cached_tokens": 1920},
...     },
... }
>>> llmcost.completion_cost(response)
0.005615
>>> llmcost.calculate(response).explain().splitlines()[0]
'gpt-4o-2024-08-06: 0.005615 USD'
"""

from __future__ import annotations

import sys as _sys

from .core import VERSION as _VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import errors as errors
    from . import readers as readers
    from .api.default import (
        CostMap,
        batch_cost_calculator,
        calculate,
        completion_cost,
        cost_per_token,
        get_max_tokens,
        get_model_info,
        model_cost,
        register_model,
        response_cost_calculator,
        supports,
        supports_function_calling,
        supports_prompt_caching,
        supports_vision,
    )
    from .api.estimate import Estimate, estimate
    from .api.map_info import MapInfo, map_info
    from .api.stream_meter import StreamMeter
    from .bills.bill import Bill
    from .bills.focus_rows import FocusRows, focus_rows
    from .bills.reading import read_bill
    from .bills.reconciliation import Reconciliation
    from .bills.reconciling import reconcile
    from .core.cost import Cost
    from .core.lines import LineItem
    from .core.notes import Note
    from .core.usage import Usage
    from .errors import (
        ArgumentError,
        BillError,
        BudgetExceededError,
        ConfigError,
        ConfigWarning,
        IgnoredArgumentWarning,
        InconsistentUsageError,
        InvalidPriceError,
        LLMCostError,
        LLMCostWarning,
        LogError,
        MissingDependencyError,
        MissingUsageError,
        PriceDataError,
        SpendLogError,
        StalePricesWarning,
        SuspiciousPriceWarning,
        UnknownModelError,
        UnknownPriceKeyError,
        UnpricedUsageError,
        UnpricedUsageWarning,
        UnreadUsageWarning,
        UnrecognizedResponseError,
        UpdateError,
        UsageError,
    )
    from .frames.responses import read_table
    from .frames.sheet import Sheet
    from .frames.table import price_table, rate_sheet
    from .frames.totals import summarize_table
    from .logs.reading import read_log
    from .logs.record import Record
    from .logs.reprice import reprice, whatif
    from .logs.result import Repricing
    from .readers import read_usage
    from .spend.log import SpendLog
    from .tracking.budget import Budget
    from .tracking.call import CallError, TrackedCall
    from .tracking.context import context
    from .tracking.default import track, untrack
    from .tracking.handlers import HandlerList
    from .tracking.tracker import Tracker

    success_callback: HandlerList
    failure_callback: HandlerList

__version__ = _VERSION

# Where each name stands. It loads when it is asked for: what only imports the package, a prompt that shows a sum or
# `llmcost --help`, does not wait for the engine.
_LAZY = {
    name: module
    for module, names in {
        ".api.default": """
            CostMap batch_cost_calculator calculate completion_cost cost_per_token get_max_tokens get_model_info
            model_cost register_model response_cost_calculator supports supports_function_calling
            supports_prompt_caching supports_vision
        """,
        ".api.estimate": "Estimate estimate",
        ".api.map_info": "MapInfo map_info",
        ".api.stream_meter": "StreamMeter",
        ".bills.bill": "Bill",
        ".bills.focus_rows": "FocusRows focus_rows",
        ".bills.reading": "read_bill",
        ".bills.reconciliation": "Reconciliation",
        ".bills.reconciling": "reconcile",
        ".core.cost": "Cost",
        ".core.lines": "LineItem",
        ".core.notes": "Note",
        ".core.usage": "Usage",
        ".errors": """
            ArgumentError BillError BudgetExceededError ConfigError ConfigWarning IgnoredArgumentWarning
            InconsistentUsageError
            InvalidPriceError LLMCostError LLMCostWarning LogError MissingDependencyError MissingUsageError
            PriceDataError SpendLogError StalePricesWarning SuspiciousPriceWarning UnknownModelError
            UnknownPriceKeyError UnpricedUsageError UnpricedUsageWarning UnreadUsageWarning
            UnrecognizedResponseError UpdateError UsageError
        """,
        ".frames.responses": "read_table",
        ".frames.sheet": "Sheet",
        ".frames.table": "price_table rate_sheet",
        ".frames.totals": "summarize_table",
        ".logs.reading": "read_log",
        ".logs.record": "Record",
        ".logs.reprice": "reprice whatif",
        ".logs.result": "Repricing",
        ".readers": "read_usage",
        ".spend.log": "SpendLog",
        ".tracking.budget": "Budget",
        ".tracking.call": "CallError TrackedCall",
        ".tracking.context": "context",
        ".tracking.default": "track untrack",
        ".tracking.tracker": "Tracker",
    }.items()
    for name in names.split()
}
_MODULES = ("cost_calculator", "errors", "readers", "utils")

# Names that code assigns to. The room that uses a name reads and sets it.
_SETTINGS = {
    "cost_discount_config": ".api.terms",
    "cost_margin_config": ".api.terms",
    "failure_callback": ".tracking.default",
    "success_callback": ".tracking.default",
}

_NEW_PRICES = "register_model(entries) adds prices, CostMap(entries) is a map of its own, LLMCOST_PRICES names the data"


def _module(place: str) -> Any:
    """Return a module of the package, without importlib, which would load with warnings behind it."""
    name = f"{__name__}{place}"
    __import__(name)
    return _sys.modules[name]


def __getattr__(name: str) -> object:
    if name in _SETTINGS:
        return _module(_SETTINGS[name]).setting(name)
    if name in _LAZY:
        value = globals()[name] = getattr(_module(_LAZY[name]), name)
        return value
    if name in _MODULES:
        return _module(f".{name}")
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .api.surface import attribute

    return attribute(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_MODULES, *_SETTINGS})


def _is_litellms(name: str) -> bool:
    """Return whether LiteLLM has a setting or function of a name that would do nothing here."""
    if name.startswith("_"):
        return False
    from .api.surface import INSTEAD

    return name in INSTEAD


class _Package(type(_sys)):  # type: ignore[misc]
    """The package itself, so that what is assigned to one of its settings is checked there and then."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _SETTINGS:
            _module(_SETTINGS[name]).set_setting(name, value)
        elif name == "model_cost":
            raise AttributeError(f"model_cost is read-only: {_NEW_PRICES}", name=name)
        elif not isinstance(value, type(_sys)) and name not in globals() and _is_litellms(name):
            from .api.surface import absent

            raise absent(name)
        else:
            super().__setattr__(name, value)


_sys.modules[__name__].__class__ = _Package


__all__ = [
    "ArgumentError",
    "Bill",
    "BillError",
    "Budget",
    "BudgetExceededError",
    "CallError",
    "ConfigError",
    "ConfigWarning",
    "Cost",
    "CostMap",
    "Estimate",
    "FocusRows",
    "IgnoredArgumentWarning",
    "InconsistentUsageError",
    "InvalidPriceError",
    "LLMCostError",
    "LLMCostWarning",
    "LineItem",
    "LogError",
    "MapInfo",
    "MissingDependencyError",
    "MissingUsageError",
    "Note",
    "PriceDataError",
    "Reconciliation",
    "Record",
    "Repricing",
    "Sheet",
    "SpendLog",
    "SpendLogError",
    "StalePricesWarning",
    "StreamMeter",
    "SuspiciousPriceWarning",
    "TrackedCall",
    "Tracker",
    "UnknownModelError",
    "UnknownPriceKeyError",
    "UnpricedUsageError",
    "UnpricedUsageWarning",
    "UnreadUsageWarning",
    "UnrecognizedResponseError",
    "UpdateError",
    "Usage",
    "UsageError",
    "__version__",
    "batch_cost_calculator",
    "calculate",
    "completion_cost",
    "context",
    "cost_per_token",
    "estimate",
    "focus_rows",
    "get_max_tokens",
    "get_model_info",
    "map_info",
    "model_cost",
    "price_table",
    "rate_sheet",
    "read_bill",
    "read_log",
    "read_table",
    "read_usage",
    "reconcile",
    "register_model",
    "reprice",
    "response_cost_calculator",
    "summarize_table",
    "supports",
    "supports_function_calling",
    "supports_prompt_caching",
    "supports_vision",
    "track",
    "untrack",
    "whatif",
]
