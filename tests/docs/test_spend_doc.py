"""The page on the spend log does what it says: its Python and its SQL are run."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from llmcost.spend.axes import AXES
from llmcost.tracking import default
from tests.docs.page import DOCS, blocks, run
from tests.sdks import optional

PAGE = DOCS / "spend.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def session(tmp_path, monkeypatch):
    """The names that the page has made, from top to bottom."""
    optional("sqlalchemy")
    monkeypatch.chdir(tmp_path)
    for name in ("success", "failure"):
        monkeypatch.setattr(default.DEFAULT, name, getattr(default.DEFAULT, name))
    ran = run(PAGE, tmp_path)
    yield ran
    ran[2]["log"].close()


def test_the_python_runs(session):
    """As one session."""
    assert session[1] >= 15


def test_the_sql_runs(session, tmp_path):
    """Each statement answers, over the log that the page has made: 0.0115 USD in four calls."""
    assert session[2]["log"].verify()
    written = [content for kind, _, content, _ in blocks(TEXT) if kind == "sql"]
    statements = [statement for block in written for statement in block.split(";") if statement.strip()]
    assert len(statements) == 4
    with closing(sqlite3.connect(tmp_path / "spend.db")) as connection:
        found = [connection.execute(statement).fetchall() for statement in statements]
    assert found[0] == [("gpt-4o", 1, 0.0035)]
    assert sum(row[1] for row in found[1]) == 11_500_000
    assert [row[1] for row in found[2]] == [4]
    assert dict(found[3]) == {"nightly": 2, "rerank": 1}


def test_the_tables_are_named():
    """Each table of the schema has a row, and each axis is named."""
    optional("sqlalchemy")
    from llmcost.spend.schema import metadata

    table = TEXT.partition("| table | a row is |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in table.splitlines()[2:])))
    assert named == set(metadata.tables) - {"meta"} | {"spend"}
    assert set(AXES) <= set(re.findall(r"`(\w+)`", TEXT))
