"""Several processes read a log as one does: the same calls and errors, in the same order, at the same places."""

from __future__ import annotations

import json
import random

import pytest

from llmcost import CostMap, LLMCostError, LogError, Record, read_log
from llmcost.logs import files, pieces, workers
from tests import responses
from tests.logs.small_blocks import cut_small

PRICES = CostMap({"small-1": {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}})


class Pool:
    """A pool that does its work at once, in this process, and counts it."""

    def __init__(self, *_, **__):
        self.blocks = []

    def submit(self, function, block):
        import pickle

        self.blocks.append(block)
        # What travels is pickled both ways.
        answer = pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(block)))))
        return type("Done", (), {"result": lambda _: answer, "cancel": lambda _: None})()

    def shutdown(self, **_):
        pass


@pytest.fixture
def pool(monkeypatch):
    made = Pool()
    monkeypatch.setattr(workers, "ProcessPoolExecutor", lambda *_, **__: made)
    cut_small(monkeypatch, 400, 90)
    # Every place to cut is tried: none is moved to a better one.
    monkeypatch.setattr(pieces, "_MOST_LOOKED_AT", 0)
    return made


def said(record):
    """All that a record says, and what becomes of it."""
    if isinstance(record, LogError):
        return str(record)
    try:
        cost = record.calculate(model="small-1", prefer="calculated").to_dict()
    except (LLMCostError, ValueError) as error:
        cost = repr(error)
    facts = (record.place, record.chunks, dict(record.facts), record.time, record.own, record.cost)
    return (*facts, cost, record.value, record.response, record.usage)


def read(path, jobs):
    heard = []
    return [said(record) for record in _all(path, jobs, heard)]


def _all(path, jobs, heard):
    """Calls and errors in one row."""
    for record in read_log(path, cost_map=PRICES, jobs=jobs, on_error=heard.append):
        yield from heard
        heard.clear()
        yield record
    yield from heard


def logs():
    """Texts of every layout, and all of them in one."""
    whole = [example.response for example in responses.everything() if isinstance(example.response, dict)]
    whole = [value for value in whole if _is_json(value)]
    streams = [example.response for example in responses.golden() if isinstance(example.response, list)]
    lines = [json.dumps(value) for value in whole]
    around = [
        json.dumps({"response": value, "model": "small-1", "time": 1787536800, "team": "a", "cost": "0.1"})
        for value in whole
    ]
    chunks = [json.dumps(chunk) for stream in streams for chunk in stream]
    broken = ['{"model": ', "nonsense", '{"model": 5, "usage": {}}', "", '{"a": "\ufffd\u2028\x85"}', "[]"]
    yield "responses", "\n".join(lines) + "\n"
    yield "records", "\n".join(around)
    yield "streams", "\n".join(chunks)
    yield "events", "".join(f"data: {chunk}\r\n\r\n" for chunk in chunks)
    yield "array", json.dumps(whole)
    yield "pretty", "\n".join(json.dumps(value, indent=1) for value in whole)
    mixed = (lines + around + broken * 10)[:]
    random.Random(3).shuffle(mixed)
    yield "mixed", "\r\n".join(mixed)
    yield "old line breaks", "\r".join(mixed[:40])
    yield "mark", "\ufeff" + "\n".join(mixed[:60])
    yield (
        "sessions",
        "\n".join(
            [json.dumps({"type": "session.created", "session": {"id": "s"}}), *[json.dumps({"type": "ping"})] * 100]
        ),
    )


def _is_json(value):
    try:
        return json.loads(json.dumps(value)) == value
    except TypeError:
        return False


LOGS = list(logs())


@pytest.mark.parametrize("name", [".jsonl", ".json"])
@pytest.mark.parametrize(("kind", "text"), LOGS, ids=[kind for kind, _ in LOGS])
def test_blocks_make_no_difference(tmp_path, pool, kind, text, name):
    """Whatever stands in a file, and wherever it is cut."""
    path = tmp_path / f"log{name}"
    path.write_text(text, encoding="utf-8", newline="")
    expected = read(path, 1)
    assert read(path, 2) == expected
    assert len(pool.blocks) > 1 or kind in {"array", "old line breaks"}
    assert len(expected) > (0 if kind == "sessions" else 10)


