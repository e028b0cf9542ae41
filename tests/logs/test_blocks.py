"""Lines of a file as bytes: the text that Python reads of the same file, line by line."""

from __future__ import annotations

import io
import random

import pytest

from llmcost.logs import blocks
from llmcost.logs.blocks import lines_of

# Line breaks of every kind, characters of one to four bytes, and bytes that are no UTF-8.
_PARTS = [
    b"\n",
    b"\r",
    b"\r\n",
    b"a",
    b" ",
    "\u00e9\u20ac\U0001f600".encode(),
    b"\xe2\x82",
    b"\xff",
    b"\x80",
    b"\xef\xbb\xbf",
]


class _Slowly(io.RawIOBase):
    """Bytes that come a few at a time."""

    def __init__(self, data, chance):
        self._rest, self._chance = io.BytesIO(data), chance

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self._rest.read(min(len(buffer), self._chance.randrange(1, 9)))
        buffer[: len(data)] = data
        return len(data)


def text_of(lines):
    return [line if isinstance(line, str) else line.decode("utf-8", "replace") for line in lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("seed", range(60))
def test_lines_are_those_of_a_text_file(seed, encoding, monkeypatch):
    """Whatever is in the file, however it comes, and wherever a long line is cut."""
    chance = random.Random(seed)
    data = b"".join(chance.choices(_PARTS, weights=[1, 1, 1, 9, 3, 3, 1, 1, 1, 1], k=chance.randrange(200)))
    if encoding == "utf-16":
        data = data.decode("utf-8", "replace").encode("utf-16")
    wanted = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="replace").read()
    monkeypatch.setattr(blocks, "_BLOCK", chance.choice([4, 16, 1 << 16]))
    found = text_of(lines_of(io.BufferedReader(_Slowly(data, chance)), encoding))
    assert "".join(found) == wanted
    assert all(line and "\n" not in line[:-1] for line in found)


def test_a_line_is_handed_on_when_it_has_come():
    """Nobody waits for the rest of a block: what writes the log may be running."""
    pieces = [b'{"a": 1}\n{"b"', b": 2}\n", b'{"c": 3}']
    read = []

    class Coming(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            data = pieces.pop(0) if pieces else b""
            read.append(data)
            buffer[: len(data)] = data
            return len(data)

    lines = lines_of(io.BufferedReader(Coming()), "utf-8")
    assert (next(lines), len(read)) == (b'{"a": 1}\n', 1)
    assert (next(lines), len(read)) == (b'{"b": 2}\n', 2)
    assert (next(lines), next(lines, None)) == (b'{"c": 3}', None)


def test_a_long_line_comes_in_pieces(monkeypatch):
    """No piece is much longer than a block, and no character is cut."""
    monkeypatch.setattr(blocks, "_BLOCK", 10)
    data = ("\u20ac" * 50 + "\n").encode()
    found = list(lines_of(io.BufferedReader(_Slowly(data, random.Random(1))), "utf-8"))
    assert b"".join(found) == data
    assert max(map(len, found)) < 20
    assert len(found) > 5
    assert all(piece.decode() for piece in found)
