"""Versions of the tables: older ones are brought up to date, newer ones are refused, and others are left alone."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager

import pytest

import llmcost
from tests.sdks import optional
from tests.spend.calls import cost


@contextmanager
def connected(address):
    sqlalchemy = optional("sqlalchemy")
    engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection, connection.begin():
        yield connection
    engine.dispose()


def old_tables(address):
    """Make the tables of the first version, as that version has left them."""
    sqlalchemy = optional("sqlalchemy")
    from llmcost.spend.upgrade import upgrade
    from llmcost.spend.versions import _fill

    with connected(address) as connection:
        connection.execute(
            sqlalchemy.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        )
        connection.execute(sqlalchemy.text("INSERT INTO alembic_version VALUES ('none')"))
        upgrade(connection, None, "0001")
        _fill(connection)


def shape(address):
    """Every table with its columns, keys, constraints and indices, and what the view says of a call."""
    sqlalchemy = optional("sqlalchemy")
    found = {}
    with connected(address) as connection:
        seen = sqlalchemy.inspect(connection)
        for table in seen.get_table_names():
            columns = [(column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)]
            indices = sorted((row["name"], tuple(row["column_names"])) for row in seen.get_indexes(table))
            unique = sorted(tuple(row["column_names"]) for row in seen.get_unique_constraints(table))
            checks = [re.sub(r"[()\s]|::\w+", "", row["sqltext"]) for row in seen.get_check_constraints(table)]
            keys = seen.get_pk_constraint(table)["constrained_columns"]
            found[table] = columns, indices, unique, checks, keys
        found["spend"] = [column["name"] for column in seen.get_columns("spend")]
        if connection.dialect.name == "sqlite":
            rows = connection.execute(sqlalchemy.text("SELECT name, strict, wr FROM pragma_table_list"))
            found["kinds"] = sorted(tuple(row) for row in rows if row[0] in found and row[0] != "alembic_version")
    return found


def test_older_tables_become_what_new_ones_are(address, tmp_path):
    """A log of the first version is opened: its calls are there, and its tables are those of a new log."""
    old_tables(address)
    with llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False) as log:
        log.record(cost(), id="1", team="a")
        log.drain()
        assert str(log.total()) == "$0.0028"
    upgraded = shape(address)
    if address.startswith("sqlite"):
        fresh = f"sqlite:///{tmp_path}/fresh.db"
    else:
        fresh = address
        with connected(address) as connection:
            for statement in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
                connection.execute(optional("sqlalchemy").text(statement))
    with llmcost.SpendLog(fresh, spool=tmp_path / "other", drain=False) as log:
        assert log.total().calls == 0
    assert upgraded == shape(fresh)


def test_the_view_of_older_tables_says_the_same(address, tmp_path, query):
    """Row by row, text by text."""
    old_tables(address)
    rows = []
    for number in range(2):
        with llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False) as log:
            log.record(cost(), id=str(number), team="a", user="u", session="s", at="2026-01-01", metadata={"k": 1})
            log.drain()
        rows += query("SELECT * FROM spend WHERE id = :id", id=str(number))
        if number == 0:
            from llmcost.spend.schema import view

            with connected(address) as connection:
                connection.execute(optional("sqlalchemy").text("DROP VIEW spend"))
                connection.execute(view(connection.dialect.name))
    assert rows[0][2:] == rows[1][2:]
    assert rows[0][3:10] == ("priced", "small", "openai", None, "a", "u", "s")


def test_newer_tables_are_refused(address, tmp_path, query):
    """A sentence names both versions; nothing is changed, and what is recorded waits."""
    with llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False) as log:
        assert log.total().calls == 0
    with connected(address) as connection:
        connection.execute(optional("sqlalchemy").text("UPDATE alembic_version SET version_num = '9999'"))
    with llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False) as log:
        log.record(cost())
        for ask in (log.total, log.drain):
            with pytest.raises(llmcost.SpendLogError, match=r"of version '9999'.*take the newer llmcost"):
                ask()
    assert len(list((tmp_path / "spool").iterdir())) == 1
    assert query("SELECT version_num FROM alembic_version") == [("9999",)]


def test_tables_of_somebody_else(address, tmp_path):
    """A database that has a table of the name is not touched."""
    with connected(address) as connection:
        connection.execute(optional("sqlalchemy").text("CREATE TABLE calls (x INTEGER)"))
    with (
        llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False) as log,
        pytest.raises(llmcost.SpendLogError, match=r"its table `calls` is not llmcost's"),
    ):
        log.total()


def test_tables_that_another_process_makes_meanwhile(address, tmp_path):
    """They are llmcost's, whichever of them were asked for before they were there."""
    sqlalchemy = optional("sqlalchemy")
    from llmcost.spend import versions

    class Watched:
        """Tells of tables. Another log makes its own after the first question."""

        asked = 0

        def __init__(self, connection):
            self.connection = connection

        def has_table(self, name):
            found = sqlalchemy.inspect(self.connection).has_table(name)
            if not self.asked:
                with llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False) as log:
                    assert log.total().calls == 0
            self.asked += 1
            return found

    engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    # Each question sees the newest state, as those of PostgreSQL do.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        watched = Watched(connection)
        assert versions.check(connection, watched, "log") == versions.HEAD
        assert watched.asked == 2
    engine.dispose()


def test_no_database_at_all(tmp_path):
    """A file that is something else is said to be so."""
    optional("sqlalchemy")
    (tmp_path / "notes.txt").write_text("no database, but long enough to be taken for one " * 100)
    with (
        llmcost.SpendLog(tmp_path / "notes.txt", drain=False) as log,
        pytest.raises(llmcost.SpendLogError, match="file is not a database"),
    ):
        log.total()


def test_who_loads_alembic(address, tmp_path):
    """A log of today's version is opened without it, one of an older version with it."""
    code = (
        "import sys, llmcost\n"
        "llmcost.SpendLog(sys.argv[1], spool=sys.argv[2], drain=False).total()\n"
        "print('alembic' in sys.modules)"
    )

    def loaded():
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, address, str(tmp_path / "spool")],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    old_tables(address)
    assert loaded() == "True\n"
    assert loaded() == "False\n"


def test_two_make_it_at_once(address, tmp_path):
    """Processes that open a new log together make it once."""
    code = "import sys, llmcost; print(llmcost.SpendLog(sys.argv[1], spool=sys.argv[2], drain=False).total())"
    given = [sys.executable, "-W", "ignore", "-c", code, address, str(tmp_path / "spool")]
    started = [subprocess.Popen(given, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=120)[0] for process in started] == ["$0 (no calls)\n"] * 4
