"""Session logs of Codex: running totals, repeated events, and files that begin with a copy of their parent's events.

Prices are 1 USD a million for input, 0.1 for cached input and 4 for output; codex-b costs twice as much.
"""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import permutations

import pytest

from llmcost import CostMap, SpendLog, UnknownModelError, read_log
from tests.agent_prices import row

PRICES = CostMap({"codex-a": row("openai"), "codex-b": row("openai", 2)})


def at(second, kind, payload):
    return {"timestamp": f"2026-01-05T10:00:{second:02}.250Z", "type": kind, "payload": payload}


def meta(session, second=0, **beside):
    return at(second, "session_meta", {"id": session, "cwd": "/projects/shop", "cli_version": "0.150.0", **beside})


def turn(model="codex-a", second=0):
    return at(second, "turn_context", {"model": model, "cwd": "/projects/shop", "effort": "high"})


def counters(entered, cached, answer, thought=0):
    return {
        "input_tokens": entered,
        "cached_input_tokens": cached,
        "output_tokens": answer,
        "reasoning_output_tokens": thought,
        "total_tokens": entered + answer,
    }


def count(total, last, second=1):
    info = {name: value for name, value in (("total_token_usage", total), ("last_token_usage", last)) if value}
    info["model_context_window"] = 258_400
    return at(second, "event_msg", {"type": "token_count", "info": info, "rate_limits": None})


# Two calls of 1000 and 2000 tokens; the second had 1000 of them cached.
FIRST = count(counters(1000, 0, 100, 40), counters(1000, 0, 100, 40), 1)
SECOND = count(counters(3000, 1000, 300, 40), counters(2000, 1000, 200), 2)
# 1000 x 1e-6 + 100 x 4e-6, and 1000 x 1e-6 + 1000 x 1e-7 + 200 x 4e-6
ONE, TWO = Decimal("0.0014"), Decimal("0.0019")
TALK = at(1, "response_item", {"type": "message", "role": "user", "content": []})
PARENT = [meta("p"), turn(), TALK, FIRST, SECOND]


@pytest.fixture
def folder(tmp_path):
    """Write files of lines into a folder and return it."""

    def write(**files):
        for name, lines in files.items():
            path = tmp_path / "sessions" / "2026" / "01" / "05" / f"rollout-{name}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(json.dumps(each) + "\n" for each in lines))
        return tmp_path / "sessions"

    return write


def costs(path, **keywords):
    return [record.calculate().total for record in read_log(path, cost_map=PRICES, **keywords)]


def test_two_calls_of_a_session(folder):
    """The cached tokens are inside the input, the reasoning is inside the output, and the rest is no call."""
    log = read_log(folder(p=PARENT), cost_map=PRICES)
    first, second = log
    assert [first.calculate().total, second.calculate().total] == [ONE, TWO]
    assert second.stated().quantities == {"input": 1000, "cache_read": 1000, "output": 200}
    assert first.stated().quantities == {"input": 1000, "output": 60, "reasoning": 40}
    assert (second.line, second.time) == (5, "2026-01-05T10:00:02.250Z")
    assert second.own == {"agent": "codex", "id": "p:2", "session": "p", "project": "/projects/shop"}
    assert log.passed == {"session_meta": 1, "turn_context": 1, "response_item": 1}


def test_repeated_events_count_once(folder):
    """An event comes again with a new rate limit, and one has no counters yet."""
    nothing = at(0, "event_msg", {"type": "token_count", "info": None, "rate_limits": {}})
    log = read_log(folder(p=[meta("p"), turn(), nothing, FIRST, FIRST, SECOND, SECOND, SECOND]), cost_map=PRICES)
    assert [call.calculate().total for call in log] == [ONE, TWO]
    assert log.passed == {"session_meta": 1, "turn_context": 1, "token_count": 4}


def test_running_totals_alone(folder):
    """Older versions state no last call; a total below the one before is of a counter that began anew."""
    lines = [meta("p"), turn()]
    for total in ((1000, 0, 100), (3000, 1000, 300), (1000, 0, 100)):
        lines.append(count(counters(*total), None))
    assert costs(folder(p=lines)) == [ONE, TWO, ONE]


