"""The picture in the docs is drawn from the committed history."""

from __future__ import annotations

from datetime import date

from tests.tools import examples
from tools.docs import price_history_svg as picture

KEY = picture.KEY


def test_the_committed_picture_is_up_to_date():
    """`--check` compares the picture with what the data give."""
    assert picture.main(["--check"]) == 0


def test_examples():
    """The examples in the tool's docstrings are true."""
    examples.assert_true(picture)


def test_a_birth_is_the_start_and_each_change_a_step():
    """A known birth starts the line; the last step has no end."""
    rows = [{"from": "2026-01-05", "born": True}, {"from": "2026-02-01T16:00:00Z", KEY: [4e-06, 2e-06]}]
    first, last = picture.steps(rows, 2e-06)
    assert (first.start, first.end, first.price) == (date(2026, 1, 5), date(2026, 2, 1), 4.0)
    assert (last.start, last.end, last.price) == (date(2026, 2, 1), None, 2.0)


def test_what_is_scheduled_is_dashed():
    """One dashed line per model after the day of the build, and none before it."""
    models = {name: {KEY: 1e-06} for name in picture.MODELS}
    history = {"o3": [{"from": "2026-12-01", KEY: [1e-06, 5e-06]}]}
    drawn = picture.draw(models, history, date(2026, 11, 23))
    lines = [line for line in drawn.splitlines() if line.startswith("<polyline")]
    assert len(lines) == 2 * len(picture.MODELS)
    assert sum("stroke-dasharray" in line for line in lines) == len(picture.MODELS)
    assert "o3 $5</text>" in drawn
