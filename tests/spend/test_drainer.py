"""The drainer: stores what waits, by itself and when it is asked, whatever lies in the spool."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
import threading
from decimal import Decimal

import pytest

import llmcost
from llmcost.spend import background
from tests.sdks import optional
from tests.spend.calls import PRICES, cost

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")


@pytest.fixture
def spool(tmp_path):
    return tmp_path / "spool"


def test_it_starts_with_the_first_call(address, spool, monkeypatch):
    """A thread stores what is recorded; nobody asks it to."""
    monkeypatch.setattr(background, "_OFTEN", 0.01)
    log = llmcost.SpendLog(address, spool=spool)
    assert not [thread for thread in threading.enumerate() if thread.name == "llmcost-spend"]
    log.record(cost())
    while log.total().calls == 0:
        os.sched_yield()
    log.close()
    with llmcost.SpendLog(address, spool=spool) as other:
        assert str(other.total()) == "$0.0028"
    assert not list(spool.iterdir())


LAZY = """
import sys
import llmcost
log = llmcost.SpendLog(sys.argv[1], spool=sys.argv[2], drain=False)
log.record(llmcost.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="gpt-4o"))
assert not {"sqlalchemy", "alembic", "sqlite3"} & set(sys.modules), "loaded by record()"
log.drain()
assert log.total().calls == 1
assert "sqlalchemy" in sys.modules and "alembic" not in sys.modules, "loaded by a question"
"""


def run(code, *given):
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, given)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_loaded(sqlite, spool):
    """``SpendLog()`` and ``record()`` load neither SQLAlchemy nor Alembic; a question loads the first."""
    run(LAZY, sqlite, spool)


SHORT = """
import sys
import threading
import llmcost
from llmcost.spend import background
# A process that has little of the processor takes long to store; what is tested is that its end waits.
background._LAST_WAIT = threading.TIMEOUT_MAX
log = llmcost.SpendLog(sys.argv[1], spool=sys.argv[2])
for number in range(int(sys.argv[3])):
    log.record(llmcost.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="gpt-4o"))
