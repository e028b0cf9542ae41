"""Session logs of Codex: ``sessions/<year>/<month>/<day>/rollout-*.jsonl`` and ``archived_sessions``.

A line is ``{"timestamp", "type", "payload"}``. ``turn_context`` names the model of what follows. An ``event_msg`` of
the type ``token_count`` states the tokens of the last call and those of the whole session; it is repeated when
something else changes, such as a rate limit. The cached tokens are inside the input, and the reasoning inside the
output. https://github.com/openai/codex/blob/main/codex-rs/protocol/src/protocol.rs

A fork, and a sub-agent that is started with the conversation so far, begin with a copy of their parent's events. The
copy is no call. Its times may be those of the fork, so that it is known by its counters alone.
"""

from __future__ import annotations

from typing import NamedTuple

from .session_call import SessionCall, inner, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .values import Value

    Fields = dict[str, object]

AGENT = "codex"
_KINDS = frozenset({"session_meta", "turn_context", "event_msg", "response_item", "compacted"})
_COUNTERS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_input_tokens",
    "output_tokens",
    "reasoning_output_tokens",
)
Counters = tuple[int, ...]
_NONE: Counters = (0,) * len(_COUNTERS)
# A sub-agent that does not say that it was forked may begin with the same counters as its parent by chance; with two
# events of the same running totals it does not.
_BY_CHANCE = 1


class Mark(NamedTuple):
    """Where a call stands among those of its session.

    Attributes:
        run: the file, and the line at which the session begins in it.
        session, parent: the ids of the session and of the one that it was forked from; None where none is stated.
        forked: whether the file says that it begins with a copy.
        counters: the running totals and the last call's counters, by which a copy is known.
    """

    run: tuple[str, int]
    session: str | None
    parent: str | None
    forked: bool
    counters: tuple[Counters | None, Counters]


class _Session:
    """One session, as far as its lines were read."""

    def __init__(self, run: tuple[str, int], meta: Fields) -> None:
        self.run = run
        self.identity = text_of(meta, "id")
        fork_of = text_of(meta, "forked_from_id")
        self.parent, self.forked = fork_of or _started_by(meta), fork_of is not None
        self.ancestors = {name for name in (self.identity, self.parent) if name is not None}
        self.project = text_of(meta, "cwd")
        self.model: str | None = None
        self.total: Counters | None = None
        self.number = 0

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

    def last_calls(self, info: Fields) -> list[tuple[Counters | None, Counters]]:
        """Return the running total and the counters of each call that an event states."""
        total, last = _counters(info, "total_token_usage"), _counters(info, "last_token_usage")
        before, self.total = self.total, self.total if total is None else total
        if total is not None and total == before:
            return []
        grown = None if total is None or (before is None and last is not None) else _minus(total, before or _NONE)
        if last is None and total is not None:
            # A total that is smaller than the one before is that of a counter that began anew.
            last = total if grown is None else grown
        if last is None:
            return []
        # Where the total grew by more than the last call, the event of another call was not written.
        missed = None if grown is None else _minus(grown, last)
        return [(total, counters) for counters in (last, missed) if counters is not None and _is_call(counters)]


