"""The lines of a JSON file that has one name a line, each found by its name.

The first names are found by halving in the open file: a process that prices one model reads some kilobytes, and not
megabytes. Every other question reads the file whole, once. The file stays open and is not mapped into memory, so that
it can be replaced under a running process, which keeps the text that it began with.
"""

from __future__ import annotations

import os

from ..core.json_text import quote, read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

# The longest line of the bundled files has 4 KB: a part of this size has a whole line in it, wherever it begins.
_PART = 8_192
# After so many names the next one is found faster in the whole text.
_MOST_HALVED = 20
# After so many looks through the whole text, each half a millisecond, the index of 15 is the shorter way.
_MOST_LOOKS = 20
# The files of three sets of prices.
_MOST_SHARED = 9
# What tells a file -> its lines. A thousand maps of one file have one descriptor and one text.
_shared: dict[tuple[int, ...], Lines] = {}


class Lines:
    """The lines of a text by their names, each as JSON writes it; of two lines with one name the first counts."""

    __slots__ = ("_file", "_longest", "_looks", "_starts", "_text")

    def __init__(self, text: bytes | OpenFile) -> None:
        self._text = text if isinstance(text, bytes) else None
        self._file = None if isinstance(text, bytes) else text
        self._starts: Mapping[bytes, int] | None = None
        self._looks = 0
        # No name has more characters, once all are known.
        self._longest = 0

    def __reduce__(self) -> tuple[object, ...]:
        """Another process has the text, and no open file of this one."""
        return Lines, (self.text,)

    @property
    def text(self) -> bytes:
        """The whole text."""
        if self._text is None:
            assert self._file is not None  # noqa: S101 - one of the two is given
            self._text = self._file.read()
        return self._text

    @property
    def beginning(self) -> bytes:
        """The text as far as its first row ends, or farther."""
        if self._text is None and self._file is not None:
            part = self._file.beginning()
            if part.count(b"\n") > 1:
                return part
        return self.text

    def find(self, name: str) -> bytes | None:
        """Return the line of a name without its comma; None if there is none."""
        if self._starts is not None and len(name) > self._longest:
            return None
        written = quoted(name)
        if self._text is None and self._file is not None:
            line = self._file.line(written)
            if line is not None:
                return line
        self._looks += 1
        if self._starts is not None or self._looks > _MOST_LOOKS:
            start = self.index().get(written, -1)
        else:
            start = self.text.find(b"\n" + written + b":")
            if start < 0 and self._has_escapes():
                start = self.index().get(written, -1)
        return _line(self.text, start) if start >= 0 else None

    def _has_escapes(self) -> bool:
        """Return whether another program wrote letters of a name as escapes."""
        if b"\\" not in self.text:
            return False
        import re

        return re.search(rb'\n"[^"\n]*\\', self.text) is not None

    def index(self) -> Mapping[bytes, int]:
        """Return where the line of each name starts, as ``quoted`` writes it; from now on lines are found by it."""
        if self._starts is None:
            import re

            starts: dict[bytes, int] = {}
            for line in re.finditer(rb'\n("(?:[^"\\\n]|\\.)*"):[ \t]*[\[{]', self.text):
                written = line[1]
                if b"\\" in written:
                    try:
                        written = quoted(read_json(written))
                    except ValueError:
                        continue  # no name, such as in a text that is no JSON
                starts.setdefault(written, line.start())
            self._longest = max(map(len, starts), default=0)
            self._starts = starts
        return self._starts


def lines_of(descriptor: int, again: Callable[[], bytes]) -> Lines:
    """Return the lines of an open file, which may be closed then; see ``OpenFile``."""
    file = OpenFile(os.dup(descriptor), again)
    lines = _shared.get(file.identity)
    if lines is None:
        if len(_shared) >= _MOST_SHARED:
            oldest, *_ = _shared
            _shared.pop(oldest, None)
        lines = _shared[file.identity] = Lines(file)
    return lines


class OpenFile:
    """A file whose lines are sorted by name, kept open. Many threads may read it at once.

    Args:
        descriptor: the open file, which is closed with this object.
        again: reads the file by its path, where the open one is lost: a daemon closes all files when it starts.

    Attributes:
        identity: what tells the file and its state: its device, its number there, its size and its time.
    """

    __slots__ = ("_again", "_descriptor", "_halved", "identity")

    # Kept as an attribute: a module is emptied before the last objects of a process are deleted.
    _close = staticmethod(os.close)
    _stat = staticmethod(os.fstat)

    def __init__(self, descriptor: int, again: Callable[[], bytes]) -> None:
        self._descriptor, self._again = descriptor, again
        self.identity = self._seen()
        self._halved = 0

    def __del__(self) -> None:
        if self._is_open():
            self._close(self._descriptor)

    def _seen(self) -> tuple[int, int, int, int]:
        state = self._stat(self._descriptor)
        return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns

    def _is_open(self) -> bool:
        """Return whether the descriptor is still that of the file, and nobody has written into it."""
        try:
            return self._seen() == self.identity
        except OSError:
            return False

    def beginning(self) -> bytes:
        """Return the first part of the file; empty if the file is lost."""
        return os.pread(self._descriptor, _PART, 0) if self._is_open() else b""

    def read(self) -> bytes:
        """Return the whole text."""
        size = self.identity[2]
        text = os.pread(self._descriptor, size, 0) if self._is_open() else b""
        return text if len(text) == size else self._again()

    def line(self, written: bytes) -> bytes | None:
        """Return the line of a name. None does not prove that there is none: the file may be lost, or not be sorted."""
        self._halved += 1
        if self._halved > _MOST_HALVED or not self._is_open():
            return None
        name, begin, end = written[1:-1], 0, self.identity[2]
        while end - begin > 2 * _PART:
            middle = (begin + end) // 2
            part = os.pread(self._descriptor, _PART, middle)
            start = part.find(b'\n"')
            if start < 0:
                return None
            if part[start + 2 : part.find(b'":', start)] < name:
                begin = middle + start
            else:
                end = middle + start
        part = os.pread(self._descriptor, 3 * _PART, begin)
        start = part.find(b"\n" + written + b":")
        return _line(part, start) if start >= 0 and part.find(b"\n", start + 1) >= 0 else None


def quoted(name: str) -> bytes:
    """Return a name as the files write it."""
    # A response may name its model by half of a surrogate pair.
    return quote(name).encode(errors="surrogatepass")


def row_of(line: bytes) -> dict[str, Any]:
    """Return what a line holds: its name with the row of it.

    Raises ValueError or RecursionError if it is not JSON.
    """
    return read_json(f"{{{line.decode(errors='surrogatepass')}}}")  # type: ignore[no-any-return]


def _line(text: bytes, start: int) -> bytes:
    """Return the line after a line break, without the comma at its end."""
    end = text.find(b"\n", start + 1)
    return text[start + 1 : end if end >= 0 else None].strip().rstrip(b",")
