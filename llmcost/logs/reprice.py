"""A log at other prices: what its calls cost then, what they cost anew, and the difference, model by model.

The log is read once and record by record; what is kept are sums, so that a log of any length takes the memory
of its models.
"""

from __future__ import annotations

from time import time

from ..api.default import DEFAULT
from ..core.signatures import as_signed
from ..errors import ArgumentError, LLMCostError, LogError, UnknownModelError
from .alike import Alike
from .lane import PlainSink
from .lines import line_of
from .question import Question, cost_of, is_clocked, time_of
from .record import Record
from .remarks import Remarks
from .result import LineError, Repricing, Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from .lane import Sink

_NAMELESS = "(no model named)"


class Repricer:
    """Reprices one record after the other, and keeps the sums.

    Args:
        question: what the new cost of a record is.
        old_map: whose prices the old cost is worked out by, where a record has none.
        on_error: called with every line that cannot be priced.
    """

    _most_errors: float = 1000
    _most_notes: float = 20

    def __init__(
        self, question: Question, old_map: CostMap, on_error: Callable[[LineError], object] | None = None
    ) -> None:
        self._question, self._old_map, self._on_error = question, old_map, on_error
        self._rows: dict[str, Row] = {}
        self._calls = 0
        self._errors: list[LineError] = []
        self._unknown: dict[tuple[str, str | None], UnknownModelError] = {}
        self._failed = 0
        self._remarks = Remarks(self._most_notes)
        self._alike: Alike | None = None

    def add(self, record: object, line: int) -> Cost | None:
        """Add a call, its record or its line of JSON, and return what it costs anew; None if it could not be priced."""
        try:
            if isinstance(record, Record):
                call, line = record, record.line or line
            else:
                call = Record(line_of(record) if isinstance(record, (str, bytes)) else record)
            recorded = None if call.costless else call.cost
            before = new = None
            undated = assumed = False
            if recorded is None:
                before = cost_of(self._old_map, call, {})
                undated, assumed = call.time is None and time_of(before) is None, before.basis == "assumed"
                # From here on the old cost is the new one, where both are rated alike.
                new = self._question.redated(call, before)
            if new is None:
                new = self._question.cost(call)
            name = new.matched_as if self._question.model is None else None
            if not name:
                name = self._name(new, before, call)
        except (LLMCostError, ValueError) as error:
            # A wrong fact, such as "prefer": "cheap", raises ValueError.
            self.fail(error, line, record.source if isinstance(record, Record) else "")
            return None
        self._row(name).add(recorded if before is None else before, new)  # type: ignore[arg-type]
        self._calls += 1
        remarks = self._remarks
        if undated:
            remarks.undated += 1
        if assumed:
            remarks.assumed += 1
        # A cost that was dated anew is known to depend on no hour.
        if new is not before and self._question.at is not None and time_of(new) is None and is_clocked(new):
            remarks.unclocked += 1
        notes = new.notes
        if notes:
            remarks.note(notes)
        if self._alike is not None and before is not None and call.bare:
            self._alike.learn(name, before, new, assumed=assumed)
        return new

    def _row(self, name: str) -> Row:
        row = self._rows.get(name)
        if row is None:
            row = self._rows[name] = Row(name)
        return row

    def sink(self) -> Sink:
        """Return what takes the calls of a log as they are read."""
        if not self._question.plain:
            return self.take
        self._alike = Alike(self._old_map)
        return PlainSink(self.take, self._alike.plainly, costless=True)

    def settle(self) -> None:
        """Add the calls that are still added up by their kinds."""
        for found in () if self._alike is None else self._alike.taken():
            self._row(found.name).add_rated(found.calls, found.old, found.new)
            self._calls += found.calls
            self._remarks.undated += found.calls if found.undated else 0
            self._remarks.assumed += found.calls if found.assumed else 0
            if found.notes:
                self._remarks.note(found.notes, found.calls)

    def take(self, call: Record | LogError) -> None:
        """Add a call that was read, or what could not be read."""
        if isinstance(call, LogError):
            self.fail(ValueError(call.reason), call.line or 0, call.source)
        else:
            self.add(call, 0)

    def part(self) -> Repricer:
        """Return another one with the same question, for a part of the log that is joined later."""
        return _Part(self._question, self._old_map)

    @property
    def count(self) -> int:
        """How many calls were added, those that could not be priced among them."""
        self.settle()
        return self._calls + self._failed

    def join(self, other: Repricer) -> None:
        """Add the calls of the part of the log that comes next; ``on_error`` hears its errors."""
        for name, row in other._rows.items():
            self._rows.setdefault(name, Row(name)).join(row)
        self._calls += other._calls
        self._remarks.join(other._remarks)
        for failed in other._errors:
            self.fail(failed.error, failed.line, failed.source)

    def result(self) -> Repricing:
        """Return what has been added up."""
        self.settle()
        rows = sorted(self._rows.values(), key=lambda row: row.model)
        rows.sort(key=lambda row: row.delta.copy_abs(), reverse=True)
        said = self._remarks.said(self._calls, other_model=self._question.model is not None)
        total = Row("total")
        for row in rows:
            total.join(row)
        return Repricing(tuple(rows), total, tuple(self._errors), self._failed, tuple(said))

    def _name(self, new: Cost, before: Cost | None, call: Record) -> str:
        """Return the model that was called: the name of its row."""
        known = new if self._question.model is None else before
        if known is not None:
            return known.matched_as or known.model or _NAMELESS
        name: str | None = call.facts.get("model")
        if name is None:
            usage = call.stated()
            name = usage.model if usage is not None else None
        return name or _NAMELESS

    def fail(self, error: Exception, line: int, source: str = "") -> None:
        """Count a line that is in no sum."""
        self._failed += 1
        if isinstance(error, UnknownModelError):
            # One error for all lines of a model: looking for the names nearest to it takes its time.
            key = (error.model, error.provider)
            if key in self._unknown or len(self._unknown) < self._most_errors:
                error = self._unknown.setdefault(key, error)
        # Without its traceback the error keeps no frames alive, and no records with them.
        error.__traceback__ = error.__context__ = error.__cause__ = None
        found = LineError(line, error, source)
        if len(self._errors) < self._most_errors:
            self._errors.append(found)
        if self._on_error is not None:
            self._on_error(found)


