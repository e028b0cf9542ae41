"""Models added by hand: what they give, and how they end."""

from __future__ import annotations

import pytest

from tools.prices.additions import add
from tools.prices.history import build_history

INPUT, OUTPUT, READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"
MAPS = "google_maps_grounding_cost_per_query"
SEARCH = "search_context_cost_per_query"
FEE = {f"search_context_size_{size}": 0.014 for size in ("high", "low", "medium")}
OLD = {
    "litellm_provider": "acme",
    "mode": "chat",
    INPUT: 7e-06,
    "max_tokens": 4096,
    "supports_vision": True,
    "supported_modalities": ["text"],
    "web_search_billing_unit": "per_query",
    "deprecation_date": "2026-09-01",
    "source": "https://acme.test/old",
}
RULE = """
[[model]]
id = "acme/new"
mode = "chat"
like = "acme/old"
since = "2026-06-01"
url = "https://acme.test/prices"
also = "https://news.test"
read = "2026-06-10"
expires = "2026-07-25"
search_per_query = "0.014"
keys = { input_cost_per_token = "2e-06", input_cost_per_token_above_200k_tokens = "4e-06", output_cost_per_token = "1e-05", google_maps_grounding_cost_per_query = "0.014" }
tiers = { batches = "0.5", priority = "1.8" }
"""  # noqa: E501 - the form in which it is written
CHANGE = '[[model.change]]\nfrom = "2026-07-01"\nfactor = "2"\nurl = "https://acme.test/rise"\n'
# Halves and 1.8 times 2, 4 and 10 dollars a million; a fee per query has no tier.
PRICES = {
    INPUT: 2e-06,
    f"{INPUT}_batches": 1e-06,
    f"{INPUT}_priority": 3.6e-06,
    f"{INPUT}_above_200k_tokens": 4e-06,
    f"{INPUT}_above_200k_tokens_batches": 2e-06,
    f"{INPUT}_above_200k_tokens_priority": 7.2e-06,
    OUTPUT: 1e-05,
    f"{OUTPUT}_batches": 5e-06,
    f"{OUTPUT}_priority": 1.8e-05,
    MAPS: 0.014,
    SEARCH: FEE,
}


def added(tmp_path, text=RULE, today="2026-06-15", **upstream):
    path = tmp_path / "additions.toml"
    path.write_text(text)
    models = {"acme/old": OLD, **{f"acme/{name}": entry for name, entry in upstream.items()}}
    return models, add(models, path, today)


def test_an_addition(tmp_path):
    """Its own prices and tiers; limits, capabilities and the unit of a search of its sibling; nothing else of it."""
    models, result = added(tmp_path)
    assert models["acme/new"] == {
        "litellm_provider": "acme",
        "mode": "chat",
        "source": "https://acme.test/prices",
        "max_tokens": 4096,
        "supports_vision": True,
        "supported_modalities": ["text"],
        "web_search_billing_unit": "per_query",
        **PRICES,
    }
    assert (list(result.models), result.adopted, result.filled, result.decisions) == (["acme/new"], {}, {}, [])


def test_several_ids_each_like_its_own_sibling(tmp_path):
    """A list of ids takes a list of siblings, in the same order."""
    text = RULE.replace('id = "acme/new"', 'id = ["acme/new", "other/new"]')
    text = text.replace('like = "acme/old"', 'like = ["acme/old", "acme/small"]')
    models, _ = added(tmp_path, text, small={"litellm_provider": "other", "max_tokens": 8})
    assert (models["acme/new"]["litellm_provider"], models["acme/new"]["max_tokens"]) == ("acme", 4096)
    assert (models["other/new"]["litellm_provider"], models["other/new"]["max_tokens"]) == ("other", 8)
    assert models["other/new"][OUTPUT] == 1e-05


def test_one_that_upstream_has_adopted(tmp_path):
    """The same prices in a source: its row stands, and the addition is told as no longer needed."""
    entry = {"litellm_provider": "acme", "mode": "chat", "max_tokens": 9, **PRICES}
    models, result = added(tmp_path, new=entry)
    assert models["acme/new"] == entry
    assert (result.models, list(result.adopted), result.decisions) == ({}, ["acme/new"], [])


