"""Files of prices, read whole: regular ones only, and no larger than any price map is."""

from __future__ import annotations

import os
import stat

# The biggest public map has 3 MB.
LARGEST = 64 * 1024 * 1024


def read_regular(path: str | bytes | os.PathLike[str], largest: int = LARGEST) -> bytes:
    """Return the bytes of a file of at most ``largest`` bytes.

    Raises:
        OSError: it cannot be read.
        ValueError: it is a pipe or a device, which may never end, it is too large or grows, or its name is none.
    """
    # Looked at while it is open: what a name leads to may change.
    with open(path, "rb", opener=_without_waiting) as file:
        kind = os.fstat(file.fileno())
        if not stat.S_ISREG(kind.st_mode):
            raise ValueError("it is no regular file")
        if kind.st_size > largest:
            raise ValueError(f"it is larger than {largest:,} bytes: no price map is")
        # No more than there is: a read of the most that there may be takes as much memory.
        data = file.read(kind.st_size)
        if file.read(1):
            raise ValueError("it grew while it was read: read it again")
    return data


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe without waiting for who writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