@pytest.mark.parametrize("size", range(1, 400, 7))
def test_every_place_to_cut(tmp_path, pool, monkeypatch, size):
    """Streams, records and errors on both sides of a cut."""
    chunk = {"object": "chat.completion.chunk", "id": "", "choices": [{"index": 0, "delta": {"content": "x"}}]}
    last = {**chunk, "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}}
    record = {"model": "small-1", "usage": {"input": 5, "output": 6}}
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(map(json.dumps, [record, chunk, last, record, chunk, last, record])) + "\n{\n")
    cut_small(monkeypatch, size)
    assert read(path, 2) == read(path, 1)


def test_a_text_of_two_bytes_a_letter(tmp_path, pool):
    """Is read in one piece."""
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join([json.dumps({"model": "small-1", "usage": {"input": 5, "output": 6}})] * 30), "utf-16")
    assert read(path, 2) == read(path, 1)
    assert pool.blocks == []


def test_records_travel_without_what_can_be_read_again(tmp_path, pool):
    """The text of the line goes along, and the usage that was read of it; the response is read when it is looked at."""
    line = json.dumps({"model": "small-1", "usage": {"input": 5, "output": 6}, "team": "a"})
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join([line] * 20))
    record = next(read_log(path, cost_map=PRICES, jobs=2))
    assert str(record.calculate()) == "0.000029"
    assert "value" not in vars(record)
    assert record.own == {"team": "a"}
    assert "value" in vars(record)
    with pytest.raises(AttributeError, match="'Record' object has no attribute 'price'"):
        record.price


def test_real_processes(tmp_path, monkeypatch):
    """In their order, errors among them; an iterator that is left ends them."""
    cut_small(monkeypatch, 2000)
    lines = [json.dumps({"model": "small-1", "usage": {"input": n, "output": 1}, "number": n}) for n in range(1, 301)]
    lines[99] = "{"
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines))
    heard = []
    found = list(read_log(path, cost_map=PRICES, jobs=2, on_error=heard.append))
    assert [record.line for record in found] == [n for n in range(1, 301) if n != 100]
    assert [record.own["number"] for record in found] == [record.line for record in found]
    assert [error.line for error in heard] == [100]
    # 4e-6 for the answer and 1e-6 for each token of the prompt: 299 x 4e-6 + (1 + ... + 300 - 100) x 1e-6.
    assert sum(record.calculate().total for record in found) * 1_000_000 == 299 * 4 + 300 * 301 // 2 - 100
    left = read_log(path, jobs=2)
    assert isinstance(next(left), Record)
    left.close()


def test_a_file_that_cannot_be_read(tmp_path, pool, monkeypatch):
    """Is named, and the others are read."""
    (tmp_path / "a.jsonl").write_text("{}")
    (tmp_path / "b.jsonl").write_text("{}")

    def opened(file):
        if file.endswith("a.jsonl"):
            raise OSError(13, "Permission denied")
        return open(file, "rb")  # noqa: PTH123 - closed by the reader

    monkeypatch.setattr(files, "opened", opened)
    heard = []
    assert [record.line for record in read_log(tmp_path, jobs=2, on_error=heard.append)] == [1]
    assert [str(error) for error in heard] == [f"{tmp_path}/a.jsonl: cannot be read: Permission denied"]
    (tmp_path / "none").mkdir()
    with pytest.raises(LogError, match="holds no"):
        next(read_log(tmp_path / "none", jobs=2))


def test_a_value_that_the_next_block_ends(tmp_path, pool):
    """The second line of three is a call by itself, and a block ends after it."""
    call = json.dumps({"model": "small-1", "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(['{"response":', call, "}"] * 300), encoding="utf-8")
    assert read(path, 2) == read(path, 1)
    assert len(pool.blocks) > 1
