"""The view: what a column may hold that no frame would take, in databases that run here, and how SQL writes it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timezone

import pytest

import llmcost
from llmcost.errors import PriceDataError
from llmcost.frames.dialects import DIALECTS, is_text
from llmcost.frames.sql import _rates, query, tables
from tests.frames.test_sql import postgres
from tests.frames.test_traps import WINDOW
from tests.sdks import optional

ODD = ("it's", "a\\b", "a\\' OR 1 = 1 --", "two\nlines", 'a "b" `c`', "\\", "'", "naïve 模型 🦙")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_text_is_what_it_was_in_every_dialect(dialect):
    """A name in a table of calls may hold quotation marks and backslashes: it ends no text of the script."""
    sqlglot = optional("sqlglot")
    reads = {"polars": "postgres"}.get(dialect, dialect)
    for text in ODD:
        tree = sqlglot.parse_one(f"SELECT {DIALECTS[dialect].literal(text)} AS one", read=reads)
        (one,) = tree.find_all(sqlglot.exp.Literal)
        assert one.this == text


def statement(sheet, dialect, names):
    return (
        f"SELECT n, cost_units, cost_output_units, cost_status FROM ({query(sheet, 'calls', dialect, names=names)}) p"
    )


def in_sqlite(sheet, names, rows, kinds=None):
    """Return what SQLite makes of rows: n, units, units of the output, status."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(tables(sheet, "sqlite"))
        told = ", ".join(f'"{name}" {(kinds or {}).get(name, "")}' for name in names)
        connection.execute(f"CREATE TABLE calls ({told})")
        connection.executemany(f"INSERT INTO calls VALUES ({', '.join('?' * len(names))})", rows)
        return sorted(connection.execute(statement(sheet, "sqlite", names)).fetchall())


def in_duckdb(sheet, names, values, kinds):
    connection = optional("duckdb").connect()
    connection.execute(tables(sheet, "duckdb"))
    told = ", ".join(f'"{name}" {kind}' for name, kind in zip(names, kinds, strict=True))
    connection.execute(f"CREATE TABLE calls ({told})")
    connection.executemany(f"INSERT INTO calls VALUES ({', '.join('?' * len(names))})", values)
    found = connection.execute(statement(sheet, "duckdb", names)).fetchall()
    return sorted((n, *(None if one is None else int(one) for one in units), status) for n, *units, status in found)


NAMED = llmcost.CostMap({name: {"input_cost_per_token": f"0.00000{n + 1}"} for n, name in enumerate((*ODD, "a\0b"))})


def test_names_with_marks_find_their_prices():
    """Each has a price of its own, in units of 10^-6 USD; a name that no database holds has no row in the tables."""
    sheet = llmcost.rate_sheet(NAMED, meters=["input"], facts=[])
    assert sheet.unit == 10**6
    assert not is_text("a\0b")
    assert not is_text("\ud800")
    names = ["n", "model", "input"]
    rows = [(n, name, 1000) for n, name in enumerate(ODD)]
    expected = [(n, (n + 1) * 1000, 0, "priced") for n in range(len(ODD))]
    assert in_sqlite(sheet, names, rows) == expected
    assert in_duckdb(sheet, names, rows, ("INTEGER", "VARCHAR", "BIGINT")) == expected
    with postgres() as connection, connection.cursor() as cursor:
        cursor.execute(tables(sheet, "postgres").replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))
        cursor.execute("CREATE TEMPORARY TABLE calls (n INTEGER, model TEXT, input BIGINT)")
        cursor.executemany("INSERT INTO calls VALUES (%s, %s, %s)", rows)
        cursor.execute(statement(sheet, "postgres", names))
        assert sorted((n, int(units), int(out), status) for n, units, out, status in cursor.fetchall()) == expected
        connection.rollback()


def test_a_column_with_marks_in_its_name():
    """1000 x 3 units."""
    sheet = llmcost.rate_sheet(["'"], cost_map=llmcost.CostMap({"'": {"input_cost_per_token": 3e-6}}), meters=["input"])
    columns = {"model": "model", "input": 'the "input"'}
    text = query(sheet, "calls", "duckdb", columns, names=["n", "model", 'the "input"'])
    connection = optional("duckdb").connect()
    connection.execute(tables(sheet, "duckdb"))
    connection.execute('CREATE TABLE calls AS SELECT 0 AS n, \'\'\'\' AS model, 1000 AS "the ""input"""')
    assert connection.execute(f"SELECT cost_units FROM ({text})").fetchall() == [(3000,)]


STEPPED = llmcost.CostMap(
    {"m": {"input_cost_per_token": "0.00000012345678", "input_cost_per_token_above_200k_tokens": 2e-6}, "free": {}}
)
HALF, MANY = 0.5, 2**63 - 1


