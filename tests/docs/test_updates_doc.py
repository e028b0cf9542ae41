"""The page on updates does what it says: its files are written, its Python and its commands are run."""

from __future__ import annotations

import re

import pytest

from llmcost.cli._app import app
from tests.docs.page import DOCS, run

PAGE = DOCS / "updates.md"
TEXT = PAGE.read_text(encoding="utf-8")
# What another build of the data changes: its date, and how many models it has.
_OF_THE_BUILD = re.compile(r"\d{4}-\d\d-\d\d|\d,\d{3} models")


@pytest.mark.usefixtures("build_day")
def test_the_page_runs(tmp_path, monkeypatch):
    """From top to bottom: a named block is a file, ``python`` is a session, ``console`` shows commands and output."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("LLMCOST_PRICES", "LLMCOST_UPDATE_FROM"):
        monkeypatch.delenv(name, raising=False)
    ran, _, _ = run(PAGE, tmp_path, plain=lambda text: _OF_THE_BUILD.sub("*", text))
    assert ran == {"python": 5, "console": 6, "json": 2, "jsonl": 1}


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
