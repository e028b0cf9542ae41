"""``--jobs``: several processes write what one writes, to the byte, on both outputs."""

from __future__ import annotations

import gzip
import json
import pickle
import random
import warnings
from concurrent.futures import Future
from pathlib import Path

import pytest

from llmcost import SuspiciousPriceWarning
from llmcost.logs import workers
from tests.logs.small_blocks import cut_small

GOLDEN = Path(__file__).parents[1] / "golden"


class Pool:
    """A pool that does its work at once, in this process; all that travels is pickled, both ways."""

    blocks = 0

    def __init__(self, _jobs, _context, initializer=None, initargs=()):
        if initializer is not None:
            initializer, initargs = pickle.loads(pickle.dumps((initializer, initargs)))
            initializer(*initargs)

    def submit(self, function, block):
        Pool.blocks += 1
        function, block = pickle.loads(pickle.dumps((function, block)))
        done = Future()
        done.set_result(pickle.loads(pickle.dumps(function(block))))
        return done

    def shutdown(self, **_):
        pass


@pytest.fixture
def pool(monkeypatch):
    monkeypatch.setattr(Pool, "blocks", 0)
    monkeypatch.setattr(workers, "ProcessPoolExecutor", Pool)
    cut_small(monkeypatch, 3000)
    return Pool


def responses():
    """Every golden and recorded response, a stream as its chunks, each a line."""
    lines = []
    for file in ("cases.jsonl", "recorded.jsonl"):
        for line in (GOLDEN / file).read_text(encoding="utf-8").splitlines():
            found = json.loads(line)["response"]
            if found is not None:
                lines.append([json.dumps(part) for part in (found if isinstance(found, list) else [found])])
    random.Random(5).shuffle(lines)
    return lines[:500]


