"""Spool: the lines that this process has acknowledged, on their way to the database."""

from __future__ import annotations

import os
from itertools import count
from threading import RLock
from time import sleep
from typing import TYPE_CHECKING
from weakref import WeakSet

from ..errors import SpendLogError, printable
from ..replacing import sync_folder
from .segments import new_segment, size_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..core.cost import Cost
    from .segments import Segment

# A new segment follows one of this size, since a segment is read whole when it is stored.
_MOST_OF_A_SEGMENT = 8 << 20
# Forms that a segment defines; more kinds of call are kept whole.
_MOST_FORMS = 2000
# So many bytes may be written before the folder is measured again: other processes write there too.
_STRIDE = 4 << 20
_WAIT = 0.05

FULL = ("raise", "block")
FSYNC = ("never", "always")


class Spool:
    """Appends lines to files of this process; a line that was appended survives the end of the process.

    The garbage collector settles a stream that was never closed, and may do so in the middle of an append.
    What is appended inside an append goes to a segment of its own.

    Args:
        folder: where the files are.
        cap: the most bytes that all files of the folder hold together.
        fsync: ``always`` returns when the disk has the line, so that a loss of power loses nothing either.
        full: what happens at the cap: ``raise``, or ``block`` until there is room.
        define: returns the text that defines the form of a Cost.
    """

    def __init__(self, folder: Path, cap: int, fsync: str, full: str, define: Callable[[Cost], str]) -> None:
        self.folder = folder
        self._cap, self._always, self._block, self._define = cap, fsync == "always", full == "block", define
        self._fresh()
        _OPEN.add(self)

    def _fresh(self) -> None:
        self._lock, self._busy, self._numbers, self._names = RLock(), False, count(1), count(1)
        self._segment: Segment | None = None
        self._forms: dict[object, int] = {}
        self._room = 0

    def forked(self) -> None:
        """Leave the file to the process that was forked: its lock would be held along."""
        segment = self._segment
        self._fresh()
        if segment is not None:
            segment.close()

    def append(self, rest: str, key: object = None, cost: Cost | None = None) -> None:
        """Append a line, and return when it is kept.

        Args:
            rest: the line; behind the number of the form, where there is a ``key``.
            key: what decides the form of ``cost``.

        Raises SpendLogError if it cannot be kept.
        """
        while True:
            with self._lock:
                if self._busy:
                    self._aside(rest, key, cost)
                    return
                self._busy = True
                try:
                    if self._append(rest, key, cost):
                        return
                finally:
                    self._busy = False
            sleep(_WAIT)

    def _append(self, rest: str, key: object, cost: Cost | None) -> bool:
        segment = self._segment
        if segment is None or segment.size >= _MOST_OF_A_SEGMENT:
            segment = self._next()
        new = None
        number = self._forms.get(key)
        if number is not None:
            data = f'["c",{number},{rest}\n'.encode()
        elif key is None:
            data = f"{rest}\n".encode()
        else:
            new, data = self._defined(rest, cost)
        if not self._has_room(len(data)):
            return False
        self._write(segment, data)
        # Known from here on: a line that refers to a form stands behind the line that defines it.
        if new is not None and len(self._forms) < _MOST_FORMS:
            self._forms[key] = new
        return True

    def _defined(self, rest: str, cost: Cost | None) -> tuple[int, bytes]:
        number = next(self._numbers)
        assert cost is not None  # noqa: S101 - a key is the key of a Cost
        return number, f'["d",{number},{self._define(cost)}]\n["c",{number},{rest}\n'.encode()

    def _aside(self, rest: str, key: object, cost: Cost | None) -> None:
        """Append a line to a segment of its own."""
        segment = self._new()
        try:
            self._write(segment, f"{rest}\n".encode() if key is None else self._defined(rest, cost)[1])
        finally:
            segment.close()

    def _new(self) -> Segment:
        try:
            segment = new_segment(self.folder, next(self._names))
            if self._always:
                sync_folder(self.folder)
        except OSError as error:
            raise SpendLogError(f"{printable(self.folder)}: the call cannot be kept: {error}") from error
        return segment

    def _next(self) -> Segment:
        """Return a new segment in the place of the one before, which is left to be stored."""
        self._leave()
        self._segment = segment = self._new()
        return segment

    def _leave(self) -> None:
        """Leave the segment to be stored, if there is one."""
        before, self._segment = self._segment, None
        self._forms.clear()
        if before is not None:
            before.close()

    def _has_room(self, size: int) -> bool:
        if self._room < size:
            self._room = min(self._cap - size_of(self.folder), _STRIDE)
            if self._room < size:
                self._room = 0
                if self._block:
                    return False
                raise SpendLogError(
                    f"{printable(self.folder)}: the spool is full, {self._cap:,} bytes wait to be stored: see what "
                    "keeps `llmcost spend drain` from storing them, or raise spool_cap="
                )
        self._room -= size
        return True

    def _write(self, segment: Segment, data: bytes) -> None:
        error: OSError | None = None
        try:
            written = os.write(segment.descriptor, data)
            if written == len(data):
                if self._always:
                    _sync(segment.descriptor)
                segment.size += written
                return
        except OSError as raised:
            error = raised
        # Half a line, or one that may not be on the disk: neither counts.
        try:
            os.ftruncate(segment.descriptor, segment.size)
        except OSError:
            self._give_up(segment)
        raise SpendLogError(f"{printable(segment.path)}: the call cannot be kept: {error or 'the disk is full'}")

    def _give_up(self, segment: Segment) -> None:
        """Write no more behind half a line: nobody reads a last line without its end."""
        if segment is self._segment:
            self._leave()
        segment.close()

    def seal(self) -> None:
        """Leave what was written so far to be stored; the next line begins another segment."""
        with self._lock:
            if self._busy or self._segment is None:
                return
            self._busy = True
            try:
                self._leave()
                # What is stored makes room.
                self._room = 0
            finally:
                self._busy = False


_sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


_OPEN: WeakSet[Spool] = WeakSet()


def seal_all(folder: Path) -> None:
    """Seal every spool of this process in a folder."""
    for spool in list(_OPEN):
        if spool.folder == folder:
            spool.seal()


def _forked() -> None:
    for spool in list(_OPEN):
        spool.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
