"""Sets of price data: the map, and beside it its history, its provenance and the facts about it."""

from __future__ import annotations

import os
import stat

from ..core.json_text import read_json
from ..errors import PriceDataError
from .lines import Lines, lines_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from io import BufferedReader

MAP, HISTORY, PROVENANCE, INFO = "model_prices.json", "price_history.json", "provenance.json", "map_info.json"
# The kinds of sets. LLMCOST_PRICES pins a kind by this word.
PACKAGE, DATA, UPDATE = "package", "data", "update"

# The biggest public map has 3 MB.
LARGEST = 64 * 1024 * 1024

_HERE = __file__.rpartition("data_sets.py")[0]
_PACKAGED = (f"{_HERE}../_data/", f"{_HERE}../../data/")


class DataSet:
    """One set of price data: the map, and beside it the history, the provenance and the facts about the map.

    Attributes:
        kind: ``package``, ``data``, ``update``, or ``own`` for what the user names.
        origin: where it is, for messages.
        installed: the day on which an update without a date was fetched; "" for every other set.
        why: why it is in use, in words; "" until it is chosen.
    """

    __slots__ = ("_folders", "_info", "_map", "installed", "origin", "why")

    kind = "own"

    def __init__(self, origin: str, folders: tuple[str, ...], map_file: str | None = None) -> None:
        self.origin, self._folders, self._map = origin, folders, map_file
        self.installed = self.why = ""
        self._info: Mapping[str, object] | None = None

    def again(self) -> DataSet:
        """Return this set unread: another release may lie in its place by now."""
        return type(self)(self.origin, self._folders, self._map)

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file of the set, or None if the set has no such file.

        Raises PriceDataError for a file that has not the size which the set states: it was cut off, or belongs to
        another release.
        """
        found = self._content(name)
        if found is not None and name != INFO:
            size = sizes_of(self.info).get(name)
            if size is not None and size != len(found):
                raise PriceDataError(
                    f"{name} of {self.origin} has {len(found)} bytes, and {INFO} states {size}: it is damaged or of "
                    "another release; install the prices anew, and start the process anew"
                )
        return found

    def lines(self, name: str) -> Lines | None:
        """Return the lines of a file of the set, or None if the set has no such file; raises as ``read`` does."""
        lines = self._opened(name)
        if lines is not None:
            return lines
        text = self.read(name)
        return Lines(text) if text is not None else None

    def _opened(self, name: str) -> Lines | None:
        """Return the lines of a file that stays open; None where it is to be read whole."""
        size = sizes_of(self.info).get(name)
        if size is None or self._map is not None or not hasattr(os, "pread"):
            return None
        for folder in self._folders:
            try:
                with open_regular(folder + name) as file:
                    if os.fstat(file.fileno()).st_size == size:
                        return lines_of(file.fileno(), lambda: self._again(name))
            except (OSError, ValueError):
                continue
        return None

    def _again(self, name: str) -> bytes:
        """Return the bytes of a file that the set had: without them no price of it is known any more."""
        text = self.read(name)
        if text is None:
            raise PriceDataError(
                f"{name} of {self.origin} has gone: install the prices anew, and start the process anew"
            )
        return text

    def _content(self, name: str) -> bytes | None:
        if name == MAP and self._map is not None:
            return read_file(self._map)
        for folder in self._folders:
            found = read_file(folder + name)
            if found is not None:
                return found
        return None

    @property
    def info(self) -> Mapping[str, object]:
        """What the set said of itself when it was first asked: version, as_of; empty if it says nothing."""
        if self._info is None:
            self._info = self._stated()
        return self._info

    def _stated(self) -> Mapping[str, object]:
        text = self._content(INFO)
        try:
            found = read_json(text) if text is not None else {}
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def day(self) -> str:
        """The day that the prices are of, ISO text; if they state none, the one on which they were fetched, or ""."""
        return str(self.info.get("as_of") or self.installed)


class _Packaged(DataSet):
    """The set that ships with the package; inside a zip or a frozen application it is no plain file."""

    __slots__ = ()

    kind = PACKAGE

    def _content(self, name: str) -> bytes | None:
        found = super()._content(name)
        if found is not None or any(os.path.exists(folder + MAP) for folder in self._folders):
            return found
        from importlib_resources import files

        try:
            return files("llmcost").joinpath("_data", name).read_bytes()
        except OSError:
            return None


class Replaceable(DataSet):
    """A set in a folder that others write. If it is damaged or of a later version, another set is used."""

    __slots__ = ("folder", "plain")

    def __init__(self, origin: str, folder: str, *, plain: bool = True) -> None:
        super().__init__(origin, (folder,))
        self.folder, self.plain = folder, plain

    def _stated(self) -> Mapping[str, object]:
        try:
            return super()._stated()
        except (OSError, PriceDataError):
            return {}

    def whole(self) -> bool:
        """Return whether every file has the size that is stated."""
        sizes = sizes_of(self.info)
        if not self.plain:
            return MAP in sizes and all(len(self._content(name) or b"") == size for name, size in sizes.items())
        try:
            return MAP in sizes and all(os.stat(self.folder + name).st_size == size for name, size in sizes.items())
        except FileNotFoundError:
            return False


class Wheel(Replaceable):
    """The data wheel, in a folder or inside a zip."""

    __slots__ = ("_get",)

    kind = DATA

    def __init__(self, folder: str, get: Callable[[str], bytes] | None) -> None:
        super().__init__("llm-costmap-data", folder, plain=get is None or os.path.isdir(folder))
        self._get = get
        version = self.info.get("version")
        if version:
            self.origin += f" {version}"

    def has(self, name: str) -> bool:
        """Return whether there is a file of this name."""
        return os.path.exists(self.folder + name) if self.plain else self._content(name) is not None

    def _content(self, name: str) -> bytes | None:
        if self.plain or self._get is None:
            return super()._content(name)
        from zlib import error

        try:
            return self._get(self.folder + name)
        except OSError:
            return None
        except (error, EOFError) as broken:
            raise PriceDataError(f"{name} of {self.origin} cannot be read: {broken}") from broken


PACKAGED = _Packaged("the bundled map", _PACKAGED)


def read_file(path: str) -> bytes | None:
    """Return the bytes of a regular file, or None if there is none; raise PriceDataError for what is no such file."""
    try:
        return read_regular(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except ValueError as error:
        raise PriceDataError(f"{path} cannot be read: {error}") from error


def read_regular(path: str | bytes | os.PathLike[str], largest: int = LARGEST) -> bytes:
    """Return the bytes of a file of at most ``largest`` bytes.

    Raises:
        OSError: it cannot be read.
        ValueError: it is a pipe or a device, which may never end; it is too large, or grows; or no file can have this
            name.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > largest:
            raise ValueError(f"it is larger than {largest:,} bytes: no price map is")
        # Its size is read first: a read of ``largest`` bytes would take this much memory.
        data = file.read(size)
        if file.read(1):
            raise ValueError("it grew while it was read: read it again")
    return data


