"""An index of OpenCode's database reads the rows that are new or were written again, and says what reading anew says.

0.0014 a call of 1000 and 100.
"""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from datetime import timezone

import pytest

from llmcost.sessions.index import ask
from llmcost.sessions.report import answer as asked_for
from llmcost.sessions.sums import Span
from tests.opencode_store import BEGUN, Store, answer, answer_2
from tests.session_logs import PRICES, message

HOUR = 3_600_000


@pytest.fixture
def store(logs):
    return Store(logs.folder / "opencode.db")


def same_as_anew(logs):
    """What the index says, after it was found to be what reading all files anew says."""
    rows, passed, problems = logs.all_of_it()
    assert (rows, passed, problems) == logs.read_anew()
    return {name: (calls, str(total), bound) for name, (calls, total, bound) in rows["session"].items()}


def test_rows_that_are_new_and_rows_that_are_written_again(logs, store):
    """An answer that goes on is a lower bound until it has ended, and no copy of itself."""
    logs.write("a", [message("m1")])
    store.put("msg_1", answer(output=8, completed=False), updated=BEGUN)
    assert same_as_anew(logs) == {"s1": (1, "0.0014", False), "ses_1": (1, "0.001032", True)}
    store.put("msg_1", answer(), updated=BEGUN + HOUR)
    store.put("msg_2", answer(1), "ses_2", updated=BEGUN + HOUR)
    rows = {"s1": (1, "0.0014", False), "ses_1": (1, "0.0014", False), "ses_2": (1, "0.0014", False)}
    assert same_as_anew(logs) == rows
    # The same counters: now it has ended.
    store.put("msg_3", answer(2, completed=False), "ses_3", updated=BEGUN + 2 * HOUR)
    assert same_as_anew(logs)["ses_3"] == (1, "0.0014", True)
    store.put("msg_3", answer(2), "ses_3", updated=BEGUN + 2 * HOUR + 5)
    assert same_as_anew(logs) == {**rows, "ses_3": (1, "0.0014", False)}


def test_only_what_changed_is_read(logs, store, monkeypatch):
    """Of fifty rows the one that is new, and those of the last minute."""
    for number in range(50):
        store.put(f"msg_{number:02}", answer(number), updated=BEGUN + HOUR * number)
    assert logs.rows() == {"ses_1": (50, "0.07")}
    store.put("msg_50", answer(50), updated=BEGUN + HOUR * 50)
    read = []
    monkeypatch.setattr(json, "loads", lambda text, loads=json.loads, **more: read.append(text) or loads(text, **more))
    assert logs.rows() == {"ses_1": (51, "0.0714")}
    assert len([text for text in read if isinstance(text, str) and '"modelID"' in text and '"time"' in text]) == 2
    read.clear()
    assert logs.rows() == {"ses_1": (51, "0.0714")}
    assert not any(isinstance(text, str) and "modelID" in text for text in read)


def test_rows_that_stand_beside_the_database_are_new(logs, store):
    """OpenCode is running: what it writes stands in its write-ahead log, and the database itself stays as it is."""
    store.put("msg_1", answer(), updated=BEGUN)
    with closing(sqlite3.connect(store.path)) as running:
        running.execute("PRAGMA journal_mode = WAL")
        assert logs.rows() == {"ses_1": (1, "0.0014")}
        before = store.path.stat()
        store.put("msg_2", answer(1), updated=BEGUN + HOUR)
        after = store.path.stat()
        assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        with closing(logs.index()) as index:
            assert index.behind() > 0
        assert logs.rows() == {"ses_1": (2, "0.0028")}
        with closing(logs.index()) as index:
            assert index.behind() == 0


def test_a_long_database_is_read_in_steps(logs, store):
    """A status line reads a megabyte; each step goes on behind the last, and rows that change meanwhile are read."""
    for number in range(40):
        store.put(f"msg_{number:02}", {**answer(number), "text": "x" * 1000}, updated=BEGUN + HOUR * number)
    with closing(logs.index()) as index:
        assert index.update(5000) > 0
        found = asked_for(index, "session", Span(), timezone.utc).rows["ses_1"].calls
        assert 0 < found < 40
        store.put("msg_00", answer(output=200), updated=BEGUN + HOUR * 100)
    steps = 0
    while True:
        with closing(logs.index()) as index:
            steps += 1
            if not index.update(5000):
                break
    assert steps > 3
    assert same_as_anew(logs) == {"ses_1": (40, "0.0564", False)}


