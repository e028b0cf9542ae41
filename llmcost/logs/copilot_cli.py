"""Session logs of GitHub Copilot's command line: ``session-state/<session>/events.jsonl``.

A line is an event. When the program ends, ``session.shutdown`` states what each model has used, those of sub-agents
included. A session that is resumed goes on in the same file, and its next end counts from there. Until the end a
message of the assistant states its output alone, and a summary that compacts the conversation all of its counters:
where a program was killed, they make a lower bound. ``assistant.usage`` after each call is not written to this file; it
counts where somebody has kept all events.
https://github.com/github/copilot-sdk/blob/main/docs/features/streaming-events.md
https://github.com/github/copilot-cli/issues/3994
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import MissingUsageError
from ..readers.copilot_events import CALL, END, read
from .best_lines import OfOneName, keep_best, weight
from .session_format import Found, count_of, inner, kind_of, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Marked, Place

_OF_SESSION = "session."
_MESSAGE, _SUMMARY = "assistant.message", "session.compaction_complete"
# What counts of one run of the program: the calls themselves, else its end, else what is said of them before it.
_BEFORE, _AT_THE_END, _EACH = 0, 1, 2
_COUNTERS = ("inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens")


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
            self._hear(data)
        if kind == END:
            models = inner(data, "modelMetrics")
            ends = [self._end(fields, str(model), inner(models, model)) for model in models]
            found = [call for call in ends if call is not None]
            # An end that counts nothing leaves the run open.
            self._run += bool(found)
            return found or kind
        if kind == CALL:
            return self._call(fields, data, _EACH) or kind
        if kind == _SUMMARY:
            return self._call(fields, inner(data, "compactionTokensUsed"), _BEFORE) or kind
        if kind == _MESSAGE:
            stated: Fields = {name: data[name] for name in ("model", "outputTokens") if name in data}
            return self._call(fields, stated, _BEFORE) or kind
        return kind

    def _hear(self, data: Fields) -> None:
        """Keep what an event of the session says of the calls that follow."""
        self._session = text_of(data, "sessionId") or self._session
        # Where it works stands in the first event, and is an event of its own where it changes.
        self._project = text_of(inner(data, "context"), "cwd") or text_of(data, "cwd") or self._project
        self._model = text_of(data, "newModel") or text_of(data, "selectedModel") or self._model

    def _call(self, fields: Fields, stated: Fields, rank: int) -> list[Found]:
        """Return the call that an event counts; nothing if it counts none."""
        tokens = sum(count_of(stated, name, "data") for name in _COUNTERS)
        if not tokens:
            return []
        response: Fields = {"type": CALL, "data": {"model": self._model, **stated}}
        return [self._found(fields, response, "", rank, tokens)]

    def _end(self, fields: Fields, model: str, stated: Fields) -> Found | None:
        """Return what a model has used in a run; None for one that has counted nothing."""
        response: Fields = {"type": END, "data": {"modelMetrics": {model: stated}}}
        try:
            tokens = sum(read(response).quantities.values())
        except MissingUsageError:
            return None
        return self._found(fields, response, model, _AT_THE_END, int(tokens))

    def _found(self, fields: Fields, response: Fields, model: str, rank: int, tokens: int) -> Found:
        key = " ".join(part for part in (text_of(fields, "id") or text_of(fields, "timestamp"), model) if part)
        beside = {
            "time": fields.get("timestamp"),
            "id": key,
            "session": self._session,
            "project": self._project,
            "subagent": fields.get("agentId"),
        }
        return Found(response, beside, Mark(f"{self._session} {self._run}", key, rank, weight(tokens)))

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [self._session, self._project, self._model, self._run]

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        self._session, self._project, self._model, self._run = state or (None, None, None, 0)
