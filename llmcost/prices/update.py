"""Updates of the price data: fetched, checked, and put in place in one step.

Never on import and never implicit. Whatever goes wrong, the last good prices stay in use. An update is a
folder of the form of ``data/``; its ``map_info.json`` names the sha256 of every file. It is written under a
name of its own, and only a whole, checked one is pointed to. Two updates at once are safe: each has its own
folder, and the pointer is replaced atomically.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from decimal import Decimal

from ..errors import LLMCostError, UpdateError
from . import places
from .bundled import checked_entries
from .differences import Change, differences
from .entries import compile_entry
from .history import History

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO, Any

_LARGEST = 64 * 1024 * 1024
_TIMEOUT, _DEADLINE, _MOST_REDIRECTS = 10.0, 60.0, 3
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_FILES = (places.MAP, places.HISTORY, places.PROVENANCE)

# What one release of the data may change before a person has to say so.
MOST_CHANGED, MOST_DELETED, MOST_MOVED = Decimal("0.10"), Decimal("0.01"), 10
_PREVIOUS = "previous.json"


class Report:
    """What an update would do, or has done.

    Attributes:
        installed: whether it is in use now.
        unchanged: whether there was nothing new.
        changes: what is different from the prices in use, the biggest first.
        as_of: the date of the new data.
        path: where it lies, once installed.
    """

    __slots__ = ("as_of", "changes", "installed", "path", "unchanged")

    def __init__(
        self,
        changes: tuple[Change, ...] = (),
        as_of: str = "",
        *,
        installed: bool = False,
        unchanged: bool = False,
        path: str = "",
    ) -> None:
        self.changes, self.as_of = changes, as_of
        self.installed, self.unchanged, self.path = installed, unchanged, path

    def __str__(self) -> str:
        if self.unchanged:
            return "the prices are up to date"
        counts = {kind: sum(change.kind == kind for change in self.changes) for kind in ("added", "removed", "changed")}
        done = "installed" if self.installed else "not installed"
        text = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        return f"prices of {self.as_of or 'unknown date'}: {text}; {done}"


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
    """Return what an update does; put it in use unless ``check``.

    Args:
        source: an https address or a path, of a folder with ``map_info.json`` or of a single JSON map.
        check: only say what it would do.
        accept: take it although it changes, deletes or moves more than is usual.
        folder: where updates are kept; the user's data folder if it is not given.

    Raises:
        UpdateError: it cannot be fetched, is damaged, is no price data, is older than the prices in use, or
            changes more than is usual. The last good prices stay in use.
    """
    folder = folder or places.user_folder()
    known = places.pointed(folder) or {}
    fetched = _fetch(source, str(known.get("etag") or "") if known.get("source") == source else "")
    if fetched is None:
        return Report(unchanged=True, as_of=str(known.get("as_of") or ""))
    files, etag = fetched
    info = _verified(files, source)
    entries = _validated(files, source)
    now = places.current()
    present = json.loads(now.read(places.MAP) or b"{}")
    if files[places.MAP] == now.read(places.MAP):
        return Report(unchanged=True, as_of=str(info.get("as_of") or ""))
    changes = tuple(differences(present, entries))
    if not accept:
        _refuse_the_unusual(changes, present, info, places.info_of(now))
    as_of = str(info.get("as_of") or "")
    if check:
        return Report(changes, as_of)
    path = _install(files, {"source": source, "etag": etag, "as_of": as_of}, folder)
    return Report(changes, as_of, installed=True, path=path)


def rollback(folder: str | None = None) -> str:
    """Put the update before the present one back in use; return its folder, or "" for the packaged prices.

    Raises UpdateError if there is no update to go back from.
    """
    folder = folder or places.user_folder()
    present = places.pointed(folder)
    if present is None:
        raise UpdateError(f"no update is in use in {folder}: the prices of the package are")
    before = places.pointed(folder, _PREVIOUS)
    if before is None or not places.intact(f"{folder}{before['folder']}/", before):
        os.remove(folder + places.POINTER)  # noqa: PTH107 - see places
        return ""
    os.replace(folder + _PREVIOUS, folder + places.POINTER)  # noqa: PTH105
    return f"{folder}{before['folder']}/"


# Fetching.


def _fetch(source: str, etag: str) -> tuple[dict[str, bytes], str] | None:
    """Return the files of an update and its ETag; None if it has not changed since."""
    remote = "://" in source
    single = source.endswith(".json") or (not remote and os.path.isfile(source))  # noqa: PTH113
    if single:
        found = _get(source, etag) if remote else (_file(source), "")
        if found is None:
            return None
        files = {places.MAP: found[0]}
        published = _optional(f"{source}.sha256", remote=remote)
        if published is not None:
            files[f"{places.MAP}.sha256"] = published
        return files, found[1]
    base = source.rstrip("/") + "/"
    found = _get(base + places.INFO, etag) if remote else (_file(base + places.INFO), "")
    if found is None:
        return None
    files = {places.INFO: found[0]}
    for name in _FILES:
        data = _optional(base + name, remote=remote)
        if data is not None:
            files[name] = data
    if places.MAP not in files:
        raise UpdateError(f"{base} has no {places.MAP}")
    return files, found[1]


def _file(path: str) -> bytes:
    try:
        if os.path.getsize(path) > _LARGEST:  # noqa: PTH202
            raise UpdateError(f"{path} is larger than {_LARGEST:,} bytes: no price map is")
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError as error:
        raise UpdateError(f"{path} cannot be read: {error}") from error


def _optional(place: str, *, remote: bool) -> bytes | None:
    if not remote:
        return _file(place) if os.path.isfile(place) else None  # noqa: PTH113
    from urllib.error import HTTPError  # noqa: PLC0415 - the network only for an update

    try:
        found = _get(place, "")
    except UpdateError as error:
        if isinstance(error.__cause__, HTTPError) and error.__cause__.code in {404, 410}:
            return None
        raise
    return found[0] if found else None


def _get(url: str, etag: str) -> tuple[bytes, str] | None:
    """Return the body and the ETag of an address; None for "not modified"."""
    from http.client import HTTPException  # noqa: PLC0415 - the network only for an update
    from urllib.error import HTTPError, URLError  # noqa: PLC0415
    from urllib.request import Request, build_opener  # noqa: PLC0415

    _refuse_plain(url)
    request = Request(url, headers={"User-Agent": "llmcost", **({"If-None-Match": etag} if etag else {})})  # noqa: S310
    try:
        with build_opener(_redirects()).open(request, timeout=_TIMEOUT) as answer:
            stated = answer.headers.get("Content-Length")
            body = _body(answer, url)
            if stated is not None and stated.isdecimal() and len(body) != int(stated):
                raise UpdateError(f"{url} broke off: {len(body):,} of {stated} bytes came")
            return body, answer.headers.get("ETag") or ""
    except HTTPError as error:
        if error.code == 304:
            return None
        raise UpdateError(f"{url} answers {error.code} {error.reason}") from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise UpdateError(f"{url} cannot be fetched: {getattr(error, 'reason', error)}") from error


def _body(answer: IO[bytes], url: str) -> bytes:
    from time import monotonic  # noqa: PLC0415 - see _get

    ends, parts, size = monotonic() + _DEADLINE, [], 0
    while part := answer.read(64 * 1024):
        size += len(part)
        if size > _LARGEST:
            raise UpdateError(f"{url} is larger than {_LARGEST:,} bytes: no price map is")
        if monotonic() > ends:
            raise UpdateError(f"{url} takes longer than {_DEADLINE:.0f} s")
        parts.append(part)
    return b"".join(parts)


def _redirects() -> Any:  # a handler class made here, since urllib.request loads with the first update
    from urllib.request import HTTPRedirectHandler  # noqa: PLC0415 - see _get

    class Redirects(HTTPRedirectHandler):
        max_redirections = _MOST_REDIRECTS

        def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
            _refuse_plain(newurl)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    return Redirects()


def _refuse_plain(url: str) -> None:
    from urllib.parse import urlsplit  # noqa: PLC0415 - see _get

    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise UpdateError(f"{url} is not https: prices are not taken from an address that anybody can change on the way")


# Checking.


def _verified(files: Mapping[str, bytes], source: str) -> dict[str, Any]:
    """Return the facts of an update after comparing every file with the sha256 that is published for it."""
    if places.INFO in files:
        try:
            info: dict[str, Any] = json.loads(files[places.INFO])
            published = dict(info["sha256"])
        except (ValueError, KeyError, TypeError) as error:
            raise UpdateError(f"{source}: {places.INFO} does not state the sha256 of the files: {error}") from error
        missing = {places.MAP} - set(published)
        if missing:
            raise UpdateError(f"{source}: {places.INFO} states no sha256 of {places.MAP}")
    else:
        info, published = {}, {}
        if f"{places.MAP}.sha256" in files:
            published = {places.MAP: files[f"{places.MAP}.sha256"].decode("ascii", "replace").split()[:1][-1]}
    for name, digest in published.items():
        if name in files and hashlib.sha256(files[name]).hexdigest() != digest:
            raise UpdateError(f"{source}: {name} does not have the published sha256 {digest}: damaged or tampered with")
    return info


def _validated(files: Mapping[str, bytes], source: str) -> dict[str, Mapping[str, object]]:
    """Return the entries of a map of which every entry can be billed by."""
    try:
        entries = checked_entries(json.loads(files[places.MAP], object_pairs_hook=_unique), source)
        if not entries:
            raise UpdateError(f"{source} has no models")
        for name, entry in entries.items():
            compile_entry(entry, "map", name)
        if places.HISTORY in files:
            history = History(files[places.HISTORY], source)
            for name in json.loads(files[places.HISTORY]):
                history.of(name)
    except (LLMCostError, ValueError, RecursionError) as error:
        if isinstance(error, UpdateError):
            raise
        raise UpdateError(f"{source} is no price data: {error}") from error
    return entries


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _refuse_the_unusual(
    changes: tuple[Change, ...], present: Mapping[str, object], info: Mapping[str, object], old: Mapping[str, object]
) -> None:
    size = max(len(present), 1)
    changed = len({change.model for change in changes if change.kind == "changed"})
    removed = sum(change.kind == "removed" for change in changes)
    moved = [change for change in changes if change.factor is not None and change.factor >= MOST_MOVED]
    problems = []
    if str(info.get("as_of") or "9999") < str(old.get("as_of") or ""):
        problems.append(f"it is of {info.get('as_of')}, older than the prices in use, of {old.get('as_of')}")
    if changed > MOST_CHANGED * size:
        problems.append(f"it changes the prices of {changed} of {size} models")
    if removed > MOST_DELETED * size:
        problems.append(f"it deletes {removed} of {size} models")
    if moved:
        shown = "; ".join(str(change) for change in moved[:5])
        problems.append(f"{len(moved)} prices move by {MOST_MOVED}x or more: {shown}")
    if problems:
        raise UpdateError("the update is refused: " + "; ".join(problems) + ". Look at it, and repeat with accept")


# Putting in place.


def _install(files: Mapping[str, bytes], facts: Mapping[str, str], folder: str) -> str:
    """Write an update whole, then point to it; what a killed process leaves behind is swept by the next."""
    try:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        place = tempfile.mkdtemp(prefix="map-", dir=folder)
        kept = [name for name in files if name in {places.INFO, *_FILES}]
        for name in kept:
            _write(os.path.join(place, name), files[name])  # noqa: PTH118
        _sync(place)
        pointer = {**facts, "folder": os.path.basename(place), "sizes": {name: len(files[name]) for name in kept}}  # noqa: PTH119
        present = places._read(folder + places.POINTER)
        if present is not None and places.pointed(folder) is not None:
            _replace(folder, _PREVIOUS, present)
        _replace(folder, places.POINTER, json.dumps(pointer).encode())
        _sweep(folder)
    except OSError as error:
        raise UpdateError(f"the update cannot be written to {folder}: {error}; the last prices stay in use") from error
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
    finally:
        os.close(handle)


_OLD = 3600.0


def _sweep(folder: str) -> None:
    """Remove what neither pointer names and no update can still be writing."""
    from time import time  # noqa: PLC0415 - only for an update

    named = {str((places.pointed(folder, name) or {}).get("folder")) for name in (places.POINTER, _PREVIOUS)}
    for entry in os.scandir(folder):
        unused = entry.name.startswith(("map-", "pointer-")) and entry.name not in named
        if unused and entry.stat().st_mtime < time() - _OLD:
            if entry.is_dir():
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.remove(entry.path)  # noqa: PTH107
