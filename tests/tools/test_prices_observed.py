"""Changes whose day is that on which somebody looked, against the releases of before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tools.prices.observed import date_back

INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
SYNCED = "synced from gateway price API, date = first observed"


def change(day="2026-10-19", old="3e-06", new="2e-06", why=SYNCED, key=INPUT):
    return {"model": "acme/m", "key": key, "old": Decimal(old), "new": Decimal(new), "from": day, "why": why}


def release(day, **prices):
    return day, {"acme/m": {"litellm_provider": "acme", **prices}} if prices else {}


def days(rows, *releases, ids=("acme/m",)):
    found = date_back(rows, releases, lambda _: ids)
    return [row["from"] for row in found.rows], found


def test_a_day_that_an_older_release_contradicts():
    """The new price stands in the releases of July and September, and another one in that of May: July is the day."""
    releases = [
        release("2026-09-27", input_cost_per_token=2e-06),
        release("2026-05-01", input_cost_per_token=3e-06),
        release("2026-07-04", input_cost_per_token=2e-06),
        release("2026-11-12", input_cost_per_token=2e-06),
    ]
    starts, found = days([change()], *releases)
    assert starts == ["2026-07-04"]
    assert found.rows[0]["noticed"] == "2026-10-19"
    assert found.moved == ["acme/m: input_cost_per_token 2026-10-19 -> 2026-07-04"]


@pytest.mark.parametrize(
    "releases",
    [
        # The last release before the day still has the old price, whatever an older one says.
        [release("2026-07-04", input_cost_per_token=2e-06), release("2026-09-27", input_cost_per_token=3e-06)],
        # It does not list the model, or not the price.
        [release("2026-09-27")],
        [release("2026-09-27", output_cost_per_token=2e-06)],
        # A release of the day itself says nothing about the days before.
        [release("2026-10-19", input_cost_per_token=2e-06)],
        [],
    ],
)
def test_a_day_that_nothing_contradicts(releases):
    """It stays, and so does the row."""
    starts, found = days([change()], *releases)
    assert starts == ["2026-10-19"]
    assert (found.rows, found.moved) == ([change()], [])


@pytest.mark.parametrize(
    ("why", "moves"),
    [
        (SYNCED, True),
        ("dated by curator from provider page", False),
        ("announced, not yet in force", False),
    ],
)
def test_a_day_that_the_maker_states_stays(why, moves):
    """Only a day that says when somebody looked is an upper bound."""
    starts, _ = days([change(why=why)], release("2026-09-27", input_cost_per_token=2e-06))
    assert (starts == ["2026-09-27"]) is moves


CORRECTED = "independent family shows same old->new within 75 d"


def test_a_correction_is_no_change():
    """Every release before the day on which two catalogues agree has the new price: it was a mistake, and no price."""
    starts, found = days([change(why=CORRECTED)], release("2026-07-04", input_cost_per_token=2e-06))
    assert starts == []
    assert found.corrections == ["acme/m: input_cost_per_token 2026-10-19: 2026-07-04 has the new price"]


def test_a_change_that_catalogues_noticed_late():
    """A release with the old price comes first, so that the price did change, by the next release."""
    releases = [release("2026-05-01", input_cost_per_token=3e-06), release("2026-07-04", input_cost_per_token=2e-06)]
    assert days([change(why=CORRECTED)], *releases)[0] == ["2026-07-04"]


def test_a_price_that_came_back():
    """2 -> 3 on 10-19 and 3 -> 2 on 11-03: a release of September with 2 is before the first of them."""
    rows = [change("2026-10-19", "2e-06", "3e-06"), change("2026-11-03", "3e-06", "2e-06")]
    starts, _ = days(rows, release("2026-09-27", input_cost_per_token=2e-06))
    assert starts == ["2026-10-19", "2026-11-03"]
    # One of 10-27 with 2 is between the two.
    starts, _ = days(rows, release("2026-10-27", input_cost_per_token=2e-06))
    assert starts == ["2026-10-19", "2026-10-27"]


def test_a_price_that_went():
    """A release can't show since when a price is not stated any more: absence may be its own gap."""
    row = {**change(), "new": None}
    assert days([row], release("2026-09-27", output_cost_per_token=1e-06))[0] == ["2026-10-19"]


def test_each_key_has_its_own_day():
    """The output price of the same row may have changed later."""
    rows = [change(), change(key=OUTPUT)]
    releases = [release("2026-09-27", input_cost_per_token=2e-06, output_cost_per_token=3e-06)]
    assert days(rows, *releases)[0] == ["2026-09-27", "2026-10-19"]


def test_a_change_of_no_model_stays():
    """A change whose ids the map does not list has nothing to compare with."""
    assert days([change()], release("2026-09-27", input_cost_per_token=2e-06), ids=())[0] == ["2026-10-19"]
