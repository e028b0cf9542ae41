"""Corrections by a factor: which prices they change, and when they stop the build."""

from __future__ import annotations

import pytest

from tools.prices.decisions import UndecidedError, stop_if_any
from tools.prices.overrides import correct

INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
LONG, BATCH = f"{INPUT}_above_200k_tokens", f"{OUTPUT}_batches"
RULE = """
[[factor]]
ids = ["maker.m"]
base = "global."
factor = "1.1"
url = "https://a.test/regions"
checked = "2026-06-01"
expires = "2026-08-30"
why = "x"
"""


def row(**more):
    return {
        "litellm_provider": "bedrock",
        "mode": "chat",
        INPUT: 3e-06,
        OUTPUT: 1.5e-05,
        LONG: 6e-06,
        BATCH: 7.5e-06,
    } | more


def apply(tmp_path, entries, rule=RULE, today="2026-07-01"):
    path = tmp_path / "overrides.toml"
    path.write_text(rule)
    result = correct(entries, path, today)
    stop_if_any(result.decisions)
    return result


def test_every_token_price_is_multiplied(tmp_path):
    """3 / 15, 6 above 200k and 7.5 in a batch are 3.3 / 16.5, 6.6 and 8.25; a fee per search and the base row stay."""
    entries = {"maker.m": row(search_cost_per_query=0.01), "global.maker.m": row(), "us.maker.m": row()}
    result = apply(tmp_path, entries)
    assert entries["maker.m"] == row(
        **{INPUT: 3.3e-06, OUTPUT: 1.65e-05, LONG: 6.6e-06, BATCH: 8.25e-06}, search_cost_per_query=0.01
    )
    assert entries["global.maker.m"] == entries["us.maker.m"] == row()
    assert result.keys == {"maker.m": {INPUT: "3e-06", OUTPUT: "1.5e-05", LONG: "6e-06", BATCH: "7.5e-06"}}
    assert result.urls == {"maker.m": ("https://a.test/regions", "2026-06-01")}


def test_a_price_that_only_the_base_has_is_not_copied(tmp_path):
    """The base row sells a tier that the row does not."""
    entries = {"maker.m": row(), "global.maker.m": row(**{f"{INPUT}_priority": 6e-06})}
    apply(tmp_path, entries)
    assert f"{INPUT}_priority" not in entries["maker.m"]


@pytest.mark.parametrize(
    ("own", "base", "message"),
    [
        ({INPUT: 3.2e-06}, {}, r"maker.m: differs from global.maker.m upstream \(input_cost_per_token\); read https"),
        ({f"{INPUT}_flex": 1e-06}, {}, r"differs from global.maker.m upstream \(input_cost_per_token_flex\)"),
    ],
)
def test_a_rule_that_no_longer_fits(tmp_path, own, base, message):
    """Upstream moved one of the two rows: a person has to read the page."""
    with pytest.raises(UndecidedError, match=message):
        apply(tmp_path, {"maker.m": row(**own), "global.maker.m": row(**base)})


def test_a_multiple_that_upstream_states_itself(tmp_path):
    """Nobody need decide: the row is right, and the id is no longer needed in the rule."""
    stated = row(**{INPUT: 3.3e-06, OUTPUT: 1.65e-05, LONG: 6.6e-06, BATCH: 8.25e-06})
    entries = {"maker.m": dict(stated), "global.maker.m": row()}
    result = apply(tmp_path, entries)
    assert entries["maker.m"] == stated
    assert (result.adopted, result.keys) == ({"maker.m": sorted([INPUT, OUTPUT, LONG, BATCH])}, {})


@pytest.mark.parametrize(("gone", "message"), [("maker.m", "maker.m"), ("global.maker.m", "global.maker.m")])
def test_a_row_that_is_gone(tmp_path, gone, message):
    """Without either row there is nothing to compare."""
    entries = {name: row() for name in ("maker.m", "global.maker.m") if name != gone}
    with pytest.raises(UndecidedError, match=f"  {message}: no such model any more"):
        apply(tmp_path, entries)


def test_a_row_without_a_token_price(tmp_path):
    """A factor of nothing is no correction."""
    bare = {"litellm_provider": "bedrock", "mode": "chat"}
    with pytest.raises(UndecidedError, match="it has no token price"):
        apply(tmp_path, {"maker.m": bare, "global.maker.m": row()})


def test_a_rule_ends(tmp_path):
    """The last day counts, the day after does not."""
    entries = {"maker.m": row(), "global.maker.m": row()}
    with pytest.raises(UndecidedError, match=r"expired on 2026-08-30; read https://a.test/regions again"):
        apply(tmp_path, dict(entries), today="2026-08-31")
    apply(tmp_path, {"maker.m": row(), "global.maker.m": row()}, today="2026-08-30")
