"""A map as text: what is found by its line is what the text says."""

from __future__ import annotations

import json

import pytest

from llmcost import PriceDataError
from llmcost.prices.bundled import MapSource

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
