"""An index reads only what is new, and says at each moment what reading all files anew says."""

from __future__ import annotations

import gzip
import json
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import llmcost
from llmcost import CostMap
from llmcost.errors import UnknownModelError
from llmcost.logs import opening
from llmcost.logs.session_files import session_files
from llmcost.sessions import database
from llmcost.sessions.index import SessionIndex
from llmcost.sessions.report import answer, answer_anew, passed, problems
from llmcost.sessions.stamp import stamp
from llmcost.sessions.sums import Span, spent
from tests.session_logs import PRICES, Logs, event, everything, message, rollout, text


def test_calls_of_two_agents(logs):
    """Two lines of a message are one call; a token count that comes twice too. 0.0014 a call."""
    logs.write(
        "a", [{"type": "user", "sessionId": "s1"}, message("m1", output=1, stop=None), message("m1"), message("m2")]
    )
    logs.write("b", rollout("c1", event(1, 1), event(1, 1), event(2, 1)))
    assert logs.rows() == {"s1": (2, "0.0028"), "c1": (2, "0.0028")}
    assert logs.rows("agent") == {"claude_code": (2, "0.0028"), "codex": (2, "0.0028")}
    assert logs.all_of_it()[1] == {
        "user": 1,
        "session_meta": 1,
        "turn_context": 1,
        "token_count": 1,
        "copies of calls": 1,
    }


def test_only_what_is_new_is_read(logs, monkeypatch):
    """After one appended line one line is read; after none, nothing, and prices are not asked for."""
    logs.write("a", [message(f"m{number}") for number in range(50)])
    assert logs.rows() == {"s1": (50, "0.07")}
    told = []
    logs.append("a", message("m50"))
    with closing(logs.index()) as index:
        index.update(tell=lambda done, total: told.append((done, total)))
    line = len(json.dumps(message("m50"))) + 1
    assert told == [(line, line)]

    def no_prices():
        raise AssertionError("nothing is priced")

    with closing(SessionIndex([logs.folder], session_files([logs.folder]), no_prices)) as index:
        assert index.update() == 0
        assert index.behind() == 0


def test_a_fuller_line_that_comes_later_counts(logs):
    """A message that had not ended is a lower bound; 1000 x 1e-6 + 8 x 4e-6, and then 0.0014."""
    logs.write("a", [message("m1", output=8, stop=None)])
    assert logs.all_of_it()[0]["session"] == {"s1": (1, Decimal("0.001032"), True)}
    logs.append("a", message("m1"))
    assert logs.all_of_it()[0]["session"] == {"s1": (1, Decimal("0.0014"), False)}
    logs.append("a", message("m1", output=8, stop=None))
    assert logs.all_of_it()[0]["session"] == {"s1": (1, Decimal("0.0014"), False)}
    assert logs.all_of_it()[1] == {"copies of calls": 2}


def test_a_codex_session_goes_on_where_it_stopped(logs):
    """The model, the running total and the number of the call are known from before."""
    logs.write("a", rollout("c1", event(1, 1), model="large-1"))
    assert logs.rows("model") == {"large-1": (1, "0.0028")}
    logs.append("a", event(1, 1), event(3, 1))
    # The total grew by two calls, of which one has no event.
    assert logs.rows("model") == {"large-1": (3, "0.0084")}


def test_a_line_that_is_not_whole_is_read_when_it_is(logs):
    whole = json.dumps(message("m2"))
    path = logs.write("a", [message("m1")])
    with path.open("a") as file:
        file.write(whole[:100])
    _, _, unread = logs.all_of_it()
    assert unread == 1
    with closing(logs.index()) as index:
        assert problems(index.connection, 9)[1][0][1] == 2
        assert "the file ends in the middle of a line" in problems(index.connection, 9)[1][0][2]
    with path.open("a") as file:
        file.write(whole[100:] + "\n")
    assert logs.rows() == {"s1": (2, "0.0028")}
    assert logs.all_of_it()[2] == 0


