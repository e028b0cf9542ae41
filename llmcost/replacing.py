"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def write_whole(write: str | os.PathLike[str], text: str, *, private: bool = False) -> None:
    """Write a text into a file as ``replacing`` does; an OSError names the file that was asked for."""
    try:
        with replacing(write, private=private) as path:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        error.filename, error.filename2 = os.fspath(write), None
        raise


@contextmanager
def replacing(write: str | os.PathLike[str], *, private: bool = False) -> Iterator[Path]:
    """Give a path to write to, which replaces a file once it is complete; if anything fails, that file stays.

    The new file has the permissions of the old one; a ``private`` file is for its owner alone to read. Whatever is no
    plain file, such as a pipe or a device, is written to in its place.
    """
    # A symbolic link stays: the file that it points to is replaced.
    target = Path(_resolved(write))
    if target.exists() and not target.is_file():
        yield target
        return
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    path = Path(name)
    try:
        yield path
        with path.open("rb+") as written:
            os.fsync(written.fileno())
        if not private:
            path.chmod(_mode(target))
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Make sure that a loss of power does not take the names of new files; Windows opens no folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _resolved(write: str | os.PathLike[str]) -> str:
    """Return where a path leads; raise OSError for one that leads nowhere, or that no system takes."""
    # Not by Path.resolve(): for links in a circle some versions raise RuntimeError, and others nothing.
    named = os.fsdecode(write)
    if "\0" in named:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), named)
    found = os.path.realpath(named)
    if os.path.islink(found):  # noqa: PTH114 - Path raises for a name that no file can have
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), named)
    return found


def _mode(target: Path) -> int:
    """Return the permissions of the file that is replaced, or those of a new one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
