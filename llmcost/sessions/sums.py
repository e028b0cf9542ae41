"""Sums of an index: kept by the quarter of an hour, and added up for an answer."""

from __future__ import annotations

from .schema import QUARTER_US

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_KEY = "session, project, model, format, failure"
_OF_CALLS = "COUNT(*), SUM(input), SUM(cached), SUM(output), SUM(nano), SUM(atto), SUM(bound)"
_OF_SUMS = "SUM(calls), SUM(input), SUM(cached), SUM(output), SUM(nano), SUM(atto), SUM(bounds)"
_RENEW = f"""
INSERT INTO sums SELECT at / {QUARTER_US}, {_KEY}, {_OF_CALLS} FROM calls WHERE kept AND {{where}}
GROUP BY at / {QUARTER_US}, {_KEY}
"""
# More quarters than this are made anew together.
_FEW = 500


def renew(connection: sqlite3.Connection) -> None:
    """Make the sums anew of quarters whose calls have changed; inside the caller's transaction."""
    execute = connection.execute
    stale = [quarter for (quarter,) in execute("SELECT quarter FROM stale")]
    if len(stale) > _FEW:
        execute("DELETE FROM sums")
        execute(_RENEW.format(where="at IS NOT NULL"))
    else:
        for quarter in stale:
            execute("DELETE FROM sums WHERE quarter = ?", (quarter,))
            begin = quarter * QUARTER_US
            execute(_RENEW.format(where="at >= ? AND at < ?"), (begin, begin + QUARTER_US))
    execute("DELETE FROM stale")


class Span:
    """A span of time: from ``first`` on, and before ``last``, in microseconds; None for no bound."""

    def __init__(self, first: int | None = None, last: int | None = None) -> None:
        self.first, self.last = first, last

    @property
    def whole(self) -> bool:
        """Whether all calls are in it, those too that state no time."""
        return self.first is None and self.last is None

    def parted(self) -> tuple[str, list[str]]:
        """Return the condition of whole quarters, and those of calls beside them."""
        if self.whole:
            return "1", ["at IS NULL"]
        first = None if self.first is None else -(-self.first // QUARTER_US)
        last = None if self.last is None else self.last // QUARTER_US
        if first is not None and last is not None and first > last:
            return "0", [f"at >= {self.first} AND at < {self.last}"]
        bounds, edges = [], []
        if first is not None:
            bounds.append(f"quarter >= {first}")
            edges.append(f"at >= {self.first} AND at < {first * QUARTER_US}")
        if last is not None:
            bounds.append(f"quarter < {last}")
            edges.append(f"at >= {last * QUARTER_US} AND at < {self.last}")
        return " AND ".join(bounds), edges

    @property
    def condition(self) -> str:
        """The condition of the calls in it."""
        bounds = [] if self.first is None else [f"at >= {self.first}"]
        bounds += [] if self.last is None else [f"at < {self.last}"]
        return " AND ".join(bounds) or "1"


def rows_of(connection: sqlite3.Connection, span: Span, column: str) -> Iterator[tuple[object, int, tuple[int, ...]]]:
    """Yield the value of a column, the number of a failure (0 for none), and the sums of calls that have both.

    ``quarter`` is a column too; None for calls that state no time.
    """
    whole, beside = span.parted()
    found = connection.execute(
        f"SELECT {column}, failure, {_OF_SUMS} FROM sums WHERE {whole} GROUP BY {column}, failure"
    )
    for value, failure, *row in found:
        yield value, failure, _whole(row)
    own = of_calls(column)
    for where in beside:
        found = connection.execute(
            f"SELECT {own}, failure, {_OF_CALLS} FROM calls WHERE kept AND {where} GROUP BY {own}, failure"
        )
        for value, failure, *row in found:
            yield value, failure, _whole(row)


def _whole(row: list[int]) -> tuple[int, ...]:
    """Return sums; raise sqlite3.DatabaseError where one is none, which a damaged index alone has."""
    if None in row:
        import sqlite3

        raise sqlite3.DatabaseError("the index is damaged")
    return tuple(row)


def of_calls(column: str) -> str:
    """Return a column of the sums as an expression of the calls."""
    return f"at / {QUARTER_US}" if column == "quarter" else column


def spent(
    connection: sqlite3.Connection, span: Span, session: str | None = None, *, more: int = 0
) -> tuple[int, int, int]:
    """Return what calls of a span cost as nano and atto, and how many of them, and of ``more``, make it a lower bound.

    What no 18 digits hold is left out.
    """
    own = ""
    if session is not None:
        code = connection.execute("SELECT id FROM texts WHERE text = ?", (session,)).fetchone()
        if code is None:
            return 0, 0, more
        own = f" AND session = {code[0]}"
    whole, beside = span.parted()
    asked = [f"SELECT SUM(nano), SUM(atto), SUM(bounds) FROM sums WHERE {whole}{own}"]
    asked += [f"SELECT SUM(nano), SUM(atto), SUM(bound) FROM calls WHERE kept AND {where}{own}" for where in beside]
    nano = atto = bounds = 0
    for query in asked:
        row = connection.execute(query).fetchone()
        nano, atto, bounds = (before + (one or 0) for before, one in zip((nano, atto, bounds), row, strict=True))
    return nano, atto, bounds + more