def test_a_session_that_goes_on_from_another_starts_with_its_last_call(folder):
    """The first total holds calls of before, which stand in another file."""
    assert costs(folder(p=[meta("p"), turn(), SECOND])) == [TWO]


def test_a_call_whose_event_is_missing_is_in_the_total(folder):
    """The total grew by 3000 and 300: the last call, and 2000 tokens with 1000 cached and 200 of output beside it."""
    later = count(counters(4000, 1000, 400, 40), counters(1000, 0, 100), 3)
    assert costs(folder(p=[meta("p"), turn(), FIRST, later])) == [ONE, ONE, TWO]


def test_a_full_context_is_no_call(folder):
    """Its event states a total that no call has: the window, with neither input nor output."""
    full = {**counters(0, 0, 0), "total_tokens": 258_400}
    last = {**counters(0, 0, 0), "total_tokens": 255_100}
    after = count(counters(1000, 0, 100), counters(1000, 0, 100), 4)
    assert costs(folder(p=[*PARENT, count(full, last, 3), after])) == [ONE, TWO, ONE]


def test_the_model_changes_in_the_middle(folder):
    """codex-b costs twice as much; before any model is named there is none, and no guess."""
    assert costs(folder(p=[meta("p"), turn(), FIRST, turn("codex-b"), SECOND])) == [ONE, 2 * TWO]
    with pytest.raises(UnknownModelError):
        costs(folder(p=[meta("p"), FIRST]))


def test_a_count_that_is_none_is_an_error(folder):
    wrong = count(counters(-5, 0, 100), None)
    errors = []
    log = read_log(folder(p=[meta("p"), turn(), wrong, FIRST]), cost_map=PRICES, on_error=errors.append)
    assert [call.calculate().total for call in log] == [ONE]
    assert [(error.line, error.reason) for error in errors] == [
        (3, "total_token_usage.input_tokens=-5 is no count of tokens: a whole number >= 0")
    ]


# The copy has the times of the fork; then come the fork's own calls.
COPY = [{**each, "timestamp": "2026-01-06T09:00:00.000Z"} for each in PARENT]
OWN = count(counters(4000, 1000, 400, 40), counters(1000, 0, 100), 7)
OTHER = count(counters(3500, 1000, 350, 40), counters(500, 0, 50), 8)
FORK = [meta("f", forked_from_id="p"), *COPY, turn(), OWN]
# 500 x 1e-6 + 50 x 4e-6
HALF = Decimal("0.0007")


def test_a_fork_repeats_its_parent(folder):
    """Only what follows the copy is the fork's own, and the parent's calls keep their times."""
    log = read_log(folder(a_fork=FORK, parent=PARENT), cost_map=PRICES)
    found = list(log)
    assert [(call.own["id"], call.calculate().total) for call in found] == [("f:3", ONE), ("p:1", ONE), ("p:2", TWO)]
    assert all(call.time.startswith("2026-01-05") for call in found)
    assert found[0].own["parent"] == "p"
    assert log.passed["copies of calls"] == 2


def test_a_fork_of_a_fork_and_one_that_did_nothing(folder):
    grandchild = [
        meta("g", forked_from_id="f"),
        meta("f", forked_from_id="p"),
        *COPY,
        turn(),
        OWN,
        turn("codex-b"),
        SECOND,
    ]
    idle = [meta("i", forked_from_id="p"), *COPY]
    # A running total that goes back is a counter that began anew: SECOND is a call of 2000 tokens by codex-b.
    assert sorted(costs(folder(f=FORK, p=PARENT, g=grandchild, i=idle))) == sorted([ONE, TWO, ONE, 2 * TWO])


