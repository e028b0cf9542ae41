"""Names: the texts that repeat, and their codes in the tables."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, tuple_

from .axes import NONE
from .schema import names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    Name = tuple[str, str]

# Names that are kept in mind, and their characters in all.
_MOST_KNOWN, _MOST_CHARACTERS = 200_000, 10_000_000
# An index of PostgreSQL holds 2,700 bytes a row.
_LONGEST = 500
_AT_ONCE = 400

_FIND = select(names.c.kind, names.c.text, names.c.code).where(
    tuple_(names.c.kind, names.c.text).in_(bindparam("wanted", expanding=True))
)
_LAST = select(func.coalesce(func.max(names.c.code), 0))


def storable(text: str) -> str:
    """Return a text as the tables keep it.

    One of more than 500 characters keeps its beginning, and a digest that tells it from others with the same. What no
    UTF-8 text holds is replaced, and so is the character 0, which PostgreSQL refuses.

    >>> storable("search"), len(storable("x" * 10_000))
    ('search', 500)
    """
    if not text.isascii() or "\0" in text:
        text = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 18]}... {sha256(text.encode()).hexdigest()[:14]}"


class Names:
    """The codes of names, looked up or given in the transaction of the rows that use them."""

    def __init__(self) -> None:
        self._remembered: dict[Name, int] = {}
        self._characters = 0

    def forget(self) -> None:
        """Know nothing: somebody may have taken names away."""
        self._remembered.clear()
        self._characters = 0

    def codes(self, connection: Connection, wanted: Iterable[Name]) -> dict[Name, int]:
        """Return the code of each ``(kind, text)``; new ones are added.

        The caller is the one writer. What this returns is remembered only by ``learn``, after the commit.
        """
        remembered = self._remembered
        found = {name: remembered[name] for name in wanted if name in remembered}
        missing = sorted({name for name in wanted if name not in found})
        for start in range(0, len(missing), _AT_ONCE):
            rows = connection.execute(_FIND, {"wanted": missing[start : start + _AT_ONCE]})
            found.update({(kind, text): code for kind, text, code in rows})
        new = [name for name in missing if name not in found]
        if new:
            last = connection.execute(_LAST).scalar_one()
            found |= {name: last + place for place, name in enumerate(new, 1)}
            connection.execute(insert(names), [{"code": found[name], "kind": name[0], "text": name[1]} for name in new])
        return found

    def learn(self, codes: dict[Name, int]) -> None:
        """Remember codes that are committed."""
        if len(self._remembered) > _MOST_KNOWN or self._characters > _MOST_CHARACTERS:
            self.forget()
        self._characters += sum(len(name[1]) for name in codes if name not in self._remembered)
        self._remembered.update(codes)


def code_of(connection: Connection, kind: str, text: str) -> int | None:
    """Return the code of a name; None if no call has it."""
    found: int | None = connection.execute(
        select(names.c.code).where(names.c.kind == kind, names.c.text == storable(text))
    ).scalar()
    return found


def texts_of(connection: Connection, codes: Iterable[int]) -> dict[int, str]:
    """Return the texts of codes."""
    wanted = sorted({code for code in codes if code != NONE})
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 5000):
        rows = connection.execute(
            select(names.c.code, names.c.text).where(names.c.code.in_(wanted[start : start + 5000]))
        )
        found.update((key, code) for key, code in rows)
    return found
