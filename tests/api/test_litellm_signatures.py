"""LiteLLM's functions, by the signatures of the installed LiteLLM: the same arguments in the same order."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

import llmcost
from tests.litellm_objects import class_of

FUNCTIONS = {
    "litellm": (
        *("completion_cost", "cost_per_token", "register_model", "get_model_info", "get_max_tokens"),
        *("token_counter", "supports_vision", "supports_function_calling"),
        *("supports_reasoning", "supports_web_search", "supports_response_schema", "supports_system_messages"),
        *("supports_parallel_function_calling", "supports_audio_input", "supports_audio_output"),
    ),
    "litellm.utils": ("supports_prompt_caching", "supports_pdf_input", "supports_tool_choice"),
    "litellm.cost_calculator": ("response_cost_calculator", "batch_cost_calculator"),
}
# A value that says nothing, where LiteLLM's own says nothing: an argument that was not given is told from a 0.
SAME = {
    ("completion_cost", "messages"): ([], None),
    ("cost_per_token", "prompt_tokens"): (0, None),
    ("cost_per_token", "completion_tokens"): (0, None),
    ("cost_per_token", "response_time_ms"): (0.0, None),
    ("cost_per_token", "call_type"): ("completion", None),
}
NONE = inspect.Parameter.empty


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in FUNCTIONS.items() for name in names])
def test_the_arguments_are_litellms(module, name):
    """In its order and with its defaults; what it demands may be left out here, and more may be named."""
    class_of("Usage")
    theirs = inspect.signature(getattr(import_module(module), name)).parameters
    ours = inspect.signature(getattr(llmcost, name)).parameters
    by_place = [each.name for each in theirs.values() if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    assert list(ours)[: len(by_place)] == by_place
    assert set(theirs) <= set(ours)
    different = {
        (name, each.name): (each.default, ours[each.name].default)
        for each in theirs.values()
        if each.default is not NONE and each.default != ours[each.name].default
    }
    assert different == {place: both for place, both in SAME.items() if place[0] == name}


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("completion_cost", {"model": "gpt-4o", "usage": {"prompt_tokens": 10, "completion_tokens": 1}}, float),
        ("cost_per_token", {"model": "gpt-4o", "prompt_tokens": 10, "completion_tokens": 1}, tuple),
        ("batch_cost_calculator", {"usage": {"prompt_tokens": 10, "completion_tokens": 1}, "model": "gpt-4o"}, tuple),
        ("register_model", {"model_cost": {}}, dict),
        ("get_model_info", {"model": "gpt-4o"}, dict),
        ("get_max_tokens", {"model": "gpt-4o"}, int),
        ("supports_vision", {"model": "gpt-4o"}, bool),
    ],
)
def test_the_answers_are_of_litellms_kinds(name, arguments, kind):
    """Floats, pairs of floats, dicts, ints and bools, whatever is kept inside."""
    found = getattr(llmcost, name)(**arguments)
    assert isinstance(found, kind)
    assert all(type(one) is float for one in found) if kind is tuple else True


@pytest.mark.parametrize("path", ["utils", "cost_calculator"])
def test_what_is_imported_from_its_modules(path):
    """Every drop-in function that LiteLLM has there is the one of the package."""
    class_of("Usage")
    theirs, ours = import_module(f"litellm.{path}"), import_module(f"llmcost.{path}")
    names = [name for names in FUNCTIONS.values() for name in names if hasattr(theirs, name) and name in dir(theirs)]
    assert names
    for name in names:
        found = getattr(ours, name)
        assert found == getattr(llmcost, name) or found.__name__ == name, name


def test_a_row_is_registered_for_a_seller():
    """``custom_llm_provider``: azure's model costs that, and openai's what it did; 1,000 x 1e-6 and 1,000 x 2.5e-6."""
    prices = llmcost.CostMap()
    prices.register_model({"gpt-4o": {"input_cost_per_token": 1e-6}}, custom_llm_provider="azure")
    assert prices.cost_per_token("azure/gpt-4o", 1000, 0)[0] == 0.001
    assert prices.cost_per_token("gpt-4o", 1000, 0, custom_llm_provider="openai")[0] == 0.0025


def test_no_server_is_asked_about_a_model(monkeypatch):
    """``api_base`` would be where LiteLLM asks: said, not ignored."""
    monkeypatch.setattr("llmcost.api.floats._warned", type(llmcost.api.floats._warned)())
    with pytest.warns(llmcost.IgnoredArgumentWarning, match="api_base= is not used"):
        assert llmcost.get_model_info("gpt-4o", api_base="http://localhost")["key"] == "gpt-4o"


@pytest.mark.parametrize(
    ("function", "expected"),
    [("completion_cost", 20.0), ("response_cost_calculator", 20.0), ("cost_per_token", (20.0, 0.0))],
)
def test_a_latency_in_milliseconds_warns(monkeypatch, function, expected):
    """2,000 is no number of seconds that a call takes: 2,000 x 0.01."""
    monkeypatch.setattr("llmcost.api.floats._warned", type(llmcost.api.floats._warned)())
    prices = llmcost.CostMap({"clock": {"input_cost_per_second": 0.01}})
    with pytest.warns(llmcost.LLMCostWarning, match="elapsed=2000.0 is read as seconds"):
        assert getattr(prices, function)(model="clock", elapsed=2000.0) == expected
