"""The page on updates does what it says: its files are written, its Python and its commands are run."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from llmcost.cli._app import app

PAGE = Path(__file__).parents[2] / "docs" / "updates.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What another build of the data changes: its date, and how many models it has.
_OF_THE_BUILD = re.compile(r"\d{4}-\d\d-\d\d|\d,\d{3} models")


def commands(content: str) -> list[tuple[str, str]]:
    """Every command of a block with the output below it."""
    return [tuple(part.split("\n", 1)) for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]]


def test_the_page_runs(tmp_path, monkeypatch):
    """From top to bottom: a named block is a file, ``python`` is a session, ``console`` shows commands and output."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("LLMCOST_PRICES", "LLMCOST_UPDATE_FROM"):
        monkeypatch.delenv(name, raising=False)
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF | doctest.ELLIPSIS)
    names = {}
    ran = {"python": 0, "console": 0, "json": 0, "jsonl": 0}
    for found in BLOCK.finditer(TEXT):
        kind, file, content = found.groups()
        ran[kind] += 1
        if file is not None:
            (tmp_path / file).write_text(content, encoding="utf-8")
        elif kind == "python":
            line = TEXT.count("\n", 0, found.start()) + 1
            session = doctest.DocTestParser().get_doctest(content, names, f"line {line}", PAGE.name, line)
            runner.run(session, clear_globs=False)
            names = session.globs
        else:
            for command, output in commands(content):
                program, *arguments = shlex.split(command)
                result = CliRunner().invoke(app, arguments)
                assert (program, result.exit_code) == ("llmcost", 0), (command, result.output)
                assert _OF_THE_BUILD.sub("*", result.stdout) == _OF_THE_BUILD.sub("*", output), command
    assert runner.summarize(verbose=False).failed == 0
    assert ran == {"python": 5, "console": 6, "json": 2, "jsonl": 1}


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", TEXT))
def test_links_lead_somewhere(link):
    """Every relative link of the page is a file."""
    assert (PAGE.parent / link).exists()


def test_every_option_of_update_is_on_the_page():
    """And no other."""
    stated = set(re.findall(r"`llmcost update (--[a-z-]+)", TEXT))
    assert stated == {
        option for parameter in app.get_command(None, "update").params for option in parameter.opts if option[0] == "-"
    }


def test_the_limits_are_those_of_the_code():
    """What the page says is unusual is what is refused."""
    from llmcost.updates import checks, download, held

    assert f"more than {checks.MOST_CHANGED:.0%} of the models, or deletes more than {checks.MOST_DELETED:.0%}" in TEXT
    assert f"moves by {held.MOST_MOVED}x or more" in TEXT
    assert f"moves by {held.MOST_MOVED_OF_MAKERS}x or more" in TEXT.replace("\n", " ")
    assert f"larger than {download._LARGEST // 1024**2} MB" in TEXT


def test_the_fields_are_those_that_are_read():
    """Each name that the table gives to a time or a cost."""
    from llmcost.logs.keywords import COSTS, TIMES

    rows = {line.split("|")[1].strip(" `"): line for line in TEXT.splitlines() if line.startswith("| `")}
    assert set(re.findall(r"`(\w+)`", rows["time"])) == set(TIMES)
    assert set(re.findall(r"`(\w+)`", rows["cost"])) == set(COSTS)
