"""The page on tracking does what it says: its Python is run against a server of this machine."""

from __future__ import annotations

import re

import pytest

from llmcost.core.statuses import STATUSES
from llmcost.tracking import default
from tests.docs.page import DOCS, run
from tests.sdks import optional
from tests.servers.provider import events, whole
from tests.tracking.test_clients import CHAT, CHUNKS

PAGE = DOCS / "tracking.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_page_runs(monkeypatch, provider, tmp_path):
    """From top to bottom, as one session."""
    optional("openai")
    for name in ("success", "failure"):
        monkeypatch.setattr(default.DEFAULT, name, getattr(default.DEFAULT, name))

    def answered(session):
        provider.gives(events(CHUNKS) if "stream=True" in session else whole(CHAT))

    ran, _, _ = run(PAGE, tmp_path, {"SERVER": provider.url}, before=answered)
    assert ran["python"] == 8


def test_the_table_of_statuses():
    """It lists each status."""
    table = TEXT.partition("| status |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| ((?:`\w+`(?:, )?)+)", table, re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in table.splitlines()[2:]))) == set(STATUSES)
