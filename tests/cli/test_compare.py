"""``llmcost compare``: one call on several models."""

from __future__ import annotations

import json


def test_the_cheapest_comes_first(run):
    """Each with the cost of input and output, and how many times the cheapest it is."""
    result = run("compare", "large-1", "small-1", "--input", "10k", "--output", "1k")
    assert result.exit_code == 0
    # small: 10000 x 1e-6 + 1000 x 4e-6; large: twice that
    assert [line.split() for line in result.stdout.splitlines()[2:]] == [
        ["small-1", "0.01", "0.004", "0.014", "1.00"],
        ["large-1", "0.02", "0.008", "0.028", "2.00"],
    ]


def test_cached_tokens_are_part_of_the_input(run):
    """A model without a rate for the cache bills them as input."""
    result = run("compare", "small-1", "large-1", "--input", "10000", "--cached", "9000")
    # 1000 x 1e-6 + 9000 x 1e-7; 10000 x 2e-6
    assert [line.split()[-2] for line in result.stdout.splitlines()[2:]] == ["0.0019", "0.02"]


def test_patterns(run):
    """A star stands for any part of a name, and a model is compared once."""
    result = run("compare", "*-1", "small-1", "--input", "1k", "--output", "1k")
    assert [line.split()[0] for line in result.stdout.splitlines()[2:]] == ["small-1", "large-1", "clock-1"]


def test_what_is_not_wholly_priced_comes_last(run):
    """It only seems cheap: it is marked and compared with nothing."""
    result = run("compare", "clock-1", "small-1", "--input", "1k")
    last = result.stdout.splitlines()[-1].split()
    assert last == ["clock-1", "0.00", "0.00", ">=0.00", "no", "rate", "for", "input_seconds"]


def test_facts(run):
    """The tier holds for every model; one without such rates is billed at standard."""
    result = run("compare", "small-1", "large-1", "--input", "1k", "--service-tier", "flex")
    assert result.stdout.splitlines()[2].split() == [
        "small-1",
        "0.0005",
        "0.00",
        "0.0005",
        "1.00",
        "tier",
        "flex",
    ]


def test_json(run):
    """A Cost per model, the cheapest first."""
    found = json.loads(run("compare", "large-1", "small-1", "--output", "1k", "--json").stdout)
    assert [(cost["model"], cost["total"]) for cost in found] == [("small-1", "0.004"), ("large-1", "0.008")]


def test_an_unknown_model(run):
    """Exit code 2 with the nearest names; the others are compared."""
    result = run("compare", "small-1", "larg-1", "nothing-*", "--input", "1k")
    assert result.exit_code == 2
    assert "0.001" in result.stdout
    assert "error: larg-1: no price is known for the model 'larg-1'" in result.stderr
    assert "nearest names (not used): large-1" in result.stderr
    assert "error: nothing-*: " in result.stderr


def test_it_needs_quantities(run):
    """Without any it is a wrong command line."""
    result = run("compare", "small-1")
    assert result.exit_code == 2
    assert "nothing to compare by" in result.stderr
