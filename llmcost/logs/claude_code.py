"""Session logs of Claude Code: ``projects/<folder>/<session>.jsonl`` and ``<session>/subagents/agent-*.jsonl``.

A line is an event. A response is written as several lines, one for each block of its content, all with the id of the
message. Their counters are those of the stream at that moment: the line that follows the last event of the stream has
the final ``output_tokens`` and a ``stop_reason``, and the lines before have placeholders. A session that is resumed
or forked copies lines of another one. So one call is all lines of one message in all files, and the whole line with the
most output counts: counters of several lines never mix, since a fallback in mid-stream changes the model.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from .session_call import SessionCall, inner, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .values import Value

    Fields = dict[str, object]

AGENT = "claude_code"
# The model of messages that the program writes itself, such as an error of the network.
_SYNTHETIC = "<synthetic>"
# Events that state no session, with a key that no other format has.
_WITHOUT_SESSION = {"summary": "leafUuid", "file-history-snapshot": "snapshot"}
_KINDS = frozenset({*_WITHOUT_SESSION, "user", "assistant", "system", "progress", "attachment", "queue-operation"})
_TOLD = ("timestamp", "cwd", "sessionId", "agentId")
_NUMBERS = ("output_tokens", "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


class Mark(NamedTuple):
    """What tells a message from others, and which of its lines counts.

    Attributes:
        message: the id of the message; for a line without one its own id, or all that it states.
        request: the id of the request; empty where the endpoint states none.
        weight: the line with the greatest counts. Its last item is its text, so that the order of lines is no matter.
    """

    message: str
    request: str
    weight: tuple[int, bool, str, int, str]


class Lines:
    """The lines of one file."""

    agent = AGENT
    # Whether what a line means depends on the lines before it.
    in_order = False

    @staticmethod
    def knows(fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        kind = fields.get("type")
        if not isinstance(kind, str) or "usage" in fields:
            # The counters of this program stand inside the message: this is a response in somebody's own record.
            return False
        if "sessionId" in fields:
            return kind in _KINDS or "parentUuid" in fields
        if kind == "assistant":
            return isinstance(fields.get("message"), dict) and ("requestId" in fields or "parentUuid" in fields)
        return kind in _WITHOUT_SESSION and _WITHOUT_SESSION[kind] in fields

    def read(self, fields: Fields, source: str, item: Value) -> list[SessionCall] | str:
        """Return the calls that a line states; for a line that states none, the word under which it is counted.

        Raises ValueError if the line contradicts itself.
        """
        line = fields
        if fields.get("type") == "progress":
            # A message of a sub-agent, which stands in a file of its own too.
            line = {**fields, **inner(fields, "data", "message")}
        kind = text_of(line, "type") or "line without a type"
        message = inner(line, "message")
        if kind != "assistant" or not isinstance(message.get("usage"), dict):
            return text_of(fields, "type") or kind
        if message.get("model") == _SYNTHETIC:
            return _SYNTHETIC
        return [_call(line, message, source, item)]


def _call(line: Fields, message: Fields, source: str, item: Value) -> SessionCall:
    identity = text_of(message, "id")
    beside = {
        "time": line.get("timestamp"),
        # Older versions state what they thought that the call cost.
        "cost": line.get("costUSD"),
        "id": identity,
        "session": line.get("sessionId"),
        "project": line.get("cwd"),
        "subagent": line.get("agentId"),
        "sidechain": line.get("isSidechain") or None,
        "request": line.get("requestId"),
    }
    response = {"type": "message", **message}
    call = SessionCall(response, beside, source, item, agent=AGENT, mark=_mark(line, message, identity))
    # The event that ends a stream states the reason and the output together.
    if "stop_reason" in message and message["stop_reason"] is None:
        call.ends_early()
    return call


def _mark(line: Fields, message: Fields, identity: str | None) -> Mark:
    numbers = [value if type(value := inner(message, "usage").get(name)) is int else 0 for name in _NUMBERS]
    told = [*(line.get(name) for name in _TOLD), message.get("model"), message["usage"]]
    stated = json.dumps(told, sort_keys=True)
    final = message.get("stop_reason") is not None
    weight = (numbers[0], final, text_of(line, "timestamp") or "", sum(numbers), stated)
    name = identity or text_of(line, "uuid") or stated
    return Mark(name, text_of(line, "requestId") or "", weight)


class Calls:
    """The calls of all files, each counted once."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, SessionCall]] = {}

    def add(self, call: SessionCall) -> int:
        """Take one more line of a call; return how many lines it makes superfluous."""
        mark: Mark = call.mark
        requests = self._found.setdefault(mark.message, {})
        before = requests.get(mark.request)
        if before is None or before.mark.weight < mark.weight:
            requests[mark.request] = call
        return int(before is not None)

    def settled(self) -> tuple[list[SessionCall], int]:
        """Return the calls, and how many more lines were superfluous."""
        found: list[SessionCall] = []
        copies = 0
        for requests in self._found.values():
            bare = requests.get("")
            if bare is not None and len(requests) > 1:
                # A copy that lost the id of its request is a line of the same message.
                copies += 1
                del requests[""]
                best = max(requests, key=lambda name: requests[name].mark.weight)
                if requests[best].mark.weight[:2] < bare.mark.weight[:2]:
                    requests[best] = bare
            found += requests.values()
        return found, copies
