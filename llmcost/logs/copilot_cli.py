"""Session logs of GitHub Copilot's command line: ``session-state/<session>/events.jsonl``.

A line is an event. When the program ends, ``session.shutdown`` states what each model has used, those of sub-agents
included. Until the end a message of the assistant states its output alone, and a summary that compacts the conversation
all of its counters: where a program was killed, they make a lower bound. ``assistant.usage`` after each call is not
written to this file; it counts where somebody has kept all events.
https://github.com/github/copilot-sdk/blob/main/docs/features/streaming-events.md

A session that is resumed goes on in the same file. Its next end counts from there in some versions, and from the start
of the session in others; what the messages state since the end before tells which.
https://github.com/github/copilot-cli/issues/1628, https://github.com/ccusage/ccusage/issues/1721
What was used before a session was left without an end is in no later one.
https://github.com/github/copilot-cli/issues/3994
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..readers.copilot_events import CALL, END
from .best_lines import OfOneName, keep_best, weight
from .session_format import Found, count_of, inner, kind_of, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Marked, Place

    # What an end counts, by models.
    Counts = dict[str, dict[str, int]]

_OF_SESSION = "session."
_START, _RESUME = "session.start", "session.resume"
_MESSAGE, _SUMMARY = "assistant.message", "session.compaction_complete"
# What a summary has used, as the documentation of the events names it.
_OLD_NAMES = {"input": "inputTokens", "output": "outputTokens", "cachedInput": "cacheReadTokens"}
# A session that is joined while it works for somebody else goes on as it was.
_JOINED = ("alreadyInUse", "sessionWasActive")
# What counts of one run of the program: the calls themselves, else its end, else what is said of them before it.
_BEFORE, _AT_THE_END, _EACH = 0, 1, 2
_OUTPUT, _REASONING, _REQUESTS = "outputTokens", "reasoningTokens", "count"
_COUNTERS = ("inputTokens", _OUTPUT, "cacheReadTokens", "cacheWriteTokens")


class _Fields(NamedTuple):
    name: str
    key: str
    rank: int
    weight: str


class Mark(OfOneName, _Fields):
    """What tells a call from others.

    Attributes:
        name: the session, and which run of the program it is.
        key: the event, and the model.
        rank: whether the event is one before the end of the run, the end itself, or of one call.
        weight: the event with the greatest counts.
    """

    __slots__ = ()


class Calls:
    """The calls of all files, each counted once."""

    def __init__(self) -> None:
        self._runs: dict[str, dict[str, Marked]] = {}

    def add(self, call: Marked) -> int:
        """Take one more event; return how many it makes superfluous."""
        return keep_best(self._runs.setdefault(call.mark.name, {}), call.mark.key, call)

    def settled(self) -> tuple[list[Marked], int]:
        """Return the calls, and how many events of a run say less than others do."""
        found: list[Marked] = []
        left = 0
        for run in self._runs.values():
            best = max(call.mark.rank for call in run.values())
            kept = [call for call in run.values() if call.mark.rank == best]
            found += kept
            left += len(run) - len(kept)
        return found, left


class Lines:
    """The lines of one file, in their order."""

    in_order = True

    def __init__(self) -> None:
        self._session: str | None = None
        self._project: str | None = None
        self._model: str | None = None
        self._run = 0
        # The output that was stated in this run, and what the last end of the session counted, model by model.
        self._told = 0
        self._ended: Counts = {}

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        return "parentId" in fields and "timestamp" in fields and isinstance(fields.get("data"), dict)

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the calls of an event; for one without a call, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        kind, data = kind_of(fields), inner(fields, "data")
        self._session = self._session or place[0]
        if kind.startswith(_OF_SESSION):
            self._hear(kind, data)
        if kind == END:
            return self._end(fields, inner(data, "modelMetrics")) or kind
        if kind == CALL:
            return self._call(fields, data, _EACH) or kind
        if kind == _SUMMARY:
            stated = inner(data, "compactionTokensUsed")
            return self._call(fields, {_OLD_NAMES.get(name, name): stated[name] for name in stated}, _BEFORE) or kind
        if kind == _MESSAGE:
            stated = {name: data[name] for name in ("model", "outputTokens") if name in data}
            return self._call(fields, stated, _BEFORE) or kind
        return kind

    def _hear(self, kind: str, data: Fields) -> None:
        """Keep what an event of the session says of the calls that follow."""
        if kind == _START:
            # A file may hold several sessions, or one of them twice.
            self._project = self._model = None
            self._run, self._told, self._ended = 0, 0, {}
        elif kind == _RESUME and not any(data.get(name) is True for name in _JOINED):
            self._run, self._told = self._run + 1, 0
        self._session = text_of(data, "sessionId") or self._session
        # Where it works stands in the first event, and is an event of its own where it changes.
        self._project = text_of(inner(data, "context"), "cwd") or text_of(data, "cwd") or self._project
        self._model = text_of(data, "newModel") or text_of(data, "selectedModel") or self._model

    def _call(self, fields: Fields, stated: Fields, rank: int) -> list[Found]:
        """Return the call that an event counts; nothing if it counts none."""
        tokens = sum(count_of(stated, name, "data") for name in _COUNTERS)
        if not tokens:
            return []
        if rank == _BEFORE:
            self._told += count_of(stated, _OUTPUT, "data")
        response: Fields = {"type": CALL, "data": {"model": self._model, **stated}}
        return [self._found(fields, response, "", rank, tokens)]

    def _end(self, fields: Fields, models: Fields) -> list[Found]:
        """Return what each model has used in a run; nothing for an end that counts nothing, which leaves it open."""
        now = {str(model): _counts(inner(models, model)) for model in models}
        now = {model: counts for model, counts in now.items() if _tokens(counts)}
        before = self._ended if self._goes_on(now) else {}
        found = []
        for model, all_of_it in now.items():
            stated, counts = inner(models, model), all_of_it
            if model in before:
                counts = {name: count - before[model][name] for name, count in counts.items()}
                requests: Fields = {**inner(stated, "requests"), _REQUESTS: counts[_REQUESTS]}
                usage = {name: counts.get(name, value) for name, value in inner(stated, "usage").items()}
                stated = {**stated, "requests": requests, "usage": usage}
            if _tokens(counts):
                response: Fields = {"type": END, "data": {"modelMetrics": {model: stated}}}
                ended = not before or self._told > 0
                found.append(self._found(fields, response, model, _AT_THE_END, _tokens(counts), ended=ended))
        if now:
            self._ended = now
        if found:
            self._run, self._told = self._run + 1, 0
        return found

    def _goes_on(self, now: Counts) -> bool:
        """Return whether an end counts from the start of the session, and not from the end before.

        Then no counter has fallen, and what it adds holds the output that was stated since.
        """
        before = self._ended
        if not before or any(now.get(model, {}).get(n, 0) < c for model in before for n, c in before[model].items()):
            return False
        return sum(row[_OUTPUT] for row in now.values()) - sum(row[_OUTPUT] for row in before.values()) >= self._told

    def _found(
        self, fields: Fields, response: Fields, model: str, rank: int, tokens: int, *, ended: bool = True
    ) -> Found:
        key = " ".join(part for part in (text_of(fields, "id") or text_of(fields, "timestamp"), model) if part)
        beside = {
            "time": fields.get("timestamp"),
            "id": key,
            "session": self._session,
            "project": self._project,
            "subagent": fields.get("agentId"),
        }
        return Found(response, beside, Mark(f"{self._session} {self._run}", key, rank, weight(tokens)), ended)

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [self._session, self._project, self._model, self._run, self._told, self._ended]

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        if state:
            self._session, self._project, self._model, self._run, self._told, self._ended = state


def _counts(stated: Fields) -> dict[str, int]:
    """Return the counters of a model at an end, and the number of its calls."""
    usage = inner(stated, "usage")
    counts = {name: count_of(usage, name, "usage") for name in (*_COUNTERS, _REASONING)}
    return {**counts, _REQUESTS: count_of(inner(stated, "requests"), _REQUESTS, "requests")}


def _tokens(counts: dict[str, int]) -> int:
    return sum(counts[name] for name in _COUNTERS)
