"""Repricings, which stand beside what was recorded; and how many calls were deleted while their sums stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SMALL = sa.SmallInteger().with_variant(sa.Integer, "sqlite")
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "repricings",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("map", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("calls", _BIG, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "repriced",
        sa.Column("seq", _BIG, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("status", _SMALL, nullable=False),
        sa.Column("nano", _BIG, nullable=False),
        sa.Column("atto", _BIG, nullable=False),
        sa.Column("rest", sa.Text),
        sa.Column("saved", sa.Text),
        sa.Column("lines", sa.Text),
        sa.Column("cost", sa.Text),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "removed",
        sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("calls", _BIG, nullable=False),
        sqlite_strict=True,
    )
