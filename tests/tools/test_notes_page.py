"""The page of codes is written from the table of codes."""

from __future__ import annotations

import doctest

from llmcost.core.note_codes import CODES
from tools.docs import notes_page


def test_the_committed_page_is_up_to_date():
    """``--check`` compares the page with the table; ``python -m tools.docs.notes_page`` writes it."""
    assert notes_page.main(["--check"]) == 0


def test_every_code_has_a_row(tmp_path, monkeypatch):
    """A page that is written anew is up to date; one with a code less is not."""
    target = tmp_path / "notes.md"
    monkeypatch.setattr(notes_page, "TARGET", target)
    assert notes_page.main([]) == 0
    assert notes_page.main(["--check"]) == 0
    rows = target.read_text(encoding="utf-8")
    assert all(f"| `{code}` | {meaning} |\n" in rows for code, meaning in CODES.items())
    target.write_text(rows.replace("| `alias` |", "| `aliased` |"), encoding="utf-8")
    assert notes_page.main(["--check"]) == 1


def test_the_example_of_the_page_is_true():
    """It prints what stands there."""
    result = doctest.testfile(str(notes_page.TARGET), module_relative=False)
    assert result.attempted
    assert not result.failed