@pytest.mark.parametrize(
    ("kind", "counts", "units"),
    [
        # 100,001 tokens at 12,345,678 units of 10^-14 USD, which no float of 32 bits holds.
        ("FLOAT", [100_001.0, HALF, -1.0, None], [1_234_580_145_678, None, None, None]),
        ("DOUBLE", [100_001.0, HALF, float("inf"), None], [1_234_580_145_678, None, None, None]),
        ("UBIGINT", [100_001, 2**64 - 1, MANY, None], [1_234_580_145_678, None, None, None]),
        ("HUGEINT", [100_001, -(2**100), 2**100, None], [1_234_580_145_678, None, None, None]),
        ("DECIMAL(38, 2)", [100_001, HALF, 10**16, None], [1_234_580_145_678, None, None, None]),
        ("BIGINT", [100_001, MANY, -MANY, None], [1_234_580_145_678, None, None, None]),
    ],
)
def test_counts_of_every_type_in_duckdb(kind, counts, units):
    """A count is a whole number up to 10^15, whatever its type; what is none is refused, and breaks no other row."""
    sheet = llmcost.rate_sheet(["m"], cost_map=STEPPED, meters=["input", "cache_read"], facts=[])
    assert sheet.unit == 10**14
    names = ["n", "model", "input", "cache_read"]
    rows = [(n, "m", count, None if n == 0 else count) for n, count in enumerate(counts)]
    found = in_duckdb(sheet, names, rows, ("INTEGER", "VARCHAR", kind, kind))
    assert [row[1] for row in found] == units
    assert [row[3] for row in found] == ["priced", "inconsistent_usage", "inconsistent_usage", "unpriced"]


def test_texts_and_parts_in_sqlite():
    """A column without a type may hold anything: a text is no count, and no boolean, and half a token is none."""
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 2e-6, "input_cost_per_token_batches": 1e-6}})
    sheet = llmcost.rate_sheet(["m"], cost_map=prices, meters=["input"], facts=["batch"])
    names = ["n", "model", "input", "batch"]
    told = [(1000, None), (1000, 0), (1000, 1), (1000, "true"), (1000, 2), ("1000", 0), (HALF, 0), (1000.0, 0)]
    found = in_sqlite(sheet, names, [(n, "m", *one) for n, one in enumerate(told)])
    odd = [(None, "not_in_sheet")] * 2 + [(None, "inconsistent_usage")] * 2
    assert [(row[1], row[3]) for row in found] == [
        *[(2000, "priced"), (2000, "priced"), (1000, "priced")],
        *odd,
        (2000, "priced"),
    ]
    # The text of a column of texts, as an import of CSV makes it.
    (one,) = in_sqlite(sheet, names, [(0, "m", "1000", 0)], {"input": "TEXT"})
    assert one[1:] == (None, None, "inconsistent_usage")


def test_no_side_is_0_where_there_is_no_cost():
    """A model that is sold by the second, without a time, has no cost of its output either."""
    prices = llmcost.CostMap(
        {"ear": {"input_cost_per_second": 1e-6, "mode": "audio_transcription"}, "m": {"free": True}}
    )
    sheet = llmcost.rate_sheet(["ear", "m"], cost_map=prices, meters=["input"], facts=[])
    found = in_sqlite(sheet, ["n", "model", "input"], [(0, "ear", 5), (1, "m", 5), (2, "nobody", 5)])
    assert found == [(0, None, None, "unpriced"), (1, 0, 0, "free"), (2, None, None, "not_in_sheet")]


def test_a_cost_beyond_64_bits_is_an_error_in_polars_sql():
    """12,345,678 units a token: 10^12 of them are between 2^63 and 2^64, where Polars goes on from the other end."""
    pl = optional("polars")
    prices = llmcost.CostMap({"m": {"input_cost_per_token": "0.012345678"}})
    sheet = llmcost.rate_sheet(["m"], cost_map=prices, meters=["input"], facts=[])
    calls = pl.DataFrame({"n": [0, 1], "model": ["m", "m"], "input": [700_000_000_000, 10**12]})
    context = pl.SQLContext(
        calls=calls, llmcost_names=pl.DataFrame(sheet.names), llmcost_rates=pl.DataFrame(_rates(sheet))
    )
    found = context.execute(statement(sheet, "polars", ["n", "model", "input"]), eager=True)
    # A join keeps no order of its own.
    assert sorted(found.rows()) == [(0, 700_000_000_000 * 12_345_678, 0, "priced"), (1, None, None, "error")]
    dear = llmcost.CostMap({"m": {"input_cost_per_token": "99999.000000000000000001"}})
    for dialect in ("polars", "sqlite"):
        with pytest.raises(PriceDataError, match=f"dialect '{dialect}' has no whole numbers beyond 64 bits"):
            query(llmcost.rate_sheet(["m"], cost_map=dear, meters=["input"], facts=[]), "calls", dialect)


def test_hours_before_1970():
    """Databases have a remainder below 0 there: 18:00 is within 16:30 to 00:30 at 1e-6 USD, and 12:00 is not."""
    daily = {"hours_utc": "16:30-00:30", "input_cost_per_token": 1e-6}
    prices = llmcost.CostMap({"m": {**WINDOW["m"], "off_peak_pricing": daily}})
    sheet = llmcost.rate_sheet(["m"], cost_map=prices, meters=["input"], facts=["time"])
    first = datetime(1970, 1, 1, tzinfo=timezone.utc)
    days = [datetime(year, 3, 6, hour, tzinfo=timezone.utc) for year in (1960, 2026) for hour in (12, 18)]
    names = ["n", "model", "input", "time"]
    micros = [(n, "m", 1000, int((day - first).total_seconds()) * 10**6) for n, day in enumerate(days)]
    expected = [2000, 1000, 2000, 1000]
    assert [row[1] * 10**6 // sheet.unit for row in in_sqlite(sheet, names, micros)] == expected
    found = in_duckdb(
        sheet,
        names,
        [(n, "m", 1000, day) for n, day in enumerate(days)],
        ("INTEGER", "VARCHAR", "BIGINT", "TIMESTAMPTZ"),
    )
    assert [row[1] * 10**6 // sheet.unit for row in found] == expected