def test_sub_agents_that_say_only_who_started_them(folder):
    """One begins with the conversation so far, which its running totals show; a fresh one may look alike by chance."""
    spawned = {"source": {"subagent": {"thread_spawn": {"parent_thread_id": "p", "depth": 1}}}}
    copying = [meta("c", **spawned), turn(), FIRST, SECOND, OTHER]
    fresh = [meta("d", **spawned), turn(), FIRST]
    assert sorted(costs(folder(p=PARENT, c=copying, d=fresh))) == sorted([ONE, TWO, HALF, ONE])


def test_forks_whose_parent_is_lost(folder):
    """Copies are the only trace of the parent's calls: they count once, and so does what each fork did."""
    other = [meta("o", forked_from_id="p"), *COPY, turn(), OTHER]
    assert sorted(costs(folder(f=FORK, o=other))) == sorted([ONE, TWO, ONE, HALF])


def test_siblings_that_do_the_same_are_two_calls(folder):
    """With the parent at hand only its own calls are copies."""
    twin = [meta("t", forked_from_id="p"), *FORK[1:]]
    assert sorted(costs(folder(p=PARENT, f=FORK, t=twin))) == sorted([ONE, TWO, ONE, ONE])


def test_no_order_of_files_changes_the_sum(folder):
    other = [meta("o", forked_from_id="p"), *COPY, turn(), OTHER]
    for names in permutations("xyz"):
        path = folder(**dict(zip(names, (FORK, PARENT, other), strict=True)))
        assert sum(costs(path)) == ONE + TWO + ONE + HALF


def test_a_copied_and_an_archived_file_add_nothing(folder):
    """The archived copy was made before the last call."""
    path = folder(p=PARENT, f=FORK, copy=PARENT, archived=PARENT[:-1], again=FORK)
    assert sum(costs(path)) == ONE + TWO + ONE


def test_several_processes_read_the_same(folder):
    """A file of more than a block: what a line means depends on the lines before."""
    lines = [meta("p"), turn()]
    for number in range(1, 5001):
        lines.append(count(counters(1000 * number, 0, 100 * number), counters(1000, 0, 100)))
    path = folder(p=lines, f=FORK)
    one, two = read_log(path, cost_map=PRICES), read_log(path, cost_map=PRICES, jobs=2)
    ids = [call.own["id"] for call in one]
    assert [call.own["id"] for call in two] == ids
    assert one.passed == two.passed
    assert len(ids) == 5003


def test_sessions_one_after_the_other_in_one_stream():
    """As ``cat`` writes them: the description of another session begins it."""
    lines = [json.dumps(each) for each in (*PARENT, meta("q"), turn("codex-b"), FIRST)]
    found = [(call.own["id"], call.calculate().total) for call in read_log(lines, cost_map=PRICES)]
    assert found == [("p:1", ONE), ("p:2", TWO), ("q:1", 2 * ONE)]


def test_a_spend_log_takes_each_call_once(folder, tmp_path):
    path = folder(p=PARENT, f=FORK)
    with SpendLog(f"sqlite:///{tmp_path / 'spend.db'}") as log:
        for _ in range(2):
            for call in read_log(path, cost_map=PRICES):
                log.record(call.calculate(), id=call.own["id"], at=call.time)
        log.drain()
        calls = log.calls()
    assert sorted(call.id for call in calls) == ["f:3", "p:1", "p:2"]
    assert sum(call.cost for call in calls) == ONE + TWO + ONE


def record(response, usage, thread_total, second=1, *, thread="p", **line):
    payload = {"thread_id": thread, "turn_id": "t1", "session_id": thread, "root_turn_id": "t1"}
    usages = {"usage": usage, "turn_token_usage": usage, "thread_token_usage": thread_total}
    return {**at(second, "token_usage_record", {**payload, "response_id": response, **usages}), **line}


# The response that compacts the conversation has a record alone: the running total of the events leaves it out.
# 3000 x 1e-6 + 500 x 4e-6
COMPACTED = record("resp_2", counters(3000, 0, 500), counters(4000, 0, 600), 2)
SUMMARY = Decimal("0.005")
RECORDED = [
    meta("p"),
    turn(),
    record("resp_1", counters(1000, 0, 100, 40), counters(1000, 0, 100, 40), 1),
    FIRST,
    COMPACTED,
    at(2, "compacted", {"message": "", "compaction_response_id": "resp_2", "latest_token_usage_record": {}}),
    record("resp_3", counters(2000, 1000, 200), counters(6000, 1000, 800), 3),
    SECOND,
    SECOND,
]


