"""OpenCode's database: the same calls as in its files, of both versions, each once.

Prices are 1 USD a million for input and 4 for output: 0.0014 a call of 1000 and 100.
"""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal

import pytest
from click.testing import CliRunner

from llmcost import LogError, read_log
from llmcost.cli._app import app
from llmcost.logs.message_rows import messages_of
from tests.opencode_store import BEGUN, Store, answer, answer_2
from tests.session_logs import PRICES

ONE = Decimal("0.0014")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "opencode" / "opencode.db")


def calls(path, **more):
    return list(read_log(path, cost_map=PRICES, **more))


def costs(path, **more):
    return {call.own["id"]: call.calculate().total for call in calls(path, **more)}


def test_the_messages_of_version_1(store):
    """A question and an answer that has just begun are no calls."""
    store.session("ses_1")
    store.put("msg_0", {"role": "user", "time": {"created": BEGUN}, "model": {"providerID": "a", "modelID": "b"}})
    store.put("msg_1", answer())
    nothing = {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    store.put("msg_2", {**answer(1, completed=False), "tokens": nothing})
    log = read_log(store.path, cost_map=PRICES)
    (call,) = log
    assert (call.calculate().total, call.calculate().lower_bound) == (ONE, False)
    assert call.own == {"agent": "opencode", "id": "msg_1", "session": "ses_1", "project": "/project/shop"}
    assert (call.time, call.place, log.passed) == (BEGUN // 1000, f"{store.path}:2", {})


def test_the_messages_of_version_2(tmp_path):
    """The reasoning is beside the output: (100 + 40) x 4e-6; the project is the folder of the session."""
    store = Store(tmp_path / "opencode.db", 2)
    store.session("ses_1", 2)
    store.put("msg_0", {"text": "Hello", "time": {"created": BEGUN}}, version=2, kind="user")
    store.put("msg_1", answer_2(reasoning=40), version=2)
    store.put("msg_2", answer_2(1, completed=False), version=2)
    whole, begun = calls(store.path)
    assert whole.own == {"agent": "opencode", "id": "msg_1", "session": "ses_1", "project": "/project/shop"}
    assert (whole.calculate().total, whole.calculate().lower_bound) == (Decimal("0.00156"), False)
    assert whole.stated().quantities == {"input": 1000, "output": 100, "reasoning": 40}
    assert (begun.calculate().total, begun.calculate().lower_bound) == (ONE, True)


def test_a_database_that_was_taken_over_by_version_2(store):
    """It copies the older rows under their ids; the older ones say whether the reasoning is inside the output."""
    store.make(2)
    store.put("msg_1", answer(reasoning=40, total=1100))
    store.put("msg_1", answer_2(reasoning=40), version=2)
    store.put("msg_2", answer_2(1), version=2)
    assert costs(store.path) == {"msg_1": ONE, "msg_2": ONE}


def test_a_fork_copies_messages_under_other_ids(store, tmp_path):
    """In one database, and in another of another channel; what the fork does itself is its own."""
    store.put("msg_1", answer())
    store.put("msg_2", answer(1))
    store.put("msg_3", answer(), "ses_2")
    store.put("msg_4", answer(1), "ses_2")
    store.put("msg_5", answer(2), "ses_2")
    log = read_log(store.path, cost_map=PRICES)
    assert [call.own["id"] for call in log] == ["msg_1", "msg_2", "msg_5"]
    assert log.passed == {"copies of calls": 2}
    other = Store(tmp_path / "opencode" / "opencode-dev.db")
    other.put("msg_6", answer(), "ses_3")
    assert list(costs(tmp_path / "opencode")) == ["msg_1", "msg_2", "msg_5"]


def test_two_calls_that_begin_at_once_are_two(store):
    """Sub-agents may begin in the same millisecond; one of them was longer, or of another model, or broke off."""
    store.put("msg_1", answer())
    store.put("msg_2", answer(output=200), "ses_2")
    store.put("msg_3", answer(model="large-1"), "ses_3")
    store.put("msg_4", answer(completed=False), "ses_4")
    store.put("msg_5", answer(completed=False), "ses_5")
    found = costs(store.path)
    assert found == {"msg_1": ONE, "msg_2": Decimal("0.0018"), "msg_3": 2 * ONE, "msg_4": ONE, "msg_5": ONE}


def test_files_of_before_beside_the_database_add_nothing(store, tmp_path):
    """What an older version wrote into files stands in the database under the same ids."""
    store.put("msg_1", answer())
    file = tmp_path / "opencode" / "storage" / "message" / "ses_1" / "msg_1.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"id": "msg_1", "sessionID": "ses_1", **answer()}))
    (tmp_path / "opencode" / "storage" / "message" / "ses_1" / "msg_9.json").write_text(
        json.dumps({"id": "msg_9", "sessionID": "ses_1", **answer(9)})
    )
    assert costs(tmp_path / "opencode") == {"msg_1": ONE, "msg_9": ONE}


def test_a_database_that_a_program_has_open(store):
    """What is written last stands in a file beside it."""
    writer = sqlite3.connect(store.path)
    writer.execute("INSERT INTO message VALUES ('msg_1', 'ses_1', 0, 0, ?)", (json.dumps(answer()),))
    writer.commit()
    writer.execute("INSERT INTO message VALUES ('msg_2', 'ses_1', 0, 0, ?)", (json.dumps(answer(1)),))
    assert costs(store.path) == {"msg_1": ONE}
    writer.close()


def test_nothing_is_left_in_the_folder_of_the_program(store):
    """SQLite makes files beside a database that it opens, even to read."""
    store.put("msg_1", answer())
    before = sorted(path.name for path in store.path.parent.iterdir())
    assert costs(store.path) == {"msg_1": ONE}
    assert sorted(path.name for path in store.path.parent.iterdir()) == before == ["opencode.db"]


def test_a_database_that_is_written_while_it_is_read_is_read_again(store):
    """It was read without a lock, since no program had it open."""
    store.put("msg_1", answer())
    reading = messages_of(str(store.path))
    assert [row.number for row in reading.__enter__().since({})] == [1]
    store.put("msg_2", answer(1))
    with pytest.raises(OSError, match="read it again"):
        reading.__exit__(None, None, None)


def test_rows_that_cannot_be_read(store):
    """They are errors with their row; the others count. A column may be bytes."""
    store.put("msg_1", '{"tokens": {')
    store.put("msg_2", '["tokens"]')
    store.put("msg_3", {**answer(), "tokens": {"input": "many"}})
    store.put("msg_4", json.dumps(answer()).encode())
    store.put("msg_5", {"by": "somebody", "tokens": {"input": 5}})
    errors = []
    assert [call.own["id"] for call in calls(store.path, on_error=errors.append)] == ["msg_4"]
    assert [error.line for error in errors] == [1, 2, 3, 5]
    assert [error.reason[:8] for error in errors] == ["no JSON:", "expected", "tokens.i", "it count"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda connection: connection.execute("CREATE TABLE t (a)"), "it has no table of messages"),
        (lambda connection: connection.execute("CREATE TABLE message (id, body)"), "no such column: time_updated"),
    ],
)
def test_another_database_is_an_error(tmp_path, make, said):
    path = tmp_path / "any.sqlite"
    with sqlite3.connect(path) as connection:
        make(connection)
    connection.close()
    with pytest.raises(LogError, match=said):
        calls(path)


