"""Session logs of Qwen Code: ``projects/<folder>/chats/<session>.jsonl``, and those of sub-agents beside them.

A line is a record; one of an assistant has the counters of a response, named as Gemini's API names them. The prompt
holds what is cached. Most endpoints are OpenAI's, whose output holds the thoughts; the total says so. A line of
telemetry before it states the same counters once more.
https://github.com/QwenLM/qwen-code/blob/main/packages/core/src/services/chatRecordingService.ts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .best_lines import Calls, Mark, weight
from .session_format import Alone, Found, count_of, inner, kind_of, text_of

if TYPE_CHECKING:
    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

_COUNTERS = "usageMetadata"
_LINE = frozenset({"type", "sessionId", "uuid"})
# What lines of this program alone have, beside what those of Claude Code have too.
_OWN = frozenset({_COUNTERS, "systemPayload", "toolCallResult"})


class Lines(Alone):
    """The lines of one file."""

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        if not _LINE.issubset(fields) or "usage" in fields or "candidates" in fields:
            return False
        return not _OWN.isdisjoint(fields) or "parts" in inner(fields, "message")

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the call of a line; for a line without a call, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        kind = kind_of(fields)
        stated = inner(fields, _COUNTERS)
        counts = {name: count_of(stated, name, _COUNTERS) for name in _NAMES}
        entered, cached, answer, thought, total = counts.values()
        if not entered and not answer and not thought:
            return kind
        apart = thought > answer or total == entered + answer + thought
        written = answer + thought if apart else answer
        response: Fields = {
            "object": "chat.completion",
            "usage": {
                "prompt_tokens": entered,
                "completion_tokens": written,
                "total_tokens": entered + written,
                "prompt_tokens_details": {"cached_tokens": cached},
                "completion_tokens_details": {"reasoning_tokens": thought},
            },
        }
        model = text_of(fields, "model")
        if model is not None:
            response["model"] = model
        identity = text_of(fields, "uuid")
        beside = {
            "time": fields.get("timestamp"),
            "id": identity,
            "session": text_of(fields, "sessionId"),
            "project": text_of(fields, "cwd"),
            "subagent": text_of(fields, "agentId"),
        }
        mark = Mark(identity or f"{place[0]}:{place[1]}", weight(entered + written))
        # Without a total that says where the thoughts are, the smaller sum is a lower bound.
        return [Found(response, beside, mark, apart or not thought or total == entered + answer)]


_NAMES = (
    "promptTokenCount",
    "cachedContentTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "totalTokenCount",
)
