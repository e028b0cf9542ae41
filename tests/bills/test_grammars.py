"""The grammars are data: what they name exists, and what they do not know is no guess."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

import llmcost.bills
from llmcost.bills.cells import Conditions
from llmcost.bills.focus_columns import unit_of
from llmcost.bills.grammar import grammar
from llmcost.bills.units import size_of
from llmcost.core.meters import METERS
from llmcost.core.tiers import STANDARD, TIERS

FOLDER = files(llmcost.bills).joinpath("grammars")
NAMES = ("azure", "bedrock", "google", "openai")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_grammar_names_exists(name):
    """Meters, tiers and conditions are those of the engine; each file says where its names were seen."""
    stated = json.loads(FOLDER.joinpath(f"{name}.json").read_text("utf-8"))
    assert set(stated["meters"].values()) | set(stated.get("fees", {}).values()) <= set(METERS)
    for mark in (*stated["marks"].values(), stated["usual"]):
        assert set(mark) <= set(Conditions._fields)
        assert mark.get("tier", STANDARD) in TIERS | {STANDARD}
    assert all(source.startswith("https://") for source in stated["sources"])
    assert stated["providers"]
    assert all(key == key.lower() for key in (*stated["meters"], *stated["marks"], *stated.get("fees", {})))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", ["", " ", "Guardrail units", "input", "gpt-4o", "x" * 10_000, "a, b, c | d", "\x1b[31m"]
)
def test_other_names_are_not_guessed(name, text):
    """Nothing is read from a text that is no name of a SKU."""
    assert grammar(name).decode(text) is None


def test_units_that_rows_of_focus_have_are_known():
    """Whatever a row of ``llmcost focus`` counts in is read back: the unit of every meter, and of its price."""
    for row in METERS.values():
        unit = unit_of(row.name, row.unit)
        assert size_of(unit.noun)[0] == 1, row.name
        assert size_of(unit.text)[0] == unit.size, row.name


@pytest.mark.parametrize(
    ("unit", "size"),
    [
        ("1K tokens", (1000, "token")),
        ("1000000 characters", (10**6, "character")),
        ("1k hours", (3_600_000, "second")),
        ("1M", (10**6, "")),
        ("Count", (1, "")),
        ("1k dozens", (0, "")),
        ("dozens", (0, "")),
        ("", (0, "")),
    ],
)
def test_how_many_a_unit_is(unit, size):
    """A word in front of a unit multiplies it; without a unit it is a number of anything."""
    assert size_of(unit) == size


def test_units_and_sellers_are_whole():
    """Units are whole numbers above 0 of what a meter counts; a seller is a provider, a publisher and a service."""
    stated = json.loads(FOLDER.joinpath("units.json").read_text("utf-8"))
    units, many = stated["units"], stated["many"]
    assert all(isinstance(size, int) and size > 1 and word == word.lower() for word, size in many.items())
    assert units.keys().isdisjoint(many)
    assert all(isinstance(size, int) and size > 0 and unit == unit.lower() for unit, (size, _) in units.items())
    assert {of for _, of in units.values()} <= {"", *(row.unit for row in METERS.values())}
    sellers = json.loads(FOLDER.joinpath("sellers.json").read_text("utf-8"))
    assert all(len(names) == 3 and all(names) for names in sellers.values())
