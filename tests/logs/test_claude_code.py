"""Session logs of Claude Code: one call is all lines of one message in all files, and its fullest line counts.

Prices are 1 USD a million for input, 4 for output, 0.1 for reads of the cache, 1.25 and 2 for writes of 5 minutes and 1
hour.
"""

from __future__ import annotations

import json
import random
from decimal import Decimal
from itertools import chain

import pytest

from llmcost import CostMap, Record, SpendLog, read_log

PRICES = CostMap(
    {
        name: {
            "input_cost_per_token": 1e-06,
            "output_cost_per_token": 4e-06,
            "cache_read_input_token_cost": 1e-07,
            "cache_creation_input_token_cost": 1.25e-06,
            "cache_creation_input_token_cost_above_1hr": 2e-06,
            "litellm_provider": "anthropic",
        }
        for name in ("claude-a", "claude-b")
    }
)
USER = {"type": "user", "sessionId": "s1", "message": {"role": "user", "content": "Hello"}, "uuid": "u0"}
SUMMARY = {"type": "summary", "summary": "A greeting", "leafUuid": "u9"}


def line(message="m1", output=100, *, stop="end_turn", request="r1", model="claude-a", session="s1", **beside):
    """A line: 1000 tokens of input, 10,000 read, 400 written for an hour: 0.001 + 0.001 + 0.0008, and the output."""
    usage = {
        "input_tokens": 1000,
        "cache_creation_input_tokens": 400,
        "cache_read_input_tokens": 10_000,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 400},
        "output_tokens": output,
        "service_tier": "standard",
        "inference_geo": "not_available",
    }
    content = [{"type": "text", "text": "Hello"}]
    body = {"id": message, "type": "message", "role": "assistant", "model": model, "content": content, "usage": usage}
    found = {
        "type": "assistant",
        "sessionId": session,
        "cwd": "/projects/shop",
        "timestamp": "2026-01-05T10:00:00.500Z",
        "requestId": request,
        "isSidechain": False,
        "message": {**body, "stop_reason": stop},
        **beside,
    }
    return {name: value for name, value in found.items() if value is not None}


@pytest.fixture
def folder(tmp_path):
    """Write files of lines into a folder and return it."""

    def write(**files):
        for name, lines in files.items():
            path = tmp_path / "projects" / "-home-me-project" / f"{name.replace('__', '/')}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join((text if isinstance(text, str) else json.dumps(text)) + "\n" for text in lines))
        return tmp_path / "projects"

    return write


def total(path, **keywords):
    return sum(record.calculate().total for record in read_log(path, cost_map=PRICES, **keywords))


# 0.001 + 10,000 x 1e-7 + 400 x 2e-6 + 100 x 4e-6
ONE = Decimal("0.0032")


def test_a_message_in_three_lines_is_one_call(folder):
    """Placeholders of 1 and 8 tokens of output stand before the last line, which has 100."""
    path = folder(s1=[SUMMARY, USER, line(output=1, stop=None), line(output=8, stop=None), line()])
    log = read_log(path, cost_map=PRICES)
    (call,) = log
    assert isinstance(call, Record)
    cost = call.calculate()
    assert (cost.total, cost.lower_bound) == (ONE, False)
    assert {item.meter: item.quantity for item in cost.line_items} == {
        "input": 1000,
        "cache_read": 10_000,
        "cache_write_1h": 400,
        "output": 100,
    }
    assert (call.line, call.time) == (5, "2026-01-05T10:00:00.500Z")
    assert call.own == {
        "agent": "claude_code",
        "id": "m1",
        "session": "s1",
        "project": "/projects/shop",
        "request": "r1",
    }
    assert log.passed == {"summary": 1, "user": 1, "copies of calls": 2}


def test_the_whole_line_with_the_most_output_counts_and_never_a_mixture(folder):
    """The model fell back in mid-stream: the fuller line is claude-b's, with no cache; 1000 x 1e-6 + 50 x 4e-6."""
    fuller = line(output=50, model="claude-b")
    fuller["message"]["usage"] = {"input_tokens": 1000, "output_tokens": 50}
    (call,) = read_log(folder(s1=[line(output=8, stop=None), fuller]), cost_map=PRICES)
    cost = call.calculate()
    assert (cost.matched_as, cost.total) == ("claude-b", Decimal("0.0012"))


def test_a_message_that_never_ended_is_a_lower_bound(folder):
    """Only lines from before the end: 8 tokens of output at least."""
    (call,) = read_log(folder(s1=[line(output=8, stop=None)]), cost_map=PRICES)
    assert (call.calculate().total, call.calculate().lower_bound) == (Decimal("0.002832"), True)
    bare = line()
    del bare["message"]["stop_reason"]
    (call,) = read_log(folder(s1=[bare]), cost_map=PRICES)
    assert (call.calculate().total, call.calculate().lower_bound) == (ONE, False)


