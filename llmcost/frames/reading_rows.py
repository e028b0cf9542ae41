"""The rows of a table in the form in which they are priced: whole numbers, and text that is never null.

The columns that are made here begin with ``llmcost_``. A count is a whole number; where some are
fractions, all counts of that column are in millionths. A time is in microseconds since 1970, a duration in
microseconds.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from ..core.counts import MOST
from ..core.meters import METERS
from ..errors import PriceDataError
from .layouts import LAYOUTS
from .sheet import MILLION
from .values import EXACT, count_of, fine_of, types_of, with_what_is_stated

if TYPE_CHECKING:
    from .columns import Columns
    from .engines import Engine
    from .layouts import Layout

# Seconds whose microseconds fit into 64 bits.
_LONGEST = 9_000_000_000_000


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
        stated: what the rows state beside counters.
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
    stated: tuple[str, ...]
    layout: bool = False
    full: frozenset[str] = frozenset()
    own: tuple[str, ...] = ()


def read_rows(engine: Engine, columns: Columns) -> Rows:
    """Return the rows of a table, ready to be priced.

    Raises PriceDataError for a column whose type or values say no counts, no time, no text.
    """
    frame = engine.frame
    schema = types_of(engine, frame, columns)
    # An engine may take a name in other letters for the same one.
    taken = [name for name in schema if name.lower().startswith("llmcost_") and name != "llmcost_row"]
    if taken:
        raise PriceDataError(f"the table has columns of our own names: {', '.join(taken)}; rename or drop them")
    frame, made = with_what_is_stated(engine, frame, columns.stated, schema)
    numbers = dict(columns.counters)
    if "duration" in columns.stated:
        numbers["duration"] = columns.stated["duration"]
    fine = fine_of(engine, frame, numbers, schema)
    counted = {}
    for counter, column in numbers.items():
        # A column of whole numbers is taken as it is: every column of a step costs time.
        ready = schema[column] == nw.Int64 and counter != "duration"
        counted[counter] = column if ready else f"llmcost_q_{counter}"
        if not ready:
            made.append(count_of(column, schema, fine=counter in fine).alias(counted[counter]))
    if made:
        frame = frame.with_columns(*made)
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
    rows = Rows(frame, counted, fine, {}, bad=False, silent=True, wholes=wholes, stated=tuple(columns.stated))
    return _measured(engine, rows._replace(layout=columns.layout is not None, own=tuple(schema)))


def _apart(layout: Layout, counts: dict[str, Any]) -> dict[str, Any]:
    """Return the meters of counters; the input is below 0 where one of the counters is no count.

    Values that are no count become -1 first, so that no engine overflows with them.
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
    return EXACT if counter in fine else MOST
