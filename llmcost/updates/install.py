"""Putting an update in place in one step, and the one before it back.

An update is written under a name of its own, and only a whole one is pointed to. Two at once are safe: each has its
own folder, and the pointer is replaced atomically.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from time import time

from ..errors import UpdateError
from ..prices import places
from ..replacing import replacing, sync_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PREVIOUS = "previous.json"
# How the names of files begin that become a pointer, in this version and in older ones.
_UNFINISHED = (f".{places.POINTER}.", f".{_PREVIOUS}.", "pointer-")
# What no pointer names is swept after this many seconds: another update may still be writing it.
_OLD = 3600.0


def kept_in(folder: str | None) -> str:
    """Return the folder where updates are kept; raise UpdateError if there is none."""
    folder = folder or places.user_folder()
    if not folder:
        raise UpdateError("there is no home folder to keep updates in: set XDG_DATA_HOME to an absolute path")
    return folder


def install(files: Mapping[str, bytes], facts: Mapping[str, str], folder: str) -> str:
    """Write an update whole, then point to it; what a killed process leaves behind is swept by the next."""
    place = ""
    try:
        os.makedirs(folder, exist_ok=True)
        place = tempfile.mkdtemp(prefix="map-", dir=folder)
        for name, data in files.items():
            _write(os.path.join(place, name), data)
        _sync(place)
        sizes = {name: len(data) for name, data in files.items()}
        pointer = {**facts, "folder": os.path.basename(place), "sizes": sizes}
        present = places.pointed(folder)
        if present is not None:
            _replace(folder, _PREVIOUS, json.dumps(present).encode())
        _replace(folder, places.POINTER, json.dumps(pointer).encode())
    except OSError as error:
        if place and str((places.pointed(folder) or {}).get("folder")) != os.path.basename(place):
            # The half-written folder is removed: the disk may be full.
            shutil.rmtree(place, ignore_errors=True)
        raise UpdateError(f"the update cannot be written to {folder}: {error}; the last prices stay in use") from error
    _sweep(folder)
    return place


def rollback() -> str:
    """Put the update before the present one back in use; return its folder, or "" for the packaged prices.

    Raises UpdateError if there is no update to go back from, or the folder of updates cannot be written to.
    """
    folder = kept_in(None)
    present = places.pointed(folder)
    if present is None:
        raise UpdateError(f"no update is in use in {folder}: the prices of the package are")
    before = places.pointed(folder, _PREVIOUS)
    try:
        if (
            before is None
            or before["folder"] == present["folder"]
            or not places.intact(f"{folder}{before['folder']}/", before)
            or places.outdated(before)
        ):
            os.remove(folder + places.POINTER)
            return ""
        os.replace(folder + _PREVIOUS, folder + places.POINTER)
    except OSError as error:
        raise UpdateError(f"{folder} cannot be written to: {error}; the prices are as they were") from error
    return f"{folder}{before['folder']}/"


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(folder: str, name: str, data: bytes) -> None:
    with replacing(folder + name, private=True) as path:
        path.write_bytes(data)
    _sync(folder)


def _sync(folder: str) -> None:
    # Some file systems cannot do it to a folder; the files themselves are written.
    with suppress(OSError):
        sync_folder(folder)


def _sweep(folder: str) -> None:
    """Remove old folders that no pointer names. Two updates may do so at the same time."""
    named = {str((places.pointed(folder, name) or {}).get("folder")) for name in (places.POINTER, _PREVIOUS)}
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(("map-", *_UNFINISHED)) or entry.name in named:
                continue
            try:
                if entry.stat(follow_symlinks=False).st_mtime >= time() - _OLD:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.remove(entry.path)
            except OSError:
                continue  # gone by now, or in use: the next update tries again
