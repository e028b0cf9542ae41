"""docs/tables.md: its examples run, and its tables name what there is."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import llmcost
from llmcost.core.statuses import NO_COST, ROW_STATUSES
from llmcost.frames.layouts import LAYOUTS
from llmcost.frames.sheet import SAID
from llmcost.frames.sql import DIALECTS
from llmcost.frames.table import OUTPUTS
from tests.sdks import TABLES, optional

TEXT = (Path(llmcost.__file__).parents[1] / "docs" / "tables.md").read_text(encoding="utf-8")


def test_every_example(tmp_path):
    """Each block of the page, one after the other, as it is typed."""
    for package in TABLES:
        optional(package)
    blocks = "\n".join(re.findall(r"```pycon\n(.*?)```", TEXT, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(blocks, {"folder": tmp_path}, "docs/tables.md", None, 0)
    assert len(test.examples) > 15
    result = doctest.DocTestRunner().run(test)
    assert result.failed == 0


def test_the_tables_name_what_there_is():
    """Layouts, facts, outputs, statuses and databases."""
    named = set(re.findall(r"`([a-z_]+)`", TEXT))
    assert named >= {*LAYOUTS, *SAID, *OUTPUTS, *NO_COST, *ROW_STATUSES}
    known = {"postgres": "PostgreSQL", "polars": "Polars SQL"}
    assert all(known.get(name, name).lower() in TEXT.lower() for name in DIALECTS)
