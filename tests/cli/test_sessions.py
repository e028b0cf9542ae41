"""``llmcost sessions``: the logs are found where the agents keep them, and added up by day, project, session ...

small-1 costs 1 USD per million tokens in and 4 out, large-1 2 and 8.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest


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
def homes(tmp_path, monkeypatch):
    """The homes of both agents."""
    home = tmp_path / "home"
    write(home / ".claude" / "projects" / "-home-me-shop" / "s1.jsonl", CLAUDE)
    write(home / ".codex" / "sessions" / "2026" / "01" / "06" / "rollout-c1.jsonl", CODEX)
    monkeypatch.setenv("HOME", str(home))
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.mark.parametrize("axis", ROWS)
def test_rows_by_each_axis(run, homes, axis):
    found = json.loads(run("sessions", "--by", axis, "--json").stdout)
    assert [(row[axis], row["calls"], row["total"]) for row in found["rows"]] == ROWS[axis]
    total = found["total"]
    assert (total["calls"], total["total"], total["lower_bound"]) == (3, "0.0056", False)
    assert total["passed"] == {"user": 1, "session_meta": 1, "turn_context": 1, "copies of calls": 1}


def test_the_table(run, homes):
    """A row a day, the total, and what is no call."""
    result = run("sessions", "--tz", "Europe/Berlin")
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
def test_a_span_of_time(run, homes, options, calls):
    """A date is the start of its day in the zone; the start is in the span, and the end is not."""
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
    result = run("sessions", tmp_path / "empty")
    assert result.exit_code == 1
    assert f"there are no logs of sessions: no *.jsonl in {tmp_path}/empty" in result.stderr


def test_what_has_no_price_is_an_error_and_the_total_a_lower_bound(run, homes):
    write(homes / ".claude" / "projects" / "-new" / "n.jsonl", [message("n1", "2026-01-07T10:00:00Z", model="huge-1")])
    result = run("sessions")
    assert result.exit_code == 2
    assert "total, 1 not priced" in result.stdout
    assert ">=0.0056" in result.stdout
    assert "no price is known for the model 'huge-1'" in result.stderr
    assert json.loads(run("sessions", "--json").stdout)["total"]["lower_bound"] is True


def test_wrong_options(run, homes):
    assert "--since" not in run("sessions", "--since", "2026-01-05").stderr
    for options in (["--since", "yesterday"], ["--tz", "Atlantis"], ["--by", "colour"]):
        assert run("sessions", *options).exit_code == 2
