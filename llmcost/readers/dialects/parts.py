"""Taking a part out of the whole that holds it."""

from __future__ import annotations

from ...errors import InconsistentUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.counts import Quantities


def take(quantities: Quantities, whole: str, part: str, stated: int, counter: str) -> None:
    """Move tokens from a meter to the one that a counter says they belong to; what is there already stays.

    Two counters may state the same tokens, so ``stated`` is how many there are in the end.

    >>> quantities = {"input": 1000}
    >>> take(quantities, "input", "cache_read", 800, "cached_tokens")
    >>> take(quantities, "input", "cache_read", 800, "cache_read_input_tokens")
    >>> quantities
    {'input': 200, 'cache_read': 800}

    Raises:
        InconsistentUsageError: the whole holds less than that.
    """
    there, held = quantities.get(part, 0), quantities.get(whole, 0)
    left = held - (stated - there)  # type: ignore[operator]
    if stated <= there:
        return
    if left < 0:
        raise InconsistentUsageError(
            f"{counter}={stated} exceeds what the other counters leave for it: {held + there}",  # type: ignore[operator]
            {whole: held, part: there},
            {counter: stated},
        )
    # A new part stands behind its whole, so that lines have one order however the counters are spelled.
    moved = {whole: left, part: stated} if left else {part: stated}
    rest: Quantities = {}
    for meter, quantity in quantities.items():
        if meter == whole:
            rest.update(moved)
        elif meter not in moved:
            rest[meter] = quantity
    quantities.clear()
    quantities.update(rest)
