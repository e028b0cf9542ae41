"""Folders of logs: links are followed, no folder comes twice, and packed files are told by their endings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llmcost.logs.folders import plain_name, walked


def test_names():
    assert [plain_name(name) for name in ("a.jsonl.gz", "a.json.zst", "a.gz.json")] == [
        "a.jsonl",
        "a.json",
        "a.gz.json",
    ]


@pytest.fixture
def tree(tmp_path):
    """Two folders, of which one stands behind a link, and a link that leads back to the beginning."""
    for name in ("logs/b", "logs/.hidden", "elsewhere/c"):
        (tmp_path / name).mkdir(parents=True)
        for file in "zy":
            (tmp_path / name / file).write_text("{}")
    try:
        (tmp_path / "logs" / "linked").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "logs")
    except OSError:
        pytest.skip("links to folders are not allowed here")
    return tmp_path


def found(place, seen, **more):
    return [(os.path.relpath(folder, place), names) for folder, names in walked(place, seen, **more)]


def test_links_are_followed_and_no_folder_comes_twice(tree):
    files = ["y", "z"]
    assert found(tree / "logs", set()) == [
        (".", []),
        (".hidden", files),
        ("b", files),
        ("linked", []),
        (str(Path("linked", "c")), files),
    ]
    assert [name for name, _ in found(tree / "logs", set(), hidden=False)] == [
        ".",
        "b",
        "linked",
        str(Path("linked", "c")),
    ]


def test_a_second_place_that_leads_to_the_first_adds_nothing(tree):
    seen: set[tuple[int, int]] = set()
    assert len(found(tree / "logs", seen)) == 5
    assert found(tree / "elsewhere", seen) == []
    assert found(tree / "lost", seen) == []


def test_a_folder_that_is_deleted_meanwhile_is_passed_over(tree):
    walk = walked(tree / "logs", set())
    assert next(walk)[0] == str(tree / "logs")
    for file in "zy":
        (tree / "logs" / "b" / file).unlink()
    (tree / "logs" / "b").rmdir()
    assert str(tree / "logs" / "b") not in [folder for folder, _ in walk]
