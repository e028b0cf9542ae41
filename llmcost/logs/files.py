"""The calls of files, folders and standard input."""

from __future__ import annotations

import io
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .calls import LINES, Call, Places, Unreadable, calls
from .values import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

# What is read of a folder; a file that is named is read whatever it is called.
ENDINGS = (".json", ".sse", *LINES)


class Inputs:
    """The calls of files, folders and ``-``, read one by one.

    Attributes:
        total: bytes of all files; None if it is not known.
        done: bytes read so far.
    """

    def __init__(self, paths: Iterable[str], *, one_stream: bool = False) -> None:
        self._one_stream = one_stream
        self._files: list[str | Unreadable] = [file for path in paths for file in _files(path)]
        self.total: int | None = None
        if "-" not in self._files:
            self.total = sum(Path(file).stat().st_size for file in self._files if isinstance(file, str))
        self.done = 0

    def __iter__(self) -> Iterator[Call | Unreadable]:
        for file in self._files:
            if isinstance(file, Unreadable):
                yield file
                continue
            try:
                with opened(file) as binary:
                    yield from self._calls(file, binary)
            except OSError as error:
                yield Unreadable(file, file, None, f"cannot be read: {error.strerror or error}")

    def _calls(self, file: str, binary: io.BufferedReader) -> Iterator[Call | Unreadable]:
        source = "stdin" if file == "-" else file
        text = io.TextIOWrapper(binary, encoding=encoding_of(binary), errors="replace")
        before, empty = self.done, True
        counted = bool(self.total) and binary.seekable()
        try:
            for call in calls(values(text), Places(source), one_stream=self._one_stream):
                if counted:
                    self.done = before + binary.tell()
                empty = False
                yield call
        finally:
            # Closing the wrapper would close standard input.
            text.detach()
        if empty:
            yield Unreadable(source, source, None, "is empty: there is no response in it")


def _files(path: str) -> list[str | Unreadable]:
    if path == "-":
        return [path]
    place = Path(path)
    if not place.exists():
        return [Unreadable(path, path, None, "no such file or folder")]
    if not place.is_dir():
        return [path]
    found: list[str | Unreadable] = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [str(Path(folder, name)) for name in sorted(names) if name.endswith(ENDINGS)]
    return found or [Unreadable(path, path, None, f"the folder holds no {', '.join('*' + end for end in ENDINGS)}")]


def opened(file: str) -> AbstractContextManager[io.BufferedReader]:
    """Return a file to read, or for ``-`` standard input, which stays open."""
    if file != "-":
        return Path(file).open("rb")
    binary = sys.stdin.buffer
    return nullcontext(cast("io.BufferedReader", binary if hasattr(binary, "peek") else io.BufferedReader(binary)))


def encoding_of(binary: io.BufferedReader) -> str:
    """Return how a text is encoded, by its first bytes; what a Windows shell redirects is UTF-16."""
    return "utf-16" if binary.peek(2)[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
