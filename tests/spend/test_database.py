"""Connections to the log: none is left behind."""

from __future__ import annotations

import gc

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