def test_subagents_and_side_chains_are_calls(folder):
    """A sub-agent has a file of its own; a progress line of its parent shows its message once more."""
    shown = {"type": "progress", "sessionId": "s1", "data": {"type": "agent_progress", "message": line("m2")}}
    path = folder(
        s1=[line("m1"), shown],
        s1__subagents__agent_a7=[line("m2", isSidechain=True, agentId="a7"), line("m3", isSidechain=True)],
    )
    log = read_log(path, cost_map=PRICES)
    found = {call.own["id"]: call for call in log}
    assert sorted(found) == ["m1", "m2", "m3"]
    assert found["m3"].own["sidechain"] is True
    assert log.passed == {"copies of calls": 1}
    assert total(path) == 3 * ONE
    # Without the sub-agent's file what its parent shows is the only trace of the call.
    assert total(path / "-home-me-project" / "s1.jsonl") == 2 * ONE


def test_lines_that_are_no_calls_are_counted_and_are_no_errors(folder):
    """Errors of the program, lines without usage, kinds of another version; before and behind the first known line."""
    synthetic = line("m8", 0, model="<synthetic>", isApiErrorMessage=True)
    new = {"type": "weather-report", "sky": "blue"}
    no_usage = {"type": "assistant", "sessionId": "s1", "message": {"id": "m9", "role": "assistant", "content": []}}
    log = read_log(folder(s1=[new, SUMMARY, synthetic, no_usage, line(), new]), cost_map=PRICES)
    assert [call.own["id"] for call in log] == ["m1"]
    assert log.passed == {"weather-report": 2, "summary": 1, "<synthetic>": 1, "assistant": 1}


def test_a_session_without_calls_is_empty(folder):
    log = read_log(folder(s1=[SUMMARY, USER]), cost_map=PRICES)
    assert (list(log), log.passed) == ([], {"summary": 1, "user": 1})


def test_endpoints_that_state_no_request(folder):
    """The id of the message is enough; a copy without the request's id is one of the line that has it."""
    assert total(folder(s1=[line(request=None, output=1, stop=None), line(request=None)])) == ONE
    assert total(folder(s1=[line(), line(request=None, output=50)])) == ONE
    # 0.0028 + 200 x 4e-6: the copy is the fuller one.
    assert total(folder(s1=[line(), line(request=None, output=200)])) == Decimal("0.0036")
    # Two requests are two calls, as some gateways number their messages anew.
    assert total(folder(s1=[line(), line(request="r2")])) == 2 * ONE


def test_messages_without_an_id_are_told_apart_by_their_lines(folder):
    one, two = line(uuid="u1"), line(uuid="u2")
    for each in (one, two):
        del each["message"]["id"]
    assert total(folder(s1=[one, two, one])) == 2 * ONE
    for each in (one, two):
        del each["uuid"], each["requestId"]
    two["timestamp"] = "2026-01-05T10:00:01.500Z"
    assert total(folder(s1=[one, two, one])) == 2 * ONE


def test_the_cost_that_older_versions_state_is_the_recorded_one(folder):
    (call,) = read_log(folder(s1=[line(costUSD=0.005)]), cost_map=PRICES)
    assert (call.cost, call.calculate().total) == (Decimal("0.005"), ONE)


def test_a_torn_line_is_an_error_and_the_rest_is_read(folder):
    errors = []
    path = folder(s1=[line("m1"), json.dumps(line("m2"))[:200], line("m3")])
    found = [call.own["id"] for call in read_log(path, on_error=errors.append)]
    assert (found, [error.line for error in errors]) == (["m1", "m3"], [2])


def test_counters_that_cannot_be_read_stay_an_error_of_their_call(folder):
    """Zeros beside an answer are no usage, though what was said is not kept otherwise."""
    zeros = line()
    zeros["message"]["usage"] = {"input_tokens": 0, "output_tokens": 0}
    (call,) = read_log(folder(s1=[zeros]), cost_map=PRICES)
    with pytest.raises(ValueError, match="this message"):
        call.calculate()


def test_responses_beside_a_session_are_priced_as_ever(folder):
    """A message with a session of its owner's is no line of this program, whatever its type is called."""
    own = {**line()["message"], "sessionId": "mine"}
    other = {"type": "call", "model": "claude-a", "usage": {"input": 1000, "output": 100}}
    log = read_log(folder(s1=[USER, own, line("m2"), other]), cost_map=PRICES)
    # The last is 0.001 + 100 x 4e-6.
    assert sorted(call.calculate().total for call in log) == [Decimal("0.0014"), ONE, ONE]
    assert log.passed == {"user": 1}


