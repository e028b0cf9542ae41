"""What makes a usage a lower bound: it broke off, or it leaves something out. Its notes name each that holds."""

from __future__ import annotations

from .notes import CAUSES, Note
from .rating import BROKEN_OFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .usage import Usage


def leave_out(usage: Usage, said: str, about: str = "") -> None:
    """Make a usage a lower bound that lacks what is said.

    >>> from llmcost import Usage
    >>> usage = Usage(input=9, partial=True)
    >>> leave_out(usage, "1 of 2 turns states no usage")
    >>> [note.code for note in usage.notes]
    ['left_out', 'broken_off']
    """
    broken = usage.partial and not _has_cause(usage)
    usage.notes = (*usage.notes, Note("left_out", said, about), *([BROKEN_OFF] if broken else ()))
    usage.partial = True


def break_off(usage: Usage) -> None:
    """Make a usage a lower bound that ended early."""
    if _has_cause(usage) and BROKEN_OFF not in usage.notes:
        usage.notes = (*usage.notes, BROKEN_OFF)
    usage.partial = True


def _has_cause(usage: Usage) -> bool:
    return any(note.code in CAUSES for note in usage.notes)