class Lines:
    """The lines of one file, in their order."""

    agent = AGENT
    # Whether what a line means depends on the lines before it.
    in_order = True

    def __init__(self) -> None:
        self._session: _Session | None = None

    @staticmethod
    def knows(fields: Fields) -> bool:
        """Return whether a line proves by itself that this program wrote it."""
        kind = fields.get("type")
        return (
            isinstance(kind, str)
            and kind in _KINDS
            and isinstance(fields.get("payload"), dict)
            and "timestamp" in fields
        )

    def read(self, fields: Fields, source: str, item: Value) -> list[SessionCall] | str:
        """Return the calls that a line states; for a line that states none, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        kind, payload = text_of(fields, "type") or "line without a type", inner(fields, "payload")
        session = self._session
        if session is None or (kind == "session_meta" and not session.describes(payload)):
            meta = payload if kind == "session_meta" else {}
            session = self._session = _Session((source, item.line), meta)
        if kind == "turn_context":
            session.model = text_of(payload, "model") or session.model
            session.project = text_of(payload, "cwd") or session.project
        elif kind == "event_msg":
            kind = text_of(payload, "type") or kind
            if kind == "token_count":
                found = session.last_calls(inner(payload, "info"))
                return [_call(session, known, fields, item) for known in found] or kind
        return kind


def _started_by(meta: Fields) -> str | None:
    """Return the session that started a sub-agent."""
    spawned = inner(meta, "source", "subagent", "thread_spawn")
    return text_of(meta, "parent_thread_id") or text_of(spawned, "parent_thread_id")


def _call(session: _Session, known: tuple[Counters | None, Counters], fields: Fields, item: Value) -> SessionCall:
    session.number += 1
    entered, cached, written, answer, thought = known[1]
    response: Fields = {
        "object": "response",
        "usage": {
            "input_tokens": entered,
            "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written},
            "output_tokens": answer,
            "output_tokens_details": {"reasoning_tokens": thought},
        },
    }
    if session.model is not None:
        response["model"] = session.model
    beside = {
        "time": fields.get("timestamp"),
        "id": None if session.identity is None else f"{session.identity}:{session.number}",
        "session": session.identity,
        "project": session.project,
        "parent": session.parent,
    }
    mark = Mark(session.run, session.identity, session.parent, session.forked, known)
    return SessionCall(response, beside, session.run[0], item, agent=AGENT, mark=mark)


def _is_call(counters: Counters) -> bool:
    """Return whether anything went in or came out: a context that is full is noted by an event of zeros."""
    return bool(counters[0] or counters[3])


def _counters(info: Fields, name: str) -> Counters | None:
    """Return the counters of an object; None if it is absent. Raises ValueError for what is no count."""
    stated = info.get(name)
    if not isinstance(stated, dict):
        return None
    found = tuple(stated.get(counter) or 0 for counter in _COUNTERS)
    for counter, value in zip(_COUNTERS, found, strict=True):
        if type(value) is not int or value < 0:
            raise ValueError(f"{name}.{counter}={value!r} is no count of tokens: a whole number >= 0")
    return found


def _minus(whole: Counters, part: Counters) -> Counters | None:
    """Return the difference; None if any counter would be below 0."""
    found = tuple(one - other for one, other in zip(whole, part, strict=True))
    return None if min(found) < 0 else found


class Calls:
    """The calls of all files, each counted once."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, int], list[SessionCall]] = {}

    def add(self, call: SessionCall) -> int:
        """Take one more call of a session; return 0, since copies are known when all files are read."""
        self._runs.setdefault(_mark(call).run, []).append(call)
        return 0

    def settled(self) -> tuple[list[SessionCall], int]:
        """Return the calls without those that a file copies from another, and how many copies there were."""
        sessions: dict[str, list[list[SessionCall]]] = {}
        found: list[SessionCall] = []
        # The longest first, so that files of one session are copies of the one that holds most.
        for run in sorted(self._runs.values(), key=lambda run: (-len(run), _texts(run))):
            identity = _mark(run[0]).session
            if identity is None:
                found += run
            else:
                sessions.setdefault(identity, []).append(run)
        copies = 0
        orphans: dict[str, list[list[SessionCall]]] = {}
        for runs in sessions.values():
            for number, run in enumerate(runs):
                mark = _mark(run[0])
                if number:
                    skipped = _copied(run, runs[:number], 0)
                else:
                    others = sessions.get(mark.parent or "")
                    if others is None or mark.parent == mark.session:
                        # Copies of a parent whose file is lost are the only trace of its calls: one of them counts.
                        others = orphans.setdefault(mark.parent or "", []) if mark.parent else []
                        skipped = _copied(run, others, 0 if mark.forked else _BY_CHANCE)
                        others.append(run)
                    else:
                        skipped = _copied(run, others, 0 if mark.forked else _BY_CHANCE)
                copies += skipped
                found += run[skipped:]
        return found, copies


def _copied(run: list[SessionCall], others: Iterable[list[SessionCall]], by_chance: int) -> int:
    """Return how many calls at the beginning of a session stand in one of the others, one after the other."""
    own = [_mark(call).counters for call in run]
    longest = 0
    for other in others:
        theirs = [_mark(call).counters for call in other]
        for start, counters in enumerate(theirs):
            if counters != own[0]:
                continue
            same = 0
            while same < len(own) and start + same < len(theirs) and own[same] == theirs[start + same]:
                same += 1
            longest = max(longest, same)
    return longest if longest > by_chance else 0


def _mark(call: SessionCall) -> Mark:
    mark: Mark = call.mark
    return mark


def _texts(run: list[SessionCall]) -> list[str]:
    return [f"{call.time} {_mark(call).counters}" for call in run]
