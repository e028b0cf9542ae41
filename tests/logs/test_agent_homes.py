"""The homes of coding agents: beside logs of sessions they hold settings, secrets, lists and what tools answered."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal

import pytest

from llmcost import read_log
from llmcost.logs.agent_homes import of_agent
from tests.logs.test_claude_code import ONE, PRICES, USER, line

# A tool has answered with what another API responded: that was paid, if at all, by the tool.
ANSWER = {"model": "gpt-4o", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
BESIDE = {
    ".credentials.json": {"claudeAiOauth": {"accessToken": "x"}},
    "settings.json": {"model": "opus"},
    "history.jsonl": {"display": "Hello", "project": "/projects/shop", "sessionId": "s1"},
    "todos/s1-agent-s1.json": [{"content": "x", "status": "pending"}],
    "stats-cache.json": {"modelUsage": {"claude-a": {"inputTokens": 1000}}},
    "projects/-shop/sessions-index.json": {"version": 1, "entries": [{"sessionId": "s1"}]},
    "projects/-shop/s1/tool-results/mcp.json": ANSWER,
    "projects/-shop/s1/workflows/wf_1.json": {"runId": "wf_1", "totalTokens": 1100},
    "projects/-shop/s1/subagents/agent-a1.meta.json": {"agentType": "Explore"},
    "projects/-shop/memory/MEMORY.md": "Notes",
}
LOGS = {
    "projects/-shop/s1.jsonl": [USER, line("m1"), {"type": "kind of tomorrow", "n": 1}],
    "projects/-shop/s1/subagents/agent-a1.jsonl": [line("m2", isSidechain=True, agentId="a1")],
    "projects/-shop/s1/subagents/workflows/wf_1/agent-b1.jsonl": [line("m3", isSidechain=True, agentId="b1")],
    "projects/-shop/s1/subagents/workflows/wf_1/journal.jsonl": [
        {"type": "started", "key": "v2:1", "agentId": "b1"},
        {"type": "result", "key": "v2:1", "agentId": "b1", "result": {"plan": "x"}},
        {"key": "v2:1"},
    ],
    "projects/-shop/empty.jsonl": [],
}
# The hidden file is no file of a log, as a hidden folder is none.
PASSED = {"user": 1, "kind of tomorrow": 1, "started": 1, "result": 1, "line without a type": 1}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Write the home of Claude Code, by its usual name, and return it."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    for name in ("CLAUDE_CONFIG_DIR", "XDG_CONFIG_HOME", "CODEX_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    found = tmp_path / "user" / ".claude"
    for name, value in BESIDE.items():
        path = found / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
    for name, lines in LOGS.items():
        path = found / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(fields) + "\n" for fields in lines))
    return found


def read(place, **keywords):
    """Return the sum of the calls of a place, and what was counted; an error would be raised."""
    log = read_log(place, cost_map=PRICES, **keywords)
    return sum((call.calculate().total for call in log), Decimal(0)), log.passed


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_no_log_is_counted(home, jobs):
    """Three calls; nine files beside them, of which the hidden one is not counted."""
    assert read(home, jobs=jobs) == (3 * ONE, {**PASSED, "other files of coding agents": 9})
    assert read(home / "projects") == (3 * ONE, {**PASSED, "other files of coding agents": 5})


def test_what_is_no_log_is_not_opened(home):
    """Each of those files would be an error."""
    for name in BESIDE:
        (home / name).write_text("{no JSON")
    assert read(home)[0] == 3 * ONE


def test_a_copy_of_the_folder_of_a_project(home, tmp_path):
    """It is known by what it holds: a line that nobody knows is no error, and the folder of a session is its own."""
    copy = shutil.copytree(home / "projects" / "-shop", tmp_path / "backup" / "shop")
    index = {"line without a type": 2}
    assert read(tmp_path / "backup") == (3 * ONE, {**PASSED, **index, "other files of coding agents": 3})
    # A response that somebody keeps beside a session is a call.
    (copy / "own.json").write_text(json.dumps({**ANSWER, "model": "claude-a"}))
    assert read(copy)[0] == 3 * ONE + Decimal("0.0014")


def test_a_home_that_the_environment_names(home, tmp_path, monkeypatch):
    """Only its folders of sessions are the agent's: whatever else is in a folder that somebody chose may be a log."""
    chosen = tmp_path / "chosen"
    shutil.copytree(home / "projects" / "-shop" / "s1", chosen / "projects" / "-shop" / "s1")
    (chosen / "own.json").write_text(json.dumps({**ANSWER, "model": "claude-a"}))
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(chosen))
    assert read(chosen)[0] == 2 * ONE + Decimal("0.0014")
    assert read(chosen)[1]["other files of coding agents"] == 3


def test_a_folder_in_a_home_that_is_named_itself(home):
    """Agents keep copies of repositories in their homes, and those may have logs."""
    logs = home / "worktrees" / "one" / "logs"
    logs.mkdir(parents=True)
    (logs / "own.json").write_text(json.dumps({**ANSWER, "model": "claude-a"}))
    assert read(logs) == (Decimal("0.0014"), {})


def test_a_file_that_is_named_itself(home):
    """A log of sessions may hold lines of whatever kind; of any other file it is said that nobody knows it."""
    journal, index = (next(home.rglob(name)) for name in ("journal.jsonl", "sessions-index.json"))
    assert [of_agent(str(file), {}) for file in (journal, index)] == [True, False]
    assert read(journal) == (0, {name: PASSED[name] for name in ("started", "result", "line without a type")})
    assert read(next(home.rglob("empty.jsonl"))) == (0, {})
