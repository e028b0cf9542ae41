"""Where the logs of sessions are looked for: the homes of the agents, and what their variables name."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmcost.logs.session_files import session_files, session_folders

HOME = Path("/user")


@pytest.fixture(autouse=True)
def home(monkeypatch):
    monkeypatch.setenv("HOME", str(HOME))


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (
            {},
            [
                *(".config/claude/projects", ".claude/projects", ".qwen/projects", ".codex/sessions"),
                *(
                    ".codex/archived_sessions",
                    ".gemini/tmp",
                    ".local/share/opencode/storage/message",
                    ".local/share/opencode/opencode.db",
                ),
                *(".local/share/kilo/kilo.db", ".pi/agent/sessions", ".kimi-code/sessions", ".copilot/session-state"),
            ],
        ),
        (
            {
                "CLAUDE_CONFIG_DIR": "/data/a, ~/b,/data/c/projects",
                "CODEX_HOME": "~/x",
                "GEMINI_CLI_HOME": "~/g",
                "OPENCODE_DATA_DIR": "/data/o",
                "OPENCODE_DB": "own.db",
                "QWEN_RUNTIME_DIR": "/q",
                "KILO_DB": "/disk/kilo-own.db",
                "PI_CODING_AGENT_DIR": "~/p",
                "KIMI_CODE_HOME": "/k",
                "COPILOT_HOME": "/c",
            },
            [
                *(
                    "/data/a/projects",
                    "b/projects",
                    "/data/c/projects",
                    "/q/projects",
                    "x/sessions",
                    "x/archived_sessions",
                ),
                *("g/.gemini/tmp", "/data/o/storage/message", "/data/o/own.db", "/disk/kilo-own.db"),
                *("p/sessions", "/k/sessions", "/c/session-state"),
            ],
        ),
        (
            {
                "XDG_CONFIG_HOME": "/etc/me",
                "CLAUDE_CONFIG_DIR": " , ",
                "CODEX_HOME": "",
                "XDG_DATA_HOME": "/data",
                "OPENCODE_DB": "/disk/own.db",
                "PI_CODING_AGENT_DIR": "/p",
                "PI_CODING_AGENT_SESSION_DIR": "~/mine",
            },
            [
                *("/etc/me/claude/projects", ".claude/projects", ".qwen/projects", ".codex/sessions"),
                ".codex/archived_sessions",
                *(".gemini/tmp", "/data/opencode/storage/message", "/disk/own.db"),
                *("/data/kilo/kilo.db", "mine", ".kimi-code/sessions", ".copilot/session-state"),
            ],
        ),
    ],
)
def test_the_folders(environ, expected):
    assert session_folders(environ) == [str(HOME / name) for name in expected]


def test_files_are_found_at_any_depth(tmp_path):
    """Sub-agents stand in folders of their sessions; an index and a lost folder are no sessions."""
    names = [
        "-p/s1.jsonl",
        "-p/s1/subagents/agent-a.jsonl",
        ".hidden/s2.jsonl",
        "h/chats/session-1.json",
        "s/msg_1.json",
        "r/rollout-1.jsonl.zst",
        "r/rollout-2.jsonl.gz",
        "h/chats/session-2.json.gz",
    ]
    for name in (*names, "-p/sessions-index.json", "h/logs.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    one = tmp_path / "one.log"
    one.write_text("{}")
    found = session_files([tmp_path, tmp_path / "lost", one])
    assert sorted(found) == sorted(str(tmp_path / name) for name in (*names, "one.log"))


def test_a_folder_behind_a_link_is_found_once(tmp_path):
    """Two homes of which one is a link to the other hold each file once, as does a link to a project."""
    (tmp_path / "a" / "projects" / "p").mkdir(parents=True)
    (tmp_path / "a" / "projects" / "p" / "s1.jsonl").write_text("{}")
    try:
        (tmp_path / "b").symlink_to(tmp_path / "a")
        (tmp_path / "a" / "projects" / "q").symlink_to(tmp_path / "a" / "projects" / "p")
    except OSError:
        pytest.skip("links to folders are not allowed here")
    found = session_files([tmp_path / "a" / "projects", tmp_path / "b" / "projects"])
    assert found == [str(tmp_path / "a" / "projects" / "p" / "s1.jsonl")]
    assert len(session_files([tmp_path / "b"])) == 1


def test_databases_of_other_channels_stand_beside_the_usual_one(tmp_path):
    """Versions under test have a database of their own, which is read with it."""
    for name in ("opencode-dev.db", "opencode-beta.db", "opencode.db-wal", "other.db", "opencode.db.bak"):
        (tmp_path / name).write_text("")
    found = session_folders({"OPENCODE_DATA_DIR": str(tmp_path)})
    assert [Path(name).name for name in found if name.startswith(str(tmp_path))] == [
        "message",
        "opencode.db",
        "opencode-beta.db",
        "opencode-dev.db",
    ]
    assert sorted(Path(name).name for name in session_files(found)) == ["opencode-beta.db", "opencode-dev.db"]
