"""The SQL of a rate sheet: run on DuckDB, SQLite, Polars and PostgreSQL, parsed in ten dialects."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timezone

import pytest

import llmcost
from llmcost.errors import PriceDataError
from llmcost.frames.dialects import DIALECTS
from llmcost.frames.sql import query, tables
from tests.frames.calls import METERS, hard_rows
from tests.frames.engines import arrow, frame_of, rows_of
from tests.sdks import optional

COLUMNS = ("n", "model", "service_tier", "batch", "time", "duration", *METERS)
FACTS = ("service_tier", "batch", "time", "duration")


@pytest.fixture(scope="module")
def rows():
    prices = llmcost.CostMap()
    names = [
        "gpt-4o",
        "gpt-5",
        "o3",
        "claude-sonnet-4-5",
        "gemini/gemini-2.5-pro",
        "whisper-1",
        "deepseek/deepseek-chat",
    ]
    found = hard_rows(prices, 400, names=names)
    for number, row in enumerate(found):
        row["n"] = number
        row["provider"] = row["region"] = None
        # SQL text multiplies whole seconds.
        row["duration"] = None if row["duration"] is None else int(row["duration"])
    return [{name: row.get(name) for name in COLUMNS} for row in found]


@pytest.fixture(scope="module")
def sheet(rows):
    optional("polars")
    return llmcost.rate_sheet(frame_of(rows, "polars"))


@pytest.fixture(scope="module")
def expected(rows, sheet):
    """What the frame says: units of the sheet, status."""
    frame = llmcost.price_table(frame_of(rows, "polars"), sheet=sheet, money="units")
    scale = rows_of(frame)[0]["cost_unit"] // sheet.unit
    found = {row["n"]: row for row in rows_of(frame)}
    return [
        (n, *(None if one[name] is None else int(one[name]) // scale for name in MONEY), one["status"])
        for n, one in sorted(found.items())
    ]


MONEY = ("cost", "cost_input", "cost_output", "cost_other")
UNITS = "n, cost_units, cost_input_units, cost_output_units, cost_other_units, cost_status"


def statement(sheet, dialect):
    return f"SELECT {UNITS} FROM ({query(sheet, 'calls', dialect, names=list(COLUMNS))}) p ORDER BY n"


def whole(row):
    return (row[0], *(None if value is None else int(value) for value in row[1:5]), row[5])


def test_duckdb(rows, sheet, expected):
    """One integer a row, in the sum and on each side; no row is lost or doubled."""
    connection = optional("duckdb").connect()
    connection.register("calls", arrow(rows))
    connection.execute(tables(sheet, "duckdb"))
    assert [whole(row) for row in connection.execute(statement(sheet, "duckdb")).fetchall()] == expected


def plain(rows):
    """Rows as databases without types of time take them: microseconds since 1970."""
    first = datetime(1970, 1, 1, tzinfo=timezone.utc)
    for row in rows:
        time = row["time"]
        since = None if time is None else time - first
        micros = None if since is None else (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds
        yield tuple(micros if name == "time" else row[name] for name in COLUMNS)


def test_sqlite(rows, sheet, expected):
    """The same in SQLite, whose numbers have 64 bits."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(tables(sheet, "sqlite"))
        connection.execute(f"CREATE TABLE calls ({', '.join(COLUMNS)})")
        connection.executemany(f"INSERT INTO calls VALUES ({', '.join('?' * len(COLUMNS))})", plain(rows))
        found = connection.execute(statement(sheet, "sqlite")).fetchall()
    assert list(map(whole, found)) == expected


def test_a_sum_beyond_64_bits_is_an_error_in_sqlite():
    """12,345,678 units a token: 700,000,000,000 tokens are below 2^63 units, 10^12 are between 2^63 and 2^64."""
    prices = llmcost.CostMap({"m": {"input_cost_per_token": "0.012345678"}})
    sheet = llmcost.rate_sheet(["m"], cost_map=prices, meters=["input"], facts=[])
    assert sheet.unit == 10**9
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(tables(sheet, "sqlite"))
        connection.execute("CREATE TABLE calls (model, input)")
        connection.executemany("INSERT INTO calls VALUES ('m', ?)", [(700_000_000_000,), (10**12,)])
        text = query(sheet, "calls", "sqlite", names=["model", "input"])
        found = connection.execute(f"SELECT cost_units, cost_status FROM ({text}) p ORDER BY input").fetchall()
    assert found == [(700_000_000_000 * 12_345_678, "priced"), (None, "error")]


