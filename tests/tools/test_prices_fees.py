"""The table of tool fees: which rows get a fee, and what stops the build."""

from __future__ import annotations

import pytest

from tools.prices.build import HERE
from tools.prices.decisions import Decision
from tools.prices.fees import SEARCH, charge
from tools.prices.toml import read_toml

TODAY = "2026-07-01"
FILES = "file_search_cost_per_1k_calls"
RULE = """
[[fee]]
providers = ["acme"]
tool = "web_search"
key = "search_context_cost_per_query"
price = "0.01"
models = ["acme/*"]
since = "2026-02-01"
url = "https://acme.test/prices"
checked = "2026-06-01"
expires = "2026-08-30"
why = "10 per 1,000"
"""
TEN = dict.fromkeys(("search_context_size_high", "search_context_size_low", "search_context_size_medium"), 0.01)


def row(**more):
    return {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 1e-06, **more}


def apply(tmp_path, models, rule=RULE, today=TODAY):
    path = tmp_path / "tools.toml"
    path.write_text(rule)
    return charge(models, path, today)


def test_a_fee_is_written_into_the_rows_of_its_seller(tmp_path):
    """A search has one price for every size of context; another seller's row of the name has none."""
    models = {"acme/m": row(), "acme/n": row(**{SEARCH: TEN}), "other/m": {**row(), "litellm_provider": "other"}}
    result = apply(tmp_path, models)
    assert models["acme/m"] == row(**{SEARCH: TEN})
    assert SEARCH not in models["other/m"]
    assert result.written == {"acme/m": {SEARCH: "https://acme.test/prices"}}
    assert result.counts == ["acme web_search 0.01: written into 1 rows, 1 had it"]
    assert (result.decisions, result.replaced) == ([], {})


def test_a_fee_of_another_unit(tmp_path):
    """A key per 1,000 calls is a plain number, in its own unit."""
    models = {"acme/m": row()}
    apply(tmp_path, models, RULE.replace(SEARCH, FILES).replace('"0.01"', '"2.5"'))
    assert models["acme/m"] == row(**{FILES: 2.5})


def test_a_wrong_fee_is_replaced_only_if_the_rule_names_it(tmp_path):
    """25 per 1,000 is the price of another tool; 30 is unknown, and a person has to look."""
    wrong = dict.fromkeys(TEN, 0.025)
    models = {"acme/m": row(**{SEARCH: wrong})}
    result = apply(tmp_path, models, RULE.replace("models =", 'replaces = ["0.025"]\nmodels ='))
    assert models["acme/m"][SEARCH] == TEN
    assert result.replaced == {"acme/m": {SEARCH: wrong}}

    models = {"acme/m": row(**{SEARCH: dict.fromkeys(TEN, 0.03)}), "acme/n": row()}
    (decision,) = apply(tmp_path, models).decisions
    why = f"{SEARCH} is 0.03 upstream, tools.toml says 0.01; read https://acme.test/prices"
    assert decision == Decision("acme/m", why, SEARCH, "", "0.03", "0.01", "https://acme.test/prices")
    assert models["acme/m"][SEARCH] == dict.fromkeys(TEN, 0.03)


@pytest.mark.parametrize(
    ("word", "more", "gets"),
    [
        ('except = ["acme/m*"]', {}, False),
        ('except = ["acme/n*"]', {}, True),
        ('modes = ["chat"]', {}, True),
        ('modes = ["chat"]', {"mode": "embedding"}, False),
        ('supports = "web_search"', {"supports_web_search": True}, True),
        ('supports = "web_search"', {}, False),
        ("", {"retired_on": "2026-02-01"}, False),
        ("", {"retired_on": "2026-02-02"}, True),
        ("current = true", {"retired_on": "2026-06-01"}, False),
    ],
)
def test_which_rows_a_rule_names(tmp_path, word, more, gets):
    """By pattern, mode and capability, and only rows that were still sold on the day of the page."""
    models = {"acme/m": row(**more), "acme/other": row(supports_web_search=True)}
    apply(tmp_path, models, RULE.replace("models =", f"{word}\nmodels ="))
    assert (SEARCH in models["acme/m"]) is gets


def test_an_unpriced_row_stays_unpriced(tmp_path):
    """A fee alone would look like the price list of the model."""
    models = {"acme/m": {"litellm_provider": "acme", "mode": "chat"}, "acme/n": row()}
    apply(tmp_path, models)
    assert models["acme/m"] == {"litellm_provider": "acme", "mode": "chat"}


@pytest.mark.parametrize(
    ("change", "today", "why"),
    [
        (("", ""), "2026-08-31", "expired on 2026-08-30; read https://acme.test/prices again"),
        (("", ""), "2026-05-31", "checked on 2026-06-01, after the day of the build (2026-05-31)"),
        (
            ("2026-08-30", "2026-08-31"),
            TODAY,
            "expires 2026-08-31, more than 90 days after it was checked (2026-06-01)",
        ),
        (('why = "10 per 1,000"', ""), TODAY, "without why"),
        (("why =", "because ="), TODAY, "without why"),
        (('"acme/*"', '"acme/gone"'), TODAY, "it applies to no model"),
    ],
)
def test_a_rule_that_no_longer_fits(tmp_path, change, today, why):
    """Old evidence, an incomplete rule, or one that names nothing: a person has to look."""
    result = apply(tmp_path, {"acme/m": row()}, RULE.replace(*change) if change[0] else RULE, today)
    assert f"fee: {why}" in [decision.why for decision in result.decisions]


def test_a_misspelled_field_is_named(tmp_path):
    """A rule with a field that nobody reads would do less than it says."""
    result = apply(tmp_path, {"acme/m": row()}, RULE + 'mode = ["chat"]\n')
    why = "fee: no such field: mode"
    assert result.decisions == [Decision("acme web_search", why, page="https://acme.test/prices")]


def test_the_last_day_counts(tmp_path):
    """A fee holds on its day of expiry."""
    assert apply(tmp_path, {"acme/m": row()}, today="2026-08-30").decisions == []


def test_without_a_table_there_are_no_fees(tmp_path):
    """Another folder of rules need not have one."""
    assert charge({"acme/m": row()}, tmp_path / "tools.toml", TODAY).counts == []


def test_the_table_cites_pages():
    """Every fee has an https page."""
    rules = read_toml(HERE / "tools.toml")["fee"]
    assert len(rules) > 5
    assert all(rule["url"].startswith("https://") for rule in rules)
