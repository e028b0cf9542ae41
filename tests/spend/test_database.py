"""Connections to the log: none is left behind."""

from __future__ import annotations

import gc
import sqlite3
from types import SimpleNamespace

import pytest

import llmcost
from tests.sdks import optional


def test_a_log_that_nobody_closes_lets_go_of_its_connections(address, tmp_path):
    """Each connection that was opened is closed when the log is gone."""
    event = optional("sqlalchemy").event
    log = llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False)
    opened, closed = [], []
    engine = log._background.drainer().database._made()
    event.listen(engine, "checkout", lambda connection, *_: opened.append(id(connection)))
    event.listen(engine, "close", lambda connection, *_: closed.append(id(connection)))
    assert log.total().calls == 0
    assert opened
    assert not closed
    del log, engine
    gc.collect()
    assert set(closed) == set(opened)


def test_a_log_that_is_used_after_it_was_closed(address, tmp_path):
    """It is opened anew, and let go of in the same way."""
    event = optional("sqlalchemy").event
    log = llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False)
    log.close()
    engine = log._background.drainer().database._made()
    closed = []
    event.listen(engine, "close", lambda connection, *_: closed.append(connection))
    assert log.total().calls == 0
    del log, engine
    gc.collect()
    assert closed


@pytest.mark.parametrize("use", ["reading", "writing", "alone"])
def test_a_log_that_is_closed_while_it_is_used(address, tmp_path, use):
    """What was in use ends as it would, and its connection is closed with it; the log can be used again."""
    event = optional("sqlalchemy").event
    log = llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False)
    database = log._background.drainer().database
    closed = []
    event.listen(database._made(), "close", lambda connection, *_: closed.append(connection))
    with getattr(database, use)() as connection:
        driver = connection.connection.driver_connection
        log.close()
        assert driver not in closed
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    assert driver in closed
    assert log.total().calls == 0
    log.close()


def test_a_connection_to_sqlite_keeps_little(tmp_path):
    """Eight megabytes of pages at most: a log has several connections, each with its own."""
    optional("sqlalchemy")
    with llmcost.SpendLog(f"sqlite:///{tmp_path}/spend.db", spool=tmp_path / "spool", drain=False) as log:
        database = log._background.drainer().database
        for use in (database.reading, database.writing, database.alone):
            with use() as connection:
                assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == -8000


@pytest.mark.parametrize("patience", [0.0, 3600.0])
def test_a_new_log_that_another_process_makes_at_the_same_moment(sqlite, tmp_path, monkeypatch, patience):
    """It waits until the other has written, as long as it is patient: SQLite itself does not wait there."""
    from llmcost.spend import database

    other = sqlite3.connect(tmp_path / "spend.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    mine = sqlite3.connect(tmp_path / "spend.db", isolation_level=None)
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            other.execute("ROLLBACK")

    monkeypatch.setattr(database, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=sleep))
    if patience:
        database._write_ahead(mine, patience)
        assert mine.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert len(slept) == 3
    else:
        with pytest.raises(sqlite3.OperationalError):
            database._write_ahead(mine, patience)
        assert not slept
    other.close()
    mine.close()