def test_polars_sql(rows, sheet, expected):
    """The same in Polars' SQL."""
    pl = optional("polars")
    calls = frame_of(arrow(rows), "polars").with_columns(pl.col("time").dt.timestamp("us"))
    context = pl.SQLContext(
        calls=calls,
        llmcost_names=pl.DataFrame(sheet.names, infer_schema_length=None),
        llmcost_rates=pl.DataFrame(without_cost(sheet), infer_schema_length=None),
    )
    assert [whole(row) for row in context.execute(statement(sheet, "polars"), eager=True).rows()] == expected


def without_cost(sheet):
    from llmcost.frames.sql import _rates

    return _rates(sheet)


def postgres():
    """Return a connection to a server of this machine; skip the test without one."""
    psycopg = pytest.importorskip("psycopg")
    address = os.environ.get(
        "LLMCOST_TEST_POSTGRES", "postgresql:///postgres?host=/var/run/postgresql&connect_timeout=2"
    )
    try:
        return psycopg.connect(address)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL here: {str(error).splitlines()[0]}")


def test_postgres(rows, sheet, expected):
    """The same in PostgreSQL, where a server of this machine lets us in."""
    with postgres() as connection, connection.cursor() as cursor:
        cursor.execute(tables(sheet, "postgres").replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))
        kinds = {"model": "TEXT", "service_tier": "TEXT", "batch": "BOOLEAN", "time": "TIMESTAMPTZ"}
        told = ", ".join(f'"{name}" {kinds.get(name, "BIGINT")}' for name in COLUMNS)
        cursor.execute(f"CREATE TEMPORARY TABLE calls ({told})")
        marks = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(
            f"INSERT INTO calls VALUES ({marks})", [tuple(row[name] for name in COLUMNS) for row in rows]
        )
        cursor.execute(statement(sheet, "postgres"))
        found = [whole(row) for row in cursor.fetchall()]
        connection.rollback()
    assert found == expected


# o3 cost 10 USD per million tokens of input before 10 June 2025, and 2 since then; flex is half of both.
OLD, TODAY = "2025-05-01T00:00:00Z", "2026-06-01T00:00:00Z"
ODD_TIMES = ("infinity", "-infinity", "9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z")
STANDARD, FLEX = 10, 5


def odd_calls():
    """Calls of 1,000 tokens of o3: tiers in other letters, and times that are none of a call, which cost today's."""
    for time, dear in ((OLD, 1), (TODAY, 0), *((odd, 0) for odd in ODD_TIMES), (None, 0)):
        for word, dollars in ((None, STANDARD), ("flex", FLEX), ("Flex", FLEX), ("FLEX", FLEX)):
            yield time, word, dollars * 1000 // (1 if dear else 5)


def odd_statement(sheet, dialect):
    text = query(sheet, "calls", dialect, names=["n", "model", "service_tier", "time", "input"])
    return f"SELECT n, cost_units, cost_status FROM ({text}) p ORDER BY n"


def odd_sheet():
    return llmcost.rate_sheet(["o3"], meters=["input"], facts=["service_tier", "time"])


def odd_values():
    for n, (time, word, _) in enumerate(odd_calls()):
        told = ["NULL" if one is None else f"'{one}'" for one in (word, time)]
        yield f"({n}, 'o3', {told[0]}, CAST({told[1]} AS TIMESTAMPTZ), 1000)"