def test_a_last_line_without_an_end_is_read(logs):
    path = logs.write("a", [message("m1")])
    path.write_text(path.read_text().rstrip("\n"))
    assert logs.rows() == {"s1": (1, "0.0014")}
    with path.open("a") as file:
        file.write("\n" + json.dumps(message("m2")) + "\n")
    assert logs.rows() == {"s1": (2, "0.0028")}


def test_torn_lines_and_wrong_values_are_named(logs):
    logs.write("a", [message("m1"), '{"type": "assist', "5", message("m2", timestamp="yesterday"), message("m3")])
    assert logs.rows() == {"s1": (2, "0.0028")}
    with closing(logs.index()) as index:
        count, shown = problems(index.connection, 9)
    assert (count, [line for _, line, _ in shown]) == (3, [2, 3, 4])
    assert "no JSON" in shown[0][2]
    assert "yesterday" in shown[2][2]


def test_a_line_with_a_wrong_time_takes_no_place_of_another(logs):
    """It is named, however much it counts; the other line of the message counts, read with it or later: 0.001032."""
    wrong, right = message("m1", timestamp="yesterday"), message("m1", output=8)
    logs.write("a", [wrong])
    assert logs.rows() == {}
    logs.append("a", right)
    later = logs.all_of_it()
    assert later[0]["session"] == {"s1": (1, Decimal("0.001032"), False)}
    assert later[2] == 1
    for lines in ([wrong, right], [right, wrong]):
        logs.write("a", lines)
        assert logs.all_of_it() == later
        assert logs.read_anew()[0] == later[0]


def test_many_problems_are_counted(logs):
    logs.write("a", [message("m1"), *["{"] * 50])
    with closing(logs.index()) as index:
        index.update()
        count, shown = problems(index.connection, 100)
    assert (count, len(shown)) == (50, 20)


@pytest.mark.parametrize("how", ["shorter", "longer", "same size", "gone", "replaced"])
def test_a_file_that_is_written_anew_is_read_anew(logs, how):
    path = logs.write("a", [message("m1"), message("m2", model="large-1")])
    logs.write("b", [message("m3", session="s2")])
    assert logs.rows() == {"s1": (2, "0.0042"), "s2": (1, "0.0014")}
    if how == "gone":
        path.unlink()
        assert logs.rows() == {"s2": (1, "0.0014")}
        assert logs.rows("model") == {"small-1": (1, "0.0014")}
        return
    lines = {
        "shorter": [message("m4")],
        "longer": [message("m4"), message("m5"), message("m6")],
        "same size": [message("m4"), message("m5", model="large-1")],
        "replaced": [message("m4"), message("m5"), message("m6"), message("m7")],
    }[how]
    if how == "replaced":
        path.unlink()
    logs.write("a", lines)
    os.utime(path, ns=(1, 1))
    calls = len(lines)
    expected = {"shorter": "0.0014", "longer": "0.0042", "same size": "0.0042", "replaced": "0.0056"}[how]
    assert logs.rows() == {"s1": (calls, expected), "s2": (1, "0.0014")}


def test_a_copy_counts_when_what_it_copies_has_gone(logs):
    """The fuller line is in the file that goes: what is left is a lower bound."""
    logs.write("a", [message("m1")])
    logs.write("b", [message("m1", output=8, stop=None, session="s2")])
    assert logs.rows() == {"s1": (1, "0.0014")}
    (logs.folder / "a.jsonl").unlink()
    assert logs.rows() == {"s2": (1, "0.001032")}


def test_forks_of_codex_in_any_order_of_coming(logs):
    """A fork begins with its parent's two calls; the parent's file comes later, and goes again."""
    logs.write("fork", rollout("f", event(1, 1), event(2, 1), event(3, 1), forked_from_id="p"))
    assert logs.rows() == {"f": (3, "0.0042")}
    logs.write("parent", rollout("p", event(1, 1), event(2, 1)))
    assert logs.rows() == {"f": (1, "0.0014"), "p": (2, "0.0028")}
    logs.write("twin", rollout("t", event(1, 1), event(2, 1), forked_from_id="p"))
    assert logs.rows() == {"f": (1, "0.0014"), "p": (2, "0.0028")}
    (logs.folder / "parent.jsonl").unlink()
    # Without the parent its calls count once, in one of the forks.
    assert sum(calls for calls, _ in logs.rows().values()) == 3


