"""JSON without the package json: the values and the errors are those of ``json.loads``."""

from __future__ import annotations

import json

import pytest

from llmcost.core import json_text
from llmcost.core.json_text import quote, read_json

GOOD = (
    ' {"a": [1, -2, 0.5, true, null], "b": {"c": "\\u00e9\\ud83d\\ude00"}}\r\n',
    b'\xef\xbb\xbf{"a": 1}',
    '{"a": 1}'.encode("utf-16"),
    b"[Infinity, -Infinity]",
    '"\\ud800"',
)
BAD = ("", " ", "{", '{"a": 1} x', "\ufeff{}", "[1,]", '"a\nb"', "nul", b"\xff", "\u00a01")


@pytest.mark.parametrize("text", GOOD)
def test_it_reads_what_json_reads(text):
    assert read_json(text) == json.loads(text)


@pytest.mark.parametrize("text", BAD)
def test_it_refuses_what_json_refuses(text):
    with pytest.raises(ValueError) as theirs:  # noqa: PT011 - whichever one json raises
        json.loads(text)
    with pytest.raises(type(theirs.value)) as ours:
        read_json(text)
    assert str(ours.value) == str(theirs.value)


def test_numbers_and_texts_keep_what_they_say():
    assert read_json("[2.5e-06, 1e-400, 12345678901234567890]") == [2.5e-06, "1e-400", 12345678901234567890]
    with pytest.raises(RecursionError):
        read_json("[" * 100_000)
    for text in ('a "b" \\', "\u00e9\n\x00", "\ud800"):
        assert quote(text) == json.dumps(text, ensure_ascii=False)


def test_a_python_without_a_scanner(monkeypatch):
    """The package reads then, and a float that is too small stays text."""
    monkeypatch.setattr(json_text, "_scan", None)
    assert read_json('{"a": [1, 1e-400]}') == {"a": [1, "1e-400"]}
