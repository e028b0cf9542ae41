"""Aliases and the dated ids that they mean: one past under two names."""

from __future__ import annotations

import pytest

from tools.prices.change import Change
from tools.prices.snapshots import pairs, share_past

INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"


def row(price=1e-06, provider="openai"):
    return {"litellm_provider": provider, INPUT: price}


@pytest.mark.parametrize(
    ("models", "meant"),
    [
        ({"o9": row(), "o9-2026-01-05": row()}, {"o9": "o9-2026-01-05"}),
        ({"claude-x-latest": row(), "claude-x-20260105": row()}, {"claude-x-latest": "claude-x-20260105"}),
        # With two snapshots nobody knows which one was meant on a day.
        ({"o9": row(), "o9-2026-01-05": row(), "o9-2026-02-05": row()}, {}),
        # Another price, another seller, or a reseller's own ids.
        ({"o9": row(2e-06), "o9-2026-01-05": row()}, {}),
        ({"o9": row(), "o9-2026-01-05": row(provider="azure")}, {}),
        ({"shop/o9": row(provider="wandb"), "shop/o9-2026-01-05": row(provider="wandb")}, {}),
    ],
)
def test_which_id_an_alias_means(models, meant):
    """The only dated id, of the same maker and at the same price."""
    assert pairs(models) == meant


def change(key, start="2026-03-01"):
    return Change(key, start, 2e-06, 1e-06, "high", "s")


def test_both_have_the_changes_of_each_other():
    """A change that is stated for one of the names is one of the other, unless that has a day of its own."""
    found = {"a": [change(INPUT)], "a-2026-01-05": [change(INPUT, "2026-03-20"), change(OUTPUT)]}
    share_past(found, {"a": "a-2026-01-05"})
    assert found["a"] == [change(INPUT), change(OUTPUT)]
    assert found["a-2026-01-05"] == [change(INPUT, "2026-03-20"), change(OUTPUT)]
