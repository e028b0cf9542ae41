"""Where rows of logs state whose call it was."""

from __future__ import annotations

from llmcost.readers.known import discovered
from llmcost.readers.logged import Logged, at, first, object_at, of_json


def test_a_name_may_have_dots_or_lead_into_objects_and_their_text():
    row = {"a.b": 1, "c": {"d": '{"e": {"f.g": 2}}'}, "h": "{no json", "i": None}
    assert [at(row, path) for path in ("a.b", "c.d.e.f.g", "h.x", "i", "i.x", "z.y")] == [1, 2, None, None, None, None]


def test_the_first_that_is_stated_counts():
    assert first({"a": "", "b": None, "c": 0, "d": 1}, ("a", "b", "c", "d")) == 0
    assert first({"a": ""}, ("a",)) is None


def test_objects_and_their_text():
    assert object_at({"a": {}, "b": '{"c": 1}'}, "a", "b") == {"c": 1}
    assert object_at({"a": "[1]"}, "a", "b") == {}
    assert of_json("{" * 100_000) == "{" * 100_000


def test_rows_that_are_no_calls_say_so():
    logged = Logged(id=("id",), kind=("type", frozenset({"GENERATION"})))
    assert [logged.passed({"type": word}) for word in ("GENERATION", "generation", "SPAN", None)] == [
        None,
        None,
        "SPAN",
        None,
    ]
    assert Logged(id=("id",)).passed({"type": "SPAN"}) is None


def test_every_row_of_a_log_has_an_id_and_a_time():
    """An import is known again by the id, and totals by day need the time."""
    found = [reader for reader in discovered() if reader.logged is not None]
    assert len(found) >= 6
    assert all(reader.logged.id and reader.logged.time for reader in found)