def test_a_record_and_its_event_are_one_call(folder):
    """Three responses, of which one compacts; the times are those of the records."""
    log = read_log(folder(p=RECORDED), cost_map=PRICES)
    found = [(call.own["id"], call.calculate().total, call.time[17:19]) for call in log]
    assert found == [("resp_1", ONE, "01"), ("resp_2", SUMMARY, "02"), ("resp_3", TWO, "03")]
    assert log.passed == {"session_meta": 1, "turn_context": 1, "token_count": 3, "compacted": 1}


def test_an_event_before_its_record_is_the_same_call(folder):
    lines = [*RECORDED[:2], RECORDED[3], RECORDED[2], RECORDED[7], RECORDED[6]]
    assert costs(folder(p=lines)) == [ONE, TWO]


@pytest.mark.parametrize("order", [(3, 7, 2, 6), (3, 7, 6, 2), (3, 3, 2, 7, 7, 6)])
def test_events_before_their_records_are_the_same_calls(folder, order):
    """All events may come before all records, and an event may be repeated before its record."""
    assert costs(folder(p=[*RECORDED[:2], *(RECORDED[number] for number in order)])) == [ONE, TWO]


def test_two_records_before_one_event(folder):
    """The total grew by both, of which the event states the last."""
    both = count(counters(3000, 1000, 300, 40), counters(2000, 1000, 200), 3)
    assert costs(folder(p=[meta("p"), turn(), RECORDED[2], RECORDED[6], both])) == [ONE, TWO]
    third = record("resp_4", counters(500, 0, 50), counters(3500, 1000, 350), 4)
    three = count(counters(3500, 1000, 350, 40), counters(500, 0, 50), 4)
    begun = [meta("p"), turn(), RECORDED[2], FIRST, RECORDED[6], third]
    assert costs(folder(p=[*begun, three])) == [ONE, TWO, HALF]
    # The total grew by two more than the last, 2000 + 500 and 200 + 50 tokens: both have a record.
    fourth = record("resp_5", counters(500, 0, 50), counters(4000, 1000, 400), 5)
    four = count(counters(4000, 1000, 400, 40), counters(500, 0, 50), 5)
    assert costs(folder(p=[*begun, fourth, four])) == [ONE, TWO, HALF, HALF]


def test_a_session_that_was_begun_by_an_older_version(folder):
    """Its first call has an event alone, and one in the middle too; and equal calls stay as many as there are."""
    older = [meta("p"), turn(), FIRST, RECORDED[6], SECOND, OWN]
    assert costs(folder(p=older)) == [ONE, TWO, ONE]
    same = counters(1000, 0, 100)
    twice = [meta("p"), turn()]
    for number in (1, 2, 3):
        total = counters(1000 * number, 0, 100 * number)
        twice += [record(f"resp_{number}", same, total), count(total, same)]
    assert costs(folder(p=twice)) == [ONE, ONE, ONE]


def test_records_that_a_fork_copies(folder):
    """They name their thread, or do not; with the parent lost, or without its description, they count once."""
    copied = [{**each, "timestamp": "2026-01-06T09:00:00.000Z"} for each in RECORDED]
    own = record("resp_9", counters(500, 0, 50), counters(6500, 1000, 850), 9, thread="f")
    fork = [meta("f", forked_from_id="p"), *copied, turn(), own]
    whole = ONE + SUMMARY + TWO + HALF
    assert sum(costs(folder(p=RECORDED, f=fork))) == whole
    assert sum(costs(folder(f=fork))) == whole
    bare = [meta("f"), *copied[1:], turn(), own]
    assert sum(costs(folder(p=RECORDED, f=bare))) == whole
    # Only the events were copied, and the compaction was not: the totals of records and events differ.
    events = [meta("f", forked_from_id="p"), *PARENT[:2], FIRST, SECOND, turn(), own]
    recorded = [*RECORDED[:4], RECORDED[6], SECOND]
    assert sum(costs(folder(p=recorded, f=events))) == ONE + TWO + HALF


