"""What ``codex exec --json`` prints: ``thread.started`` with an id, and ``turn.completed`` with counters.

A turn is the difference to the one before. No model is named: a call has none, unless the caller says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..readers.codex_exec import KINDS, TURN, Turns, is_event
from .best_lines import Calls, Mark, weight
from .session_format import Found, kind_of, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]


class Lines:
    """The lines of one file, in their order."""

    in_order = True

    def __init__(self) -> None:
        self._thread: str | None = None
        self._turns = Turns()

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program printed it."""
        kind = fields.get("type")
        return is_event(fields) or (self._thread is not None and isinstance(kind, str) and kind.startswith(KINDS))

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the call of a turn that is completed; for another line, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        kind = kind_of(fields)
        if kind == "thread.started":
            self._thread, self._turns = text_of(fields, "thread_id"), Turns()
            return kind
        if kind != TURN:
            return kind
        turn = self._turns.next(fields)
        if not any(turn.values()):
            return kind
        total = self._turns.before
        thread = self._thread or f"{place[0]}:{place[1]}"
        mark = Mark(f"{thread} {total}", weight(sum(total)))
        beside: Fields = {"id": f"{thread}:{sum(total)}", "session": self._thread}
        return [Found({"type": TURN, "usage": turn}, beside, mark)]

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [self._thread, self._turns.before]

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        if state:
            self._thread, self._turns = state[0], Turns(state[1])