def test_a_damaged_database_is_an_error(store):
    for number in range(200):
        store.put(f"msg_{number}", answer(number))
    store.run("PRAGMA journal_mode = DELETE")
    data = bytearray(store.path.read_bytes())
    data[4096 * 3 : 4096 * 20] = bytes(4096 * 17)
    store.path.write_bytes(data)
    with pytest.raises(LogError, match="malformed"):
        calls(store.path)


def test_what_is_new_and_what_was_written_again(store):
    """Rows are read up to a number of bytes; then those that are new, and those that changed in the last minute."""
    late = BEGUN + 3_600_000
    for number in range(4):
        store.put(f"msg_{number}", answer(number), updated=BEGUN + 600_000 * number)
    passages = {}
    with messages_of(str(store.path)) as messages:
        assert [row.number for row in messages.since(passages, 1)] == [1]
        assert messages.rest
    with messages_of(str(store.path)) as messages:
        assert messages.has(passages)
        assert [row.number for row in messages.since(passages)] == [2, 3, 4]
        assert not messages.rest
    store.put("msg_1", answer(1, output=200), updated=late)
    store.put("msg_4", answer(4), updated=late)
    with messages_of(str(store.path)) as messages:
        assert messages.has(passages)
        assert [row.number for row in messages.since(passages)] == [2, 4, 5]
    store.run("DELETE FROM message WHERE id = 'msg_0'")
    with messages_of(str(store.path)) as messages:
        assert not messages.has(passages)


def test_commands_that_read_logs_take_it(store):
    """With several processes too; a log that is written again line by line is none."""
    store.put("msg_1", {**answer(model="gpt-4o"), "providerID": "openai"})
    for jobs in ("1", "2"):
        result = CliRunner().invoke(app, ["price", "--totals", "--json", "--jobs", jobs, str(store.path)])
        assert result.exit_code == 0
        assert Decimal(json.loads(result.stdout)["total"]["total"]) == Decimal("0.0035")
    result = CliRunner().invoke(app, ["reprice", str(store.path), "--write", str(store.path) + ".new"])
    assert (result.exit_code, "or a database, and cannot be" in result.stderr) == (2, True)


def test_kilo_has_the_tables_of_opencode(tmp_path):
    """The name of the database tells it; a model of its gateway is priced as its maker's, with a note."""
    store = Store(tmp_path / ".local" / "share" / "kilo" / "kilo.db")
    store.session("ses_1")
    store.put("msg_1", answer(model="anthropic/small-1", provider="kilo"))
    (tmp_path / ".local" / "share" / "kilo" / "auth.json").write_text("{}")
    log = read_log(tmp_path / ".local" / "share" / "kilo", cost_map=PRICES)
    (call,) = log
    assert (call.own["agent"], call.own["session"], call.own["project"]) == ("kilo", "ses_1", "/project/shop")
    cost = call.calculate()
    # 1000 x 1e-6 + 100 x 4e-6
    assert (cost.total, "'kilo'" in cost.notes[0]) == (Decimal("0.0014"), True)
    assert log.passed["other files of coding agents"] == 1