MESSAGES = st.builds(
    lambda name, output, model, session, request, stop, day: message(
        f"m{name}",
        output=output,
        model=model,
        session=session,
        request=request,
        stop=stop,
        timestamp=f"2026-01-0{day}T10:00:00.000Z",
    ),
    st.integers(0, 5),
    st.sampled_from([0, 1, 50]),
    st.sampled_from(["small-1", "large-1"]),
    st.sampled_from(["s1", "s2"]),
    st.sampled_from([None, "r", "q"]),
    st.sampled_from([None, "end_turn"]),
    st.integers(1, 3),
)
OTHERS = st.sampled_from(
    [{"type": "user", "sessionId": "s1"}, {"type": "new", "sessionId": "s1", "parentUuid": None}, "{"]
)
CODEX = st.builds(
    lambda session, parent, counts: rollout(
        session, *(event(total, 1) for total in counts), **({"forked_from_id": parent} if parent else {})
    ),
    st.sampled_from("pqr"),
    st.sampled_from([None, "p", "q", "x"]),
    st.lists(st.integers(1, 4), max_size=5),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("append"), st.sampled_from("ab"), st.lists(st.one_of(MESSAGES, OTHERS), min_size=1, max_size=5)
        ),
        st.tuples(st.just("write"), st.sampled_from("ab"), st.lists(MESSAGES, min_size=1, max_size=4)),
        st.tuples(st.just("write"), st.sampled_from("cde"), CODEX),
        st.tuples(
            st.just("append"),
            st.sampled_from("cde"),
            st.lists(st.builds(event, st.integers(1, 6), st.just(1)), max_size=3),
        ),
        st.tuples(st.just("delete"), st.sampled_from("abcde"), st.none()),
    ),
    min_size=1,
    max_size=7,
)


