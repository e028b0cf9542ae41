"""Pricing: a table of calls, joined with a rate sheet and multiplied.

Two joins on equal values: a row's names find its card and the card's steps; how many steps the row is above, with what
else it says, is the code of its kind of call; the code finds the rates. A row has at most one match in each, so that no
row is lost and none is doubled.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ..core.counts import MOST
from ..core.meters import PROMPT_METERS
from ..core.statuses import INCONSISTENT_USAGE, NOT_IN_SHEET, UNPRICED
from ..errors import PriceDataError
from .presence import by_pattern, presence
from .reading_rows import is_silent, most_of
from .sheet import FIRST, LAST, MILLION, PERIODS
from .stated import KEYS
from .values import EXACT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .building import Key, Names
    from .engines import Engine
    from .packing import Code, Packing
    from .reading_rows import Rows
    from .sheet import Sheet

    # The rows with their codes, made when they are asked for: what DuckDB is told of before need not be bound again.
    Coded = Callable[[], Any]


def keys_of(engine: Engine, rows: Rows) -> tuple[list[Key], list[str]]:
    """Return the names that the rows say, as (model, provider, region), and their words of service tiers."""
    stated = [name for name in KEYS if name in rows.stated]
    found = engine.rows(rows.frame.select(*(f"llmcost_{name}" for name in stated)).unique())
    named = [dict(zip(stated, row, strict=True)) for row in sorted(found)]
    keys = [(one.get("model") or None, one.get("provider") or None, one.get("region") or None) for one in named]
    if "service_tier" not in rows.stated:
        return keys, []
    words = engine.rows(rows.frame.select("llmcost_service_tier").unique())
    return keys, sorted(word for (word,) in words if word)


def with_code(engine: Engine, rows: Rows, names: dict[str, list[Any]], packing: Packing, tiers: dict[str, int]) -> Any:
    """Return the rows with the code of their kind of call, and what the sheet says of their names."""
    names, patterns = by_pattern(names)
    types = {name: "text" if name in {*KEYS, "status"} else "int" for name in names}
    stated = [name for name in KEYS if name in rows.stated]
    # Rows that say no provider are joined with the names that say none: a name stands once for each.
    unstated = [names[name] for name in KEYS if name not in stated]
    once = [not any(values) for values in zip(*unstated, strict=True)] if unstated else [True] * len(names["model"])
    columns = {
        f"llmcost_n_{name}": [value for value, kept in zip(values, once, strict=True) if kept]
        for name, values in names.items()
        if name in stated or (name not in KEYS and (name == "base" or any(value is not None for value in values)))
    }
    small = _small(engine, columns, {f"llmcost_n_{name}": kind for name, kind in types.items()})
    frame = engine.join(rows.frame, small, {f"llmcost_{name}": f"llmcost_n_{name}" for name in stated})
    # Each part of a code, and each sum of parts, is below the number of all codes.
    number = nw.Float64 if engine.has_quick_doubles and packing.codes <= EXACT else nw.Int64
    code = _code(rows, names, packing, tiers, patterns, number)
    return frame.with_columns(code.cast(nw.Int64).alias("llmcost_code"))


def _small(engine: Engine, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> Any:
    """Return a small table of a sheet; raise PriceDataError for a value that no table of the engine can hold."""
    try:
        return engine.small(columns, types)
    except (UnicodeEncodeError, OverflowError) as error:
        raise PriceDataError(f"{engine.name} has no place for a value of the rate sheet: {error}") from error


def _code(
    rows: Rows,
    names: dict[str, list[Any]],
    packing: Packing,
    tiers: dict[str, int],
    patterns: list[dict[str, int]] | None,
    number: Any,
) -> Any:
    """Return the code of each row, as a ``number`` of that type."""
    places = {digit: nw.lit(place, number) for digit, place in packing.places.items()}
    none = nw.lit(0, number)
    code = nw.col("llmcost_n_base").cast(number)
    if "service_tier" in rows.stated:
        code = code + _tier(tiers, packing.places["tier"], number)
    for flag in ("batch", "aggregate"):
        if flag in rows.stated:
            code = code + nw.col(f"llmcost_{flag}").cast(number) * places[flag]
    above = _above("context", names, _context(rows), number)
    if above is not None:
        # A sum of several calls has no prompt of one request.
        one = (nw.col("llmcost_aggregate") == 0).cast(number) * above if "aggregate" in rows.stated else above
        code = code + one * places["context"]
    if "time" in rows.stated:
        time = nw.col("llmcost_time")
        dated = _stepped("time", names, time, number, places["time"])
        if "period" in names:
            period = nw.col("llmcost_n_period")
            # No engine sees a time before 1970 here, of which each has another remainder.
            within = (time + period * nw.lit(PERIODS, nw.Int64)) % period
            dated = dated + _above("week", names, within, number) * places["week"]
        code = code + nw.when(time.is_between(FIRST * MILLION, LAST * MILLION)).then(dated).otherwise(none)
    if "duration" in rows.stated:
        lasted = nw.col("llmcost_duration")
        timed = _stepped("duration", names, lasted, number, places["duration"])
        code = code + nw.when(~lasted.is_null()).then(timed).otherwise(none)
    if packing.sizes["counted"] > 1:
        code = code + presence(rows, names, patterns, packing.places["counted"], number)
    return code


def _tier(tiers: dict[str, int], place: int, number: Any) -> Any:
    """Return the digit of a row's service tier, at its place; a word that the sheet does not know makes no code."""
    word = nw.col("llmcost_service_tier")
    found: Any = nw.lit(None, number)
    for known, digit in tiers.items():
        found = nw.when(word == known).then(nw.lit(digit * place, number)).otherwise(found)
    # Most rows say none, and need no other comparison.
    return nw.when(word.is_null() | (word == "")).then(nw.lit(0, number)).otherwise(found)


