"""A map as text: what is found by its line is what the text says."""

from __future__ import annotations

import json

import pytest

from llmcost import PriceDataError
from llmcost.prices.rows import DictSource, MapSource

ENTRY = {"input_cost_per_token": 1e-06, "litellm_provider": "own"}


@pytest.mark.parametrize(
    "text",
    [
        '{\n"a":{"mode":"chat"},\n"my-model": {"input_cost_per_token": 1e-06, "litellm_provider": "own"}\n}\n',
        json.dumps({"a": {"mode": "chat"}, "my-model": ENTRY}),
        json.dumps({"a": {"mode": "chat"}, "my-model": ENTRY}, indent=0),
        json.dumps({"a": {"mode": "chat"}, "my-model": ENTRY}, indent=2),
        '{\r\n"a":{},\r\n"my-model":{"input_cost_per_token":1e-06,"litellm_provider":"own"}\r\n}\r\n',
    ],
    ids=["a line by hand", "one line", "indent=0", "indent=2", "windows"],
)
def test_a_map_may_be_written_as_people_write_json(text):
    """A model is found whatever the spaces, by its name and in the index."""
    source = MapSource(text.encode())
    assert source.get("my-model") == ENTRY
    assert source.get("nothing") is None
    assert list(source.index().names) == ["a", "my-model"]
    assert source.index().providers == {"own"}
    source.check()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{\n"a":{},\n"b":{},"c":{}\n}', "'c' does not stand on a line of its own"),
        ('{\n"a":{},\n "b":{}\n}', "'b' does not stand on a line of its own"),
        ('{\n"a":{},\n"\\u00e9":{}\n}', "'é' does not stand on a line of its own"),
        ('{\n"a":{},\n"b":{"mode":\n"chat"}\n}', "not one model a line"),
    ],
)
def test_what_a_look_up_by_line_would_miss_is_found_out(text, why):
    """Before such a map is taken for an update."""
    with pytest.raises(PriceDataError, match=why):
        MapSource(text.encode()).check()


@pytest.mark.parametrize("entry", ["5", "[1]", "null", "[" * 100_000, "{"])
def test_an_entry_is_an_object_wherever_it_stands(entry):
    """A number, a list or worse in its place is an error when that model is looked up."""
    source = MapSource(f'{{\n"a":{{}},\n"b":{entry},\n"c":{{}}\n}}'.encode(), "my map")
    assert source.get("a") == {}
    with pytest.raises(PriceDataError, match="my map"):
        source.get("b")


def test_a_last_line_needs_no_end():
    """A file may stop after its last entry, and a name may be asked for twice."""
    source = MapSource(b'{\n"a":{},\n"b":{"mode":"chat"}}')
    assert source.get("a") is source.get("a")
    with pytest.raises(PriceDataError, match="not one model a line"):
        source.get("b")


def test_what_was_found_is_remembered_up_to_a_bound(monkeypatch):
    """However many names are asked for, and whether they are there or not."""
    from llmcost.prices import rows

    monkeypatch.setattr(rows, "_MOST_FOUND", 2)
    source = MapSource(b'{\n"a":{},\n"b":{},\n"c":{}\n}')
    assert [source.get(name) for name in ("a", "x", "b", "c", "c")] == [{}, None, {}, {}, {}]
    assert list(source._found) == ["a", "x"]


def test_the_index_of_a_mapping():
    """Names and the providers that rows state."""
    source = DictSource({"a/m": ENTRY, "n": {}})
    assert source.index() is source.index()
    assert (source.index().names, source.index().providers) == (("a/m", "n"), {"own"})
    assert (source.get("a/m"), source.get("none")) == (ENTRY, None)


@pytest.mark.parametrize("key", ["alias_of", "\\u0061lias_of"])
def test_only_a_line_that_begins_with_a_name_states_an_alias(key):
    """An entry on the line after its name is passed over; the name itself is then an error, and the rest is found."""
    lines = ["{", '"a":{"mode":"chat"},', '"split":', '{"KEY":"a"},', '"b":{"KEY":"a"}', "}"]
    source = MapSource("\n".join(lines).replace("KEY", key).encode())
    assert (source.alias_of("b"), source.get("b")) == ("a", {"mode": "chat"})
    assert (source.alias_of("none"), source.get("none")) == (None, None)
    with pytest.raises(PriceDataError, match="not one model a line"):
        source.get("split")


def test_an_indented_line_is_no_row_for_any_look_up():
    """A row begins its line: one that does not is found by no name, be it of a model or of an alias."""
    lines = ["{", '"a":{"mode":"chat"},', '  "c":{"alias_of":"a"},', '  "d":{},', '"b":{"alias_of":"a"}', "}"]
    source = MapSource("\n".join(lines).encode())
    assert [source.get(name) for name in ("b", "c", "d")] == [{"mode": "chat"}, None, None]
    assert source.index().aliases == {"b": "a"}
    with pytest.raises(PriceDataError, match="'c' does not stand on a line of its own"):
        source.check()
