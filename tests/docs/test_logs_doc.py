"""The page on reading logs does what it says: its file is written and its Python is run."""

from __future__ import annotations

import doctest
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from llmcost import Record
from llmcost.cli._app import app

PAGE = Path(__file__).parents[2] / "docs" / "logs.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


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
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    shell = CliRunner()
    names, ran = {}, Counter()
    for found in BLOCK.finditer(TEXT):
        kind, file, content = found.groups()
        ran[kind] += 1
        if file is not None:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(content, encoding="utf-8")
            continue
        if kind == "console":
            typed, _, shown = content.partition("\n")
            result = shell.invoke(app, typed.removeprefix("$ llmcost ").split())
            # Below stands the day of the prices.
            assert result.stdout.startswith(shown), result.output
            continue
        line = TEXT.count("\n", 0, found.start()) + 1
        session = doctest.DocTestParser().get_doctest(content, names, f"line {line}", PAGE.name, line)
        runner.run(session, clear_globs=False)
        names = session.globs
    assert runner.summarize(verbose=False).failed == 0
    assert all(ran[kind] >= least for kind, least in {"python": 8, "jsonl": 3, "csv": 1, "console": 1}.items()), ran


def test_the_table_lists_what_a_record_has():
    """Each name of the table is one of a record, and each public name that a reader of logs needs is in it."""
    rows = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`(\w+)", row)}
    record = Record({"model": "m", "usage": {"input": 1}}, "log.jsonl", 1)
    assert all(hasattr(record, name) for name in listed)
    # How a record is made, and what reading and pricing ask of it.
    inner = {"value", "text", "numbered", "streamed", "cost_map", "dated", "given", "foreign", "of"}
    assert {name for name in dir(record) if not name.startswith("_")} - listed == inner


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", TEXT))
def test_links_lead_somewhere(link):
    """Every link of the page is a file, and its section is there."""
    file, _, section = link.partition("#")
    target = (PAGE.parent / file).read_text(encoding="utf-8")
    headings = [
        re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-")
        for line in target.splitlines()
        if line.startswith("#")
    ]
    assert not section or section in headings
