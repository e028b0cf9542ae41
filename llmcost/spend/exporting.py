"""Exporting: every call of a log as a row of CSV, JSON Lines or Parquet, with every digit of its cost."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from ..core.cells import safe
from ..core.exact import plain
from ..errors import ArgumentError, MissingDependencyError, SpendLogError, how_to_install, shown
from ..replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TextIO

    from .stored import StoredCall

FORMS = ("csv", "jsonl", "parquet")
_TEXTS = ("id", "status", "model", "provider", "deployment", "team", "user", "session")
COLUMNS = ("at", *_TEXTS, "tags", "input", "output", "usd", "latency_us", "ttft_us", "attempt", "error", "metadata")
# Of a Parquet column of money: 18 digits before the point and 20 behind it. A rate of 1e-19 with a factor of 1.1 fits.
_DIGITS, _PLACES = 38, 20
_BATCH = 10_000


def write_calls(calls: Iterable[StoredCall], target: Any, form: str) -> None:
    """Write calls to a path, whole or not at all, or as text to an open file.

    Raises:
        ArgumentError: ``form`` is unknown, or Parquet is asked for where text is written.
        MissingDependencyError: PyArrow is not installed.
        SpendLogError: a cost has more digits than a column of Parquet holds.
    """
    if form not in FORMS:
        raise ArgumentError(f"form={shown(form)}: it is one of {', '.join(FORMS)}")
    write: Callable[[Iterable[StoredCall], Any], None] = _write_csv if form == "csv" else _write_lines
    if hasattr(target, "write"):
        if form == "parquet":
            raise ArgumentError("form='parquet' is no text: pass a path")
        write(calls, target)
        return
    with replacing(target) as path:
        if form == "parquet":
            # PyArrow waits for ever for somebody to read from a pipe.
            if not path.is_file():
                raise ArgumentError(f"form='parquet' is written to a file: {shown(str(target))} is none")
            _write_parquet(calls, path)
            return
        with path.open("w", encoding="utf-8", newline="") as out:
            write(calls, out)


def _write_csv(calls: Iterable[StoredCall], out: TextIO) -> None:
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for call in calls:
        found = _row(call)
        found["tags"] = " ".join(call.tags)
        rows.writerow(
            [safe(value) if isinstance(value, str) else "" if value is None else value for value in found.values()]
        )


def _write_lines(calls: Iterable[StoredCall], out: TextIO) -> None:
    out.writelines(json.dumps({**_row(call), "metadata": call.metadata}) + "\n" for call in calls)


def _row(call: StoredCall) -> dict[str, Any]:
    """Return a call by the names of the columns; money and moments are text."""
    return {
        "at": call.at.isoformat(),
        **{name: getattr(call, name) for name in _TEXTS},
        "tags": list(call.tags),
        "input": call.input,
        "output": call.output,
        "usd": plain(call.cost, 0),
        "latency_us": call.latency_us,
        "ttft_us": call.ttft_us,
        "attempt": call.attempt,
        "error": call.error,
        "metadata": None if call.metadata is None else json.dumps(call.metadata),
    }


def _write_parquet(calls: Iterable[StoredCall], path: Any) -> None:
    try:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise MissingDependencyError(
            f"Parquet is written by PyArrow: {how_to_install('parquet', 'pyarrow')}", "parquet"
        ) from None
    integer, text = pa.int64(), pa.string()
    kinds = {
        "at": pa.timestamp("us", tz="UTC"),
        **dict.fromkeys((*_TEXTS, "error", "metadata"), text),
        "tags": pa.list_(text),
        **dict.fromkeys(("input", "output", "latency_us", "ttft_us", "attempt"), integer),
        "usd": pa.decimal128(_DIGITS, _PLACES),
    }
    schema = pa.schema([(name, kinds[name]) for name in COLUMNS])
    with ParquetWriter(path, schema) as writer:
        rows: list[dict[str, Any]] = []
        for call in calls:
            rows.append({**_row(call), "at": call.at, "usd": _checked(call)})
            if len(rows) >= _BATCH:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema))


def _checked(call: StoredCall) -> Any:
    exponent = call.cost.as_tuple().exponent
    if (isinstance(exponent, int) and -exponent > _PLACES) or call.cost.adjusted() >= _DIGITS - _PLACES:
        raise SpendLogError(
            f"the call {shown(call.id)} costs {plain(call.cost, 0)} USD, which a column of Parquet does not hold: "
            "export CSV or JSON Lines"
        )
    return call.cost
