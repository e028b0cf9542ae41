"""Values: the columns of a table as whole numbers, text and times, whatever their types are.

A column whose type cannot say what it is there for is an error that names it, unless nothing stands in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from ..core.counts import MOST
from ..core.meters import PROMPT_METERS
from ..errors import PriceDataError
from .sheet import FIRST, LAST, MILLION
from .stated import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .columns import Columns
    from .engines import Engine

# A double holds every whole number up to here.
EXACT = 1 << 53
# Whole numbers that 64 bits do not hold, all of them beyond any count.
_WIDE = frozenset({nw.UInt64, nw.Int128, nw.UInt128})
# The type of a column in which nothing stands.
_EMPTY = "nothing"


def types_of(engine: Engine, frame: Any, columns: Columns) -> dict[str, Any]:
    """Return the types of columns; one of its own for a column that says nothing in any row.

    An engine gives such a column no type, or takes it for text or for a double, as those do that read a CSV.
    """
    schema = engine.types(frame)
    roles = [*columns.stated.items(), *columns.counters.items()]
    unfit = list(dict.fromkeys(column for what, column in roles if not _fits(schema[column], what)))
    if not unfit:
        return schema
    (known,) = engine.rows(frame.select(*(nw.col(name).count().alias(name) for name in unfit)))
    return {**schema, **{name: _EMPTY for name, count in zip(unfit, known, strict=True) if not count}}


def _fits(kind: Any, what: str) -> bool:
    """Return whether a type can say something of a call."""
    if what in _TEXTS:
        return _is_text(kind)
    if what == "time" and (kind == nw.Date or isinstance(kind, nw.Datetime)):
        return True
    return bool(kind.is_numeric() or (what in _FLAGS and kind == nw.Boolean))


_TEXTS = (*KEYS, "service_tier")
_FLAGS = ("batch", "aggregate")


def _is_text(kind: Any) -> bool:
    return kind in {nw.String, nw.Categorical, nw.Enum} or isinstance(kind, nw.Enum)


def with_what_is_stated(
    engine: Engine, frame: Any, stated: Mapping[str, str], schema: Mapping[str, Any]
) -> tuple[Any, list[Any]]:
    """Return a table with texts and times that its rows say, and what has to be added to it for all else that they say.

    Raises PriceDataError for a column whose type or values say no text, no boolean, no time.
    """
    texts, made = {}, []
    for name in (one for one in _TEXTS if one in stated):
        column, kind = stated[name], schema[stated[name]]
        if kind == _EMPTY:
            made.append(nw.lit("", nw.String).alias(f"llmcost_{name}"))
        elif _is_text(kind):
            texts[name] = column
        else:
            raise PriceDataError(f"column {column!r} is of type {kind}; a name is text: cast it before")
    made += [_flag(engine, stated[name], schema, name).alias(f"llmcost_{name}") for name in _FLAGS if name in stated]
    moment = None
    if "time" in stated:
        kind = schema[stated["time"]]
        if kind == nw.Date or isinstance(kind, nw.Datetime):
            moment = stated["time"]
        else:
            made.append(_time(engine, frame, stated["time"], kind).alias("llmcost_time"))
    return engine.stated(frame, texts, moment), made


def _flag(engine: Engine, column: str, schema: Mapping[str, Any], what: str) -> Any:
    kind = schema[column]
    if kind == _EMPTY:
        return nw.lit(0, nw.Int64)
    if kind == nw.Boolean:
        return nw.col(column).cast(nw.Int64).fill_null(0)
    if not kind.is_numeric():
        raise PriceDataError(f"column {column!r} is of type {kind}; {what} is a boolean, or 0 and 1: cast it before")
    number = _number(column, kind)
    if what == "batch":
        # A number of calls may say that a row adds up several calls; it does not say which of them were batches.
        odd = nw.when((number != 0) & (number != 1)).then(number)
        ((found,),) = engine.rows(engine.frame.select(odd.max().alias("odd")))
        if found is not None:
            raise PriceDataError(f"column {column!r} holds {found:,}; {what} is a boolean, or 0 and 1")
    return (number != 0).cast(nw.Int64).fill_null(0)


def _time(engine: Engine, frame: Any, column: str, kind: Any) -> Any:
    """Return a number of seconds as microseconds."""
    if kind == _EMPTY:
        return nw.lit(None, nw.Int64)
    if not kind.is_numeric():
        raise PriceDataError(
            f"column {column!r} is of type {kind}; a time is a datetime, a date, or seconds since 1970: cast it before"
        )
    seconds = _number(column, kind)
    least, most = engine.rows(frame.select(seconds.min().alias("least"), seconds.max().alias("most")))[0]
    if least is not None and not FIRST <= least <= most <= LAST:
        raise PriceDataError(
            f"column {column!r} reaches from {least} to {most}: a time in numbers is in seconds since 1970, so that "
            "milliseconds have to be divided by 1000"
        )
    microseconds = seconds * MILLION
    if not kind.is_integer():
        microseconds = microseconds.round(0)
    return microseconds.cast(nw.Int64)


def _number(column: str, kind: Any) -> Any:
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


def fine_of(engine: Engine, frame: Any, numbers: Mapping[str, str], schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the counters that hold some fractions.

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
        number = _number(column, schema[column])
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
        if (most or 0) > EXACT:
            raise PriceDataError(
                f"column {column!r} is of type {schema[column]}, which is not exact for {most:,.0f}: cast it to an "
                "integer before"
            )
        if parted:
            _check_parted(counter, column, parted, long, most)
            fine.add(counter)
    return frozenset(fine)


def _check_parted(counter: str, column: str, parted: int, long: int, most: float) -> None:
    """Raise PriceDataError for a column that may not have parts of a unit, or has more than six places of them."""
    if counter in PROMPT_METERS:
        raise PriceDataError(
            f"column {column!r} counts tokens, which are whole numbers; {parted:,} of its values are not"
        )
    if long or most > EXACT / MILLION:
        raise PriceDataError(
            f"column {column!r} has {long:,} numbers with more than six decimal places, or too great for them: "
            "round it to six"
        )


def count_of(column: str, schema: Mapping[str, Any], *, fine: bool) -> Any:
    """Return a column as whole numbers, those of a ``fine`` one in millionths; null where it states nothing."""
    if schema[column] == _EMPTY:
        return nw.lit(None, nw.Int64)
    number = _number(column, schema[column])
    return (number * MILLION).round(0).cast(nw.Int64) if fine else number.cast(nw.Int64)
