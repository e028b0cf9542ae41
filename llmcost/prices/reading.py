"""Files of prices, read whole: regular ones only, and no larger than any price map is."""

from __future__ import annotations

import os
import stat

# The biggest public map has 3 MB.
LARGEST = 64 * 1024 * 1024


def read_regular(path: str | bytes | os.PathLike[str]) -> bytes:
    """Return the bytes of a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is a pipe or a device, which may never end, it is too large, or its name is none.
    """
    # Looked at while it is open: what a name leads to may change.
    with open(path, "rb", opener=_without_waiting) as file:
        kind = os.fstat(file.fileno())
        if not stat.S_ISREG(kind.st_mode):
            raise ValueError("it is no regular file")
        data = file.read(LARGEST + 1) if kind.st_size <= LARGEST else b""
    if kind.st_size > LARGEST or len(data) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST:,} bytes: no price map is")
    return data


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe without waiting for who writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
