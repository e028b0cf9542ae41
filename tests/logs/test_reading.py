"""A log as a library reads it: its calls in their order, with their places, from files, folders, lines and records."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from types import SimpleNamespace

import pytest

from llmcost import CostMap, LogError, Record, read_log

# USD per token: 1 and 4 per million.
PRICES = CostMap({"small-1": {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}})
CHAT = {
    "object": "chat.completion",
    "model": "small-1",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
}
CHUNKS = [
    {"object": "chat.completion.chunk", "id": "c1", "model": "small-1", "choices": [{"index": 0, "delta": {}}]},
    {"object": "chat.completion.chunk", "id": "c1", "model": "small-1", "choices": [], "usage": CHAT["usage"]},
]


@pytest.fixture
def log(tmp_path):
    """Write a log and return its path."""

    def write(*lines, name="log.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
        return path

    return write


def places(found):
    return [(record.line, record.chunks) for record in found]


def test_a_file_of_calls(log):
    """Responses, records around them and streams, each with file and line; 1000 x 1e-6 + 100 x 4e-6 each."""
    around = {"response": CHAT, "time": "2026-01-02", "team": "search", "cost": "0.002"}
    path = log(CHAT, *CHUNKS, around)
    found = list(read_log(path, cost_map=PRICES))
    assert all(isinstance(record, Record) for record in found)
    assert [record.place for record in found] == [f"{path}:{line}" for line in (1, 2, 4)]
    assert [record.chunks for record in found] == [0, 2, 0]
    assert [record.calculate().total for record in found] == [Decimal("0.0014")] * 3
    last = found[2]
    assert (last.response, last.usage, last.time, last.own) == (CHAT, None, "2026-01-02", {"team": "search"})
    assert (last.cost, last.source, dict(last.facts)) == (Decimal("0.002"), str(path), {})


def test_a_call_is_priced_as_calculate_prices_it(log):
    """Facts of the record, and what the caller says over them; a price of the caller beside one of the record."""
    usage = {"input": 1000, "output": 100}
    (record,) = read_log(
        log({"model": "small-1", "usage": usage, "prices": {"input_cost_per_token": 2e-06}}), cost_map=PRICES
    )
    # 1000 x 2e-6 + 100 x 4e-6, and 100 x 1e-5.
    assert record.calculate().total == Decimal("0.0024")
    assert record.calculate(prices={"output_cost_per_token": 1e-05}).total == Decimal("0.003")
    twice = CostMap({"other": {"input_cost_per_token": 3e-06, "output_cost_per_token": 0}})
    assert record.calculate(cost_map=twice, model="other", prices={"input_cost_per_token": 5e-06}).total == Decimal(
        "0.005"
    )


def test_the_default_prices_are_used_without_others(log):
    """gpt-4o on 2026-01-02: 1000 x 2.5e-6 + 100 x 1e-5."""
    (record,) = read_log(log({"model": "gpt-4o", "usage": CHAT["usage"], "time": "2026-01-02T10:00:00.5Z"}))
    assert record.calculate().total == Decimal("0.0035")
    assert record.stated().at == "2026-01-02T10:00:00.5Z"


def test_a_time_before_a_price_changed_and_after():
    """o3 fell on 2025-06-10: 1000 x 1e-5 + 100 x 4e-5 before, a fifth from its first second on."""
    call = {"model": "o3", "usage": CHAT["usage"]}
    times = ["2025-06-09T23:59:59.999Z", "2025-06-10T00:00:00Z", "2025-06-10T02:00:00+02:00", 1749513599, 1749513600.0]
    found = read_log([{**call, "time": time} for time in times])
    assert [str(record.calculate()) for record in found] == ["0.014", "0.0028", "0.0028", "0.014", "0.0028"]


def test_a_dialect_of_the_caller_counts_for_rows_with_a_time(log):
    """Counters that could be either are read as the caller says."""
    usage = {"input_tokens": 100, "output_tokens": 10, "cache_read_input_tokens": 40}
    (record,) = read_log(log({"model": "small-1", "usage": usage, "time": "2026-01-02"}), cost_map=PRICES)
    assert record.calculate(dialect="anthropic").usage.quantities == {"input": 100, "cache_read": 40, "output": 10}


def test_a_folder(log, tmp_path):
    """Its files in the order of their names; an empty one holds no call."""
    log(CHAT, name="b.json")
    log(CHAT, CHAT, name="a.jsonl")
    log(name="empty.jsonl")
    found = list(read_log(tmp_path))
    assert [record.place for record in found] == [
        f"{tmp_path}/a.jsonl:1",
        f"{tmp_path}/a.jsonl:2",
        f"{tmp_path}/b.json",
    ]


def test_the_first_unreadable_line_ends_the_reading(log):
    """It says file and line, after the calls before it."""
    path = log(CHAT, "{", CHAT)
    found = read_log(path)
    assert next(found).line == 1
    with pytest.raises(LogError, match="no JSON") as raised:
        next(found)
    assert (raised.value.source, raised.value.line, raised.value.place) == (str(path), 2, f"{path}:2")
    assert str(raised.value).startswith(f"{path}:2: no JSON")
    assert list(found) == []


def test_unreadable_lines_are_handed_over(log):
    """In their order, and the calls around them are read."""
    heard = []
    path = log(CHAT, "{", {"model": 5, "usage": {}}, 12, CHAT)
    assert places(read_log(path, on_error=heard.append)) == [(1, 0), (5, 0)]
    assert [error.line for error in heard] == [2, 3, 4]
    assert heard[1].reason == "model=5 should be str"
    assert heard[2].reason == "expected a JSON object or array, found '12'"


def test_a_line_without_counters_is_a_call():
    """That it cannot be priced is said when it is."""
    from llmcost import UnrecognizedResponseError

    (record,) = read_log(["{}"])
    with pytest.raises(UnrecognizedResponseError, match="no reader knows"):
        record.calculate()


def test_one_stream(log):
    """Whatever a file holds is one call, if that is said."""
    assert places(read_log(log(*CHUNKS, *CHUNKS), one_stream=True)) == [(1, 4)]
    assert places(read_log([*CHUNKS, *CHUNKS], one_stream=True)) == [(1, 4)]


@pytest.mark.parametrize("as_bytes", [False, True])
@pytest.mark.parametrize("ending", ["\n", ""])
def test_lines(as_bytes, ending):
    """Text or bytes, with their line breaks or without; streams are joined, documents may go on over lines."""
    lines = [json.dumps(value) + ending for value in (CHAT, *CHUNKS)] + ["{" + ending, '"object": 1}' + ending, ending]
    lines += [json.dumps(CHAT) + ending]
    found = list(
        read_log(
            [line.encode("utf-8-sig") for line in lines[:1]] + [line.encode() for line in lines[1:]]
            if as_bytes
            else lines
        )
    )
    assert places(found) == [(1, 0), (2, 2), (4, 0), (7, 0)]
    assert found[0].place == "log:1"


def test_an_open_file_gives_its_name(log):
    """And is read line by line as it is asked for."""
    path = log(CHAT, CHAT)
    with path.open() as lines:
        found = read_log(lines)
        assert next(found).place == f"{path}:1"
        assert next(found).place == f"{path}:2"
    assert next(read_log(io.StringIO(json.dumps(CHAT)))).place == "log:1"


def test_a_log_that_is_still_written():
    """A call is handed on before the next line is there."""
    asked = []

    def lines():
        for number in range(3):
            asked.append(number)
            yield json.dumps(CHAT)

    found = read_log(lines())
    for number in range(3):
        assert next(found).line == number + 1
        assert asked == list(range(number + 1))


def test_records_and_objects():
    """Mappings count as a line each, chunks among them are joined, an SDK's object is a response, a number is none."""
    usage = SimpleNamespace(prompt_tokens=1000, completion_tokens=100, total_tokens=1100)
    heard = []
    log = [
        CHAT,
        *CHUNKS,
        json.dumps(CHAT),
        SimpleNamespace(object="chat.completion", model="small-1", usage=usage),
        5,
        {"response": CHAT},
        None,
    ]
    found = list(read_log(log, cost_map=PRICES, on_error=heard.append))
    assert places(found) == [(1, 0), (2, 2), (4, 0), (5, 0), (7, 0)]
    assert [str(record.calculate()) for record in found] == ["0.0014"] * 5
    assert [(error.line, error.reason) for error in heard] == [
        (6, "expected an object, found int"),
        (8, "expected an object, found NoneType"),
    ]


