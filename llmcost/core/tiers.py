"""Service tiers: the words that providers use, and the tier that each means."""

from __future__ import annotations

STANDARD, PREPAID, BATCHES = "standard", "prepaid", "batches"

# What providers call a tier -> the tier. A word that is missing here is billed at standard, with a note.
TIER_WORDS = {
    "standard": STANDARD,
    "default": STANDARD,
    "auto": STANDARD,
    "standard_only": STANDARD,
    "on_demand": STANDARD,
    "on_demand_offpeak": STANDARD,
    "flex": "flex",
    "on_demand_flex": "flex",
    "priority": "priority",
    "fast": "priority",
    "on_demand_priority": "priority",
    "batch": BATCHES,
    "batches": BATCHES,
    "balanced": "balanced",
    "ultrafast": "ultrafast",
    "decisions": "decisions",
    # Capacity that is already paid for: the call itself adds nothing.
    "scale": PREPAID,
    "reserved": PREPAID,
    "provisioned_throughput": PREPAID,
    "prepaid": PREPAID,
}

# The tiers that have prices of their own. The tier is the suffix of the price key.
TIERS = frozenset(TIER_WORDS.values()) - {STANDARD, PREPAID}


def tier_of(word: object) -> str | None:
    """Return the tier that a word means, in upper or lower case; None for a word that is not known.

    >>> tier_of("Fast"), tier_of("turbo")
    ('priority', None)
    """
    return TIER_WORDS.get(str(word).lower())
