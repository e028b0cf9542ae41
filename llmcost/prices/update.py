"""Updates of the price data: fetched, checked, and put in place in one step.

Never on import and never implicit. Whatever goes wrong, the last good prices stay in use. An update is a
folder of the form of ``data/``; its ``map_info.json`` names the sha256 of every file. It is written under a
name of its own, and only a whole, checked one is pointed to. Two updates at once are safe: each has its own
folder, and the pointer is replaced atomically.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from decimal import Decimal

from ..errors import LLMCostError, PriceDataError, UpdateError
from . import places
from .bundled import NO_MODELS, DictSource, MapSource, checked_entries
from .differences import Change, differences
from .download import download
from .entries import compile_entry
from .history import NONE, History
from .layers import MAP
from .windows import now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# What one release of the data may change before a person has to say so.
MOST_CHANGED, MOST_DELETED, MOST_MOVED = Decimal("0.10"), Decimal("0.01"), 10
_PREVIOUS = "previous.json"
_MOST_NAMED = 5


class Report:
    """What an update would do, or has done.

    Attributes:
        installed: whether it was put in place.
        unchanged: whether there was nothing new.
        changes: what is different from the prices that it replaces, the biggest first.
        unusual: why it is only taken with ``accept``; empty for an ordinary update.
        as_of: the date of the new data, or "" if it states none.
        path: where it lies, once installed.
        unknown: price keys that this version does not know, each with the models that have it; they are set aside.
        dropped: aliases that stand for no row, each in words; their names are unknown.
        missing: files that the present prices have beside them and the new ones have not.
    """

    __slots__ = ("as_of", "changes", "dropped", "installed", "missing", "path", "unchanged", "unknown", "unusual")

    def __init__(
        self,
        changes: tuple[Change, ...] = (),
        as_of: str = "",
        *,
        installed: bool = False,
        unchanged: bool = False,
        unusual: tuple[str, ...] = (),
        path: str = "",
        unknown: Mapping[str, tuple[str, ...]] | None = None,
        dropped: tuple[str, ...] = (),
        missing: tuple[str, ...] = (),
    ) -> None:
        self.missing = missing
        self.unknown, self.dropped = dict(unknown or {}), dropped
        self.changes, self.as_of, self.unusual = changes, as_of, unusual
        self.installed, self.unchanged, self.path = installed, unchanged, path

    @property
    def remarks(self) -> tuple[str, ...]:
        """What of the new data this version cannot use, in words."""
        found = []
        if self.unknown:
            count = f"{len(self.unknown)} key{'s' if len(self.unknown) > 1 else ''} this version does not know"
            models = len({name for names in self.unknown.values() for name in names})
            keys = ", ".join(sorted(self.unknown)[:_MOST_NAMED]) + (", ..." if len(self.unknown) > _MOST_NAMED else "")
            found.append(f"{count}, on {models:,} model{'s' if models > 1 else ''}: {keys}; set aside")
        if self.dropped:
            more = "; ..." if len(self.dropped) > _MOST_NAMED else ""
            found.append(f"aliases that are left out: {'; '.join(self.dropped[:_MOST_NAMED])}{more}")
        if places.HISTORY in self.missing:
            found.append(f"it has no {places.HISTORY}: a past day is priced by these prices too, and is not exact")
        return tuple(found)

    def __str__(self) -> str:
        if self.unchanged:
            return "the prices are up to date"
        counts = {kind: sum(change.kind == kind for change in self.changes) for kind in ("added", "removed", "changed")}
        done = "installed" if self.installed else "not installed"
        text = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        return "; ".join((f"prices of {self.as_of or 'unknown date'}: {text}", *self.remarks, done))


def default_source() -> str:
    """Return where updates come from by default: the environment variable ``LLMCOST_UPDATE_FROM``."""
    source = os.environ.get("LLMCOST_UPDATE_FROM")
    if not source:
        raise UpdateError(
            "no source of updates is set: pass an https address or a path of a folder with map_info.json, "
            "or set LLMCOST_UPDATE_FROM"
        )
    return source


def update(source: str, *, check: bool = False, accept: bool = False, folder: str | None = None) -> Report:
    """Return what an update does; put it in place unless ``check``.

    Args:
        source: an https address or a path, of a folder with ``map_info.json`` or of a single JSON map.
        check: only say what it would do, and in ``unusual`` why it would be refused.
        accept: take it although it changes, deletes or moves more than is usual.
        folder: where updates are kept; the user's data folder if it is not given.

    Raises:
        UpdateError: it cannot be fetched, is damaged, is no price data, is older than the prices in use, or
            changes more than is usual. The last good prices stay in use.
    """
    folder = _kept_in(folder)
    # What an update takes the place of. LLMCOST_PRICES stands above both and says nothing about them.
    present = places.updated(folder)
    known = places.pointed(folder) if present is not None else None
    present = present or places.PACKAGED
    etag = str(known.get("etag") or "") if known is not None and known.get("source") == source else ""
    found = download(source, etag)
    if found is None:
        return Report(unchanged=True, as_of=str(places.info_of(present).get("as_of") or ""))
    entries, unknown = _validated(found.files, source)
    notes: dict[str, Any] = {
        "unknown": unknown,
        "dropped": tuple(DictSource(entries).dropped()),
        "missing": tuple(
            name for name in (places.HISTORY, places.PROVENANCE) if name not in found.files and present.read(name)
        ),
    }
    _refuse_the_older(found.as_of, source)
    if _same(found.files, found.as_of, present):
        return Report(unchanged=True, as_of=found.as_of)
    before = _models(json.loads(present.read(places.MAP) or b"{}"))
    changes = tuple(differences(before, entries))
    free = {name for name, entry in entries.items() if entry.get("free") is True}
    unusual = _unusual(changes, len(before), free, found.as_of, str(places.info_of(present).get("as_of") or ""))
    if check:
        return Report(changes, found.as_of, unusual=unusual, **notes)
    if unusual and not accept:
        raise UpdateError(
            "the update is refused: "
            + "; ".join(unusual)
            + ". Look at it with check, and if it is right, repeat with accept"
        )
    facts = {"source": source, "etag": found.etag, "as_of": found.as_of, "installed": now().date().isoformat()}
    path = _install(found.files, facts, folder)
    return Report(changes, found.as_of, installed=True, unusual=unusual, path=path, **notes)


def rollback(folder: str | None = None) -> str:
    """Put the update before the present one back in use; return its folder, or "" for the packaged prices.

    Raises UpdateError if there is no update to go back from, or the folder of updates cannot be written to.
    """
    folder = _kept_in(folder)
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
            os.remove(folder + places.POINTER)  # noqa: PTH107 - see places
            return ""
        os.replace(folder + _PREVIOUS, folder + places.POINTER)  # noqa: PTH105
    except OSError as error:
        raise UpdateError(f"{folder} cannot be written to: {error}; the prices are as they were") from error
    return f"{folder}{before['folder']}/"


def _kept_in(folder: str | None) -> str:
    folder = folder or places.user_folder()
    if not folder:
        raise UpdateError("there is no home folder to keep updates in: set XDG_DATA_HOME to an absolute path")
    return folder


# Checking.


def _validated(
    files: Mapping[str, bytes], source: str
) -> tuple[dict[str, Mapping[str, object]], dict[str, tuple[str, ...]]]:
    """Return the entries of a map of which every entry can be billed by, today and at every date of its history.

    And the price keys that this version does not know, with the models that have them.
    """
    unknown: dict[str, dict[str, None]] = {}
    try:
        entries = _models(checked_entries(json.loads(files[places.MAP], object_pairs_hook=_unique), source))
        if not entries:
            raise UpdateError(f"{source} has no models")
        for name, entry in entries.items():
            for aside in compile_entry(entry, MAP, name).unknown:
                unknown.setdefault(aside.key, {})[name] = None
        MapSource(files[places.MAP], source).check()
        if places.HISTORY in files:
            history = History(files[places.HISTORY], source)
            for name in json.loads(files[places.HISTORY], object_pairs_hook=_unique):
                epochs = history.of(name)
                if epochs is NONE:
                    raise PriceDataError(f"{places.HISTORY}: {name!r} does not stand on a line of its own")
                for epoch in range(len(epochs.starts) + 1):
                    try:
                        past = compile_entry(epochs.entry(entries.get(name, {}), epoch), MAP, name)
                    except PriceDataError as error:
                        raise PriceDataError(f"{places.HISTORY}, {name!r}: {error}") from error
                    for aside in past.unknown:
                        unknown.setdefault(aside.key, {})[name] = None
    except (LLMCostError, ValueError, RecursionError) as error:
        if isinstance(error, UpdateError):
            raise
        raise UpdateError(f"{source} is no price data: {error}") from error
    return entries, {key: tuple(names) for key, names in unknown.items()}


def _models(entries: Mapping[str, Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    """Return the rows of a map without what is no model."""
    return {name: entry for name, entry in entries.items() if name not in NO_MODELS}


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _same(files: Mapping[str, bytes], as_of: str, present: places.DataSet) -> bool:
    """Return whether an update brings nothing: no other price, past or future, no other source, no other date."""
    stated = str(places.info_of(present).get("as_of") or "")
    return as_of in {"", stated} and all(
        data == present.read(name) for name, data in files.items() if name != places.INFO
    )


def _refuse_the_older(as_of: str, source: str) -> None:
    """Raise if the prices of the package would be used all the same."""
    packaged = str(places.info_of(places.PACKAGED).get("as_of") or "")
    if as_of and as_of < packaged:
        raise UpdateError(
            f"{source} is of {as_of}, older than the prices in use: those of the package are of {packaged}. "
            "To price by it nevertheless, name it in LLMCOST_PRICES"
        )


def _unusual(changes: tuple[Change, ...], size: int, free: set[str], as_of: str, present_as_of: str) -> tuple[str, ...]:
    """Return why a person has to look at an update first."""
    changed = len({change.model for change in changes if change.kind == "changed"})
    removed = sum(change.kind == "removed" for change in changes)
    moved = [change for change in changes if change.factor is not None and change.factor >= MOST_MOVED]
    zeroed = [change for change in changes if change.to_zero and change.model not in free]
    problems = []
    if as_of and as_of < present_as_of:
        problems.append(f"it is of {as_of}, older than the prices in use, of {present_as_of}")
    if changed > MOST_CHANGED * size:
        problems.append(f"it changes the prices of {changed} of {size} models")
    if removed > MOST_DELETED * size:
        problems.append(f"it deletes {removed} of {size} models")
    if moved:
        verb = "prices move" if len(moved) > 1 else "price moves"
        problems.append(f"{len(moved)} {verb} by {MOST_MOVED}x or more: {_first(moved)}")
    if zeroed:
        verb = "prices fall" if len(zeroed) > 1 else "price falls"
        problems.append(f"{len(zeroed)} {verb} to 0: {_first(zeroed)}")
    return tuple(problems)


def _first(changes: list[Change]) -> str:
    return "; ".join(str(change) for change in changes[:5]) + ("; ..." if len(changes) > 5 else "")


# Putting in place.


def _install(files: Mapping[str, bytes], facts: Mapping[str, str], folder: str) -> str:
    """Write an update whole, then point to it; what a killed process leaves behind is swept by the next."""
    try:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        place = tempfile.mkdtemp(prefix="map-", dir=folder)
        for name, data in files.items():
            _write(os.path.join(place, name), data)  # noqa: PTH118
        _sync(place)
        sizes = {name: len(data) for name, data in files.items()}
        pointer = {**facts, "folder": os.path.basename(place), "sizes": sizes}  # noqa: PTH119
        present = places.pointed(folder)
        if present is not None:
            _replace(folder, _PREVIOUS, json.dumps(present).encode())
        _replace(folder, places.POINTER, json.dumps(pointer).encode())
    except OSError as error:
        raise UpdateError(f"the update cannot be written to {folder}: {error}; the last prices stay in use") from error
    _sweep(folder)
    return place


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(folder: str, name: str, data: bytes) -> None:
    handle, path = tempfile.mkstemp(prefix="pointer-", dir=folder)
    os.close(handle)
    _write(path, data)
    os.replace(path, folder + name)  # noqa: PTH105
    _sync(folder)


def _sync(folder: str) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems cannot do it to a folder; the files themselves are written
    finally:
        os.close(handle)


_OLD = 3600.0


def _sweep(folder: str) -> None:
    """Remove what neither pointer names and no update can still be writing; another update may be doing the same."""
    from time import time  # noqa: PLC0415 - only for an update

    named = {str((places.pointed(folder, name) or {}).get("folder")) for name in (places.POINTER, _PREVIOUS)}
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(("map-", "pointer-")) or entry.name in named:
                continue
            try:
                if entry.stat(follow_symlinks=False).st_mtime >= time() - _OLD:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.remove(entry.path)  # noqa: PTH107
            except OSError:
                continue  # gone by now, or in use: the next update tries again
