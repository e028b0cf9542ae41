"""Edits of the hand-kept files: what they change, and that they change nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.prices.rule_files import blocks, edited
from tools.prices.toml import parse_toml

HERE = Path(__file__).resolve().parents[2] / "tools" / "prices"
FILE = """\
# The head of the file.

# ---- overrides ----

# Why the first one.
[[override]]
ids = ["a/m", "a/n",
       "a/o"]
keys.input_cost_per_token = ["1e-06", "2e-06"]
keys.output_cost_per_token = ["1e-06", "2e-06"]  # a word on it

# ---- disputes ----

[[dispute]]
ids = ["a/m"]

# Why the second one.
[[override]]
ids = ["b/m"]
[override.keys]
input_cost_per_token = ["3", "4"]
output_cost_per_token = ["3", "4"]
"""


@pytest.mark.parametrize("name", ["overrides.toml", "additions.toml", "history.toml", "allowed.toml", "tools.toml"])
def test_the_blocks_are_the_file(name):
    """Nothing is lost, and each block says what the file says there."""
    text = (HERE / name).read_text("utf-8")
    found = blocks(text)
    assert "".join(block.text for block in found) == text
    whole = parse_toml(text)
    assert {kind: [block.rule() for block in found if block.name == kind] for kind in whole} == whole


def test_a_rule_is_dropped_with_its_own_comment():
    """The heading of the next part stays where it is."""
    text = edited(FILE, "override", lambda rule: None if rule["ids"] == ["b/m"] else rule)
    assert text == FILE[: FILE.index("# Why the second")]
    text = edited(FILE, "override", lambda rule: None if len(rule["ids"]) > 1 else rule)
    assert text == FILE[: FILE.index("# Why the first")] + FILE[FILE.index("# ---- disputes") :]


def test_an_id_is_taken_out():
    """Of a list over several lines too; the rest of the block stays, comments included."""

    def without(*names):
        return lambda rule: {**rule, "ids": [name for name in rule["ids"] if name not in names]}

    assert edited(FILE, "override", without("a/n")) == FILE.replace('"a/n",\n', "\n")
    last = edited(FILE, "override", without("a/o"))
    assert parse_toml(last)["override"][0]["ids"] == ["a/m", "a/n"]
    assert "# a word on it" in last
    assert edited(FILE, "override", without("a/x")) == FILE


def test_a_key_is_taken_out():
    """In either form of writing."""

    def change(rule):
        return {**rule, "keys": {key: value for key, value in rule["keys"].items() if key.startswith("output")}}

    text = edited(FILE, "override", change)
    assert "input_cost" not in text
    assert [list(rule["keys"]) for rule in parse_toml(text)["override"]] == [["output_cost_per_token"]] * 2


def test_an_edit_that_cannot_be_written_is_not():
    """Only ids and keys can be taken out: a block never says anything else afterwards."""
    assert edited(FILE, "override", lambda rule: {**rule, "why": "other"}) == FILE
