"""Remembering: the answers of a function for the last texts, with a bound on their number and their bytes."""

from __future__ import annotations

from functools import lru_cache, wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Result = TypeVar("Result")

# No name, path, key or day of a real call is longer. A longer text gets its answer, which is not kept.
LONGEST = 500


def remembered(most: int) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Return a decorator that keeps the ``most`` latest answers of a function of short texts.

    >>> @remembered(2)
    ... def length(text):
    ...     return len(text)
    >>> length("four"), length("x" * 10_000)
    (4, 10000)
    >>> length.cache_info().currsize
    1
    """

    def decorated(function: Callable[..., Result]) -> Callable[..., Result]:
        cached = lru_cache(most)(function)

        @wraps(function)
        def answer(*texts: str) -> Result:
            for text in texts:
                if len(text) > LONGEST:
                    return function(*texts)
            return cached(*texts)

        answer.cache_info, answer.cache_clear = cached.cache_info, cached.cache_clear  # type: ignore[attr-defined]
        return answer

    return decorated
