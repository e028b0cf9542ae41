"""Raw responses in a column: each is read by the readers, and becomes columns named like meters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..api.distinctions import microseconds_of
from ..core.counts import is_stated, prompt_tokens
from ..core.meters import METERS
from ..core.signatures import as_signed
from ..errors import ArgumentError, LLMCostError, PriceDataError, shown
from ..readers import read_usage
from ..readers.bare import DIALECTS
from .opening import engine_errors, names_of, narwhals, unreadable

if TYPE_CHECKING:
    from ..core.usage import Usage

PROBLEM = "usage_problem"
_RESPONSES = (str, bytes, dict, list)
_TEXTS = ("model", "provider", "region", "service_tier")
_FLAGS = ("batch", "aggregate")
# What a usage may state besides counts, and a row can say too.
_STATED = frozenset({"region", "batch", "aggregate", "duration"})


@as_signed
def read_table(frame: Any, column: str, *, dialect: str | None = None) -> Any:
    """Return a table with the counters of the responses in one of its columns, for ``price_table``.

    New columns: the meters that occur, ``model`` (unless the table has it and no response states one), ``provider``,
    ``region``, ``service_tier``, ``batch``, ``aggregate``, ``duration`` and ``time`` (UTC), as far as some response
    states them, and ``usage_problem``: null, or why a row has no counts. The text is no JSON, no reader knows the
    shape, or columns cannot say what it states (parts of other models, images by size, a stated cost ...).
    ``price_table`` leaves such rows unpriced; ``calculate`` prices most of the last kind.

    A lazy frame and a DuckDB relation are read at once.

    >>> import polars as pl
    >>> raw = '{"object": "chat.completion", "model": "gpt-4o", "usage": {"prompt_tokens": 5, "completion_tokens": 1}}'
    >>> read_table(pl.DataFrame({"raw": [raw]}), "raw").drop("raw").to_dicts()
    [{'model': 'gpt-4o', 'input': 5, 'output': 1, 'usage_problem': None}]

    Args:
        frame: a Polars frame, a pandas frame, a PyArrow table or a DuckDB relation.
        column: the column of responses, or of usage objects: JSON text, dicts of a pandas frame, or structs, of which a
            field without a value is not stated.
        dialect: how usage objects count, where their names do not tell: ``openai``, ``anthropic``, ``gemini`` ...

    Raises:
        PriceDataError: there is no such column, or one of the new columns is there already.
        ArgumentError: the frame is of another engine, or nobody knows the dialect.
        MissingDependencyError: narwhals is not installed.
    """
    nw = narwhals()
    if dialect is not None and (not isinstance(dialect, str) or dialect.lower() not in DIALECTS):
        raise ArgumentError(f"dialect={shown(dialect)}: it is one of {', '.join(DIALECTS)}")
    names = names_of(frame)
    seen = nw.from_native(frame)
    if column not in names:
        raise PriceDataError(f"the table has no column {column!r}, but {', '.join(map(str, names))}")
    kind = seen.implementation
    if not (kind.is_polars() or kind.is_pandas() or kind.is_pyarrow() or kind.is_duckdb()):
        raise ArgumentError(f"a frame of {kind} is not read here: collect the column, or read it in Polars or DuckDB")
    lazy = isinstance(seen, nw.LazyFrame)
    try:
        eager = seen.collect("pyarrow") if kind.is_duckdb() else seen.collect() if lazy else seen
    except engine_errors() as error:
        raise unreadable(error) from error
    texts = eager[column].to_list()
    odd = next((text for text in texts if not isinstance(text, _RESPONSES) and is_stated(text)), None)
    if odd is not None:
        raise PriceDataError(f"column {column!r} holds {shown(odd)}; a response is JSON text")
    if isinstance(eager[column].dtype, (nw.Struct, nw.List)):
        texts = list(map(_without_nulls, texts))
    new = _columns(texts, dialect, eager["model"].to_list() if "model" in names else None)
    clash = [name for name in new if name in names]
    if clash:
        raise PriceDataError(f"the table has a column {clash[0]!r} already: rename it")
    made = [_series(nw, name, values, eager.implementation) for name, values in new.items()]
    found = eager.with_columns(*made).to_native()
    if kind.is_duckdb():
        from .engines import in_duckdb

        return in_duckdb(frame, found)
    return found.lazy() if lazy else found


def _is_unicode(text: str) -> bool:
    """Return whether a text can be written: JSON may hold half of a surrogate pair, which no table takes."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _without_nulls(value: Any) -> Any:
    """Return a struct without its fields that have no value; None for one without any.

    All structs of a column have all fields of any of them.
    """
    if isinstance(value, dict):
        found = {name: _without_nulls(one) for name, one in value.items()}
        return {name: one for name, one in found.items() if one is not None} or None
    return list(map(_without_nulls, value)) if isinstance(value, list) else value


