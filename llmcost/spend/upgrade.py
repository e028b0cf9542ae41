"""Upgrades: older tables are brought up to date by the steps in ``migrations/``. Only this file loads Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import text as sql

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, version: str | None, head: str) -> None:
    """Bring tables of a version up to another one, in the transaction of the connection.

    Args:
        version: that they have; None for a database without tables.
        head: that they get.
    """
    steps = list(ScriptDirectory(str(FOLDER), version_locations=[str(FOLDER)]).walk_revisions(version or "base", head))
    with Operations.context(MigrationContext.configure(connection)):
        for step in reversed(steps):
            if step.revision != version:
                step.module.upgrade()
    connection.execute(sql("UPDATE alembic_version SET version_num = :head"), {"head": head})
