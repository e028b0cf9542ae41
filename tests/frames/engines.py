"""The engines of the tests: a frame of each kind from rows, and the rows of a frame."""

from __future__ import annotations

from tests.frames.calls import METERS
from tests.sdks import optional

TEXTS = ("model", "provider", "region", "service_tier", "team")
ENGINES = ("polars", "polars-lazy", "duckdb", "pandas", "pandas-numpy", "pyarrow")


def arrow(rows):
    """Return rows as an Arrow table whose columns have types, empty ones too."""
    pa = optional("pyarrow")
    kinds = {
        **dict.fromkeys(METERS, pa.int64()),
        **dict.fromkeys(TEXTS, pa.string()),
        "duration": pa.float64(),
        "time": pa.timestamp("us", "UTC"),
        "batch": pa.bool_(),
        "aggregate": pa.bool_(),
    }
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([row.get(name) for row in rows], kinds.get(name)) for name in names})


def frame_of(rows, engine):
    """Return rows as a frame of an engine."""
    table = arrow(rows) if isinstance(rows, list) else rows
    if engine == "pyarrow":
        return table
    if engine.startswith("polars"):
        found = optional("polars").from_arrow(table)
        return found.lazy() if engine == "polars-lazy" else found
    if engine == "duckdb":
        return optional("duckdb").connect().from_arrow(table)
    pandas = optional("pandas")
    return table.to_pandas(types_mapper=pandas.ArrowDtype if engine == "pandas" else None)


def rows_of(frame):
    """Return the rows of a frame as dicts."""
    kind = type(frame).__module__.partition(".")[0]
    if kind == "polars":
        return frame.lazy().collect().to_dicts()
    if kind == "pandas":
        return optional("pyarrow").Table.from_pandas(frame, preserve_index=False).to_pylist()
    return (frame.to_arrow_table() if hasattr(frame, "to_arrow_table") else frame).to_pylist()
