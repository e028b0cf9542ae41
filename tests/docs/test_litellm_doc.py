"""The page for LiteLLM's users: its examples run, and every reason of the comparison is a row of its table."""

from __future__ import annotations

import ast

import pytest

import llmcost
from llmcost.api import floats
from tests.docs.page import DOCS, run

ROOT = DOCS.parent
TEXT = (DOCS / "litellm.md").read_text(encoding="utf-8")


def reasons():
    """Return the names of the reasons, as they stand in the source: the script itself needs litellm."""
    tree = ast.parse((ROOT / "benchmarks" / "parity.py").read_text(encoding="utf-8"))
    (table,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "REASONS"
    ]
    return [key.value for key in table.keys]


def test_the_examples_run(monkeypatch, tmp_path):
    """As they are shown."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(floats, "_warned", type(floats._warned)())
    _, examples, _ = run(DOCS / "litellm.md", tmp_path, {"llmcost": llmcost})
    assert examples > 5


@pytest.mark.parametrize("reason", reasons())
def test_every_reason_is_a_row(reason):
    """In italics, with what to do for LiteLLM's number."""
    (row,) = [line for line in TEXT.splitlines() if line.startswith("| ") and f"*{reason}*" in line]
    assert row.count("|") == 6


def test_no_row_names_a_reason_that_is_none():
    """A reason that the script has lost is no difference any more."""
    named = [line.split("*")[1] for line in TEXT.splitlines() if line.startswith("| *")]
    assert sorted(named) == sorted(reasons())
