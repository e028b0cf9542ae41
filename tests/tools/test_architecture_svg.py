"""The picture of the rooms is drawn from the source, and says what the import rule says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_architecture import ROOMS
from tests.tools import examples
from tools.docs import architecture_svg as picture
from tools.docs.imports import graph, rooms

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
LADDER = {"errors": set(), "core": {"errors"}, "prices": {"core"}, "api": {"errors", "core", "prices"}}


def test_the_committed_picture_is_up_to_date():
    """`--check` compares the picture with what the imports give; `python -m tools.docs.architecture_svg` draws it."""
    assert picture.main(["--check"]) == 0


def test_examples():
    """The examples in the tool's docstrings are true."""
    examples.assert_true(picture)


def test_what_others_imply_is_not_drawn():
    """Of six imports three are arrows; the box says all of them."""
    drawn = picture.draw(LADDER)
    assert drawn.count("<polyline") == 3
    assert "<title>api imports core, errors, prices</title>" in drawn


def test_boxes_do_not_overlap_and_arrows_lead_down():
    """Also where an arrow passes a row: it bends around the boxes of it."""
    wide = {**LADDER, "readers": {"core"}, "frames": {"core"}, "cli": {"api", "readers", "frames"}}
    drawn = picture.draw(wide)
    boxes = [(int(x), int(y)) for x, y in re.findall(r'<rect x="(\d+)" y="(\d+)"', drawn)]
    assert len(boxes) == len(wide)
    assert all(abs(a[0] - b[0]) > picture.BOX_WIDTH for a in boxes for b in boxes if a != b and a[1] == b[1])
    arrows = [[int(y) for y in re.findall(r",(\d+)", points)] for points in re.findall(r'points="(.*?)"', drawn)]
    assert sum(len(heights) > 2 for heights in arrows) == 2
    assert all(heights == sorted(set(heights)) for heights in arrows)


def test_a_circle_of_rooms_cannot_be_drawn():
    """It has no top and no bottom."""
    with pytest.raises(ValueError, match="in a circle: a, b"):
        picture.draw({"a": {"b"}, "b": {"a"}})


def test_the_page_has_the_rooms_and_their_rule():
    """The table of the page is the rule that the test of the architecture holds."""
    table = re.findall(r"^\| `(\w+)` \| .+ \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    allowed = {
        name: {other if other != "llmcost" else "" for other in re.findall(r"\w+", text)} for name, text in table
    }
    rule = {name or "llmcost": others for name, others in ROOMS.items() if name != "__main__"}
    assert {name: others - {"nothing"} for name, others in allowed.items()} == rule


def test_no_room_is_drawn_that_the_rule_does_not_know():
    """A new room needs its row."""
    assert rooms(graph(picture.PACKAGE)).keys() == ROOMS.keys()
