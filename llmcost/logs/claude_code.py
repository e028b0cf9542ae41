"""Session logs of Claude Code: ``projects/<folder>/<session>.jsonl`` and ``<session>/subagents/agent-*.jsonl``.

A line is an event. A response is written as several lines, one for each block of its content, all with the id of the
message. Their counters are those of the stream at that moment: the line that follows the last event of the stream has
the final ``output_tokens`` and a ``stop_reason``, and the lines before have placeholders. A session that is resumed
or forked copies lines of another one; a side question copies the conversation under other ids of requests. So one call
is all lines of one message in all files, and the whole line with the most output counts: counters of several lines
never mix, since a fallback in mid-stream changes the model.

Some gateways state no request, and some of them give the same id to every message. Lines without a request are told
apart by their session, and by the order of their counters: those of one stream never fall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.late import Late
from .best_lines import DIGITS, OfOneName, keep_best, weight
from .session_format import Alone, Found, inner, kind_of, text_of

if TYPE_CHECKING:
    from . import digests
    from .session_format import Fields, Marked, Place
else:
    # Every log is asked whether it is one of Claude Code's, and few are.
    digests = Late("llmcost.logs.digests")

# The model of messages that the program writes itself, such as an error of the network.
_SYNTHETIC = "<synthetic>"
# Events that state no session, with a key that no other format has.
_WITHOUT_SESSION = {"summary": "leafUuid", "file-history-snapshot": "snapshot"}
_KINDS = frozenset(
    {
        *_WITHOUT_SESSION,
        *("user", "assistant", "system", "progress", "attachment", "queue-operation"),
        # What describes a session: it may be all that a file holds.
        *(
            "custom-title",
            "ai-title",
            "agent-name",
            "last-prompt",
            "permission-mode",
            "mode",
            "pr-link",
            "worktree-state",
        ),
    }
)
# The characters that stand for all that a line states.
_DIGEST = 24
_TOLD = ("timestamp", "cwd", "sessionId", "agentId")
_NUMBERS = ("output_tokens", "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


class _Fields(NamedTuple):
    name: str
    request: str
    weight: str
    session: str = ""
    aside: bool = False
    began: str = ""


class Mark(OfOneName, _Fields):
    """What tells a message from others, and which of its lines counts.

    Attributes:
        name: the id of the message; for a line without one its own id, or what stands for all that it states.
        request: the id of the request; empty where the endpoint states none.
        weight: the line with the greatest counts. Its end stands for its text, so that the order of lines is no matter.
        session: that of the line, with its sub-agent; empty where the request is enough.
        aside: whether it stands in a side chain: one of a sub-agent, or of a side question.
        began: when the first line of a call without a request was written, as far as the calls are settled.
    """

    __slots__ = ()

    @property
    def key(self) -> str:
        """What tells the message from the others of its file; of one without a request, each line."""
        return f"{self.name} {self.request}" if self.request else f"{self.name} {self.weight[-_DIGEST:]} {self.session}"

    @property
    def told(self) -> str:
        """What tells a call from others with the id of its message, in however many lines it is read."""
        return self.request or self.began

    @property
    def counts(self) -> str:
        """The output of the line, and whether it is that of the end."""
        return self.weight[: DIGITS + 1]

    @property
    def time(self) -> str:
        """When the line was written."""
        return self.weight[DIGITS + 1 : -DIGITS - _DIGEST].rstrip()

    @property
    def context(self) -> int:
        """The tokens that went in."""
        return int(self.weight[-DIGITS - _DIGEST : -_DIGEST]) - int(self.weight[:DIGITS])


class Lines(Alone):
    """The lines of one file."""

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        kind = fields.get("type")
        if not isinstance(kind, str) or "usage" in fields or "usageMetadata" in fields:
            # The counters of this program stand inside the message: this is a response in somebody's own record.
            return False
        if "sessionId" in fields:
            return kind in _KINDS or "parentUuid" in fields
        if kind == "assistant":
            return isinstance(fields.get("message"), dict) and ("requestId" in fields or "parentUuid" in fields)
        return kind in _WITHOUT_SESSION and _WITHOUT_SESSION[kind] in fields

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the calls of a line; for a line without calls, the word under which it is counted."""
        del place
        line = fields
        if fields.get("type") == "progress":
            # A message of a sub-agent, which stands in a file of its own too.
            line = {**fields, **inner(fields, "data", "message")}
        kind = kind_of(line)
        message = inner(line, "message")
        if kind != "assistant" or not isinstance(message.get("usage"), dict):
            return text_of(fields, "type") or kind
        if message.get("model") == _SYNTHETIC:
            return _SYNTHETIC
        return [_found(line, message)]


