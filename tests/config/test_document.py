"""YAML with the line of everything, and what is refused."""

from __future__ import annotations

import math

import pytest

from llmcost.config import document
from llmcost.config.document import Unreadable, of_mapping, of_text


def tree(text):
    return of_text(text, "config.yaml")


def test_every_value_knows_its_line():
    """The value of a key stands where its key stands, an element of a list where it begins."""
    root = tree("a: 1\nb:\n  - x\n  - c:\n      d: 2\n")

    assert str(root.get("a").place) == "config.yaml:1"
    assert str(root.get("b").place) == "config.yaml:2"
    assert [str(node.place) for node in root.get("b").elements] == ["config.yaml:3", "config.yaml:4"]
    assert str(root.get("b").elements[1].get("c").get("d").place) == "config.yaml:5"


def test_scalars_are_read_as_yaml_reads_them():
    """Numbers, booleans, nothing and text; ``4e-07`` is text to YAML, and stays as it was written."""
    root = tree("a: 0.000421\nb: 4e-07\nc: yes\nd: ~\ne: '5'\nf: 0x10\ng: .nan\nh: 20_000\ni: 2024-02-15\n")

    plain = root.data()
    assert math.isnan(plain.pop("g"))
    assert plain == {
        "a": 0.000421,
        "b": "4e-07",
        "c": True,
        "d": None,
        "e": "5",
        "f": 16,
        "h": 20000,
        "i": "2024-02-15",
    }
    assert root.get("a").text == "0.000421"


def test_merges_and_aliases():
    """What ``<<`` brings is weaker than a mapping's own keys, and the first of several wins."""
    root = tree("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\nw: *x\n")

    assert root.get("z").data() == {"a": 3, "b": 1, "c": 2}
    assert root.get("w").data() == {"a": 1, "b": 1}
    assert str(root.get("z").get("c").place) == "config.yaml:2"


def test_a_key_that_stands_twice_is_remembered():
    """YAML keeps the last; the first is remembered with the line of the second."""
    root = tree("a: 1\nb: 2\na: 3\n")

    assert root.data() == {"a": 3, "b": 2}
    [(key, place, lost)] = root.repeated
    assert (key, str(place), lost.value) == ("a", "config.yaml:3", 1)


def test_tags_construct_nothing():
    """Whatever tag a value carries, it is text, a list or a mapping."""
    root = tree("a: !!python/object/apply:os.system ['echo no']\nb: !Secret abc\nc: !!float 3e-6\n")

    assert root.data() == {"a": ["echo no"], "b": "abc", "c": 3e-06}


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)
MERGES = "a0: &a0 {k: 1}\n" + "".join(
    f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 20)}], k{i}: 1}}\n" for i in range(1, 9)
)
TOWER = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} {'[' * 30}*a{i - 1}{']' * 30}\n" for i in range(1, 9))


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (LAUGHS, 6, "with its aliases, it holds more than"),
        (MERGES, 5, "with its aliases, it holds more than"),
        (TOWER, 5, "levels deep"),
        # libyaml has a limit of its own, which may stop the parser first.
        ("[" * 10_000, 1, "levels deep|not YAML"),
        ("- " * 10_000, 1, "levels deep"),
        ("a: &a [1, *a]", 1, "inside it"),
        ("a: *b", 1, "before its anchor"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("a: 1\n\tb: 2", 2, "not YAML"),
        ("a: 'x\nb: 2", 2, "not YAML"),
        ("a: 1\nb: \x07", 2, "control character"),
        ("<<: 3", 1, "merges mappings only"),
        ("x" * (document.MOST_BYTES + 1), None, "characters"),
    ],
    ids=[
        "laughs",
        "merges",
        "tower",
        "brackets",
        "dashes",
        "itself",
        "no anchor",
        "documents",
        "tab",
        "quote",
        "control",
        "merge",
        "size",
    ],
)
def test_what_is_refused(text, line, why):
    """Bombs, several documents and what is no YAML at all are refused at their line."""
    with pytest.raises(Unreadable, match=why) as caught:
        tree(text)

    assert caught.value.line == line


def test_a_hundred_levels_are_enough():
    """Both sides of the limit."""
    assert tree("[" * document.DEEPEST + "]" * document.DEEPEST).elements
    with pytest.raises(Unreadable):
        tree("[" * (document.DEEPEST + 1) + "]" * (document.DEEPEST + 1))


def test_a_problem_never_shows_the_text():
    """The message of the parser is told, the line of the file is not: it may hold a secret."""
    with pytest.raises(Unreadable) as caught:
        tree("a:\n  api_key: 'sk-secret\n")

    assert "sk-secret" not in caught.value.why


def test_a_mapping_has_no_lines():
    """What somebody has already read has the same values and no places."""
    root = of_mapping({"a": [1, {"b": "x"}], 2: None})

    assert root.data() == {"a": [1, {"b": "x"}], "2": None}
    assert str(root.get("a").place) == ""


def test_a_mapping_that_contains_itself_is_refused():
    """No recursion without an end."""
    given = {}
    given["a"] = given
    with pytest.raises(Unreadable, match="contains itself"):
        of_mapping(given)


def test_without_libyaml_it_reads_the_same(monkeypatch):
    """The pure Python parser gives the same tree."""
    text = "a: &a {b: 4e-07, c: [1, 2]}\nd: *a\n"
    fast = tree(text)
    monkeypatch.setattr(document, "_LOADER", document.yaml.SafeLoader)
    slow = tree(text)

    assert slow.data() == fast.data()
    assert [str(node.place) for node in slow.fields.values()] == [str(node.place) for node in fast.fields.values()]
