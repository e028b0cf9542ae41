"""What made reading fail: the value is named by its path, and nothing is refused that is plain."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal

import pytest

from llmcost import (
    ArgumentError,
    InconsistentUsageError,
    PriceDataError,
    SuspiciousPriceWarning,
    UnrecognizedResponseError,
    Usage,
)
from llmcost.core.counts import checked
from llmcost.core.exact import ratio
from llmcost.core.refusing import refuse, refuse_call

MIDNIGHT = datetime(2026, 1, 1, tzinfo=timezone.utc)
WENT_WRONG = TypeError("argument of type 'Odd' is not iterable")


class Odd:
    """An object that nobody knows, with something of its own."""

    def __init__(self):
        self._own, self.shown = 1, "text"


class Raising:
    """An object whose property raises."""

    @property
    def tokens(self):
        raise ZeroDivisionError("no")


class Slotted:
    """An object with a slot that is empty, one that is full, and a property."""

    __slots__ = ("empty", "full")

    def __init__(self, full):
        self.full = full

    @property
    def whole(self):
        return 1


class Dictionary(dict):
    """A dict of a type of its own, which has what it holds as attributes too."""


def test_an_error_of_ours_stays():
    """It names what is wrong already."""
    assert refuse(PriceDataError("wrong"), response=Odd()) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        1,
        2.5,
        "text",
        b"bytes",
        Decimal(1),
        MIDNIGHT,
        [1, {"a": (2,)}],
        Usage(input=1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_plain_is_not_the_cause(value):
    """The caller raises the error itself then."""
    assert refuse(WENT_WRONG, response=[value], model="m") is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Odd(), r"^response: Odd cannot be read here \(TypeError: argument of type 'Odd' is not iterable\)"),
        ({"usage": [1, Odd()]}, r"^response\.usage\[1\]: Odd cannot be read"),
        ({"usage": {7: Odd()}}, r"^response\.usage\[7\]: Odd cannot be read"),
        ({"n": 10**400}, r"^response\.n: an int that is too long|^response\.n: 1000"),
        ({"n": Decimal("sNaN")}, r"^response\.n: .*sNaN.* cannot be read"),
        (Raising(), r"^response\.tokens of Raising raises when it is read \(ZeroDivisionError: no\)"),
        (Slotted(Odd()), r"^response: Slotted cannot be read"),
        (Dictionary(a=1), r"^response: Dictionary cannot be read"),
    ],
    ids=["itself", "in a list", "under a number", "an int", "no number", "a property", "a slot", "a dict of its own"],
)
def test_the_cause_is_named_by_its_path(value, said):
    with pytest.raises(UnrecognizedResponseError, match=said) as found:
        refuse(WENT_WRONG, response=value)
    assert found.value.__cause__ is not None


def test_an_argument_is_no_response():
    """The error of what a caller states is another one."""
    with pytest.raises(ArgumentError, match=r"^service_tier: Odd cannot be read here \(KeyError\)"):
        refuse(KeyError(), response={"usage": {}}, service_tier=Odd())


class Untellable(str):
    """A text that cannot be shown, cut or compared."""

    __slots__ = ()

    def _fail(self, *_args):
        raise ZeroDivisionError("no")

    __str__ = __repr__ = __format__ = __getitem__ = __len__ = __eq__ = isprintable = _fail
    __hash__ = str.__hash__


class SilentError(Exception):
    """An exception whose own code stands in the place of what it says."""

    args = property(lambda _: 1 / 0)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError(Untellable("a word")), r"\(KeyError: a word\)"),
        (SilentError("a word"), r"\(SilentError: a word\)"),
        (KeyError(Untellable("")), r"\(KeyError\)"),
        (KeyError(5), r"\(KeyError\)"),
        (KeyError("x" * 300), r"\(KeyError: x{197}\.\.\.\)"),
        (UserWarning("its own"), r"\(UserWarning: its own\)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_object_raised_is_told_whatever_it_is(error, said):
    """Its words may raise, and it may be a warning that is none of ours."""
    with pytest.raises(UnrecognizedResponseError, match=r"^response: Odd cannot be read here " + said):
        refuse(error, response=Odd())


def test_a_warning_of_ours_that_is_an_error_stays():
    """The caller has asked for that, whatever object stands in the response."""
    assert refuse(SuspiciousPriceWarning("dear"), response=Odd()) is None


def test_a_dict_that_changes_while_it_is_looked_through():
    """As one that another thread has; here the text of a key changes it."""
    holder: dict[object, object] = {}

    class Key:
        def __repr__(self):
            holder[len(holder)] = 1
            return "a key"

    holder[Key()] = Odd()
    with pytest.raises(UnrecognizedResponseError, match=r"^a key of response: Key cannot be read"):
        refuse(WENT_WRONG, response=holder)


def test_what_holds_itself_ends():
    """So does a response of more values than can be looked through."""
    cyclic: list[object] = []
    cyclic.append(cyclic)
    with pytest.raises(UnrecognizedResponseError, match="list that contains itself or is nested too deep"):
        refuse(WENT_WRONG, response=cyclic)
    with pytest.raises(UnrecognizedResponseError, match="list of more values than can be looked through"):
        refuse(WENT_WRONG, response=[[1] * 20_001])


def test_the_arguments_of_a_function():
    """Those by name and the rest, without self."""

    def priced(self, response, **more):
        refuse_call(WENT_WRONG, priced, locals() | {"self": Odd()})
        return self

    assert priced(None, {"usage": 1}, n=1) is None
    with pytest.raises(ArgumentError, match=r"^n: Odd cannot be read"):
        priced(None, {"usage": 1}, n=Odd())


class Untold:
    """A number that does not say what it is."""

    @property
    def dtype(self):
        raise ZeroDivisionError("no")


def test_a_number_that_does_not_say_what_it_is_is_none():
    """As a count, and as an amount."""
    with pytest.raises(InconsistentUsageError, match=r"^input=.* is not a count: it cannot be compared"):
        checked("input", Untold())
    with pytest.raises(TypeError, match="not a number: it raises ZeroDivisionError when it is compared"):
        ratio(Untold())
