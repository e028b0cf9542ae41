"""What ``codex exec --json`` prints: ``thread.started`` with an id, and ``turn.completed`` with counters.

The counters are those of the thread since it began, so that a turn is the difference to the one before. No model is
named: a call has none, unless the caller says it. The cached tokens are inside the input, and the reasoning inside the
output. https://github.com/openai/codex/blob/main/codex-rs/exec/src/exec_events.rs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .best_lines import Calls, Mark, weight
from .codex import counted
from .session_format import Found, count_of, inner, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

_KINDS = ("thread.", "turn.", "item.")
_COUNTERS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_input_tokens",
    "output_tokens",
    "reasoning_output_tokens",
)


class Lines:
    """The lines of one file, in their order."""

    in_order = True

    def __init__(self) -> None:
        self._thread: str | None = None
        self._before = [0] * len(_COUNTERS)

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program printed it."""
        kind = fields.get("type")
        if kind == "thread.started":
            return isinstance(fields.get("thread_id"), str)
        if kind == "turn.completed":
            return isinstance(fields.get("usage"), dict)
        return self._thread is not None and isinstance(kind, str) and kind.startswith(_KINDS)

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the call of a turn that is completed; for another line, the word under which it is counted.

        Raises ValueError if a counter is none.
        """
        kind = text_of(fields, "type") or "line without a type"
        if kind == "thread.started":
            self._thread, self._before = text_of(fields, "thread_id"), [0] * len(_COUNTERS)
            return kind
        if kind != "turn.completed":
            return kind
        usage = inner(fields, "usage")
        total = [count_of(usage, name, "usage") for name in _COUNTERS]
        grown = [one - other for one, other in zip(total, self._before, strict=True)]
        # Where a counter is smaller than before, the counters began anew.
        turn = total if min(grown) < 0 else grown
        self._before = total
        if not any(turn):
            return kind
        thread = self._thread or f"{place[0]}:{place[1]}"
        mark = Mark(f"{thread} {total}", weight(sum(total)))
        beside: Fields = {"id": f"{thread}:{sum(total)}", "session": self._thread}
        return [Found(counted(None, *turn), beside, mark)]

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [self._thread, self._before]

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        if state:
            self._thread, self._before = state
