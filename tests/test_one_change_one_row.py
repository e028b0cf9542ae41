"""One change, one row: a new kind of condition, a new tier and a new fact of a call are a row each.

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
def copy(tmp_path):
    """Return a function that writes rows before lines of files of a copy of the package, and runs a program by it."""

    def run(rows, program, given):
        package = tmp_path / "llmcost"
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
        for file, before, row in rows:
            path = package / file
            text = path.read_text(encoding="utf-8")
            assert text.count(before) == 1
            path.write_text(text.replace(before, row + before), encoding="utf-8")
        found = subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(given),
            env={"PYTHONPATH": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr
        return [json.loads(line) for line in found.stdout.splitlines()]

    return run


@pytest.fixture
def changed(copy):
    """Return a function that prices calls by a copy with one row more."""

    def price(file, before, row, entry, calls):
        program = """
import json, sys, llmcost
entry, calls = json.load(sys.stdin)
prices = llmcost.CostMap({"m": entry})
for call in calls:
    cost = prices.calculate(model="m", **{**call, "usage": llmcost.Usage(**call["usage"])})
    print(json.dumps([str(cost.total), cost.line_items[0].conditions, list(cost.notes)]))
"""
        return copy([(file, before, row)], program, [entry, calls])

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


A_FACT = """
import json, sys, llmcost
from click.testing import CliRunner
from llmcost.cli._app import app
from llmcost.logs.record import Record
entry = json.load(sys.stdin)
prices = llmcost.CostMap({"m": entry})
call = {"model": "m", "usage": {"prompt_tokens": 10, "completion_tokens": 0}}
print(json.dumps("    speed: How fast." in llmcost.calculate.__doc__))
for fact in ({"speed": "fast"}, {}):
    print(json.dumps(str(prices.calculate(**call, **fact).total)))
    print(json.dumps(str(Record({**call, **fact}).calculate(cost_map=prices).total)))
    with open("map.json", "w") as map, open("log.jsonl", "w") as log:
        json.dump({"m": entry}, map)
        json.dump(call, log)
    options = [word for name, value in fact.items() for word in ("--" + name, value)]
    done = CliRunner().invoke(app, ["price", "log.jsonl", "--map", "map.json", "--json", *options])
    assert done.exit_code == 0, done.output
    print(json.dumps(json.loads(done.stdout)["calls"][0]["total"]))
try:
    Record({**call, "speed": 7})
except ValueError as error:
    print(json.dumps(str(error)))
"""
THE_FACT = ("api/facts.py", '    Fact("size", ', '    Fact("speed", "text", "selects", "How fast."),\n')


def test_a_fact(copy):
    """A row is a keyword, an option, a field of a record, and their documentation; nobody uses it by itself."""
    entry = {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6}
    found = copy([THE_FACT], A_FACT, entry)
    assert found == [True, *["0.00001"] * 6, "speed=7 should be str"]


def test_a_fact_that_selects_a_rate(copy):
    """It is handed on in the one place where a Call is made.

    10 x 1e-6 x 6 in fast mode; without it 10 x 1e-6.
    """
    entry = {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "provider_specific_entry": {"fast": 6}}
    use = ("api/given.py", "stated.speed,\n", "self.speed or ")
    found = copy([THE_FACT, use], A_FACT, entry)
    assert found == [True, *["0.00006"] * 3, *["0.00001"] * 3, "speed=7 should be str"]
