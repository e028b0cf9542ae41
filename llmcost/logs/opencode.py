"""Session logs of OpenCode: ``storage/message/<session>/msg_*.json``, a message a file.

``cost`` is what the program thought; with a subscription it is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import MissingUsageError
from ..readers.opencode import read, stating
from .best_lines import Calls, Mark, weight
from .session_format import Found, inner, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

# What of a message is read; what was said in it is not kept.
_KEPT = ("type", "role", "sessionID", "modelID", "providerID", "tokens")


class Lines:
    """The messages of one file."""

    in_order = False

    def knows(self, fields: Fields) -> bool:
        """Return whether an object proves by itself that this program wrote it."""
        return isinstance(fields.get("sessionID"), str) and fields.get("role") in {"user", "assistant"}

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
        identity = text_of(dict(stated), "id")
        beside = {
            "time": created // 1000 if isinstance(created, int) and not isinstance(created, bool) else None,
            "cost": stated.get("cost") or None,
            "id": identity,
            "session": text_of(fields, "sessionID"),
            "project": text_of(inner(fields, "path"), "root") or text_of(inner(fields, "path"), "cwd"),
        }
        mark = Mark(identity or f"{place[0]}:{place[1]}", weight(int(sum(usage.quantities.values()))))
        ended = not usage.partial and ("completed" in time or "role" not in stated)
        return [Found(message, beside, mark, ended)]

    def state(self) -> list[Any]:
        """Return nothing: a message stands alone."""
        return []

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
