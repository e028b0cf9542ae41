"""Blocks of whole lines that a file is cut into, for processes that read them beside each other.

A block ends after a line that is a call of its own, where there is one near.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .chunks import stands_alone
from .opening import encoding_of
from .shapes import shape_of

if TYPE_CHECKING:
    from .source import Source

# Bytes of a block, and of a large one: a process learns the models of each block anew, so that large ones cost less.
_BLOCK, _LARGE = 1 << 20, 1 << 22
# Bytes that are read at once: memory that is asked for in larger parts is given back each time.
_AT_ONCE = 1 << 16
# So many large blocks a file should have for each process, so that all end at about the same time.
_MANY = 8
# So many lines after a block are searched for one that stands alone: the block ends there.
_MOST_LOOKED_AT = 64


class Piece(NamedTuple):
    """Where lines stand in a plain file: a process reads them by itself faster than they are handed to it."""

    file: str
    offset: int
    size: int

    def opened(self) -> io.BufferedReader:
        """Return what reads the lines; it raises OSError if the file is not there any more, or is shorter."""
        binary = Path(self.file).open("rb", buffering=0)  # noqa: SIM115 - closed by what reads it
        binary.seek(self.offset)
        return io.BufferedReader(_Limited(binary, self.size))


class _Limited(io.RawIOBase):
    """What comes next in a file, which it closes with itself."""

    def __init__(self, binary: io.FileIO, size: int) -> None:
        self._binary, self._left = binary, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            return 0
        count = self._binary.readinto(memoryview(buffer)[: self._left])
        if not count:
            raise OSError("it became shorter while it was read")
        self._left -= count
        return count

    def close(self) -> None:
        self._binary.close()
        super().close()


class Block(NamedTuple):
    """Whole lines of a file.

    Attributes:
        line: the number of the first.
        last_line: the number of the last that is not blank.
        ends_in_object: whether that one begins as an object does.
    """

    data: bytes | Piece
    source: str
    encoding: str
    line: int
    by_line: bool | None
    of_agent: bool
    last_line: int = 0
    ends_in_object: bool = False

    def opened(self) -> io.BufferedReader:
        """Return what reads the lines."""
        return io.BufferedReader(io.BytesIO(self.data)) if isinstance(self.data, bytes) else self.data.opened()

    def ending(self, before: int, written: bytes) -> Block:
        """Return the same block, given its last lines, without the blank ones, and how many lines end before them."""
        last = max(written.rfind(b"\n"), written.rfind(b"\r")) + 1
        last_line = self.line + before + _line_ends(written)
        return self._replace(last_line=last_line, ends_in_object=written.startswith(b"{", last))

    def joined(self, later: Block) -> Block:
        """Return one block of the lines of two that follow each other."""
        data = self.content() + later.content()
        return self._replace(data=data).ending(0, data.rstrip())

    def content(self) -> bytes:
        """Return the lines."""
        with self.opened() as binary:
            return binary.read()


class Cutter:
    """Cuts a file into blocks.

    Attributes:
        encoding: of what comes next; "utf-16" for a file that is not cut, since the byte of a line break may be a part
            of another character.

    Args:
        shared: how many processes make something else of the blocks; 0 if they hand the calls on.
    """

    def __init__(self, source: Source, binary: io.BufferedReader, file: str, shared: int) -> None:
        self._source, self._binary = source, binary
        self.encoding = encoding_of(binary)
        # The other processes may be in another folder than this one.
        self._plain = str(Path(file).absolute()) if type(binary) is io.BufferedReader and Path(file).is_file() else None
        self._size = _BLOCK
        if shared and self._plain is not None:
            self._size = max(_BLOCK, min(_LARGE, os.fstat(binary.fileno()).st_size // (_MANY * shared)))
        self._offset, self._line = 0, 1
        self._by_line: bool | None = None

    def rest(self) -> Block:
        """Return a block without lines, before all that was not cut yet."""
        source = self._source
        return Block(b"", source.name, self.encoding, self._line, self._by_line, source.of_agent)

    def next(self) -> tuple[Block, bool] | None:
        """Return the next block, and whether it is all of a small file; None at the end."""
        chunks: list[bytes] = []
        size = ends = 0
        begun = b""
        while size < self._size and (chunk := self._binary.read(min(_AT_ONCE, self._size - size))):
            size += len(chunk)
            ends += _line_ends(chunk) - (begun.endswith(b"\r") and chunk.startswith(b"\n"))
            if self._plain is None or size < _BLOCK:
                chunks.append(chunk)
            end = chunk.rfind(b"\n") + 1
            begun = chunk[end:] if end else begun + chunk
        if not size:
            return None
        tail = self._up_to_a_call(begun)
        chunks.append(tail[len(begun) :])
        size += len(tail) - len(begun)
        ends -= begun.count(b"\r")
        # All of a small file: a process would take longer to start.
        whole = not self._offset and size < _BLOCK
        block = self.rest()
        if self._plain is None or whole:
            block = block._replace(data=b"".join(chunks))
        else:
            block = block._replace(data=Piece(self._plain, self._offset, size))
        before, text = (ends, tail) if tail.strip() else (0, block.content())
        block = block.ending(before, text.rstrip())
        self._offset += size
        self._line += ends + _line_ends(tail)
        # Only the first block may begin with a byte-order mark, and only the first call may have no line.
        self.encoding, self._by_line = "utf-8", True
        return block, whole

    def _up_to_a_call(self, begun: bytes) -> bytes:
        """Return the line that was begun, and those up to one that stands alone. If none is near, a stream is cut."""
        last = begun + self._binary.readline()
        lines = [last]
        while len(lines) <= _MOST_LOOKED_AT and not _stands_alone(last):
            last = self._binary.readline()
            if not last:
                break
            lines.append(last)
        return b"".join(lines)


def _stands_alone(line: bytes) -> bool:
    """Return whether a line holds a call for certain, and nothing that the next line may go on with."""
    if not line.startswith(b"{"):
        return False
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(fields, dict) and stands_alone(fields, shape_of(fields).way)


def _line_ends(data: bytes) -> int:
    """Return how many lines end in some text, by any of the three breaks."""
    if b"\r" in data:
        return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    # To leave them out takes a seventh of the time that ``count`` takes.
    return len(data) - len(data.replace(b"\n", b""))
