"""Damaged files and traffic: logs, session logs, a map that is offered, a spool, pages, keywords, streams, HTTP.

    LLMCOST_FUZZ=1000000 pytest -m fuzz -s tests/fuzz   as many of each; LLMCOST_FUZZ_SEED=5 tries others

Each input is made of a seed. A failure names it, and shows the least of the input that still fails: that is kept in
``KEPT``, and tried before all others.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import warnings
from contextlib import closing

import pytest

import llmcost
from llmcost import Cost, CostMap, LLMCostError, Tracker, UpdateError
from llmcost.api.facts import FACTS
from tests import responses
from tests.hostile.strings import WHOLE
from tests.logs import test_gemini_cli, test_kimi_code, test_opencode, test_pi, test_qwen_code
from tests.sdks import optional
from tests.session_logs import PRICES as SESSION_PRICES
from tests.session_logs import SessionIndex, ask, event, everything, message, rollout, session_files
from tests.spend.calls import cost

from .shrinking import shrunk
from .test_responses import paths

FEW, MANY = 60, int(os.environ.get("LLMCOST_FUZZ", "100_000"))
SEED = int(os.environ.get("LLMCOST_FUZZ_SEED", "1"))
# Inputs that once failed, by target.
KEPT: dict[str, tuple[object, ...]] = {
    # Amazon's frames begin with their lengths: here the first is shorter than the lengths.
    "client": (
        {"kind": "application/vnd.amazon.eventstream", "data": b"\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00"},
    ),
}
PRICES = CostMap({"gpt-4o": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6}})
EXAMPLES = [example.response for example in responses.everything() if example.response]
TOKENS = [
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"NaN",
    b"9" * 400,
    b'"x"',
    b"[]",
    b"{}",
    b"[[[[",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b'"\\ud800"',
    b"\x1b[2J",
    b"\r",
    b"\n",
    b",",
    b":",
    b'"',
    b"{",
    b"}",
    b'"usage":',
    b'"model":',
    b'"cost":',
    b"\xef\xbb\xbf",
    b"data: ",
    b"\n\n",
    b"[DONE]",
]


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


def some_log(chance):
    """Lines of a log."""
    rows = [{"response": chance.choice(EXAMPLES), "time": "2026-11-01T00:00:00Z", "user": "u"} for _ in range(4)]
    return damaged(as_lines(rows), chance)


def a_log(data, folder):
    """A line is a record with a cost, or an error of ours."""
    read(folder / "log.jsonl", data, PRICES)


def read(path, data, prices):
    """Read a file and price what is in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    with closing(llmcost.read_log(str(path), cost_map=prices, on_error=str)) as records:
        for record in records:
            try:
                check_cost(record.calculate(cost_map=prices))
            except LLMCostError as error:
                assert str(error)


# A session of each program, under the name that its files have.
SESSIONS = {
    "claude.jsonl": as_lines([message(f"m{number}") for number in range(4)]),
    "rollout-2026-01-06T10-00-00-s1.jsonl": as_lines(rollout("s1", event(1, 1), event(3, 2, 1), event(3, 2, 2))),
    "tmp/ab12/chats/session-2026-01-05T10-00-a.jsonl": as_lines(
        [test_gemini_cli.SESSION, test_gemini_cli.USER, test_gemini_cli.answer(), test_gemini_cli.answer("a2")]
    ),
    "message/ses_1/msg_1.json": json.dumps(test_opencode.message()).encode(),
    "pi.jsonl": as_lines(test_pi.SESSION),
    "wire.jsonl": as_lines(test_kimi_code.SESSION),
    "qwen.jsonl": as_lines(test_qwen_code.SESSION),
}


def some_session(chance):
    """The name of a file of a program's sessions, and its content."""
    name = chance.choice(list(SESSIONS))
    return [name, damaged(SESSIONS[name], chance)]


def a_session(given, folder):
    """It is read as a log, and by the index, which says of it what it says of it again."""
    name, data = given
    read(folder / "sessions" / name, data, SESSION_PRICES)
    place = [folder / "sessions"]

    def answered(index):
        index.update()
        return everything(index)

    said = [ask(place, session_files(place), answered, cost_map=lambda: SESSION_PRICES) for _ in range(2)]
    assert said[0] == said[1]
    with closing(SessionIndex(place, session_files(place), lambda: SESSION_PRICES)) as index:
        index.update()
    (folder / "sessions" / name).unlink()


