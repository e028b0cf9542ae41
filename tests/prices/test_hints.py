"""What an error shows a person who mistyped a name: what would have been meant first, and never a price."""

from __future__ import annotations

import pytest

from llmcost import CostMap, UnknownModelError
from llmcost.prices.hints import hosts_of, nearest

PRICES = CostMap()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gpt 5 mini", "gpt-5-mini"),
        ("GPT_5_Mini", "gpt-5-mini"),
        ("sonnet", "claude-sonnet-5-5"),
        ("opus", "claude-opus-5-5"),
        ("claude opus 5.5", "claude-opus-5-5"),
        ("gemini 2.5 flash", "gemini-2.5-flash"),
        ("gpt-4o:latest", "gpt-4o"),
        ("gpt-4oo", "gpt-4o"),
    ],
)
def test_what_a_person_would_type(typed, first):
    """Other spaces and dots, a family's name, a tail too many, a slip of the pen."""
    with pytest.raises(UnknownModelError) as error:
        PRICES.rate_card(typed, provider="acme")
    assert error.value.nearest[0] == first
    assert len(error.value.nearest) <= 5


def test_a_choice_is_shown_the_same_twice():
    """Several sell the name: the second question gets the first one's answer, and no other names."""
    texts = []
    for _ in range(2):
        with pytest.raises(UnknownModelError) as error:
            PRICES.rate_card("hy4-preview")
        texts.append(str(error.value))
        assert error.value.nearest == ()
    assert texts[0] == texts[1]


def test_a_router_that_chooses_the_host():
    """':fastest' is whichever host answers: the rows that are known are listed."""
    with pytest.raises(UnknownModelError, match="leaves the host to a router") as error:
        PRICES.rate_card("deepseek-ai/DeepSeek-V3.2:fastest")
    assert error.value.choices == ("huggingface/novita/deepseek-ai/DeepSeek-V3.2",)
    assert hosts_of("deepseek-ai/DeepSeek-V3.2:novita", PRICES) == []


def test_nothing_is_like_it():
    """No letters, or none that a name has: no hint."""
    assert nearest("???", ["gpt-4o"]) == ()
    assert nearest("zzzzzzzz", ["gpt-4o"]) == ()
