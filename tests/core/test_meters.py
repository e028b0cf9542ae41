"""The table of meters: what every row has to be for the others to make sense."""

from __future__ import annotations

import pytest

from llmcost.core.meters import (
    INPUT,
    METERS,
    OTHER,
    OUTPUT,
    PROMPT_METERS,
    TIME_METERS,
    TIME_ORDER,
    TOKEN,
    TOKEN_METERS,
    WORK_METERS,
)


@pytest.mark.parametrize("row", METERS.values(), ids=METERS)
def test_every_row(row):
    """A side, at least one key, and a line of parents that are meters, without a circle."""
    assert row.side in {INPUT, OUTPUT, OTHER}
    assert row.keys
    assert row.per in {1, 1000}
    assert row.unit
    assert row.name not in row.parents
    assert all(parent in METERS for parent in row.parents)
    assert repr(row) == f"Meter({row.name!r})"


@pytest.mark.parametrize("row", METERS.values(), ids=METERS)
def test_the_line_of_borrowing_is_whole(row):
    """Whatever a parent borrows from, the child borrows from too, so that no look-up has to climb."""
    for parent in row.parents:
        assert set(METERS[parent].parents) <= set(row.parents)


@pytest.mark.parametrize("row", METERS.values(), ids=METERS)
def test_a_rate_is_borrowed_from_the_same_unit(row):
    """A second never costs what a token does."""
    assert {METERS[parent].unit for parent in row.parents} <= {row.unit}


def test_cached_media_borrow_from_the_cache_first():
    """The cache rate if there is one, else their own modality's, else that of text."""
    for medium in ("audio", "image", "video"):
        assert METERS[f"cache_read_{medium}"].parents == ("cache_read", f"input_{medium}", "input")


def test_sets_of_meters():
    """What is the prompt, what are the model's tokens, what is time, and what else a call may be sold by."""
    assert {name for name in TOKEN_METERS if METERS[name].side == INPUT} - {"citation"} == PROMPT_METERS
    assert {"computer_input", "computer_output"} == {
        row.name for row in METERS.values() if row.unit == TOKEN
    } - TOKEN_METERS
    assert set(TIME_ORDER) == TIME_METERS
    assert TIME_ORDER[:3] == ("compute_seconds", "input_seconds", "output_seconds")
    assert TIME_METERS | {"queries", "requests", "input_characters", "output_images", "ocr_pages"} <= WORK_METERS
    assert not WORK_METERS & (TOKEN_METERS | {"web_searches", "grounded_prompts", "code_sessions", "guardrail_units"})
