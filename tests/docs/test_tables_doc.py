"""docs/tables.md: its examples run, and its tables name what there is."""

from __future__ import annotations

import re

from llmcost.core.statuses import NO_COST, ROW_STATUSES
from llmcost.frames.layouts import LAYOUTS
from llmcost.frames.sql import DIALECTS
from llmcost.frames.stated import STATED
from llmcost.frames.table import OUTPUTS
from tests.docs.page import DOCS, run
from tests.sdks import TABLES, optional

TEXT = (DOCS / "tables.md").read_text(encoding="utf-8")


def test_every_example(tmp_path, monkeypatch):
    """Each block of the page, one after the other, as it is typed."""
    for package in TABLES:
        optional(package)
    monkeypatch.chdir(tmp_path)
    _, examples, _ = run(DOCS / "tables.md", tmp_path, {"folder": tmp_path})
    assert examples > 15


def test_the_tables_name_what_there_is():
    """Layouts, facts, outputs, statuses and databases."""
    named = set(re.findall(r"`([a-z_]+)`", TEXT))
    assert named >= {*LAYOUTS, *STATED, *OUTPUTS, *NO_COST, *ROW_STATUSES}
    known = {"postgres": "PostgreSQL", "polars": "Polars SQL"}
    assert all(known.get(name, name).lower() in TEXT.lower() for name in DIALECTS)
