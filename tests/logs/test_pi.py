"""Session logs of Pi: a tree of entries, of which the messages of the assistant and summaries are calls.

Prices are 1 USD a million for input, 0.1 for what is read from the cache, 1.25 and 2 for what is written for 5 minutes
and 1 hour, and 4 for output; large-1 costs twice as much.
"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, UnknownModelError, read_log
from tests.agent_prices import row
from tests.session_logs import Logs

PRICES = CostMap(
    {
        "small-1": row("anthropic", cache_creation_input_token_cost_above_1hr=2e-06),
        "large-1": row("openai", 2),
    }
)
HEADER = {
    "type": "session",
    "version": 3,
    "id": "ses-1",
    "timestamp": "2026-01-05T10:00:00.000Z",
    "cwd": "/project/shop",
}
SAID = [{"type": "text", "text": "Hello"}]


def entry(kind, identity, second=0, **beside):
    time = f"2026-01-05T10:00:{second:02}.000Z"
    return {"type": kind, "id": identity, "parentId": "a0000000", "timestamp": time, **beside}


def counted(entered=1000, output=100, read=500, written=0, hour=0, **beside):
    usage = {"input": entered, "output": output, "cacheRead": read, "cacheWrite": written, **beside}
    if hour:
        usage["cacheWrite1h"] = hour
    total = entered + output + read + written
    return {
        **usage,
        "totalTokens": total,
        "cost": {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0, "total": 0.5},
    }


def answer(identity="b0000001", second=1, *, model="small-1", provider="anthropic", stop="stop", usage=None, **beside):
    """1000 in, 500 read and 100 out: 0.001 + 0.00005 + 0.0004."""
    message = {"role": "assistant", "content": SAID, "api": "anthropic-messages", "provider": provider, "model": model}
    message |= {
        "usage": usage or counted(),
        "stopReason": stop,
        "timestamp": 1767607200000 + 1000 * second - 400,
        **beside,
    }
    return entry("message", identity, second, message=message)


ONE = Decimal("0.00145")
USER = entry("message", "a0000000", message={"role": "user", "content": "Hello", "timestamp": 1767607200000})
CHANGE = entry("model_change", "c0000000", provider="openai", modelId="large-1")
SESSION = [HEADER, CHANGE, USER, answer()]


def calls(lines, **more):
    return list(read_log([json.dumps(each) for each in lines], cost_map=PRICES, **more))


def test_a_session():
    log = read_log([json.dumps(each) for each in SESSION], cost_map=PRICES)
    (call,) = log
    assert (call.calculate().total, call.calculate().lower_bound, call.cost) == (ONE, False, Decimal("0.5"))
    assert call.stated().quantities == {"input": 1000, "cache_read": 500, "output": 100}
    own = {"agent": "pi", "id": "b0000001 1767607200600", "session": "ses-1", "project": "/project/shop"}
    assert (call.own, call.line, call.time) == (own, 4, "2026-01-05T10:00:01.000Z")
    assert log.passed == {"session": 1, "model_change": 1, "message": 1}


def test_writes_of_the_cache_and_reasoning_inside_the_output():
    """1000 in, 500 read, 100 x 1.25e-6 and 200 x 2e-6 written, and 100 out, 40 of which are reasoning."""
    usage = counted(written=300, hour=200, reasoning=40)
    (call,) = calls([HEADER, answer(usage=usage)])
    assert call.calculate().total == ONE + Decimal("0.000525")
    assert call.stated().quantities["reasoning"] == 40


def test_a_fork_and_a_copy_add_nothing(tmp_path):
    """A fork copies entries as they are, and goes on; so does the entry that the first version wrote without ids."""
    folder = tmp_path / "sessions" / "--project-shop--"
    folder.mkdir(parents=True)
    fork = [{**HEADER, "id": "ses-2", "parentSession": "/s1.jsonl"}, *SESSION[1:], answer("b0000002", 5)]
    old = [{name: value for name, value in each.items() if name not in {"id", "parentId"}} for each in SESSION[2:]]
    for name, lines in {"1_s": SESSION, "2_s": fork, "3_s": [{**HEADER, "id": "ses-3"}, *old]}.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    log = read_log(tmp_path, cost_map=PRICES)
    assert sum(call.calculate().total for call in log) == 2 * ONE
    assert log.passed["copies of calls"] == 2


def test_summaries_are_calls_of_the_model_of_the_session():
    """large-1 after a change, small-1 after an answer of it; an extension's summary names no model."""
    usage = counted(read=0)
    compacted = entry("compaction", "d0000001", 2, summary="...", tokensBefore=9000, usage=usage)
    branch = entry("branch_summary", "d0000002", 3, summary="...", fromId="b0000001", usage=usage)
    extension = entry("compaction", "d0000003", 4, summary="...", tokensBefore=9000, usage=usage, fromHook=True)
    first, second, third, fourth = calls([HEADER, CHANGE, compacted, answer(second=3), branch, extension])
    # 0.001 + 0.0004, and twice that.
    assert [call.calculate().total for call in (first, third)] == [Decimal("0.0028"), Decimal("0.0014")]
    assert second.calculate().total == ONE
    with pytest.raises(UnknownModelError, match="names a model"):
        fourth.calculate()
    plain = entry("compaction", "d0000004", 4, summary="...", tokensBefore=9000, retainedTail=[answer()["message"]])
    assert calls([HEADER, CHANGE, plain]) == []


