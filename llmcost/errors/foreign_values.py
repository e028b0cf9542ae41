"""Containers and values of foreign types as text. Loaded where one is shown."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from reprlib import Repr

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
        if isinstance(x, (str, bytes)) and (kind is str or kind is bytes):
            return repr(x[: self.maxother + 1])
        if kind is float or kind is bool or x is None or kind is Decimal:
            return repr(x)
        if kind is int:
            try:
                return repr(x)
            except ValueError:  # beyond sys.get_int_max_str_digits()
                return "an int that is too long to show"
        if kind in _BRACKETS:
            return self._container(x, level)
        return self.repr_instance(x, level)

    def _container(self, holder: object, level: int) -> str:
        kind = type(holder)
        opening, closing = _BRACKETS[kind]
        if level <= 0 or self._left <= 0:
            return f"{opening}{_CUT}{closing}"
        texts = []
        for inner in islice(holder, _MOST):  # type: ignore[call-overload]
            if self._left <= 0:
                texts.append(_CUT)
                break
            text = self.repr1(inner, level - 1)
            texts.append(f"{text}: {self.repr1(holder[inner], level - 1)}" if kind is dict else text)  # type: ignore[index]
        if kind is tuple and len(texts) == 1:
            closing = ",)"
        return f"{opening}{', '.join(texts)}{closing}"


def described(value: object, longest: int) -> str:
    """Return a value as Python writes it; what is nested too deep is left out, and what cannot be written is named.

    Texts in it have up to ``longest`` characters.

    >>> described([1, {"a": (2.5, None)}], 120)
    "[1, {'a': (2.5, None)}]"
    """
    return _Described(longest).repr1(value, _DEEPEST)
