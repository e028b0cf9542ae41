"""Calls that stand in several lines or files, of which the line with the greatest weight counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .session_format import Marked

# The decimal digits of a count of tokens, so that texts of counts are in their order.
DIGITS = 12


class OfOneName:
    """A mark of a call whose copies have the same name, and no other."""

    __slots__ = ()
    kin = None

    @property
    def told(self) -> str:
        """What tells it from others of the same id: nothing."""
        return ""

    @classmethod
    def of(cls, kept: list[Any]) -> Any:
        """Return the mark that was kept as this JSON."""
        return cls(*kept)


class _Fields(NamedTuple):
    name: str
    weight: str


class Mark(OfOneName, _Fields):
    """What tells a call from others, and which of its lines counts.

    Attributes:
        name: what all lines of the call have in common.
        weight: the line with the greatest counts.
    """

    __slots__ = ()

    @property
    def key(self) -> str:
        """What tells the call from the others of its file."""
        return self.name


class Calls:
    """The calls of all files, each counted once."""

    def __init__(self) -> None:
        self._found: dict[str, Marked] = {}

    def add(self, call: Marked) -> int:
        """Take one more line of a call; return how many lines it makes superfluous."""
        return keep_best(self._found, call.mark.key, call)

    def settled(self) -> tuple[list[Marked], int]:
        """Return the calls, and 0: no further lines were superfluous."""
        return list(self._found.values()), 0


def keep_best(found: dict[str, Marked], key: str, call: Marked) -> int:
    """Keep a line if it weighs most of those with a key; return how many lines are superfluous by it."""
    before = found.get(key)
    if before is None or before.mark.weight < call.mark.weight:
        found[key] = call
    return int(before is not None)


def weight(*counts: int, after: str = "") -> str:
    """Return a weight by counts, the first of which weighs most, and by a text where they are equal."""
    return "".join(f"{min(max(count, 0), 10**DIGITS - 1):0{DIGITS}d}" for count in counts) + after