def test_rows_that_are_deleted_and_numbered_anew(logs, store):
    """A session is deleted, and the file is packed by SQLite; then the database is another one."""
    for number in range(6):
        store.put(f"msg_{number}", answer(number), f"ses_{number % 2}", updated=BEGUN + number)
    assert same_as_anew(logs) == {"ses_0": (3, "0.0042", False), "ses_1": (3, "0.0042", False)}
    store.run("DELETE FROM message WHERE session_id = 'ses_0'")
    assert same_as_anew(logs) == {"ses_1": (3, "0.0042", False)}
    store.run("VACUUM")
    store.put("msg_7", answer(7), "ses_7", updated=BEGUN)
    assert same_as_anew(logs) == {"ses_1": (3, "0.0042", False), "ses_7": (1, "0.0014", False)}
    logs.write("a", [message("m1")])
    store.path.unlink()
    for side in ("-wal", "-shm"):
        store.path.with_name(store.path.name + side).unlink(missing_ok=True)
    assert same_as_anew(logs) == {"s1": (1, "0.0014", False)}
    Store(store.path).put("msg_9", answer(9), "ses_9")
    assert same_as_anew(logs) == {"s1": (1, "0.0014", False), "ses_9": (1, "0.0014", False)}


def test_version_2_takes_a_database_over(logs, store):
    """Its copies of older rows add nothing; its own rows count, and so do forks of them once."""
    store.put("msg_1", answer())
    assert same_as_anew(logs) == {"ses_1": (1, "0.0014", False)}
    store.make(2)
    store.put("msg_1", answer_2(), version=2)
    store.put("msg_2", answer_2(1), "ses_2", version=2)
    store.put("msg_3", answer_2(1), "ses_3", version=2)
    assert same_as_anew(logs) == {"ses_1": (1, "0.0014", False), "ses_2": (1, "0.0014", False)}
    store.run("DROP TABLE message")
    assert same_as_anew(logs) == {"ses_1": (1, "0.0014", False), "ses_2": (1, "0.0014", False)}


def test_a_row_that_cannot_be_read_is_an_error_until_it_is_mended(logs, store):
    store.put("msg_1", '{"tokens": {', updated=BEGUN)
    store.put("msg_2", answer(1), updated=BEGUN + HOUR)
    for number in (2, 3):
        rows, _, problems = logs.all_of_it()
        assert (rows["agent"]["opencode"][0], problems) == (number - 1, 1)
        store.put(f"msg_{number + 1}", answer(number), updated=BEGUN + HOUR * number)
    store.put("msg_1", answer(), updated=BEGUN + HOUR * 9)
    assert same_as_anew(logs) == {"ses_1": (4, "0.0056", False)}


def test_a_database_that_is_none_is_an_error(logs):
    (logs.folder / "opencode.db").write_bytes(b"nothing")
    logs.write("a", [message("m1")])
    with closing(logs.index()) as index:
        index.update()
        assert "file is not a database" in index.errors[0].reason
        assert list(asked_for(index, "session", Span(), timezone.utc).rows) == ["s1"]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_it_the_index_says_what_reading_anew_says(logs, store, seed):
    """Answers begin and end, forks copy them, sessions are deleted, and version 2 takes over."""
    chosen = random.Random(seed)
    store.make(2)
    clock, begun, version = BEGUN, {}, 1
    for step in range(40):
        clock += chosen.choice([0, 1, 30_000, HOUR])
        version = 2 if step > 25 else 1
        data = answer if version == 1 else answer_2
        number = chosen.randrange(12)
        if chosen.random() < 0.1:
            for table in ("message", "session_message"):
                store.run(f"DELETE FROM {table} WHERE session_id = ?", f"ses_{number}")
        elif number not in begun:
            begun[number] = version
            broken = data(number, output=8, completed=False)
            store.put(f"msg_{number}", broken, f"ses_{number}", updated=clock, version=version)
        elif begun[number]:
            whole = (answer if begun[number] == 1 else answer_2)(number)
            store.put(f"msg_{number}", whole, f"ses_{number}", updated=clock, version=begun[number])
            begun[number] = 0
        else:
            store.put(f"msg_f{step}", data(number), f"ses_f{step}", updated=clock, version=version)
        if step % 3 == 0:
            same_as_anew(logs)


def test_a_database_that_a_variable_names(logs, monkeypatch):
    """Whatever its name is, it is one; 0.0014 a call. Kilo's is told by its name."""
    monkeypatch.setenv("OPENCODE_DB", "own.db")
    Store(logs.folder / "own.db").put("msg_1", answer())
    Store(logs.folder / "kilo-dev.db").put("msg_1", answer(1), "ses_k")
    files = [str(logs.folder / name) for name in ("own.db", "kilo-dev.db")]

    def rows_of(axis):
        def answered(index):
            index.update()
            return asked_for(index, axis, Span(), timezone.utc).rows

        rows = ask(files, files, answered, cost_map=lambda: PRICES)
        return {name: (part.calls, str(part.total)) for name, part in rows.items()}

    assert rows_of("session") == {"ses_1": (1, "0.0014"), "ses_k": (1, "0.0014")}
    assert rows_of("agent") == {"opencode": (1, "0.0014"), "kilo": (1, "0.0014")}
