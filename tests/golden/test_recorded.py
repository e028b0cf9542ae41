"""Recorded responses that are rarer than the everyday ones: what was used, told by a bill or by the provider's page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmcost import LLMCostError, read_usage

PATH = Path(__file__).with_name("recorded.jsonl")
CASES = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]


def used(usage, right):
    """Return what a usage counts, parts added up; of alternatives the unit that the case names."""
    found: dict[str, float] = {}
    for part in usage.walk():
        units = [part.quantities]
        units += [unit for group in part.alternatives for unit in group if unit.keys() <= right.keys()][:1]
        if part.duration:
            units.append({"duration": part.duration})
        for unit in units:
            for meter, quantity in unit.items():
                found[meter] = found.get(meter, 0) + float(quantity)
    return found


def folded(counts, fold):
    """Return counts that are above 0, with reasoning among the output where nothing tells the two apart."""
    found = {meter: float(quantity) for meter, quantity in counts.items() if quantity}
    if fold and "reasoning" in found:
        found["output"] = found.get("output", 0) + found.pop("reasoning")
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_recorded(case):
    """Every count is right; where the case says so, an error is right too."""
    rights = case["right"] if isinstance(case["right"], list) else [case["right"]]
    fold = case.get("fold_reasoning", False)
    try:
        usage = read_usage(case["response"])
    except LLMCostError:
        assert "error" in rights
        return
    wanted = [folded(right, fold) for right in rights if right != "error"]
    assert any(folded(used(usage, right), fold) == right for right in wanted), (used(usage, {}), wanted)


def test_there_are_cases_of_many_providers():
    """They are what the test is worth."""
    assert len(CASES) >= 40
    assert len({case["provider"] for case in CASES}) >= 8
