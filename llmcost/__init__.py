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

from .api.default import DEFAULT as _DEFAULT
from .api.default import CostMap
from .core import VERSION as _VERSION
from .core.cost import Cost
from .core.notes import Note
from .core.usage import Usage
from .errors import (
    ArgumentError,
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
from .readers import read_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .api.estimate import Estimate, estimate
    from .api.map_info import MapInfo, map_info
    from .api.stream_meter import StreamMeter
    from .core.lines import LineItem
    from .frames.responses import read_table
    from .frames.sheet import Sheet
    from .frames.table import price_table, rate_sheet
    from .frames.totals import summarize_table
    from .logs.reading import read_log
    from .logs.record import Record
    from .logs.reprice import reprice, whatif
    from .logs.result import Repricing
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

# The functions are the methods of one default map.
calculate = _DEFAULT.calculate
completion_cost = _DEFAULT.completion_cost
cost_per_token = _DEFAULT.cost_per_token
response_cost_calculator = _DEFAULT.response_cost_calculator
batch_cost_calculator = _DEFAULT.batch_cost_calculator
register_model = _DEFAULT.register_model
model_cost = _DEFAULT.model_cost
get_model_info = _DEFAULT.get_model_info
get_max_tokens = _DEFAULT.get_max_tokens
supports = _DEFAULT.supports
supports_vision = _DEFAULT.supports_vision
supports_function_calling = _DEFAULT.supports_function_calling
supports_prompt_caching = _DEFAULT.supports_prompt_caching

_LAZY = {
    "Budget": ".tracking.budget",
    "CallError": ".tracking.call",
    "Estimate": ".api.estimate",
    "LineItem": ".core.lines",
    "MapInfo": ".api.map_info",
    "Record": ".logs.record",
    "Repricing": ".logs.result",
    "Sheet": ".frames.sheet",
    "SpendLog": ".spend.log",
    "StreamMeter": ".api.stream_meter",
    "TrackedCall": ".tracking.call",
    "Tracker": ".tracking.tracker",
    "context": ".tracking.context",
    "estimate": ".api.estimate",
    "map_info": ".api.map_info",
    "price_table": ".frames.table",
    "rate_sheet": ".frames.table",
    "read_log": ".logs.reading",
    "read_table": ".frames.responses",
    "reprice": ".logs.reprice",
    "summarize_table": ".frames.totals",
    "track": ".tracking.default",
    "untrack": ".tracking.default",
    "whatif": ".logs.reprice",
}


# Names that are assigned to: what reads and what sets them is in the room that uses them.
_SETTINGS = {
    "cost_discount_config": ".api.terms",
    "cost_margin_config": ".api.terms",
    "failure_callback": ".tracking.default",
    "success_callback": ".tracking.default",
}


def __getattr__(name: str) -> object:
    if name in _LAZY or name in _SETTINGS:
        from importlib import import_module

        if name in _LAZY:
            return getattr(import_module(_LAZY[name], __name__), name)
        return import_module(_SETTINGS[name], __name__).setting(name)
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .api.surface import attribute

    return attribute(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_SETTINGS})


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
            from importlib import import_module

            import_module(_SETTINGS[name], __name__).set_setting(name, value)
        elif name not in globals() and _is_litellms(name):
            from .api.surface import absent

            raise absent(name)
        else:
            super().__setattr__(name, value)


_sys.modules[__name__].__class__ = _Package


__all__ = [
    "ArgumentError",
    "Budget",
    "BudgetExceededError",
    "CallError",
    "ConfigError",
    "ConfigWarning",
    "Cost",
    "CostMap",
    "Estimate",
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
    "get_max_tokens",
    "get_model_info",
    "map_info",
    "model_cost",
    "price_table",
    "rate_sheet",
    "read_log",
    "read_table",
    "read_usage",
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