def _columns(texts: list[Any], dialect: str | None, models: list[Any] | None) -> dict[str, list[Any]]:
    """Return the columns of responses; one that nobody needs is left out.

    ``models``: what the table's own column of models says, which stands where no response states one.
    """
    rows = [_row(text, dialect, model) for text, model in zip(texts, models or [None] * len(texts), strict=True)]
    order = (*_TEXTS, "time", *_FLAGS, "duration", *METERS)
    # A table without a row that could be read is priced, too: each of its rows is unpriced.
    used = {"model"} if models is None else set()
    used.update(*rows)
    if used.isdisjoint(METERS) and "duration" not in used:
        used.add("input")
    columns = {name: [row.get(name) for row in rows] for name in order if name in used}
    return {**columns, PROBLEM: [row.get(PROBLEM) for row in rows]}


def _row(text: Any, dialect: str | None, model: Any) -> dict[str, Any]:
    response = text
    if not isinstance(text, (dict, list)):
        if not is_stated(text):
            return {PROBLEM: "nothing stands here"}
        try:
            response = json.loads(text)
        except (ValueError, RecursionError) as error:
            return {PROBLEM: f"{type(error).__name__}: {error}"}
    try:
        found = _stated(read_usage(response, dialect), model)
    except LLMCostError as error:
        return {PROBLEM: f"{type(error).__name__}: {error}"}
    return found


def _stated(usage: Usage, model: Any) -> dict[str, Any]:
    """Return what columns can say of a usage; a problem if that is not all of it.

    ``model``: what the table names it, where the usage does not.
    """
    name = usage.model or model
    told = dict(vars(usage.more))
    if isinstance(name, str):
        maker = told.get("names_of")
        if maker is not None and maker[0] in name:
            # The counters are counted as those of its maker.
            told["names_of"] = None
        usage = usage.for_model(name)
        told["overlap"] = None
    beyond = sorted({what for what, value in told.items() if value} - _STATED)
    if usage.partial:
        beyond.append("partial")
    if not usage.aggregate and usage.context != prompt_tokens(usage.quantities):
        beyond.append("context")
    found: dict[str, Any] = {}
    for what in _TEXTS:
        value = getattr(usage, what)
        if value and not _is_unicode(value):
            beyond.append(what)
        elif value:
            found[what] = value
    if usage.at is not None:
        found["time"] = microseconds_of(usage.at)
    if beyond == ["names_of"]:
        return {
            **found,
            PROBLEM: f"counters of {told['names_of'][1]}, and no model of its: name it in a column 'model'",
        }
    if beyond:
        return {**found, PROBLEM: f"columns do not say {', '.join(beyond)}: price it with calculate()"}
    found |= {what: True for what in _FLAGS if getattr(usage, what)}
    if usage.duration is not None:
        found["duration"] = float(usage.duration)
    # A counter of 0 is stated, too.
    return {**found, **(usage.quantities or {"input": 0})}


def _series(nw: Any, name: str, values: list[Any], backend: Any) -> Any:
    if name in _FLAGS:
        kind, values = nw.Boolean, [bool(value) for value in values]
    elif name in _TEXTS or name == PROBLEM:
        kind = nw.String
    elif name == "time":
        kind = nw.Datetime("us")
    elif name == "duration" or any(value is not None and not isinstance(value, int) for value in values):
        kind, values = nw.Float64, [None if value is None else float(value) for value in values]
    else:
        kind = nw.Int64
    if backend.is_pandas():
        return _arrow_series(nw, name, values, kind)
    if name == "time":
        return nw.new_series(name, values, nw.Int64, backend=backend).cast(kind)
    return nw.new_series(name, values, kind, backend=backend)


def _arrow_series(nw: Any, name: str, values: list[Any], kind: Any) -> Any:
    """Return a pandas column whose whole numbers stay whole beside nulls."""
    import pandas as pd
    import pyarrow as pa

    kinds = {nw.Boolean: pa.bool_(), nw.String: pa.string(), nw.Float64: pa.float64(), nw.Int64: pa.int64()}
    kinds |= {nw.Datetime("us"): pa.timestamp("us")}
    series = pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([pa.array(values, kinds[kind])])), name=name)
    return nw.from_native(series, series_only=True)
