"""Segments: the files of a spool. The process that holds the lock of one writes it, or moves it to the database."""

from __future__ import annotations

import os
import stat
from platform import node
from secrets import token_hex
from typing import TYPE_CHECKING
from zlib import crc32

from .locks import is_at, lock

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".spool"
# Lines that could not be stored are kept here, so that they stop nothing and are not lost.
REFUSED = "refused.jsonl"
# User names and tags stand in them.
FILE_MODE, FOLDER_MODE = 0o600, 0o700

# Containers that share a folder have processes of the same number.
_HOST = f"{crc32(node().encode()):08x}"
_BINARY: int = getattr(os, "O_BINARY", 0)


class Segment:
    """A file of lines, open and locked.

    Attributes:
        path: where it is.
        descriptor: of the open file; -1 when it is closed.
        size: how many bytes of whole lines it holds.
    """

    __slots__ = ("descriptor", "path", "size")

    def __init__(self, path: Path, descriptor: int, size: int = 0) -> None:
        self.path, self.descriptor, self.size = path, descriptor, size

    def close(self) -> None:
        """Close the file, which unlocks it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __del__(self) -> None:
        self.close()

    def delete(self) -> None:
        """Delete the file before it is closed, so that no other process can lock it in between."""
        try:
            self.path.unlink()
        except PermissionError:
            # Windows deletes no open file. A process that takes it in between stores lines that are stored already.
            self.close()
            self.path.unlink(missing_ok=True)
        self.close()

    def lines(self) -> bytes:
        """Return the whole lines; a last one without its end was not acknowledged."""
        pieces = []
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        while piece := os.read(self.descriptor, 1 << 20):
            pieces.append(piece)
        found = b"".join(pieces)
        return found[: found.rfind(b"\n") + 1]


def new_segment(folder: Path, number: int) -> Segment:
    """Make a new segment of this process, locked. Its name sorts after those that this process has made before."""
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    while True:
        path = folder / f"{os.getpid()}-{_HOST}-{number:08}-{token_hex(6)}{SUFFIX}"
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _BINARY, FILE_MODE)
        # Another process may have taken it for the file of a dead one before it was locked, and have deleted it.
        if lock(descriptor) and is_at(descriptor, path):
            return Segment(path, descriptor)
        os.close(descriptor)


def paths(folder: Path) -> list[Path]:
    """Return the segments of a folder; those of one process in the order in which they were written."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - as texts, which sort faster
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(names) if name.endswith(SUFFIX)]


def writer_of(path: Path) -> int | None:
    """Return the id of the process that has written a segment; None for one of another host, or of another name."""
    number, host, *_ = [*path.name.split("-"), ""]
    return int(number) if number.isdecimal() and host == _HOST else None


def taken(path: Path) -> Segment | None:
    """Return a segment that nobody writes any more, locked; None if somebody holds it, or it has gone."""
    try:
        descriptor = os.open(path, os.O_RDWR | _BINARY)
    except (FileNotFoundError, IsADirectoryError):
        return None
    # Reading a pipe would wait for ever.
    if stat.S_ISREG(os.fstat(descriptor).st_mode) and lock(descriptor) and is_at(descriptor, path):
        return Segment(path, descriptor, os.fstat(descriptor).st_size)
    os.close(descriptor)
    return None


def size_of(folder: Path) -> int:
    """Return how many bytes the segments of a folder hold."""
    total = 0
    for path in paths(folder):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def refuse(folder: Path, line: bytes) -> Path:
    """Keep a line that cannot be stored, and return the file that keeps it."""
    path = folder / REFUSED
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY, FILE_MODE)
    try:
        os.write(descriptor, line.rstrip(b"\n") + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return path