def _found(line: Fields, message: Fields) -> Found:
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
    # The event that ends a stream states the reason and the output together.
    ended = "stop_reason" not in message or message["stop_reason"] is not None
    return Found({"type": "message", **message}, beside, mark_of(line, message, identity), ended)


def mark_of(line: Fields, message: Fields, identity: str | None) -> Mark:
    """Return the mark of a line with a message."""
    usage = inner(message, "usage")
    numbers = [value if type(value := usage.get(name)) is int and value > 0 else 0 for name in _NUMBERS]
    told = f"{[line.get(name) for name in _TOLD]}{message.get('model')}{usage}"
    stated = digests.blake2b(told.encode(errors="surrogatepass"), digest_size=_DIGEST // 2).hexdigest()
    final = "0" if message.get("stop_reason") is None else "1"
    rest = f"{final}{text_of(line, 'timestamp') or ''} {weight(sum(numbers), after=stated)}"
    name = identity or text_of(line, "uuid") or stated
    request = text_of(line, "requestId") or ""
    session = "" if request else f"{line.get('sessionId')} {line.get('agentId')}"
    return Mark(name, request, weight(numbers[0], after=rest), session, line.get("isSidechain") is True)


class Calls:
    """The calls of all files, each counted once."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, Marked]] = {}
        # Lines without a request, by what stands for all that they state.
        self._bare: dict[str, dict[str, Marked]] = {}

    def add(self, call: Marked) -> int:
        """Take one more line of a call; return how many lines it makes superfluous."""
        mark = _mark(call)
        lines = self._found if mark.request else self._bare
        return keep_best(lines.setdefault(mark.name, {}), mark.request or mark.key, call)

    def settled(self) -> tuple[list[Marked], int]:
        """Return the calls, and how many more lines were superfluous."""
        found: list[Marked] = []
        lines = 0
        for name, requests in self._found.items():
            calls = _without_questions(list(requests.values())) if len(requests) > 1 else list(requests.values())
            bare = self._bare.pop(name, {})
            lines += len(requests) + len(bare)
            if bare:
                # A copy that lost the id of its request is a line of the same message.
                fullest = max(bare.values(), key=_weight)
                best = max(range(len(calls)), key=lambda number: _weight(calls[number]))
                known = _mark(calls[best])
                if known.counts < _mark(fullest).counts:
                    fullest.mark = _mark(fullest)._replace(request=known.request)
                    calls[best] = fullest
            found += calls
        for bare in self._bare.values():
            lines += len(bare)
            found += _responses(list(bare.values()))
        return found, lines - len(found)


def _without_questions(requests: list[Marked]) -> list[Marked]:
    """Return the requests of a message without those of side questions, which copy the conversation.

    A copy has the counters of what it copies. Only the output differs, where it copies a line from before the end.
    """
    whole = {_mark(call).context for call in requests if not _mark(call).aside}
    return [call for call in requests if not (_mark(call).aside and _mark(call).context in whole)]


def _responses(lines: list[Marked]) -> list[Marked]:
    """Return the fullest line of each response among lines without a request, all with one id of a message."""
    sessions: dict[str, list[Marked]] = {}
    for line in sorted(lines, key=lambda line: (_mark(line).time, _weight(line))):
        sessions.setdefault(_mark(line).session, []).append(line)
    # By what a copy in another session has too, the response that the line is of.
    known: dict[str, list[Marked]] = {}
    found: dict[int, list[Marked]] = {}
    for ones in sessions.values():
        for response in _in_order(ones):
            keys = [_weight(line)[:-_DIGEST] for line in response]
            same = next((known[key] for key in keys if key in known), response)
            if same is not response:
                same += response
            known.update(dict.fromkeys(keys, same))
            found[id(same)] = same
    return [_fullest(response) for response in found.values()]


def _fullest(response: list[Marked]) -> Marked:
    found = max(response, key=_weight)
    found.mark = _mark(found)._replace(began=min(_mark(line).time for line in response))
    return found


def _in_order(lines: list[Marked]) -> list[list[Marked]]:
    """Return the lines of a session by response: the output of a stream never falls, and nothing follows its end."""
    found: list[list[Marked]] = []
    last: Mark | None = None
    for line in lines:
        mark = _mark(line)
        if last is None or mark.counts[:DIGITS] < last.counts[:DIGITS] or (_is_end(last) and _differ(mark, last)):
            found.append([])
        found[-1].append(line)
        last = mark
    return found


def _is_end(mark: Mark) -> bool:
    return mark.counts[DIGITS:] == "1"


def _differ(one: Mark, other: Mark) -> bool:
    return (one.counts, one.context) != (other.counts, other.context)


def _weight(call: Marked) -> str:
    weight: str = call.mark.weight
    return weight


def _mark(call: Marked) -> Mark:
    mark: Mark = call.mark
    return mark
