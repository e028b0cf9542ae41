"""``llmcost sessions``: the logs are found where the agents keep them, and added up by day, project, session ...

small-1 costs 1 USD per million tokens in and 4 out, large-1 2 and 8.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import llmcost
from llmcost.cli import _sessions_line
from llmcost.cli._app import app
from tests.sdks import optional


def message(identity, time, *, model="small-1", session="s1", project="/project/shop", output=100):
    """A message of 1000 tokens of input."""
    usage = {"input_tokens": 1000, "output_tokens": output}
    body = {"id": identity, "type": "message", "role": "assistant", "model": model, "usage": usage}
    beside = {"type": "assistant", "sessionId": session, "cwd": project, "requestId": "r", "timestamp": time}
    return {**beside, "message": {**body, "stop_reason": "end_turn"}}


CODEX = [
    {"timestamp": "2026-01-06T10:00:00Z", "type": "session_meta", "payload": {"id": "c1", "cwd": "/project/shop"}},
    {"timestamp": "2026-01-06T10:00:00Z", "type": "turn_context", "payload": {"model": "large-1"}},
    {
        "timestamp": "2026-01-06T10:00:01Z",
        "type": "event_msg",
        "payload": {
            "type": "token_count",
            "info": {"last_token_usage": {"input_tokens": 1000, "output_tokens": 100}},
        },
    },
]
CLAUDE = [
    {"type": "user", "sessionId": "s1"},
    message("m1", "2026-01-05T22:30:00Z"),
    message("m1", "2026-01-05T22:29:00Z", output=1),
    message("m2", "2026-01-05T23:30:00Z", project="/project/blog", session="s2"),
]
# 1000 x 1e-6 + 100 x 4e-6, and twice as much for large-1: 0.0014 + 0.0014 + 0.0028
ROWS = {
    "day": [("2026-01-05", 2, "0.0028"), ("2026-01-06", 1, "0.0028")],
    "session": [("c1", 1, "0.0028"), ("s1", 1, "0.0014"), ("s2", 1, "0.0014")],
    "project": [("/project/shop", 2, "0.0042"), ("/project/blog", 1, "0.0014")],
    "model": [("large-1", 1, "0.0028"), ("small-1", 2, "0.0028")],
    "agent": [("claude_code", 2, "0.0028"), ("codex", 1, "0.0028")],
}


def write(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


@pytest.fixture
def bare(runner):
    """Run a command at the prices of the index, which are those of the small map too."""

    def invoke(*args):
        result = runner.invoke(app, list(map(str, args)))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


@pytest.fixture
def homes(tmp_path, monkeypatch, price_map):
    """The homes of both agents, and the prices of the small map."""
    monkeypatch.setenv("LLMCOST_PRICES", price_map)
    home = tmp_path / "home"
    write(home / ".claude" / "projects" / "-home-me-shop" / "s1.jsonl", CLAUDE)
    write(home / ".codex" / "sessions" / "2026" / "01" / "06" / "rollout-c1.jsonl", CODEX)
    monkeypatch.setenv("HOME", str(home))
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.mark.parametrize("prices", ["run", "bare"])
@pytest.mark.parametrize("axis", ROWS)
def test_rows_by_each_axis(request, homes, axis, prices):
    """At the prices of the index, and at those of a map that is given."""
    found = json.loads(request.getfixturevalue(prices)("sessions", "--by", axis, "--json").stdout)
    assert [(row[axis], row["calls"], row["total"]) for row in found["rows"]] == ROWS[axis]
    total = found["total"]
    assert (total["calls"], total["total"], total["lower_bound"]) == (3, "0.0056", False)
    assert total["passed"] == {"user": 1, "session_meta": 1, "turn_context": 1, "copies of calls": 1}


def test_the_table(bare, homes):
    """A row a day, the total, and what is no call."""
    result = bare("sessions", "--tz", "Europe/Berlin")
    assert (result.exit_code, result.stderr) == (0, "")
    # In Berlin the second message was written after midnight.
    assert [line.split() for line in result.stdout.splitlines()[2:6]] == [
        ["2026-01-05", "1", "1,000", "100", "0.0014", "25.0%"],
        ["2026-01-06", "2", "2,000", "200", "0.0042", "75.0%"],
        ["-" * 10, "-" * 5, "-" * 5, "-" * 6, "-" * 6, "-" * 6, "-" * 5],
        ["total", "3", "3,000", "300", "0.0056"],
    ]
    assert (
        "no calls: 3 (session_meta 1, turn_context 1, user 1); copies of calls, each counted once: 1" in result.stdout
    )


@pytest.mark.parametrize("prices", ["run", "bare"])
@pytest.mark.parametrize(
    ("options", "calls"),
    [
        (["--since", "2026-01-06"], 1),
        (["--until", "2026-01-06"], 2),
        (["--since", "2026-01-05T23:30:00Z"], 2),
        (["--since", "2026-01-06", "--tz", "Europe/Berlin"], 2),
        (["--until", "2026-01-05T22:30:00Z"], 0),
        (["--since", "5h"], 0),
    ],
)
def test_a_span_of_time(request, homes, options, calls, prices):
    """A date is the start of its day in the zone; the start is in the span, and the end is not."""
    run = request.getfixturevalue(prices)
    assert json.loads(run("sessions", "--json", *options).stdout)["total"]["calls"] == calls


def test_the_last_hours(run, homes):
    """Two calls of an hour and of six hours ago, at the prices of now."""
    now = datetime.now(timezone.utc)
    times = [(now - timedelta(hours=hours)).isoformat() for hours in (1, 6)]
    lines = [message(f"n{number}", time) for number, time in enumerate(times)]
    write(homes / ".claude" / "projects" / "-new" / "n.jsonl", [*lines, message("n3", None)])
    total = json.loads(run("sessions", "--since", "5h", "--json").stdout)["total"]
    assert (total["calls"], total["undated"]) == (1, 1)


def test_other_folders(run, homes, tmp_path, monkeypatch):
    """Named ones, and those of the variables; the same file twice adds nothing."""
    write(tmp_path / "other" / "projects" / "-p" / "s9.jsonl", [message("m9", "2026-01-07T10:00:00Z")])
    file = tmp_path / "other" / "projects" / "-p" / "s9.jsonl"
    for given in ([tmp_path / "other"], [file], [file, tmp_path / "other"]):
        assert json.loads(run("sessions", "--json", *given).stdout)["total"]["total"] == "0.0014"
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", f"{homes / '.claude'},{tmp_path / 'other'}")
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "nowhere"))
    assert json.loads(run("sessions", "--json").stdout)["total"]["total"] == "0.0042"


def test_nothing_is_there(run, homes, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("sessions", tmp_path / "empty")
    assert result.exit_code == 1
    assert f"there are no logs of coding agents in {tmp_path}/empty; name a folder" in result.stderr
    result = run("sessions", tmp_path / "nowhere")
    assert (result.exit_code, f"{tmp_path}/nowhere: no such file or folder" in result.stderr) == (1, True)


def test_what_has_no_price_is_an_error_and_the_total_a_lower_bound(bare, homes):
    write(homes / ".claude" / "projects" / "-new" / "n.jsonl", [message("n1", "2026-01-07T10:00:00Z", model="huge-1")])
    result = bare("sessions")
    assert result.exit_code == 2
    assert "total, 1 not priced" in result.stdout
    assert ">=0.0056" in result.stdout
    assert "no price is known for the model 'huge-1'" in result.stderr
    assert json.loads(bare("sessions", "--json").stdout)["total"]["lower_bound"] is True


def test_wrong_options(run, homes):
    assert "--since" not in run("sessions", "--since", "2026-01-05").stderr
    for options in (
        ["--since", "yesterday"],
        ["--tz", "Atlantis"],
        ["--by", "colour"],
        ["--csv", "--json"],
        ["--plot", "--csv"],
        ["--plot", "--by", "model"],
    ):
        assert run("sessions", *options).exit_code == 2


def test_csv(bare, homes):
    """Every digit; a project whose name is a formula is none in a spreadsheet."""
    write(homes / ".claude" / "projects" / "-new" / "n.jsonl", [message("n1", None, project="=1+1")])
    assert bare("sessions", "--by", "project", "--csv").stdout.splitlines() == [
        "project,calls,input,cached,output,usd,lower_bound",
        "/project/shop,2,2000,0,200,0.0042,false",
        "/project/blog,1,1000,0,100,0.0014,false",
        "'=1+1,1,1000,0,100,0.0014,false",
    ]
    assert bare("sessions", "--csv").stdout.splitlines()[1:] == [
        ",1,1000,0,100,0.0014,false",
        "2026-01-05,2,2000,0,200,0.0028,false",
        "2026-01-06,1,1000,0,100,0.0028,false",
    ]


def test_a_plot(bare, homes):
    """A bar for each day, also one without calls; a call without a time is on none."""
    optional("plotext")
    lines = [message("n1", None), message("n2", "2026-01-08T10:00:00Z")]
    write(homes / ".claude" / "projects" / "-new" / "n.jsonl", lines)
    out = bare("sessions", "--plot").stdout
    assert "USD by day" in out
    assert all(day in out for day in ("01-05", "01-07", "01-08"))
    assert "(not stated)" in out


def test_own_prices(bare, homes, tmp_path):
    """Ten times the prices of small-1, and none of the other model's: its call is an error."""
    own = tmp_path / "own.json"
    own.write_text('{"small-1": {"input_cost_per_token": 1e-5, "output_cost_per_token": 4e-5}}')
    result = bare("sessions", "--by", "agent", "--json", "--map", own)
    assert [(row["agent"], row["total"]) for row in json.loads(result.stdout)["rows"]] == [("claude_code", "0.028")]
    assert "large-1" in result.stderr
    assert json.loads(bare("sessions", "--json").stdout)["total"]["total"] == "0.0056"


