"""The page on custom pricing does what it says: its files are written, its Python and its commands are run."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from llmcost import CostMap
from llmcost.config.check import check

PAGE = Path(__file__).parents[2] / "docs" / "custom-pricing.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks():
    text = PAGE.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        yield found[1], found[2], text.count("\n", 0, found.start()) + 1


def test_the_page_runs(tmp_path, monkeypatch):
    """From top to bottom: a ``yaml`` block is the file, ``python`` is a session, ``console`` is a command's output."""
    monkeypatch.chdir(tmp_path)
    for name in ("AZURE_API_KEY", "AZURE_API_BASE", "AZURE_API_VERSION", "ANTHROPIC_PROD_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF | doctest.ELLIPSIS)
    names = {}
    ran = {"yaml": 0, "python": 0, "console": 0, "text": 0}
    for kind, content, line in blocks():
        ran[kind] += 1
        if kind == "yaml":
            (tmp_path / "config.yaml").write_text(content, encoding="utf-8")
        elif kind == "python":
            session = doctest.DocTestParser().get_doctest(content, names, f"line {line}", PAGE.name, line)
            runner.run(session, clear_globs=False)
            names = session.globs
        elif kind == "console":
            command, _, output = content.partition("\n")
            assert command == "$ llmcost check config.yaml"
            assert check("config.yaml", CostMap.bundled()).text + "\n" == output
    assert runner.summarize(verbose=False).failed == 0
    assert ran["yaml"] >= 7
    assert ran["python"] >= 9
    assert ran["console"] == 1


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8")))
def test_links_lead_somewhere(link):
    """Every relative link of the page is a file."""
    assert (PAGE.parent / link).exists()
