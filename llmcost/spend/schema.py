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
    from typing import Any

    from sqlalchemy import Connection
    from sqlalchemy.schema import SchemaItem

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


def _table(name: str, *parts: SchemaItem, rowid: bool = True) -> Table:
    """Return a table, whose columns SQLite holds to their types."""
    more: dict[str, Any] = {} if rowid else {"sqlite_with_rowid": False}
    return Table(name, metadata, *parts, sqlite_strict=True, **more)


def _key(name: str, kind: Any = Integer) -> Column[Any]:
    """Return a column of the primary key, whose values are ours and no counter's."""
    return Column(name, kind, primary_key=True, autoincrement=False)


def _needed(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _code(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _amount() -> tuple[Column[int], Column[int], Column[str | None]]:
    return _needed("nano", _Big), _needed("atto", _Big), Column("rest", Text)


# Facts about the log: when and by which version it was made, and the last ``seq`` that was given away.
meta = _table(
    "meta",
    _key("name", Text),
    _needed("value", Text),
)

names = _table(
    "names",
    _key("code"),
    _needed("kind", Text),
    _needed("text", Text),
    UniqueConstraint("kind", "text", name="names_kind_text"),
)

# What the costs of one kind of call have in common, written once.
forms = _table(
    "forms",
    _key("code"),
    Column("digest", Text, nullable=False, unique=True),
    _needed("form", Text),
)

calls = _table(
    "calls",
    _key("seq", _Big),
    _needed("id", Text),
    _needed("at", _Big),
    _code("model"),
    _code("provider"),
    _code("deployment"),
    _needed("status", _Small),
    _code("team"),
    _code("user_name"),
    _code("session"),
    Column("tags", Text),
    _needed("input", _Big),
    _needed("output", _Big),
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
)
# Answers any question over a span of time from the index alone.
Index(
    "calls_at",
    *(calls.c[name] for name in ("at", "model", "team", "user_name", "status", "provider", "deployment")),
    *(calls.c[name] for name in ("input", "output", "nano", "atto")),
)
Index("calls_session", calls.c.session, calls.c.at, sqlite_where=text("session <> 0"))
Index("calls_rest", calls.c.at, sqlite_where=text("rest IS NOT NULL"))

call_tags = _table(
    "call_tags",
    _key("tag"),
    _key("seq", _Big),
    rowid=False,
)
Index("call_tags_seq", call_tags.c.seq)

# Sums per hour since 1970 (UTC), for each value of each axis; ``all`` has the one value 0.
totals = _table(
    "totals",
    _key("axis", Text),
    _key("hour"),
    _key("value"),
    _key("status", _Small),
    _needed("calls", _Big),
    _needed("input", _Big),
    _needed("output", _Big),
    *_amount(),
    rowid=False,
)
Index("totals_rest", totals.c.axis, totals.c.hour, sqlite_where=text("rest IS NOT NULL"))

# Shared budgets: what each has spent in a period, as exact text, and which shares of its limit were told of.
budgets = _table(
    "budgets",
    _key("name", Text),
    _key("period", Text),
    _needed("spent", Text),
    Column("called", Text, nullable=False, server_default=""),
    rowid=False,
)
# What calls that are under way may cost, until a moment in microseconds since 1970.
budget_leases = _table(
    "budget_leases",
    _key("id", Text),
    _needed("name", Text),
    _needed("period", Text),
    _needed("amount", Text),
    _needed("until", _Big),
    rowid=False,
)
Index("budget_leases_name", budget_leases.c.name)

# Calls that could not be kept, per hour.
drops = _table(
    "drops",
    _key("hour"),
    _needed("calls", _Big),
)

# Repricings: what was recorded stays, and what calls cost anew stands beside it, where it is another sum.
repricings = _table(
    "repricings",
    _key("version"),
    _needed("at", _Big),
    _needed("map", Text),
    Column("why", Text),
    _needed("calls", _Big),
)
repriced = _table(
    "repriced",
    _key("seq", _Big),
    _key("version"),
    _needed("status", _Small),
    *_amount(),
    Column("saved", Text),
    Column("lines", Text),
    Column("cost", Text),
    rowid=False,
)

# Calls that were deleted while their sums stay, per hour.
removed = _table(
    "removed",
    _key("hour"),
    _needed("calls", _Big),
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
