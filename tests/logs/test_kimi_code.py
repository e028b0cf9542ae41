"""Session logs of Kimi Code: a record of usage for each response, and a file for each agent.

Prices are 1 USD a million for input, 0.1 for what is read from the cache, 1.25 for what is written, and 4 for output.
"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, read_log
from tests.agent_prices import row
from tests.session_logs import Logs

PRICES = CostMap({"kimi-a": row("moonshot"), "small-1": row("moonshot")})
BEGUN = 1_767_607_200_000  # 2026-01-05T10:00:00Z
METADATA = {"type": "metadata", "protocol_version": "1.1", "created_at": BEGUN}
PROMPT = {"type": "turn.prompt", "input": [{"type": "text", "text": "Hello"}], "time": BEGUN}


def counted(entered=1000, output=100, read=500, written=0):
    return {"inputOther": entered, "output": output, "inputCacheRead": read, "inputCacheCreation": written}


def answer(second=1, *, model="kimi-a", scope="turn", **counts):
    """The end of a step, and its record: 1000 in, 500 read and 100 out are 0.001 + 0.00005 + 0.0004."""
    usage, time = counted(**counts), BEGUN + 1000 * second
    step = {"type": "step.end", "uuid": f"s{second}", "turnId": "t1", "step": 0, "usage": usage}
    return [
        {"type": "context.append_loop_event", "event": step, "time": time},
        {"type": "usage.record", "model": model, "usage": usage, "usageScope": scope, "time": time + 2},
    ]


ONE = Decimal("0.00145")
SESSION = [METADATA, PROMPT, *answer()]


@pytest.fixture
def folder(tmp_path):
    """Write the files of agents, each under its session and its own name, and return the folder."""

    def write(**files):
        for name, lines in files.items():
            session, agent = name.split("__")
            path = tmp_path / "sessions" / "wd_shop_0123456789ab" / session / "agents" / agent / "wire.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(json.dumps(each) + "\n" for each in lines))
        return tmp_path / "sessions"

    return write


def test_a_session(folder):
    """The step states the same counters as the record, which alone counts."""
    log = read_log(folder(s1__main=SESSION), cost_map=PRICES)
    (call,) = log
    assert (call.calculate().total, call.calculate().lower_bound) == (ONE, False)
    assert call.stated().quantities == {"input": 1000, "cache_read": 500, "output": 100}
    assert (call.line, call.time) == (4, 1767607201)
    assert call.own == {"agent": "kimi_code", "id": "1767607201002 kimi-a 1000 100 500 0", "session": "s1"}
    assert log.passed == {"metadata": 1, "turn.prompt": 1, "context.append_loop_event": 1}


def test_sub_agents_summaries_and_forks(folder):
    """A sub-agent has a file of its own; a summary is a call; a fork copies the files and goes on."""
    main = [*SESSION, *answer(3, scope="session", read=0)]
    path = folder(s1__main=main, s1__agent_0=[METADATA, *answer(2, written=200)], s2__main=[*main, *answer(5)])
    log = read_log(path, cost_map=PRICES)
    found = list(log)
    # 0.0014 without the cache; 200 x 1.25e-6 more.
    expected = [ONE, Decimal("0.0014"), ONE + Decimal("0.00025"), ONE]
    assert sorted(call.calculate().total for call in found) == sorted(expected)
    assert {call.own.get("subagent") for call in found} == {None, "agent_0"}
    assert log.passed["copies of calls"] == 2


def test_lines_without_a_file_state_no_session():
    (call,) = read_log([json.dumps(each) for each in SESSION], cost_map=PRICES)
    assert (call.calculate().total, "session" in call.own) == (ONE, False)


def test_records_of_zeros_are_no_calls(folder):
    log = read_log(folder(s1__main=[METADATA, *answer(entered=0, output=0, read=0)]), cost_map=PRICES)
    assert (list(log), log.passed["usage.record"]) == ([], 1)


def test_a_count_that_is_none_is_an_error(folder):
    errors = []
    assert list(read_log(folder(s1__main=[METADATA, *answer(output=1.5)]), on_error=errors.append)) == []
    (error,) = errors
    assert (error.line, error.reason) == (3, "usage.output=1.5 is no count of tokens: a whole number >= 0")


def test_the_index(tmp_path):
    """A file that grew is read on; two calls of 0.00145."""
    logs = Logs(tmp_path)
    logs.write("w/s1/agents/main/wire", [METADATA, *answer(1, model="small-1")])
    logs.append("w/s1/agents/main/wire", *answer(2, model="small-1"))
    assert logs.rows() == {"s1": (2, "0.0029")}
    assert logs.rows("agent") == {"kimi_code": (2, "0.0029")}


def test_calls_in_somebodys_own_records_are_priced_as_ever():
    """1000 in and 100 out are 0.0014, whatever the kind of their record is called."""
    used = {"model": "kimi-a", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
    own = [{"type": kind, "time": BEGUN // 1000, **used} for kind in ("usage.report", "turn.done")]
    own.append({"type": "turn.done", "time": BEGUN // 1000, "response": {"object": "chat.completion", **used}})
    found = read_log([json.dumps(each) for each in [*SESSION, *own]], cost_map=PRICES)
    assert sorted(call.calculate().total for call in found) == [Decimal("0.0014")] * 3 + [ONE]
