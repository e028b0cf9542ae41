"""Session logs of Pi: ``sessions/<folder>/<time>_<session>.jsonl``, which programs that stand on Pi write too.

The first line describes the session, and a line is an entry of a tree. A message of an assistant states the counters of
its response, of which those of the cache stand beside the input, and the reasoning is inside the output. A summary that
compacts the conversation, or a branch of it, states its own; it was asked of the model of the session, unless an
extension made it. A tool may have asked a model that nobody names. A fork copies entries with their times.
https://github.com/earendil-works/pi/blob/main/packages/coding-agent/docs/session-format.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .best_lines import Calls, Mark, weight
from .session_format import Found, count_of, inner, kind_of, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

_SUMMARIES = frozenset({"compaction", "branch_summary"})
_KINDS = _SUMMARIES | {
    *("message", "model_change", "thinking_level_change", "custom", "custom_message", "label", "session_info"),
}
_COUNTERS = ("input", "output", "cacheRead", "cacheWrite")
# How a response ends that may have been cut off.
_CUT = frozenset({"error", "aborted"})


class Lines:
    """The lines of one file, in their order."""

    in_order = True

    def __init__(self) -> None:
        self._session: str | None = None
        self._project: str | None = None
        self._provider: str | None = None
        self._model: str | None = None

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        kind = kind_of(fields)
        if "timestamp" not in fields or "response" in fields or ("usage" in fields and kind not in _SUMMARIES):
            # A call in somebody's own record.
            return False
        usage = _usage(fields)
        if usage and "cacheRead" not in usage:
            return False
        if "parentId" in fields:
            return "id" in fields and kind in _KINDS
        # Entries of the first version have no ids.
        return (kind == "session" and "cwd" in fields) or (kind == "message" and bool(usage))

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the call of a line; for a line without a call, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        del place
        kind = kind_of(fields)
        if kind == "session":
            self._session, self._project = text_of(fields, "id"), text_of(fields, "cwd")
        elif kind == "model_change":
            self._provider, self._model = text_of(fields, "provider"), text_of(fields, "modelId")
        message = inner(fields, "message") if kind == "message" else fields
        usage = _usage(fields)
        if not usage:
            return kind
        if message.get("role") == "assistant":
            self._provider, self._model = text_of(message, "provider"), text_of(message, "model")
            named = {"responseModel": message.get("responseModel")}
        elif kind in _SUMMARIES and fields.get("fromHook") is not True:
            named = {}
        else:
            return self._found(fields, message, usage, {"role": "assistant"}, kind)
        about = {"role": "assistant", "provider": self._provider, "model": self._model, **named}
        return self._found(fields, message, usage, about, kind)

    def _found(self, fields: Fields, message: Fields, usage: Fields, about: Fields, kind: str) -> list[Found] | str:
        counts = [count_of(usage, name, "usage") for name in _COUNTERS]
        cut = text_of(message, "stopReason") in _CUT
        if not any(counts) and (cut or not message.get("content")):
            # It failed at once, or is still to come.
            return kind
        response = {name: value for name, value in {**about, "usage": usage}.items() if value is not None}
        if not any(counts):
            # The counters of an answer that was given are missing.
            response["content"] = message["content"]
        stamp = message.get("timestamp")
        begun = stamp if type(stamp) is int else fields.get("timestamp")
        name = " ".join(str(part) for part in (begun, text_of(about, "model"), *counts))
        entry = text_of(fields, "id")
        beside = {
            "time": fields.get("timestamp"),
            "cost": inner(usage, "cost").get("total") or None,
            # The id of an entry is short, and given once in its file.
            "id": name if entry is None else f"{entry} {begun}",
            "session": self._session,
            "project": self._project,
        }
        return [Found(response, beside, Mark(name, weight(sum(counts))), not cut)]

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [self._session, self._project, self._provider, self._model]

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        self._session, self._project, self._provider, self._model = state or (None,) * 4


def _usage(fields: Fields) -> Fields:
    """Return the counters of a line; nothing if it has none."""
    return inner(fields, "message", "usage") if kind_of(fields) == "message" else inner(fields, "usage")
