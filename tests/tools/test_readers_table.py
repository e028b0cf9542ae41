"""The table of docs/readers.md is what the readers' own tables say."""

from __future__ import annotations

from llmcost.readers.known import COMMON, discovered
from tools.docs import readers_table


def test_the_page_is_up_to_date():
    """``--check`` compares the page with the tables; ``python -m tools.docs.readers_table`` writes it."""
    assert readers_table.main(["--check"]) == 0


def test_a_page_that_is_not_is_told_and_written(tmp_path, monkeypatch):
    """What stands before the table stays as it is."""
    target = tmp_path / "readers.md"
    target.write_text("# Readers\n\nText.\n", encoding="utf-8")
    monkeypatch.setattr(readers_table, "TARGET", target)
    assert readers_table.main(["--check"]) == 1
    assert readers_table.main([]) == 0
    assert readers_table.main(["--check"]) == 0
    assert target.read_text(encoding="utf-8").startswith("# Readers\n\nText.\n\n## What is read of each shape\n")


def test_every_reader_has_a_row():
    """With its counters and the reasons: the rest of the prompt, what is free, what stands inside another count."""
    rows = [line for line in readers_table.table().splitlines() if line.startswith("| ")]
    names = [row.split(" | ")[0].removeprefix("| ") for row in rows]
    assert {reader.name for reader in (*COMMON, *discovered())} <= set(names)
    chat = next(row for row in rows if row.startswith("| OpenAI Chat Completions |"))
    assert "`prompt_tokens_details.cached_tokens`" in chat
    assert "`prompt_tokens_details.text_tokens`: the rest of the whole" in chat
    assert any("`server_tool_use.web_fetch_requests`: free" in row for row in rows if "Anthropic Messages" in row)
