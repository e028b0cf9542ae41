"""Tables: the rows of a bill's file, of CSV or of JSON, each with its place."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BillError, printable
from .amounts import Field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any

_DELIMITERS = ("\t", ";", ",")
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
# A cell of a bill is a name, a number, or JSON of tags.
_LONGEST_CELL = 1 << 20


class Row(NamedTuple):
    """A row of a bill.

    Attributes:
        values: by column; of JSON by key, those of an inner object by ``outer_inner``.
        source, line: where it stands.
        where: the place in a document of JSON, such as ``data[3].results[0]``; empty for CSV.
    """

    values: Mapping[str, object]
    source: str
    line: int | None
    where: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as a person finds it."""
        if self.where:
            return f"{self.source}:{self.where}"
        return f"{self.source}:{self.line}" if self.line is not None else self.source

    def field(self, name: str) -> Field:
        """Return a value with its place; of a column that is not there, an empty one."""
        label = f"{self.where}.{name}" if self.where else name
        return Field(label, self.values.get(name), self.source, self.line)

    def text(self, name: str) -> str:
        """Return a value as text, "" for none."""
        return self.field(name).text


class Table(NamedTuple):
    """A file of CSV: its columns, and its rows as they are read."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def content(path: str) -> bytes:
    """Return the bytes of a file, unpacked where it is packed by gzip.

    Raises BillError if it cannot be read.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise BillError(f"it cannot be read: {error.strerror}", path) from error
    if data[:2] == _GZIP:
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise BillError(f"the packed file is damaged: {error}", path) from error
    if data[:4] == _PARQUET:
        raise BillError("it is Parquet: export the bill as CSV, or convert it", path)
    return data


def decoded(data: bytes, path: str) -> str:
    """Return a file as text.

    Raises BillError if it is no UTF-8 or UTF-16.
    """
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BillError(f"it is no text of {encoding.upper()}", path, line) from None


def table(text: str, path: str) -> Table:
    """Return the columns and the rows of CSV, however they are parted.

    Raises BillError for a column that is there twice, and while rows are read, for one that is torn.
    """
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = tuple(name.strip() for name in next(reader, []))
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice is not None:
        raise BillError(f"the column {twice!r} is there twice", path, 1)
    return Table(columns, _rows(reader, columns, path))


def _rows(reader: Any, columns: tuple[str, ...], path: str) -> Iterator[Row]:
    line = 1
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BillError(f"the row is torn: {error}", path, line) from None
        if not cells:
            continue
        if len(cells) != len(columns):
            raise BillError(f"the row is torn: it has {len(cells)} of {len(columns)} columns", path, line)
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            raise BillError("a cell is longer than a million characters", path, line)
        yield Row(dict(zip(columns, cells, strict=True)), path, line)


def documents(text: str, path: str) -> list[dict[str, Any]]:
    """Return the objects of JSON: one, an array of them, or one after another as in JSON Lines.

    Numbers are kept as they are written.

    Raises BillError if the file is torn, or holds something else.
    """
    read = json.JSONDecoder(parse_float=Decimal)
    found: list[dict[str, Any]] = []
    position = _next(text, 0)
    while position < len(text):
        try:
            value, end = read.raw_decode(text, position)
        except RecursionError:
            raise BillError("it is JSON that is too deep to be a bill", path) from None
        except ValueError as error:
            line = text.count("\n", 0, getattr(error, "pos", position)) + 1
            raise BillError(f"the file is torn, or no JSON: {error}", path, line) from None
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, dict) for one in values):
            raise BillError("it is JSON, and no report of costs or usage", path, text.count("\n", 0, position) + 1)
        found += values
        position = _next(text, end)
    return found


def _next(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def flat(*objects: Mapping[str, Any]) -> dict[str, object]:
    """Return the fields of objects, those of inner objects as ``outer_inner``.

    >>> flat({"a": 1, "amount": {"value": 2}}, {"b": None})
    {'a': 1, 'amount_value': 2, 'b': None}
    """
    found: dict[str, object] = {}
    for one in objects:
        for name, value in one.items():
            if isinstance(value, dict):
                found.update({f"{name}_{inner}": held for inner, held in value.items()})
            else:
                found[name] = value
    return found


def buckets(pages: Iterable[Mapping[str, Any]], path: str) -> tuple[list[Row], list[str]]:
    """Return the results of the buckets of a report, with the fields of their bucket; and what there is to say of it.

    Raises BillError where the report has another form.
    """
    rows: list[Row] = []
    remarks: list[str] = []
    for number, page in enumerate(pages):
        where = f"[{number}]." if number else ""
        more = page.get("has_more")
        for place, bucket in enumerate(_list(page, "data", path)):
            outer = {name: value for name, value in bucket.items() if name not in {"results", "result"}}
            inner = "results" if "results" in bucket else "result"
            results = _list(bucket, inner, path)
            # A bucket without results is a day of the bill without any costs.
            for count, result in enumerate(results or [{}]):
                rows.append(Row(flat(outer, result), path, None, f"{where}data[{place}].{inner}[{count}]"))
    if more:
        remarks.append("the report goes on: the last page says has_more, and its next page is not here")
    return rows, remarks


def _list(holder: Mapping[str, Any], name: str, path: str) -> list[Any]:
    found = holder.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BillError(f"{name} is no list of objects: it is no report of costs or usage", path)
    return found


def not_read(columns: Iterable[str], known: Collection[str]) -> list[str]:
    """Return a remark on columns that this version does not know, if there are some."""
    unknown = [name for name in dict.fromkeys(columns) if name not in known and not name.startswith("x_")]
    return [f"columns that are not read: {', '.join(map(printable, unknown))}"] if unknown else []
