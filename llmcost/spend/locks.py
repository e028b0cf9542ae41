"""A lock on an open file that ends with the process that holds it, however that ends."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    # The byte lies beyond every segment: on Windows what is locked cannot be read by others.
    _FAR = 1 << 40

    def lock(descriptor: int) -> bool:
        """Lock an open file; return False if somebody else holds it."""
        here = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, here, os.SEEK_SET)
        return True

else:
    import fcntl

    def lock(descriptor: int) -> bool:
        """Lock an open file; return False if somebody else holds it.

        The lock is one of the open file and not of the process: it is held against others of the same process too, and
        a forked process holds it along until it closes the file. https://man7.org/linux/man-pages/man2/flock.2.html
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_at(descriptor: int, path: Path) -> bool:
    """Return whether an open file is still the one that stands at a path, and has not been deleted."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    here = os.fstat(descriptor)
    return (here.st_ino, here.st_dev) == (there.st_ino, there.st_dev)
