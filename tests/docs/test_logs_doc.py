"""The page on reading logs does what it says: its file is written and its Python is run."""

from __future__ import annotations

import re

from llmcost import Record
from tests.docs.page import DOCS, run

PAGE = DOCS / "logs.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_runs(tmp_path, monkeypatch):
    """From top to bottom: a named block is a file, ``python`` is a session, ``console`` a command."""
    monkeypatch.chdir(tmp_path)
    # The home of an agent that has not been used for long, and no other.
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME", "OPENCODE_DATA_DIR", "LLMCOST_PRICES"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    old = tmp_path / "home" / ".claude" / "projects" / "-p" / "s.jsonl"
    old.parent.mkdir(parents=True)
    old.write_text('{"type": "user", "sessionId": "s", "message": {"role": "user", "content": "Hello"}}\n')
    # A line of the first log is broken: what else it holds is priced, and the exit code says so.
    ran, _, _ = run(PAGE, tmp_path, codes=(0, 1))
    assert all(ran[kind] >= least for kind, least in {"python": 8, "jsonl": 3, "csv": 1, "console": 1}.items()), ran


def test_the_table_lists_what_a_record_has():
    """Each name of the table is one of a record, and each public name that a reader of logs needs is in it."""
    rows = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`(\w+)", row)}
    record = Record({"model": "m", "usage": {"input": 1}}, "log.jsonl", 1)
    assert all(hasattr(record, name) for name in listed)
    # How a record is made, and what reading and pricing ask of it, and who writes a log again.
    inner = {"value", "text", "numbered", "streamed", "cost_map", "dated", "given", "foreign", "of", "bare", "costless"}
    written_again = {"lines", "since", "unsettled"}
    assert {name for name in dir(record) if not name.startswith("_")} - listed == inner | written_again
