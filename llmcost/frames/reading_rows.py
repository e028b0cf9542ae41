"""The rows of a table in the form in which they are priced: whole numbers, and text that is never null.

The columns that are made here begin with ``llmcost_``. A count is a whole number; where some are none, all counts of
that column are in millionths. A time is in microseconds since 1970, a duration in microseconds.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from ..core.counts import MOST
from ..core.meters import METERS, PROMPT_METERS
from ..errors import PriceDataError
from .layouts import LAYOUTS
from .sheet import FIRST, KEYS, LAST, MILLION

if TYPE_CHECKING:
    from .columns import Columns
    from .engines import Engine
    from .layouts import Layout

# Seconds of which the microseconds fit into 64 bits.
_LONGEST = 9_000_000_000_000
# A double holds every whole number up to here.
_EXACT = 1 << 53
# Whole numbers that 64 bits do not hold, all of them beyond any count.
_WIDE = frozenset({nw.UInt64, nw.Int128, nw.UInt128})
# The type of a column in which nothing stands, as an engine has none for it.
_EMPTY = "nothing"


class Rows(NamedTuple):
    """The rows of a table, ready to be priced.

    Attributes:
        frame: the table with the columns that are made of its own.
        meters: counter -> column of whole numbers, nulls as they are.
        fine: the counters whose column is in millionths; ``duration`` may be one of them.
        most: counter -> the greatest count.
        bad: whether some row counts less than 0 or more than anything can.
        silent: whether of some row nothing is known: ``wholes`` are null.
        wholes: the columns that say so, all of them or, in a layout, any.
        said: what the rows say beside counters.
        layout: whether the counters are taken apart.
        full: the columns of counters without a null.
        own: the columns of the table itself, and the number of its rows where it has one.
    """

    frame: Any
    meters: dict[str, str]
    fine: frozenset[str]
    most: dict[str, int]
    bad: bool
    silent: bool
    wholes: tuple[str, ...]
    said: tuple[str, ...]
    layout: bool = False
    full: frozenset[str] = frozenset()
    own: tuple[str, ...] = ()


def read_rows(engine: Engine, columns: Columns) -> Rows:
    """Return the rows of a table, ready to be priced.

    Raises PriceDataError for a column whose type or values say no counts, no time, no text.
    """
    frame = engine.frame
    schema = _types(engine, frame, columns)
    taken = [name for name in schema if name.startswith("llmcost_") and name != "llmcost_row"]
    if taken:
        raise PriceDataError(f"the table has columns of our own names: {', '.join(taken)}; rename or drop them")
    texts = [name for name in (*KEYS, "service_tier") if name in columns.said]
    flags = [name for name in ("batch", "aggregate") if name in columns.said]
    made = [_text(columns.said[name], schema, name).alias(f"llmcost_{name}") for name in texts]
    made += [_flag(engine, columns.said[name], schema, name).alias(f"llmcost_{name}") for name in flags]
    numbers = dict(columns.counters)
    if "duration" in columns.said:
        numbers["duration"] = columns.said["duration"]
    fine = _fine(engine, frame, numbers, schema)
    counted = {}
    for counter, column in numbers.items():
        # A column of whole numbers is taken as it is: every column of a step costs time.
        ready = schema[column] == nw.Int64 and counter != "duration"
        counted[counter] = column if ready else f"llmcost_q_{counter}"
        if not ready:
            made.append(_count(column, schema, fine=counter in fine).alias(counted[counter]))
    if made:
        frame = frame.with_columns(*made)
    if "time" in columns.said:
        frame = _timed(engine, frame, columns.said["time"], schema)
    wholes, duration = tuple(counted.values()), counted.get("duration")
    if columns.layout is not None:
        layout = LAYOUTS[columns.layout]
        wholes = tuple(counted[counter] for counter in layout.wholes)
        apart = _apart(layout, {counter: nw.col(counted[counter]).fill_null(0) for counter in columns.counters})
        frame = frame.with_columns(*(count.alias(f"llmcost_m_{meter}") for meter, count in apart.items()))
        counted = {meter: f"llmcost_m_{meter}" for meter in METERS if meter in apart}
        if duration is not None:
            counted["duration"] = duration
    if duration is not None:
        scale = nw.lit(1 if "duration" in fine else MILLION)
        frame = frame.with_columns((nw.col(duration) * scale).alias("llmcost_duration"))
    rows = Rows(frame, counted, fine, {}, bad=False, silent=True, wholes=wholes, said=tuple(columns.said))
    return _measured(engine, rows._replace(layout=columns.layout is not None, own=tuple(schema)))


def _types(engine: Engine, frame: Any, columns: Columns) -> dict[str, Any]:
    """Return the types of columns; one of its own for a column that says nothing in any row.

    Engines give such a column no type, and those that read a CSV take it for text.
    """
    schema = dict(frame.collect_schema())
    texts = {columns.said[name] for name in (*KEYS, "service_tier") if name in columns.said}
    untyped = [
        name for name in columns.used if schema[name] == nw.Unknown or (schema[name] == nw.String and name not in texts)
    ]
    if not untyped:
        return schema
    (known,) = engine.rows(frame.select(*(nw.col(name).count().alias(name) for name in untyped)))
    return {**schema, **{name: _EMPTY for name, count in zip(untyped, known, strict=True) if not count}}


def _apart(layout: Layout, counts: dict[str, Any]) -> dict[str, Any]:
    """Return the meters of counters; the input is below 0 where one of the counters is no count.

    Counters that are none are put to -1 before, so that no engine goes beyond its numbers with them.
    """
    counts = {
        name: nw.when(count.is_between(0, MOST)).then(count).otherwise(nw.lit(-1)) for name, count in counts.items()
    }
    found = layout.apart(counts)
    none = reduce(or_, [count < 0 for count in counts.values()])
    return {**found, "input": nw.when(none).then(nw.lit(-1)).otherwise(found["input"])}


def is_silent(rows: Rows) -> Any:
    """Return whether nothing is known of a row."""
    nulls = [nw.col(column).is_null() for column in rows.wholes]
    return (nw.any_horizontal if rows.layout else nw.all_horizontal)(*nulls, ignore_nulls=False)


def _measured(engine: Engine, rows: Rows) -> Rows:
    """Return the rows with the greatest count of each column, and whether every count is one."""
    frame, counted, fine = rows.frame, rows.meters, rows.fine
    sums = [nw.len().alias("rows"), is_silent(rows).cast(nw.Int64).sum().alias("silent")]
    for counter, name in counted.items():
        number = nw.col(name)
        sums += [
            number.max().alias(f"{counter}_most"),
            number.min().alias(f"{counter}_least"),
            number.count().alias(f"{counter}_known"),
        ]
    size, silent, *bounds = engine.rows(frame.select(*sums))[0]
    greatest = {counter: int(most or 0) for counter, most in zip(counted, bounds[::3], strict=True)}
    if greatest.get("duration", 0) > _LONGEST and "duration" not in fine:
        raise PriceDataError(f"a duration of {greatest['duration']:,} seconds is too long")
    bad = any(int(least or 0) < 0 for least in bounds[1::3])
    full = frozenset(name for name, known in zip(counted.values(), bounds[2::3], strict=True) if known == size)
    beyond = [counter for counter in counted if greatest[counter] > most_of(counter, fine)]
    if beyond:
        # What is no count is in no cost.
        within = {counter: nw.col(counted[counter]).is_between(0, most_of(counter, fine)) for counter in beyond}
        found = frame.select(*(nw.when(within[c]).then(nw.col(counted[c])).max().alias(f"{c}_most") for c in beyond))
        greatest.update(zip(beyond, (int(value or 0) for value in engine.rows(found)[0]), strict=True))
    most = {counter: max(value, 0) for counter, value in greatest.items()}
    meters = {counter: name for counter, name in counted.items() if counter != "duration"}
    return rows._replace(meters=meters, most=most, bad=bad or bool(beyond), silent=bool(silent), full=full)


def most_of(counter: str, fine: frozenset[str]) -> int:
    """Return the greatest number that a column may hold: as much as a count may be, and as much as is exact."""
    return _EXACT if counter in fine else MOST


def _text(column: str, schema: dict[str, Any], what: str) -> Any:
    kind = schema[column]
    if kind == _EMPTY:
        return nw.lit("", nw.String)
    if kind in {nw.String, nw.Categorical, nw.Enum} or isinstance(kind, nw.Enum):
        text = nw.col(column).cast(nw.String)
        # What is joined matches no null.
        return text.fill_null("") if what in KEYS else text
    raise PriceDataError(f"column {column!r} is of type {kind}; a name is text: cast it before")


def _flag(engine: Engine, column: str, schema: dict[str, Any], what: str) -> Any:
    kind = schema[column]
    if kind == _EMPTY:
        return nw.lit(0, nw.Int64)
    if kind != nw.Boolean and kind.is_integer() and what == "batch":
        # A number of calls may say that a row adds up several; of batches it says nothing of which calls were some.
        number = nw.col(column)
        ((least, most),) = engine.rows(engine.frame.select(number.min().alias("least"), number.max().alias("most")))
        odd = next((one for one in (least, most) if one not in {None, 0, 1}), None)
        if odd is not None:
            raise PriceDataError(f"column {column!r} holds {odd:,}; {what} is a boolean, or 0 and 1")
    if kind == nw.Boolean or kind.is_integer():
        return nw.col(column).cast(nw.Boolean).cast(nw.Int64).fill_null(0)
    raise PriceDataError(f"column {column!r} is of type {kind}; {what} is a boolean, or 0 and 1: cast it before")


def _timed(engine: Engine, frame: Any, column: str, schema: dict[str, Any]) -> Any:
    kind = schema[column]
    if kind == _EMPTY:
        return frame.with_columns(nw.lit(None, nw.Int64).alias("llmcost_time"))
    if kind == nw.Date or isinstance(kind, nw.Datetime):
        return engine.microseconds(frame, column, "llmcost_time")
    if not kind.is_numeric():
        raise PriceDataError(
            f"column {column!r} is of type {kind}; a time is a datetime, a date, or seconds since 1970: cast it before"
        )
    seconds = _stated(column, kind)
    least, most = engine.rows(frame.select(seconds.min().alias("least"), seconds.max().alias("most")))[0]
    if least is not None and not FIRST <= least <= most <= LAST:
        raise PriceDataError(
            f"column {column!r} reaches from {least} to {most}: a time in numbers is in seconds since 1970, so that "
            "milliseconds have to be divided by 1000"
        )
    microseconds = seconds * MILLION
    if not kind.is_integer():
        microseconds = microseconds.round(0)
    return frame.with_columns(microseconds.cast(nw.Int64).alias("llmcost_time"))


def _stated(column: str, kind: Any) -> Any:
    """Return a number; null for NaN."""
    if kind.is_decimal():
        return nw.col(column).cast(nw.Float64)
    if kind.is_float():
        return nw.when(~nw.col(column).is_nan()).then(nw.col(column)).cast(nw.Float64)
    if kind in _WIDE:
        number = nw.col(column)
        number = nw.when(number > MOST).then(nw.lit(MOST + 1)).otherwise(number)
        return (nw.when(number < 0).then(nw.lit(-1)).otherwise(number) if kind == nw.Int128 else number).cast(nw.Int64)
    return nw.col(column).cast(nw.Int64)


def _fine(engine: Engine, frame: Any, numbers: dict[str, str], schema: dict[str, Any]) -> frozenset[str]:
    """Return the counters of which some are no whole numbers.

    Raises PriceDataError where they have more than six decimal places, or tokens have any.
    """
    for counter, column in numbers.items():
        if schema[column] != _EMPTY and not schema[column].is_numeric():
            raise PriceDataError(
                f"column {column!r} is of type {schema[column]}; {counter} is a number: cast it before"
            )
    floats = {
        counter: column
        for counter, column in numbers.items()
        if schema[column] != _EMPTY and not schema[column].is_integer()
    }
    if not floats:
        return frozenset()
    sums = []
    for counter, column in floats.items():
        number = _stated(column, schema[column])
        # Polars divides by a literal through its reciprocal, which is off in the last place: divide by a column.
        sixth = (number * MILLION).round(0) / (number * 0 + MILLION)
        sums += [
            (number.round(0) != number).cast(nw.Int64).sum().alias(f"{counter}_parted"),
            (sixth != number).cast(nw.Int64).sum().alias(f"{counter}_long"),
            number.abs().max().alias(f"{counter}_most"),
        ]
    told = engine.rows(frame.select(*sums))[0]
    fine = set()
    for place, (counter, column) in enumerate(floats.items()):
        parted, long, most = told[3 * place : 3 * place + 3]
        if (most or 0) > _EXACT:
            raise PriceDataError(
                f"column {column!r} is of type {schema[column]}, which is not exact for {most:,.0f}: cast it to an "
                "integer before"
            )
        if not parted:
            continue
        if counter in PROMPT_METERS:
            raise PriceDataError(
                f"column {column!r} counts tokens, which are whole numbers; {parted:,} of its values are not"
            )
        if long or most > _EXACT / MILLION:
            raise PriceDataError(
                f"column {column!r} has {long:,} numbers with more than six decimal places, or too great for them: "
                "round it to six"
            )
        fine.add(counter)
    return frozenset(fine)


def _count(column: str, schema: dict[str, Any], *, fine: bool) -> Any:
    if schema[column] == _EMPTY:
        return nw.lit(None, nw.Int64)
    number = _stated(column, schema[column])
    return (number * MILLION).round(0).cast(nw.Int64) if fine else number.cast(nw.Int64)
