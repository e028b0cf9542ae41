r"""The lines of a file, as bytes: they are decoded where their text is asked for.

orjson reads bytes, so that a line of a log needs no text. Lines end where Python's text files have them end: with
``\n``, ``\r\n`` or ``\r``.
"""

from __future__ import annotations

import io
from itertools import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_BLOCK = 1 << 16
_BOM = b"\xef\xbb\xbf"


def lines_of(binary: io.BufferedReader[Any], encoding: str) -> Iterator[str | bytes]:
    r"""Return the lines of a file, each with its end; one that is longer than a block comes in several pieces.

    Lines of UTF-8 are bytes, and all that has come is handed on before more is waited for.

    >>> list(lines_of(io.BufferedReader(io.BytesIO(b"one\r\ntwo")), "utf-8"))
    [b'one\n', b'two']
    """
    if encoding not in {"utf-8", "utf-8-sig"}:
        text = io.TextIOWrapper(binary, encoding=encoding, errors="replace")
        return _of_text(text)
    # What is damaged in a packed file costs the piece that is unpacked, which is a small one.
    size = _BLOCK if type(binary) is io.BufferedReader else io.DEFAULT_BUFFER_SIZE
    return chain.from_iterable(_blocks(binary, size, encoding))


def _of_text(text: io.TextIOWrapper) -> Iterator[str]:
    try:
        yield from iter(lambda: text.readline(_BLOCK), "")
    finally:
        # Closing the wrapper would close standard input. If nobody reads on, the garbage collector may have closed it.
        if not text.closed:
            text.detach()


def _blocks(binary: io.BufferedReader[Any], size: int, encoding: str) -> Iterator[Iterable[bytes]]:
    """Yield lines as they come: those that are whole, and pieces of a long one."""
    rest, first = b"", encoding == "utf-8-sig"
    while True:
        data = binary.read1(size)
        rest += data
        if first:
            if data and len(rest) < len(_BOM):
                continue
            rest, first = rest.removeprefix(_BOM), False
        if b"\r" in rest:
            # What follows a return at the end may be the rest of a line break.
            held = b"\r" if data and rest.endswith(b"\r") else b""
            rest = rest.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n") + held
        end = rest.rfind(b"\n") + 1
        if end:
            yield io.BytesIO(rest[:end])
            rest = rest[end:]
        if not data:
            if rest:
                yield (rest,)
            return
        if len(rest) > _BLOCK:
            cut = _between_characters(rest)
            yield (rest[:cut],)
            rest = rest[cut:]


def _between_characters(text: bytes) -> int:
    """Return where a text can be cut near its end: not in the middle of a character, nor of a line break."""
    for back in range(1, 5):
        byte = text[-back]
        if byte >= 0xC0 or byte == 0x0D:
            return len(text) - back
        if byte < 0x80:
            break
    return len(text)


class Joined(io.RawIOBase):
    """What was read of a file already, and then the rest of it."""

    def __init__(self, first: bytes, rest: io.BufferedReader) -> None:
        self._first, self._rest = io.BytesIO(first), rest

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, and return how many bytes that are; 0 at the end."""
        view = memoryview(buffer)
        data = self._first.read(len(view)) or self._rest.read(len(view))
        view[: len(data)] = data
        return len(data)
