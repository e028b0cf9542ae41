"""Where the prices are read from: a file of the user's, the last update, or the package itself.

``LLMCOST_PRICES`` names a JSON map, or a folder of the form of ``data/``, and is stronger than everything.
An update lies in the user's data folder; a pointer file beside the updates names the one in use, so that it
is replaced in one step. It is used while it is not older than the map that ships with the package.
"""

from __future__ import annotations

import json
import os
import sys

from ..errors import PriceDataError, StalePricesWarning
from .reading import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict, TypeGuard

    class Pointer(TypedDict, total=False):
        """What a pointer file states: the folder of the update, the size of each of its files, and its facts."""

        folder: str
        sizes: dict[str, int]
        source: str
        etag: str
        as_of: str
        installed: str


MAP, HISTORY, PROVENANCE, INFO = "model_prices.json", "price_history.json", "provenance.json", "map_info.json"
POINTER = "current.json"

_HERE = __file__.rpartition("places.py")[0]
_PACKAGED = (f"{_HERE}../_data/", f"{_HERE}../../data/")


class DataSet:
    """One set of price data: the map, and beside it the history, the provenance and the facts about the map.

    Attributes:
        origin: where it is, for messages.
        installed: the day on which an update without a date was fetched; "" for every other set.
    """

    __slots__ = ("_folders", "_map", "installed", "origin")

    def __init__(self, origin: str, folders: tuple[str, ...], map_file: str | None = None) -> None:
        self.origin, self._folders, self._map = origin, folders, map_file
        self.installed = ""

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file of the set, or None if the set has no such file."""
        if name == MAP and self._map is not None:
            return _read(self._map)
        for folder in self._folders:
            found = _read(folder + name)
            if found is not None:
                return found
        return None


class _Packaged(DataSet):
    """The set that ships with the package; inside a zip or a frozen application it is no plain file."""

    __slots__ = ()

    def read(self, name: str) -> bytes | None:
        found = super().read(name)
        if found is not None or any(os.path.exists(folder + MAP) for folder in self._folders):
            return found
        from importlib_resources import files

        try:
            return files("llmcost").joinpath("_data", name).read_bytes()
        except OSError:
            return None


class _Updated(DataSet):
    """An update in the user's folder; later ones sweep it away while a process may still be using it."""

    __slots__ = ("_names",)

    def __init__(self, origin: str, folder: str, names: frozenset[str]) -> None:
        super().__init__(origin, (folder,))
        self._names = names

    def read(self, name: str) -> bytes | None:
        found = super().read(name)
        if found is None and name in self._names:
            raise PriceDataError(
                f"{name} of {self.origin} is gone, since later updates have replaced it: make a new CostMap, "
                "or start the process anew"
            )
        return found


PACKAGED = _Packaged("the bundled map", _PACKAGED)


def _read(path: str) -> bytes | None:
    try:
        return read_regular(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except ValueError as error:
        raise PriceDataError(f"{path} cannot be read: {error}") from error


def current() -> DataSet:
    """Return the set of price data that is in use.

    Raises PriceDataError if ``LLMCOST_PRICES`` names nothing that can be read.
    """
    own = os.environ.get("LLMCOST_PRICES")
    if own:
        if os.path.isdir(own):
            found = DataSet(own, (os.path.join(own, ""),))
        else:
            found = DataSet(own, (), own)
        try:
            readable = found.read(MAP) is not None
        except OSError as error:
            raise PriceDataError(f"LLMCOST_PRICES={own!r} cannot be read: {error}") from error
        if not readable:
            raise PriceDataError(f"LLMCOST_PRICES={own!r} is neither a JSON price map nor a folder with {MAP}")
        return found
    return updated() or PACKAGED


def user_folder() -> str:
    """Return the folder of the user's updates; "" if there is none."""
    folder = data_folder()
    return os.path.join(folder, "prices", "") if folder else ""


def data_folder() -> str:
    """Return the folder of what is kept for a user, in the platform's place for application data; "" if there is none.

    A relative path is refused: it depends on where the process was started, so that another user could set the prices.
    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or ""
        if not os.path.isabs(base):
            base = os.path.join(home, ".local", "share")
    return os.path.join(base, "llmcost") if os.path.isabs(base) else ""


def updated(folder: str | None = None) -> DataSet | None:
    """Return the update in use; None if there is none, if it is damaged, or if the package has a newer map.

    A damaged update is said once by StalePricesWarning, and the packaged map is used.
    """
    folder = folder or user_folder()
    pointer = pointed(folder) if folder else None
    if pointer is None or outdated(pointer):
        return None
    place = folder + str(pointer["folder"]) + "/"
    if not intact(place, pointer):
        import warnings

        warnings.warn(
            f"the updated prices in {place} are damaged and not used: `llmcost update` or `llmcost update --rollback`",
            StalePricesWarning,
            stacklevel=2,
        )
        return None
    sizes = pointer["sizes"]
    found = _Updated(f"the update of {_date(pointer)}", place, frozenset(sizes))
    if not pointer.get("as_of"):
        found.installed = _date(pointer)
        found.origin = f"the update fetched on {found.installed}, of an unknown day"
    return found


def outdated(pointer: Pointer) -> bool:
    """Return whether the map of the package is newer than this update."""
    return _date(pointer) < str(info_of(PACKAGED).get("as_of") or "")


def _date(pointer: Pointer) -> str:
    """Return the date of an update; if it states none, the day on which it was fetched."""
    return str(pointer.get("as_of") or pointer.get("installed") or "")


def pointed(folder: str, name: str = POINTER) -> Pointer | None:
    """Return the content of the pointer file; None if it cannot be read."""
    try:
        data = _read(folder + name)
        pointer = json.loads(data) if data is not None else None
    except (OSError, ValueError, RecursionError):
        # A folder that this user may not look into holds no update of theirs.
        return None
    return pointer if _is_pointer(pointer) else None


def _is_pointer(found: object) -> TypeGuard[Pointer]:
    """Return whether a pointer names a folder beside it, and files in that; anything else is no update."""
    if not isinstance(found, dict) or not isinstance(found.get("sizes"), dict):
        return False
    names = (found.get("folder"), *found["sizes"])
    return all(
        isinstance(name, str) and name.isprintable() and name not in {"", ".", ".."} and not set(name) & set("/\\:")
        for name in names
    )


def intact(place: str, pointer: Pointer) -> bool:
    """Return whether every file of an update has the size that it was written with."""
    sizes = pointer["sizes"]
    try:
        return MAP in sizes and all(os.stat(place + name).st_size == size for name, size in sizes.items())
    except OSError:
        return False


def info_of(data: DataSet) -> dict[str, object]:
    """Return what a set says of itself: version, as_of; empty if it says nothing."""
    text = data.read(INFO)
    try:
        found = json.loads(text) if text is not None else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
