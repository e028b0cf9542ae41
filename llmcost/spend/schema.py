"""The tables of the log. ``docs/spend.md`` describes them for a person in a SQL shell.

Texts that repeat are codes of ``names``; 0 is what is not stated. Money is two whole numbers and a rest, as in
``money``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    event,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

metadata = MetaData()


@event.listens_for(metadata, "before_create")
def _as_in_sqlite(metadata: MetaData, connection: Connection, **_: object) -> None:
    """Give PostgreSQL the conditions of indices; stated beside SQLite's, they would load its dialect for every log."""
    if connection.dialect.name == "postgresql":
        for table in metadata.tables.values():
            for index in table.indexes:
                index.dialect_kwargs["postgresql_where"] = index.dialect_kwargs.get("sqlite_where")


# SQLite's strict tables know one whole number, of up to 64 bits.
_Small = SmallInteger().with_variant(Integer, "sqlite")
_Big = BigInteger().with_variant(Integer, "sqlite")


def _code(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _amount() -> tuple[Column[int], Column[int], Column[str | None]]:
    return Column("nano", _Big, nullable=False), Column("atto", _Big, nullable=False), Column("rest", Text)


# Facts about the log: when and by which version it was made, and the last ``seq`` that was given away.
meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

names = Table(
    "names",
    metadata,
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("kind", "text", name="names_kind_text"),
    sqlite_strict=True,
)

# What the costs of one kind of call have in common, written once.
forms = Table(
    "forms",
    metadata,
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("form", Text, nullable=False),
    sqlite_strict=True,
)

calls = Table(
    "calls",
    metadata,
    Column("seq", _Big, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("at", _Big, nullable=False),
    _code("model"),
    _code("provider"),
    _code("deployment"),
    Column("status", _Small, nullable=False),
    _code("team"),
    _code("user_name"),
    _code("session"),
    Column("tags", Text),
    Column("input", _Big, nullable=False),
    Column("output", _Big, nullable=False),
    *_amount(),
    Column("saved", Text),
    Column("latency_us", _Big),
    Column("ttft_us", _Big),
    Column("error", Text),
    Column("attempt", Integer),
    Column("usage", Text),
    Column("lines", Text),
    _code("form"),
    Column("cost", Text),
    _code("map"),
    _code("source"),
    Column("metadata", Text),
    Column("revised", Integer, nullable=False, server_default="0"),
    CheckConstraint("nano >= 0 AND atto >= 0 AND atto < 1000000000", name="calls_money"),
    UniqueConstraint("id", name="calls_id"),
    sqlite_strict=True,
)
# Answers any question over a span of time from the index alone.
Index(
    "calls_at",
    *(calls.c[name] for name in ("at", "model", "team", "user_name", "status", "provider", "deployment")),
    *(calls.c[name] for name in ("input", "output", "nano", "atto")),
)
Index("calls_session", calls.c.session, calls.c.at, sqlite_where=text("session <> 0"))
Index("calls_rest", calls.c.at, sqlite_where=text("rest IS NOT NULL"))

call_tags = Table(
    "call_tags",
    metadata,
    Column("tag", Integer, primary_key=True, autoincrement=False),
    Column("seq", _Big, primary_key=True, autoincrement=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("call_tags_seq", call_tags.c.seq)

# Sums per hour since 1970 (UTC), for each value of each axis; ``all`` has the one value 0.
totals = Table(
    "totals",
    metadata,
    Column("axis", Text, primary_key=True),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, primary_key=True, autoincrement=False),
    Column("status", _Small, primary_key=True, autoincrement=False),
    Column("calls", _Big, nullable=False),
    Column("input", _Big, nullable=False),
    Column("output", _Big, nullable=False),
    *_amount(),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("totals_rest", totals.c.axis, totals.c.hour, sqlite_where=text("rest IS NOT NULL"))

# Shared budgets: what each has spent in a period, as exact text, and which shares of its limit were told of.
budgets = Table(
    "budgets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("spent", Text, nullable=False),
    Column("called", Text, nullable=False, server_default=""),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
# What calls that are under way may cost, until a moment in microseconds since 1970.
budget_leases = Table(
    "budget_leases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("until", _Big, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
Index("budget_leases_name", budget_leases.c.name)

# Calls that could not be kept, per hour.
drops = Table(
    "drops",
    metadata,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("calls", _Big, nullable=False),
    sqlite_strict=True,
)

# Repricings: what was recorded stays, and what calls cost anew stands beside it, where it is another sum.
repricings = Table(
    "repricings",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", _Big, nullable=False),
    Column("map", Text, nullable=False),
    Column("why", Text),
    Column("calls", _Big, nullable=False),
    sqlite_strict=True,
)
repriced = Table(
    "repriced",
    metadata,
    Column("seq", _Big, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("status", _Small, nullable=False),
    *_amount(),
    Column("saved", Text),
    Column("lines", Text),
    Column("cost", Text),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Calls that were deleted while their sums stay, per hour.
removed = Table(
    "removed",
    metadata,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("calls", _Big, nullable=False),
    sqlite_strict=True,
)

# An amount as decimal text; behind the 18th digit only what is a decimal.
_USD = """rtrim(rtrim({whole} || '.' || {fraction}
    || CASE WHEN calls.rest IS NULL OR calls.rest LIKE '%/%' THEN '' ELSE calls.rest END, '0'), '.')"""
_NAMED = ("model", "provider", "deployment", "team", "user_name", "session", "map", "source")


def _view(at: str, usd: str) -> str:
    named = ", ".join(f"{column}_of.text AS {column}" for column in _NAMED)
    joins = "\n".join(f"LEFT JOIN names {column}_of ON {column}_of.code = calls.{column}" for column in _NAMED)
    return f"""CREATE VIEW spend AS
SELECT calls.seq, calls.id, {at} AS at, status_of.text AS status, {named},
  calls.input, calls.output, {usd} AS usd,
  CASE WHEN calls.rest LIKE '%/%' THEN 0 ELSE 1 END AS exact,
  CAST(calls.nano AS double precision) / 1e9 + CAST(calls.atto AS double precision) / 1e18 AS usd_float,
  calls.latency_us, calls.ttft_us, calls.error, calls.usage, calls.lines, calls.metadata
FROM calls
LEFT JOIN names status_of ON status_of.code = calls.status
{joins}"""


VIEWS = {
    "sqlite": _view(
        "strftime('%Y-%m-%dT%H:%M:%S', calls.at / 1000000, 'unixepoch') || printf('.%06dZ', calls.at % 1000000)",
        _USD.format(
            whole="(calls.nano / 1000000000)",
            fraction="printf('%09d%09d', calls.nano % 1000000000, calls.atto)",
        ),
    ),
    "postgresql": _view(
        "timestamptz 'epoch' + calls.at * interval '1 microsecond'",
        _USD.format(
            whole="(calls.nano / 1000000000)",
            fraction="lpad(CAST(calls.nano % 1000000000 AS text), 9, '0') || lpad(CAST(calls.atto AS text), 9, '0')",
        ),
    ),
}


def view(dialect: str) -> TextClause:
    """Return the statement that makes the view ``spend``: names, and money as decimal text."""
    return text(VIEWS[dialect])
