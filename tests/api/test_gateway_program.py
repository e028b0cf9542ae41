"""One program on either import: its report is the same line by line, but for what docs/litellm.md says."""

from __future__ import annotations

import warnings
from pathlib import Path

import llmcost
from tests.litellm_objects import class_of

from .gateway_program import run

DOC = (Path(__file__).parents[2] / "docs" / "litellm.md").read_text(encoding="utf-8")
# What differs -> where the page says so.
DIFFERENT = {
    "timed": "| `total_time`, `duration` | milliseconds in places | seconds",
    "unknown": "| unknown models,",
}
# 1000 x 2e-6 + 100 x 8e-6 = 0.0028; 500 x 2e-6 + 1500 x 5e-7 + 0.0008; 300,000 x 4e-6 + 1000 x 1.2e-5.
REPORT = """\
registered: 0.000002000000
response: 0.002800000000
named: 0.000140000000
cached: 0.002550000000
long: 1.212000000000
sides: (0.002000000000, 0.000800000000)
sides of a usage: (0.002000000000, 0.000800000000)
batch: 0.001400000000
own: 0.013000000000
after own: 0.002800000000
timed: 20.000000000000
embedding: 0.000010000000
limit: 1000000
unstated: None
most: 64000
vision: True
discounted: 0.002520000000
unknown: UnknownModelError
document: True"""


def report(library):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run(library)


def test_its_report_is_worked_out_by_hand():
    """Each line, from the prices that the program registers."""
    assert "\n".join(report(llmcost)) == REPORT


def test_the_same_program_on_litellm():
    """Line by line; what differs is a row of the page."""
    class_of("Usage")
    import litellm

    pairs = dict(zip(report(llmcost), report(litellm), strict=True))
    differ = {ours.partition(":")[0]: (ours, theirs) for ours, theirs in pairs.items() if ours != theirs}
    assert set(differ) == set(DIFFERENT), differ
    assert all(row in DOC for row in DIFFERENT.values())
