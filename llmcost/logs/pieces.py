"""Whole lines of a file, for a process that reads them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Piece(NamedTuple):
    """Where lines stand in a plain file: a process reads them by itself faster than they are handed to it."""

    file: str
    offset: int
    size: int

    def read(self) -> bytes:
        """Return the lines. Raises OSError if the file is not there any more, or is shorter."""
        with Path(self.file).open("rb") as binary:
            binary.seek(self.offset)
            data = binary.read(self.size)
        if len(data) != self.size:
            raise OSError("it became shorter while it was read")
        return data


class Block(NamedTuple):
    """Whole lines of a file."""

    data: bytes | Piece
    source: str
    encoding: str
    line: int
    by_line: bool | None
    of_agent: bool

    def content(self) -> bytes:
        """Return the lines."""
        return self.data if isinstance(self.data, bytes) else self.data.read()