class _Part(Repricer):
    """What a part of a log adds up to. It keeps every error and note, since which are said the whole log tells."""

    _most_errors = _most_notes = float("inf")

    def __getstate__(self) -> dict[str, object]:
        # The prices stay where they are: what travels is what was added up.
        self.settle()
        return {name: value for name, value in self.__dict__.items() if name not in {"_question", "_old_map", "_alike"}}


@as_signed
def reprice(
    log: Iterable[object],
    *,
    cost_map: CostMap = DEFAULT,
    at: object = None,
    old_map: CostMap = DEFAULT,
    on_error: Callable[[LineError], object] | None = None,
) -> Repricing:
    """Return what the calls of a log cost when they were made, and at other prices, model by model.

    The old cost is the one that a record holds (``cost`` or ``response_cost``, in USD), else the price at the
    call's own time. The new one is calculated, also where the provider reported a cost.

    >>> month = [{"model": "o3", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}, "time": "2025-06-09"}]
    >>> reprice(month, at="2025-06-10").total
    <total: 1 call, 0.014 -> 0.0028 USD (-80.0%)>

    Args:
        log: records or lines of JSON, one call each: responses, or ``{"response": {...}, "model": ..., "time":
            ..., "cost": ..., ...}`` with the keywords of ``calculate``; or what ``read_log`` returns, which joins the
            chunks of streams too. It is read once and not kept.
        cost_map: whose prices the new ones are.
        at: the time of the new prices; now if it is not given. A user's own prices have no time.
        old_map: whose prices the old ones are, where a record holds no cost.
        on_error: called with every line that cannot be priced, of which ``errors`` keeps the first 1,000.

    Raises:
        PriceDataError: ``at`` is no time.
        ArgumentError: the log is no iterable of records.
    """
    return _run(log, Repricer(Question(cost_map, time() if at is None else at), old_map, on_error))


@as_signed
def whatif(
    log: Iterable[object],
    *,
    model: str | None = None,
    provider: str | None = None,
    batch: bool | None = None,
    at: object = None,
    cost_map: CostMap = DEFAULT,
    on_error: Callable[[LineError], object] | None = None,
) -> Repricing:
    """Return what the calls of a log cost, and would cost on another model, in a batch, or at another day's prices.

    The same quantities are priced: how many tokens another model would have made of the same text is not known,
    and a note says so. Unless ``at`` is given, each call is priced at its own time.

    >>> day = [{"model": "gpt-4o", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}, "time": "2026-01-02"}]
    >>> whatif(day, batch=True).total
    <total: 1 call, 0.0035 -> 0.00175 USD (-50.0%)>

    Args:
        log: as for ``reprice``.
        model: all calls on this model; their provider, region, deployment and own prices are left out.
        provider: whose prices of ``model`` apply, where several sell it.
        batch: True: all in batches; False: none.
        at: all at the prices of this time.
        cost_map: whose prices both are.
        on_error: called with every line that cannot be priced.

    Raises:
        ArgumentError: nothing is asked.
        UnknownModelError: no price is known for ``model``.
        PriceDataError: ``at`` is no time.
        ArgumentError: the log is no iterable of records.
    """
    if model is None and batch is None and at is None:
        raise ArgumentError("nothing is asked: pass model=, batch= or at=")
    if provider is not None and model is None:
        raise ArgumentError(f"provider={provider!r} says whose prices of model= apply; pass both")
    return _run(log, Repricer(Question(cost_map, at, model, provider, batch=batch), cost_map, on_error))


def _run(log: Iterable[object], repricer: Repricer) -> Repricing:
    if isinstance(log, (str, bytes, dict)) or hasattr(log, "__fspath__"):
        raise ArgumentError(
            f"a log is an iterable of records or of lines, not a {type(log).__name__}: "
            "pass open(path), read_log(path), or [record]"
        )
    for line, record in enumerate(log, 1):
        if not isinstance(record, (str, bytes)) or record.strip():
            repricer.add(record, line)
    return repricer.result()
