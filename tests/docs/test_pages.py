"""The pages of the docs: each is run, each leads somewhere, and each is in the site."""

from __future__ import annotations

import inspect
import re

import pytest

import llmcost
from llmcost.cli._app import app
from llmcost.core.meters import METERS
from llmcost.core.statuses import ROW_STATUSES, STATUSES
from tests.docs.page import DOCS, blocks, run
from tests.sdks import optional
from tests.test_docstrings import OF_OTHER_ROOMS, USERS

ROOT = DOCS.parent
# Pages whose tests do more than to run them; each has a file of its own here.
OF_THEIR_OWN = {
    "budgets.md": "test_budgets_doc.py",
    "custom-pricing.md": "test_custom_pricing.py",
    "integrations.md": "test_integrations_doc.py",
    "litellm.md": "test_litellm_doc.py",
    "logs.md": "test_logs_doc.py",
    "opentelemetry.md": "test_opentelemetry_doc.py",
    "readers.md": "test_readers_doc.py",
    "reconcile.md": "test_reconcile_doc.py",
    "spend.md": "test_spend_doc.py",
    "tables.md": "test_tables_doc.py",
    "tracking.md": "test_tracking_doc.py",
    "updates.md": "test_updates_doc.py",
}
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
# Kinds of blocks that a page of its own runs, or shows without running.
KINDS = {"python", "pycon", "py", "yaml", "json", "jsonl", "csv", "console", "sql", "sh", "text", "toml"}
# What Sphinx reads, and no reader of code.
DIRECTIVE = re.compile(r"^```\{", re.MULTILINE)


@pytest.mark.usefixtures("build_day")
@pytest.mark.parametrize("name", [name for name in PAGES if name not in OF_THEIR_OWN])
def test_a_page_runs(name, tmp_path, monkeypatch):
    """From top to bottom, as its reader would type it."""
    if name == "start.md":
        for package in ("polars", "sqlalchemy"):
            optional(package)
    monkeypatch.chdir(tmp_path)
    run(DOCS / name, tmp_path)


@pytest.mark.parametrize("name", OF_THEIR_OWN)
def test_a_page_with_a_test_of_its_own(name):
    """Its test exists and reads it; its blocks are of kinds that tests know."""
    assert name in (DOCS.parent / "tests" / "docs" / OF_THEIR_OWN[name]).read_text(encoding="utf-8")
    assert {kind for kind, _, _, _ in blocks((DOCS / name).read_text(encoding="utf-8"))} <= KINDS


