"""One change, one row: a new kind of condition and a new tier are priced right by a row each, and nothing else.

Each test copies the package, adds the row to the copy as a contributor would, and prices calls with it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import llmcost

PACKAGE = Path(llmcost.__file__).parent


@pytest.fixture
def changed(tmp_path):
    """Return a function that adds a row before a line of a file of the copy, and prices calls by the copy."""

    def price(file, before, row, entry, calls):
        copy = tmp_path / "llmcost"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1
        path.write_text(text.replace(before, row + before), encoding="utf-8")
        program = """
import json, sys, llmcost
entry, calls = json.load(sys.stdin)
prices = llmcost.CostMap({"m": entry})
for call in calls:
    cost = prices.calculate(model="m", **{**call, "usage": llmcost.Usage(**call["usage"])})
    print(json.dumps([str(cost.total), cost.line_items[0].conditions, list(cost.notes)]))
"""
        found = subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps([entry, calls]),
            env={"PYTHONPATH": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr
        return [json.loads(line) for line in found.stdout.splitlines()]

    return price


def test_a_kind_of_condition(changed):
    """Above 20 images each costs 9 instead of 3: 20 images are 60 USD, 21 are 189, and 20 again are 60."""
    row = """\
    Dimension(
        "images",
        lambda v, call: call.quantities.get("output_images", 0) > v,
        lambda v: f"more than {v} images",
        strength=_number,
        suffix=(5, "_above_([1-9][0-9]{0,5})_images"),
        value=int,
    ),
"""
    entry = {"output_cost_per_image": 3, "output_cost_per_image_above_20_images": 9}
    calls = [{"usage": {"output_images": count}} for count in (20, 21, 20)]
    below, above = ["60", "", []], ["189", "more than 20 images", []]
    found = changed("core/dimensions.py", '    Dimension(\n        "variant",\n', row, entry, calls)
    assert found == [below, above, below]


def test_a_kind_of_condition_on_tokens(changed):
    """The same beside token rates, which most calls are nothing but.

    4 of 10 tokens cached: 6 x 1 + 4 x 0.5 = 8 USD; 5 of them: 5 x 2 + 5 x 0.5 = 12.5.
    """
    row = """\
    Dimension(
        "warm",
        lambda v, call: call.quantities.get("cache_read", 0) >= v,
        lambda v: f"at least {v} cached",
        suffix=(5, "_from_([1-9][0-9]{0,5})_cached"),
        value=int,
    ),
"""
    entry = {"input_cost_per_token": 1, "cache_read_input_token_cost": 0.5, "input_cost_per_token_from_5_cached": 2}
    calls = [{"usage": {"input": 10 - cached, "cache_read": cached}} for cached in (4, 5)]
    found = changed("core/dimensions.py", '    Dimension(\n        "variant",\n', row, entry, calls)
    assert [row[:2] for row in found] == [["8", ""], ["12.5", "at least 5 cached"]]


def test_a_tier(changed):
    """A word that a provider uses is the tier's row; its suffix is a price key then."""
    row = '    "thrifty": "economy",\n'
    entry = {"input_cost_per_token": 2, "input_cost_per_token_economy": 1}
    calls = [{"usage": {"input": 3}, "service_tier": word} for word in ("thrifty", "default")]
    found = changed("core/tiers.py", "    # Capacity that is already paid for", row, entry, calls)
    assert found == [["3", "tier economy", []], ["6", "", []]]
