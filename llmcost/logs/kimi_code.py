"""Session logs of Kimi Code: ``sessions/<folder>/<session>/agents/<agent>/wire.jsonl``.

A line is a record. ``usage.record`` states the model and the counters of one response, be it a step of a turn or a
summary that compacts the conversation; the counters of the cache stand beside the input. The step of a turn states the
same once more. Each sub-agent has a file of its own. A fork of a session copies its files: the times stay.
https://github.com/MoonshotAI/kimi-code/blob/main/docs/en/configuration/data-locations.md
https://github.com/MoonshotAI/kimi-code/blob/main/packages/agent-core/src/agent/records/types.ts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .best_lines import Calls, Mark, weight
from .session_format import Found, count_of, inner, kind_of, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

_USAGE = "usage.record"
_COUNTERS = ("inputOther", "output", "inputCacheRead", "inputCacheCreation")
# How the kinds of records begin.
_OF = (
    *("config.", "context.", "full_compaction.", "micro_compaction.", "permission.", "plan_mode.", "swarm_mode."),
    *("tools.", "turn.", "usage."),
)
_THOUSAND = 1000
# The folder of the files of a session's agents.
_AGENTS = "agents"


class Lines:
    """The lines of one file."""

    in_order = False

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        if "response" in fields:
            # A call in somebody's own record, as is one with the counters of another program.
            return False
        if "time" not in fields:
            return "protocol_version" in fields and "usage" not in fields and fields.get("type") == "metadata"
        if not kind_of(fields).startswith(_OF) or type(fields["time"]) is not int:
            return False
        return "usage" not in fields or "inputOther" in inner(fields, "usage")

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the call of a line; for a line without a call, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        kind = kind_of(fields)
        usage = inner(fields, "usage")
        if kind != _USAGE:
            return kind
        counts = [count_of(usage, name, "usage") for name in _COUNTERS]
        if not any(counts):
            return kind
        time, model = fields.get("time"), text_of(fields, "model")
        name = " ".join(str(part) for part in (time, model, *counts))
        session, agent = _whose(place[0])
        beside: Fields = {
            "time": time // _THOUSAND if type(time) is int else None,
            "id": name,
            "session": session,
            "subagent": agent,
        }
        response: Fields = {"type": _USAGE, "usage": usage, "usageScope": fields.get("usageScope") or "session"}
        if model is not None:
            response["model"] = model
        return [Found(response, beside, Mark(name, weight(sum(counts))))]

    def state(self) -> list[Any]:
        """Return nothing: a line means the same wherever it stands."""
        return []

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""


def _whose(path: str) -> tuple[str | None, str | None]:
    """Return the session and the sub-agent of a file, which only its folders name."""
    *_, session, agents, agent, _ = ("", "", "", *path.replace("\\", "/").split("/"))
    if agents != _AGENTS:
        return None, None
    return session or None, None if agent == "main" else agent
