"""What ``claude -p --output-format json`` and ``stream-json`` print: a ``result`` with what each model has used.

``modelUsage`` holds the calls of the session so far, those of sub-agents and of small models included, so that the last
of several results of one session holds all. The counters of the messages before it are placeholders. A result is a sum
of calls, of which no length of a prompt is known. It does not say which writes of the cache are for an hour.
https://code.claude.com/docs/en/headless
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .best_lines import Calls, Mark, weight
from .session_format import Found, count_of, inner, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

_KINDS = frozenset({"system", "assistant", "user", "stream_event", "rate_limit_event"})
# What each counter is called among meters.
_COUNTERS = {
    "inputTokens": "input",
    "cacheReadInputTokens": "cache_read",
    "cacheCreationInputTokens": "cache_write",
    "outputTokens": "output",
    "webSearchRequests": "web_searches",
}
# What else a model's object states: parts of the output, the sum that the program worked out, and limits.
_BESIDE = frozenset({"thinkingTokens", "costUSD", "contextWindow", "maxOutputTokens"})


class Lines:
    """The lines of one file, in their order."""

    in_order = True

    def __init__(self) -> None:
        self._project: str | None = None

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program printed it."""
        if not isinstance(fields.get("session_id"), str):
            return False
        kind = fields.get("type")
        return kind in _KINDS if kind != "result" else "modelUsage" in fields

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return a call for each model of a result; for another line, the word under which it is counted.

        Raises ValueError if a counter is none.
        """
        self._project = text_of(fields, "cwd") or self._project
        kind = text_of(fields, "type") or "line without a type"
        if kind != "result":
            return kind
        session = text_of(fields, "session_id") or f"{place[0]}:{place[1]}"
        models = inner(fields, "modelUsage")
        return [self._found(session, model, inner(models, model)) for model in models] or kind

    def _found(self, session: str, model: str, stated: Fields) -> Found:
        path = f"modelUsage.{model}"
        counts = {meter: count_of(stated, name, path) for name, meter in _COUNTERS.items()}
        more = [name for name, value in stated.items() if name not in _COUNTERS and name not in _BESIDE and value]
        usage: Fields = {name: count for name, count in counts.items() if count}
        response: Fields = {"model": model, "usage": {"dialect": "meters", **usage}}
        beside = {
            "cost": stated.get("costUSD"),
            "id": f"{session}:{model}",
            "session": session,
            "project": self._project,
        }
        mark = Mark(f"{session} {model}", weight(sum(counts.values())))
        return Found(response, beside, mark, not more and not counts["cache_write"])

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [self._project]

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        self._project = state[0] if state else None
