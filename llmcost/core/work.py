"""Work: whether a usage counts anything, and the notes on a cost that the provider states for it."""

from __future__ import annotations

from .notes import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .statement import Statement
    from .usage import Usage


def is_nothing(usage: Usage) -> bool:
    """Return whether everything that a usage and its parts count is 0: units, times and pieces of media."""
    for one in usage.walk():
        if one.duration or one.media or any(one.quantities.values()):
            return False
        for group in one.alternatives:
            for unit in group:
                if any(unit.values()):
                    return False
    return True


def of_report(reported: Statement, usage: Usage, calculated: Statement | None) -> tuple[Note, ...]:
    """Return what there is to say of a reported cost beside our own calculation, which may not be known."""
    # Our own calculation has the notes of the reader already; without one, as for an unknown model, they stand here.
    notes = list(usage.notes) if calculated is None else []
    # Of counters that contradict each other nothing may be readable.
    if not reported.total and (usage.undecided is not None or not is_nothing(usage)):
        said = "the provider reports a cost of 0 for a call that used something"
        notes.append(Note("reported_zero", said, "reported"))
    if calculated is not None and not calculated.unpriced:
        said = f"the provider reports {reported} USD, the rate card gives {calculated} USD"
        notes.append(Note("reported_differs", said))
    return tuple(notes)
