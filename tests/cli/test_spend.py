"""``llmcost spend drain``: stores what waits, and says what there is."""

from __future__ import annotations

from click.testing import CliRunner

import llmcost
from llmcost.cli._app import app
from tests.sdks import optional
from tests.spend.calls import cost


def run(*arguments):
    return CliRunner().invoke(app, ["spend", *map(str, arguments)])


def test_drain(tmp_path):
    """Two calls at 0.0028 USD, recorded by a process that did not store them."""
    optional("sqlalchemy")
    log = llmcost.SpendLog(tmp_path / "spend.db", drain=False)
    log.record(cost())
    log.record(cost())
    log.close()
    assert list((tmp_path / "spend.db.spool").iterdir())
    done = run("drain", "--db", tmp_path / "spend.db")
    assert (done.exit_code, done.output) == (0, "everything is stored: 2 calls, $0.0056\n")
    assert not list((tmp_path / "spend.db.spool").iterdir())


def test_the_default_log(tmp_path, monkeypatch):
    """The one that the variable names, or the user's own."""
    optional("sqlalchemy")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LLMCOST_SPEND_DB", str(tmp_path / "named.db"))
    assert run("drain").output == "everything is stored: 0 calls, $0 (no calls)\n"
    assert (tmp_path / "named.db").exists()
    monkeypatch.delenv("LLMCOST_SPEND_DB")
    assert run("drain").exit_code == 0
    assert len(list(tmp_path.rglob("llmcost/spend.db"))) == 1


def test_what_cannot_be_used(tmp_path):
    """A line that names the address; no traceback."""
    done = run("drain", "--db", "mysql://host/db")
    assert done.exit_code == 1
    assert "'mysql://host/db': a log is a file of SQLite" in done.output
