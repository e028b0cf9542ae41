"""Session logs of Codex: ``sessions/<year>/<month>/<day>/rollout-*.jsonl`` and ``archived_sessions``.

A line is ``{"timestamp", "type", "payload"}``. ``turn_context`` names the model of what follows. An ``event_msg`` of
the type ``token_count`` states the tokens of the last call and those of the whole session; it is repeated when
something else changes, such as a rate limit. The cached tokens are inside the input, and the reasoning inside the
output. Newer versions also write a ``token_usage_record`` for each response, with its id; that of a response which
compacts the conversation has no ``token_count``. ``thread_settings_applied`` of newer versions states all settings of
the calls that follow, with the service tier that they ask for; one without a tier asks for none.
https://github.com/openai/codex/blob/main/codex-rs/protocol/src/protocol.rs

A fork, and a sub-agent that is started with the conversation so far, begin with a copy of their parent's events. The
copy is no call. Its times may be those of the fork, so that it is known by its counters, and by the ids of responses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..readers.codex_exec import COUNTERS
from .best_lines import DIGITS
from .codex_copies import Calls, Counters, Mark
from .session_format import Found, count_of, inner, kind_of, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]

_RECORD = "token_usage_record"
_KINDS = frozenset(
    {
        "session_meta",
        "turn_context",
        "event_msg",
        "response_item",
        "compacted",
        _RECORD,
        "world_state",
        "inter_agent_communication",
        "inter_agent_communication_metadata",
        "retained_context",
        "security_risk_score",
        "realtime_item",
    }
)
_NONE: Counters = (0,) * len(COUNTERS)
# Records that wait for their event, and events for their record: a compaction has no event, older calls no record.
_MOST_WAITING = 50


class _Session:
    """One session, as far as its lines were read."""

    def __init__(self, run: tuple[str, int], meta: Fields) -> None:
        self.run = run
        self.identity = text_of(meta, "id")
        fork_of = text_of(meta, "forked_from_id")
        self.parent, self.forked = fork_of or _started_by(meta), fork_of is not None
        self.ancestors = {name for name in (self.identity, self.parent) if name is not None}
        self.begins = _ordinal(meta.get("subagent_history_start_ordinal"))
        self.project = text_of(meta, "cwd")
        self.model: str | None = None
        self.tier: str | None = None
        self.total: Counters | None = None
        self.number = 0
        # Responses with a record and no event yet, and calls of events without a record yet.
        self.waiting: list[Counters] = []
        self.unrecorded: list[Counters] = []

    def state(self) -> list[Any]:
        """Return all that is known, as JSON can hold it."""
        ids = [self.identity, self.parent, self.forked, sorted(self.ancestors), self.begins]
        counted = [self.number, self.total, self.unrecorded, self.waiting]
        return [*self.run, *ids, self.project, self.model, self.tier, *counted]

    @classmethod
    def of(cls, state: list[Any]) -> _Session:
        """Return the session of such a state."""
        found = cls((state[0], state[1]), {})
        found.identity, found.parent, found.forked, ancestors, found.begins = state[2:7]
        found.project, found.model, found.tier, found.number, total, unrecorded, waiting = state[7:]
        found.ancestors, found.total = set(ancestors), None if total is None else tuple(total)
        found.waiting, found.unrecorded = ([tuple(counters) for counters in kept] for kept in (waiting, unrecorded))
        return found

    def describes(self, meta: Fields) -> bool:
        """Take a description that stands inside this session; return whether it is one, and not of the next session."""
        identity = text_of(meta, "id")
        if identity not in self.ancestors:
            return False
        if identity != self.identity:
            self.forked = True
        older = text_of(meta, "forked_from_id") or _started_by(meta)
        if older is not None:
            self.ancestors.add(older)
        return True

    def applies(self, settings: Fields, *, whole: bool = False) -> None:
        """Take the settings of the calls that follow; ``whole``: they are all that the thread has, its tier too."""
        self.model = text_of(settings, "model") or self.model
        self.project = text_of(settings, "cwd") or self.project
        if whole:
            self.tier = text_of(settings, "service_tier")

    def recorded(self, record: Fields) -> list[tuple[Counters | None, Counters]]:
        """Return the running total and the counters of a response, unless its event came before."""
        usage = _counters(record, "usage")
        if usage is None or not _is_call(usage):
            return []
        thread = text_of(record, "thread_id")
        if thread is not None and thread not in self.ancestors:
            self.parent, self.forked = self.parent or thread, True
            self.ancestors.add(thread)
        if usage in self.unrecorded:
            self.unrecorded.remove(usage)
            return []
        self.waiting = [*self.waiting, usage][-_MOST_WAITING:]
        return [(_counters(record, "thread_token_usage"), usage)]

    def counted(self, info: Fields) -> list[tuple[Counters | None, Counters]]:
        """Return the running total and the counters of each call that an event states, and no record before it."""
        found = [known for known in self._last_calls(info) if not self._has_record(known[1])]
        self.unrecorded = [*self.unrecorded, *(counters for _, counters in found)][-_MOST_WAITING:]
        return found

    def _has_record(self, counters: Counters) -> bool:
        """Return whether records state these counters, of one response or of the last ones together."""
        whole = counters
        for number in range(len(self.waiting) - 1, -1, -1):
            if self.waiting[number] == counters:
                del self.waiting[number]
                return True
        for number in range(len(self.waiting) - 1, -1, -1):
            rest = _minus(whole, self.waiting[number])
            if rest is None:
                return False
            if rest == _NONE:
                del self.waiting[number:]
                return True
            whole = rest
        return False

    def _last_calls(self, info: Fields) -> list[tuple[Counters | None, Counters]]:
        total, last = _counters(info, "total_token_usage"), _counters(info, "last_token_usage")
        before, self.total = self.total, self.total if total is None else total
        if total is not None and total == before:
            return []
        grown = None if total is None or (before is None and last is not None) else _minus(total, before or _NONE)
        if last is None and total is not None:
            # The total is smaller than the one before: the counter began anew.
            last = total if grown is None else grown
        if last is None:
            return []
        # Where the total grew by more than the last call, the event of another call was not written.
        missed = None if grown is None else _minus(grown, last)
        return [(total, counters) for counters in (last, missed) if counters is not None and _is_call(counters)]


class Lines:
    """The lines of one file, in their order."""

    in_order = True

    def __init__(self) -> None:
        self._session: _Session | None = None

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        kind = fields.get("type")
        return (
            isinstance(kind, str)
            and kind in _KINDS
            and isinstance(fields.get("payload"), dict)
            and "timestamp" in fields
        )

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return the calls of a line; for a line without calls, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        kind, payload = kind_of(fields), inner(fields, "payload")
        session = self._session
        if session is None or (kind == "session_meta" and not session.describes(payload)):
            meta = payload if kind == "session_meta" else {}
            session = self._session = _Session(place, meta)
        found: list[tuple[Counters | None, Counters]] = []
        if kind == "turn_context":
            session.applies(payload)
        elif kind == _RECORD:
            found = session.recorded(payload)
        elif kind == "event_msg":
            kind = text_of(payload, "type") or kind
            if kind == "token_count":
                found = session.counted(inner(payload, "info"))
            elif kind == "thread_settings_applied":
                session.applies(inner(payload, "thread_settings"), whole=True)
        if found and session.begins and _ordinal(fields.get("ordinal")) < session.begins:
            session.forked = True
        return [_found(session, known, fields, payload) for known in found] or kind

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [] if self._session is None else self._session.state()

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        self._session = _Session.of(state) if state else None


def _started_by(meta: Fields) -> str | None:
    """Return the session that started a sub-agent."""
    spawned = inner(meta, "source", "subagent", "thread_spawn")
    return text_of(meta, "parent_thread_id") or text_of(spawned, "parent_thread_id")


def _ordinal(value: object) -> int:
    """Return the number of a line among those of its file, which some versions write as text; 0 for none."""
    if isinstance(value, str) and value.isdecimal() and len(value) <= DIGITS:
        return int(value)
    return value if type(value) is int else 0


def _found(session: _Session, known: tuple[Counters | None, Counters], fields: Fields, payload: Fields) -> Found:
    session.number += 1
    answered = text_of(payload, "response_id")
    entered, cached, written, answer, thought = known[1]
    response = counted(session.model, entered, cached, written, answer, thought)
    beside = {
        "time": fields.get("timestamp"),
        "id": answered or (None if session.identity is None else f"{session.identity}:{session.number}"),
        "session": session.identity,
        "project": session.project,
        "parent": session.parent,
        "service_tier": session.tier,
    }
    time = text_of(fields, "timestamp") or ""
    of = answered and (answered, text_of(payload, "thread_id") not in {None, session.identity})
    mark = Mark(session.run, session.number, session.identity, session.parent, session.forked, time, known, of or None)
    return Found(response, beside, mark)


def counted(model: str | None, entered: int, cached: int, written: int, answer: int, thought: int) -> Fields:
    """Return the response that has these counters: what is cached is inside the input, and thoughts in the answer."""
    response: Fields = {
        "object": "response",
        "usage": {
            "input_tokens": entered,
            "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written},
            "output_tokens": answer,
            "output_tokens_details": {"reasoning_tokens": thought},
        },
    }
    if model is not None:
        response["model"] = model
    return response


def _is_call(counters: Counters) -> bool:
    """Return whether anything went in or came out: a context that is full is noted by an event of zeros."""
    return bool(counters[0] or counters[3])


def _counters(info: Fields, name: str) -> Counters | None:
    """Return the counters of an object; None if it is absent. Raises ValueError for what is no count."""
    stated = info.get(name)
    if not isinstance(stated, dict):
        return None
    return tuple(count_of(stated, counter, name) for counter in COUNTERS)


def _minus(whole: Counters, part: Counters) -> Counters | None:
    """Return the difference; None if any counter would be below 0."""
    found = tuple(one - other for one, other in zip(whole, part, strict=True))
    return None if min(found) < 0 else found