"""


def test_the_end_of_a_process_stores(address, spool):
    """A program of a moment: its calls are in the database when it has ended."""
    run(SHORT, address, spool, 30)
    assert not list(spool.iterdir())
    with llmcost.SpendLog(address, spool=spool, drain=False) as log:
        assert log.total().calls == 30


FORKING = """
import os, sys
import llmcost
log = llmcost.SpendLog(sys.argv[1], spool=sys.argv[2])
cost = llmcost.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="gpt-4o")
log.record(cost, team="parent")
log.drain()
assert log.total().calls == 1
children = []
for number in range(3):
    child = os.fork()
    if not child:
        log.record(cost, team="child")
        log.drain()
        assert log.total().calls >= 2
        log.close()
        os._exit(0)
    children.append(child)
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
log.record(cost, team="parent")
log.drain()
print(log.total().calls, [(group.value, group.calls) for group in log.by("team")])
"""


@unix
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_forked_processes(address, spool):
    """Each has a file, a thread and connections of its own; those of the parent go on."""
    assert run(FORKING, address, spool) == "5 [('child', 3), ('parent', 2)]\n"


def test_what_dead_processes_have_left(address, spool, log):
    """Segments of processes that are no more are stored by whoever drains."""
    code = SHORT.replace("sys.argv[2])", "sys.argv[2], drain=False)") + "import os; os._exit(1)"
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code, address, str(spool), "10"], timeout=60, check=False)
        assert done.returncode == 1
    assert len(list(spool.iterdir())) == 3
    assert log.drain()
    assert log.total().calls == 30


def test_what_another_process_writes_is_not_waited_for(address, spool, log):
    """It is stored when that process has let go of it."""
    code = SHORT.replace("sys.argv[2])", "sys.argv[2], drain=False)") + "print(1, flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, address, str(spool), "10"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout.readline() == b"1\n"
    log.record(cost())
    assert log.drain()
    assert log.total().calls == 1
    other.communicate(timeout=60)
    assert log.drain()
    assert log.total().calls == 11


def test_draining_twice_at_once(address, spool):
    """Several logs of one database drain at the same time: each call is there once."""
    logs = [llmcost.SpendLog(address, spool=spool, drain=False, patience=60) for _ in range(4)]
    for number in range(400):
        logs[number % 4].record(cost(), id=str(number))
        if number % 40 == 0:
            logs[0]._spool.seal()
    threads = [threading.Thread(target=log.drain) for log in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert logs[0].total().calls == 400
    assert str(logs[0].total()) == "$1.12"
    for log in logs:
        log.close()


def test_a_locked_database(sqlite, tmp_path, caplog, monkeypatch):
    """The thread says once that it waits, and stores everything when the lock has gone. ``drain`` raises."""
    monkeypatch.setattr(background, "_OFTEN", 0.01)
    log = llmcost.SpendLog(sqlite, patience=0.01)
    assert log.total().calls == 0
    blocker = sqlite3.connect(tmp_path / "spend.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with caplog.at_level(logging.WARNING, "llmcost"):
        log.record(cost())
        while not caplog.records:
            os.sched_yield()
    assert "waits, nothing is lost: " in caplog.text
    # An error would keep the rows of its batch alive for as long as a handler keeps the record.
    assert {type(said) for record in caplog.records for said in record.args} == {str}
    assert "database is locked" in caplog.text
    with pytest.raises(llmcost.SpendLogError, match="database is locked"):
        log.drain()
    blocker.execute("ROLLBACK")
    blocker.close()
    assert log.drain()
    assert log.total().calls == 1
    log.close()


def test_no_server(tmp_path, spool):
    """What it is asked raises and names the address without its password; what is recorded waits."""
    optional("psycopg")
    log = llmcost.SpendLog("postgresql://me:secret@127.0.0.1:1/nowhere", spool=spool, drain=False)
    log.record(cost())
    for ask in (log.drain, log.total):
        with pytest.raises(llmcost.SpendLogError, match=r"me:\*\*\*@127.0.0.1:1") as error:
            ask()
        assert "secret" not in str(error.value)
    assert len(list(spool.iterdir())) == 1


def test_lines_that_cannot_be_stored(log, spool, caplog, query):
    """A line that is no JSON, one without its form, one whose numbers no database holds: kept aside, and said."""
    log.record(cost(), id="good")
    log._spool.seal()
    (path,) = spool.glob("*.spool")
    lines = path.read_bytes().splitlines(keepends=True)
    beyond = json.loads(lines[1])
    beyond[-4] = 2**70
    wrong = [b"no json\n", b'["c",99,[1],1,null]\n', json.dumps(beyond).encode() + b"\n"]
    beyond[-15], beyond[-4] = "other", 5
    path.write_bytes(b"".join([lines[0], *wrong, lines[1], json.dumps(beyond).encode() + b"\n"]))
    with caplog.at_level(logging.ERROR, "llmcost"):
        assert log.drain()
    assert {known for (known,) in query("SELECT id FROM calls")} == {"good", "other"}
    assert (spool / "refused.jsonl").read_bytes() == b"".join(wrong)
    assert caplog.text.count("a line of the spool is not stored") == 3


def test_dropped_calls_are_counted(address, tmp_path, spool, caplog):
    """At the cap the host goes on; what was not kept is in the text of each total of the time, and in no sum."""
    log = llmcost.SpendLog(address, spool=spool, spool_cap=3000, drain=False)
    tracker = llmcost.Tracker(log=log, cost_map=PRICES, model="small")
    ask = tracker.track(lambda: {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100})
    for _ in range(40):
        ask()
    with pytest.raises(llmcost.SpendLogError, match="the spool is full"):
        log.record(cost())
    assert tracker.stats()["seen"] == 40
    assert log.drain()
    total = log.total()
    assert total.calls + total.dropped == 40
    assert 0 < total.calls < 40
    known = (total.calls * Decimal("0.0028")).normalize()
    assert str(total) == f">= ${known:f} ({total.dropped} dropped)"
    assert log.total(since="1h").dropped == total.dropped
    assert log.total(until="2d").dropped == 0
    assert log.drain()
    assert log.total().dropped == total.dropped
    assert "SpendLogError" in caplog.text
    log.close()
