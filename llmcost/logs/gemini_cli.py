"""Session logs of Gemini CLI: ``tmp/<project>/chats/session-*.jsonl``, and ``*.json`` of older versions.

The first line describes the session; then comes a message a line, which is written once more when its tokens, or its
tools, are known. ``$set`` changes the description, and may state all messages anew; ``$rewindTo`` takes messages out of
the conversation, whose calls were made all the same. Sub-agents have files in a folder with the id of their session.
Older versions write one object with all messages. The input holds what is cached, and not the answers of tools; the
output does not hold the thoughts.
https://github.com/google-gemini/gemini-cli/blob/main/packages/core/src/services/chatRecordingService.ts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .best_lines import Calls, Mark, weight
from .session_format import Found, count_of, inner, kind_of, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

_KINDS = frozenset({"user", "gemini", "info", "error", "warning"})
# What each counter is called in a response of the API.
_COUNTERS = {
    "input": "promptTokenCount",
    "output": "candidatesTokenCount",
    "cached": "cachedContentTokenCount",
    "thoughts": "thoughtsTokenCount",
    "tool": "toolUsePromptTokenCount",
    "total": "totalTokenCount",
}


class Lines:
    """The lines of one file, in their order."""

    in_order = True

    def __init__(self) -> None:
        self._session: str | None = None
        self._project: str | None = None

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        if "$set" in fields or "$rewindTo" in fields:
            return len(fields) == 1
        if isinstance(fields.get("sessionId"), str) and "projectHash" in fields:
            return True
        # Messages of the user alone might be of anybody.
        return fields.get("type") == "gemini" and "content" in fields and "timestamp" in fields

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the calls of a line; for a line without calls, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        if "$rewindTo" in fields:
            return "$rewindTo"
        described = inner(fields, "$set") if "$set" in fields else fields
        if "type" not in fields:
            self._session = text_of(described, "sessionId") or self._session
            folders = described.get("directories")
            named = folders[0] if isinstance(folders, list) and folders else described.get("projectHash")
            self._project = named if isinstance(named, str) else self._project
            stated = described.get("messages")
            messages = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
            kind = "$set" if "$set" in fields else "session"
        else:
            messages, kind = [fields], kind_of(fields)
        return [self._found(one, place) for one in messages if isinstance(one.get("tokens"), dict)] or kind

    def _found(self, message: Fields, place: Place) -> Found:
        tokens = inner(message, "tokens")
        counts = {name: count_of(tokens, name, "tokens") for name in _COUNTERS}
        identity, session = text_of(message, "id"), self._session
        beside = {
            "time": message.get("timestamp"),
            "id": identity,
            "session": session,
            "project": self._project,
        }
        response: Fields = {
            "candidates": [],
            "usageMetadata": {known: counts[name] for name, known in _COUNTERS.items()},
        }
        model = text_of(message, "model")
        if model is not None:
            response["modelVersion"] = model
        name = f"{session} {identity}" if identity is not None else f"{place[0]}:{place[1]}"
        mark = Mark(name, weight(counts["total"], counts["output"], after=str(message.get("timestamp"))))
        return Found(response, beside, mark)

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [self._session, self._project]

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        self._session, self._project = state or (None, None)
