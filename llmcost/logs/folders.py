"""Folders of logs: what is in them, and how the names of packed files end."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Files that are packed by gzip and Zstandard.
PACKED = (".gz", ".zst")


def plain_name(file: str) -> str:
    """Return the name of a file without the ending that says how it is packed.

    >>> plain_name("log.jsonl.gz")
    'log.jsonl'
    """
    return next((file[: -len(end)] for end in PACKED if file.endswith(end)), file)


def walked(
    place: str | os.PathLike[str], seen: set[tuple[int, int]], *, hidden: bool = True
) -> Iterator[tuple[str, list[str]]]:
    """Yield a folder and those in it, each with the names of its files in their order.

    Links to folders are followed, and no folder comes twice.

    Args:
        place: the folder.
        seen: the folders that came already, to which these are added.
        hidden: whether folders and files in it count whose names begin with a dot.
    """
    for folder, folders, names in os.walk(place, followlinks=True):
        try:
            info = os.stat(folder)
        except OSError:
            # It is deleted while the others are looked at.
            continue
        if (info.st_dev, info.st_ino) in seen:
            folders.clear()
            continue
        seen.add((info.st_dev, info.st_ino))
        folders[:] = sorted(name for name in folders if hidden or not name.startswith("."))
        yield folder, sorted(name for name in names if hidden or not name.startswith("."))
