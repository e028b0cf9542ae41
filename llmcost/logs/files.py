"""The calls of files, folders and standard input."""

from __future__ import annotations

import io
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..errors import LogError
from .calls import calls
from .sessions import counted_once
from .source import LINES, Source, add_counts, or_sums
from .values import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from .record import Record

# Endings of the files that are read in a folder. A file that is named itself may have any ending.
ENDINGS = (".json", ".sse", *LINES)


class Files:
    """The calls of files, folders and ``-``, read one by one.

    Attributes:
        files: their names, and what could not be found.
        passed: how many lines of session logs are no calls, by what they are, as far as they were read.

    Args:
        paths: files, folders and ``-`` for standard input.
        one_stream: all chunks of a file, or of an array in it, are one call.
        empty: the message for a file that holds nothing; without a message such a file is no error.
        passed: where lines are counted that are no calls.
    """

    def __init__(
        self,
        paths: Iterable[str],
        *,
        one_stream: bool = False,
        empty: str = "is empty: there is no response in it",
        passed: dict[str, int] | None = None,
    ) -> None:
        self._one_stream, self._empty = one_stream, empty
        self.files: list[str | LogError] = [file for path in paths for file in _files_of(path)]
        self.passed: dict[str, int] = {} if passed is None else passed
        self._before = 0
        self._binary: io.BufferedReader | None = None

    @property
    def total(self) -> int | None:
        """Bytes of all files; None if it is not known."""
        if "-" in self.files:
            return None
        return sum(Path(file).stat().st_size for file in self.files if isinstance(file, str))

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self._before + (self._binary.tell() if self._binary is not None and self._binary.seekable() else 0)

    def __iter__(self) -> Iterator[Record | LogError]:
        return counted_once(self.found(), self.passed)

    def found(self) -> Iterator[Record | LogError]:
        """Yield the calls of one file after the other, also those that stand in several lines or files."""
        for file in self.files:
            if isinstance(file, LogError):
                yield file
                continue
            try:
                with opened(file) as binary:
                    self._binary = binary
                    try:
                        yield from self._calls(file, binary)
                    finally:
                        self._before, self._binary = self.done, None
            except OSError as error:
                yield unread(file, error)

    def _calls(self, file: str, binary: io.BufferedReader) -> Iterator[Record | LogError]:
        source = Source(name_of(file))
        text = io.TextIOWrapper(binary, encoding=encoding_of(binary), errors="replace")
        empty = True
        try:
            for call in or_sums(calls(values(text), source, one_stream=self._one_stream), source):
                empty = False
                yield call
        finally:
            # Closing the wrapper would close standard input.
            text.detach()
        add_counts(self.passed, source.passed)
        if empty and self._empty and not source.passed:
            yield LogError(self._empty, source.name)


def name_of(file: str) -> str:
    """Return the name of a file, as places and errors show it."""
    return "stdin" if file == "-" else file


def unread(file: str, error: OSError) -> LogError:
    """Return the error for a file that the system does not let us read."""
    return LogError(f"cannot be read: {error.strerror or error}", file)


def _files_of(path: str) -> list[str | LogError]:
    """Return the files that a path means: itself, or those of a folder and the folders in it."""
    if path == "-":
        return [path]
    place = Path(path)
    if not place.exists():
        return [LogError("no such file or folder", path)]
    if not place.is_dir():
        return [path]
    found: list[str | LogError] = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [str(Path(folder, name)) for name in sorted(names) if name.endswith(ENDINGS)]
    return found or [LogError(f"the folder holds no {', '.join('*' + end for end in ENDINGS)}", path)]


def opened(file: str) -> AbstractContextManager[io.BufferedReader]:
    """Return a file to read, or for ``-`` standard input, which stays open."""
    if file != "-":
        return Path(file).open("rb")
    binary = sys.stdin.buffer
    return nullcontext(cast("io.BufferedReader", binary if hasattr(binary, "peek") else io.BufferedReader(binary)))


def encoding_of(binary: io.BufferedReader) -> str:
    """Return how a text is encoded, by its first bytes; what a Windows shell redirects is UTF-16."""
    first = binary.peek(3)[:3]
    if first[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    # Text without a mark is decoded faster by the codec that looks for none.
    return "utf-8-sig" if b"\xef\xbb\xbf".startswith(first) else "utf-8"
