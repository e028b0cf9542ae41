"""Versions of the tables: which there are, and how they are made or brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect
from sqlalchemy import text as sql

from ..errors import SpendLogError, printable, shown
from .axes import STATUS, STATUS_CODES
from .instants import moment_of, now
from .schema import meta, metadata, names, view

if TYPE_CHECKING:
    from sqlalchemy import Connection, Inspector

# The last of ``migrations/``.
HEAD = "0003"


def check(connection: Connection, inspector: Inspector, address: str) -> str | None:
    """Return the version of the tables; None if there are none.

    Raises SpendLogError for tables of a later version than this package knows, and for those of somebody else.
    """
    # Asked for in this order, since another process may make all of them between the two questions.
    has_calls = inspector.has_table("calls")
    if not inspector.has_table("alembic_version"):
        if has_calls:
            raise SpendLogError(f"{printable(address)}: its table `calls` is not llmcost's: name another database")
        return None
    found = connection.execute(sql("SELECT version_num FROM alembic_version")).scalar()
    version = str(found)
    if version > HEAD:
        raise SpendLogError(
            f"{printable(address)}: its tables are of version {shown(version)}, and this llmcost knows them up to "
            f"{HEAD!r}: take the newer llmcost that has changed them"
        )
    return version


def make(connection: Connection, address: str) -> None:
    """Make the tables of the newest version, or change older ones. Another process may have done so meanwhile."""
    version = check(connection, inspect(connection), address)
    if version == HEAD:
        return
    if version is not None:
        from .upgrade import upgrade

        upgrade(connection, version, HEAD)
        return
    metadata.create_all(connection)
    connection.execute(view(connection.dialect.name))
    _fill(connection)
    connection.execute(sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(sql("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _fill(connection: Connection) -> None:
    connection.execute(
        insert(names), [{"code": code, "kind": STATUS, "text": word} for word, code in STATUS_CODES.items()]
    )
    created = moment_of(now()).isoformat()
    connection.execute(insert(meta), [{"name": "created", "value": created}, {"name": "seq", "value": "0"}])