def some_map(chance):
    """A map."""
    rows = {f"m{number}": {"input_cost_per_token": 1e-6, "litellm_provider": "openai"} for number in range(30)}
    return damaged(json.dumps(rows, indent=0).encode(), chance)


def an_update(data, folder):
    """It is refused, or what is in use afterwards is whole."""
    path = folder / "map.json"
    path.write_bytes(data)
    for accept in (False, True):
        try:
            CostMap.update(str(path), accept=accept)
        except UpdateError as error:
            assert str(error)
        new = CostMap.bundled()
        names = list(new)
        assert all(new[name] is not None for name in (names[0], names[-1]))


def some_call(chance):
    """A response, and keywords of any kind, many at once."""
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
    return {"response": chance.choice(EXAMPLES), "given": given}


def a_call(call, folder):
    """Price it."""
    try:
        check_cost(PRICES.calculate(call["response"], **call["given"]))
    except LLMCostError as error:
        assert str(error)


def some_answer(chance):
    """What a function that is tracked returns."""
    try:
        return [json.loads(damaged(json.dumps(chance.choice(EXAMPLES)).encode(), chance))]
    except (ValueError, RecursionError):
        usage = chance.choice([None, [], {}, 5])
        return [{"object": chance.choice(["chat.completion", "response", 5]), "usage": usage}]


def a_stream(given, folder):
    """The caller gets it as it is, and one call is seen."""
    for answer in given:
        tracker = Tracker(cost_map=PRICES)
        made = iter(answer) if isinstance(answer, list) else answer
        got = tracker.track(lambda made=made: made)()
        assert (list(got) == answer) if isinstance(answer, list) else got is made
        stats = tracker.stats()
        assert stats["seen"] == 1
        assert stats["errors"] == {}, stats


def some_traffic(chance):
    """What a provider sends: its content type, how much of it comes at once, and the bytes."""
    response = chance.choice(EXAMPLES)
    if isinstance(response, list):
        data = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in response) + b"data: [DONE]\n\n"
        kind = "text/event-stream"
    else:
        data, kind = json.dumps(response).encode(), "application/json"
    if chance.random() < 0.1:
        kind = chance.choice(["application/vnd.amazon.eventstream", "application/x-ndjson", "text/event-stream"])
    path = chance.choice(
        ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1beta/models/m:streamGenerateContent", "/x"]
    )
    return {"path": path, "kind": kind, "pieces": chance.choice([1, 7, 4096]), "data": damaged(data, chance)}


def a_client(given, folder):
    """The caller gets the bytes as they are, one call is seen at most, and nothing of ours fails."""
    http = optional("httpx")
    given = {"path": "/x", "kind": "application/json", "pieces": 4096, "data": b"", **given}
    data, size = given["data"], given["pieces"]
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    headers = {"content-type": given["kind"]}
    answer = http.MockTransport(lambda _: http.Response(200, content=iter(pieces), headers=headers))
    tracker = Tracker(cost_map=PRICES)
    with tracker.track(http.Client(transport=answer, base_url="http://x")) as client:
        assert client.post(given["path"], json={"model": "gpt-4o", "stream": size < 10}).content == data
    stats = tracker.stats()
    assert stats["seen"] <= 1
    assert stats["errors"] == {}, stats


def some_spool(chance):
    """The lines of calls that wait: each defines the form that it refers to, or refers to one."""
    rows = []
    for number in range(3):
        paid = cost(number + 1, chance.randrange(100))
        rows.append({"id": f"{number}-{chance.random()}", "at": number, "cost": paid})
    return damaged(_spooled(rows), chance)


_SPOOL = []


def _spooled(rows):
    """Return the bytes that a log writes into its spool for these calls."""
    import tempfile
    from pathlib import Path

    optional("sqlalchemy")
    with tempfile.TemporaryDirectory() as place:
        spool = Path(place) / "spool"
        with llmcost.SpendLog(Path(place) / "spend.db", spool=spool, drain=False) as log:
            for row in rows:
                log.record(row["cost"], id=row["id"], at=row["at"])
        (path,) = spool.glob("*.spool")
        _SPOOL[:] = [path.name]
        return path.read_bytes()