def test_every_page_is_in_the_site():
    """Each stands in a table of contents of the first page."""
    text = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^```\{toctree\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names = [line for block in listed for line in block.splitlines() if line and not line.startswith(":")]
    assert sorted(f"{name}.md" for name in names) == [name for name in PAGES if name != "index.md"]


def anchors(text):
    """Return the anchors of a page's headings, as GitHub and the site make them."""
    plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    found = []
    for heading in re.findall(r"^#+ (.*)$", plain, re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        found.append(re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-"))
    return found


SOURCES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "data/NOTICE.md")),
    *(ROOT / folder / "README.md" for folder in ("examples", "benchmarks", "conformance", "data_wheel")),
    *(ROOT / "tests" / folder / "README.md" for folder in ("", "golden", "sweep")),
    *(DOCS / name for name in PAGES),
]


def links(text):
    """Return where a page leads: its links and its pictures, those in blocks of code left out."""
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"|^\[[^\]]+\]: (\S+)$", text, re.MULTILINE)
    return ["".join(link) for link in found]


def is_broken(link, path):
    """Return whether a link of a page leads to no file of the project, or to no section of it."""
    if re.match(r"[a-z]+:", link):
        return not link.startswith(("https://", "http://", "mailto:"))
    file, _, section = link.partition("#")
    found = (path.parent / file).resolve() if file else path
    if not found.exists() or not section:
        return not found.exists()
    text_of = found.read_text(encoding="utf-8")
    pointed = re.search(r"This page is \[[^\]]+\]\((\S+)\)", text_of)
    if pointed:
        text_of = (found.parent / pointed[1]).read_text(encoding="utf-8")
    return section not in anchors(text_of)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parent.name + "/" + path.name)
def test_links_lead_somewhere(path):
    """Every link to a file of the project is one, and its section is there."""
    assert [link for link in links(path.read_text(encoding="utf-8")) if is_broken(link, path)] == []


def test_every_page_of_the_project_is_looked_at():
    """All Markdown of the tree, whatever is made in folders that are hidden or not of the project left out."""
    folders = [ROOT, *(ROOT / name for name in ("benchmarks", "conformance", "data", "data_wheel", "examples"))]
    found = {path for folder in folders for path in folder.glob("*.md")} | set((ROOT / "tests").rglob("*.md"))
    assert found <= set(SOURCES)


def test_a_link_that_leads_nowhere_is_found():
    """A file that is not there, a section that is not there, a scheme that no browser opens; in all forms of a link."""
    text = "[a](nothing.md) [b](cost.md#no-such) ![c](none.png) [d](cost.md#the-lines)\n[e]: gone.md\n```\n[f](no)\n```"
    page = DOCS / "start.md"
    assert links(text) == ["nothing.md", "cost.md#no-such", "none.png", "cost.md#the-lines", "gone.md"]
    assert [link for link in links(text) if is_broken(link, page)] == [
        "nothing.md",
        "cost.md#no-such",
        "none.png",
        "gone.md",
    ]
    assert is_broken("ftp://example.com", page)
    assert sum(len(links(path.read_text(encoding="utf-8"))) for path in SOURCES) > 150


def test_the_reference_has_every_public_name():
    """Each once; and of a class it leaves out what only other rooms call."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("api-*.md")))
    index = (DOCS / "api.md").read_text(encoding="utf-8")
    assert {name for row in index.splitlines() if row.startswith("| [") for name in re.findall(r"`(\w+)`", row)} == set(
        llmcost.__all__
    ) - {"__version__"}
    stated = re.findall(r"^\.\. auto\w+:: llmcost\.(\w+)$", text, re.MULTILINE)
    assert sorted(stated) == sorted(set(llmcost.__all__) - {"__version__"})
    for name in OF_OTHER_ROOMS:
        kind, member = name.split(".")
        entry = re.search(rf":: llmcost\.{kind}\n((?:   .*\n)*)", text)[1]
        assert re.search(rf":exclude-members:.*\b{member}\b", entry), name


def rows(text):
    """Return the first cells of the rows of all tables: names in code."""
    return {
        name
        for line in text.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)", line.split("|")[1])
    }


def test_the_page_on_costs_has_every_property():
    """Those of a Cost and of a line; nothing else is in its tables."""
    names = rows((DOCS / "cost.md").read_text(encoding="utf-8"))
    wanted = {name.split(".")[1] for name in USERS if name.startswith(("Cost.", "LineItem."))} - {
        "line_items",
        "values",
    }
    wanted |= {"model", "reported", "requested_tier", "served_tier", "basis", "usage", "waived"}
    wanted |= {"meter", "quantity", "rate", "amount"}
    assert not wanted - names
    assert names - wanted == {"current", "assumed", "scheduled", "mixed"}


def test_the_page_on_statuses_has_every_status():
    """And no other."""
    assert rows((DOCS / "statuses.md").read_text(encoding="utf-8")) == {*STATUSES, *ROW_STATUSES}


def test_every_word_of_the_glossary_is_used_as_it_says():
    """The meters that it names exist."""
    text = (DOCS / "words.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| meter |"))
    assert set(re.findall(r"`(\w+)`", row)) <= set(METERS)


def test_the_page_on_errors_has_every_error():
    """Every error and warning, with each attribute of its docstring."""
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    classes = {name for name in llmcost.__all__ if name.endswith(("Error", "Warning")) and name != "CallError"}
    assert rows(text) == classes - {"LLMCostError", "LLMCostWarning"}
    for line in text.splitlines():
        if line.startswith("| `") and line.count("|") == 5:
            name, *_ = re.findall(r"`(\w+)", line)
            kind = getattr(llmcost, name)
            for word in re.findall(r"`(\w+)`", line.split("|")[4]):
                assert hasattr(kind, word) or re.search(rf"^    {word}\b.*:", inspect.getdoc(kind), re.MULTILINE), word


def test_the_page_on_the_command_line_has_every_command():
    """And no other; its exit codes are those of the program."""
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    named = {
        name for line in text.splitlines() if line.startswith("| `") for name in re.findall(r"`llmcost (\w+)", line)
    }
    assert named == set(app.list_commands(None))
    stated = re.findall(r"^\| (\d+) \| (.*) \|$", text, re.MULTILINE)
    help_text = re.findall(
        r"^ +(\d+) +(.*)$", app.get_help(app.make_context("llmcost", [], resilient_parsing=True)), re.MULTILINE
    )
    assert stated == help_text
