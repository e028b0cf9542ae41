"""Session logs of Gemini CLI: a message is written again when its tokens are known, and counts once.

Prices are 1 USD a million for input, 0.1 for what is cached and 4 for output, thoughts included.
"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, read_log
from tests.agent_prices import row

PRICES = CostMap({"gemini-a": row("gemini"), "gemini-b": row("gemini", 2)})
SESSION = {"sessionId": "g1", "projectHash": "ab12", "startTime": "2026-01-05T10:00:00.000Z", "kind": "main"}
USER = {"id": "u1", "timestamp": "2026-01-05T10:00:00.500Z", "type": "user", "content": [{"text": "Hello"}]}
# 1000 - 400 in, 400 cached, 20 of a tool in, 100 out, 50 thoughts: 0.00062 + 0.00004 + 0.0006
ONE = Decimal("0.00126")


def answer(identity="a1", *, model="gemini-a", told=True, output=100, **beside):
    tokens = {"input": 1000, "output": output, "cached": 400, "thoughts": 50, "tool": 20, "total": 1070 + output}
    found = {"id": identity, "timestamp": "2026-01-05T10:00:02.000Z", "type": "gemini", "content": "Hi", "model": model}
    return {**found, "thoughts": [], "tokens": tokens if told else None, **beside}


@pytest.fixture
def folder(tmp_path):
    """Write files of lines, or of one object, into a folder and return it."""

    def write(**files):
        for name, lines in files.items():
            ending = "jsonl" if isinstance(lines, list) else "json"
            path = tmp_path / "tmp" / "ab12" / "chats" / f"session-2026-01-05T10-00-{name}.{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = (
                "".join(json.dumps(line) + "\n" for line in lines) if ending == "jsonl" else json.dumps(lines, indent=2)
            )
            path.write_text(text)
        return tmp_path / "tmp"

    return write


def costs(path):
    return [call.calculate().total for call in read_log(path, cost_map=PRICES)]


def test_a_message_that_is_written_three_times(folder):
    """First without tokens, then with them, then with its tools."""
    lines = [
        SESSION,
        USER,
        answer(told=False),
        {"$set": {"lastUpdated": "x"}},
        answer(),
        answer(toolCalls=[{"id": "t"}]),
    ]
    log = read_log(folder(a=lines), cost_map=PRICES)
    (call,) = log
    cost = call.calculate()
    assert (cost.total, cost.lower_bound) == (ONE, False)
    assert call.stated().quantities == {"input": 620, "cache_read": 400, "output": 100, "reasoning": 50}
    assert call.own == {"agent": "gemini_cli", "id": "a1", "session": "g1", "project": "ab12"}
    assert log.passed == {"session": 1, "user": 1, "gemini": 1, "$set": 1, "copies of calls": 1}


def test_the_model_changes_and_a_rewind_takes_nothing_back(folder):
    lines = [SESSION, answer(), {"$rewindTo": "a1"}, answer("a2", model="gemini-b")]
    assert sorted(costs(folder(a=lines))) == [ONE, 2 * ONE]


def test_messages_that_are_stated_anew_are_copies(folder):
    """Also one that stands nowhere else; its folder is the project."""
    lines = [
        {**SESSION, "directories": ["/project/shop"]},
        answer(),
        {"$set": {"messages": [USER, answer(), answer("a2")], "lastUpdated": "x"}},
    ]
    log = read_log(folder(a=lines), cost_map=PRICES)
    assert {call.own["id"]: call.own["project"] for call in log} == {"a1": "/project/shop", "a2": "/project/shop"}
    assert log.passed == {"session": 1, "copies of calls": 1}


def test_a_file_of_an_older_version_and_its_successor(folder):
    """One object with all messages; a session that goes on is written into lines, which begin with copies."""
    old = {**SESSION, "messages": [USER, answer(), answer("a2")], "lastUpdated": "x"}
    assert costs(folder(a=old)) == [ONE, ONE]
    assert costs(folder(a=old, b=[SESSION, answer(), answer("a2"), answer("a3")])) == [ONE, ONE, ONE]


def test_the_same_message_id_in_two_sessions_is_two_calls(folder):
    assert len(costs(folder(a=[SESSION, answer()], b=[{**SESSION, "sessionId": "g2"}, answer()]))) == 2


def test_a_count_that_is_none_is_an_error(folder):
    errors = []
    wrong = answer()
    wrong["tokens"]["output"] = -1
    found = list(read_log(folder(a=[SESSION, wrong, answer("a2")]), cost_map=PRICES, on_error=errors.append))
    assert (len(found), errors[0].line) == (1, 2)
    assert "tokens.output=-1" in errors[0].reason
