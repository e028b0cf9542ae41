"""Rows that no list has any more: which are kept, and that they are read as they were written."""

from __future__ import annotations

from tools.prices.merge import Merged, Origin
from tools.prices.retired import read_retired, vanished, write_retired

ROW = {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 1e-06}
ONE = Origin("litellm 1.0", "2026-01-01")


def merged(**models):
    return Merged(models=models, origins=dict.fromkeys(models, ONE))


def test_what_is_kept():
    """A model that is gone, by the day; one that was gone before with its own row and day."""
    gone = {**ROW, "retired_on": "2025-12-01"}
    before = merged(here=ROW, away=ROW, past=gone, same=gone, Case=ROW, named=ROW, back=gone)
    after = merged(here=ROW, past={**gone, "retired_on": "2026-01-15"}, same=gone, case=ROW, back=ROW)
    assert vanished(before, after, "2026-02-01", {"named": "here"}) == {
        "away": (ONE, {**ROW, "retired_on": "2026-02-01"}),
        "past": (ONE, gone),
    }


def test_the_file(tmp_path):
    """One model a line, sorted; without it nothing is kept."""
    rows = {"b": (Origin("x 1", "2026-01-01", "https://x.test"), ROW), "a": (ONE, {**ROW, "retired_on": "2026-01-01"})}
    path = tmp_path / "retired.jsonl"
    assert read_retired(path) == {}
    path.write_text(write_retired(rows))
    assert read_retired(path) == rows
    assert [line[:30] for line in path.read_text().splitlines()] == sorted(
        line[:30] for line in path.read_text().splitlines()
    )
    assert path.read_text().index('"id":"a"') < path.read_text().index('"id":"b"')