def test_the_original_counts_and_not_the_copy_of_its_record(folder):
    """One copied record after own ones is no beginning of a fork; the parent's time and session stay."""
    copy = {**RECORDED[2], "timestamp": "2026-02-01T00:00:00.000Z"}
    own = record("resp_9", counters(500, 0, 50), counters(500, 0, 50), 9, thread="f")
    for names in permutations("xy"):
        path = folder(**dict(zip(names, ([meta("f"), turn(), own, copy], RECORDED[:4]), strict=True)))
        found = {call.own["id"]: (call.own["session"], call.time[:7]) for call in read_log(path, cost_map=PRICES)}
        assert found == {"resp_1": ("p", "2026-01"), "resp_9": ("f", "2026-01")}


@pytest.mark.parametrize("begins", [4, "4"])
def test_a_sub_agent_that_says_where_its_own_history_begins(folder, begins):
    """One copied event might be a likeness by chance; its number says that it is none."""
    spawned = {"parent_thread_id": "p", "subagent_history_start_ordinal": begins}
    copied = [{**each, "ordinal": number} for number, each in enumerate([turn(), FIRST], 2)]
    own = count(counters(1500, 0, 150, 40), counters(500, 0, 50), 8)
    child = [{**meta("c", **spawned), "ordinal": 1}, *copied, {**own, "ordinal": 4}]
    assert sorted(costs(folder(p=PARENT, c=child))) == sorted([ONE, TWO, HALF])
    fresh = [{**meta("c", **spawned), "ordinal": 1}, {**turn(), "ordinal": 4}, {**FIRST, "ordinal": 5}]
    assert sorted(costs(folder(p=PARENT, c=fresh))) == sorted([ONE, TWO, ONE])


def test_settings_that_change_the_model(folder):
    """They are applied to a thread, without a context of a turn."""
    settings = at(2, "event_msg", {"type": "thread_settings_applied", "thread_settings": {"model": "codex-b"}})
    assert costs(folder(p=[meta("p"), turn(), FIRST, settings, SECOND])) == [ONE, 2 * TWO]


def test_settings_that_change_the_service_tier(folder):
    """Priority costs twice as much; settings that state no tier ask for none; a turn says nothing of it."""
    prices = CostMap(
        {
            "codex-a": row(
                "openai",
                input_cost_per_token_priority=2e-06,
                output_cost_per_token_priority=8e-06,
                cache_read_input_token_cost_priority=2e-07,
            )
        }
    )

    def settings(second, **beside):
        return at(
            second, "event_msg", {"type": "thread_settings_applied", "thread_settings": {"model": "codex-a", **beside}}
        )

    third = count(counters(4000, 1000, 400, 40), counters(1000, 0, 100), 6)
    lines = [meta("p"), turn(), FIRST, settings(2, service_tier="priority"), turn(second=3), SECOND, settings(5), third]
    calls = list(read_log(folder(p=lines), cost_map=prices))
    assert [call.calculate().total for call in calls] == [ONE, 2 * TWO, ONE]
    assert [call.facts.get("service_tier") for call in calls] == [None, "priority", None]
    # The word of the configuration is that of the program.
    lines[3] = settings(2, service_tier="fast")
    calls = list(read_log(folder(p=lines), cost_map=prices))
    assert [call.calculate().total for call in calls] == [ONE, 2 * TWO, ONE]


def test_lines_of_newer_versions_are_no_calls():
    """A file that begins with one of them is a log of Codex too."""
    kinds = ["world_state", "inter_agent_communication", "retained_context", "security_risk_score", "realtime_item"]
    log = read_log([at(1, kind, {"any": 1}) for kind in kinds])
    assert list(log) == []
    assert log.passed == dict.fromkeys(kinds, 1)