def _context(rows: Rows) -> Any:
    prompt = [_number(rows, column) for meter, column in rows.meters.items() if meter in PROMPT_METERS]
    if rows.bad:
        # The sum of what is no count may be beyond the engine's numbers.
        prompt = [nw.when(number.is_between(0, MOST)).then(number).otherwise(nw.lit(0, nw.Int64)) for number in prompt]
    return reduce(add, prompt) if prompt else nw.lit(0)


def _number(rows: Rows, column: str) -> Any:
    """Return a column of whole numbers, 0 for null."""
    return nw.col(column) if column in rows.full else nw.col(column).fill_null(0)


def _above(kind: str, names: dict[str, list[Any]], value: Any, number: Any) -> Any:
    """Return how many steps of a kind a value is above, as a ``number`` of that type; None without a step."""
    found = None
    for name in names:
        if name.startswith(f"{kind}_"):
            one = (value > nw.col(f"llmcost_n_{name}")).cast(number)
            found = one if found is None else found + one
    return found


def _stepped(kind: str, names: dict[str, list[Any]], value: Any, number: Any, place: Any) -> Any:
    """Return the digit of a kind whose value is stated: one more for each step that the value is above."""
    above = _above(kind, names, value, number)
    return place if above is None else place + above * place


def kinds_of(engine: Engine, rows: Rows, coded: Any, names: Names) -> list[tuple[Code, float | None]]:
    """Return the kinds of call in a table, each with the time of one of its calls."""
    wanted = coded.filter(~nw.col("llmcost_n_base").is_null())
    if rows.bad:
        wanted = wanted.filter(~_is_bad(rows))
    if "time" in rows.stated:
        groups = wanted.group_by("llmcost_code").agg(nw.col("llmcost_time").min().alias("llmcost_when"))
        found = engine.rows(groups.select("llmcost_code", "llmcost_when"))
    else:
        found = [(code, None) for (code,) in engine.rows(wanted.select("llmcost_code").unique())]
    return [(names.packing.unpack(int(code)), None if when is None else when / MILLION) for code, when in sorted(found)]


def most_by_kind(engine: Engine, rows: Rows, coded: Any) -> dict[int, dict[str, int]]:
    """Return the greatest count of each counter, by the code of the kind of call."""
    columns = {**rows.meters, **({"duration": "llmcost_q_duration"} if "duration" in rows.stated else {})}
    counted = coded.filter(~nw.col("llmcost_code").is_null())
    if rows.bad:
        counted = counted.filter(~_is_bad(rows))
    sums = [nw.col(column).max().alias(f"{column}_most") for column in columns.values()]
    found = counted.group_by("llmcost_code").agg(*sums).select("llmcost_code", *(f"{c}_most" for c in columns.values()))
    return {
        int(code): {counter: int(value or 0) for counter, value in zip(columns, most, strict=True)}
        for code, *most in engine.rows(found)
    }


def _is_bad(rows: Rows) -> Any:
    """Return whether a count of a row is below 0, or above what any call can count."""
    bad: Any = nw.lit(value=False)
    columns = {**rows.meters, **({"duration": "llmcost_q_duration"} if "duration" in rows.stated else {})}
    for counter, column in columns.items():
        bad = bad | ~nw.col(column).is_between(0, most_of(counter, rows.fine)).fill_null(value=True)
    return bad


def told(sheet: Sheet, column: str) -> Any:
    """Return what the names of a row say in a column, else what its kind of call says."""
    of_kind = nw.col(f"llmcost_r_{column}")
    # Names say something where they have no price.
    of_names = any(value is not None for value in sheet.names.get(column, ()))
    return nw.coalesce(nw.col(f"llmcost_n_{column}"), of_kind) if of_names else of_kind


def status(rows: Rows, sheet: Sheet) -> Any:
    """Return what became of a row: by its counts, by its names, by its kind of call."""
    found = nw.coalesce(told(sheet, "status"), nw.lit(NOT_IN_SHEET))
    if rows.bad:
        found = nw.when(_is_bad(rows)).then(nw.lit(INCONSISTENT_USAGE)).otherwise(found)
    if rows.silent:
        found = nw.when(is_silent(rows)).then(nw.lit(UNPRICED)).otherwise(found)
    return found


def has_no_cost(rows: Rows) -> Any | None:
    """Return whether the counts of a row keep it from having a cost; None if no row has such counts."""
    if not (rows.bad or rows.silent):
        return None
    found = _is_bad(rows) if rows.bad else nw.lit(value=False)
    return found | is_silent(rows) if rows.silent else found


def quantity(rows: Rows, source: str) -> Any:
    """Return the whole number by which the rates of a counter are multiplied."""
    column = "llmcost_q_duration" if source == "duration" else rows.meters[source]
    return _number(rows, column)


def joined(
    engine: Engine, coded: Coded, sheet: Sheet, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]
) -> Any:
    """Return the rows with the rates of their kinds of call: ``columns`` of the sheet's, under ``llmcost_r_``."""
    told = {f"llmcost_r_{name}": values for name, values in {"code": sheet.rates["code"], **columns}.items()}
    kinds = {f"llmcost_r_{name}": kind for name, kind in {"code": "int", **types}.items()}
    small = _small(engine, told, kinds)
    return engine.join(coded(), small, {"llmcost_code": "llmcost_r_code"})
