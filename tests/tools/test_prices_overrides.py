"""Corrections by hand: what they change, and when they stop the build."""

from __future__ import annotations

import pytest

from tools.prices.decisions import UndecidedError, stop_if_any
from tools.prices.overrides import correct

INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
WRITE = "cache_creation_input_token_cost"
RULE = """
[[override]]
ids = ["a/m"]
keys.input_cost_per_token = ["2e-06", "1e-06"]
keys.cache_read_input_token_cost = ["none", "1e-07"]
keys.output_cost_per_token = ["9e-06", "none"]
url = "https://a.test/prices"
checked = "2026-06-01"
expires = "2026-08-30"
why = "x"
"""


def models():
    return {
        "a/m": {"litellm_provider": "a", "mode": "chat", INPUT: 2e-06, OUTPUT: 9e-06},
        "a/zero": {
            "litellm_provider": "a",
            "mode": "chat",
            INPUT: 0.0,
            OUTPUT: 0.0,
            "search_context_cost_per_query": {},
        },
        "a/zero:free": {"litellm_provider": "a", "mode": "chat", INPUT: 0.0},
        "a/embed": {"litellm_provider": "a", "mode": "embedding", INPUT: 1e-06, OUTPUT: 0.0, WRITE: 0.0},
        "ollama/m": {"litellm_provider": "ollama", "mode": "chat", INPUT: 0.0},
        "ollama/m-cloud": {"litellm_provider": "ollama", "mode": "chat", INPUT: 0.0},
    }


def apply(tmp_path, text, today="2026-07-01", found=None):
    path = tmp_path / "overrides.toml"
    path.write_text(text)
    entries = models() if found is None else found
    result = correct(entries, path, today)
    stop_if_any(result.decisions)
    return entries, result


def test_values_are_replaced_added_and_removed(tmp_path):
    """Each key has the value it expects and the one that is right; "none" is no such key."""
    entries, result = apply(tmp_path, RULE)
    assert entries["a/m"] == {
        "litellm_provider": "a",
        "mode": "chat",
        INPUT: 1e-06,
        "cache_read_input_token_cost": 1e-07,
    }
    assert result.keys["a/m"] == {INPUT: "2e-06", "cache_read_input_token_cost": "none", OUTPUT: "9e-06"}
    assert result.urls["a/m"] == ("https://a.test/prices", "2026-06-01")


def ranges():
    """A model whose price depends on the size of the prompt."""
    tiers = [{"range": [0, 32000.0], INPUT: 1e-06}, {"range": [32000.0, 64000.0], INPUT: 3e-06, OUTPUT: 9e-06}]
    return {"a/m": {"litellm_provider": "a", "mode": "chat", "tiered_pricing": tiers}}


IN_A_RANGE = """
[[override]]
ids = ["a/m"]
keys."tiered_pricing[32000].input_cost_per_token" = ["3e-06", "2e-06"]
keys."tiered_pricing[32000].output_cost_per_token" = ["9e-06", "none"]
url = "https://a.test/prices"
checked = "2026-06-01"
expires = "2026-08-30"
why = "x"
"""


def test_a_price_of_a_range_is_replaced(tmp_path):
    """The range is told by where it begins, as the engine names it; the other one stays."""
    entries, result = apply(tmp_path, IN_A_RANGE, found=ranges())
    assert entries["a/m"]["tiered_pricing"] == [
        {"range": [0, 32000.0], INPUT: 1e-06},
        {"range": [32000.0, 64000.0], INPUT: 2e-06},
    ]
    where = "tiered_pricing[32000]"
    assert result.keys["a/m"] == {f"{where}.{INPUT}": "3e-06", f"{where}.{OUTPUT}": "9e-06"}


@pytest.mark.parametrize(
    ("change", "said"),
    [(("3e-06", "4e-06"), "3e-06"), (("[32000].input", "[64000].input"), "none")],
)
def test_a_range_that_is_no_longer_so(tmp_path, change, said):
    """Another price, or no range that begins there, is for a person to decide."""
    with pytest.raises(UndecidedError, match=f"input_cost_per_token is {said} upstream"):
        apply(tmp_path, IN_A_RANGE.replace(*change), found=ranges())


@pytest.mark.parametrize(
    ("change", "today", "message"),
    [
        (("2e-06", "3e-06"), "2026-07-01", r"a/m: input_cost_per_token is 2e-06 upstream, the override expects 3e-06"),
        (("9e-06", "none"), "2026-07-01", r"output_cost_per_token is 9e-06 upstream, the override expects none"),
        (("a/m", "a/gone"), "2026-07-01", r"a/gone: no such model any more"),
        (("", ""), "2026-08-31", r"a/m: expired on 2026-08-30; read https://a.test/prices again"),
        (("", ""), "2026-05-31", r"a/m: checked on 2026-06-01, after the day of the build"),
        (("2026-08-30", "2026-08-31"), "2026-07-01", r"more than 90 days after it was checked"),
    ],
)
def test_an_override_that_no_longer_fits(tmp_path, change, today, message):
    """Somebody corrected it upstream, or the evidence is old: a person has to look."""
    with pytest.raises(UndecidedError, match=message):
        apply(tmp_path, RULE.replace(*change, 1) if change[0] else RULE, today)


