"""Answers of an index: what the calls of a span of time cost, by an axis."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, NamedTuple

from ..core.late import Late
from ..errors import LLMCostError
from ..logs.session_formats import COPIES, NAMED
from ..logs.sums import Sums
from ..spend.money import joined, rest_of
from .schema import CALLS, QUARTER_US
from .sums import of_calls, rows_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import tzinfo
    from fractions import Fraction

    from ..api.costmap import CostMap
    from ..logs.session_call import SessionCall
    from .index import SessionIndex
    from .sums import Span

# Loaded where a call is priced once more, with all that reads counters.
_writing = Late("llmcost.sessions.writing")
AXES = ("day", "session", "project", "model", "agent")
_COLUMNS = {"day": "quarter", "agent": "format"}
_SECOND = 1_000_000


class Part:
    """A sum of calls.

    Attributes:
        calls, input, cached, output: how many.
        nano, atto: USD, without what no 18 digits hold, which is ``rest``.
        bounds: how many of the calls are lower bounds.
    """

    __slots__ = ("atto", "bounds", "cached", "calls", "input", "nano", "output", "rest")

    def __init__(self) -> None:
        self.calls = self.input = self.cached = self.output = self.nano = self.atto = self.bounds = 0
        self.rest: Fraction | int = 0

    def add(self, row: tuple[int, ...]) -> None:
        """Add the sums of a row."""
        calls, prompts, cached, answers, nano, atto, bounds = row
        self.calls += calls
        self.input += prompts
        self.cached += cached
        self.output += answers
        self.nano += nano
        self.atto += atto
        self.bounds += bounds

    def ratio(self) -> tuple[int, int]:
        """Return the sum in USD as a fraction."""
        return joined(self.nano, self.atto, self.rest)  # type: ignore[arg-type]


class Failed(NamedTuple):
    """Calls that have no cost for one reason: how many, the first of them, and the reason."""

    calls: int
    place: str
    error: Exception


class Answer:
    """What calls cost.

    Attributes:
        rows: by the value of the axis; "" where a call states none.
        failed: the calls that have no cost.
        undated: how many calls state no time, and are in no span.
    """

    def __init__(self) -> None:
        self.rows: Sums[str] = Sums()
        self.failed: list[Failed] = []
        self.undated = 0


def answer(index: SessionIndex, axis: str, span: Span, zone: tzinfo) -> Answer:
    """Return what the calls of a span cost, at the prices of the index."""
    connection = index.connection
    found, column = Answer(), _COLUMNS.get(axis, axis)
    parts: dict[object, Part] = {}
    failures: dict[int, int] = {}
    for value, failure, row in rows_of(connection, span, column):
        if failure:
            failures[failure] = failures.get(failure, 0) + row[0]
        else:
            parts.setdefault(value, Part()).add(row)
    for value, rest in _rests(connection, span, column):
        parts[value].rest += rest
    for value, part in parts.items():
        name = _name(connection, axis, value, zone)
        total = found.rows[name]
        tokens = (part.input, part.cached, part.output)
        total.include(*part.ratio(), part.calls, tokens, bound=part.bounds > 0)
    found.failed = [_failed(index, failure, count, span) for failure, count in failures.items()]
    found.undated = _undated(connection, span)
    return found


def answer_anew(index: SessionIndex, axis: str, span: Span, zone: tzinfo, cost_map: CostMap) -> Answer:
    """Return what the calls of a span cost, at other prices than those of the index."""
    connection = index.connection
    found = Answer()
    failed: dict[str, Failed] = {}
    names: dict[int, str] = {}
    for row in connection.execute(f"{CALLS} WHERE kept AND {span.condition}"):
        _, _, _, form, at, _, _, _, session, project = row
        call: SessionCall = _writing.call_of(row)
        try:
            cost = call.calculate(cost_map=cost_map)
        except (LLMCostError, ValueError) as error:
            before = failed.get(str(error))
            first = Failed(0, call.place, error) if before is None else before
            failed[str(error)] = first._replace(calls=first.calls + 1)
            continue
        if axis == "model":
            name = cost.matched_as or cost.model or ""
        elif axis == "day":
            name = _day(at, zone)
        elif axis == "agent":
            name = NAMED[form].agent
        else:
            number = session if axis == "session" else project
            if number not in names:
                names[number] = _text(connection, number)
            name = names[number]
        found.rows[name].add(cost)
    found.failed = list(failed.values())
    found.undated = _undated(connection, span)
    return found


def passed(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many lines are no calls, by what they are; and how many state a call once more."""
    found = dict(connection.execute("SELECT kind, SUM(count) FROM passed GROUP BY kind"))
    copies = connection.execute(
        "SELECT (SELECT COALESCE(SUM(copies), 0) FROM files) + (SELECT COUNT(*) FROM calls WHERE kept = 0)"
    ).fetchone()[0]
    if copies:
        found[COPIES] = copies
    return found


def problems(connection: sqlite3.Connection, most: int) -> tuple[int, list[tuple[str, int, str]]]:
    """Return how many lines cannot be read, and some of them: file, line and reason."""
    count = connection.execute("SELECT COALESCE(SUM(problems), 0) FROM files").fetchone()[0]
    rows = connection.execute(
        "SELECT path, problems.line, reason FROM problems JOIN files ON files.id = file ORDER BY path, problems.line "
        "LIMIT ?",
        (most,),
    )
    return count, rows.fetchall()


def _rests(connection: sqlite3.Connection, span: Span, column: str) -> Iterator[tuple[object, Fraction]]:
    """Yield the value of a column, and the digits behind the 18th, of calls that have such."""
    found = connection.execute(
        f"SELECT {of_calls(column)}, rest FROM calls WHERE rest IS NOT NULL AND kept AND {span.condition}"
    )
    for value, rest in found:
        yield value, rest_of(rest)


def _failed(index: SessionIndex, failure: int, count: int, span: Span) -> Failed:
    """Return what stands for calls that fail for one reason: the error of the first of them."""
    condition = span.condition
    row = index.connection.execute(
        f"{CALLS} WHERE failure = ? AND kept AND {condition} ORDER BY calls.id LIMIT 1", (failure,)
    ).fetchone()
    call: SessionCall = _writing.call_of(row)
    try:
        call.calculate(cost_map=index.cost_map())
    except (LLMCostError, ValueError) as error:
        return Failed(count, call.place, error)
    return Failed(count, call.place, ValueError(_text(index.connection, failure)))


def _undated(connection: sqlite3.Connection, span: Span) -> int:
    if span.whole:
        return 0
    found: int = connection.execute("SELECT COUNT(*) FROM calls WHERE kept AND at IS NULL").fetchone()[0]
    return found


def _name(connection: sqlite3.Connection, axis: str, value: object, zone: tzinfo) -> str:
    if axis == "day":
        return _day(None if value is None else int(value) * QUARTER_US, zone)  # type: ignore[call-overload]
    if axis == "agent":
        return NAMED[str(value)].agent
    return _text(connection, int(value))  # type: ignore[call-overload]


def _day(at: object, zone: tzinfo) -> str:
    """Return the day of a moment in microseconds; "" for none."""
    if at is None:
        return ""
    moment = datetime.fromtimestamp(int(at) // _SECOND, timezone.utc)  # type: ignore[call-overload]
    return f"{moment.astimezone(zone):%Y-%m-%d}"


def _text(connection: sqlite3.Connection, number: int) -> str:
    found = connection.execute("SELECT text FROM texts WHERE id = ?", (number,)).fetchone()
    return "" if found is None else str(found[0])
