"""Session logs of OpenCode: ``storage/message/<session>/msg_*.json``, a message a file, or the rows of its database.

``cost`` is what the program thought; with a subscription it is 0. A fork of a session copies its messages: they get
other ids, and keep their times and counters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import MissingUsageError
from ..readers.opencode import STEP, read, stating
from . import best_lines
from .best_lines import OfOneName, weight
from .session_format import Alone, Found, inner, text_of

if TYPE_CHECKING:
    from .session_format import Fields, Marked, Place

__all__ = ["Calls", "Lines", "Mark"]

# What of a message is read; what was said in it is not kept.
_KEPT = ("type", "role", "sessionID", "modelID", "providerID", "model", "tokens")


class _Fields(NamedTuple):
    name: str
    identity: str
    weight: str
    ended: str


class Mark(OfOneName, _Fields):
    """What tells a message from others, and which of its lines counts.

    Attributes:
        name: when it was begun, in milliseconds: a copy was begun at the same time. Without that its id.
        identity: its id; without one the place of its line.
        weight: the line with the greatest counts.
        ended: what an answer that has ended has in common with its copies alone; empty for any other.
    """

    __slots__ = ()

    @property
    def key(self) -> str:
        """What tells the message from the others of its file."""
        return f"{self.name} {self.identity}"


class Lines(Alone):
    """The messages of one file."""

    def knows(self, fields: Fields) -> bool:
        """Return whether an object proves by itself that this program wrote it."""
        if not isinstance(fields.get("sessionID"), str):
            return False
        return text_of(fields, "role") in {"user", "assistant"} or (
            fields.get("type") == "assistant" and stating(fields) is not None
        )

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the call that a message, or a step, states; for anything else, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        kind = text_of(fields, "role") or text_of(fields, "type") or "message"
        stated = stating(fields)
        if stated is None:
            return kind
        message: Fields = {name: stated[name] for name in _KEPT if name in stated}
        try:
            usage = read(message)
        except MissingUsageError:
            # It was not answered, or its answer has just begun.
            return kind
        time = inner(fields, "time")
        created = time.get("created", fields.get("timestamp"))
        begun = created if isinstance(created, int) and not isinstance(created, bool) else None
        identity = text_of(dict(stated), "id")
        beside = {
            "time": None if begun is None else begun // 1000,
            "cost": stated.get("cost") or None,
            "id": identity,
            "session": text_of(fields, "sessionID"),
            "project": text_of(inner(fields, "path"), "root") or text_of(inner(fields, "path"), "cwd"),
        }
        completed = time.get("completed")
        # The end of a step has no times of its own.
        ended = not usage.partial and (completed is not None or stated.get("type") == STEP)
        told = [completed, usage.named_provider, usage.model, *usage.quantities.items()] if completed else ""
        own = identity or f"{place[0]}:{place[1]}"
        whole = weight(int(sum(usage.quantities.values())), after=str(int(ended)))
        return [Found(message, beside, Mark(own if begun is None else str(begun), own, whole, str(told)), ended)]


class Calls(best_lines.Calls):
    """The calls of all files, each counted once."""

    def settled(self) -> tuple[list[Marked], int]:
        """Return the calls without those that a fork has copied, and how many copies there were."""
        found: dict[object, Marked] = {}
        # An id begins with the time at which it was made, so that the original comes first.
        for call in sorted(self._found.values(), key=lambda call: str(call.mark.identity)):
            mark: Mark = call.mark
            found.setdefault((mark.name, mark.ended) if mark.ended else mark, call)
        return list(found.values()), len(self._found) - len(found)
