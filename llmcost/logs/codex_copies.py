"""Calls of Codex that stand in several files: forks and sub-agents begin with a copy of their parent's events."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .session_format import Marked

Counters = tuple[int, ...]
# A sub-agent that does not say that it was forked may begin with the same counters as its parent by chance; with two
# events of the same running totals it does not.
_BY_CHANCE = 1


class Mark(NamedTuple):
    """Where a call stands among those of its session.

    Attributes:
        run: the file, and the line at which the session begins in it.
        number: which call of the run it is.
        session, parent: the ids of the session and of the one that it was forked from; None where none is stated.
        forked: whether the file says that it begins with a copy.
        time: of the event, as it is written.
        counters: the running totals and the last call's counters, by which a copy is known.
        answered: the id of the response, and whether it is one of another session; None where none is stated.
    """

    run: tuple[str, int]
    number: int
    session: str | None
    parent: str | None
    forked: bool
    time: str
    counters: tuple[Counters | None, Counters]
    answered: tuple[str, bool] | None = None

    @classmethod
    def of(cls, kept: list[Any]) -> Mark:
        """Return the mark that was kept as this JSON."""
        run, number, session, parent, forked, time, (total, last), answered = kept
        counters = (None if total is None else tuple(total), tuple(last))
        of = None if answered is None else (answered[0], answered[1])
        return cls((run[0], run[1]), number, session, parent, forked, time, counters, of)

    @property
    def name(self) -> str:
        """The session, of which there may be several files."""
        return self.session or self.key

    @property
    def told(self) -> str:
        """Nothing: the ids of two calls differ."""
        return ""

    @property
    def kin(self) -> str | None:
        """The session whose calls may be copied."""
        return self.parent

    @property
    def key(self) -> str:
        """What tells the call from all others."""
        return f"{self.run[0]}:{self.run[1]}:{self.number}"

    @property
    def weight(self) -> str:
        """Nothing: an event states its call once."""
        return ""


class Calls:
    """The calls of all files, each counted once."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, int], list[Marked]] = {}

    def add(self, call: Marked) -> int:
        """Take one more call of a session; return 0, since copies are known when all files are read."""
        self._runs.setdefault(_mark(call).run, []).append(call)
        return 0

    def settled(self) -> tuple[list[Marked], int]:
        """Return the calls without those that a file copies from another, and how many copies there were."""
        sessions: dict[str, list[list[Marked]]] = {}
        found: list[Marked] = []
        # The longest first, so that files of one session are copies of the one that holds most.
        for run in sorted(self._runs.values(), key=lambda run: (-len(run), _texts(run))):
            identity = _mark(run[0]).session
            if identity is None:
                found += run
            else:
                sessions.setdefault(identity, []).append(run)
        copies = 0
        orphans: dict[str, list[list[Marked]]] = {}
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
        once = _once(found)
        return once, copies + len(found) - len(once)


def _once(calls: list[Marked]) -> list[Marked]:
    """Return calls without those of a response that another call states, of its own session if there is one."""
    by_response: dict[str, Marked] = {}
    for call in calls:
        answered = _mark(call).answered
        if answered is not None:
            before = by_response.setdefault(answered[0], call)
            if _mark(before).answered[1] and not answered[1]:  # type: ignore[index]  # it has one
                by_response[answered[0]] = call
    return [call for call in calls if (of := _mark(call).answered) is None or by_response[of[0]] is call]


def _copied(run: list[Marked], others: Iterable[list[Marked]], by_chance: int) -> int:
    """Return how many calls at the beginning of a session stand in one of the others, one after the other."""
    own = [_mark(call) for call in run]
    longest = 0
    for other in others:
        theirs = [_mark(call) for call in other]
        for start, mark in enumerate(theirs):
            if mark.counters[1] != own[0].counters[1] or not _is_copy(own[0], mark):
                continue
            same = 0
            while same < len(own) and start + same < len(theirs) and _is_copy(own[same], theirs[start + same]):
                same += 1
            longest = max(longest, same)
    return longest if longest > by_chance else 0


def _is_copy(one: Mark, other: Mark) -> bool:
    """Return whether two calls have the same counters; the totals of a record and of an event may differ."""
    if (one.answered is None) is (other.answered is None):
        return one.counters == other.counters
    return one.counters[1] == other.counters[1]


def _mark(call: Marked) -> Mark:
    mark: Mark = call.mark
    return mark


def _texts(run: list[Marked]) -> list[str]:
    return [f"{_mark(call).time} {_mark(call).counters}" for call in run]
