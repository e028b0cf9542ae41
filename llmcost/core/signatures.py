"""What a function of ours says when an argument is not what its signature says, in the words of the signature.

Nothing is looked at before a call: an argument of another type makes the function fail, and only then is it looked for.
"""

from __future__ import annotations

from .late import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from . import blaming

    _Function = TypeVar("_Function", bound=Callable[..., Any])
else:
    blaming = Late("llmcost.core.blaming")


def as_signed(function: _Function) -> _Function:
    """Return a function that raises an ArgumentError for a call that fails by an argument of another type.

    What a function, an iterable or a file of the caller raises goes through as it is.

    >>> @as_signed
    ... def halved(number: int) -> int:
    ...     return number // 2
    >>> halved("x")
    Traceback (most recent call last):
    llmcost.errors.base.ArgumentError: number='x': it has to be int
    """

    def signed(*given: object, **named: object) -> object:
        try:
            return function(*given, **named)
        except Exception as error:
            blaming.blame(error, function, given, named)
            raise

    return dressed(signed, function)  # type: ignore[return-value]


def dressed(function: _Function, original: Callable[..., object]) -> _Function:
    """Return a function that stands for another one, with its name, its help and its signature.

    It does what ``functools.wraps`` does. That module is a seventh of the time in which a first call is priced.

    >>> dressed(lambda *given: print(*given), as_signed).__name__
    'as_signed'
    """
    for name in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
        setattr(function, name, getattr(original, name))
    function.__wrapped__ = original  # type: ignore[attr-defined]
    return function
