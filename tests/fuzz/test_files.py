"""Damaged files: a log, session logs, a map that is offered as an update, a spool; and odd keywords and streams.

    LLMCOST_FUZZ=1000000 pytest -m fuzz tests/fuzz      as many of each; LLMCOST_FUZZ_SEED=5 tries others

Each damage has a seed of its own, which a failure names; ``KEPT`` holds those that once failed, which are tried first.
"""

from __future__ import annotations

import json
import os
import random
import warnings
from contextlib import closing

import pytest

import llmcost
from llmcost import Cost, CostMap, LLMCostError, Tracker, UpdateError
from llmcost.api.facts import FACTS
from tests import responses
from tests.sdks import optional
from tests.spend.calls import cost

FEW, MANY = 60, int(os.environ.get("LLMCOST_FUZZ", "100_000"))
SEED = int(os.environ.get("LLMCOST_FUZZ_SEED", "1"))
# Seeds that once failed, by target.
KEPT: dict[str, tuple[int, ...]] = {}
PRICES = CostMap({"gpt-4o": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})
EXAMPLES = [example.response for example in responses.everything() if example.response]
TOKENS = [
    b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 400, b'"x"', b"[]", b"{}", b"[[[[", b"\x00", b"\xff\xfe",
    b"\xed\xa0\x80", b'"\\ud800"', b"\x1b[2J", b"\r", b"\n", b",", b":", b'"', b"{", b"}", b'"usage":', b'"model":',
    b'"cost":', b"\xef\xbb\xbf",
]  # fmt: skip


def damaged(data, chance):
    """Return bytes with some cut, doubled, swapped or put in."""
    found = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        if not found:
            break
        first = chance.randrange(len(found))
        last = min(len(found), first + chance.choice((1, 1, 2, 8, 40, 400)))
        kind = chance.randrange(5)
        if kind == 0:
            del found[first:last]
        elif kind == 1:
            found[first:first] = found[first:last]
        elif kind == 2:
            found[first] ^= 1 << chance.randrange(8)
        elif kind == 3:
            found[first:last] = chance.choice(TOKENS)
        else:
            found[first:first] = chance.choice(TOKENS)
    return bytes(found)


def as_lines(rows):
    """Return rows as JSON Lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def check_cost(found):
    """A cost is not negative, can be shown, and can be written and read."""
    assert found.total >= 0
    assert found.explain()
    assert Cost.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False))).total == found.total


def a_log(chance, folder):
    """Lines of a log: a record or an error with its line, whatever the bytes."""
    rows = [{"response": chance.choice(EXAMPLES), "time": "2026-11-01T00:00:00Z", "user": "u"} for _ in range(4)]
    a_log_of(folder / "log.jsonl", damaged(as_lines(rows), chance))


def a_session(chance, folder):
    """Lines of a session log of an agent."""
    usage = {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 2}
    rows = [
        {
            "type": "assistant",
            "timestamp": "2026-11-20T10:00:00Z",
            "sessionId": "s",
            "cwd": "/p",
            "requestId": f"r{number}",
            "uuid": f"u{number}",
            "message": {"id": f"m{number}", "type": "message", "role": "assistant", "model": "gpt-4o", "usage": usage},
        }
        for number in range(4)
    ]
    a_log_of(folder / "session.jsonl", damaged(as_lines(rows), chance))


def a_log_of(path, data):
    """Read a file and price what is in it."""
    path.write_bytes(data)
    with closing(llmcost.read_log(str(path), cost_map=PRICES, on_error=str)) as records:
        for record in records:
            try:
                check_cost(record.calculate(cost_map=PRICES))
            except LLMCostError as error:
                assert str(error)  # noqa: PT017 - whichever it is


def an_update(chance, folder):
    """A map that is offered: it is refused, or what is in use afterwards is whole."""
    rows = {f"m{number}": {"input_cost_per_token": 1e-6, "litellm_provider": "openai"} for number in range(30)}
    path = folder / "map.json"
    path.write_bytes(damaged(json.dumps(rows, indent=0).encode(), chance))
    try:
        CostMap.update(str(path), accept=chance.random() < 0.5)
    except UpdateError as error:
        assert str(error)  # noqa: PT017 - whichever it is
    new = CostMap.bundled()
    name = chance.choice(list(new))
    assert new[name] is not None


def a_call(chance, folder):
    """Keywords of any kind, many at once."""
    values = (
        None,
        True,
        0,
        -1,
        3,
        1.5,
        "x",
        "",
        "flex",
        "1024x1024",
        "2026-01-01",
        [],
        ["a"],
        {},
        {"a": 1},
        b"x",
        10**400,
    )
    given = {name: chance.choice(values) for name in chance.sample(sorted(FACTS), chance.randrange(1, 6))}
    try:
        check_cost(PRICES.calculate(chance.choice(EXAMPLES), **given))
    except LLMCostError as error:
        assert str(error)  # noqa: PT017 - whichever it is


def a_stream(chance, folder):
    """A tracked function whose answer is damaged: the caller gets it as it is, and one call is seen."""
    try:
        answer = json.loads(damaged(json.dumps(chance.choice(EXAMPLES)).encode(), chance))
    except (ValueError, RecursionError):
        answer = {
            "object": chance.choice(["chat.completion", "response", 5]),
            "usage": chance.choice([None, [], {}, 5]),
        }
    tracker = Tracker(cost_map=PRICES)
    made = iter(answer) if isinstance(answer, list) else answer
    given = tracker.track(lambda: made)()
    assert (list(given) == answer) if isinstance(answer, list) else given is made
    stats = tracker.stats()
    assert stats["seen"] == 1
    assert stats["errors"] == {}, stats


def a_spool(chance, folder):
    """A file of calls that wait: what is whole is stored, what is not is kept aside, and nothing is raised."""
    optional("sqlalchemy")
    with llmcost.SpendLog(folder / "spend.db", spool=folder / "spool", drain=False) as log:
        for number in range(3):
            log.record(cost(number + 1), id=f"{number}-{chance.random()}", at=number)
    for path in (folder / "spool").glob("*.spool"):
        path.write_bytes(damaged(path.read_bytes(), chance))
    with llmcost.SpendLog(folder / "spend.db", spool=folder / "spool", drain=False) as log:
        log.drain(30)
        assert log.total().cost >= 0
        assert log.verify()


TARGETS = {target.__name__: target for target in (a_log, a_session, an_update, a_call, a_stream, a_spool)}
SLOW = {"a_spool": 10, "an_update": 5}


def try_seeds(name, seeds, folder):
    """Try a target with each of the seeds; a failure says which."""
    for seed in seeds:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                TARGETS[name](random.Random(seed), folder)
            except BaseException as error:
                note = f"{name}, seed {seed}: add it to KEPT"
                error.args = (f"{note}: {error}",)
                raise


@pytest.mark.parametrize("name", TARGETS)
def test_damaged(name, tmp_path, no_updates):
    """A few of each, always the same ones, and those that once failed."""
    try_seeds(name, [*KEPT.get(name, ()), *range(FEW // SLOW.get(name, 1))], tmp_path)


@pytest.mark.fuzz
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", TARGETS)
def test_very_many_damaged(name, tmp_path, no_updates):
    """The long form."""
    first = SEED * 10**9
    try_seeds(name, range(first, first + MANY // SLOW.get(name, 1)), tmp_path)
