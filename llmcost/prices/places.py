"""The place that prices are read from: a set that the user names, the data wheel, the last update, or the package.

``LLMCOST_PRICES`` names a JSON map or a folder of the form of ``data/``, or pins one of the sets by its word. Without
it the newest of the sets is used. An update lies in the user's data folder; a pointer file beside the updates names the
one in use, so that it is replaced in one step.
"""

from __future__ import annotations

import os
import sys

from ..core.json_text import read_json
from ..core.late import Late
from ..errors import PriceDataError
from .data_sets import (
    DATA,
    HISTORY,
    INFO,
    MAP,
    PACKAGE,
    PACKAGED,
    PROVENANCE,
    UPDATE,
    DataSet,
    Replaceable,
    Wheel,
    read_file,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypedDict, TypeGuard

    from . import precedence

    class Pointer(TypedDict, total=False):
        """What a pointer file states: the folder of the update, the size of each of its files, and its facts."""

        folder: str
        sizes: dict[str, int]
        source: str
        etag: str
        as_of: str
        installed: str
else:
    # Loaded where there is more than the set of the package.
    precedence = Late("llmcost.prices.precedence")

__all__ = [
    "DATA",
    "HISTORY",
    "INFO",
    "MAP",
    "PACKAGE",
    "PACKAGED",
    "PROVENANCE",
    "UPDATE",
    "DataSet",
    "Replaceable",
    "Wheel",
]

POINTER = "current.json"
# The import name of the data wheel. It is located and not imported: there is no code in it.
WHEEL = "llm_costmap_data"


class Updated(Replaceable):
    """An update in the user's folder; later ones sweep it away while a process may still be using it."""

    __slots__ = ("pointer",)

    kind = UPDATE

    def __init__(self, folder: str, pointer: Pointer) -> None:
        super().__init__(f"the update of {_date(pointer)}", folder)
        self.pointer = pointer
        if not pointer.get("as_of"):
            self.installed = _date(pointer)
            self.origin = f"the update fetched on {self.installed}, of an unknown day"

    @property
    def day(self) -> str:
        """The day that it states, or the one on which it was fetched."""
        return _date(self.pointer)

    def whole(self) -> bool:
        """Return whether every file has the size that it was written with."""
        return intact(self.folder, self.pointer)

    def _content(self, name: str) -> bytes | None:
        found = super()._content(name)
        if found is None and name in self.pointer["sizes"]:
            raise PriceDataError(
                f"{name} of {self.origin} is gone, since later updates have replaced it: make a new CostMap, "
                "or start the process anew"
            )
        return found


def current() -> DataSet:
    """Return the set of price data that is in use, which says why.

    Raises PriceDataError if ``LLMCOST_PRICES`` names nothing that can be read.
    """
    setting = os.environ.get("LLMCOST_PRICES")
    if setting:
        data_set: DataSet = precedence.named(setting, PACKAGED.again, located, user_update)
        return data_set
    return best()


def best(folder: str | None = None) -> DataSet:
    """Return the newest set of the data wheel, the update in a folder (the user's) and the package."""
    wheel, update = located(), updated(folder)
    if wheel is not None:
        why = precedence.trouble(wheel)
        if why:
            _tell(f"{wheel.origin} {why} and is not used: install it anew, or another version")
            wheel = None
    if wheel is None and update is None:
        newest = PACKAGED.again()
        newest.why = "there is no other set that can be used"
        return newest
    newest = precedence.newest([one for one in (wheel, update, PACKAGED.again()) if one is not None])
    if wheel is not None and newest is update:
        _tell(f"{update.origin} is newer than the installed {wheel.origin} and is used; LLMCOST_PRICES=data pins that")
    return newest


def located() -> Wheel | None:
    """Return the data wheel that an import would find, without importing it; None if there is none.

    In a plain folder of the path one look at the disk tells it. For a zip, and for a folder that nothing was imported
    from yet, the finder of the import system is asked. importlib.util and entry points cost more than a cold start may.
    """
    finder = next((one for one in sys.meta_path if getattr(one, "__name__", "") == "PathFinder"), None)
    if finder is None:
        return None
    for entry in sys.path:
        found = _located_in(entry, finder) if isinstance(entry, str) else None
        # A folder without any of the files is what is left of a package that was removed.
        if found is not None and (found.info or found.has(MAP)):
            return found
    return None


def _located_in(entry: str, finder: Any) -> Wheel | None:
    """Return what an import would find in one place of the path."""
    importer = sys.path_importer_cache.get(entry)
    if type(importer).__name__ == "FileFinder":
        folder = os.path.join(entry, WHEEL, "")
        return Wheel(folder, None) if os.path.isdir(folder) else None
    if importer is None and entry in sys.path_importer_cache:
        # It is no place to import from.
        return None
    spec = finder.find_spec(WHEEL, [entry])
    folders = spec.submodule_search_locations if spec is not None else None
    if spec is None or not folders:
        return None
    return Wheel(os.path.join(next(iter(folders)), ""), getattr(spec.loader, "get_data", None))


def user_folder() -> str:
    """Return the folder of the user's updates; "" if there is none."""
    folder = data_folder()
    return os.path.join(folder, "prices", "") if folder else ""


def data_folder() -> str:
    """Return the folder of what is kept for a user, among the data of applications; "" if there is none."""
    return own_folder("XDG_DATA_HOME", "Application Support", os.path.join(".local", "share"))


def own_folder(variable: str, mac: str, default: str) -> str:
    """Return the folder ``llmcost`` in one of the platform's places for files of a user; "" if there is none.

    A relative path is refused: it depends on where the process was started, so that another user could set the prices.
    https://specifications.freedesktop.org/basedir-spec/latest/

    Args:
        variable: of the environment, where the place is set.
        mac: its name in ``~/Library``.
        default: the place in the home folder, where the variable is not set.
    """
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", mac)
    else:
        base = os.environ.get(variable) or ""
        if not os.path.isabs(base):
            base = os.path.join(home, default)
    return os.path.join(base, "llmcost") if os.path.isabs(base) else ""


def user_update(folder: str | None = None) -> Updated | None:
    """Return the update that a user has, whether it is used or not; None if there is none."""
    folder = folder or user_folder()
    pointer = pointed(folder) if folder else None
    return None if pointer is None else Updated(folder + str(pointer["folder"]) + "/", pointer)


def updated(folder: str | None = None) -> Updated | None:
    """Return the update in use; None if there is none, if it cannot be used, or if the package has a newer map.

    An update that cannot be used is said once by StalePricesWarning.
    """
    folder = folder or user_folder()
    found = user_update(folder)
    if found is None and folder and os.path.exists(folder + POINTER):
        # The first update of a user may have come since.
        found = user_update(folder)
        if found is None:
            named = f"{folder}{POINTER}"
            _tell(f"{named} is damaged: it names no update, and none is used; `llmcost update` writes it anew")
    if found is None or outdated(found.pointer):
        return None
    why = precedence.trouble(found)
    if why:
        _tell(
            f"{found.origin} in {found.folder} {why} and is not used: `llmcost update` or `llmcost update --rollback`"
        )
        return None
    return found


def _tell(said: str) -> None:
    import warnings

    from ..errors import StalePricesWarning

    warnings.warn(said, StalePricesWarning, stacklevel=3)


def outdated(pointer: Pointer) -> bool:
    """Return whether the map of the package is newer than this update."""
    return _date(pointer) < str(PACKAGED.again().info.get("as_of") or "")


def _date(pointer: Pointer) -> str:
    """Return the date of an update; if it states none, the day on which it was fetched."""
    return str(pointer.get("as_of") or pointer.get("installed") or "")


def pointed(folder: str, name: str = POINTER) -> Pointer | None:
    """Return the content of the pointer file; None if it cannot be read."""
    try:
        data = read_file(folder + name)
        pointer = read_json(data) if data is not None else None
    except (OSError, ValueError, RecursionError):
        # A folder that this user may not look into holds no update of theirs.
        return None
    return pointer if _is_pointer(pointer) else None


def _is_pointer(content: object) -> TypeGuard[Pointer]:
    """Return whether a pointer names a folder beside it, and files in that; anything else is no update."""
    if not isinstance(content, dict) or not isinstance(content.get("sizes"), dict):
        return False
    names = (content.get("folder"), *content["sizes"])
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
