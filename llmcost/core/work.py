"""Work: whether a usage counts any."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .usage import Usage


def is_nothing(usage: Usage) -> bool:
    """Return whether everything that a usage and its parts count is 0: units, times and pieces of media."""
    return not any(
        any(one.quantities.values())
        or one.duration
        or one.media
        or any(quantity for group in one.alternatives for unit in group for quantity in unit.values())
        for one in usage.walk()
    )