FILES = {
    "s1": [SUMMARY, USER, line("m1", 1, stop=None), line("m1"), line("m2", 8, stop=None), line("m2", 30)],
    "s2": [line("m1", session="s2"), line("m3", 8, stop=None), line("m3", 8, model="claude-b"), USER],
    "s3": [line("m2", 30, request=None), line("m4", 5, timestamp="2026-01-05T11:00:00Z"), line("m4", 5)],
}
# m1 100, m2 30, m3 8, m4 5 tokens of output: 4 x 0.0028 + 143 x 4e-6.
ALL = Decimal("0.011772")


def test_no_order_of_lines_and_files_changes_the_sum(folder):
    """Also the model of a call whose lines say equally much is the same in every order."""
    assert total(folder(**FILES)) == ALL
    dice = random.Random(19)
    seen = set()
    for _ in range(30):
        lines = [json.dumps(each) for each in chain(*FILES.values())]
        dice.shuffle(lines)
        found = [
            (call.own["id"], call.calculate().matched_as, call.time, call.own["session"])
            for call in read_log(lines, cost_map=PRICES)
        ]
        assert total(lines) == ALL
        seen.add(tuple(sorted(found)))
    assert len(seen) == 1


def test_a_copied_file_adds_nothing(folder):
    path = folder(**FILES, copy=FILES["s1"], copy__deep=FILES["s3"] + FILES["s2"])
    assert total(path) == ALL


def test_several_processes_read_the_same(folder):
    """Blocks of about 1 MB, with a message whose lines stand in two of them."""
    lines = [line("m0", 1, stop=None), *(line(f"m{number}", 10) for number in range(1, 3000)), line("m0", 10), USER]
    path = folder(s1=lines)
    one, two = read_log(path, cost_map=PRICES), read_log(path, cost_map=PRICES, jobs=2)
    places = [call.place for call in one]
    assert [call.place for call in two] == places
    assert len(places) == 3000
    assert one.passed == two.passed == {"user": 1, "copies of calls": 1}


def test_a_spend_log_takes_each_call_once(folder, tmp_path):
    """The id of a call is that of its message, so that the second import adds nothing."""
    path = folder(**FILES)
    with SpendLog(f"sqlite:///{tmp_path / 'spend.db'}") as log:
        for _ in range(2):
            for call in read_log(path, cost_map=PRICES):
                log.record(call.calculate(), id=call.own["id"], session=call.own["session"], at=call.time)
        log.drain()
        calls = log.calls()
    assert sorted(call.id for call in calls) == ["m1", "m2", "m3", "m4"]
    assert sum(call.cost for call in calls) == ALL


def relayed(second, output, *, stop="end_turn", entered=1000, session="s1", **beside):
    """A line of a gateway that states no request, and gives the same id to every message."""
    found = line("relay", output, stop=stop, request=None, session=session, **beside)
    found["timestamp"] = f"2026-01-05T10:00:{second:02}.000Z"
    found["message"]["usage"] = {"input_tokens": entered, "output_tokens": output}
    return found


# 1000 x 1e-6 + 100 x 4e-6, and 2000 x 1e-6 + 100 x 4e-6 for the next, whose prompt is longer.
FIRST, NEXT = Decimal("0.0014"), Decimal("0.0024")


def test_a_gateway_that_gives_one_id_to_every_message(folder):
    """Each stream has placeholders and an end; two sessions are two, and a copy of a session adds nothing."""
    first = [relayed(1, 1, stop=None), relayed(2, 100)]
    second = [relayed(4, 1, stop=None, entered=2000), relayed(5, 1, stop=None, entered=2000)]
    second.append(relayed(6, 100, entered=2000))
    assert total(folder(s1=[*first, USER, *second])) == FIRST + NEXT
    other = [relayed(11, 1, stop=None, session="s2"), relayed(12, 100, session="s2")]
    assert total(folder(s1=[*first, USER, *second], s2=other)) == 2 * FIRST + NEXT
    copy = [{**each, "sessionId": "s3"} for each in (*first, *second)]
    own = relayed(20, 100, entered=3000, session="s3")
    whole = 2 * FIRST + NEXT + Decimal("0.0034")
    assert total(folder(s1=[*first, USER, *second], s2=other, s3=[*copy, own])) == whole
    # Two sub-agents that run at once.
    agents = [relayed(1, 1, stop=None, agentId="a"), relayed(2, 1, stop=None, entered=2000, agentId="b")]
    agents += [relayed(3, 100, agentId="a"), relayed(4, 100, entered=2000, agentId="b")]
    assert total(folder(s1=agents, s2=[], s3=[])) == FIRST + NEXT


