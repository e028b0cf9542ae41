"""The page on bills: its month is run, its tables name what there is."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from llmcost.bills.causes import KINDS
from llmcost.bills.focus_columns import VERSIONS
from llmcost.bills.grammar import grammar
from llmcost.cli._app import app
from tests.docs.page import DOCS, blocks, run

PAGE = DOCS / "reconcile.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def session(tmp_path, monkeypatch):
    """The names that the page has made, from top to bottom; its files are in the folder of the test."""
    monkeypatch.chdir(tmp_path)
    return run(PAGE, tmp_path)


def test_the_month_runs(session):
    """As one session."""
    assert session[1] >= 14


def test_the_command_line_says_the_same(session, tmp_path):
    """The printed table is that of the command, over the files of the month."""
    names = session[2]
    (tmp_path / "calls.jsonl").write_text("".join(json.dumps(call) + "\n" for call in names["calls"]))
    (tmp_path / "prices.json").write_text(json.dumps({name: names["prices"][name] for name in names["prices"]}))
    (command,) = re.findall(r"^    llmcost (reconcile costs.json .*--by meter)$", TEXT, re.MULTILINE)
    result = CliRunner().invoke(app, command.split())
    assert result.exit_code == 1
    (printed,) = [content for kind, _, content, _ in blocks(TEXT) if kind == "text"]
    assert result.stdout == printed


def test_every_cause_is_named():
    """In the order in which they are looked for, but for those that are told beside others."""
    table = TEXT.partition("| cause | what it is |")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in table.splitlines()[2:]))
    assert named == list(KINDS)


def test_every_bill_and_version_is_named():
    """The vendors of the grammars, and the versions of FOCUS."""
    for name in ("openai", "bedrock", "azure", "google"):
        assert grammar(name).vendor.split()[-1] in TEXT or grammar(name).vendor.split()[0] in TEXT
    assert all(version in TEXT for version in VERSIONS)