def a_spool(data, folder):
    """What is whole is stored, what is not is kept aside, and nothing is raised."""
    optional("sqlalchemy")
    if not _SPOOL:
        _spooled([{"id": "1", "at": 1, "cost": cost()}])
    (folder / "spool").mkdir(exist_ok=True, mode=0o700)
    (folder / "spool" / _SPOOL[0]).write_bytes(data)
    with llmcost.SpendLog(folder / "spend.db", spool=folder / "spool", drain=False) as log:
        log.drain(30)
        assert not list((folder / "spool").glob("*.spool"))
        assert log.total().cost >= 0
        assert log.verify()


def some_names(chance):
    """The names of calls: texts that a page, a formatter or a terminal would obey, and damaged ones."""
    texts = [*chance.sample(WHOLE, 2), damaged(chance.choice(WHOLE).encode(), chance).decode("utf-8", "replace")]
    return [chance.choice([text, f"{text}{chance.choice(WHOLE)}"]) for text in texts]


def a_page(names, folder):
    """The data of a page hold the names as the log has them, and the page is the same but for its data."""
    optional("sqlalchemy")
    (folder / "page.db").unlink(missing_ok=True)
    with llmcost.SpendLog(folder / "page.db", spool=folder / "page-spool", drain=False) as log:
        for number, name in enumerate(names):
            told = {"team": name, "user": name, "session": name, "tags": [name], "metadata": {"x": name}}
            log.record(cost(number + 1), id=f"c{number}", at=number, **told)
        log.drain(30)
        stored = {group.value for group in log.by("team")}
        page = log.page()
    first, _, rest = page.partition('<script id="data" type="application/json">')
    data, _, rest = rest.partition("</script>")
    shown = {row["value"] for row in json.loads(data)["groups"][1]["rows"]}
    assert {name for name in shown if name} == {name for name in stored if name}
    assert "<" not in data
    assert re.fullmatch(r"[^\x00-\x1f\x7f]*", data)
    assert [part.count("<script") for part in (first, rest)] == [0, 2]


# How an input is made, and what is done with it.
TARGETS = {
    "log": (some_log, a_log),
    "session": (some_session, a_session),
    "update": (some_map, an_update),
    "call": (some_call, a_call),
    "stream": (some_answer, a_stream),
    "client": (some_traffic, a_client),
    "spool": (some_spool, a_spool),
    "page": (some_names, a_page),
}
SLOW = {"spool": 10, "update": 5, "page": 10, "session": 5}


def try_one(name, value, folder):
    """Try an input; of one that fails the least that does is shown."""
    _, tried = TARGETS[name]

    def failure(given):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                tried(given, folder)
            except Exception as error:
                return error
        return None

    error = failure(copy.deepcopy(value))
    if error is not None:
        least = shrunk(value, lambda given: type(failure(given)) is type(error))
        pytest.fail(f"{name}: {error!r}; the least that fails, for KEPT: {least!r}")


@pytest.mark.parametrize("name", TARGETS)
def test_damaged(name, tmp_path, no_updates):
    """A few of each, always the same ones, and those that once failed."""
    made, _ = TARGETS[name]
    for value in (*KEPT.get(name, ()), *(made(random.Random(seed)) for seed in range(FEW // SLOW.get(name, 1)))):
        try_one(name, value, tmp_path)


@pytest.mark.parametrize("name", SESSIONS)
def test_a_list_and_an_object_in_every_place_of_a_session(name):
    """Where a word is looked up, what is no word is none: it cannot be a member of a set."""
    lines = [json.loads(line) for line in SESSIONS[name].splitlines()]
    for number, line in enumerate(lines):
        for path in paths(line):
            for odd in ([], {}, ["x"]):
                changed = copy.deepcopy(lines)
                holder = changed[number]
                for step in path[:-1]:
                    holder = holder[step]
                holder[path[-1]] = odd
                with closing(llmcost.read_log(map(json.dumps, changed), cost_map=SESSION_PRICES, on_error=str)) as log:
                    for record in log:
                        try:
                            check_cost(record.calculate(cost_map=SESSION_PRICES))
                        except LLMCostError as error:
                            assert str(error)


@pytest.mark.fuzz
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", TARGETS)
def test_very_many_damaged(name, tmp_path, no_updates, capsys):
    """The long form."""
    first, many = SEED * 10**9, MANY // SLOW.get(name, 1)
    made, _ = TARGETS[name]
    for seed in range(first, first + many):
        try_one(name, made(random.Random(seed)), tmp_path)
    with capsys.disabled():
        print(f"\n{name}: seeds {first} to {first + many - 1}: 0 failures")
