"""Objects that no response should hold and no caller should pass, each made anew when it is asked for."""

from __future__ import annotations

from datetime import datetime, timezone, tzinfo
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import ModuleType
from unittest.mock import MagicMock, Mock


class Raises:
    """Whatever is done with it fails, with an exception of its own."""

    def _fail(self, *_args, **_named):
        raise RuntimeError("not with me")

    __repr__ = __str__ = __format__ = __len__ = __bool__ = __iter__ = __eq__ = __ne__ = __lt__ = __gt__ = _fail
    __contains__ = __getitem__ = __index__ = __int__ = __float__ = __add__ = __radd__ = _fail
    __hash__ = object.__hash__


class RaisesOnAttributes:
    """Every attribute that it has not raises, and no AttributeError."""

    def __getattr__(self, name):
        raise RuntimeError(f"no {name}")


class RaisesOnOneProperty:
    """A response whose usage cannot be read."""

    object = "chat.completion"
    model = "gpt-4o"

    @property
    def usage(self):
        raise ConnectionError("lost")


class NoModule:
    """Its class says not where it is from."""


NoModule.__module__ = None


class FailingDict(dict):
    """A dict that does not hand out what it has."""

    def __getitem__(self, *_name):
        raise RuntimeError("locked")

    get = items = __getitem__


class FailingText(str):
    """A text that cannot be written."""

    __slots__ = ()

    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = lower = __str__


def _fail(*_args, **_named):
    raise RuntimeError("not with me")


def _failing(kind):
    """Return a subclass of a type, of which everything fails that is asked."""
    kept = {"__new__", "__init__", "__getattribute__", "__doc__", "__module__"}
    return type("Failing", (kind,), {name: _fail for name in vars(kind) if name not in kept})


class LyingInt(int):
    """Says that it is less than nothing."""

    def __int__(self):
        return -5

    __index__ = __int__


class EqualText(str):
    """Equals every text."""

    __slots__ = ()

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class FailingClass:
    """Does not say of which class it is."""

    @property
    def __class__(self):
        raise RuntimeError("no class")


class _FailingType(type):
    """The class of a class, whose names fail."""

    def __getattribute__(cls, name):
        raise RuntimeError(name)

    def __repr__(cls):
        raise RuntimeError("no text")


def _of_failing_type():
    # In a function, since pytest asks every class of a module for what it wraps.
    return _FailingType("OfFailingClass", (), {})()


class FailingZone(tzinfo):
    """A time zone without a difference to UTC."""

    utcoffset = dst = tzname = _fail


def _dead():
    from weakref import proxy

    return proxy(Slots())


class Slots:
    """Has names, and nothing behind them."""

    __slots__ = ("__weakref__", "model", "object", "usage")


class Word(Enum):
    """A word that is no text."""

    FLEX = "flex"


class Indexed:
    """Has every name, and no end."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Indexed()


class FalseCount:
    """Says that it is a number, and is none."""

    def __index__(self):
        return "three"  # noqa: PLE0305 - it is the point


class Endless:
    """An iterable without an end, of nothing that a response is."""

    def __iter__(self):
        return self

    def __next__(self):
        return 1


def _deep(kind):
    found = kind() if kind is dict else []
    for _ in range(3000):
        found = {"usage": found} if kind is dict else [found]
    return found


def _cycle(kind):
    found = kind()
    if kind is dict:
        found.update(usage=found, model=found, tiered_pricing=[found], input_cost_per_token=1e-6)
    else:
        found.append(found)
    return found


def _module():
    """A module as any other: it holds functions, a class, values, and a module that leads back to it.

    One of Python's own leads to ``sys`` and to all that other tests have loaded: ``test_a_module_that_leads_to_all``.
    """
    found, inner = ModuleType("found"), ModuleType("inner")
    inner.outer, inner.read, inner.NAMES = found, len, {"usage": inner, "tokens": [5, "x"]}
    found.inner, found.Kind, found.count, found.text = inner, Raises, 3, "gpt-4o"
    return found


async def _answer():
    return {}


MAKERS = {
    "raises": Raises,
    "class": lambda: Raises,
    "attributes raise": RaisesOnAttributes,
    "a property raises": RaisesOnOneProperty,
    "slots": Slots,
    "no module": NoModule,
    "failing dict": lambda: FailingDict(model="gpt-4o", usage={"prompt_tokens": 1}),
    "failing text": lambda: FailingText("gpt-4o"),
    "failing int": lambda: _failing(int)(3),
    "failing float": lambda: _failing(float)(1.5),
    "failing decimal": lambda: _failing(Decimal)("1.5"),
    "failing string": lambda: _failing(str)("gpt-4o"),
    "failing list": lambda: _failing(list)([1]),
    "lying int": lambda: LyingInt(3),
    "equal text": lambda: EqualText("gpt-4o"),
    "failing class": FailingClass,
    "failing type": _of_failing_type,
    "failing zone": lambda: datetime(2026, 1, 1, tzinfo=FailingZone()),
    "dead": _dead,
    "enum": lambda: Word.FLEX,
    "any name": Indexed,
    "false count": FalseCount,
    "endless": Endless,
    "mock": Mock,
    "magic mock": MagicMock,
    "function": lambda: _answer,
    "generator": lambda: (number for number in [1]),
    "memory": lambda: memoryview(b"x"),
    "deep dict": lambda: _deep(dict),
    "deep list": lambda: _deep(list),
    "cyclic dict": lambda: _cycle(dict),
    "cyclic list": lambda: _cycle(list),
    "signalling NaN": lambda: Decimal("sNaN"),
    "NaN": lambda: Decimal("NaN"),
    "infinite": lambda: Decimal("-Infinity"),
    "fraction": lambda: Fraction(1, 3),
    "complex": lambda: 1j,
    "endless digits": lambda: 10**5000,
    "many digits": lambda: "9" * 5000,
    "surrogate": lambda: "\ud800",
    "control characters": lambda: "\x1b]0;x\x07\n\u202e",
    "bytes": lambda: b"\xff\x00",
    "bytearray": bytearray,
    "set": lambda: {1},
    "true": lambda: True,
    "five": lambda: 5,
    "text": lambda: "5",
    "not unicode": lambda: "\udcff" * 3,
    "list": list,
    "dict": dict,
    "odd keys": lambda: {1: 2, None: 3, (1,): Raises()},
    "date": lambda: datetime(2026, 1, 1, tzinfo=timezone.utc),
    "range": lambda: range(10**12),
    "exception": lambda: ValueError("x"),
    "module": _module,
}

try:
    import numpy as np
except ImportError:
    pass
else:
    MAKERS |= {
        "array": lambda: np.array([1, 2]),
        "empty array": lambda: np.array([]),
        "array of texts": lambda: np.array(["a", "b"]),
        "structured": lambda: np.zeros(2, dtype=[("a", int)]),
        "not a time": lambda: np.datetime64("NaT", "s"),
        "span": lambda: np.timedelta64(5, "s"),
        "numpy truth": lambda: np.bool_(True),  # noqa: FBT003 - it is the value
    }
try:
    import pandas as pd
except ImportError:
    pass
else:
    MAKERS |= {
        "frame": lambda: pd.DataFrame({"a": [1, 2]}),
        "series": lambda: pd.Series([1, 2]),
        "missing": lambda: pd.NA,
    }