def test_the_last_day_counts(tmp_path):
    """An override holds on its day of expiry."""
    apply(tmp_path, RULE, "2026-08-30")


def test_all_problems_are_told_at_once(tmp_path):
    """One run lists everything that needs a look."""
    with pytest.raises(UndecidedError) as caught:
        apply(tmp_path, RULE.replace("2e-06", "3e-06") + '[[until]]\nids = ["a/x"]\nday = "2026-09-09"\n', "2026-09-01")
    assert len(str(caught.value).splitlines()) == 4


def test_zeros(tmp_path):
    """Zeros alone are a price only if that is proven; beside a price they stay, but for cache writes."""
    rules = (
        '[[free]]\nproviders = ["ollama"]\nexcept_ends = ["-cloud"]\n[[free]]\nproviders = ["a"]\nends = [":free"]\n'
    )
    entries, result = apply(tmp_path, rules)
    assert entries["a/zero"] == {"litellm_provider": "a", "mode": "chat"}
    assert entries["a/zero:free"] == {"litellm_provider": "a", "mode": "chat", INPUT: 0.0, OUTPUT: 0.0, "free": True}
    assert entries["a/embed"] == {"litellm_provider": "a", "mode": "embedding", INPUT: 1e-06, OUTPUT: 0.0}
    assert entries["ollama/m"]["free"] is True
    assert entries["ollama/m-cloud"] == {"litellm_provider": "ollama", "mode": "chat"}
    assert result.unpriced == ["a/zero", "ollama/m-cloud"]
    assert result.zero_writes == [f"a/embed: {WRITE}"]


def test_promises_disputes_and_settlements(tmp_path):
    """Facts about a price that do not change it."""
    rules = (
        '[[until]]\nids = ["a/m"]\nday = "2026-11-21"\n'
        '[[dispute]]\nids = ["a/m"]\nwhy = "nobody knows"\n[[settled]]\nids = ["a/embed"]\nwhy = "known"\n'
    )
    entries, result = apply(tmp_path, rules)
    assert entries["a/m"]["price_valid_until"] == "2026-11-21"
    assert entries["a/m"][INPUT] == 2e-06
    assert (result.disputes, result.settled) == ({"a/m": "nobody knows"}, {"a/embed": "known"})


def test_what_upstream_has_adopted(tmp_path):
    """A key of which upstream states the corrected value needs no person; the others of the rule still do."""
    found = models()
    found["a/m"][INPUT] = 1e-06
    entries, result = apply(tmp_path, RULE, found=found)
    assert result.adopted == {"a/m": [INPUT]}
    assert entries["a/m"][INPUT] == 1e-06
    assert result.keys["a/m"] == {"cache_read_input_token_cost": "none", OUTPUT: "9e-06"}


def test_a_dispute_of_a_model_that_is_gone(tmp_path):
    """Nobody need decide about a price that is not there."""
    rules = '[[dispute]]\nids = ["a/x", "a/m"]\nwhy = "?"\n[[settled]]\nids = ["a/y"]\nwhy = "known"\n'
    _, result = apply(tmp_path, rules)
    assert (result.gone, result.disputes) == (["a/x", "a/y"], {"a/m": "?"})


@pytest.mark.parametrize(
    ("mode", "unit"),
    [
        ("chat", None),
        ("embedding", None),
        ("moderation", None),
        ("audio_transcription", "input_cost_per_second"),
        ("audio_speech", "input_cost_per_character"),
        ("image_generation", "output_cost_per_image"),
        ("video_generation", "output_cost_per_second"),
        ("search", "input_cost_per_query"),
        ("rerank", "input_cost_per_query"),
        ("ocr", "ocr_cost_per_page"),
    ],
)
def test_a_free_model_states_its_zeros(tmp_path, mode, unit):
    """A missing rate is unknown: what is free says so for tokens and for the unit that its mode is billed by."""
    found = {"a/m": {"litellm_provider": "a", "mode": mode}}
    entries, _ = apply(tmp_path, '[[free]]\nproviders = ["a"]\n', found=found)
    assert entries["a/m"] == {
        "litellm_provider": "a",
        "mode": mode,
        INPUT: 0.0,
        OUTPUT: 0.0,
        "free": True,
        **({unit: 0.0} if unit else {}),
    }


def test_a_price_that_moves(tmp_path):
    """All rows of a seller but those whose ids begin so, and those that are named."""
    text = """
[[moving]]
providers = ["a"]
except_starts = ["a/zero"]
url = "https://a.test/prices"
why = "x"
"""
    assert apply(tmp_path, text)[1].moving == {"a/m": "x", "a/embed": "x"}