def test_what_is_no_log(tmp_path):
    """A path that is none, and what is no iterable of calls, are named at once."""
    with pytest.raises(LogError, match=r"typo\.jsonl: no such file or folder"):
        read_log(tmp_path / "typo.jsonl")
    with pytest.raises(LogError, match=r"typo\.jsonl: no such file or folder"):
        read_log(tmp_path / "typo.jsonl", on_error=print)
    (tmp_path / "empty").mkdir()
    with pytest.raises(LogError, match="the folder holds no"):
        next(read_log(tmp_path / "empty"))
    for wrong in ({"model": "m"}, b"log.jsonl", 5, None):
        with pytest.raises(TypeError, match="a log is a path, or an iterable"):
            read_log(wrong)


@pytest.mark.parametrize("jobs", [0, -1, 1.5, True, "2", 1001, 10**30])
def test_jobs_is_a_number_of_processes(log, jobs):
    """From 1 to as many as a system starts."""
    with pytest.raises(ValueError, match="is no number of processes"):
        read_log(log(CHAT), jobs=jobs)


def test_processes_read_files(log):
    """Lines that were read already, and a stream over a whole file, cannot be divided."""
    with pytest.raises(ValueError, match="pass the path"):
        read_log([CHAT], jobs=2)
    with pytest.raises(ValueError, match="give one of the two"):
        read_log(log(CHAT), jobs=2, one_stream=True)
