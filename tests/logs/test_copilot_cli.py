"""Session logs of GitHub Copilot's command line: the end of a run counts it, model by model.

Prices are 1 USD a million for input, 0.1 for what is read from the cache, 1.25 for what is written, and 4 for output.
"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, read_log
from llmcost.errors import MissingUsageError
from tests.agent_prices import row
from tests.session_logs import Logs

PRICES = CostMap({name: row("anthropic") for name in ("big-1", "small-1")})


class Session:
    """The events of a session, each with the id of the one before."""

    def __init__(self, name="s1"):
        self.name, self.events = name, []

    def add(self, kind, /, *, agent=None, **data):
        number = len(self.events)
        before = self.events[-1]["id"] if self.events else None
        event = {"type": kind, "data": data, "id": f"{self.name}-{number}", "parentId": before}
        event["timestamp"] = f"2026-01-05T10:00:{number:02}.500Z"
        self.events.append(event if agent is None else {**event, "agentId": agent})
        return self

    def start(self, model="big-1"):
        where = {"cwd": "/project/shop", "branch": "main"}
        return self.add("session.start", sessionId=self.name, selectedModel=model, context=where, version=1)

    def message(self, output=100, **data):
        return self.add("user.message", content="Hello").add(
            "assistant.message", messageId="m", outputTokens=output, **data
        )

    def end(self, **models):
        return self.add("session.shutdown", shutdownType="routine", totalPremiumRequests=3, modelMetrics=models)


def used(requests=2, entered=1000, output=100, read=600, written=200):
    """Of 1000 in, 600 are read and 200 written: 0.0002 + 0.00006 + 0.00025, and 0.0004 for 100 out."""
    counts = {"inputTokens": entered, "outputTokens": output, "cacheReadTokens": read, "cacheWriteTokens": written}
    return {"requests": {"count": requests, "cost": 3}, "usage": {**counts, "reasoningTokens": 30}}


ONE = Decimal("0.00091")
NOTHING = {"requests": {"count": 0, "cost": 0}, "usage": dict.fromkeys(used()["usage"], 0)}


@pytest.fixture
def folder(tmp_path):
    """Write sessions, and return the folder of all of them."""

    def write(*sessions):
        for session in sessions:
            path = tmp_path / "session-state" / session.name / "events.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(json.dumps(each) + "\n" for each in session.events))
        return tmp_path / "session-state"

    return write


def test_a_session_that_has_ended(folder):
    """Its end counts each model that was called; the messages before it are in there, those of sub-agents too."""
    session = (
        Session().start().message(70).message(30, agent="a1").end(**{"big-1": used(), "small-1": used(1), "x": NOTHING})
    )
    log = read_log(folder(session), cost_map=PRICES)
    found = list(log)
    assert [(call.stated().model, call.calculate().total, call.calculate().lower_bound) for call in found] == [
        ("big-1", ONE, False),
        ("small-1", ONE, False),
    ]
    assert found[0].stated().quantities == {
        "input": 200,
        "cache_read": 600,
        "cache_write": 200,
        "output": 70,
        "reasoning": 30,
    }
    # A sum of two requests has no prompt of its own; that of one has.
    assert [call.stated().context for call in found] == [None, 1000]
    about = {"agent": "copilot_cli", "session": "s1", "project": "/project/shop"}
    assert [call.own for call in found] == [{**about, "id": f"s1-5 {model}"} for model in ("big-1", "small-1")]
    assert log.passed == {"session.start": 1, "user.message": 2, "copies of calls": 2}


def test_a_session_that_was_resumed(folder):
    """Each end counts what came after the one before; one that counts nothing leaves its run open."""
    session = Session().start().message().end(**{"big-1": used()}).add("session.resume", eventCount=3)
    session.message().end().message().end(**{"big-1": used(entered=800, read=400)})
    found = list(read_log(folder(session), cost_map=PRICES))
    # The same but for 200 that were read.
    assert [call.calculate().total for call in found] == [ONE, ONE - Decimal("0.00002")]


def test_a_resumed_session_whose_ends_count_from_its_start(folder, tmp_path):
    """No counter has fallen, and what the second adds holds the output that was stated since: it is what counts."""
    session = Session().start().message(90).end(**{"big-1": used()}).add("session.resume", eventCount=3)
    session.message(40).end(**{"big-1": used(3, 1500, 150, 900, 300), "small-1": used(1)})
    found = list(read_log(folder(session), cost_map=PRICES))
    # 500 in, of which 300 are read and 100 written, and 50 out: 0.0001 + 0.00003 + 0.000125 + 0.0002.
    assert [call.calculate().total for call in found] == [ONE, Decimal("0.000455"), ONE]
    assert [call.calculate().lower_bound for call in found] == [False] * 3
    assert [call.stated().context for call in found] == [None, 500, 1000]


@pytest.mark.parametrize(("output", "second"), [(50, "0.000455"), (51, "0.001365")])
def test_what_the_messages_state_tells_from_where_an_end_counts(folder, output, second):
    """50 are more by the second end: 51 that were stated are not in there, so that it began anew.

    All of it is 0.0003 for 300 that are neither read nor written, 0.00009, 0.000375, and 0.0006.
    """
    session = Session().start().message().end(**{"big-1": used()}).add("session.resume", eventCount=3)
    session.message(output).end(**{"big-1": used(3, 1500, 150, 900, 300)})
    found = list(read_log(folder(session), cost_map=PRICES))
    assert [call.calculate().total for call in found] == [ONE, Decimal(second)]


def test_an_end_of_which_nothing_tells_from_where_it_counts(folder):
    """Its increase is certain, and a lower bound; one that counts nothing more is no call."""
    session = Session().start().message().end(**{"big-1": used()}).add("session.resume", eventCount=3)
    session.end(**{"big-1": used()}).add("session.resume", eventCount=5)
    session.message(0).end(**{"big-1": used(3, 1500, 150, 900, 300)})
    found = list(read_log(folder(session), cost_map=PRICES))
    costs = [call.calculate() for call in found]
    assert [(cost.total, cost.lower_bound) for cost in costs] == [(ONE, False), (Decimal("0.000455"), True)]


def test_a_session_that_was_left_without_an_end_and_resumed(folder):
    """The end counts what came after; the output before it is a lower bound. One that is joined goes on."""
    session = Session().start().message(50).add("session.resume", eventCount=3).message()
    session.add("session.resume", eventCount=5, alreadyInUse=True).message().end(**{"big-1": used()})
    found = list(read_log(folder(session), cost_map=PRICES))
    costs = [call.calculate() for call in found]
    assert [(cost.total, cost.lower_bound) for cost in costs] == [(Decimal("0.0002"), True), (ONE, False)]


def test_several_sessions_in_one_file(tmp_path):
    """Nothing of one is said of the next, and one that stands there twice counts once."""
    one, other = Session().start().message().end(**{"big-1": used()}), Session("s2")
    other.add("session.start", sessionId="s2").message(model="big-1").end(**{"big-1": used()})
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in [*one.events, *other.events, *one.events]))
    found = list(read_log(path, cost_map=PRICES))
    said = [(call.own["session"], call.own.get("project"), call.calculate().total) for call in found]
    assert said == [("s1", "/project/shop", ONE), ("s2", None, ONE)]


def test_a_summary_by_the_names_of_the_documentation(folder):
    """Of 1000 in, 600 are read: 0.0004 + 0.00006, and 0.0004 for 100 out."""
    session = (
        Session()
        .start()
        .add("session.compaction_complete", compactionTokensUsed={"input": 1000, "output": 100, "cachedInput": 600})
    )
    (call,) = read_log(folder(session), cost_map=PRICES)
    assert (call.calculate().total, call.calculate().lower_bound) == (Decimal("0.00086"), False)


def test_a_program_that_was_killed(folder):
    """The output of its messages is known, and all of a summary; what the messages have read is not."""
    summary = {
        "model": "small-1",
        "inputTokens": 1000,
        "outputTokens": 100,
        "cacheReadTokens": 600,
        "cacheWriteTokens": 200,
    }
    session = Session().start().message().add("session.model_change", newModel="small-1").message(50).message(0)
    session.add("session.compaction_complete", success=True, compactionTokensUsed=summary).message(25, model="big-1")
    found = list(read_log(folder(session), cost_map=PRICES))
    costs = [call.calculate() for call in found]
    assert [(call.stated().model, cost.total, cost.lower_bound) for call, cost in zip(found, costs, strict=True)] == [
        ("big-1", Decimal("0.0004"), True),
        ("small-1", Decimal("0.0002"), True),
        ("small-1", ONE, False),
        ("big-1", Decimal("0.0001"), True),
    ]
    assert str(costs[0].notes[0]) == "the event leaves out what the model has read"


def test_all_events_that_somebody_has_kept(folder):
    """Each call counts by itself, and the end of the run states them once more."""
    session = Session().start().message()
    session.add("assistant.usage", agent="a1", model="big-1", **used()["usage"]).end(**{"big-1": used(1)})
    (call,) = read_log(folder(session), cost_map=PRICES)
    assert (call.calculate().total, call.own["subagent"], call.line) == (ONE, "a1", 4)


def test_where_a_session_works(folder):
    """What tools say of sessions and folders is nothing of it."""
    session = Session().start().add("external_tool.requested", sessionId="s9", cwd="/project/other").message()
    session.add("session.context_changed", cwd="/project/docs").message()
    found = list(read_log(folder(session), cost_map=PRICES))
    places = [("s1", "/project/shop"), ("s1", "/project/docs")]
    assert [(call.own["session"], call.own["project"]) for call in found] == places


def test_a_copy_of_a_session_counts_once(folder, tmp_path):
    """By the ids of its events; one that is older has no end yet."""
    session = Session().start().message().end(**{"big-1": used()})
    older = Session().start().message()
    path = tmp_path / "session-state" / "old" / "events.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in [*older.events, *session.events]))
    log = read_log(folder(session), cost_map=PRICES)
    assert [call.calculate().total for call in log] == [ONE]


def test_a_count_that_is_none_is_an_error(folder):
    errors = []
    assert list(read_log(folder(Session().start().message(1.5)), on_error=errors.append)) == []
    (error,) = errors
    assert (error.line, error.reason) == (3, "data.outputTokens=1.5 is no count of tokens: a whole number >= 0")


def test_an_end_that_leaves_out_a_side_is_an_error(folder):
    """It has used a model, and what that has read is not 0."""
    session = Session().start().end(**{"big-1": {"requests": {"count": 1}, "usage": {"outputTokens": 5}}})
    (call,) = read_log(folder(session), cost_map=PRICES)
    with pytest.raises(MissingUsageError):
        call.calculate()


def test_the_index(tmp_path):
    """The messages of a session count until it ends, also where the end is read later."""
    logs = Logs(tmp_path)
    begun = Session().start("small-1").message()
    logs.write("copilot/events", begun.events)
    assert logs.rows() == {"s1": (1, "0.0004")}
    read = len(begun.events)
    begun.end(**{"small-1": used()}).message(25)
    logs.append("copilot/events", *begun.events[read:])
    # The end, and a message of the run after it.
    assert logs.rows() == {"s1": (2, "0.00101")}
    assert logs.rows("agent") == {"copilot_cli": (2, "0.00101")}
    read = len(begun.events)
    begun.end(**{"small-1": used(3, 1500, 150, 900, 300)})
    logs.append("copilot/events", *begun.events[read:])
    # What the second end adds to the first.
    assert logs.rows() == {"s1": (2, "0.001365")}


def test_events_without_a_file_and_in_records_of_ones_own():
    """A line proves itself; a record around an event is somebody's own."""
    session = Session().start().message().end(**{"big-1": used()})
    assert [call.calculate().total for call in read_log(session.events, cost_map=PRICES)] == [ONE]
    own = {"time": 1767607200, "team": "a", "response": {**session.events[-1], "parentId": None}}
    (call,) = read_log([own], cost_map=PRICES)
    assert (call.calculate().total, call.own) == (ONE, {"team": "a"})
