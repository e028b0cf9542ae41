"""What tells calls of a log from each other, whenever the log is read."""

from __future__ import annotations

from llmcost.logs.identity import Identities
from llmcost.logs.record import Record

ROW = {"model": "m", "usage": {"input": 1, "output": 1}, "team": "a"}


def test_the_id_of_the_log_counts():
    assert Identities().of(Record({**ROW, "id": "0123456789abcdef"})) == "0123456789abcdef"


def test_an_id_that_several_may_have_counts_with_the_time():
    """Two tables that number their rows from 1, and a request that made two calls."""
    first, second = ({**ROW, "time": f"2026-01-05T10:00:0{second}Z"} for second in (1, 2))
    for name, value in (("id", 1), ("request_id", "0123456789abcdef")):
        names = [Identities().of(Record({**row, name: value}, file)) for row in (first, second) for file in "ab"]
        assert names == [names[0], names[0], names[2], names[2]]
        assert names[0] != names[2]


def test_a_short_id_without_a_time_is_a_part_of_the_digest():
    one, two = (Identities().of(Record({**ROW, "id": value})) for value in (1, 2))
    assert one.startswith("hash:")
    assert one != two


def test_a_digest_of_all_that_is_known():
    """The order of the keys is no matter; the file is none either, and any value is."""
    name = Identities().of(Record(ROW, "a.jsonl", 1))
    assert name.startswith("hash:")
    assert Identities().of(Record(dict(reversed(ROW.items())), "b.jsonl", 9)) == name
    assert Identities().of(Record({**ROW, "team": "b"}, "a.jsonl", 1)) != name


def test_equal_rows_of_one_file_are_several():
    names = Identities()
    first = [names.of(Record(ROW, "a.jsonl", line)) for line in (1, 2, 3)]
    assert len(set(first)) == 3
    assert [names.of(Record(ROW, "b.jsonl", line)) for line in (1, 2)] == first[:2]


def test_text_that_no_utf8_holds():
    assert Identities().of(Record({**ROW, "team": "\ud800"})).startswith("hash:")