def open_regular(path: str | bytes | os.PathLike[str], *, pipes: bool = False) -> BufferedReader:
    """Open a file to read its bytes; raise ValueError for a pipe or a device, and OSError if it cannot be opened.

    ``pipes`` takes a pipe too, such as the one of ``--config <(sops --decrypt config.yaml)``. A pipe without a writer
    has no bytes.
    """
    file = open_at_once(path)
    # The open file says what it is: another file may get its name meanwhile.
    mode = os.fstat(file.fileno()).st_mode
    if not stat.S_ISREG(mode) and not (pipes and stat.S_ISFIFO(mode)):
        file.close()
        raise ValueError("it is no regular file")
    return file


def open_at_once(path: str | bytes | os.PathLike[str]) -> BufferedReader:
    """Open a file to read its bytes. A pipe is opened without waiting for somebody to write to it."""
    return open(path, "rb", opener=_at_once)


def _at_once(path: str, flags: int) -> int:
    opened = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "O_NONBLOCK"):
        # A read of a pipe waits for its writer.
        os.set_blocking(opened, True)
    return opened


def sizes_of(info: Mapping[str, object]) -> dict[str, object]:
    """Return the size of each file as a set states it; empty if it states none."""
    found = info.get("sizes")
    return found if isinstance(found, dict) else {}
