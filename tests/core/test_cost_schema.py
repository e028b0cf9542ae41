"""The JSON Schema that ships says what ``to_dict()`` writes, of every kind of Cost, and refuses everything else."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from llmcost import Cost, CostMap, PriceDataError, Usage, estimate
from llmcost.core.cost_schema import schema
from llmcost.core.meters import METERS
from llmcost.core.note_codes import CODES
from llmcost.core.statement import SCHEMA
from llmcost.core.term import Term
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments
from tests.golden.harness import cases, price

KEPT = Path(__file__).parents[2] / "docs" / "cost.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(schema())
PRICES = CostMap(
    {
        "m": {
            "input_cost_per_token": 2e-06,
            "output_cost_per_token": 8e-06,
            "cache_read_input_token_cost": 5e-07,
            "input_cost_per_token_above_200k_tokens": 4e-06,
            "geo_multiplier": {"us": 1.1},
        },
        "n": {"input_cost_per_second": 0.5},
        "h": {"input_cost_per_hour": 1},
        "f": {"free": True},
    }
)
TERMS = (Term("discount", (1, 10), "config"), Term("margin", (1, 5), "config"), Term("fee", (1, 1000), "config"))
TERMED = PRICES.with_deployments(Deployments([Deployment("m", "m", terms=TERMS)]))
USAGE = Usage(input=1000, cache_read=2000, output=300)
PARTS = Usage(input=10, parts=(Usage(input=5, model="n"), Usage(input=7, model="unheard-of")))


def calculate(usage=USAGE, model="m", prices=PRICES, **facts):
    return prices.calculate(usage=usage, model=model, **facts)


REPORTED = Usage(input=1000, reported="0.0019")
COSTS = {
    "plain": calculate(),
    "with a factor and a tier": calculate(region="us", service_tier="flex"),
    "above a threshold": calculate(Usage(input=300_000)),
    "unpriced": calculate(Usage(input=1, maps_queries=2)),
    "decimal quantity": calculate(Usage(duration=Decimal("0.1")), "n"),
    "float quantity": calculate(Usage(duration=0.25), "n"),
    "quantity without a decimal": calculate(Usage(duration=Fraction(1, 3)), "n"),
    "inexact": calculate(Usage(duration=1), "h"),
    "parts": calculate(PARTS),
    "reported": calculate(REPORTED),
    "reported, unknown model": calculate(REPORTED, "unheard-of"),
    "waived": calculate(cache_hit=True),
    "free usage": calculate(Usage(free="nothing is billed")),
    "free model": calculate(model="f"),
    "with terms": calculate(prices=TERMED),
    "broken off": calculate(Usage(input=1, partial=True)),
    "sum": calculate() + calculate(Usage(duration=1), "n"),
    "mixed sum": calculate() + calculate(REPORTED),
    "with a note": calculate().with_note("a caller's own"),
    "estimated, low": estimate("m", input=10, max_output=20, cost_map=PRICES).low,
    "estimated, high": estimate("m", input=10, max_output=20, cost_map=PRICES).high,
}


def through_json(cost):
    return json.loads(json.dumps(cost.to_dict()))


def assert_kept(cost):
    """Valid, restored as an equal Cost that writes the same, and restored once more."""
    stated = through_json(cost)
    VALIDATOR.validate(stated)
    found = Cost.from_dict(stated)
    assert found == cost
    assert found.to_dict() == stated
    assert found.as_integer_ratio() == cost.as_integer_ratio()


def test_the_kept_file_is_the_schema():
    """``llmcost schema --cost -o docs/cost.schema.json`` writes it anew; it is a schema itself, of this form."""
    assert json.loads(KEPT.read_text(encoding="utf-8")) == schema()
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["properties"]["schema"]["const"] == SCHEMA


@pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS.keys())
def test_every_kind_of_cost_is_valid_and_restored(cost):
    """And so is the cost by our own card that it holds."""
    assert_kept(cost)
    if cost.calculated is not None:
        assert_kept(cost.calculated)


def test_every_golden_cost_is_valid_and_restored():
    """All that are priced: 130 of the cases and the regressions, or more."""
    priced = [case for name in ("cases.jsonl", "regressions.jsonl") for case in cases(name) if "response" in case]
    count = 0
    for case in priced:
        if case.get("expected_cost_usd") is not None:
            assert_kept(price(case, case["response"]))
            count += 1
    assert count >= 130


def test_the_words_of_meters_and_notes_fit():
    """A new meter or code needs no new form, as long as it is written like the others."""
    stated = through_json(COSTS["plain"])
    line = stated["line_items"][0]
    for meter in (*METERS, "free", "reported", "discount", "margin", "fee"):
        line["meter"] = meter
        VALIDATOR.validate(stated)
    for code in CODES:
        stated["notes"] = [{"code": code, "text": "said", "about": None}]
        VALIDATOR.validate(stated)


def changed(path, value):
    """Return a valid dict with one field set to a value, or without it for ``...``."""
    stated = through_json(COSTS["reported"])
    place = stated
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return stated


FIELDS = [(name,) for name in schema()["properties"]]
FIELDS += [("line_items", 0, name) for name in schema()["$defs"]["line"]["properties"]]
FIELDS += [("tier", name) for name in ("requested", "served", "billed")]
FIELDS += [("line_items", 0, "notes", 0, name) for name in ("code", "text", "about")]
# Sums that follow from the lines, and what says the same as another field, are not read again.
FOLLOWS = {("exact",), ("input",), ("output",), ("other",), ("complete",)}


@pytest.mark.parametrize("path", FIELDS, ids=lambda path: ".".join(map(str, path)))
def test_no_field_may_be_missing_or_of_another_kind(path):
    """The schema and ``from_dict`` refuse it alike."""
    for wrong in (..., {"an": "object"}, -1, [5]):
        stated = changed(path, wrong)
        assert not VALIDATOR.is_valid(stated), wrong
        if path not in FOLLOWS:
            with pytest.raises(PriceDataError):
                Cost.from_dict(stated)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("schema",), SCHEMA + 1),
        (("total",), 0.0019),
        (("total",), "1.9E-3"),
        (("total",), "NaN"),
        (("total",), "00.1"),
        (("fraction",), "1/0"),
        (("counts",), "guessed"),
        (("basis",), "someday"),
        (("line_items", 0, "quantity"), "many"),
        (("line_items", 0, "quantity"), True),
        (("line_items", 0, "rate"), 0.1),
        (("line_items", 0, "meter"), "Input tokens"),
        (("line_items", 0, "notes"), ["text"]),
        (("unpriced",), ["input", "input"]),
        (("calculated", "total"), 5),
        (("calculated", "line_items", 0, "amount"), None),
        (("more",), 1),
    ],
)
def test_what_is_no_cost_is_refused(path, wrong):
    """Another form, money that is no plain decimal text, words of no list, fields of no name."""
    assert VALIDATOR.is_valid(through_json(COSTS["reported"]))
    assert not VALIDATOR.is_valid(changed(path, wrong))


def test_a_schema_is_not_changed_by_who_reads_it():
    """Each call makes it anew."""
    found = schema()
    before = copy.deepcopy(found)
    found["properties"].clear()
    assert schema() == before
