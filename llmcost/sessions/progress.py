"""How far a file of sessions was read, and whether it only grew since."""

from __future__ import annotations

import os
import zlib

from ..logs.folders import PACKED, plain_name
from ..logs.session_formats import is_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

# Bytes of the beginning, and before the offset, by which a file is known again.
_PROOF = 512
_WHOLE = ".json"


class Info:
    """What the system says of a file: the size, the time of the last change, and what tells it from others."""

    __slots__ = ("changed", "inode", "size")

    def __init__(self, size: int, changed: int, inode: int) -> None:
        self.size, self.changed, self.inode = size, changed, inode


def info_of(path: str, *, store: bool) -> Info:
    """Return what the system says of a file; of a ``store``, a database, with what was written last, beside it.

    Raises OSError if there is no such file.
    """
    info = os.stat(path)
    size, changed = info.st_size, info.st_mtime_ns
    if store:
        try:
            beside = os.stat(f"{path}-wal")
        except OSError:
            pass
        else:
            size, changed = size + beside.st_size, max(changed, beside.st_mtime_ns)
    return Info(size, changed, info.st_ino)


class Seen:
    """What tells of a file whether all of it was read: some of the columns of ``files``."""

    __slots__ = ("changed", "id", "inode", "offset", "size")

    def __init__(self, number: int, size: int, changed: int, inode: int, offset: int) -> None:
        self.id, self.size, self.changed, self.inode, self.offset = number, size, changed, inode, offset


# The columns of ``files`` beside the path, each an attribute of a ``State``.
COLUMNS = ("id", "size", "changed", "inode", "offset", "line", "proof", "format", "state", "copies", "problems")


class State:
    """A file as far as it was read."""

    def __init__(self, path: str, number: int = 0) -> None:
        self.path, self.id = path, number
        self.size = self.changed = self.inode = self.offset = 0
        self.line = 1
        self.proof = ""
        self.format: str | None = None
        self.state = "[]"
        self.copies = self.problems = 0

    @property
    def whole(self) -> bool:
        """Whether the file is one value, which is read anew whenever it changes."""
        return plain_name(self.path).endswith(_WHOLE)

    @property
    def store(self) -> bool:
        """Whether the file is a database, whose rows are read."""
        return is_store(self.path)

    @property
    def packed(self) -> bool:
        """Whether the file is packed, so that it too is read anew whenever it changes."""
        return self.path.endswith(PACKED)


def is_as_before(state: State | Seen, info: Info) -> bool:
    """Return whether nothing was written to a file since it was read."""
    return (state.size, state.changed, state.inode) == (info.size, info.changed, info.inode)


def goes_on(state: State, binary: BinaryIO, info: Info) -> bool:
    """Return whether a file only grew: it is the same, and what was read still stands before the offset."""
    if not state.offset or state.whole or state.packed or state.inode != info.inode:
        return False
    if info.size < state.offset or info.size == state.size:
        return False
    return state.proof == proof_of(binary, state.offset)


def proof_of(binary: BinaryIO, offset: int) -> str:
    """Return what stands for the bytes before an offset."""
    binary.seek(0)
    head = binary.read(min(_PROOF, offset))
    binary.seek(max(0, offset - _PROOF))
    both = head + binary.read(min(_PROOF, offset))
    return f"{zlib.crc32(both):08x}{zlib.adler32(both):08x}"
