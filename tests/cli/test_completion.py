"""What a shell offers: commands, models, providers, tiers."""

from __future__ import annotations

import pytest
from click.shell_completion import ShellComplete

from llmcost.cli._app import app


def offered(words, begun):
    found = ShellComplete(app, {}, "llmcost", "_LLMCOST_COMPLETE").get_completions(words, begun)
    return [item.value for item in found]


@pytest.mark.parametrize(
    ("words", "begun", "wanted"),
    [
        ([], "expl", {"explain"}),
        (["spend"], "stat", {"statusline"}),
        (["show"], "gpt-4o-mini", {"gpt-4o-mini"}),
        (["compare", "gpt-4o"], "claude-", {"claude-sonnet-4-5"}),
        (["price", "--model"], "gpt-4o-m", {"gpt-4o-mini"}),
        (["price", "--service-tier"], "fl", {"flex"}),
        (["price", "--provider"], "anthr", {"anthropic"}),
        (["spend", "--by"], "te", {"team"}),
    ],
)
def test_what_is_offered(words, begun, wanted):
    """All of it begins as it was typed, and nothing is offered without an end."""
    found = offered(words, begun)
    assert wanted <= set(found)
    assert all(word.startswith(begun) for word in found)
    assert len(found) <= 200
