"""Counters that a response states and no reader knows: the cost leaves them out, and a note names each."""

from __future__ import annotations

from ..errors import printable, shown
from .counts import MOST
from .exact import plus
from .notes import NOT_UNDERSTOOD, Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from .counts import Quantity

    class Stating(Protocol):
        """A usage."""

        notes: tuple[Note, ...]
        unread: Mapping[str, Quantity | str]


def add_unread(usage: Stating, unread: Mapping[str, object]) -> None:
    """State counters that were not understood, each with a note by its name.

    A number that no counter can be (infinite, or of thousands of digits) is kept as the text that a message shows.
    """
    kept: dict[str, Quantity | str] = {name: _kept(value) for name, value in unread.items()}
    usage.unread = {**usage.unread, **kept}
    noted = {note.about for note in usage.notes if note.code == NOT_UNDERSTOOD}
    usage.notes = (*usage.notes, *(_note(name, value) for name, value in kept.items() if name not in noted))


def _note(name: str, value: object) -> Note:
    said = f"{name}={value} is not understood: it is in no quantity, so that the cost is a lower bound"
    return Note("not_understood", printable(said), name)


def _kept(value: object) -> Quantity | str:
    if isinstance(value, str):
        return value
    return value if isinstance(value, (int, float)) and 0 < value <= MOST else shown(value)


def both_unread(one: Mapping[str, Quantity | str], two: Mapping[str, Quantity | str]) -> dict[str, Quantity | str]:
    """Return what two usages together state that was not understood."""
    found = dict(one)
    for name, value in two.items():
        before = found.get(name, 0)
        found[name] = value if isinstance(value, str) or isinstance(before, str) else plus(before, value)
    return found