NOW = datetime(2026, 1, 6, 12, tzinfo=timezone.utc)


def line(options, monkeypatch, now=NOW):
    monkeypatch.setattr(_sessions_line, "time", now.timestamp)
    return _sessions_line.line(options)


def test_the_line_of_a_prompt(homes, monkeypatch):
    """At noon of the 6th: 0.0028 today, 0.0056 in 7 days, and half of that in a session."""
    assert line({}, monkeypatch) == "$0.002800 today, $0.005600 in 7 days"
    assert line({"--session": "s1"}, monkeypatch) == "$0.001400 session, $0.002800 today, $0.005600 in 7 days"
    # In Berlin the call of 23:30 UTC was made today; 8 days later all are long ago.
    assert line({"--tz": "Europe/Berlin"}, monkeypatch) == "$0.004200 today, $0.005600 in 7 days"
    assert line({}, monkeypatch, NOW + timedelta(days=8)) == "$0 today, $0 in 7 days"
    write(homes / ".claude" / "projects" / "-new" / "n.jsonl", [message("n1", "2026-01-06T10:00:00Z", model="huge-1")])
    assert line({}, monkeypatch) == ">=$0.002800 today, >=$0.005600 in 7 days"


def test_the_session_of_the_program_that_asks(homes, monkeypatch):
    """Claude Code writes JSON to the line's standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO('{"session_id": "s2", "model": {"id": "small-1"}}'))
    assert line({"--session": "-"}, monkeypatch).startswith("$0.001400 session, ")
    for wrong in ("", "{}", "[1]", "{"):
        monkeypatch.setattr("sys.stdin", io.StringIO(wrong))
        with pytest.raises(ValueError, match="session_id"):
            line({"--session": "-"}, monkeypatch)


def test_the_line_says_what_it_has_not_read(bare, homes, monkeypatch):
    """A prompt does not wait for much: then its amounts are lower bounds."""
    monkeypatch.setattr(_sessions_line, "_MOST", 10)
    said = line({}, monkeypatch)
    assert said.startswith(">=$0")
    assert "are not read yet: llmcost sessions" in said
    bare("sessions")
    assert line({}, monkeypatch) == "$0.002800 today, $0.005600 in 7 days"


def test_the_line_while_another_process_writes(bare, homes, monkeypatch):
    """It shows what was read so far, and says what was not."""
    bare("sessions")
    (path,) = (homes / ".cache" / "llmcost").glob("*.db")
    write(homes / ".claude" / "projects" / "-new" / "n.jsonl", [message("n1", "2026-01-06T10:00:00Z")])
    monkeypatch.setattr(_sessions_line, "_PATIENCE", 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert line({}, monkeypatch).startswith(">=$0.002800 today, >=$0.005600 in 7 days (<0.1 MB")
        other.execute("ROLLBACK")
    assert line({}, monkeypatch) == "$0.004200 today, $0.007000 in 7 days"


LOADED = """
import sys
sys.argv = ["llmcost", "sessions", "statusline"]
from llmcost.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
heavy = {"click", "rich", "sqlalchemy", "alembic", "pydantic", "yaml", "zoneinfo", "asyncio", "socket", "plotext"}
heavy |= {HEAVY}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""


