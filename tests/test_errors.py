"""Errors: they inherit what a caller would catch, carry their objects, travel, and say what to do."""

from __future__ import annotations

import inspect
import pickle

import pytest

from llmcost import errors

BUILTINS = {
    "PriceDataError": ValueError,
    "UnknownPriceKeyError": ValueError,
    "InvalidPriceError": ValueError,
    "ConfigError": ValueError,
    "UnknownModelError": LookupError,
    "UsageError": ValueError,
    "UnrecognizedResponseError": ValueError,
    "MissingUsageError": ValueError,
    "InconsistentUsageError": ValueError,
    "UnpricedUsageError": LookupError,
    "LogError": ValueError,
    "BillError": ValueError,
    "MissingDependencyError": ImportError,
    "SpendLogError": RuntimeError,
    "BudgetExceededError": RuntimeError,
    "UpdateError": Exception,
}
RAISED = [
    errors.UnknownPriceKeyError("input_cost_per_tokn", "input_cost_per_token", "map m"),
    errors.InvalidPriceError("input_cost_per_token", -1, "call", "too low"),
    errors.ConfigError(["one", "two"], "config.yaml", 3, "model_list[0]"),
    errors.UnknownModelError("m", "p", ("p/m", "m"), "why", ("mm",)),
    errors.InconsistentUsageError("parts", {"prompt": 1}, {"cached": 2}),
    errors.UnpricedUsageError("no rate", ("input",)),
    errors.LogError("no JSON", "log.jsonl", 3),
    errors.BillError("the row is torn", "bill.csv", 3),
    errors.MissingDependencyError("install it", "tokens"),
    errors.MissingUsageError("no usage"),
]


@pytest.mark.parametrize(("name", "builtin"), BUILTINS.items())
def test_every_error_is_one_of_ours_and_the_builtin_that_one_would_guess(name, builtin):
    """One handler catches everything of llmcost; an ordinary handler works too."""
    assert issubclass(getattr(errors, name), (errors.LLMCostError))
    assert issubclass(getattr(errors, name), builtin)


def test_the_table_above_is_whole():
    """Every error of the module stands in it, and every class in the tree at the top of the module."""
    classes = {name for name, value in vars(errors).items() if inspect.isclass(value)} - {"LLMCostError"}
    assert {name for name in classes if name.endswith("Error")} == set(BUILTINS)
    assert all(name in (errors.__doc__ or "") for name in classes)


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
def test_every_error_travels_between_processes(error):
    """Pickled and back it says the same and carries the same objects."""
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    carried = {name: value for name, value in vars(error).items() if not name.startswith("_")}
    assert {name: getattr(copy, name) for name in carried} == carried


def test_an_unknown_price_key_names_the_nearest():
    """The message says where the key stands and what was probably meant."""
    assert str(RAISED[0]) == (
        "'input_cost_per_tokn' in map m looks like a price key but is not one. Did you mean 'input_cost_per_token'?"
    )
    assert str(errors.UnknownPriceKeyError("cost")) == "'cost' looks like a price key but is not one."


def test_an_invalid_price_says_what_a_price_is():
    """Key, value and layer, and why; without a reason, what a price is."""
    assert str(RAISED[1]) == "input_cost_per_token=-1 (call): too low"
    assert str(errors.InvalidPriceError("k", "x")) == "k='x': a price is a finite number >= 0, in USD per unit"


def test_no_value_breaks_its_own_message():
    """An integer of thousands of digits, or an endless text, is named and not written out."""
    assert str(errors.InvalidPriceError("k", 10**5000, "call", "no")) == "k=an int that is too long to show (call): no"
    assert len(str(errors.InvalidPriceError("k", "x" * 5000))) < 250
    deep: list[object] = []
    for _ in range(200_000):
        deep = [deep]
    assert str(errors.InvalidPriceError("k", deep, "", "no")) == "k=a list that is too deep to show: no"
    while deep:  # a list this deep is taken apart by hand, since freeing it would recurse
        deep = deep.pop()


def test_a_config_error_holds_all_problems():
    """One report, one line a problem, and the address of the first."""
    error = RAISED[2]
    assert str(error) == "one\ntwo"
    assert (error.problems, error.path, error.line, error.address) == (
        ("one", "two"),
        "config.yaml",
        3,
        "model_list[0]",
    )


def test_an_unknown_model_says_what_to_do():
    """What was tried, the nearest names as a hint, and the two ways out."""
    assert str(RAISED[3]).splitlines() == [
        "why of provider 'p'",
        "  tried: p/m, m",
        "  nearest names (not used): mm",
        "  give a price (input_cost_per_token=..., register_model({...})), or name the model it is priced as: "
        "base_model=...",
    ]
    assert str(errors.UnknownModelError("m")).splitlines()[0] == "no price is known for the model 'm'"


def test_the_nearest_names_are_found_once_and_only_when_read():
    """Looking for likeness takes time that most handlers never need."""
    calls = []

    def look():
        calls.append(1)
        return ["a"]

    error = errors.UnknownModelError("m", nearest=look)
    assert calls == []
    assert (error.nearest, error.nearest, calls) == (("a",), ("a",), [1])


def test_inconsistent_usage_carries_both_sides():
    """The whole and its parts, also where none were given."""
    assert (RAISED[4].whole, RAISED[4].parts) == ({"prompt": 1}, {"cached": 2})
    assert (errors.InconsistentUsageError("x").whole, errors.InconsistentUsageError("x").parts) == ({}, {})
