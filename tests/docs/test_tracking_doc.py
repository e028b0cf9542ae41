"""The page on tracking does what it says: its Python is run against a server of this machine."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from llmcost.core.statuses import STATUSES
from llmcost.tracking import default
from tests.sdks import optional
from tests.servers.provider import events, whole
from tests.tracking.test_clients import CHAT, CHUNKS

PAGE = Path(__file__).parents[2] / "docs" / "tracking.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_page_runs(monkeypatch, provider):
    """From top to bottom, as one session."""
    optional("openai")
    for name in ("success", "failure"):
        monkeypatch.setattr(default.DEFAULT, name, getattr(default.DEFAULT, name))
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    names = {"SERVER": provider.url}
    ran = 0
    for found in BLOCK.finditer(TEXT):
        provider.gives(events(CHUNKS) if "stream=True" in found[1] else whole(CHAT))
        line = TEXT.count("\n", 0, found.start()) + 1
        session = doctest.DocTestParser().get_doctest(found[1], names, f"line {line}", PAGE.name, line)
        runner.run(session, clear_globs=False)
        names = session.globs
        ran += 1
    assert runner.summarize(verbose=False).failed == 0
    assert ran == 8


def test_the_table_of_statuses():
    """It lists each status."""
    table = TEXT.partition("| status |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| ((?:`\w+`(?:, )?)+)", table, re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in table.splitlines()[2:]))) == set(STATUSES)
