"""The files inside a data wheel that lies somewhere: they are read, and nothing is installed."""

from __future__ import annotations

import io

from ..errors import UpdateError
from ..prices import places
from ..prices.data_sets import LARGEST


def unpacked(data: bytes, source: str) -> dict[str, bytes]:
    """Return the files of price data inside a data wheel, by their names.

    Raises UpdateError if it is no zip, is damaged, holds no price data, or would become larger than any price map is.
    """
    from zipfile import BadZipFile, ZipFile
    from zlib import error

    found = {}
    try:
        with ZipFile(io.BytesIO(data)) as wheel:
            for name in (places.INFO, places.MAP, places.HISTORY, places.PROVENANCE):
                try:
                    member = wheel.getinfo(f"{places.WHEEL}/{name}")
                except KeyError:
                    continue
                if member.file_size > LARGEST:
                    raise UpdateError(f"{name} in {source} is larger than {LARGEST:,} bytes: no price map is")
                found[name] = wheel.read(member)
    except (BadZipFile, error, EOFError, OSError, RuntimeError, ValueError) as broken:
        raise UpdateError(f"{source} is no data wheel, or is damaged: {broken}") from broken
    if places.INFO not in found:
        raise UpdateError(f"{source} is no data wheel: it holds no {places.WHEEL}/{places.INFO}")
    return found
