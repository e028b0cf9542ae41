"""Files of prices, read whole: regular ones only, and no larger than any price map is."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

# The biggest public map has 3 MB.
LARGEST = 64 * 1024 * 1024


def read_regular(path: str | bytes | os.PathLike[str], largest: int = LARGEST) -> bytes:
    """Return the bytes of a file of at most ``largest`` bytes.

    Raises:
        OSError: it cannot be read.
        ValueError: it is a pipe or a device, which may never end, it is too large or grows, or its name is none.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > largest:
            raise ValueError(f"it is larger than {largest:,} bytes: no price map is")
        # No more than there is: a read of the most that there may be takes as much memory.
        data = file.read(size)
        if file.read(1):
            raise ValueError("it grew while it was read: read it again")
    return data


def open_regular(path: str | bytes | os.PathLike[str], *, pipes: bool = False) -> BinaryIO:
    """Open a file to read its bytes; raise ValueError for a pipe or a device, and OSError if it cannot be opened.

    ``pipes`` takes a pipe too, such as the one of ``--config <(sops --decrypt config.yaml)``. One that nobody has open
    to write has no bytes.
    """
    file = open(path, "rb", opener=_without_waiting)
    # Looked at while it is open: what a name leads to may change.
    mode = os.fstat(file.fileno()).st_mode
    if pipes and stat.S_ISFIFO(mode):
        os.set_blocking(file.fileno(), True)
    elif not stat.S_ISREG(mode):
        file.close()
        raise ValueError("it is no regular file")
    return file


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe without waiting for who writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