def written(path, groups):
    path.write_text("\n".join(line for group in groups for line in group) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def logs(tmp_path, completion):
    """Golden responses, records around them with a team and a time, lines that are no JSON, and a table."""
    golden = responses()
    around = [
        [json.dumps({"response": json.loads(group[0]), "time": f"2026-01-{n % 28 + 1:02}", "team": f"t{n % 3}"})]
        for n, group in enumerate(golden)
        if len(group) == 1
    ]
    small = [[json.dumps({**completion(model="large-1" if n % 3 else "small-1", answer=n), "n": n})] for n in range(80)]
    odd = [
        ["{"],
        ["nonsense"],
        [json.dumps(completion(model="no-such-model"))],
        [json.dumps({"model": 5, "usage": {}})],
    ]
    mixed = golden + around + small + odd * 9
    random.Random(7).shuffle(mixed)
    first = written(tmp_path / "a.jsonl", mixed)
    second = written(tmp_path / "b.jsonl", small + golden[:50] + odd)
    return [first, second]


PRICE = [
    [],
    ["--exact"],
    ["--json"],
    ["--csv"],
    ["--totals"],
    ["--totals", "--json"],
    ["--totals", "--csv"],
    ["--by", "day,team"],
    ["--by", "team", "--json"],
    ["--by", "model,day", "--csv", "--since", "2026-01-05", "--until", "2026-01-20"],
    ["--by", "team", "--where", "team=t1", "--where", "team=", "--tz", "Europe/Berlin"],
    ["--by", "nothing-states-it"],
    ["--where", "n=-1", "--where", "tema=t1"],
    ["--totals", "--model", "small-1", "--service-tier", "flex"],
]


def both(run, command, *arguments):
    """The answer of one process, and that of two."""
    one, two = (run(command, *arguments, *jobs) for jobs in ((), ("--jobs", 2)))
    assert (two.exit_code, two.stdout, two.stderr) == (one.exit_code, one.stdout, one.stderr)
    return one


@pytest.mark.parametrize("options", PRICE, ids=[" ".join(options) or "rows" for options in PRICE])
def test_price_writes_the_same(run, logs, pool, options):
    """Rows, sums, the axes that no call has, calls that state no time, and every error, in their order."""
    answer = both(run, "price", *options, *logs)
    assert pool.blocks > 20
    assert len(answer.stdout + answer.stderr) > 100


@pytest.mark.parametrize("options", [[], ["--json"], ["--at", "2026-01-05"]], ids=["table", "json", "at"])
def test_reprice_and_whatif_write_the_same(run, logs, pool, price_map, options):
    """The sums of each model, the notes with how many calls they are of, and every error."""
    assert "small-1" in both(run, "reprice", "--old-map", price_map, *options, *logs).stdout
    assert "small-1" in both(run, "whatif", "--model", "small-1", *options, *logs).stdout
    assert pool.blocks > 40


@pytest.mark.parametrize("size", range(200, 2200, 190))
def test_no_border_parts_a_stream(run, tmp_path, pool, monkeypatch, size):
    """A stream of 40 chunks, of which only the last states a usage, is one call wherever the blocks end."""
    chunk = {"object": "chat.completion.chunk", "id": "c", "model": "small-1"}
    parts = [{**chunk, "choices": [{"index": 0, "delta": {"content": "x"}}]}] * 39
    parts.append({**chunk, "choices": [], "usage": {"prompt_tokens": 1000, "completion_tokens": 10}})
    record = {"model": "small-1", "usage": {"input": 500, "output": 0}}
    log = written(tmp_path / "log.jsonl", [[json.dumps(part)] for part in [record, record, *parts, record]])
    cut_small(monkeypatch, size)
    answer = both(run, "price", "--totals", "--json", log)
    # 3 x 500 x 1e-6, and 1000 x 1e-6 + 10 x 4e-6.
    total = json.loads(answer.stdout)["total"]
    assert (total["calls"], total["total"]) == (4, "0.00254")


def test_a_block_ends_after_a_call_that_stands_alone(tmp_path, run, pool, completion):
    """Answers of Gemini may be chunks; the chat completion between them ends each block, so that none is read twice."""
    gemini = {
        "candidates": [{"content": {"parts": [{"text": "Hi"}]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 1, "totalTokenCount": 11},
        "modelVersion": "small-1",
    }
    lines = [json.dumps({**gemini, "responseId": f"r{n}"}) if n % 4 else json.dumps(completion()) for n in range(400)]
    log = written(tmp_path / "log.jsonl", [[line] for line in lines])
    both(run, "price", "--totals", log)
    assert 15 < pool.blocks < 30
    assert log.stat().st_size / pool.blocks > 3000


def test_session_logs_count_each_call_once(run, tmp_path, pool):
    """A copy in another file is known by all of them together."""
    line = {
        "type": "assistant",
        "sessionId": "s1",
        "requestId": "r1",
        "timestamp": "2026-01-05T00:00:00Z",
        "message": {"id": "m1", "model": "small-1", "usage": {"input_tokens": 100, "output_tokens": 10}},
    }
    calls = [{**line, "requestId": f"r{n}", "message": {**line["message"], "id": f"m{n}"}} for n in range(60)]
    files = [written(tmp_path / f"{name}.jsonl", [[json.dumps(call)] for call in calls]) for name in "ab"]
    answer = both(run, "price", "--totals", "--json", *files)
    found = json.loads(answer.stdout)["total"]
    # 60 x (100 x 1e-6 + 10 x 4e-6).
    assert (found["calls"], found["total"], found["passed"]) == (60, "0.0084", {"copies of calls": 60})


def test_packed_files_tables_empty_files_and_standard_input(run, tmp_path, pool, completion):
    """What cannot be cut is read in one piece."""
    lines = "".join(json.dumps(completion(answer=n)) + "\n" for n in range(60))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "empty.jsonl").write_text("")
    answer = both(run, "price", "--json", tmp_path / "a.jsonl.gz", tmp_path / "empty.jsonl", tmp_path / "none.jsonl")
    assert "is empty" in answer.stderr
    assert json.loads(answer.stdout)["total"]["calls"] == 60
    one, two = (run("price", "--totals", "-", *jobs, stdin=lines) for jobs in ((), ("--jobs", 2)))
    assert (one.stdout, one.stderr) == (two.stdout, two.stderr)
    assert pool.blocks > 5


def test_real_processes(run, tmp_path, monkeypatch, completion, price_map):
    """The same bytes from processes of their own, an error among them."""
    cut_small(monkeypatch, 5000)
    lines = [json.dumps(completion(answer=n, model="small-1" if n % 50 else "no-such-model")) for n in range(1, 200)]
    log = written(tmp_path / "log.jsonl", [[line] for line in lines])
    answer = both(run, "price", "--json", log)
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["total"]["calls"] == 196
    assert "small-1" in both(run, "reprice", "--old-map", price_map, log).stdout
    # A price as of a thousand tokens: each process is warned, and one says it.
    with warnings.catch_warnings():
        # Those of ours alone: Python warns of a fork beside threads.
        warnings.simplefilter("default", SuspiciousPriceWarning)
        answer = both(run, "price", "--totals", "--price", "input_cost_per_token=2.5", log)
    assert answer.stderr.count("warning: ") == 1


def test_what_does_not_go_together(run, logs, tmp_path):
    assert "give one of the two" in run("price", "--jobs", 2, "--one-stream", *logs).stderr
    assert "give one of the two" in run("reprice", "--jobs", 2, "--write", tmp_path / "o.jsonl", logs[0]).stderr
    assert "--jobs" in run("price", "--jobs", 0, *logs).stderr