def test_what_the_line_loads(bare, homes):
    """Where nothing is new neither readers nor prices load, and no library."""
    bare("sessions")
    heavy = {"llmcost.readers", "llmcost.api.costmap", "llmcost.prices.price_map", "typing", "decimal", "json", "re"}
    assert loaded(heavy) == "$0 today, $0 in 7 days\n"


def test_what_a_new_message_loads(homes, tmp_path, monkeypatch):
    """Its own reader and the other common ones; the sixty of other frameworks stay where they are.

    Nor does it load what reads other files than plain ones with a value a line.
    """
    monkeypatch.setenv("HOME", str(tmp_path / "other"))
    log = tmp_path / "other" / ".claude" / "projects" / "p" / "n.jsonl"
    answers = [message(name, "2026-01-06T10:00:00Z", model="claude-haiku-4-5") for name in ("n1", "n2")]
    write(log, answers[:1])
    assert loaded({"click"}) == "$0 today, $0 in 7 days\n"
    write(log, answers)
    heavy = {"llmcost.readers.bare", "llmcost.readers.langchain", "pkgutil", "llmcost.logs.values", "orjson"}
    assert loaded(heavy | {"pathlib", "dataclasses"}) == "$0 today, $0 in 7 days\n"


def loaded(heavy):
    """What a process writes whose line must load none of these modules."""
    root = str(Path(llmcost.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", LOADED.replace("HEAVY", ", ".join(map(repr, heavy)))],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_line_as_a_command(bare, homes, tmp_path, monkeypatch):
    assert bare("sessions", "statusline").stdout == "$0 today, $0 in 7 days\n"
    assert "--session" in bare("sessions", "statusline", "--help").stdout
    assert bare("sessions", "statusline", "--tz", "Atlantis").exit_code == 1
    monkeypatch.setenv("HOME", str(tmp_path))
    result = bare("sessions", "statusline")
    assert result.exit_code == 1