def test_what_is_imported_from_a_gateway_that_gives_one_id_to_every_message(folder, tmp_path):
    """However long the id is, each call is kept once, also where the last of them grows between two imports."""

    def imported(**files):
        done = log.import_calls(read_log(folder(**files), cost_map=PRICES), cost_map=PRICES)
        return done.new, done.grown, done.known, log.total().cost

    def named(lines, **beside):
        return [{**each, **beside, "message": {**each["message"], "id": "relay-for-everybody"}} for each in lines]

    first, later = [relayed(1, 1, stop=None), relayed(2, 100)], [relayed(4, 1, stop=None), relayed(5, 100)]
    with SpendLog(f"sqlite:///{tmp_path / 'spend.db'}") as log:
        # 1000 x 1e-6 + 1 x 4e-6 for the call that has not ended.
        assert imported(s1=named([*first, later[0]])) == (2, 0, 0, FIRST + Decimal("0.001004"))
        assert imported(s1=named([*first, *later])) == (0, 1, 1, 2 * FIRST)
        copy = named([*first, *later], sessionId="s2")
        assert imported(s1=named([*first, *later]), s2=copy) == (0, 0, 2, 2 * FIRST)
        # The same gateway with an id for each request, of which a copy has lost one.
        asked = [*named(first, requestId="r1"), *named(later, requestId="r2")]
        assert imported(s1=[], s2=[], s3=asked) == (2, 0, 0, 4 * FIRST)
        assert imported(s3=asked[:2], s4=[*named(first), *asked[2:]]) == (0, 0, 2, 4 * FIRST)


def test_what_tells_streams_without_a_request_apart(folder):
    """Output that falls begins another stream; after an end the same counters are a copy, and others are a stream."""
    falling = [relayed(1, 100, stop=None), relayed(2, 50, stop=None, entered=2000)]
    assert total(folder(s1=falling)) == FIRST + Decimal("0.0022")
    rising = [relayed(1, 50, stop=None), relayed(2, 100, stop=None)]
    assert total(folder(s1=rising)) == FIRST
    again = [relayed(1, 100), relayed(2, 100)]
    assert total(folder(s1=again)) == FIRST
    longer = [relayed(1, 100), relayed(2, 100, entered=2000)]
    assert total(folder(s1=longer)) == FIRST + NEXT
    # The gateway says how long the prompt was when the answer has ended.
    late = [relayed(1, 1, stop=None, entered=0), relayed(2, 100)]
    assert total(folder(s1=late)) == FIRST


def test_a_side_question_copies_the_conversation_under_other_requests(folder):
    """Its copies are no calls, be they from before the end of a message or not; its own answer is one."""
    aside = {"isSidechain": True, "agentId": "aside_question-1"}
    copies = [line(request="r7", **aside), line("m2", output=8, stop=None, request="r8", **aside)]
    talk = [line(), line("m2", output=8, stop=None), line("m2")]
    log = read_log(folder(s1=talk, agent=[*copies, line("m3", request="r9", **aside)]), cost_map=PRICES)
    assert [call.own["id"] for call in log] == ["m3", "m1", "m2"]
    assert sum(call.calculate().total for call in read_log(folder(), cost_map=PRICES)) == 3 * ONE
    assert log.passed == {"copies of calls": 3}
    # A sub-agent whose gateway gives one id to every message has another prompt.
    other = line(request="r7", **aside)
    other["message"]["usage"] = {"input_tokens": 2000, "output_tokens": 100}
    assert total(folder(s1=[line()], agent=[other])) == ONE + NEXT


def test_no_order_of_lines_and_files_changes_what_a_gateway_costs(folder):
    """However they come, the calls are the same."""
    lines = [relayed(second, output, stop=stop) for second, output, stop in ((1, 1, None), (2, 100, "end_turn"))]
    lines += [relayed(4, 1, stop=None, entered=2000), relayed(5, 100, entered=2000)]
    lines += [{**each, "sessionId": "s2"} for each in lines]
    chosen = random.Random(5)
    for _ in range(10):
        chosen.shuffle(lines)
        half = chosen.randrange(len(lines))
        assert total(folder(s1=lines[:half], s2=lines[half:])) == FIRST + NEXT


def test_a_file_that_only_describes_a_session_holds_no_calls(folder):
    """A session that was named, and in which nothing was asked."""
    kinds = {"custom-title": "customTitle", "ai-title": "aiTitle", "agent-name": "agentName", "mode": "mode"}
    kinds |= {"last-prompt": "lastPrompt", "permission-mode": "permissionMode", "pr-link": "prUrl"}
    log = read_log(folder(s1=[{"type": kind, name: "x", "sessionId": "s1"} for kind, name in kinds.items()]))
    assert (list(log), log.passed) == ([], dict.fromkeys(kinds, 1))
