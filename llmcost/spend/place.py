"""Where a log is: its database, and the folder of its spool."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..api.user_folder import user_folder
from ..errors import SpendLogError, shown

if TYPE_CHECKING:
    from typing import Any

VARIABLE = "LLMCOST_SPEND_DB"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.DOTALL)
_PASSWORD = re.compile(r"(//[^/@:]*):[^@]*@")


class Place(NamedTuple):
    """Where a log is.

    Attributes:
        kind: ``sqlite`` or ``postgresql``.
        file: the database of SQLite; None for PostgreSQL.
        address: how SQLAlchemy finds it.
        spool: the folder of its spool.
    """

    kind: str
    file: Path | None
    address: str
    spool: Path

    @property
    def shown(self) -> str:
        """The address without a password."""
        return _PASSWORD.sub(r"\1:***@", self.address)


def place_of(given: str | os.PathLike[str] | None, spool: str | os.PathLike[str] | None) -> Place:
    """Return where a log is: ``sqlite:///spend.db``, the path of a file, or ``postgresql://user@host/database``.

    Raises SpendLogError for another kind of address, and where there is no folder for what is not named.
    """
    address = os.environ.get(VARIABLE) if given is None else _text("database", given)
    if not address:
        address = str(_own_folder() / "spend.db")
    spool = None if spool is None else _text("spool", spool)
    scheme = _SCHEME.fullmatch(address)
    if scheme is None:
        return _of_file(address, spool)
    kind = scheme[1].lower()
    if kind == SQLITE:
        path = scheme[2].removeprefix("/")
        if not path or path.startswith((":memory:", "?")):
            raise SpendLogError(f"{shown(address)}: a log needs a file, such as sqlite:///spend.db")
        return _of_file(path, spool)
    if kind in {"postgresql", "postgres", "postgresql+psycopg"}:
        url = f"postgresql+psycopg://{scheme[2]}"
        if spool is None:
            # A prompt that asks a file of SQLite does not wait for it.
            from hashlib import sha256

            digest = sha256(_PASSWORD.sub(r"\1@", url).encode()).hexdigest()[:16]
            return Place(POSTGRESQL, None, url, _own_folder() / "spool" / digest)
        return Place(POSTGRESQL, None, url, Path(spool).absolute())
    raise SpendLogError(f"{shown(address)}: a log is a file of SQLite (sqlite:///spend.db) or postgresql://...")


def _text(name: str, path: str | os.PathLike[str]) -> str:
    """Return a path as text; raise SpendLogError for one that no system takes."""
    text = os.fsdecode(path)
    try:
        impossible = b"\0" in os.fsencode(text)
    except UnicodeEncodeError:
        impossible = True
    if impossible:
        raise SpendLogError(f"{name}={shown(text)}: no file can have this name")
    return str.__str__(text)


def _of_file(path: str, spool: Any) -> Place:
    file = Path(path).expanduser().absolute()
    folder = file.with_name(f"{file.name}.spool") if spool is None else Path(spool).absolute()
    return Place(SQLITE, file, f"sqlite:///{file}", folder)


def _own_folder() -> Path:
    folder = user_folder()
    if not folder:
        raise SpendLogError(f"there is no home folder for the log: name its database by {VARIABLE} or SpendLog(...)")
    return Path(folder)
