"""Recorded responses of public test suites: the readers count what a second reading, by the vendors' rules, counts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from llmcost import read_usage

from .by_rule import used

HERE = Path(__file__).parent
CASES = [
    json.loads(line)
    for name in ("cassettes.jsonl", "swept.jsonl")
    for line in (HERE / name).read_text(encoding="utf-8").splitlines()
]
# Fees and times, which the second reading does not count; it counts searches where the response has their number.
NOT_COUNTED = frozenset(
    {
        "code_executions",
        "code_sessions",
        "compute_seconds",
        "file_searches",
        "grounded_prompts",
        "guardrail_units",
        "input_audio_seconds",
        "preview_searches",
        "x_searches",
    }
)


def test_there_are_enough():
    """Over 1,000 bodies and streams of over 25 providers, and no two that have one name."""
    providers = Counter(case["provider"] for case in CASES)
    assert len(CASES) == len({case["id"] for case in CASES}) >= 1000
    assert len(providers) >= 25
    assert sum("events" in case for case in CASES) >= 300


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_both_readings_agree(case):
    """Every meter, to the token."""
    right = case["right"]
    assert used(case) == right
    found: dict[str, float] = {}
    for part in read_usage(case.get("body") or case["events"]).walk():
        for units in (part.quantities, *(group[0] for group in part.alternatives)):
            for meter, quantity in units.items():
                found[meter] = found.get(meter, 0) + quantity
    counted = {meter: quantity for meter, quantity in found.items() if meter not in NOT_COUNTED}
    if "web_searches" not in right:
        counted.pop("web_searches", None)
    assert counted == right
