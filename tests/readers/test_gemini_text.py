"""Counters of text alone: read as the reader of every modality reads them, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost.errors import UsageError
from llmcost.readers import gemini
from llmcost.readers.gemini_text import read_text

odd = st.sampled_from([-1, 1 << 49, 1.0, True, None, "7"])
counts = st.sampled_from([0, 1, 40, 100, 140]) | st.integers(0, 200) | odd
rows = st.lists(
    st.fixed_dictionaries(
        {}, optional={"modality": st.sampled_from(["TEXT", "AUDIO", "text", None]), "tokenCount": counts, "x": counts}
    ),
    max_size=2,
)
COUNTERS = st.fixed_dictionaries(
    {"promptTokenCount": counts, "candidatesTokenCount": counts},
    optional={
        **dict.fromkeys(("totalTokenCount", "cachedContentTokenCount", "thoughtsTokenCount"), counts),
        **dict.fromkeys(("promptTokensDetails", "candidatesTokensDetails", "cacheTokensDetails"), rows),
        "trafficType": st.just("ON_DEMAND"),
    },
)


def added_up(counters):
    """The same counters with the total that they have, where they are counts."""
    parts = [counters.get(name, 0) for name in ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")]
    return {**counters, "totalTokenCount": sum(parts)} if all(type(part) is int for part in parts) else counters


def with_care(counters, facts):
    """The usage, as it is read without looking whether all is text; None where it is refused."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gemini, "read_text", lambda *_: None)
        try:
            return gemini.read_counters(counters, dict(facts))
        except UsageError:
            return None


@given(COUNTERS | COUNTERS.map(added_up), st.booleans())
@settings(max_examples=400, deadline=None)
def test_what_is_read_at_once_is_read_with_care_too(counters, dated):
    """The same quantities in the same order, the same context, seller and notes."""
    facts = {"model": "gemini-x", **({"at": "2026-01-05T00:00:00Z"} if dated else {})}
    quick = read_text(counters, dict(facts), "gemini")
    if quick is not None:
        slow = with_care(counters, facts)
        assert slow is not None
        assert slow.to_dict() == quick.to_dict()
        assert list(slow.quantities.items()) == list(quick.quantities.items())
        assert (slow.context, slow.provider, slow.notes) == (quick.context, quick.provider, quick.notes)


def test_text_alone_is_read_at_once():
    """Prompt 1000, of which 400 were cached; answer 100 and thoughts 50: 600 + 400 + 100 + 50."""
    counters = {
        "promptTokenCount": 1000,
        "cachedContentTokenCount": 400,
        "candidatesTokenCount": 100,
        "thoughtsTokenCount": 50,
        "totalTokenCount": 1150,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1000}],
    }
    usage = read_text(counters, {"model": "gemini-x"}, "gemini")
    assert usage.quantities == {"input": 600, "cache_read": 400, "output": 100, "reasoning": 50}
    assert (usage.context, usage.model, usage.dialect) == (1000, "gemini-x", "gemini")


@pytest.mark.parametrize(
    "more",
    [
        {"promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 10}]},
        {"promptTokensDetails": [{"modality": "TEXT", "tokenCount": -1}]},
        {"promptTokensDetails": {"modality": "TEXT"}},
        {"toolUsePromptTokenCount": 5},
        {"totalTokenCount": 1101},
        {"cachedContentTokenCount": 1001},
        {"candidatesTokenCount": 100.0},
        {"trafficType": "ON_DEMAND"},
    ],
    ids=["audio", "negative", "no-list", "tool", "total", "cached", "float", "tier"],
)
def test_what_needs_care_is_left_to_it(more):
    """Media, tools, a tier, and sums that do not add up."""
    counters = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100, **more}
    assert read_text(counters, {}, "gemini") is None
