"""Shared budgets: what they have spent, and what is reserved in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "budgets",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("spent", sa.Text, nullable=False),
        sa.Column("called", sa.Text, nullable=False, server_default=""),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "budget_leases",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("amount", sa.Text, nullable=False),
        sa.Column("until", _BIG, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("budget_leases_name", "budget_leases", ["name"])
