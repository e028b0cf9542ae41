"""Errors: they inherit what a caller would catch, carry their objects, travel, and say what to do."""

from __future__ import annotations

import inspect
import pickle
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest

import llmcost
from llmcost import Usage, errors
from tests.hostile import objects

BUILTINS = {
    "PriceDataError": ValueError,
    "UnknownPriceKeyError": ValueError,
    "InvalidPriceError": ValueError,
    "ConfigError": ValueError,
    "ArgumentError": TypeError,
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
    classes = {name for name in dir(errors) if inspect.isclass(getattr(errors, name))} - {"LLMCostError"}
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
    assert str(errors.InvalidPriceError("k", deep, "", "no")) == f"k={'[' * 13}...{']' * 13}: no"
    while deep:  # a list this deep is taken apart by hand, since freeing it would recurse
        deep = deep.pop()


class Hostile:
    """An object whose every way of being written fails."""

    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __format__ = __len__ = __bool__ = __eq__ = __ne__ = __repr__
    __hash__ = object.__hash__


def holds_itself():
    """Return a list and a dict that hold each other, and a set of odd keys."""
    found: dict[object, object] = {"a": [1], 2: None, None: frozenset({(1,)})}
    found["a"] = [found, Hostile(), 10**5000, b"x" * 500, Decimal("sNaN"), float("nan")]
    return found


ODD = [
    Hostile(),
    Hostile,
    holds_itself(),
    [[[Hostile()]]],
    {"x" * 10**6: "y" * 10**6},
    10**5000,
    len,
    lambda: 1,
    object(),
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_no_error_fails_to_be_shown_or_to_travel(odd):
    """Whatever it carries, it has a short text, and another process reads the same text."""
    for error in (
        errors.LLMCostError(odd),
        errors.LLMCostError(odd, odd),
        errors.InvalidPriceError("k", odd),
        errors.InconsistentUsageError("x", {"whole": odd}, {"part": odd}),
        errors.InconsistentUsageError("x", readings=[odd]),
    ):
        assert len(str(error)) < 400
        assert repr(error).startswith(type(error).__name__)
        copy = pickle.loads(pickle.dumps(error))
        assert str(copy) == str(error)
        assert type(copy) is type(error)


def test_no_field_of_an_error_keeps_it_from_being_shown():
    """In each field in turn an object of a foreign type, or a long text: the message is bounded, and travels."""
    made = {
        errors.UnknownModelError: {"model": "m"},
        errors.UnknownPriceKeyError: {"key": "k"},
        errors.InvalidPriceError: {"key": "k", "value": 1},
        errors.ConfigError: {"problems": ["one"]},
        errors.LogError: {"reason": "torn", "source": "log"},
        errors.InconsistentUsageError: {"message": "odd"},
        errors.UnpricedUsageError: {"message": "no rate"},
        errors.BudgetExceededError: {"budget": "b", "limit": 1, "spent": 0, "reserved": 0, "asked": Decimal(1)},
    }
    names = ("raises", "failing text", "failing string", "failing list", "failing class", "failing type", "dead")
    odd = [objects.MAKERS[name] for name in (*names, "endless", "range", "cyclic list", "endless digits", "surrogate")]
    # A text of a whole book is one problem, and not one a letter.
    odd += [lambda: "x" * 10**5, lambda: ["y" * 10**5], lambda: Decimal("1e999999"), lambda: objects.Raises]
    for kind, given in made.items():
        for name in list(inspect.signature(kind.__init__).parameters)[1:]:
            for make in odd:
                error = kind(**{**given, name: make()})
                assert 0 < len(str(error)) < 20_000
                assert repr(error).startswith(kind.__name__)
                copy = pickle.loads(pickle.dumps(error))
                assert type(copy) is kind
                assert str(copy) == str(error), (name, str(error))


def test_what_an_error_lists_is_cut_behind_the_hundredth():
    """And a name behind its two-hundredth character."""
    said = str(errors.UnknownModelError("m", tried=["n" * 300, *map(str, range(300))])).splitlines()[1]
    assert said == f"  tried: {'n' * 197}..., {', '.join(map(str, range(99)))}, ..."


def test_an_error_with_much_in_it_travels_with_its_parts():
    """What a message is about has more values than travel: the parts beside it are still a dict."""
    error = errors.InconsistentUsageError(list(range(3000)), {"whole": 1}, {"part": 2})
    copy = pickle.loads(pickle.dumps(error))
    assert list(copy.whole) == ["whole"]
    assert str(copy) == str(error)
    failing = errors.UsageError(objects.FailingClass())
    assert str(pickle.loads(pickle.dumps(failing))) == str(failing)


def test_an_error_travels_with_its_usages_and_its_notes():
    """The readings of a response that may be read in two ways are usages there too; a note that was added stays."""
    usage = Usage(input=3, output=1)
    error = errors.InconsistentUsageError("either", {"a": 1}, readings=[usage], costs=[Decimal("0.5")])
    error.__notes__ = ["line 3"]
    copy = pickle.loads(pickle.dumps(error))
    assert copy.readings == (usage,)
    assert copy.costs == (Decimal("0.5"),)
    assert copy.whole == {"a": 1}
    assert copy.__notes__ == ["line 3"]


def test_a_value_is_shown_as_python_writes_it():
    """Short values of Python's own, in the order in which they stand; a foreign type by its own text."""
    for value in ([1, {"b": (2.5,), "a": None}], (), (1,), {1, 2}, b"x", Decimal("1.50"), True, "it's", {"k": [True]}):
        assert errors.shown(value) == repr(value)
    assert errors.shown(datetime(2026, 1, 2, tzinfo=timezone.utc)).startswith("datetime.datetime(2026, 1, 2")
    assert errors.shown(holds_itself()).startswith("{'a': [{'a': [")


def test_a_text_of_another_class_is_shown_as_the_text_that_it_is():
    """In a value and inside one, and in the same way in another process, where it is text of Python's own."""
    from enum import Enum

    class Word(str, Enum):
        FLEX = "flex"

    for value, text in ((Word.FLEX, "'flex'"), ([{"a": Word.FLEX}], "[{'a': 'flex'}]")):
        error = llmcost.InvalidPriceError("input_cost_per_token", value, "call")
        assert str(error).startswith(f"input_cost_per_token={text} (call)")
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_value_is_shown_in_bounded_time():
    """Twenty lists of ten references each are 10^20 values when they are written out."""
    many: list[object] = [1]
    for _ in range(20):
        many = [many] * 10
    assert len(errors.shown(many)) == 120


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
        "why (provider 'p')",
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


WRONG_ARGUMENTS = {
    "a keyword that is near another": (
        lambda: llmcost.calculate(usage=Usage(input=1), modle="gpt-4o"),
        "unexpected keyword argument 'modle': it is neither a fact of a call nor a price key. Did you mean 'model'?",
    ),
    "prices without a price key": (
        lambda: llmcost.calculate(usage=Usage(input=1), model="gpt-4o", prices={"input": 3}),
        "prices={'input': 3}: none of its keys is a price key, such as input_cost_per_token",
    ),
    "a meter": (lambda: Usage(inptu=1), "Usage() has no meter and no fact 'inptu'. Did you mean 'input'?"),
    "a counter": (
        lambda: Usage(prompt_tokens=1),
        "no fact 'prompt_tokens'; for counters as APIs write them pass the dict itself",
    ),
    "a setting of a tracker": (lambda: llmcost.Tracker(sucess=[]), "Did you mean 'success'?"),
    "what is tracked": (lambda: llmcost.track(3), "Track the function that calls it: @llmcost.track"),
    "a limit": (lambda: llmcost.Budget("abc"), "limit='abc': not a decimal number; it is an amount of USD"),
    "a period": (lambda: llmcost.Budget("1", period="year"), "period='year': it is 'day', 'month' or None"),
    "nothing to ask": (lambda: llmcost.whatif([]), "nothing is asked: pass model=, batch= or at="),
    "no log": (lambda: llmcost.read_log(7), "a log is a path, or an iterable of lines or records, not a int"),
    "a tag": (lambda: llmcost.context(tags="a").__enter__(), "tags are a list of texts; write tags=['a']"),
}


@pytest.mark.parametrize("wrong", WRONG_ARGUMENTS)
def test_a_wrong_argument_is_an_error_of_ours(wrong):
    """Whoever catches LLMCostError, TypeError or ValueError catches it; its text says what is meant."""
    call, said = WRONG_ARGUMENTS[wrong]
    with pytest.raises(errors.ArgumentError) as caught:
        call()
    assert said in str(caught.value)


def test_an_error_of_a_provider_is_named_as_one():
    """An object with nothing but an error states no usage."""
    with pytest.raises(errors.UnrecognizedResponseError, match="an error of the provider"):
        llmcost.calculate({"error": {"message": "slow down", "type": "rate_limit"}})


def nothing():
    """Return what a tracked function may return."""
    return {}


COUNTERS = {"prompt_tokens": 10, "completion_tokens": 1}
NEXT_STEPS = {
    "no model": (
        lambda: llmcost.calculate(usage=COUNTERS),
        "neither the call nor the response names a model: pass model=",
    ),
    "a provider": (
        lambda: llmcost.calculate(usage=COUNTERS, model="gpt-4o", provider="opneai"),
        "no row of the map has this provider. Did you mean 'openai'? No price is known for the model 'gpt-4o'",
    ),
    "a path": (lambda: llmcost.calculate(Path("response.json")), "pass what json.load() reads of it"),
    "JSON text": (lambda: llmcost.calculate("{}"), "this is of type str: json.loads reads JSON text"),
    "a number": (lambda: llmcost.calculate(5), "this is of type int: pass the whole response, or its counters"),
    "no chunks": (lambda: llmcost.calculate([]), "this list is empty: pass the chunks of a stream, all of them"),
    "a meter without a rate": (
        lambda: llmcost.calculate(usage=Usage(input=1, ocr_pages=3), model="gpt-4o", strict=True),
        "gpt-4o has no rate for ocr_pages. Set a price for it, or leave strict= out",
    ),
    "a function under a budget": (
        llmcost.track(nothing, budget=llmcost.Budget(1)),
        "the request names no model; pass model= to the call, or to track()",
    ),
}


@pytest.mark.parametrize("wrong", NEXT_STEPS)
def test_a_message_says_the_next_step(wrong):
    """It names what was given, and what to pass instead."""
    call, said = NEXT_STEPS[wrong]
    with pytest.raises(errors.LLMCostError) as caught:
        call()
    assert said in str(caught.value)


def test_a_call_without_a_model_is_asked_for_one_and_for_nothing_else():
    """Prices are no help there: the text is one line."""
    with pytest.raises(errors.UnknownModelError) as caught:
        llmcost.calculate(usage=COUNTERS)
    assert len(str(caught.value).splitlines()) == 1
