"""The public surface, written out, so that nobody changes it by accident."""

from __future__ import annotations

import inspect

import pytest

import llmcost

NAMES = """
ArgumentError Bill BillError Budget BudgetExceededError
CallError ConfigError ConfigWarning Cost CostMap Estimate FocusRows IgnoredArgumentWarning
InconsistentUsageError
InvalidPriceError LLMCostError LLMCostWarning LineItem LogError MapInfo MissingDependencyError MissingUsageError Note
PriceDataError Reconciliation Record Repricing Sheet SpendLog SpendLogError StalePricesWarning StreamMeter
SuspiciousPriceWarning TrackedCall Tracker
UnknownModelError UnknownPriceKeyError UnpricedUsageError UnpricedUsageWarning UnreadUsageWarning
UnrecognizedResponseError UpdateError Usage UsageError __version__ batch_cost_calculator calculate completion_cost
context cost_per_token estimate focus_rows get_max_tokens get_model_info map_info model_cost price_table rate_sheet
read_bill read_log read_table read_usage reconcile register_model reprice response_cost_calculator
summarize_table supports
supports_function_calling supports_prompt_caching supports_vision track
untrack whatif
"""
PUBLIC = set(NAMES.split())

# Names that are assigned to. They are no names to import: what is imported would be the list of that moment.
SETTINGS = {"failure_callback", "success_callback"}

LITELLM_ORDER = [
    "completion_response",
    "model",
    "prompt",
    "messages",
    "completion",
    "total_time",
    "call_type",
    "custom_llm_provider",
    "region_name",
    "size",
    "quality",
    "n",
    "custom_cost_per_token",
    "custom_cost_per_second",
    "requested_model_info_override",
    "optional_params",
    "custom_pricing",
    "base_model",
    "standard_built_in_tools_params",
    "litellm_model_name",
    "router_model_id",
    "litellm_logging_obj",
    "pricing_provider",
    "service_tier",
    "data_residency",
    "vertex_location",
]


def test_all_is_the_surface():
    """``__all__`` holds these names and no others, and each exists."""
    assert set(llmcost.__all__) == PUBLIC
    assert all(hasattr(llmcost, name) for name in PUBLIC)
    assert set(dir(llmcost)) >= PUBLIC | SETTINGS
    assert all(hasattr(llmcost, name) for name in SETTINGS)


def test_nothing_else_is_handed_out():
    """A name that is not public is an AttributeError."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        llmcost.nothing


def test_public_names_are_documented():
    """Every function and class says in one sentence what it returns or is."""
    for name in PUBLIC - {"__version__", "model_cost"}:
        assert (inspect.getdoc(getattr(llmcost, name)) or "").split("\n")[0].endswith((".", "?")), name


def test_completion_cost_has_litellms_order():
    """LiteLLM's positional calls mean the same here."""
    parameters = inspect.signature(llmcost.completion_cost).parameters
    assert list(parameters)[: len(LITELLM_ORDER)] == LITELLM_ORDER


def test_errors_are_what_a_caller_would_guess():
    """Each error is an LLMCostError and the builtin that fits."""
    builtin = {
        "UnknownModelError": LookupError,
        "UnpricedUsageError": LookupError,
        "UsageError": ValueError,
        "PriceDataError": ValueError,
        "ConfigError": ValueError,
        "MissingDependencyError": ImportError,
    }
    for name, kind in builtin.items():
        error = getattr(llmcost, name)
        assert issubclass(error, llmcost.LLMCostError)
        assert issubclass(error, kind)
