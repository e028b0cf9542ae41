"""``price_table`` and ``rate_sheet``: whole tables of calls, with the answers that ``calculate`` gives for each row."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..api.costmap import CostMap
from ..api.default import DEFAULT
from ..api.distinctions import outdated
from ..collecting import collecting_later
from ..core.signatures import as_signed
from ..core.warned import warn_caller
from ..errors import ArgumentError, PriceDataError, StalePricesWarning, shown
from .building import Names
from .columns import columns_of
from .opening import engine_errors, ignores_case, names_of, unreadable
from .sheet import SIDES, Sheet
from .stated import KEYS
from .words import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .engines import Engine
    from .pricing import Coded
    from .reading_rows import Rows

COSTS = ("cost", *(f"cost_{side}" for side in SIDES))
LINE = ("meter", "quantity", "amount")
OUTPUTS = (*COSTS, "status", "unpriced", "matched_as", "basis", "note_id")
# An error shows so many names.
_MOST_SHOWN = 20
_MONEY = ("decimal", "float", "units")


@as_signed
def price_table(
    frame: Any,
    columns: str | Mapping[str, str] = "meters",
    *,
    cost_map: CostMap | None = None,
    sheet: Sheet | None = None,
    money: str = "decimal",
    lines: bool = False,
    keep: Sequence[str] | None = None,
) -> Any:
    """Return a table of calls with the cost of each: the same kind of frame, lazy if the table is lazy.

    Every row costs what ``calculate`` says of it, or its ``status`` says why it has no cost. Rows stay as many as they
    are and keep their other columns. The table is read a few times before: for its names, its kinds of call and its
    greatest counts.

    New columns: ``cost``, ``cost_input``, ``cost_output``, ``cost_other`` (USD), ``status``, ``unpriced`` (meters that
    have no rate, with commas), ``matched_as``, ``basis``, ``note_id`` (a note of the sheet). ``cost`` is null where the
    status is ``unpriced``, ``unknown_model``, ``inconsistent_usage``, ``not_in_sheet`` or ``error``, and nowhere else.

    >>> import polars as pl
    >>> calls = pl.DataFrame({"model": ["gpt-4o", "gpt-5o"], "input": [1000, 1000], "output": [100, 100]})
    >>> price_table(calls, keep=["cost", "status"], money="float").rows()
    [('gpt-4o', 1000, 100, 0.0035, 'priced'), ('gpt-5o', 1000, 100, None, 'unknown_model')]

    Args:
        frame: a Polars frame (eager or lazy), a pandas frame, a PyArrow table, a DuckDB relation or a Spark frame.
        columns: ``meters``, where columns are named like meters (``input``, ``cache_read``, ``output`` ...) and like
            facts (``model``, ``provider``, ``region``, ``service_tier``, ``batch``, ``aggregate``, ``duration``,
            ``time``); the name of a layout; or a mapping from these names to the table's columns.
        cost_map: whose prices; the default map's.
        sheet: a rate sheet that was made before, instead of a map.
        money: ``decimal``; ``float``, the number that ``Cost.response_cost`` is; or ``units``, whole numbers of
            1/``cost_unit`` USD.
        lines: a row for each line of the bill instead, with ``meter``, ``quantity`` (1 for what the call itself costs)
            and ``amount`` in place of the costs; a call without a line that costs something keeps one row.
        keep: the new columns that are wanted; all of them if it is not given.

    Raises:
        PriceDataError: a column is missing, or is of a type that says no counts; a cost could be too great to be exact.
        ArgumentError: the frame is no table, ``money`` or ``keep`` is no such word, or ``sheet`` is no rate sheet.
        MissingDependencyError: narwhals is not installed.
    """
    wanted = _wanted(money, keep)
    if sheet is not None and not isinstance(sheet, Sheet):
        raise ArgumentError(f"sheet={shown(sheet)}: it is what rate_sheet() returns, or Sheet.load() reads")
    if lines:
        wanted = (*LINE, *(name for name in wanted if name not in COSTS))
    engine, back, rows = _opened(frame, columns, wanted, lines=lines)
    from . import pricing

    if sheet is None:
        sheet, made = _sheet(engine, rows, _prices(cost_map))
        coded: Coded = lambda: made  # noqa: E731 - a type that both ways have
    else:
        _check(sheet, rows)
        coded = cache(partial(pricing.with_code, engine, rows, sheet.names, sheet.packing, sheet.tiers))
    from . import lines as itemised
    from . import outputs

    if lines:
        found = itemised.finished(engine, rows, coded, sheet, money, wanted)
        return back(found, found.collect_schema().names())
    return back(outputs.finished(engine, rows, coded, sheet, money, wanted), wanted)


@as_signed
def rate_sheet(
    calls: Any,
    columns: str | Mapping[str, str] = "meters",
    *,
    cost_map: CostMap | None = None,
    meters: Sequence[str] | None = None,
    facts: Sequence[str] | None = None,
) -> Sheet:
    """Return the rates of every kind of call in a table, or of names, as data.

    >>> sheet = rate_sheet(["gpt-4o-mini"], meters=["input", "output"], facts=[])
    >>> sheet.names["model"], [rate / sheet.unit for rate in sheet.rates["rate_output"]]
    (['gpt-4o-mini'], [6e-07])

    Args:
        calls: a frame, as ``price_table`` takes it; or names of models, each a text or (model, provider, region), which
            need no extra. A ``CostMap`` is all its names.
        columns: what the columns of a frame say, as for ``price_table``.
        cost_map: whose prices; the default map's.
        meters: of names, the counters that calls may have; the six of text and its cache if it is not given.
        facts: of names, what else calls may say: ``service_tier`` (the tiers of a card) and ``batch`` if it is not
            given; also ``time``, for the prices of every day, ``duration`` and ``aggregate``.

    Raises:
        PriceDataError: a column is missing, or is of a type that says no counts; a name is no text.
        ArgumentError: one of ``meters`` or ``facts`` is unknown.
        MissingDependencyError: narwhals is not installed, for a frame.
    """
    # Told by its type: what is no table may say that it is of another class, or fail when it is asked.
    if issubclass(type(calls), (CostMap, list, tuple, set, frozenset)):
        from .naming import sheet_of_names

        whose = calls if cost_map is None and isinstance(calls, CostMap) else cost_map
        return sheet_of_names(_prices(whose), calls, meters, facts)
    engine, _, rows = _opened(calls, columns, ())
    return _sheet(engine, rows, _prices(cost_map))[0]


def _prices(cost_map: CostMap | None) -> CostMap:
    """Return the map of the caller, also if it has no row; the default map without one."""
    if cost_map is None:
        return DEFAULT
    if not isinstance(cost_map, CostMap):
        raise ArgumentError(f"cost_map={shown(cost_map)}: it is a CostMap, such as CostMap(entries)")
    return cost_map


def _wanted(money: str, keep: Sequence[str] | None) -> tuple[str, ...]:
    if money not in _MONEY:
        raise ArgumentError(f"money={shown(money)}: it is one of {', '.join(map(repr, _MONEY))}")
    if keep is not None and not issubclass(type(keep), Collection):
        raise ArgumentError(f"keep={shown(keep)}: it is a list of new columns, such as ['cost', 'status']")
    given: Iterable[str] = () if keep is None else [str.__str__(keep)] if issubclass(type(keep), str) else keep
    kept: set[str] | None = None if keep is None else set()
    # A list of other things may have no end; a few of them are shown.
    odd = list(islice((name for name in given if not _is_output(name, kept)), _MOST_SHOWN))
    if odd:
        raise ArgumentError(f"keep={shown(odd)}: the new columns are {', '.join(OUTPUTS)}")
    wanted = tuple(name for name in OUTPUTS if kept is None or name in kept)
    return (*wanted, "cost_unit") if money == "units" and set(wanted) & set(COSTS) else wanted


def _is_output(name: object, kept: set[str] | None) -> bool:
    """Return whether a name is one of a new column, and put it among those that are kept."""
    if not issubclass(type(name), str) or str.__str__(name) not in OUTPUTS:
        return False
    if kept is not None:
        kept.add(str.__str__(name))
    return True


def _opened(
    frame: Any, columns: str | Mapping[str, str], wanted: Iterable[str], *, lines: bool = False
) -> tuple[Engine, Any, Rows]:
    """Return the engine of a frame, a function that gives its frame back, and its rows."""
    names = names_of(frame)
    from .handing import opened
    from .reading_rows import read_rows

    there = {str(name).lower() for name in names} if ignores_case(frame) else set(names)
    # The number of a row is no column of the lines.
    clash = [name for name in (*wanted, *(["llmcost_row"] if lines else [])) if name in there]
    if clash:
        raise PriceDataError(f"the table has a column {clash[0]!r} already: rename it, or leave it out with keep=")
    found = columns_of(columns, names)
    engine, back = opened(frame, found.used, lines=lines)
    try:
        return engine, back, read_rows(engine, found)
    except engine_errors() as error:
        # An older DuckDB finds no column whose name holds a quotation mark.
        raise unreadable(error) from error


def _sheet(engine: Engine, rows: Rows, prices: CostMap) -> tuple[Sheet, Any]:
    """Return the sheet of a table, and its rows with the codes of their kinds of call."""
    from . import pricing

    keys, words = pricing.keys_of(engine, rows)
    names = Names(prices, tuple(rows.meters), numbered(words, prices), rows.stated)
    with collecting_later():
        for key in keys:
            names.add(key)
        names.close()
    coded = pricing.with_code(engine, rows, names.columns, names.packing, names.tiers)
    kinds = pricing.kinds_of(engine, rows, coded, names)
    with collecting_later():
        answers = {code: answer for code, when in kinds if (answer := names.answer(code, when)) is not None}
        return names.sheet(answers), coded


def _check(sheet: Sheet, rows: Rows) -> None:
    odd = [name for name in rows.meters if name not in sheet.meters and rows.most[name]]
    odd += [name for name in rows.stated if name not in {*KEYS, *sheet.facts}]
    if odd:
        raise PriceDataError(f"the sheet was made without {', '.join(odd)}: make it anew with rate_sheet(table)")
    said = outdated(sheet.as_of, sheet.valid_until, timed="time" in rows.stated)
    if said:
        warn_caller(f"{said}: make it anew with rate_sheet(table)", StalePricesWarning)
