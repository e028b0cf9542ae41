"""Sessions of four agents, each with what readers of such logs get wrong, beside sums that were worked out by hand."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from click.testing import CliRunner

from llmcost.cli._app import app
from tests.agent_homes import DAYS, PRICES, SESSIONS, write


@pytest.fixture
def found(tmp_path, monkeypatch):
    """Ask for the rows of an axis."""
    home = tmp_path / "agents"
    write(home)
    own = tmp_path / "own.json"
    own.write_text(json.dumps(PRICES))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LLMCOST_PRICES", str(own))
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME", "OPENCODE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)

    def ask(*options):
        # One line is torn, which is an error.
        result = CliRunner().invoke(app, ["sessions", "--json", *options])
        assert result.exit_code == 1
        assert "s-torn.jsonl:2: the file ends in the middle of a line" in result.stderr
        return json.loads(result.stdout)

    return ask


def test_each_session(found):
    """Of a message that stands in two sessions either has it."""
    rows = found("--by", "session")["rows"]
    by_name = {row["session"]: (row["calls"], row["total"], row["lower_bound"]) for row in rows}
    both = [by_name.pop(name) for name in ("s-streamed", "s-resumed") if name in by_name]
    assert sum(calls for calls, _, _ in both) == 2
    assert sum(Decimal(cost) for _, cost, _ in both) == 2 * Decimal("0.0045")
    assert by_name == {name: row for name, row in SESSIONS.items() if name not in {"s-streamed", "s-resumed"}}


def test_the_total(found):
    total = found()["total"]
    assert Decimal(total["total"]) == sum(Decimal(cost) for _, cost, _ in SESSIONS.values())
    assert (total["calls"], total["failed"], total["lower_bound"]) == (19, 1, True)


def test_each_agent(found):
    rows = {row["agent"]: row["calls"] for row in found("--by", "agent")["rows"]}
    assert rows == {"claude_code": 11, "codex": 6, "gemini_cli": 1, "opencode": 1}


@pytest.mark.parametrize("zone", DAYS)
def test_each_day(found, zone):
    assert {row["day"]: row["calls"] for row in found("--tz", zone)["rows"]} == DAYS[zone]