def test_one_that_upstream_has_in_part(tmp_path):
    """What a source does not state is still the addition's."""
    models, result = added(tmp_path, new={"litellm_provider": "acme", INPUT: 2e-06, OUTPUT: 1e-05})
    assert models["acme/new"] == {"litellm_provider": "acme", **PRICES}
    assert result.filled["acme/new"][1] == sorted(PRICES.keys() - {INPUT, OUTPUT})
    assert result.decisions == []


def test_one_that_upstream_contradicts(tmp_path):
    """Another price in a source is for a person, who gets both and the page."""
    models, result = added(tmp_path, new={"litellm_provider": "acme", INPUT: 3e-06, OUTPUT: 1e-05})
    assert models["acme/new"] == {"litellm_provider": "acme", INPUT: 3e-06, OUTPUT: 1e-05}
    (found,) = result.decisions
    assert (found.model_id, found.key, found.expected, found.upstream) == ("acme/new", INPUT, "2e-06", "3e-06")
    assert found.page == "https://acme.test/prices"


@pytest.mark.parametrize(
    ("change", "today", "why"),
    [
        (("", ""), "2026-07-26", "expired on 2026-07-25; read https://acme.test/prices again"),
        (("", ""), "2026-06-09", "read on 2026-06-10, after the day of the build (2026-06-09)"),
        (("2026-07-25", "2026-07-26"), "2026-06-15", "expires 2026-07-26, more than 45 days after it was read"),
        (("acme/old", "acme/none"), "2026-06-15", "like names no model: acme/none"),
        (('like = "acme/old"', ""), "2026-06-15", "neither provider nor like says who sells it"),
        (('url = "https://acme.test/prices"', ""), "2026-06-15", "without url"),
        (("search_per_query", "search_fee"), "2026-06-15", "no such field: search_fee"),
    ],
)
def test_one_that_does_not_fit(tmp_path, change, today, why):
    """Evidence grows old by the day of the build; a slip in the rule is named."""
    models, result = added(tmp_path, RULE.replace(*change) if change[0] else RULE, today)
    assert f"addition: {why}" in str(result.decisions[0])
    assert "acme/new" not in models


def test_the_last_day_counts(tmp_path):
    """An addition holds on its day of expiry."""
    assert added(tmp_path, today="2026-07-25")[1].decisions == []


def rows(tmp_path, today, text=RULE + CHANGE):
    models, result = added(tmp_path, text, today)
    empty = tmp_path / "history.toml"
    empty.write_text("")
    return models["acme/new"], build_history(models, [], empty, {}, today, result.every().values()).rows["acme/new"]


def test_its_first_day_stands_in_the_history(tmp_path):
    """Before it was sold there is no price."""
    assert rows(tmp_path, "2026-06-15", RULE)[1] == [
        {"from": "2026-06-01", "born": True, "conf": "high", "src": "https://acme.test/prices"}
    ]


def test_an_announced_change_before_and_after_its_day(tmp_path):
    """Every token price doubles on 2026-07-01, tiers included: 2 -> 4 and its batch 1 -> 2; fees per query do not."""
    before, history = rows(tmp_path, "2026-06-30")
    assert before == {**before, **PRICES}
    row = history[1]
    assert (row["from"], row["conf"], row["src"]) == ("2026-07-01", "medium", "https://acme.test/rise")
    assert row[INPUT] == [2e-06, 4e-06]
    assert row[f"{INPUT}_batches"] == [1e-06, 2e-06]
    assert row[f"{INPUT}_above_200k_tokens_priority"] == [7.2e-06, 1.44e-05]
    assert not row.keys() & {MAPS, SEARCH, "assumed"}
    after, history = rows(tmp_path, "2026-07-01")
    assert (after[INPUT], after[f"{INPUT}_batches"], after[MAPS]) == (4e-06, 2e-06, 0.014)
    assert history[1] == {**row, "conf": "high"}
