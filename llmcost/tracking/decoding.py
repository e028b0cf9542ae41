"""Content codings: the bytes of an answer as they were before they were compressed for the way."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

from ..errors import UnrecognizedResponseError, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Decoder(Protocol):
    """Undoes one coding, piece by piece."""

    def decode(self, data: bytes) -> bytes:
        """Return what a piece holds."""


class _Zlib:
    """gzip, with several members after one another, and deflate, with or without its header."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inner: Any = zlib.decompressobj(bits)
        self._begun = False

    def decode(self, data: bytes) -> bytes:
        try:
            found: bytes = self._inner.decompress(data)
        except zlib.error:
            if self._begun or self._bits != zlib.MAX_WBITS:
                raise
            # Some servers send deflate without the header that its standard asks for.
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            found = self._inner.decompress(data)
        self._begun = True
        while self._inner.eof and self._inner.unused_data:
            rest, self._inner = self._inner.unused_data, zlib.decompressobj(self._bits)
            found += self._inner.decompress(rest)
        return found


class _Packaged:
    """A coding of a package that the HTTP library uses if it is installed."""

    def __init__(self, decode: Callable[[bytes], bytes]) -> None:
        self.decode = decode


def _package(names: tuple[str, ...], coding: str) -> Any:
    from importlib import import_module

    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise UnrecognizedResponseError(f"the answer is coded in {coding}, and none of {', '.join(names)} is installed")


def _brotli() -> Decoder:
    inner = _package(("brotli", "brotlicffi"), "br").Decompressor()
    return _Packaged(inner.decompress if hasattr(inner, "decompress") else inner.process)


def _zstd() -> Decoder:
    package = _package(("compression.zstd", "backports.zstd", "zstandard"), "zstd")
    inner = package.ZstdDecompressor()
    return _Packaged((inner.decompressobj() if hasattr(inner, "decompressobj") else inner).decompress)


CODINGS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    "deflate": lambda: _Zlib(zlib.MAX_WBITS),
    "br": _brotli,
    "zstd": _zstd,
}


def decoders(header: str) -> list[Decoder]:
    """Return what undoes the codings of a ``Content-Encoding`` header, in the order of use.

    >>> [type(decoder).__name__ for decoder in decoders("identity, gzip")]
    ['_Zlib']

    Raises UnrecognizedResponseError for a coding that cannot be undone here.
    """
    found = []
    for word in reversed(header.split(",")):
        coding = word.strip().lower()
        if coding in {"", "identity"}:
            continue
        if coding not in CODINGS:
            raise UnrecognizedResponseError(f"the answer is coded in {shown(coding)}, which cannot be decoded")
        found.append(CODINGS[coding]())
    return found
