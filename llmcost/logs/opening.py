"""Opening a file of a log: as it is, or unpacked while it is read where it is packed by gzip or Zstandard."""

from __future__ import annotations

import io
import os
import stat
import sys
import zlib
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..errors import LogError, MissingDependencyError, how_to_install
from ..prices.data_sets import open_at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

# Packed bytes that are unpacked at once.
_FEW = 1024
# How a packed file begins. https://www.rfc-editor.org/rfc/rfc1952, https://www.rfc-editor.org/rfc/rfc8878
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


@contextmanager
def opened(file: str) -> Iterator[io.BufferedReader]:
    """Give a file to read, or for ``-`` standard input, which stays open.

    Raises:
        OSError: the system does not let us read it, or it is packed and damaged.
        MissingDependencyError: what unpacks it is not installed.
    """
    if file == "-":
        binary = sys.stdin.buffer
        yield unpacked(
            cast("io.BufferedReader", binary if hasattr(binary, "peek") else io.BufferedReader(binary)), "stdin"
        )
        return
    with open_at_once(file) as plain:
        if _is_endless(plain):
            raise OSError("it is a device, and no file, pipe or terminal")
        if stat.S_ISFIFO(os.fstat(plain.fileno()).st_mode) and not plain.peek(1):
            raise OSError("nothing comes out of this pipe: start what writes to it first")
        yield unpacked(plain, file)


def _is_endless(binary: io.BufferedReader) -> bool:
    """Return whether a file is a device that may have no end, such as /dev/zero: its first line would never end."""
    found = os.fstat(binary.fileno())
    if stat.S_ISCHR(found.st_mode):
        return not binary.isatty() and not os.path.samestat(found, Path(os.devnull).stat())
    return stat.S_ISBLK(found.st_mode)


def unpacked(binary: io.BufferedReader, name: str) -> io.BufferedReader:
    """Return what a file holds: itself, or what is unpacked from it."""
    first = binary.peek(4)[:4]
    if first.startswith(_GZIP):
        import gzip

        return Unpacked(gzip.GzipFile(fileobj=binary), binary, (EOFError, zlib.error))
    return _zstd(binary, name) if first == _ZSTD else binary


def _zstd(binary: io.BufferedReader, name: str) -> Unpacked:
    if find_spec("zstandard") is None:
        raise MissingDependencyError(
            f"{name}: a log that is packed by Zstandard is read by {how_to_install('zstd', 'zstandard')}", "zstd"
        )
    import zstandard

    return Unpacked(_Frames(binary, zstandard.ZstdDecompressor()), binary, (EOFError, zstandard.ZstdError))


class _Frames:
    """What is unpacked from frames of Zstandard; one that is cut off is an error, which its own stream passes over."""

    def __init__(self, packed: io.BufferedReader, made: Any) -> None:
        self._packed, self._made = packed, made
        self._frame = made.decompressobj()
        self._begun = False
        self._ready = memoryview(b"")

    def read1(self, most: int) -> memoryview:
        """Return what comes next, so many bytes at most; nothing at the end."""
        while not self._ready:
            # A few bytes may hold a block of 128 KiB: https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1.2
            packed = self._frame.unused_data or self._packed.read1(_FEW)
            if not packed:
                if self._begun and not self._frame.eof:
                    raise EOFError("it ends in the middle of a frame")
                break
            if self._frame.eof:
                self._frame = self._made.decompressobj()
            self._begun = True
            self._ready = memoryview(self._frame.decompress(packed))
        found, self._ready = self._ready[:most], self._ready[most:]
        return found


class _Raw(io.RawIOBase):
    """What comes out of a packed file; damage is an error of the file."""

    def __init__(self, stream: Any, damage: tuple[type[Exception], ...]) -> None:
        self._stream, self._damage = stream, damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read1(len(buffer))
        except self._damage as error:
            raise OSError(f"it is packed, and damaged: {error}") from error
        buffer[: len(data)] = data
        return len(data)


class Unpacked(io.BufferedReader):
    """The text of a packed file.

    Attributes:
        packed: the file itself, whose position says how much of it is read.
    """

    def __init__(self, stream: Any, packed: io.BufferedReader, damage: tuple[type[Exception], ...]) -> None:
        super().__init__(_Raw(stream, damage))
        self.packed = packed


def position(binary: io.BufferedReader) -> int:
    """Return how many bytes of a file are read; 0 where that is not known."""
    file = binary.packed if isinstance(binary, Unpacked) else binary
    # If nobody reads on, the garbage collector may close the file before its reader.
    return file.tell() if not file.closed and file.seekable() else 0


def encoding_of(binary: io.BufferedReader) -> str:
    """Return how a text is encoded, by its first bytes; what a Windows shell redirects is UTF-16."""
    first = binary.peek(3)[:3]
    if first[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    # Text without a mark is decoded faster by the codec that looks for none.
    return "utf-8-sig" if b"\xef\xbb\xbf".startswith(first) else "utf-8"


def unread(file: str, error: OSError) -> LogError:
    """Return the error for a file that the system does not let us read."""
    return LogError(f"cannot be read: {error.strerror or error}", file)
