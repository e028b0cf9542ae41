"""Every public name says what it returns, in which unit and what it raises, and an example of its class uses it.

The examples themselves are run with the suite, as doctests.
"""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import textwrap

import pytest

import llmcost
from tests.sdks import optional

# What other rooms call and no user needs, though it carries no underscore.
OF_OTHER_ROOMS = {
    "Bill.copy": "how reconcile leaves the caller's bill as it is",
    "Bill.said": "how reconcile sees that a file is given twice",
    "Budget.charge": "what a tracker enters for a call that was not bounded",
    "Budget.holds": "what a tracker asks before it reserves",
    "Budget.reached": "what a reservation tells the handlers by",
    "Budget.refusal": "the error that a reservation raises",
    "Budget.wanted": "what a tracker asks before it reserves",
    "CostMap.card": "rate_card for what api has resolved already",
    "CostMap.card_of": "the command check and the configuration's own tests",
    "CostMap.epochs": "what a plan asks for the day of a call",
    "CostMap.has_deployment": "what completion_cost asks of router_model_id",
    "CostMap.source": "the rows, for map_info and the command line",
    "CostMap.data": "the set of files, for map_info and the command line",
    "CostMap.use_deployments": "the module's discounts and margins",
    "CostMap.with_deployments": "with_config, when the configuration is read",
    "Record.dated": "pricing of whole logs",
    "Record.given": "pricing of whole logs",
    "SpendLog.budget_accounts": "Budget(shared=log)",
    "Tracker.settled": "what taps hand a call to",
    "Tracker.without_usage": "what taps say of a stream",
    "Usage.for_model": "what a plan asks of a usage",
    "Usage.of": "what readers make",
}

# Public, and without an example, for a reason.
WITHOUT_EXAMPLE = {
    "CostMap.update": "needs a place to fetch from: docs/updates.md shows it",
    "CostMap.rollback": "needs an update that is in use: docs/updates.md shows it",
    "SpendLog.close": "``with`` calls it, as the examples of the class do",
}

# A number has one of these words in its first sentence.
UNITS = re.compile(r"USD|[Ss]econds|microseconds|[Hh]ow many|number of|tokens|calls|status|float|\bdays?\b")


def public():
    """Return every public name: of the package, and of its classes what stands in them or in their bases."""
    found = {}
    for name in llmcost.__all__:
        value = getattr(llmcost, name)
        if isinstance(value, str):
            continue
        found[name] = value
        for base in reversed(value.__mro__) if inspect.isclass(value) else ():
            if base.__module__.partition(".")[0] != "llmcost":
                continue
            for member, held in vars(base).items():
                if not member.startswith("_") and (
                    isinstance(held, (property, staticmethod, classmethod)) or inspect.isfunction(held)
                ):
                    found[f"{name}.{member}"] = held
    return {name: held for name, held in found.items() if not name.startswith("Usage.") or not _is_fact(held)}


def _is_fact(held):
    """Return whether a property of a usage is a stated fact, which is an attribute to its readers."""
    return isinstance(held, property) and not inspect.isfunction(held.fget)


def function_of(held):
    if isinstance(held, property):
        return held.fget
    return held.__func__ if isinstance(held, (staticmethod, classmethod)) else held


def text_of(name, held):
    if isinstance(held, (property, staticmethod, classmethod)):
        held = function_of(held)
    return inspect.getdoc(held) or ""


def examples(text):
    return "".join(example.source for example in doctest.DocTestParser().get_examples(text))


PUBLIC = public()
USERS = {name: held for name, held in PUBLIC.items() if name not in OF_OTHER_ROOMS}


def shown_for(name):
    """Return the examples in which a name may be used: its own, and those of its class and of what that is made of."""
    own = examples(text_of(name, PUBLIC[name]))
    outer, _, _ = name.partition(".")
    kind = getattr(llmcost, outer)
    if not inspect.isclass(kind):
        return own
    texts = [own]
    for base in kind.__mro__:
        if base.__module__.partition(".")[0] == "llmcost":
            texts.append(inspect.getdoc(base) or "")
            texts += [text_of("", held) for held in vars(base).values() if hasattr(held, "__doc__") and callable(held)]
            texts += [text_of("", held) for held in vars(base).values() if isinstance(held, property)]
    return "".join([texts[0], *map(examples, texts[1:])])


@pytest.mark.parametrize("name", USERS)
def test_the_first_line_says_what_it_is(name):
    """One sentence; a function's begins with what it returns or does."""
    first = text_of(name, USERS[name]).partition("\n")[0]
    assert first.endswith((".", "?", ":"))
    assert first[0].isupper() or first[0] == "`"


@pytest.mark.parametrize("name", sorted(set(USERS) - set(WITHOUT_EXAMPLE)))
def test_an_example_uses_it(name):
    """Its own, or one of its class; of a class, which its functions return, any."""
    shown = shown_for(name)
    if inspect.isclass(USERS[name]):
        assert examples(text_of(name, USERS[name]))
    else:
        assert re.search(rf"\b{name.rpartition('.')[2]}\b", shown), f"no example uses {name}"


@pytest.mark.parametrize("name", USERS)
def test_what_it_raises_is_said(name):
    """Every error that its own body raises stands in the docstring."""
    function = function_of(USERS[name])
    if not inspect.isfunction(function):
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    raised = {
        ast.unparse(node.exc).partition("(")[0] for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc
    }
    text = text_of(name, USERS[name])
    if isinstance(USERS[name], property) or "." in name or name[0].islower():
        assert not {error for error in raised if error.endswith("Error") and error not in text}


@pytest.mark.parametrize("name", USERS)
def test_numbers_have_a_unit(name):
    """USD, seconds, tokens: a number without a unit is a guess."""
    returned = str(getattr(function_of(USERS[name]), "__annotations__", {}).get("return", ""))
    if re.search(r"\b(Decimal|float|int|Quantity)\b", returned):
        assert UNITS.search(text_of(name, USERS[name]).partition("\n\n")[0])


def test_attributes_are_listed():
    """What an instance holds stands below ``Attributes`` or ``Args`` of its class."""
    optional("sqlalchemy")
    for name, held in PUBLIC.items():
        slots = vars(held).get("__slots__", ()) if inspect.isclass(held) else ()
        text = text_of(name, held) if slots else ""
        for attribute in slots:
            if not attribute.startswith("_"):
                assert re.search(rf"^ .*\b{attribute}\b.*:", text, re.MULTILINE), f"{name}.{attribute}"
    facts = {member for member, value in vars(llmcost.Usage).items() if _is_fact(value)}
    listed = text_of("Usage", llmcost.Usage)
    assert not {fact for fact in facts if not re.search(rf"\b{fact}\b", listed)}


def test_the_exceptions_are_names():
    """What is left out exists, so that the lists shrink with what they name."""
    assert set(OF_OTHER_ROOMS) | set(WITHOUT_EXAMPLE) <= set(PUBLIC)


def test_the_names_are_found():
    """What is looked at is the whole surface, and few of its names need no example."""
    assert len(USERS) >= 190
    assert len(OF_OTHER_ROOMS) >= 21
    assert len(WITHOUT_EXAMPLE) <= 3
