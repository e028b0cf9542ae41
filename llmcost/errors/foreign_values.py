"""Containers and values of foreign types as text. Loaded where one is shown."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from reprlib import Repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, time

_BRACKETS: dict[type[object], tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("{", "}"),
    dict: ("{", "}"),
}
# What is nested deeper, or stands further behind, is left out: a small structure may hold itself a million times.
_DEEPEST, _MOST = 12, 200
_CUT = "..."
# Modules whose time zones raise nothing, and travel to another process.
_ZONES = frozenset({"datetime", "zoneinfo"})


class _Proxy:
    """Says what another object says of itself, and is of a class that raises nothing."""

    def __init__(self, shown: object) -> None:
        self._shown = shown

    def __repr__(self) -> str:
        return str.__str__(repr(self._shown))


class Written(str):
    """The text that stands for a value which does not travel; it is shown as that value was."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class _Described(Repr):
    """Writes one value, whatever it is. A value is told by its very type, since a foreign class may have any name."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.maxother = longest
        self._left = _MOST

    def repr1(self, x: object, level: int) -> str:
        """Return the text of a value, or of one in a container."""
        self._left -= 1
        kind = type(x)
        if kind is Written:
            return str.__str__(x)[: self.maxother + 1]
        if issubclass(kind, str):
            # As the text that it is, whatever its class says of it: so it is shown in another process too.
            return repr(str.__str__(x)[: self.maxother + 1])
        if kind is bytes:
            return repr(x[: self.maxother + 1])  # type: ignore[index]
        if kind is float or kind is bool or x is None or kind is Decimal:
            return repr(x)
        if kind is int:
            try:
                return repr(x)
            except ValueError:  # beyond sys.get_int_max_str_digits()
                return "an int that is too long to show"
        if is_one_of(kind, _BRACKETS):
            return self._container(x, level)
        return self.repr_instance(x, level)

    def repr_instance(self, x: object, level: int) -> str:
        """Return what an object says of itself; if that raises, its class."""
        # The base class asks what raised for its class, and that may raise too: it asks the proxy.
        kind = type(x)
        name = class_name(kind)
        text = super().repr_instance(type(name, (_Proxy,), {})(x), level)
        return text if not text.startswith(f"<{name} instance at 0x") else f"<{name} instance>"

    def _container(self, holder: object, level: int) -> str:
        kind = type(holder)
        opening, closing = _BRACKETS[kind]
        if level <= 0 or self._left <= 0:
            return f"{opening}{_CUT}{closing}"
        texts = []
        # A key is not looked up: it may be of a foreign type.
        inside = holder.items() if kind is dict else ((inner,) for inner in holder)  # type: ignore[attr-defined]
        for inner in islice(inside, _MOST):
            if self._left <= 0:
                texts.append(_CUT)
                break
            texts.append(": ".join(self.repr1(one, level - 1) for one in inner))
        if kind is tuple and len(texts) == 1:
            closing = ",)"
        return f"{opening}{', '.join(texts)}{closing}"


def class_name(kind: type) -> str:
    """Return the name of a class, which its own metaclass need not tell."""
    return str(type.__dict__["__name__"].__get__(kind))


def module_name(kind: type) -> str:
    """Return the module of a class, which its own metaclass need not tell; "" if it is none that has a name."""
    told = type.__dict__["__module__"].__get__(kind)
    return told if type(told) is str else ""


def has_method(kind: type, name: str) -> bool:
    """Return whether the objects of a class have a method; neither they nor the class are asked.

    >>> has_method(list, "__iter__"), has_method(int, "__iter__")
    (True, False)
    """
    # Not by hasattr: a class has what its own class has too, and a member of an enum is not iterable.
    return any(name in type.__getattribute__(base, "__dict__") for base in type.mro(kind))


def is_one_of(kind: type, kinds: Iterable[type]) -> bool:
    """Return whether a class is one of some. It is not asked: a class may have a hash and an equality of its own.

    >>> is_one_of(int, (str, int)), is_one_of(bool, (str, int))
    (True, False)
    """
    return any(kind is other for other in kinds)


def has_known_zone(moment: datetime | time) -> bool:
    """Return whether a time has no zone, or one of the standard library. Any other may raise, and may not travel.

    >>> from datetime import datetime, timezone
    >>> has_known_zone(datetime(2026, 1, 1, tzinfo=timezone.utc))
    True
    """
    zone = moment.tzinfo
    return zone is None or module_name(type(zone)) in _ZONES


def described(value: object, longest: int) -> str:
    """Return a value as Python writes it; what is nested too deep is left out, and what cannot be written is named.

    Texts in it have up to ``longest`` characters.

    >>> described([1, {"a": (2.5, None)}], 120)
    "[1, {'a': (2.5, None)}]"
    """
    return _Described(longest).repr1(value, _DEEPEST)
