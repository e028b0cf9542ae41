"""What other prices make of a log: sums per model, the lines that are in none, and what had to be assumed."""

from __future__ import annotations

from decimal import Context, Decimal

from ..core.exact import decimal_of, plain
from ..errors import printable
from .sums import Amounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost

# Wide enough for every sum of exact amounts, and independent of the caller's decimal context.
_WIDE = Context(prec=200, traps=[])
_PERCENT = Context(prec=28, traps=[])


class LineError:
    """A line that is in no sum, and why.

    Attributes:
        line: the number of the record, from 1.
        message: why.
        error: what was raised.
        source: the file; empty where the log is no file.
    """

    __slots__ = ("error", "line", "source")

    def __init__(self, line: int, error: Exception, source: str = "") -> None:
        self.line, self.error, self.source = line, error, source

    @property
    def message(self) -> str:
        """Why the line could not be priced."""
        return str(self.error)

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict."""
        source = {"source": self.source} if self.source else {}
        return {**source, "line": self.line, "type": type(self.error).__name__, "message": self.message}

    def __repr__(self) -> str:
        return printable(f"<line {self.line}: {self.message}>")


class Row:
    """What the calls of one model cost then and anew, in USD.

    Attributes:
        model: the map key, or the name that was called where no key is known.
        calls: how many.
        recorded: how many of the calls had a recorded cost.
        old_bound, new_bound: whether the sum is a lower bound: something has no rate, or a response broke off.
    """

    __slots__ = ("_new", "_old", "calls", "model", "new_bound", "old_bound", "recorded")

    def __init__(self, model: str) -> None:
        self.model = model
        self.calls = self.recorded = 0
        self._old, self._new = Amounts(), Amounts()
        self.old_bound, self.new_bound = False, False

    @property
    def old(self) -> Decimal:
        """What they cost: recorded costs, and the prices of their own time."""
        return decimal_of(*self._old.ratio())[0]

    @property
    def new(self) -> Decimal:
        """What they cost anew."""
        return decimal_of(*self._new.ratio())[0]

    @property
    def exact(self) -> bool:
        """Whether every digit of both sums is exact."""
        return decimal_of(*self._old.ratio())[1] and decimal_of(*self._new.ratio())[1]

    @property
    def delta(self) -> Decimal:
        """New less old."""
        return _WIDE.subtract(self.new, self.old)

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of the old cost; None if that is 0."""
        return _PERCENT.divide(_WIDE.multiply(self.delta, Decimal(100)), self.old) if self.old else None

    @property
    def lower_bound(self) -> bool:
        """Whether one of the sums is a lower bound, so that the difference is not exact."""
        return self.old_bound or self.new_bound

    def add(self, old: Cost | Decimal, new: Cost) -> None:
        """Add one call; its old cost is a recorded one, or a Cost by the prices of its own time."""
        self.calls += 1
        units, of_usd = new.in_units()
        self._new[of_usd] += units
        bound = new.lower_bound
        if bound:
            self.new_bound = True
        if old is not new:
            if isinstance(old, Decimal):
                self.recorded += 1
                units, of_usd = old.as_integer_ratio()
                bound = False
            else:
                units, of_usd = old.in_units()
                bound = old.lower_bound
        self._old[of_usd] += units
        if bound:
            self.old_bound = True

    def add_rated(self, calls: int, old: tuple[int, int], new: tuple[int, int]) -> None:
        """Add calls without remarks: what they cost then and anew, in USD as fractions."""
        self.calls += calls
        self._old[old[1]] += old[0]
        self._new[new[1]] += new[0]

    def join(self, other: Row) -> None:
        """Add the calls of another row."""
        self.calls += other.calls
        self.recorded += other.recorded
        self._old.join(other._old)
        self._new.join(other._new)
        self.old_bound = self.old_bound or other.old_bound
        self.new_bound = self.new_bound or other.new_bound

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        percent = self.percent
        return {
            "model": self.model,
            "calls": self.calls,
            "old": plain(self.old, 0),
            "new": plain(self.new, 0),
            "delta": plain(self.delta, 0),
            "percent": None if percent is None else round(float(percent), 2),
            "recorded": self.recorded,
            "exact": self.exact,
            "old_lower_bound": self.old_bound,
            "new_lower_bound": self.new_bound,
        }

    def __repr__(self) -> str:
        percent = self.percent
        share = "" if percent is None else f" ({percent:+.1f}%)"
        bounds = [">=" if bound else "" for bound in (self.old_bound, self.new_bound)]
        change = f"{bounds[0]}{plain(self.old)} -> {bounds[1]}{plain(self.new)} USD{share}"
        return printable(f"<{self.model}: {self.calls} call{'s' if self.calls != 1 else ''}, {change}>")


class Repricing:
    """The difference that other prices make to a log.

    Attributes:
        rows: one per model, the biggest difference first.
        total: the row of all calls that are in the rows.
        errors: the lines that are in no row, the first 1,000 of them.
        failed: how many lines could not be priced; the total leaves them out.
        notes: what had to be assumed, in words.

    >>> import llmcost
    >>> usage = {"input": 1000, "output": 100}
    >>> found = llmcost.reprice(
    ...     [{"model": "gpt-4o", "usage": usage, "cost": 0.004}, {"model": "gpt-99", "usage": usage}]
    ... )
    >>> found
    <Repricing <total: 1 call, 0.004 -> 0.0035 USD (-12.5%)>, 1 line failed>
    >>> found.rows[0].model, found.total.to_dict()["delta"], found.errors[0].line, found.failed, found.notes
    ('gpt-4o', '-0.0005', 2, 1, ())
    >>> list(found.to_dict())
    ['models', 'total', 'errors', 'notes']
    """

    __slots__ = ("errors", "failed", "notes", "rows", "total")

    def __init__(
        self, rows: tuple[Row, ...], total: Row, errors: tuple[LineError, ...], failed: int, notes: tuple[str, ...]
    ) -> None:
        self.rows, self.total, self.errors, self.failed, self.notes = rows, total, errors, failed, notes

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text, the keys are stable."""
        return {
            "models": [row.to_dict() for row in self.rows],
            "total": {**self.total.to_dict(), "failed": self.failed},
            "errors": [error.to_dict() for error in self.errors],
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        failed = f", {self.failed} line{'s' if self.failed != 1 else ''} failed" if self.failed else ""
        return f"<Repricing {self.total!r}{failed}>"
