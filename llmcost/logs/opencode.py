"""Session logs of OpenCode: ``storage/message/<session>/msg_*.json``, a message a file.

The input does not hold what was read from the cache, or written to it. The reasoning is a part of the output in older
versions, and stands beside it in newer ones: the total says which. ``cost`` is what the program thought; with a
subscription it is 0. https://github.com/sst/opencode/tree/dev/packages/opencode/src/session
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .best_lines import Calls, Mark, weight
from .session_format import Found, count_of, inner, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

_COUNTERS = ("input", "output", "reasoning", "total")


class Lines:
    """The messages of one file."""

    in_order = False

    def knows(self, fields: Fields) -> bool:
        """Return whether an object proves by itself that this program wrote it."""
        return isinstance(fields.get("sessionID"), str) and fields.get("role") in {"user", "assistant"}

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the call that a message states; for one that states none, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        tokens = fields.get("tokens")
        if fields.get("role") != "assistant" or not isinstance(tokens, dict):
            return text_of(fields, "role") or "message"
        cache = inner(tokens, "cache")
        entered, answer, thought, total = (count_of(tokens, name, "tokens") for name in _COUNTERS)
        read, written = (count_of(cache, name, "tokens.cache") for name in ("read", "write"))
        whole = entered + read + written + answer
        if not whole and not thought:
            # It was not answered, or its answer has just begun.
            return "assistant"
        beside = thought > answer or total == whole + thought
        # Without a total the smaller reading is a lower bound.
        told = beside or total == whole or not thought
        usage: Fields = {
            "input": entered,
            "cache_read": read,
            "cache_write": written,
            "output": answer if beside else answer - thought,
            "reasoning": thought,
            "dialect": "meters",
            # Plans of the program are no sellers of tokens, and have no price of their own.
            "named_provider": text_of(fields, "providerID"),
        }
        time = inner(fields, "time")
        created = time.get("created")
        stated = {
            "time": created // 1000 if isinstance(created, int) and not isinstance(created, bool) else None,
            "cost": fields.get("cost") or None,
            "id": text_of(fields, "id"),
            "session": text_of(fields, "sessionID"),
            "project": text_of(inner(fields, "path"), "root") or text_of(inner(fields, "path"), "cwd"),
        }
        response: Fields = {
            "model": text_of(fields, "modelID"),
            "usage": {name: value for name, value in usage.items() if value},
        }
        mark = Mark(text_of(fields, "id") or f"{place[0]}:{place[1]}", weight(whole + thought))
        return [Found(response, stated, mark, "completed" in time and told)]

    def state(self) -> list[Any]:
        """Return nothing: a message stands alone."""
        return []

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
