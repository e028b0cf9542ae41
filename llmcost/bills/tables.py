"""Tables: the rows of a bill's file, each with its place; and how a file of CSV is read."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BillError
from ..prices.data_sets import open_regular
from .amounts import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from io import BufferedReader
    from typing import Any

_DELIMITERS = ("\t", ";", ",")
_GZIP = b"\x1f\x8b"
# How databases, and the sample data of FOCUS, write that there is no value.
_NULL = "NULL"
# A cell of a bill is a name, a number, or JSON of tags.
_LONGEST_CELL = 1 << 20
# A bill has no more bytes, and so many are read at once.
_LARGEST, _AT_ONCE = 1 << 32, 1 << 20


class Row(NamedTuple):
    """A row of a bill.

    Attributes:
        values: by column; of JSON by key, those of an inner object by ``outer_inner``.
        source, line: where it stands.
        where: the place in a file without lines: ``data[3].results[0]`` of JSON, ``row 7`` of Parquet; empty for CSV.
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
    """A file of rows: its columns, and its rows as they are read."""

    columns: tuple[str, ...]
    rows: Iterator[Row]

    def renamed(self, name: Callable[[str], str], path: str) -> Table:
        """Return the table with other names of its columns.

        Raises BillError for a column that is there twice.
        """
        names = {column: name(column) for column in self.columns}
        once(names.values(), path)
        if all(name == column for column, name in names.items()):
            return self
        rows = (
            row._replace(values={names[column]: value for column, value in row.values.items()}) for row in self.rows
        )
        return Table(tuple(names.values()), rows)


def content(path: str) -> bytes:
    """Return the bytes of a file, unpacked where it is packed by gzip.

    Raises BillError if it cannot be read.
    """
    try:
        # A pipe may be the output of another program, such as one that unpacks the bill.
        with open_regular(path, pipes=True) as file:
            data = _all_of(file, path)
    except OSError as error:
        raise BillError(f"it cannot be read: {error.strerror}", path) from error
    except ValueError as error:
        if isinstance(error, BillError):
            raise
        raise BillError(f"it cannot be read: {error}", path) from error
    if data[:2] == _GZIP:
        try:
            with gzip.open(io.BytesIO(data)) as unpacked:
                data = _all_of(unpacked, path)
        except (OSError, EOFError, zlib.error) as error:
            raise BillError(f"the packed file is damaged: {error}", path) from error
    return data


def _all_of(file: gzip.GzipFile | BufferedReader, path: str) -> bytes:
    """Return all bytes of a file, which may unpack to a thousand times its size, or never end."""
    parts, left = [], _LARGEST
    while part := file.read(_AT_ONCE):
        parts.append(part)
        left -= len(part)
        if left < 0:
            raise BillError(f"it has more than {_LARGEST:,} bytes: read the bill of each month by itself", path)
    return b"".join(parts)


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
    try:
        columns = tuple(name.strip() for name in next(reader, []))
    except csv.Error as error:
        raise BillError(f"the header is torn: {error}", path, 1) from None
    once(columns, path)
    return Table(columns, _rows(reader, columns, path))


def once(columns: Iterable[str], path: str) -> None:
    """Raise BillError for a column that is there twice."""
    seen: set[str] = set()
    for name in columns:
        if name in seen:
            raise BillError(f"the column {name!r} is there twice", path, 1)
        seen.add(name)


def _rows(reader: Any, columns: tuple[str, ...], path: str) -> Iterator[Row]:
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
        found = (None if cell == _NULL else cell for cell in cells)
        yield Row(dict(zip(columns, found, strict=True)), path, line)
