"""Which price key a mistyped one was meant to be."""

from __future__ import annotations

import pytest

from llmcost.config.problems import Problems
from llmcost.config.typos import typo_of, unknown_key


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("input_cost_per_tokn", "input_cost_per_token"),
        ("inptu_cost_per_token", "input_cost_per_token"),
        ("ouput_cost_per_tokens", "output_cost_per_token"),
        ("input_cost_per_tokennn", "input_cost_per_token"),
        ("input_cost_per_toxxx", None),
        ("nekot_rep_tsoc_tupni", None),
        ("input_cost", None),
        ("INPUT_COST_PER_TOKEN", None),
        ("", None),
    ],
)
def test_a_slip_of_the_pen(key, meant):
    """Nine tenths of the letters are the same, in the same order: 2 x 20 of 20 + 22 are, 2 x 17 of 20 + 20 are not."""
    assert typo_of(key) == meant


def test_the_first_mistakes_name_what_was_meant():
    """And the 26th does not: it is reported, and says how price keys read."""
    problems = Problems()
    assert "Did you mean 'input_cost_per_token'?" in unknown_key("input_cost_per_tokn", problems)
    for number in range(25):
        problems.errors.append(number)
    assert "Did you mean" not in unknown_key("input_cost_per_tokn", problems)
    assert "Price keys read like input_cost_per_token" in unknown_key("input_cost_per_tokn", problems)
    assert unknown_key("owner", problems) is None