def test_a_tool_that_asked_a_model_is_a_call_of_which_nobody_says_the_model():
    result = {"role": "toolResult", "toolCallId": "t1", "toolName": "ask", "content": SAID, "usage": counted()}
    (call,) = calls([HEADER, entry("message", "e0000001", 2, message=result)])
    assert call.calculate(model="small-1").total == ONE
    with pytest.raises(UnknownModelError, match="names a model"):
        call.calculate()


def test_what_was_cut_off():
    """The counters so far are a lower bound; none are no call, unless an answer was given."""
    zeros = counted(0, 0, 0)
    (call,) = calls([HEADER, answer(stop="aborted"), answer("b2", 2, stop="error", usage=zeros)])
    assert (call.calculate().total, call.calculate().lower_bound) == (ONE, True)
    (missing,) = calls([HEADER, answer(usage=zeros)])
    with pytest.raises(ValueError, match="counters are all 0"):
        missing.calculate()


def test_the_seller_and_the_model_that_a_router_chose():
    """A plan has no prices: those of the maker hold, with a note."""
    (call,) = calls([HEADER, answer(provider="openai-codex", model="large-1")])
    assert (call.calculate().total, "openai-codex" in call.calculate().notes[0]) == (2 * ONE, True)
    (call,) = calls([HEADER, answer(provider="openrouter", model="auto", responseModel="small-1")])
    assert (call.calculate().total, call.calculate().matched_as) == (ONE, "small-1")


def test_a_count_that_is_none_is_an_error():
    errors = []
    assert calls([HEADER, answer(usage=counted(-1))], on_error=errors.append) == []
    assert [(error.line, error.reason) for error in errors] == [
        (2, "usage.input=-1 is no count of tokens: a whole number >= 0")
    ]


def test_a_line_that_is_read_later_belongs_to_its_session(tmp_path):
    """The index goes on where it stopped: 0.001 + 0.00005 + 0.0004 twice, and a summary of 0.0014."""
    logs = Logs(tmp_path)
    logs.write("s", SESSION)
    assert logs.rows() == {"ses-1": (1, "0.00145")}
    summary = entry("compaction", "d0000001", 9, summary="...", tokensBefore=9000, usage=counted(read=0))
    logs.append("s", answer("b0000002", 8), summary)
    assert logs.rows() == {"ses-1": (3, "0.0043")}
    assert logs.rows("agent") == {"pi": (3, "0.0043")}


def test_calls_in_somebodys_own_records_are_priced_as_ever():
    """Records with the keys of an entry, and counters of another shape: 1000 in and 100 out are 0.0014."""
    used = {"model": "small-1", "usage": {"input_tokens": 1000, "output_tokens": 100}}
    own = [entry("message", "f1", **used), entry("custom", "f2", response={"type": "message", **used})]
    found = calls([HEADER, answer(), *own])
    assert sorted(call.calculate().total for call in found) == [Decimal("0.0014")] * 2 + [ONE]
