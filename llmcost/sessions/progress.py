"""How far a file of sessions was read, and whether it only grew since."""

from __future__ import annotations

import zlib

from ..logs.folders import PACKED, plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import BinaryIO

# Bytes of the beginning, and before the offset, by which a file is known again.
_PROOF = 512
_WHOLE = ".json"


class Seen:
    """What tells of a file whether all of it was read: some of the columns of ``files``."""

    __slots__ = ("changed", "id", "inode", "offset", "size")

    def __init__(self, number: int, size: int, changed: int, inode: int, offset: int) -> None:
        self.id, self.size, self.changed, self.inode, self.offset = number, size, changed, inode, offset


class State:
    """A file as far as it was read; the attributes are the columns of ``files``."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.id: int | None = None
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
    def packed(self) -> bool:
        """Whether the file is packed, so that it too is read anew whenever it changes."""
        return self.path.endswith(PACKED)


def is_as_before(state: State | Seen, info: os.stat_result) -> bool:
    """Return whether nothing was written to a file since it was read."""
    return (state.size, state.changed, state.inode) == (info.st_size, info.st_mtime_ns, info.st_ino)


def goes_on(state: State, binary: BinaryIO, info: os.stat_result) -> bool:
    """Return whether a file only grew: it is the same, and what was read still stands before the offset."""
    if not state.offset or state.whole or state.packed or state.inode != info.st_ino:
        return False
    if info.st_size < state.offset or info.st_size == state.size:
        return False
    return state.proof == proof_of(binary, state.offset)


def proof_of(binary: BinaryIO, offset: int) -> str:
    """Return what stands for the bytes before an offset."""
    binary.seek(0)
    head = binary.read(min(_PROOF, offset))
    binary.seek(max(0, offset - _PROOF))
    both = head + binary.read(min(_PROOF, offset))
    return f"{zlib.crc32(both):08x}{zlib.adler32(both):08x}"
