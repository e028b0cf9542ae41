"""Session logs of Qwen Code: its lines look like Claude Code's, and its counters are named as Gemini's.

Prices are 1 USD a million for input, 0.1 for cached input and 4 for output.
"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, read_log
from tests.agent_prices import row
from tests.session_logs import Logs

PRICES = CostMap({"qwen-a": row("dashscope"), "small-1": row("dashscope")})


def line(kind, identity, **beside):
    found = {"uuid": identity, "parentUuid": None, "sessionId": "s1", "timestamp": "2026-01-05T10:00:00.500Z"}
    return {**found, "type": kind, "cwd": "/project/shop", "version": "0.18.1", **beside}


def answer(identity="u3", *, thought=0, total=1100, model="qwen-a", output=100, **beside):
    """1000 in, of which 400 were cached, and the output: 0.0006 + 0.00004 + 100 x 4e-6."""
    counts = {"promptTokenCount": 1000, "candidatesTokenCount": output, "thoughtsTokenCount": thought}
    counts |= {"totalTokenCount": total, "cachedContentTokenCount": 400}
    message = {"role": "model", "parts": [{"text": "Done."}]}
    return line("assistant", identity, model=model, message=message, usageMetadata=counts, **beside)


ONE = Decimal("0.00104")
USER = line("user", "u1", message={"role": "user", "parts": [{"text": "Hello"}]})
TELEMETRY = line(
    "system",
    "u2",
    subtype="ui_telemetry",
    systemPayload={"uiEvent": {"event.name": "qwen-code.api_response", "input_token_count": 1000}},
)
TOOL = line("tool_result", "u4", message={"role": "user", "parts": []}, toolCallResult={"status": "success"})
SESSION = [USER, TELEMETRY, answer(), TOOL, answer("u5")]


def calls(lines, **more):
    return list(read_log([json.dumps(each) for each in lines], cost_map=PRICES, **more))


def test_a_session():
    log = read_log([json.dumps(each) for each in SESSION], cost_map=PRICES)
    first, second = log
    assert (first.calculate().total, second.calculate().total) == (ONE, ONE)
    assert first.stated().quantities == {"input": 600, "cache_read": 400, "output": 100}
    assert first.own == {"agent": "qwen_code", "id": "u3", "session": "s1", "project": "/project/shop"}
    assert (first.line, first.time) == (3, "2026-01-05T10:00:00.500Z")
    assert log.passed == {"user": 1, "system": 1, "tool_result": 1}


@pytest.mark.parametrize(
    ("total", "output", "quantities", "bound"),
    [
        # An endpoint of OpenAI's API has the thoughts inside the output, one of Gemini's beside it.
        (1100, 100, {"output": 60, "reasoning": 40}, False),
        (1140, 100, {"output": 100, "reasoning": 40}, False),
        (0, 30, {"output": 30, "reasoning": 40}, False),
        (0, 100, {"output": 60, "reasoning": 40}, True),
        (1120, 100, {"output": 60, "reasoning": 40}, True),
    ],
)
def test_where_the_thoughts_are(total, output, quantities, bound):
    (call,) = calls([answer(thought=40, total=total, output=output)])
    found = call.stated().quantities
    assert {name: found[name] for name in quantities} == quantities
    assert call.calculate().total == Decimal("0.00064") + sum(quantities.values()) * Decimal("0.000004")
    assert call.calculate().lower_bound is bound


def test_a_line_that_stands_in_two_files_is_one_call():
    assert [call.own["id"] for call in calls([*SESSION, *SESSION])] == ["u3", "u5"]


def test_a_count_that_is_none_is_an_error():
    errors = []
    wrong = answer()
    wrong["usageMetadata"]["promptTokenCount"] = "many"
    assert calls([USER, wrong, answer("u5")], on_error=errors.append)[0].own["id"] == "u5"
    assert "usageMetadata.promptTokenCount='many'" in errors[0].reason


def test_an_answer_without_counters_is_no_call():
    empty = answer()
    empty["usageMetadata"] = {}
    log = read_log([json.dumps(each) for each in (empty, line("assistant", "u6", message={"parts": []}))])
    assert list(log) == []
    assert log.passed == {"assistant": 2}


def test_an_index_says_what_reading_anew_says(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    logs = Logs(tmp_path / "logs")
    logs.write("chats/s1", [USER, answer(model="small-1")])
    assert logs.all_of_it() == logs.read_anew()
    logs.append("chats/s1", answer("u5", model="small-1"))
    assert logs.all_of_it() == logs.read_anew()
    assert logs.rows("agent") == {"qwen_code": (2, "0.00208")}