def odd_expected(sheet):
    return [(n, units * sheet.unit // 1_000_000, "priced") for n, (_, _, units) in enumerate(odd_calls())]


CREATE_ODD = 'TABLE calls (n INTEGER, model TEXT, service_tier TEXT, "time" TIMESTAMPTZ, input BIGINT)'


def test_times_without_an_end_and_tiers_in_other_letters_in_duckdb():
    """As in a frame, a time that is none of a call is priced by today; as in ``calculate``, letters do not matter."""
    sheet, connection = odd_sheet(), optional("duckdb").connect()
    connection.execute(tables(sheet, "duckdb"))
    connection.execute(f"CREATE {CREATE_ODD}; INSERT INTO calls VALUES {', '.join(odd_values())}")
    found = connection.execute(odd_statement(sheet, "duckdb")).fetchall()
    assert [(n, int(units), status) for n, units, status in found] == odd_expected(sheet)
    for word in ("flex", "Flex", "FLEX"):
        cost = llmcost.calculate(usage=llmcost.Usage(input=1000, at=TODAY), model="o3", service_tier=word)
        assert str(cost.total) == "0.001"


def test_times_without_an_end_and_tiers_in_other_letters_in_postgres():
    """The same in PostgreSQL, where such a time fits into no number of microseconds."""
    sheet = odd_sheet()
    with postgres() as connection, connection.cursor() as cursor:
        cursor.execute(tables(sheet, "postgres").replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))
        cursor.execute(f"CREATE TEMPORARY {CREATE_ODD}; INSERT INTO calls VALUES {', '.join(odd_values())}")
        cursor.execute(odd_statement(sheet, "postgres"))
        found = cursor.fetchall()
        connection.rollback()
    assert [(n, int(units), status) for n, units, status in found] == odd_expected(sheet)


def test_what_is_no_number_of_microseconds_is_in_no_sheet_in_sqlite():
    """A text, and a number that no time has, are not priced by some day: 4 x 10^18 microseconds are 126,000 years."""
    sheet = odd_sheet()
    calls = [(None, 2000), (1_780_272_000_000_000, 2000), (1_746_057_600_000_000, 10_000)]
    calls += [("2026-06-01", None), (4 * 10**18, None), (-4 * 10**18, None)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(tables(sheet, "sqlite"))
        connection.execute("CREATE TABLE calls (n, model, service_tier, time, input)")
        for n, (time, _) in enumerate(calls):
            for m, word in enumerate((None, "default", "Default")):
                connection.execute("INSERT INTO calls VALUES (?, 'o3', ?, ?, 1000)", (3 * n + m, word, time))
        found = connection.execute(odd_statement(sheet, "sqlite")).fetchall()
    expected = [(None, "not_in_sheet") if u is None else (u * sheet.unit // 1_000_000, "priced") for _, u in calls]
    assert [(units, status) for _, units, status in found] == [one for one in expected for _ in range(3)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_parsed(sheet, dialect):
    """sqlglot reads the tables and the query, and finds in the query no division and two joins on equal values."""
    sqlglot = optional("sqlglot")
    reads = {"polars": "postgres"}.get(dialect, dialect)
    few = llmcost.Sheet.from_dict({**sheet.to_dict(), "rates": {n: v[:3] for n, v in sheet.rates.items()}})
    assert len(sqlglot.parse(tables(few, dialect), read=reads)) >= 4
    (tree,) = sqlglot.parse(statement(sheet, dialect), read=reads)
    assert not list(tree.find_all(sqlglot.exp.Div))
    joins = list(tree.find_all(sqlglot.exp.Join))
    assert [join.side for join in joins] == ["LEFT", "LEFT"]
    assert not list(joins[0].args["on"].find_all(sqlglot.exp.GT)) + list(joins[1].args["on"].find_all(sqlglot.exp.GT))


def test_what_sql_does_not_say_is_refused(sheet):
    """A dialect that nobody knows, a layout, and a counter that the sheet lacks."""
    with pytest.raises(PriceDataError, match="dialect 'oracle': it is one of bigquery"):
        query(sheet, "calls", "oracle")
    with pytest.raises(PriceDataError, match="'meters' or a mapping"):
        query(sheet, "calls", "duckdb", "openai", ["model", "prompt_tokens", "completion_tokens"])
    with pytest.raises(PriceDataError, match="made without citation"):
        query(sheet, "calls", "duckdb", names=["model", "citation"])