@given(STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_index_says_what_reading_anew_says(tmp_path_factory, steps):
    """Law: whatever is appended, written anew or deleted, sums, counts and lower bounds are those of all files."""
    logs = Logs(tmp_path_factory.mktemp("logs"))
    for number, (what, name, lines) in enumerate(steps):
        path = logs.folder / f"{name}.jsonl"
        if what == "delete":
            path.unlink(missing_ok=True)
        elif what == "append":
            logs.append(name, *lines)
        else:
            logs.write(name, lines)
            os.utime(path, ns=(number, number))
        rows, counts, unread = logs.all_of_it()
        anew, passed_anew, errors = logs.read_anew()
        if any(path.stat().st_size for path in logs.folder.glob("*.jsonl")):
            assert (rows["model"], counts, unread) == (anew["model"], passed_anew, errors)
            assert rows["agent"] == anew["agent"]


def test_gemini_cli_and_opencode(logs):
    """Messages of a session that goes on, and files of one message that are written anew when it ends.

    400 of 1000 tokens are cached, 20 are a tool's, and 100 and 50 come out: 0.00126 USD. 1000 tokens, of which 500 are
    cached beside them, and 100: 0.00145 USD.
    """
    tokens = {"input": 1000, "output": 100, "cached": 400, "thoughts": 50, "tool": 20, "total": 1170}
    answer = {"timestamp": "2026-01-05T10:00:02.000Z", "type": "gemini", "content": "Hi", "model": "small-1"}
    logs.write("h/chats/session-1", [{"sessionId": "g1", "projectHash": "ab"}, {"id": "a1", **answer, "tokens": None}])
    logs.append("h/chats/session-1", {"id": "a1", **answer, "tokens": tokens})
    assert logs.rows() == {"g1": (1, "0.00126")}
    logs.append("h/chats/session-1", {"id": "a2", **answer, "tokens": tokens})
    path = logs.folder / "o" / "msg_1.json"
    path.parent.mkdir()
    said = {"id": "msg_1", "sessionID": "o1", "role": "assistant", "modelID": "small-1", "providerID": "anthropic"}
    said["time"] = {"created": 1767607200000}
    path.write_text(json.dumps({**said, "tokens": {"input": 0, "output": 0}}))
    assert logs.rows() == {"g1": (2, "0.00252")}
    said["time"]["completed"] = 1767607205000
    path.write_text(json.dumps({**said, "tokens": {"input": 1000, "output": 100, "cache": {"read": 500}}}, indent=2))
    assert logs.rows("agent") == {"gemini_cli": (2, "0.00252"), "opencode": (1, "0.00145")}
    rows, counts, unread = logs.all_of_it()
    anew, passed_anew, errors = logs.read_anew()
    assert (rows["model"], rows["agent"], counts, unread) == (anew["model"], anew["agent"], passed_anew, errors)


def test_reading_in_steps_is_reading_at_once(logs, monkeypatch):
    """Each step is a transaction of its own, and a budget of bytes ends between two lines."""
    lines = [message(f"m{number % 30}", output=number) for number in range(90)]
    logs.write("a", lines)
    logs.write("b", rollout("c1", *(event(number, 1) for number in range(1, 40))))
    monkeypatch.setattr("llmcost.sessions.index._STEP", 700)
    with closing(logs.index()) as index:
        total = sum(path.stat().st_size for path in logs.folder.glob("*.jsonl"))
        left = index.update(2000)
        assert 0 < left < total - 1500
        assert index.behind() == left
        steps = 1
        while left:
            before, left, steps = left, index.update(2000), steps + 1
            assert left < before
        assert steps > 5
        found = everything(index)
    assert found[0]["session"]["s1"][0] == 30
    assert found[0]["model"]["small-1"][0] == 69
    monkeypatch.undo()
    assert found == logs.all_of_it()
    # 30 calls of 1000 tokens of input and 60 to 89 of output; 39 calls of Codex.
    assert found[0]["session"]["s1"][1] == Decimal("0.03") + sum(range(60, 90)) * Decimal("0.000004")


def test_spans_of_time_to_the_microsecond(logs):
    """Whole quarters of an hour come from sums, and what lies beside them from the calls."""
    moments = ["09:59:59.999", "10:00:00.000", "10:07:00.000", "10:14:59.999", "10:15:00.000", "11:40:00.000"]
    logs.write("a", [message(f"m{n}", timestamp=f"2026-01-05T{at}Z") for n, at in enumerate(moments)])
    logs.append("a", message("undated", timestamp=None))
    ten = 1_767_607_200_000_000
    quarter = 900_000_000
    expected = {
        (None, None): 7,
        (ten, None): 5,
        (ten + 1, None): 4,
        (None, ten): 1,
        (None, ten + 1): 2,
        (ten, ten + quarter): 3,
        (ten, ten + quarter + 1): 4,
        (ten + 420_000_000, ten + 420_000_001): 1,
        (ten + 420_000_001, ten + 420_000_002): 0,
        (ten - quarter, ten + 10 * quarter): 6,
        (ten + 1, ten + 1): 0,
    }
    for (first, last), calls in expected.items():
        found = logs.rows("session", Span(first, last))
        assert sum(count for count, _ in found.values()) == calls, (first, last)
        with closing(logs.index()) as index:
            undated = answer(index, "model", Span(first, last), timezone.utc).undated
            assert undated == (0 if first is last is None else 1)
            # 0.0014 USD each, in billionths.
            assert spent(index.connection, Span(first, last)) == (calls * 1_400_000, 0, 0)
            assert spent(index.connection, Span(first, last), "s1") == (calls * 1_400_000, 0, 0)
            assert spent(index.connection, Span(first, last), "s9") == (0, 0, 0)


def test_days_of_a_zone_whose_clock_is_45_minutes_off(logs):
    """In Kathmandu (+05:45) the day begins at 18:15 UTC."""
    from llmcost.spend.clocks import zone_of

    moments = ["2026-01-05T18:14:59.999Z", "2026-01-05T18:15:00.000Z", "2026-01-06T10:00:00.000Z"]
    logs.write("a", [message(f"m{n}", timestamp=at) for n, at in enumerate(moments)])
    assert logs.rows("day", zone=zone_of("Asia/Kathmandu")) == {
        "2026-01-05": (1, "0.0014"),
        "2026-01-06": (2, "0.0028"),
    }
    assert logs.rows("day") == {"2026-01-05": (2, "0.0028"), "2026-01-06": (1, "0.0014")}


def test_what_no_18_digits_hold_is_in_the_sum(logs):
    """1000 tokens at 1e-22 USD are 1e-19, beside 100 at 1e-6; two of them, and a whole one."""
    logs.write("a", [message("m1", model="third-1"), message("m2", model="third-1"), message("m3")])
    rows = logs.all_of_it()[0]["session"]
    assert rows == {"s1": (3, Decimal("0.0016") + Decimal("2E-19"), rows["s1"][2])}


def test_calls_without_a_price_keep_their_error(logs):
    logs.write("a", [message("m1"), message("m2", model="huge-9"), message("m3", model="huge-9")])
    with closing(logs.index()) as index:
        index.update()
        found = answer(index, "model", Span(), timezone.utc)
        assert spent(index.connection, Span()) == (1_400_000, 0, 2)
        empty = answer(index, "model", Span(0, 1), timezone.utc)
    (failed,) = found.failed
    assert (failed.calls, failed.place.rpartition("/")[2]) == (2, "a.jsonl:2")
    assert isinstance(failed.error, UnknownModelError)
    assert (failed.error.model, empty.failed) == ("huge-9", [])
    assert {name: part.calls for name, part in found.rows.items()} == {"small-1": 1}


def test_other_prices_of_the_day_make_the_costs_anew(logs, monkeypatch):
    """Twice the prices are twice the sums, from what the index has kept; the files may have gone."""
    logs.write("a", [message("m1"), message("m2", output=8, stop=None), message("m3", timestamp=None)])
    logs.write("b", rollout("c1", event(1, 1)))
    before = logs.all_of_it()[0]["model"]
    assert before == {"small-1": (4, Decimal("0.005232"), True)}
    twice = CostMap({"small-1": {"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06}})
    monkeypatch.setattr("llmcost.sessions.index.stamp", lambda: "later")
    with closing(SessionIndex([logs.folder], session_files([logs.folder]), lambda: twice)) as index:
        index.update()
        assert everything(index)[0]["model"] == {"small-1": (4, Decimal("0.010464"), True)}
        assert spent(index.connection, Span(0))[0] == 2 * (2 * 1_400_000 + 1_032_000)


@pytest.mark.parametrize("axis", ["day", "session", "project", "model", "agent"])
def test_own_prices_are_asked_without_writing(logs, axis):
    """Half the prices by each axis; the index keeps its own."""
    half = CostMap({"small-1": {"input_cost_per_token": 5e-07, "output_cost_per_token": 2e-06}})
    logs.write("a", [message("m1"), message("m2", model="large-1"), message("m3", timestamp=None)])
    logs.write("b", rollout("c1", event(1, 1)))
    with closing(logs.index()) as index:
        index.update()
        own = answer(index, axis, Span(), timezone.utc)
        anew = answer_anew(index, axis, Span(), timezone.utc, PRICES)
        other = answer_anew(index, axis, Span(), timezone.utc, half)
    assert {n: (p.calls, p.total, p.input, p.output) for n, p in own.rows.items()} == {
        n: (p.calls, p.total, p.input, p.output) for n, p in anew.rows.items()
    }
    assert sum(part.total for part in other.rows.values()) == 3 * Decimal("0.0007")
    assert [failed.error.model for failed in other.failed] == ["large-1"]


def test_the_stamp_is_of_the_prices_in_use(tmp_path, monkeypatch):
    first = stamp()
    assert first == stamp()
    own = tmp_path / "own.json"
    own.write_text('{"m": {"input_cost_per_token": 1e-6}}')
    monkeypatch.setenv("LLMCOST_PRICES", str(own))
    second = stamp()
    own.write_text('{"m": {"input_cost_per_token": 2e-6}}')
    assert len({first, second, stamp()}) == 3


def the_file(cache):
    (path,) = (cache / "llmcost").glob("sessions-*.db")
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_the_file_is_of_its_user_alone(logs, cache):
    logs.write("a", [message("m1")])
    with closing(logs.index()) as index:
        index.update()
        modes = {path.name.rpartition(".")[2]: path.stat().st_mode & 0o777 for path in (cache / "llmcost").iterdir()}
    assert modes == {"db": 0o600, "db-wal": 0o600, "db-shm": 0o600, "lock": 0o600}
    assert (cache / "llmcost").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("how", ["text", "zeros in the middle", "other version", "empty", "no tables", "no sums"])
def test_a_damaged_index_is_made_anew(logs, cache, how):
    logs.write("a", [message(f"m{number}") for number in range(200)])
    assert logs.rows() == {"s1": (200, "0.28")}
    path = the_file(cache)
    if how == "text":
        path.write_text("no database")
    elif how == "zeros in the middle":
        data = path.read_bytes()
        path.write_bytes(data[:4096] + bytes(len(data) - 4096))
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "other version":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 99")
    elif how == "no sums":
        # As bytes of zeros in a row are read; the table itself allows no such value.
        for statement in (
            "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE name = 'sums'",
            "UPDATE sums SET calls = NULL, input = NULL, nano = NULL",
        ):
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA writable_schema = 1")
                connection.execute(statement)
                connection.commit()
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TABLE sums")
            connection.commit()
    assert logs.rows() == {"s1": (200, "0.28")}
    assert logs.rows() == {"s1": (200, "0.28")}


def test_without_a_place_for_it_all_is_read_each_time(logs, monkeypatch, tmp_path):
    """The folder is a file: the answer is the same."""
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    logs.write("a", [message("m1")])
    with closing(logs.index()) as index:
        assert not index.path
        index.update()
        assert everything(index)[0]["session"] == {"s1": (1, Decimal("0.0014"), False)}


def test_another_folder_has_another_index(logs, tmp_path, cache):
    """A copy in a folder that is looked at alone is no copy."""
    other = Logs(tmp_path / "other")
    for each in (logs, other):
        each.write("a", [message("m1")])
        assert each.rows() == {"s1": (1, "0.0014")}
    assert len(list((cache / "llmcost").glob("*.db"))) == 2


def test_old_indexes_are_swept_away(logs, tmp_path, cache):
    logs.write("a", [message("m1")])
    logs.rows()
    old = the_file(cache)
    os.utime(old, (1, 1))
    (cache / "llmcost" / "other.db").write_text("")
    os.utime(cache / "llmcost" / "other.db", (1, 1))
    other = Logs(tmp_path / "other")
    other.write("a", [message("m1")])
    other.rows()
    assert not old.exists()
    assert (cache / "llmcost" / "other.db").exists()


WORKER = """
import sys
from pathlib import Path
import llmcost
from llmcost.logs.session_files import session_files
from llmcost.sessions import index
index._STEP = 20_000
folder = Path(sys.argv[1])
prices = llmcost.CostMap({"small-1": {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}})
found = index.SessionIndex([folder], session_files([folder]), lambda: prices)
if len(sys.argv) > 2:
    import os
    steps = iter(range(int(sys.argv[2])))
    def tell(done, total):
        if next(steps, None) is None:
            os._exit(9)
    found.update(tell=tell)
else:
    found.update()
found.close()
"""


def start(logs, *more):
    environment = {**os.environ, "PYTHONPATH": str(Path(llmcost.__file__).parents[1])}
    return subprocess.Popen([sys.executable, "-c", WORKER, str(logs.folder), *more], env=environment)


def many(logs):
    chance = random.Random(5)
    for name in "abcd":
        logs.write(name, [message(f"m{chance.randrange(900)}", output=chance.randrange(99)) for _ in range(400)])
    logs.write("x", rollout("p", *(event(number, 1) for number in range(1, 300))))
    logs.write("y", rollout("q", *(event(number, 1) for number in range(1, 350)), forked_from_id="p"))


def test_processes_at_the_same_time_read_each_line_once(logs):
    many(logs)
    workers = [start(logs) for _ in range(3)]
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    rows, counts, unread = logs.all_of_it()
    anew, passed_anew, errors = logs.read_anew()
    assert (rows["model"], counts, unread) == (anew["model"], passed_anew, errors)


@pytest.mark.parametrize("steps", ["0", "3"])
def test_a_process_that_is_killed_leaves_what_it_read(logs, steps):
    """It ends without a word between two steps: the next goes on, and nothing is counted twice."""
    many(logs)
    assert start(logs, steps).wait() == 9
    rows, counts, _ = logs.all_of_it()
    anew, passed_anew, _ = logs.read_anew()
    assert (rows["model"], counts) == (anew["model"], passed_anew)


def test_who_waits_too_long_says_so(logs):
    logs.write("a", [message("m1")])
    with closing(logs.index()) as other:
        other.connection.execute("BEGIN IMMEDIATE")
        with closing(logs.index(patience=0)) as index, pytest.raises(sqlite3.OperationalError) as caught:
            index.update()
        assert database.is_busy(caught.value)
        other.connection.execute("ROLLBACK")


def test_the_same_file_by_two_ways_is_one(logs):
    path = logs.write("a", [message("m1")])
    files = [str(path), str(logs.folder / ".." / "logs" / "a.jsonl")]
    with closing(SessionIndex(files, files, lambda: PRICES)) as index:
        index.update()
        assert passed(index.connection) == {}
        assert everything(index)[0]["session"] == {"s1": (1, Decimal("0.0014"), False)}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_an_error(logs):
    logs.write("a", [message("m1")]).chmod(0)
    with closing(logs.index()) as index:
        index.update()
    assert "cannot be read" in index.errors[0].reason


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_file_whose_name_is_no_text_is_an_error(logs):
    """The others count: one call of 0.0014 USD."""
    logs.write("a", [message("m1")])
    logs.write("\udcff", [message("m2")])
    with closing(logs.index()) as index:
        index.update()
        assert everything(index)[0]["session"] == {"s1": (1, Decimal("0.0014"), False)}
    assert "its name is no UTF-8" in index.errors[0].reason
    assert str(index.errors[0]).isprintable()


def test_a_printed_result_counts_until_the_log_of_its_session_is_there(logs):
    """The sum of a session, then its two calls instead, and the sum again when they have gone."""
    used = {"inputTokens": 5000, "outputTokens": 500, "cacheReadInputTokens": 0, "cacheCreationInputTokens": 0}
    logs.write("printed", [{"type": "result", "session_id": "s1", "modelUsage": {"small-1": used}}])
    assert logs.rows() == {"s1": (1, "0.007")}
    path = logs.write("a", [message("m1"), message("m2")])
    assert logs.rows() == {"s1": (2, "0.0028")}
    assert logs.all_of_it()[1] == {"copies of calls": 1}
    path.unlink()
    assert logs.rows() == {"s1": (1, "0.007")}


def packed(path, content, ending):
    """Pack what a file held, and delete the file, as Codex does with a session that is a week old."""
    if ending == ".gz":
        data = gzip.compress(content.encode())
    else:
        data = pytest.importorskip("zstandard").ZstdCompressor().compress(content.encode())
    found = path.with_name(path.name + ending)
    found.write_bytes(data)
    path.unlink(missing_ok=True)
    return found


@pytest.mark.parametrize("ending", [".zst", ".gz"])
def test_a_session_that_is_packed_meanwhile_stays(logs, ending):
    """Beside its packed copy a plain file counts once; unpacked again and longer, it counts whole."""
    lines = rollout("c1", event(1, 1), event(2, 1))
    path = logs.write("a", lines)
    assert logs.rows() == {"c1": (2, "0.0028")}
    small = packed(path, text(lines), ending)
    assert logs.rows() == {"c1": (2, "0.0028")}
    assert logs.all_of_it()[0] == logs.read_anew()[0]
    logs.write("a", [*lines, event(3, 1)])
    assert logs.rows() == {"c1": (3, "0.0042")}
    small.unlink()
    assert logs.rows() == {"c1": (3, "0.0042")}
    packed(path, text(lines), ending)
    assert logs.rows() == {"c1": (2, "0.0028")}
    packed(path, text([*lines, event(3, 1)]), ending)
    assert logs.rows() == {"c1": (3, "0.0042")}


def test_a_damaged_packed_file_is_an_error_and_what_stands_before_the_damage_counts(logs):
    """Half of the file is there."""
    lines = [message(f"m{number}", request=f"r{random.Random(number).random()}") for number in range(2000)]
    path = packed(logs.write("a", lines), text(lines), ".gz")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    rows, _, problems = logs.all_of_it()
    calls, total, _ = rows["agent"]["claude_code"]
    assert 0 < calls < 2000
    assert (total, problems) == (calls * Decimal("0.0014"), 1)


def test_without_what_unpacks_it_a_packed_file_is_an_error(logs, monkeypatch):
    """The other files count, and the next run reads it when the package is there."""
    pytest.importorskip("zstandard")
    lines = rollout("c1", event(1, 1))
    packed(logs.write("a", lines), text(lines), ".zst")
    logs.write("b", [message("m1")])
    with monkeypatch.context() as without:
        without.setattr(opening, "find_spec", lambda _: None)
        with closing(logs.index()) as index:
            index.update()
            assert "zstandard" in index.errors[0].reason
            assert index.errors[0].source.endswith("a.jsonl.zst")
            assert list(answer(index, "session", Span(), timezone.utc).rows) == ["s1"]
    assert logs.rows() == {"s1": (1, "0.0014"), "c1": (1, "0.0014")}


def test_a_packed_file_that_is_one_value(logs):
    """A session of Gemini CLI as older versions write it."""
    tokens = {"input": 1000, "output": 100, "cached": 0, "thoughts": 0, "tool": 0, "total": 1100}
    one = {"id": "g1", "type": "gemini", "model": "small-1", "timestamp": "2026-01-05T10:00:00Z", "tokens": tokens}
    session = {"sessionId": "g", "projectHash": "h", "messages": [one]}
    packed(logs.folder / "session-1.json", json.dumps(session, indent=2), ".gz")
    assert logs.rows() == {"g": (1, "0.0014")}


def test_a_gateway_that_gives_one_id_to_every_message(logs):
    """Lines without a request are told apart by their counters, whenever they come."""

    def relayed(second, output, stop=None, entered=1000):
        found = message("relay", output=output, stop=stop, request=None)
        found["timestamp"] = f"2026-01-05T10:00:{second:02}.000Z"
        found["message"]["usage"]["input_tokens"] = entered
        found["message"].setdefault("stop_reason", None)
        return found

    logs.write("a", [relayed(1, 1)])
    assert logs.rows() == {"s1": (1, "0.001004")}
    for line, calls in (
        (relayed(2, 100, "end_turn"), 1),
        (relayed(3, 1, None, 2000), 2),
        (relayed(4, 100, "x", 2000), 2),
    ):
        logs.append("a", line)
        assert logs.rows()["s1"][0] == calls
        assert logs.all_of_it() == logs.read_anew()
    assert logs.rows() == {"s1": (2, "0.0038")}
    logs.write("b", [relayed(second, 100, "x", 2000) for second in (4, 9)])
    assert logs.all_of_it() == logs.read_anew()
    assert logs.rows() == {"s1": (2, "0.0038")}


def test_several_values_on_one_line(logs):
    """Two programs wrote at once: neither of their lines is lost, as reading anew does not lose them."""
    first, second = (json.dumps(message(name)) for name in ("m1", "m2"))
    logs.write("a", [first + second, f"[{json.dumps(message('m3'))}]", message("m4")])
    assert logs.rows() == {"s1": (4, "0.0056")}
    assert logs.all_of_it() == logs.read_anew()
    logs.write("a", [first + second[:40], message("m4")])
    assert logs.all_of_it() == logs.read_anew()
