"""Service tiers: the words for them."""

from __future__ import annotations

from llmcost.core.tiers import PREPAID, STANDARD, TIER_WORDS, TIERS, tier_of


def test_every_tier_has_a_word():
    """Each tier with prices is what some provider calls it; prepaid and standard are none of them."""
    assert set(TIER_WORDS.values()) == TIERS | {STANDARD, PREPAID}
    assert all(word == word.lower() for word in TIER_WORDS)


def test_the_tier_of_a_word():
    """Vendors write their words in either case; a word without a row has no tier."""
    assert [tier_of(word) for word in ("FAST", "on_demand", "turbo", "", None)] == ["priority", "standard", *[None] * 3]
